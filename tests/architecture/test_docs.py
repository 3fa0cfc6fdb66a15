"""What the documents point at is there: files, pictures, sections."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:tests|docs|workflow_app|templates|benchmarks)/[\w./-]+)`")


def documents() -> list[Path]:
    """The Markdown files of the project."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def heading(line: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w -]", "", line.lstrip("# ").strip().lower()).replace(" ", "-")


def leads_nowhere(document: Path, target: str) -> bool:
    """Whether a relative link has no file, or its file no such heading."""
    if re.match(r"[a-z]+:", target):
        return False
    path, _, anchor = target.partition("#")
    there = (document.parent / path).resolve() if path else document
    if not there.exists():
        return True
    lines = there.read_text(encoding="utf-8").splitlines() if anchor and there.suffix == ".md" else []
    return bool(lines) and anchor not in {heading(one) for one in lines if one.startswith("#")}


def test_every_link_of_the_documents_leads_somewhere():
    texts = {one: re.sub(r"```.*?```", "", one.read_text(encoding="utf-8"), flags=re.DOTALL) for one in documents()}
    found = [(one, target) for one, text in texts.items() for target in LINK.findall(text)]
    assert len(found) > 20
    assert [f"{one.relative_to(ROOT)}: {target}" for one, target in found if leads_nowhere(one, target)] == []


def test_every_file_that_a_document_names_exists():
    told = [one for one in documents() if one.name != "CHANGELOG.md"]  # that tells of what was
    found = [
        (one, name) for one in told for name in NAMED.findall(one.read_text(encoding="utf-8")) if "NNNN" not in name
    ]
    assert [f"{one.relative_to(ROOT)}: {name}" for one, name in found if not (ROOT / name).exists()] == []


def test_every_picture_of_the_guides_is_used():
    used = {
        target.rpartition("/")[2]
        for document in documents()
        for target in LINK.findall(document.read_text(encoding="utf-8"))
    }
    assert {one.name for one in (ROOT / "docs" / "guide" / "pictures").glob("*.png")} - used == set()


def shown() -> str:
    """What the program may say: the words of its code, of its templates and letters."""
    files = [
        *(ROOT / "workflow_app").rglob("*.py"),
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "templates").rglob("*.txt"),
    ]
    return " ".join(" ".join(one.read_text(encoding="utf-8").split()) for one in files)


def test_the_guides_call_buttons_and_fields_as_the_screen_does():
    words = shown().replace("\u00a0", " ").casefold()
    missing = [
        f"{one.name}: «{name}»"
        for one in sorted((ROOT / "docs" / "guide").glob("*.md"))
        for name in re.findall(r"«([А-ЯЁ][^«»]*)»", one.read_text(encoding="utf-8"))
        if " ".join(name.split()).casefold() not in words
    ]
    assert missing == []
