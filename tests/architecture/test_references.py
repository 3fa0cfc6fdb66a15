"""Whatever a text of the project refers to stands in the project: rules, facts, decisions, promises, records, files.

The forms: ``R7`` (docs/rules.md), ``domain.md 5, 6.12`` or short ``0a.9``, ``decisions.md 16 to 20``, ``security.md 37`` (the file in
docs/), ``ADR 17``. A list or a range goes on over a line's end, also inside a comment.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LEFT_OUT = {"instance", "artefacts", "build", "dist", "htmlcov", "__pycache__"}  # what runs and tools leave behind
SUFFIXES = {".py", ".md", ".html", ".css", ".js", ".toml", ".yaml", ".txt", ".cfg", ".mako", ""}
NUMBERED = ("domain", "decisions", "security")  # documents whose items have numbers
MADE_UP = ("NNNN-title.md",)  # how a record is to be named

NUMBER = r"\d+[a-z]?(?:\.\d+)?"
LISTED = rf"{NUMBER}(?:(?:, | and | to ){NUMBER})*"
NAMED = re.compile(rf"\b({'|'.join(NUMBERED)})\.md ({LISTED})\b")
SHORT = re.compile(r"\b0a\.\d+\b")
RULES = re.compile(r"\bR(\d{1,2})(?: to R(\d{1,2}))?\b")
RECORDS = re.compile(r"\bADR (\d+)\b")
WITHOUT_NUMBER = re.compile(rf"(?<![/\w])(?:{'|'.join(NUMBERED)})\.md(?! {NUMBER})")
ITEM = re.compile(rf"^(?:#+ |- \*\*|\| R?)({NUMBER})(?:\*\*|\.? )", re.MULTILINE)
PAGE = re.compile(r"(?<![\w./-])[\w./-]*\w\.md\b")
QUOTED = re.compile(r"`([\w./-]*\w\.(?:py|html|css|js|yaml))`")


def items(name: str) -> list[str]:
    """The numbers that a document gives its items, in their order."""
    return ITEM.findall((DOCS / f"{name}.md").read_text(encoding="utf-8"))


TARGETS = {name: set(items(name)) for name in ("rules", *NUMBERED)} | {
    "ADR": {str(int(one.name[:4])) for one in (DOCS / "adr").glob("[0-9]*.md")}
}


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the project that people write as text."""
    for one in sorted(folder.iterdir()):
        if one.name.startswith(".") or one.name in LEFT_OUT:
            continue
        if one.is_dir():
            yield from files(one)
        elif one.suffix in SUFFIXES:
            yield one


ALL = list(files())
TEXTS = {one: one.read_text(encoding="utf-8") for one in ALL if one != Path(__file__)}  # here they are made up
ENDINGS = {"/".join(one.parts[start:]) for one in ALL for start in range(len(ROOT.parts), len(one.parts))}


def joined(text: str) -> str:
    """The text with its lines joined, without the signs that begin a line of a comment."""
    return re.sub(r"\s*\n\s*(?:(?:#|//|\*)+ )?\s*", " ", text)


def spread(numbers: str) -> list[str]:
    """``16 to 18, 20`` one by one."""
    found: list[str] = []
    for one in re.split(r", | and ", numbers):
        first, _, last = one.partition(" to ")
        whole = first.isdigit() and last.isdigit()
        found += [str(number) for number in range(int(first), int(last) + 1)] if whole else one.split(" to ")
    return found


def references(text: str) -> Iterator[tuple[str, str]]:
    """What a text refers to: the document and the number."""
    text = joined(text)
    for name, numbers in NAMED.findall(text):
        yield from ((name, one) for one in spread(numbers))
    yield from (("domain", one) for one in SHORT.findall(text))
    for first, last in RULES.findall(text):
        yield from (("rules", str(one)) for one in range(int(first), int(last or first) + 1))
    yield from (("ADR", str(int(one))) for one in RECORDS.findall(text))


def lost(text: str) -> list[str]:
    """The references of a text that lead nowhere."""
    return [f"{name} {number}" for name, number in references(text) if number not in TARGETS[name]]


def is_there(page: str, beside: Path) -> bool:
    """Whether a named Markdown file stands where it is said, or beside the text, or in docs/."""
    return any((folder / page).exists() for folder in (ROOT, beside.parent, DOCS))


def test_every_reference_leads_to_its_rule_fact_decision_promise_or_record():
    assert {f"{one.relative_to(ROOT)}: {what}" for one, text in TEXTS.items() for what in lost(text)} == set()
    assert sum(1 for text in TEXTS.values() for _ in references(text)) > 500


def test_outside_the_documents_a_reference_names_its_number():
    """A document of a hundred items is no target."""
    code = {one: joined(text) for one, text in TEXTS.items() if one.suffix != ".md"}
    assert [one.relative_to(ROOT) for one, text in code.items() if WITHOUT_NUMBER.search(text)] == []


def test_every_page_that_a_text_names_is_there():
    named = [(one, page) for one, text in TEXTS.items() for page in PAGE.findall(text)]
    assert [
        f"{one.relative_to(ROOT)}: {page}"
        for one, page in named
        if Path(page).name not in MADE_UP and not is_there(page, one)
    ] == []


def test_every_file_between_backticks_is_there():
    told = {one: text for one, text in TEXTS.items() if one.name != "CHANGELOG.md"}  # that tells of what was
    named = [(one, file) for one, text in told.items() for file in QUOTED.findall(text)]
    assert [f"{one.relative_to(ROOT)}: {file}" for one, file in named if file not in ENDINGS] == []
    assert len(named) > 200


@pytest.mark.parametrize("name", ["rules", *NUMBERED])
def test_no_number_is_given_twice(name):
    assert [one for one, times in Counter(items(name)).items() if times > 1] == []


@pytest.mark.parametrize(
    ("text", "nowhere"),
    [
        ("held by R7 and R99", ["rules 99"]),
        ("the rules R98 to R99", ["rules 98", "rules 99"]),
        ("(domain.md 5, 6.99)", ["domain 6.99"]),
        ("signed on paper (0a.9), or not (0a.99)", ["domain 0a.99"]),
        ("decisions.md 16 to 18 and 99", ["decisions 99"]),
        ("# as security.md 36,\n    # 37 and\n    # 999 promise", ["security 999"]),
        ("ADR 17, ADR 0010, ADR 999", ["ADR 999"]),
    ],
)
def test_a_reference_that_is_made_up_is_found(text, nowhere):
    assert lost(text) == nowhere


def test_a_file_that_is_made_up_is_found():
    assert not is_there("nowhere.md", DOCS / "rules.md")
    assert is_there("rules.md", ROOT / "dev.py")
    assert QUOTED.findall("see `states/policy.py` and ``nowhere.py``") == ["states/policy.py", "nowhere.py"]
    assert "nowhere.py" not in ENDINGS
    assert WITHOUT_NUMBER.search("as decisions.md says")
    assert not WITHOUT_NUMBER.search("as decisions.md 5 says")
