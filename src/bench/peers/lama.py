#!/usr/bin/env python3
"""transformers' plain loop over facts, one sentence at a time: the peer of Kerf's `lama` benchmark.

    lama.py --model FOLDER --threads 2

Loads a masked language model once, then reads questions from standard input, one JSON object a line, and answers each
with one line:

    {"file": "facts.jsonl", "candidates": [7, 8, 9]}
    {"seconds": 12.3, "log_probabilities": [-2.1, ...], "ranks": [1, ...], "ranks_in_vocabulary": [1, ...]}

A row of the file is a sentence's ids, segments, the mask's position and the object's token. The seconds are those of the
loop: the model, the log-probabilities at the mask, and the object's ranks. The first line that it writes says which
versions are at work.
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
def answer(model, question):
    with open(question["file"]) as lines:
        facts = [json.loads(line) for line in lines]
    candidates = torch.tensor(question["candidates"])
    scores, ranks, all_ranks = [], [], []
    start = time.perf_counter()
    for fact in facts:
        inputs = {"input_ids": torch.tensor([fact["ids"]]), "token_type_ids": torch.tensor([fact["segments"]])}
        logits = model(**inputs).logits[0, fact["position"]]
        row = torch.log_softmax(logits, -1)
        scores.append(row[fact["object"]].item())
        ranks.append(1 + (row[candidates] > row[fact["object"]]).sum().item())
        all_ranks.append(1 + (row > row[fact["object"]]).sum().item())
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "log_probabilities": scores, "ranks": ranks, "ranks_in_vocabulary": all_ranks}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a folder that Kerf saved")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    model = transformers.AutoModelForMaskedLM.from_pretrained(options.model, dtype=torch.float32).eval()
    print(json.dumps({"transformers": transformers.__version__, "torch": torch.__version__}), file=ANSWERS)
    for line in sys.stdin:
        print(json.dumps(answer(model, json.loads(line))), file=ANSWERS)


main()
