#!/usr/bin/env python3
"""Time the making of a Word document beside docxtpl and beside the floor.

    python benchmarks/documents.py [--runs 60] [--batch 500]

The document is a consolidated conclusion of 10 criteria and 3 experts. Measured in CPU time of one process, the median after
10 runs of warm-up:

- ours: material to blocks (``compose``), blocks to bytes (``write``), with and without the QR code;
- docxtpl: the same paragraphs and the same table rendered from a Word template of the same styles, without a QR code;
- the floor: the XML parts of our own file parsed, written out and packed again, and nothing else.

Then ``--batch`` documents one after another: time of each hundred, and the memory that is left allocated after it.
"""

from __future__ import annotations

import argparse
import gc
import io
import platform
import statistics
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import docxtpl
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.core.documents import samples
from workflow_app.documents.content.assessment_cards import ComparedRow, Consolidated
from workflow_app.documents.content.snapshot import Material, needed
from workflow_app.documents.docx import blocks as b
from workflow_app.documents.docx import write
from workflow_app.documents.kinds.consolidated_conclusion import KIND

CRITERIA = 10
WARM_UP = 10


def material() -> Material:
    """Return the conclusion: 10 criteria, 3 experts, a dissent, a discrepancy, numbered and signed."""
    found = samples.DOCUMENTS["consolidated_conclusion"][1]()
    card = needed(found, Consolidated)
    rows = tuple(
        ComparedRow(at, f"Критерий {at}: соответствие содержания заявленной цели", 5, (5, 4, 3), Decimal("4.00"))
        for at in range(1, CRITERIA + 1)
    )
    return replace(found, card=replace(card, rows=rows))


class Tags:
    """Turns a document into a template of itself: every text becomes a tag, the values go to the context."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def text(self, words: b.Text) -> b.Text:
        """Return the runs with tags in the place of their words."""
        return tuple(replace(run, text=self._tag(run.text)) for run in words)

    def _tag(self, words: str) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = words
        return f"{{{{ {name} }}}}"

    def block(self, block: b.Block) -> b.Block:
        """Return a block as a template; a table's rows become one row in a loop."""
        if isinstance(block, b.Paragraph):
            return replace(block, text=self.text(block.text))
        if isinstance(block, b.Items):
            return replace(block, items=tuple(self.text(one) for one in block.items))
        if isinstance(block, b.Facts):
            return replace(block, rows=tuple((label, self._tag(value)) for label, value in block.rows))
        if isinstance(block, b.Table):
            name = f"t{len(self.values)}"
            self.values[name] = [["".join(run.text for run in cell) for cell in row] for row in block.rows]
            width = len(block.header)
            cells = tuple(b.text(f"{{{{ row[{at}] }}}}") for at in range(width))
            empty = (b.text(""),) * (width - 1)
            begin, end = b.text(f"{{%tr for row in {name} %}}"), b.text("{%tr endfor %}")
            return replace(block, rows=((begin, *empty), cells, (end, *empty)))
        return block


def median(act: Callable[[], object], runs: int) -> float:
    """Return the median CPU time of an act, in milliseconds."""
    for _ in range(WARM_UP):
        act()
    times = []
    for _ in range(runs):
        began = time.process_time()
        act()
        times.append(time.process_time() - began)
    return 1000 * statistics.median(times)


def floor(data: bytes) -> Callable[[], object]:
    """Return an act that parses and writes the XML of a file's parts and packs them: what no way of writing can avoid."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}

    def act() -> None:
        with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as package:
            for name, part in parts.items():
                is_xml = name.endswith((".xml", ".rels"))
                package.writestr(name, etree.tostring(etree.fromstring(part)) if is_xml else part)

    return act


def by_docxtpl(document: b.Document) -> Callable[[], bytes]:
    """Return an act that renders the same document from a template, as docxtpl's manual does it."""
    tags = Tags()
    template = replace(document, blocks=tuple(tags.block(one) for one in document.blocks))
    source = write.write(template)
    environment = SandboxedEnvironment(autoescape=True)

    def act() -> bytes:
        word = docxtpl.DocxTemplate(io.BytesIO(source))
        word.render(tags.values, environment)
        out = io.BytesIO()
        word.save(out)
        return out.getvalue()

    return act


def batch(found: Material, many: int) -> None:
    """Print time and memory of each hundred documents."""
    gc.collect()
    tracemalloc.start()
    print(f"\n{many} documents one after another (tracemalloc on, so slower than above)")
    for begin in range(0, many, 100):
        began = time.process_time()
        for at in range(begin, min(begin + 100, many)):
            issue = replace(found.issue, number=f"{at}-ЗК", check_address=f"https://example.org/check/{at:012}")
            write.write(KIND.compose(replace(found, issue=issue)))
        gc.collect()
        spent = 1000 * (time.process_time() - began) / 100
        print(
            f"  {begin + 1:4} to {begin + 100:4}: {spent:6.1f} ms each, {tracemalloc.get_traced_memory()[0] / 1e6:6.2f} MB held"
        )
    tracemalloc.stop()


def main() -> None:
    """Measure and print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=60)
    asked.add_argument("--batch", type=int, default=500)
    given = asked.parse_args()
    found = material()
    plain = replace(found, issue=replace(found.issue, check_address=""))
    document, bare = KIND.compose(found), KIND.compose(plain)
    rows = (
        ("ours: compose and write, with the QR code", lambda: write.write(KIND.compose(found))),
        ("ours: compose and write, without it", lambda: write.write(KIND.compose(plain))),
        ("  of these: compose", lambda: KIND.compose(found)),
        ("  of these: the QR code", lambda: write.qr(found.issue.check_address)),
        ("docxtpl: the same document, without it", by_docxtpl(bare)),
        ("the floor: XML and zip of the same parts", floor(write.write(document))),
    )
    experts = len(needed(found, Consolidated).experts)
    print(f"CPython {platform.python_version()}, {platform.machine()}; {CRITERIA} criteria, {experts} experts")
    for title, act in rows:
        print(f"  {title:<45} {median(act, given.runs):7.2f} ms")
    batch(found, given.batch)


if __name__ == "__main__":
    main()
