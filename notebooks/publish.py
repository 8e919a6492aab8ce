"""Puts the outputs of notebooks/out into the notebooks that are committed: publish.py [NAME ...]

Leaves out progress bars and what only this run knows (times, ids), keeps of a chart the form that every viewer shows,
and refuses outputs that name a place of this machine, or that belong to other cells than the notebook now has.
"""

import re
import socket
import sys
from pathlib import Path

import nbformat

from execute import HERE, OUT, chosen

KEPT_OF_A_CHART = ("image/png", "text/plain")


def private(outputs: list) -> list[str]:
    """What of this machine stands in these outputs: its folders, its name."""
    text = str([{**o, "data": {k: v for k, v in o.get("data", {}).items() if k != "image/png"}} for o in outputs])
    text = re.sub(r"base64,[A-Za-z0-9+/=]+", "", text)  # a picture's letters are no words
    words = [re.escape(str(HERE.parent)), re.escape(str(Path.home())) + "/", rf"\b{re.escape(socket.gethostname())}\b"]
    return [match.group() for word in words if (match := re.search(word, text))]


def outputs(cell) -> list:
    kept = []
    for output in cell.outputs:
        data = output.get("data", {})
        if "kerf-progress" in data.get("text/html", ""):
            continue
        if "image/png" in data:
            output.data = {kind: data[kind] for kind in KEPT_OF_A_CHART if kind in data}
        if output.output_type == "error":
            sys.exit(f"a cell failed: {cell.source}")
        output.pop("transient", None)
        kept.append(output)
    return kept


def publish(path: Path) -> None:
    ran = nbformat.read(OUT / path.name, as_version=4)
    now = nbformat.read(path, as_version=4)
    if [cell.source for cell in ran.cells] != [cell.source for cell in now.cells]:
        sys.exit(f"{path.name} was changed since it ran: notebooks/run {path.stem}")
    for cell, executed in zip(now.cells, ran.cells):
        if cell.cell_type == "code":
            cell.outputs = outputs(executed)
            cell.execution_count = executed.execution_count
            if found := private(cell.outputs):
                sys.exit(f"{path.name}: an output names {found}: {cell.source}")
    path.write_text(nbformat.writes(now, indent=1) + "\n", encoding="utf-8")
    print(f"  {path}")


if __name__ == "__main__":
    for notebook in chosen(sys.argv[1:]):
        publish(notebook)
