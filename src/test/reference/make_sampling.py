#!/usr/bin/env python3
"""What transformers' logits processors leave of small rows of logits: resources/sampling/kept.json.

    make_sampling.py src/test/resources/sampling/kept.json

For each case the logits and the probabilities after TemperatureLogitsWarper, TopKLogitsWarper and TopPLogitsWarper, in
this order, as generate() applies them. Some rows have logits that are equal, since those of bfloat16 often are; which
of equals top-p leaves is up to a sort that need not be stable (torch.sort is not, where a processor has AVX-512), so
that it is made stable here.
"""

import json
import sys

import torch
from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

plain_sort = torch.sort
torch.sort = lambda *values, **options: plain_sort(*values, stable=True, **options)

SETTINGS = [
    (1.0, 0, 1.0),
    (0.7, 0, 1.0),
    (1.6, 0, 1.0),
    (1.0, 1, 1.0),
    (1.0, 5, 1.0),
    (0.8, 17, 1.0),
    (1.0, 0, 0.05),
    (1.0, 0, 0.5),
    (1.0, 0, 0.95),
    (1.3, 0, 0.9),
    (0.8, 12, 0.9),
    (1.5, 30, 0.6),
    (1.0, 1000, 0.8),
]


def rows(generator):
    for size, scale in [(7, 1.0), (40, 2.0), (300, 1.0), (700, 0.5)]:
        yield torch.randn(size, generator=generator) * scale
    yield (torch.randn(60, generator=generator) * 2).round()  # many are equal
    yield torch.zeros(9)


def main():
    generator = torch.Generator().manual_seed(0)
    cases = []
    for logits in rows(generator):
        written = [float(f"{x:.6g}") for x in logits.tolist()]
        left = [left_by(torch.tensor(written)[None], *setting) for setting in SETTINGS]
        cases.append({"logits": written, "left": left})
    with open(sys.argv[1], "w") as out:
        out.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


def left_by(scores, temperature, top_k, top_p):
    if temperature != 1.0:
        scores = TemperatureLogitsWarper(temperature)(None, scores)
    if top_k:
        scores = TopKLogitsWarper(top_k)(None, scores)
    if top_p < 1.0:
        scores = TopPLogitsWarper(top_p)(None, scores)
    left = {i: float(f"{p:.7g}") for i, p in enumerate(scores.double().softmax(-1)[0].tolist()) if p > 0}
    return {
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "ids": list(left),
        "probabilities": list(left.values()),
    }


main()
