#!/usr/bin/env python3
"""A plain training loop of torch on transformers, as one writes it: the peer of Kerf's `train` benchmark.

    train.py --model FOLDER --rows rows.jsonl --batch 8 --threads 2 --dtype float32

A row of the file is a list of token ids; steps read the rows in order, BATCH of them each. The first line written says
which versions are at work and how much was resident before the loop, then comes one line a step:

    {"torch": "2.15.0", "transformers": "5.23.0", "resident_bytes": 920000000}
    {"step": 1, "loss": 3.21, "gradient_norm": 4.5, "learning_rate": 0.0003, "seconds": 15.2, "peak_bytes": 4900000000}

The loss is transformers' own, the norm the one before clipping, the peak the most that was resident since the loop
began. With --paced each step waits for a line on standard input, so that steps can be measured in turns with another's.

AdamW has float32 weights and states always; bfloat16 is torch's autocast. Weights of two or more dimensions decay.
The defaults are what was fastest on two cores of a Zen 4: fused AdamW (foreach takes three times as long), and torch's
scaled_dot_product_attention (eager attention is equally fast and holds 1 GB more).
"""

import argparse
import json
import math
import os
import sys
import time
from pathlib import Path

ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # whatever the libraries print must not mix with the answers
os.environ.update(HF_HUB_OFFLINE="1", TQDM_DISABLE="1")

import torch  # noqa: E402
import transformers  # noqa: E402


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="a folder that Kerf saved")
    parser.add_argument("--rows", type=Path, required=True, help="a JSON list of token ids a line, all of a length")
    parser.add_argument("--batch", type=int, default=8, help="rows a step (8)")
    parser.add_argument("--steps", type=int, default=4, help="(4) the first is for warming up")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32", help="of products")
    parser.add_argument("--learning-rate", type=float, default=3e-4)
    parser.add_argument("--warmup", type=int, default=0, help="steps of linear warm-up")
    parser.add_argument("--decay-over", type=int, help="steps down to a tenth by a cosine; else constant")
    parser.add_argument("--weight-decay", type=float, default=0.1)
    parser.add_argument("--clip", type=float, default=1.0, help="largest norm of all gradients together")
    parser.add_argument("--optimizer", choices=["fused", "foreach"], default="fused")
    parser.add_argument("--attention", choices=["sdpa", "eager"], default="sdpa")
    parser.add_argument("--checkpoint", action="store_true", help="compute blocks again rather than keep what they did")
    parser.add_argument("--paced", action="store_true", help="wait for a line before each step")
    return parser.parse_args()


def model_of(options):
    model = transformers.AutoModelForCausalLM.from_pretrained(
        options.model, dtype=torch.float32, attn_implementation=options.attention
    )
    if options.checkpoint:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    return model.train()


def optimizer_of(model, options):
    decayed = [p for p in model.parameters() if p.dim() >= 2]
    rest = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": decayed, "weight_decay": options.weight_decay}, {"params": rest, "weight_decay": 0.0}]
    how = {options.optimizer: True}
    return torch.optim.AdamW(groups, lr=options.learning_rate, betas=(0.9, 0.95), eps=1e-8, **how)


def factor(options, step):
    """What the learning rate is multiplied with at a step, counted from 0."""
    if step < options.warmup:
        return (step + 1) / options.warmup
    if options.decay_over is None:
        return 1.0
    share = (step - options.warmup) / (options.decay_over - options.warmup)
    return 0.1 + 0.45 * (1 + math.cos(math.pi * min(1.0, share)))


def status(field):
    """Bytes, as Linux says them; None elsewhere."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith(field + ":"))
    except (OSError, StopIteration):
        return None


def forget_peak():
    """Begins a new peak, so that it is of training alone."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass  # not Linux: then there is no peak to forget, and none will be told


def train(model, optimizer, schedule, rows, options):
    for step in range(options.steps):
        if options.paced and not sys.stdin.readline():
            return
        start = time.perf_counter()
        ids = torch.tensor(rows[step * options.batch : (step + 1) * options.batch])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.dtype == "bfloat16"):
            loss = model(input_ids=ids, labels=ids, use_cache=False).loss
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), options.clip)
        rate = schedule.get_last_lr()[0]
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        said = {"step": step + 1, "loss": loss.item(), "gradient_norm": norm.item(), "learning_rate": rate}
        said["seconds"] = time.perf_counter() - start
        print(json.dumps({**said, "peak_bytes": status("VmHWM")}), file=ANSWERS)


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    rows = [json.loads(line) for line in options.rows.read_text().splitlines()]
    if len(rows) < options.steps * options.batch:
        sys.exit(f"{options.steps} steps of {options.batch} rows are more than the {len(rows)} of {options.rows}")
    model = model_of(options)
    optimizer = optimizer_of(model, options)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: factor(options, step))
    forget_peak()
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    print(json.dumps({**versions, "resident_bytes": status("VmRSS")}), file=ANSWERS)
    train(model, optimizer, schedule, rows, options)


main()
