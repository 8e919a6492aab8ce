"""Executes notebooks and writes them, with their outputs and as HTML, to notebooks/out.

execute.py [NAME ...]: the notebooks here whose names begin so, or files by path; without a name all of them.
Shows each cell as it runs; on an error prints the cell and everything the kernel said, and exits 1.
"""

import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter

from kernelspec import NAME as KERNEL

HERE = Path(__file__).resolve().parent
OUT = HERE / "out"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def chosen(names: list[str]) -> list[Path]:
    """The notebooks meant; a name that fits none is an error that lists them."""
    all_here = sorted(HERE.glob("*.ipynb"))
    if not names:
        if not all_here:
            sys.exit(f"no notebooks in {HERE}")
        return all_here
    found = []
    for name in names:
        if name.endswith(".ipynb") and Path(name).is_file():
            found.append(Path(name).resolve())
            continue
        fitting = [path for path in all_here if path.name.startswith(name)]
        if not fitting:
            sys.exit(f"no notebook begins with '{name}'; there are: {', '.join(p.name for p in all_here) or 'none'}")
        found += fitting
    return found


def first_line(source: str) -> str:
    """The line that says most about a cell: its first that is neither empty nor an import."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("import ", "//", "%"))] or lines or [""]
    return telling[0][:88]


class Narrator:
    """Says which cell runs and how long it took."""

    def __init__(self, notebook) -> None:
        self.codes = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
        self.started = 0.0

    def start(self, cell, cell_index: int) -> None:
        self.started = time.monotonic()
        if sys.stdout.isatty():
            print(f"{self.place(cell_index)}   ...    {first_line(cell.source)}", end="\r", flush=True)

    def end(self, cell, cell_index: int, **_) -> None:
        seconds = time.monotonic() - self.started
        print(f"{self.place(cell_index)} {seconds:6.1f} s  {first_line(cell.source)}", flush=True)

    def place(self, cell_index: int) -> str:
        return f"  {self.codes.index(cell_index) + 1:3d}/{len(self.codes)}" if cell_index in self.codes else "       "


def explain(notebook) -> None:
    """Prints the failing cell and its whole error."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                trace = ANSI.sub("", "\n".join(output.traceback))
                print(f"\n--- this cell failed:\n{cell.source}\n--- {output.ename}: {output.evalue}\n{trace}")


def execute(path: Path) -> bool:
    print(path.name, flush=True)
    notebook = nbformat.read(path, as_version=4)
    narrator = Narrator(notebook)
    client = NotebookClient(
        notebook,
        kernel_name=KERNEL,
        timeout=None,
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=narrator.start,
        on_cell_executed=narrator.end,
    )
    started = time.monotonic()
    whole = True
    try:
        client.execute()
    except CellExecutionError:
        explain(notebook)
        whole = False
    except DeadKernelError:
        print("--- the kernel ended before the cell did; out of memory, or System.exit?")
        whole = False
    print(f"  {'done' if whole else 'FAILED'} after {time.monotonic() - started:.0f} s")
    write(path, notebook)
    return whole


def write(path: Path, notebook) -> None:
    OUT.mkdir(exist_ok=True)
    nbformat.write(notebook, OUT / path.name)
    html, _ = HTMLExporter().from_notebook_node(notebook, {"metadata": {"name": path.stem}})
    page = OUT / f"{path.stem}.html"
    page.write_text(html, encoding="utf-8")
    print(f"  {page}")


if __name__ == "__main__":
    results = [execute(path) for path in chosen(sys.argv[1:])]
    sys.exit(0 if all(results) else 1)
