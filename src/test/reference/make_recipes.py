"""Reference values of sparse, quantized and contrastive training: torch's autograd on tiny checkpoints.

    make_recipes.py --models FIXTURES/models --out FIXTURES/recipes --seed 0

Everything is float32, one thread, no dropout; ids are drawn by the seed. Loss, AdamW and clipping are as in training/:
the mean negative log-likelihood of all labels; decay decoupled, of what has two dimensions; betas .9, .95;
clipped to a global norm of 1. The learning rate is constant. Noise flips codes of weights that lie between two (torch's
own losses move by 1e-2 when noise of 1e-6 is added to its gradients): eps is 1e-4 and rounded weights learn at 1e-4, so
that it seldom does, and from the third step on the tolerances of such runs are flipped_factor wider. What a run changes, it changes in all linear layers of the blocks:
* qat: the weight is rounded to the nearest code whenever it is used, its gradient passes straight through.
* ast: W under a mask M of the largest magnitudes of each group (of equal ones the later), chosen after 0, every,
  2 every ... steps up to settling; dW = d(M W) + decay min(1, s / settling) (1 - M) W before clipping.
* spp: W + s W A b, each row of A (r, in) for out / r rows; only A and b learn, b from 0.
* contrast: qat, learning from the model itself as it was: hard CE + soft KL + contrast x the mean over labels of
  -log softmax over the labels j of the same row of cos(h_i, g_j) / t at j = i, h and g being what the heads read.
"""
import argparse
import json
import math
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn import functional as F
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM

KINDS = {"llama": AutoModelForCausalLM, "bert": AutoModelForMaskedLM, "flan_t5": AutoModelForSeq2SeqLM}
STEPS, IGNORED, EPSILON = 8, -100, 1e-4


def nine(x):
    return float(f"{float(x):.9g}")


class Straight(torch.autograd.Function):
    @staticmethod
    def forward(ctx, weight, used):
        return used.clone()

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


def rounded(w, how):
    g = w.reshape(1, -1) if how["granularity"] == "tensor" else w.reshape(-1, how["group"] or w.shape[1])
    low, high = g.amin(1, True).clamp(max=0), g.amax(1, True).clamp(min=0)
    top = 2 ** how["bits"] - 1
    if how["scheme"] == "asym":
        scale = (high - low) / top
        scale[scale == 0] = 1
        zero = (-low / scale).round().clamp(0, top)
        q = ((g / scale).round() + zero).clamp(0, top) - zero
    else:
        half = 2 ** (how["bits"] - 1) - 1
        scale = torch.maximum(-low, high) / half
        scale[scale == 0] = 1
        q = (g / scale).round().clamp(-half, half)
    return (q * scale).reshape(w.shape)


def mask_of(w, kept, of):
    order = w.abs().reshape(-1, of).sort(dim=1, stable=True).indices
    mask = torch.ones_like(order, dtype=torch.float32)
    mask.scatter_(1, order[:, : of - kept], 0.0)
    return mask.reshape(w.shape)


def linears(model):
    blocks = {"llama": "model.layers.", "bert": "bert.encoder.layer."}.get(model.config.model_type)
    return {n: m for n, m in model.named_modules() if type(m) is torch.nn.Linear
            and (n.startswith(blocks) if blocks else ".block." in n)}


def computing(module, weight_of):
    module.forward = lambda x: F.linear(x, weight_of(module.weight), module.bias)


class Heads:
    """What a model's head read last."""

    def __init__(self, model):
        model.get_output_embeddings().register_forward_pre_hook(self.take)

    def take(self, module, inputs):
        self.rows = inputs[0]


def padded(rows, value):
    width = max(map(len, rows))
    return torch.tensor([r + [value] * (width - len(r)) for r in rows])


def run(kind, model, batch, heads=None):
    """Logits and labels of what counts, what the head read there and the row that it is of."""
    ids, labels = batch["input_ids"], padded(batch["labels"], IGNORED)
    inputs = {"input_ids": padded(ids, 0), "attention_mask": padded([[1] * len(r) for r in ids], 0)}
    if kind == "flan_t5":
        logits = model(**inputs, labels=labels).logits
    else:
        logits = model(**inputs).logits
    read = heads.rows if heads else logits
    if KINDS[kind] is AutoModelForCausalLM:
        logits, labels, read = logits[:, :-1], labels[:, 1:], read[:, :-1]
    counts = labels != IGNORED
    return logits[counts], labels[counts], read[counts], counts.nonzero()[:, 0]


def draw(kind, vocabulary, generator, count):
    def number(low, high):
        return int(torch.randint(low, high, (1,), generator=generator))

    batches = []
    for _ in range(count):
        ids = [[number(5, vocabulary) for _ in range(number(9, 24))] for _ in range(3)]
        labels = ids
        if kind == "bert":
            labels = [[t if i % 3 == 1 else IGNORED for i, t in enumerate(r)] for r in ids]
            ids = [[4 if i % 3 == 1 else t for i, t in enumerate(r)] for r in ids]
        if kind == "flan_t5":
            labels = [[number(5, vocabulary) for _ in range(number(5, 12))] for _ in range(3)]
        batches.append({"input_ids": ids, "labels": labels})
    return batches


@torch.no_grad()
def evaluated(kind, model, batches):
    total, count = 0.0, 0
    for batch in batches:
        logits, labels, _, _ = run(kind, model, batch)
        total += float(F.cross_entropy(logits.double(), labels, reduction="sum"))
        count += labels.numel()
    return nine(total / count)


def train(kind, model, params, data, held, settings, loss_of, before=None, after=None):
    lr, decay = settings["lr"], settings["weight_decay"]
    first, second = ({n: torch.zeros_like(p) for n, p in params.items()} for _ in range(2))
    losses, norms = [], []
    for s in range(STEPS):
        for p in params.values():
            p.grad = torch.zeros_like(p)
        loss = loss_of(data[s])
        loss.backward()
        if before:
            before(s)
        norm = math.sqrt(sum(float((p.grad.double() ** 2).sum()) for p in params.values()))
        losses.append(nine(loss.detach()))
        norms.append(nine(norm))
        with torch.no_grad():
            for n, p in params.items():
                g = p.grad * min(1.0, 1 / (norm + 1e-6))
                if p.dim() > 1:
                    p.mul_(1 - lr * decay)
                first[n].mul_(0.9).add_(g, alpha=0.1)
                second[n].mul_(0.95).addcmul_(g, g, value=0.05)
                p.sub_(lr * (first[n] / (1 - 0.9 ** (s + 1))) / ((second[n] / (1 - 0.95 ** (s + 1))).sqrt() + EPSILON))
        if after:
            after(s + 1)
    return {**settings, "loss": losses, "grad_norm": norms, "eval_loss": evaluated(kind, model, held)}


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--models", type=Path, required=True)
    args.add_argument("--out", type=Path, required=True)
    args.add_argument("--seed", type=int, default=0)
    args = args.parse_args()
    torch.set_num_threads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    for number, kind in enumerate(KINDS):
        generator = torch.Generator().manual_seed(args.seed * 100 + number)

        def fresh():
            loaded = KINDS[kind].from_pretrained(args.models / kind, dtype=torch.float32, attn_implementation="eager")
            return loaded.eval()

        def entropy(model):
            def of(batch):
                logits, labels, _, _ = run(kind, model, batch)
                return F.cross_entropy(logits, labels)
            return of

        vocabulary = fresh().config.vocab_size
        data, held = draw(kind, vocabulary, generator, STEPS), draw(kind, vocabulary, generator, 2)
        runs, tensors = {}, {}
        usual = {"lr": 1e-3, "weight_decay": 0.1}
        slow = {"lr": 1e-4, "weight_decay": 0.1}
        formats = {
            "int8": {"bits": 8, "scheme": "sym", "granularity": "channel", "group": 0},
            "int4": {"bits": 4, "scheme": "sym", "granularity": "group", "group": 16},
            "int3": {"bits": 3, "scheme": "asym", "granularity": "tensor", "group": 0},
        }

        def quantized(how):
            model = fresh()
            for module in linears(model).values():
                computing(module, lambda w: Straight.apply(w, rounded(w.detach(), how)))
            return model

        for name, how in formats.items():
            model = quantized(how)
            params = dict(model.named_parameters())
            runs["qat." + name] = train(kind, model, params, data, held, {**slow, "format": how}, entropy(model))

        for name, (kept, of) in {"2of4": (2, 4), "row": (1, 2)}.items():
            model = fresh()
            layers = linears(model)
            ast = {"kept": kept, "of": of, "by_row": name == "row", "every": 2, "decay": 0.02, "settling": 6}
            masks = {}

            def choose(s):
                if s % ast["every"] == 0 and s <= ast["settling"]:
                    for n, m in layers.items():
                        wide = m.weight.shape[1]
                        group = (wide - wide // 2, wide) if ast["by_row"] else (kept, of)
                        masks[n] = mask_of(m.weight.detach(), *group)

            def decay(s):
                pull = ast["decay"] * min(1.0, s / ast["settling"])
                for n, m in layers.items():
                    m.weight.grad += pull * (1 - masks[n]) * m.weight.detach()

            choose(0)
            for n, m in layers.items():
                computing(m, lambda w, n=n: Straight.apply(w, w.detach() * masks[n]))
            runs["ast." + name] = train(kind, model, dict(model.named_parameters()), data, held, {**usual, "mask": ast},
                                        entropy(model), decay, choose)
            runs["ast." + name]["zeros"] = sum(int((masks[n] * m.weight == 0).sum()) for n, m in layers.items())

        model = fresh()
        params, zeros = {}, 0
        for p in model.parameters():
            p.requires_grad_(False)
        for n, m in linears(model).items():
            m.weight.mul_(mask_of(m.weight, 2, 4))
            zeros += int((m.weight == 0).sum())
            a = torch.randn(4, m.in_features, generator=generator) * 0.3
            tensors[f"spp.{n}.a"] = a.clone()
            params[n + ".a"], params[n + ".b"] = a.requires_grad_(), torch.zeros(m.out_features, 1, requires_grad=True)
            computing(m, lambda w, a=a, b=params[n + ".b"], t=m.out_features // 4:
                      w + 2.0 * w * a.repeat_interleave(t, 0) * b)
        runs["spp"] = train(kind, model, params, data, held, {"lr": 1e-2, "weight_decay": 0.0, "rank": 4, "scale": 2.0},
                            entropy(model))
        runs["spp"]["zeros"] = zeros

        model, teacher = quantized(formats["int4"]), fresh()
        own, other = Heads(model), Heads(teacher)
        with_ = {"hard": 0.5, "soft": 0.5, "temperature": 2.0, "contrast": 0.4, "contrast_temperature": 0.2}

        def contrasted(batch):
            logits, labels, h, owner = run(kind, model, batch, own)
            with torch.no_grad():
                known, _, g, _ = run(kind, teacher, batch, other)
            t = with_["temperature"]
            soft = F.kl_div((logits / t).log_softmax(-1), (known / t).log_softmax(-1), log_target=True,
                            reduction="batchmean") * t * t
            cosines = F.cosine_similarity(h[:, None], g[None], dim=-1) / with_["contrast_temperature"]
            cosines = cosines.masked_fill(owner[:, None] != owner[None], float("-inf"))
            told = F.cross_entropy(cosines, torch.arange(len(h)))
            return with_["hard"] * F.cross_entropy(logits, labels) + with_["soft"] * soft + with_["contrast"] * told

        params = dict(model.named_parameters())
        runs["contrast"] = train(kind, model, params, data, held, {**slow, **with_, "format": formats["int4"]}, contrasted)

        tolerance = {"loss_abs": 5e-5, "grad_norm_rel": 1e-4, "eval_loss_abs": 5e-5, "flipped_factor": 10}
        case = {"model": kind, "seed": args.seed, "clip_norm": 1.0, "epsilon": EPSILON, "tolerance": tolerance, "batches": data,
                "eval_batches": held, "runs": runs}
        (args.out / f"{kind}.json").write_text(json.dumps(case) + "\n", encoding="utf-8")
        save_file(tensors, args.out / f"{kind}.safetensors")
        print(kind, {n: (r["loss"][0], r["loss"][-1], r["eval_loss"]) for n, r in runs.items()}, flush=True)


if __name__ == "__main__":
    main()
