#!/usr/bin/env python3
"""PEFT opens adapters and says what it computes with them.

    logits.py JOBS OUT

A line of JOBS: {"base": folder, "adapter": folder, "ids": [...], "decoder_ids": [...] or absent}; a line of OUT: the logits
(T, V), flat, or {"error": ...} where PEFT refuses, or leaves tensors of the file aside.
"""

import json
import os
import sys
import warnings

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import peft  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402


def logits(job):
    config = transformers.AutoConfig.from_pretrained(job["base"])
    kind = getattr(transformers, config.architectures[0])
    base = kind.from_pretrained(job["base"], dtype=torch.float32, attn_implementation="eager")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # missing or unexpected keys are warnings
        adapted = peft.PeftModel.from_pretrained(base, job["adapter"]).eval()
    inputs = {"input_ids": torch.tensor([job["ids"]])}
    if "decoder_ids" in job:
        inputs["decoder_input_ids"] = torch.tensor([job["decoder_ids"]])
    with torch.no_grad():
        return adapted(**inputs).logits[0].flatten().tolist()


torch.set_num_threads(1)
with open(sys.argv[1]) as jobs, open(sys.argv[2], "w") as out:
    for line in jobs:
        try:
            said = logits(json.loads(line))
        except Exception as e:  # what cannot be opened is an answer
            said = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(said), file=out)
