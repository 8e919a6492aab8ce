#!/usr/bin/env python3
"""transformers opens the folders that Kerf saves: the peer of Kerf's `folders` benchmark.

Reads questions from standard input, one JSON object a line, and answers each with one line; the first that it writes says
which versions are at work:

    {"folder": "target/bench/saved/llama-dense", "ids": [3, 1, 4], "text": "A text."}
    {"class": "LlamaForCausalLM", "dtype": "torch.float32", "logits": [0.1, ...], "tokens": [7, 8, 9], "missing": []}

The logits are those of every position, computed in float32. An encoder-decoder is given the ids and, as "decoder", those
that its decoder has written.
"""

import json
import os
import sys

ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # whatever the libraries print must not mix with the answers
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch  # noqa: E402
import transformers  # noqa: E402


def answer(question):
    folder = question["folder"]
    config = transformers.AutoConfig.from_pretrained(folder)
    kind = getattr(transformers, config.architectures[0])
    model, info = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    model.eval()
    inputs = {"input_ids": torch.tensor([question["ids"]])}
    if "decoder" in question:
        inputs["decoder_input_ids"] = torch.tensor([question["decoder"]])
    with torch.no_grad():
        logits = model(**inputs).logits[0]
    tokens = transformers.AutoTokenizer.from_pretrained(folder)(question["text"])["input_ids"]
    return {
        "class": kind.__name__,
        "dtype": str(config.dtype),
        "logits": logits.flatten().tolist(),
        "tokens": tokens,
        "missing": sorted(str(key) for key in list(info["missing_keys"]) + list(info["unexpected_keys"]) + list(info["mismatched_keys"])),
    }


def main():
    torch.set_num_threads(1)
    print(json.dumps({"transformers": transformers.__version__, "torch": torch.__version__}), file=ANSWERS)
    for line in sys.stdin:
        try:
            answered = answer(json.loads(line))
        except Exception as e:  # what cannot be opened is a result like any other
            answered = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(answered), file=ANSWERS)


main()
