"""Likelihoods of whole objects, by torch and transformers alone: what LAMA's comparable probe and its objects of several tokens are held to.

    make_objects.py FIXTURES OUT        FIXTURES holds models/ and lama/lama_facts.jsonl; facts.jsonl lies beside this script

For every fact and every distinct object of its relation, natural log:
  filled   the object in the filled sentence. bert: the filled text is encoded as a whole; each of the object's tokens (those whose place in the
           text overlaps the object's) is masked together with the later tokens of the same word (as the tokenizer's word_ids has words).
           gpt2: the filled text is encoded as a whole; every token behind those of the text before the object is scored.
           flan_t5: the decoder is given the sentinel; the object's tokens behind it are scored.
  spelled  the family's own cloze: bert: as many masks as tokens, all at once; gpt2: " " + object behind the prompt; flan_t5: as filled.
"""
import json
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM

torch.set_num_threads(1)


def masked_at(model, ids, at):
    return torch.log_softmax(model(input_ids=torch.tensor([ids])).logits[0, at], -1)


def bert(model, tok, before, obj, after):
    mask = tok.token_to_id("[MASK]")
    e = tok.encode(before + obj + after)
    start, end = len(before), len(before) + len(obj)
    own = [i for i, (a, b) in enumerate(e.offsets) if a < b and a < end and b > start]
    filled = 0.0
    for i in own:
        ids = [mask if j >= i and e.word_ids[j] == e.word_ids[i] else t for j, t in enumerate(e.ids)]
        filled += float(masked_at(model, ids, i)[e.ids[i]])
    ids = [mask if j in own else t for j, t in enumerate(e.ids)]
    spelled = sum(float(masked_at(model, ids, i)[e.ids[i]]) for i in own)
    return filled, len(own), spelled, len(own)


def gpt2(model, tok, before, obj, after):
    given = tok.encode(before.rstrip(" ")).ids or [model.config.bos_token_id]
    whole = tok.encode(before + obj + after).ids
    cut = len(tok.encode(before.rstrip(" ")).ids)
    assert whole[:cut] == tok.encode(before.rstrip(" ")).ids, (before, obj, after)

    def score(rest):
        lp = torch.log_softmax(model(input_ids=torch.tensor([given + rest])).logits[0], -1)
        return sum(float(lp[len(given) + i - 1, t]) for i, t in enumerate(rest))

    own = tok.encode(" " + obj, add_special_tokens=False).ids
    return score(whole[cut:]), len(whole) - cut, score(own), len(own)


def flan_t5(model, tok, before, obj, after):
    context = tok.encode("Fill the blank with appropriate word: " + before + "<extra_id_0>" + after).ids
    own = tok.encode(obj, add_special_tokens=False).ids
    decoder = [model.config.decoder_start_token_id, tok.token_to_id("<extra_id_0>")] + own
    lp = torch.log_softmax(model(input_ids=torch.tensor([context]), decoder_input_ids=torch.tensor([decoder])).logits[0], -1)
    total = sum(float(lp[1 + i, t]) for i, t in enumerate(own))
    return total, len(own), total, len(own)


def write(file, golden):
    """JSON with a fact a line."""
    text = json.dumps(golden).replace('{"uuid"', '\n{"uuid"')
    file.write_text(text + "\n", encoding="utf-8")


@torch.no_grad()
def main():
    fixtures, out = Path(sys.argv[1]), Path(sys.argv[2])
    here = Path(__file__).parent
    for name, cls, score in (("bert", AutoModelForMaskedLM, bert), ("gpt2", AutoModelForCausalLM, gpt2), ("flan_t5", AutoModelForSeq2SeqLM, flan_t5)):
        tok = Tokenizer.from_file(str(fixtures / "models" / name / "tokenizer.json"))
        model = cls.from_pretrained(fixtures / "models" / name, dtype=torch.float32, attn_implementation="eager").eval()
        unknown = {tok.token_to_id(t) for t in ("[UNK]", "<unk>")} - {None}
        sets = []
        for source, file in (("lama/lama_facts.jsonl", fixtures / "lama/lama_facts.jsonl"), ("facts.jsonl", here / "facts.jsonl")):
            facts = [json.loads(x) for x in file.read_text(encoding="utf-8").splitlines()]
            spells = lambda o: not unknown & set(tok.encode(o, add_special_tokens=False).ids)
            items = []
            for f in facts:
                objects = [o for o in dict.fromkeys(g["obj_label"] for g in facts if g["relation"] == f["relation"]) if spells(o)]
                if not spells(f["obj_label"]) or len(objects) < 2:
                    continue
                before, after = f["template"].replace("[X]", f["sub_label"]).split("[Y]")
                rows = [(o, *score(model, tok, before, o, after)) for o in objects]
                items.append({"uuid": f["uuid"], "object": f["obj_label"], "candidates": [
                    {"object": o, "filled": round(a, 6), "filled_tokens": n, "filled_bytes": len((o + after if name == "gpt2" else o).encode()), "spelled": round(b, 6), "spelled_tokens": m, "spelled_bytes": len(o.encode())}
                    for o, a, n, b, m in rows]})
            sets.append({"facts": source, "items": items})
        write(out / f"objects_{name}.json", {"model": name, "tolerance": 1e-4, "sets": sets})
        print(name, [len(s["items"]) for s in sets])


if __name__ == "__main__":
    main()
