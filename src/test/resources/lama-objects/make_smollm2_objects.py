"""The same for SmolLM2's real weights, on facts that the project ships.

    make_smollm2_objects.py REFERENCE_SRC GGUF DATASETS OUT    REFERENCE_SRC holds make_smollm2.py, which reads the GGUF file

Of each relation the first facts, and every distinct object: "filled" and "spelled" as make_objects.py has them for gpt2.
"""
import json
import sys
from pathlib import Path

import torch

sys.path[:0] = [sys.argv[1], str(Path(__file__).parent)]
from make_smollm2 import load  # noqa: E402
from make_objects import gpt2, write  # noqa: E402

RELATIONS = {"workplace": 2}


@torch.no_grad()
def main():
    net, tok = load(sys.argv[2])
    facts = Path(sys.argv[3]) / "facts"
    templates = {r["relation"]: r["template"] for r in map(json.loads, (facts / "relations.jsonl").read_text(encoding="utf-8").splitlines())}
    sets = []
    for relation, count in RELATIONS.items():
        rows = [json.loads(x) for x in (facts / f"{relation}.jsonl").read_text(encoding="utf-8").splitlines()]
        objects = list(dict.fromkeys(r["obj_label"] for r in rows))
        items = []
        for r in rows[:count]:
            before, after = templates[relation].replace("[X]", r["sub_label"]).split("[Y]")
            scored = [(o, *gpt2(net, tok, before, o, after)) for o in objects]
            items.append({"uuid": r["uuid"], "object": r["obj_label"], "candidates": [
                {"object": o, "filled": round(a, 5), "filled_tokens": n, "filled_bytes": len((o + after).encode()), "spelled": round(b, 5), "spelled_tokens": m, "spelled_bytes": len(o.encode())}
                for o, a, n, b, m in scored]})
        sets.append({"relation": relation, "rows": count, "items": items})
        print(relation, len(items), len(objects), flush=True)
    write(Path(sys.argv[4]), {"model": "smollm2-135m-instruct", "tolerance": 1e-3, "sets": sets})


if __name__ == "__main__":
    main()
