"""Proves in a real kernel that tables, charts and progress are shown and that the stop button stops.

Prints one line for each thing proved; exits 1 at the first that fails.
"""

import sys
import time
from queue import Empty

from jupyter_client.manager import start_new_kernel

from kernelspec import NAME as KERNEL

SETUP = """
import static io.kerf.report.Display.*;
import io.kerf.report.*;
import io.kerf.progress.*;
import tech.tablesaw.api.*;
var table = Table.create("<b>bold</b>", StringColumn.create("text", "<script>alert(1)</script>"), DoubleColumn.create("score", 0.25));
var chart = Charts.lines("Score", "sparsity", "P@1", List.of(new Curve("dense", List.of(new Curve.Point(0, 0.3), new Curve.Point(0.5, 0.2)))));
"""

BAR = """
try (var bar = Screen.current().progress().start("counting", 30, "steps")) {
  for (int i = 0; i < 30; i++) { Thread.sleep(25); bar.advance(1); }
}
"""

# Advances as fast as it can, so that interrupts often meet a bar that is being painted.
ENDLESS = """
try (var bar = Screen.current().progress().start("endless", 1_000_000_000_000L, "steps")) {
  while (true) { bar.advance(1); Interrupted.check("the count"); }
}
"""


class Kernel:
    """A kernel, and what its cells say."""

    def __init__(self) -> None:
        self.cell = ""
        self.manager, self.client = start_new_kernel(kernel_name=KERNEL)

    def last_update(self, messages: list) -> tuple[str, float]:
        """The last HTML of a cell's bar, and the seconds it came after the cell was free: JJava frees it at once."""
        freed = messages[-1][2]
        cell = self.cell
        while "stopped" not in of_kind(messages, "update_display_data")[-1]["data"]["text/html"]:
            if time.monotonic() - freed > 2:
                break
            try:
                message = self.client.get_iopub_msg(timeout=0.02)
            except Empty:
                continue
            if message["parent_header"].get("msg_id") == cell:
                messages.append((message["msg_type"], message["content"], time.monotonic()))
        return of_kind(messages, "update_display_data")[-1]["data"]["text/html"], max(0.0, messages[-1][2] - freed)

    def run(self, code: str, stop_after: float | None = None) -> tuple[list, float]:
        """All messages of a cell, and the seconds from the stop button (or the start) to its end."""
        messages = []
        began = time.monotonic()
        cell = self.cell = self.client.execute(code)
        while True:
            if stop_after is not None and time.monotonic() - began >= stop_after:
                self.manager.interrupt_kernel()
                began, stop_after = time.monotonic(), None
            try:
                message = self.client.get_iopub_msg(timeout=0.02)
            except Empty:
                if time.monotonic() - began > 60:
                    fail(f"no answer within a minute to: {code}")
                continue
            if message["parent_header"].get("msg_id") != cell:
                continue
            messages.append((message["msg_type"], message["content"], time.monotonic()))
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return messages, time.monotonic() - began

    def end(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def fail(text: str) -> None:
    sys.exit(f"notebooks/run --check failed: {text}")


def prove(text: str, truth: bool, seen: object) -> None:
    if not truth:
        fail(f"{text}; seen: {seen}")
    print(f"  {text}", flush=True)


def of_kind(messages: list, kind: str) -> list:
    return [content for name, content, _ in messages if name == kind]


def check(kernel: Kernel) -> None:
    messages, _ = kernel.run(SETUP)
    prove("the library is there without a %maven line", not of_kind(messages, "error"), messages)

    messages, _ = kernel.run("display(table)")
    html = "".join(content["data"].get("text/html", "") for content in of_kind(messages, "display_data"))
    prove("a table is HTML, escaped", "&lt;script&gt;" in html and "<script>" not in html, messages)
    prove("display as the last line shows no display id", not of_kind(messages, "execute_result"), messages)

    messages, _ = kernel.run("chart")
    kinds = {kind for content in of_kind(messages, "execute_result") for kind in content["data"]}
    prove("a chart as the last line is a picture", {"image/svg+xml", "image/png", "text/plain"} <= kinds, messages)

    messages, _ = kernel.run(BAR)
    shown = of_kind(messages, "display_data")
    updates = of_kind(messages, "update_display_data")
    ids = {content["transient"]["display_id"] for content in shown + updates}
    prove("progress is one display, updated in place", len(shown) == 1 and len(ids) == 1 and len(updates) > 1, messages)
    prove("at most ten updates a second", len(updates) <= 10, len(updates))
    prove("the last update says done", "done" in updates[-1]["data"]["text/html"], updates[-1])

    slowest = 0.0
    for again in range(10):
        messages, seconds = kernel.run(ENDLESS, stop_after=0.5 + 0.037 * again)
        slowest = max(slowest, seconds)
        last, late = kernel.last_update(messages)
        prove(f"interrupt {again + 1}: cell free after {seconds:.2f} s, work stopped after {late:.2f} s",
              seconds < 1 and late < 1 and "stopped" in last, last)
    messages, _ = kernel.run("1 + 1")
    prove("the kernel goes on after the interrupts", of_kind(messages, "execute_result") != [], messages)
    print(f"  the slowest of 10 interrupts took {slowest:.2f} s")


if __name__ == "__main__":
    kernel = Kernel()
    try:
        check(kernel)
    finally:
        kernel.end()
