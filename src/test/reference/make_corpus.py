"""Reference values of what a corpus becomes: tokens of whole texts by transformers, grouped as its examples do.

    make_corpus.py FIXTURES TEXT OUT    a file for each tokenizer of FIXTURES/models, on the lines of TEXT

* single: the text's tokens with those that the tokenizer adds before it (causal models alone; nothing behind it),
  cut into windows of CONTEXT, the rest dropped: group_texts of run_clm.py for a corpus of one text.
* special: what the tokenizer's files mark as special, and what has a special part.
* lines: the text's lines that are not blank, each a document: before each what the tokenizer adds before a text,
  between two what it adds behind one, else its end of sequence, unless that stands before each already.
"""
import json
import sys
from pathlib import Path

from transformers import AutoTokenizer

CHARACTERS, CONTEXT = 2000, 23
CAUSAL = {"gpt2", "llama", "opt", "gpt_neox", "mistral", "qwen2", "qwen3", "gemma2", "gemma3_text", "phi"}


def around(tok):
    bare = tok("a", add_special_tokens=False)["input_ids"]
    framed = tok("a")["input_ids"]
    at = next(i for i in range(len(framed)) if framed[i:i + len(bare)] == bare)
    return framed[:at], framed[at + len(bare):]


def windows(ids):
    return [ids[i:i + CONTEXT] for i in range(0, len(ids) // CONTEXT * CONTEXT, CONTEXT)]


def main():
    fixtures, text, out = map(Path, sys.argv[1:4])
    out.mkdir(parents=True, exist_ok=True)
    text = text.read_text()[:CHARACTERS]
    documents = [line for line in text.split("\n") if line.strip()]
    for folder in sorted((fixtures / "models").iterdir()):
        config = json.loads((folder / "config.json").read_text())
        tok = AutoTokenizer.from_pretrained(folder)
        before, after = around(tok)
        before = before if config["model_type"] in CAUSAL else []
        end = tok.eos_token_id if tok.eos_token_id is not None else config.get("eos_token_id")
        end = after or ([] if end is None else [end])
        end = [] if end == before else end
        lines = []
        for i, line in enumerate(documents):
            lines += (end if i else []) + before + tok(line, add_special_tokens=False)["input_ids"]
        single = before + tok(text, add_special_tokens=False)["input_ids"]
        special = {i for i, token in tok.added_tokens_decoder.items() if token.special} | set(tok.all_special_ids)
        golden = {"special": sorted(special), "text": text, "context": CONTEXT, "single": windows(single), "lines": windows(lines)}
        (out / f"{folder.name}.json").write_text(json.dumps(golden, ensure_ascii=False))


main()
