#!/usr/bin/env python3
"""transformers' generate(do_sample=True), many sequences at once: the peer of Kerf's `sample` benchmark.

    sample.py --model FOLDER --threads 2

Loads a causal language model once, then reads questions from standard input, one JSON object a line, and answers each
with one line:

    {"dtype": "float32", "prompt": [1], "sequences": 64, "new": 256, "temperature": 1.0, "top_k": 0, "top_p": 0.95}
    {"seconds": 61.2}

No sequence ends before its last token. The first line that it writes says which versions are at work.
"""

import argparse
import json
import os
import sys
import time

ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # whatever the libraries print must not mix with the answers
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch  # noqa: E402
import transformers  # noqa: E402


@torch.no_grad()
def answer(models, question):
    model = models[question["dtype"]]
    ids = torch.tensor([question["prompt"]] * question["sequences"])
    new = question["new"]
    torch.manual_seed(0)
    start = time.perf_counter()
    made = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=True,
        min_new_tokens=new,
        max_new_tokens=new,
        temperature=question["temperature"],
        top_k=question["top_k"],
        top_p=question["top_p"],
        pad_token_id=0,
    )
    seconds = time.perf_counter() - start
    assert made.shape == (question["sequences"], len(question["prompt"]) + new), made.shape
    return {"seconds": seconds}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a folder that Kerf saved")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    load = transformers.AutoModelForCausalLM.from_pretrained
    models = {
        "float32": load(options.model, dtype=torch.float32).eval(),
        "bfloat16": load(options.model, dtype=torch.bfloat16).eval(),
    }
    print(json.dumps({"transformers": transformers.__version__, "torch": torch.__version__}), file=ANSWERS)
    for line in sys.stdin:
        print(json.dumps(answer(models, json.loads(line))), file=ANSWERS)


main()
