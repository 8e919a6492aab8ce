"""Trains facts-t5, the small encoder-decoder that Kerf ships, on Kerf's own facts.

make_facts_t5.py [OUT]: writes config.json, model.safetensors, tokenizer.json and kerf.json (facts-t5 beside this file unless named).
Needs torch, transformers, tokenizers and safetensors; seeded, one thread, some minutes on one core.
"""

import hashlib
import json
import random
import sys
from collections import Counter
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

HERE = Path(__file__).resolve().parent
FACTS = HERE.parent / "facts"
SEED = 1
STEPS = 2500
BATCH = 128
LEARNING_RATE = 3e-3
SENTINELS = 8
PAD, EOS, UNKNOWN = 0, 1, 2


def facts() -> list[tuple[str, str, str]]:
    """Template, subject and object of every fact."""
    rows = []
    for relation in read(FACTS / "relations.jsonl"):
        for fact in read(FACTS / f"{relation['relation']}.jsonl"):
            rows.append((relation["template"], fact["sub_label"], fact["obj_label"]))
    return rows


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def make_tokenizer(sentences: list[str]) -> Tokenizer:
    """Every word of the facts is a piece, and every character, so that any text can be written."""
    words = Counter("▁" + word for sentence in sentences for word in sentence.split())
    characters = sorted({c for c in "".join(sentences) if c != " "} | set("abcdefghijklmnopqrstuvwxyz0123456789.,?!'-"))
    total = sum(words.values())
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -12.0)]
    pieces += [(c, -14.0) for c in characters]
    logs = torch.log(torch.tensor([n / total for n in words.values()])).tolist()
    ranked = sorted(zip(words, logs), key=lambda pair: (-pair[1], pair[0]))
    pieces += [(word, round(log, 4)) for word, log in ranked]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in ("<pad>", "</s>", "<unk>")])
    tokenizer.add_special_tokens([AddedToken(f"<extra_id_{i}>", special=True, normalized=False) for i in range(SENTINELS)])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", EOS)]
    )
    return tokenizer


def example(fact: tuple[str, str, str], rng: random.Random) -> tuple[str, str]:
    """A sentence with a gap, and what stood there: mostly the object, now and then another word."""
    template, subject, answer = fact
    if rng.random() < 0.75:
        gap = template.replace("[X]", subject).replace("[Y]", "<extra_id_0>")
    else:
        words = template.replace("[X]", subject).replace("[Y]", answer).split()
        place = rng.randrange(len(words))
        answer, words[place] = words[place], "<extra_id_0>"
        gap = " ".join(words)
    return gap, f"<extra_id_0> {answer} <extra_id_1>"


def train(model: T5ForConditionalGeneration, tokenizer: Tokenizer, rows: list) -> None:
    rng = random.Random(SEED)
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    warmup = 100
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / warmup) * max(0.02, 1 - s / STEPS)
    )
    for step in range(STEPS):
        pairs = [example(rng.choice(rows), rng) for _ in range(BATCH)]
        inputs, mask = padded([tokenizer.encode(gap).ids for gap, _ in pairs], PAD)
        labels, _ = padded([tokenizer.encode(answer).ids for _, answer in pairs], -100)
        loss = model(input_ids=inputs, attention_mask=mask, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 100 == 0 or step == STEPS - 1:
            print(f"step {step} loss {loss.item():.4f}", flush=True)


def padded(rows: list[list[int]], filler: int) -> tuple[torch.Tensor, torch.Tensor]:
    longest = max(map(len, rows))
    ids = torch.tensor([row + [filler] * (longest - len(row)) for row in rows])
    return ids, torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])


def known(model: T5ForConditionalGeneration, tokenizer: Tokenizer, rows: list) -> float:
    """The share of facts whose object is the likeliest word for the gap."""
    right = 0
    start = torch.tensor([[PAD, tokenizer.token_to_id("<extra_id_0>")]])
    for template, subject, answer in rows:
        ids = tokenizer.encode(template.replace("[X]", subject).replace("[Y]", "<extra_id_0>")).ids
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([ids]), decoder_input_ids=start).logits[0, -1]
        right += tokenizer.token_to_id("▁" + answer) == int(logits.argmax())
    return right / len(rows)


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "facts-t5"
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    rows = facts()
    tokenizer = make_tokenizer([t.replace("[X]", s).replace("[Y]", o) for t, s, o in rows])
    size = tokenizer.get_vocab_size()
    config = T5Config(
        vocab_size=size + -size % 8, d_model=64, d_kv=16, num_heads=4, d_ff=160, num_layers=4, num_decoder_layers=4,
        feed_forward_proj="gated-gelu", dropout_rate=0.0, pad_token_id=PAD, eos_token_id=EOS, decoder_start_token_id=PAD,
        tie_word_embeddings=True,
    )
    model = T5ForConditionalGeneration(config)
    train(model, tokenizer, rows)
    model = model.half().float().eval()
    print(f"facts known: {known(model, tokenizer, rows):.4f}; {model.num_parameters()} parameters")
    model.half().save_pretrained(out)
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=128
    )
    wrapped.save_pretrained(out)
    (out / "kerf.json").write_text(json.dumps(lineage(out / "model.safetensors"), indent=2) + "\n", encoding="utf-8")


def lineage(weights: Path) -> dict:
    """What Kerf shows of where the model came from."""
    sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
    return {
        "kerf": "0.1.0",
        "weights_sha256": sha256,
        "name": "facts-t5",
        "origin": f"made for Kerf by {Path(__file__).name} of Kerf's own facts",
        "sha256": sha256,
        "steps": [],
    }


if __name__ == "__main__":
    main()
