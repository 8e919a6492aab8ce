"""Reference values of strided perplexity, of the divergence from a dense model and of calibration.

    make_measures.py FIXTURES TEXT OUT           tiny models of FIXTURES/models on TEXT, by torch and transformers
    make_measures.py --calibration OUT_FILE      calibration of drawn confidences, by numpy
    make_measures.py --real FILE.gguf RAW OUT    SmolLM2's weights on WikiText-2's raw test file

A model's cut is the removal of its last block (of an encoder-decoder: of its decoder's last), so that nothing but
the measure itself is compared.
"""
import json
import math
import random
import re
import sys
from pathlib import Path

import numpy as np

TEXT_CHARACTERS = 1500
STRIDES = [(24, 24), (24, 12), (24, 7), (24, 1), (40, 33)]
CAUSAL, MASKED, BOTH = ("gpt2", "llama", "qwen2"), ("bert", "roberta"), ("flan_t5",)


def rounded(values):
    return [float(f"{v:.9g}") for v in np.asarray(values, dtype=np.float64).reshape(-1)]


def logs(logits):
    import torch
    return torch.log_softmax(logits.double(), -1)


def strided(model, ids, window, stride, most=None):
    """Sum of log-likelihoods and tokens scored of every window; a token is scored in the first window that holds it."""
    import torch
    begin, done, windows = 0, 0, []
    while True:
        end = min(begin + window, len(ids))
        first = max(done, begin + 1)
        part = torch.tensor([ids[begin:end]])
        said = logs(model(part).logits[0])
        rows = torch.arange(first - begin, end - begin)
        total = said[rows - 1, part[0, rows]].sum().item() if first < end else 0.0
        if first < end:
            windows.append({"first": first, "tokens": end - first, "log_likelihood": float(f"{total:.9g}")})
        done, begin = end, begin + stride
        if end == len(ids) or (most and len(windows) == most):
            return windows


def perplexity(windows):
    return math.exp(-sum(w["log_likelihood"] for w in windows) / sum(w["tokens"] for w in windows))


def compare(dense, cut):
    """Per position: KL(dense || cut), both entropies, whether the likeliest token is the same."""
    p, q = logs(dense), logs(cut)
    kl = (p.exp() * (p - q)).sum(-1)
    return {
        "kl": rounded(kl.numpy()),
        "entropy": rounded((-(p.exp() * p).sum(-1)).numpy()),
        "entropy_cut": rounded((-(q.exp() * q).sum(-1)).numpy()),
        "same_top": [bool(b) for b in (p.argmax(-1) == q.argmax(-1))],
    }


def blocks(model):
    for path in ("transformer.h", "model.layers", "bert.encoder.layer", "roberta.encoder.layer", "decoder.block"):
        at = model
        for name in path.split("."):
            at = getattr(at, name, None)
            if at is None:
                break
        if at is not None:
            return at
    raise SystemExit("no blocks found")


def tiny(fixtures, text, out):
    import torch
    import transformers
    from tokenizers import Tokenizer
    torch.set_num_threads(1)
    for name in CAUSAL + MASKED + BOTH:
        folder = fixtures / "models" / name
        kind = (transformers.AutoModelForCausalLM if name in CAUSAL else
                transformers.AutoModelForMaskedLM if name in MASKED else transformers.AutoModelForSeq2SeqLM)

        def load():
            return kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
        dense, cut = load(), load()
        del blocks(cut)[-1]
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        golden = {"model": name, "text": text, "tokens": len(ids), "removed": "the last block"}
        with torch.no_grad():
            if name in CAUSAL:
                golden["strided"] = [
                    {"window": w, "stride": s, "windows": ws, "perplexity": float(f"{perplexity(ws):.9g}")}
                    for w, s in STRIDES for ws in [strided(dense, ids[:120], w, s)]]
                golden["strided_tokens"] = 120
                windows = [ids[i:i + 32] for i in range(0, 96, 32)]
                golden["divergence"] = [
                    {"ids": w, **compare(dense(torch.tensor([w])).logits[0], cut(torch.tensor([w])).logits[0])}
                    for w in windows]
            elif name in MASKED:
                golden["divergence"] = []
                draw = random.Random(7)
                config = json.loads((folder / "tokenizer_config.json").read_text())
                mask = tokenizer.token_to_id(config["mask_token"] if isinstance(config["mask_token"], str)
                                             else config["mask_token"]["content"])
                whole = tokenizer.encode(text[:200]).ids
                for w in ([whole[0]] + ids[i:i + 30] + [whole[-1]] for i in range(0, 90, 30)):
                    places = sorted(draw.sample(range(1, 31), 5))
                    masked = [mask if i in places else t for i, t in enumerate(w)]
                    part = torch.tensor([masked])
                    golden["divergence"].append({"ids": masked, "positions": places,
                                                 **compare(dense(part).logits[0, places], cut(part).logits[0, places])})
            else:
                golden["divergence"] = []
                for i in range(0, 60, 30):
                    context, labels = ids[i:i + 20] + [1], ids[i + 20:i + 30]
                    decoded = [dense.config.decoder_start_token_id] + labels[:-1]
                    read = dict(input_ids=torch.tensor([context]), decoder_input_ids=torch.tensor([decoded]))
                    golden["divergence"].append({"context": context, "decoded": decoded,
                                                 **compare(dense(**read).logits[0], cut(**read).logits[0])})
        (out / f"{name}.json").write_text(json.dumps(golden, indent=0) + "\n")


def calibration(out):
    draw = np.random.default_rng(3)
    cases = []
    for n, bins in ((400, 10), (57, 15), (12, 5)):
        confidence = np.round(draw.beta(3, 2, n), 6)
        confidence[:2] = 1.0, 0.0
        right = draw.random(n) < confidence ** 1.5

        def ece(groups):
            return sum(len(g) / n * abs(right[g].mean() - confidence[g].mean()) for g in groups if len(g))
        # bin b is ((b) / bins, (b + 1) / bins], the first one takes 0 too
        place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
        width = [np.flatnonzero(place == b) for b in range(bins)]
        mass = np.array_split(np.argsort(confidence, kind="stable"), bins)
        cases.append({
            "confidence": rounded(confidence), "right": [bool(r) for r in right], "bins": bins,
            "ece_equal_width": float(ece(width)), "ece_equal_mass": float(ece(mass)),
            "brier": float(((confidence - right) ** 2).mean()),
            "accuracy": float(right.mean()), "mean_confidence": float(confidence.mean()),
            "counts": [len(g) for g in width],
        })
    out.write_text(json.dumps(cases, indent=0) + "\n")


def real(gguf, raw, out):
    import torch
    from tokenizers import Tokenizer
    from transformers import AutoModelForCausalLM, AutoTokenizer
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32).eval()
    # transformers' reading of the file leaves out that digits are tokens one by one
    definition = json.loads(AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).backend_tokenizer.to_str())
    definition["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [
        {"type": "Digits", "individual_digits": True},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}]}
    tokenizer = Tokenizer.from_str(json.dumps(definition))
    text = raw.read_text(encoding="utf-8")
    ids = tokenizer.encode(text).ids
    # as the data set's rows are: a blank line is "", any other keeps its line break; compression papers join them by blank lines
    joined = "\n\n".join(line if line.strip() else "" for line in re.findall(r"[^\n]*\n|[^\n]+", text))
    joined_ids = tokenizer.encode(joined).ids
    golden = {"tokens": len(ids), "joined_tokens": len(joined_ids), "joined_first_ids": joined_ids[:24], "strided": []}
    with torch.no_grad():
        for window, stride, most in ((512, 256, 4), (512, 512, 3)):
            windows = strided(model, ids, window, stride, most)
            golden["strided"].append({"window": window, "stride": stride, "windows": windows,
                                      "perplexity": float(f"{perplexity(windows):.9g}")})
        windows = strided(model, joined_ids, 1024, 1024, 1)
        golden["joined"] = {"window": 1024, "windows": windows, "perplexity": float(f"{perplexity(windows):.9g}")}
    out.write_text(json.dumps(golden, indent=0) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "--calibration":
        calibration(Path(sys.argv[2]))
    elif sys.argv[1] == "--real":
        real(*map(Path, sys.argv[2:5]))
    else:
        tiny(Path(sys.argv[1]), Path(sys.argv[2]).read_text()[:TEXT_CHARACTERS], Path(sys.argv[3]))
