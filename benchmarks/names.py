#!/usr/bin/env python3
"""Measure how names are declined: the library alone and with our rules, on the largest public set and on our hard list.

    python benchmarks/names.py [--show 40]

The set is every first name, patronymic and surname of the OpenCorpora dictionary, which the packages pymorphy3 and
pymorphy3-dicts-ru carry; they are installed from the package index into a temporary folder and removed with it. The names are
halved by a hash of their dictionary form: our rules were written with one half in sight («seen»), the other («kept aside»)
was only ever counted. A form is right when the dictionary has it for that name, gender and case. ``--show`` prints so
many wrong names of the seen half. The measure takes two minutes, most of it reading the dictionary.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from workflow_app.documents.russian.names import CASES, Gender, Part, forms, library_forms

PACKAGES = ("pymorphy3==2.0.6", "pymorphy3-dicts-ru==2.4.417150.4580142")
HARD = Path(__file__).parents[1] / "tests/core/documents/hard_names.txt"
PARTS: dict[str, Part] = {"Surn": "last", "Name": "first", "Patr": "middle"}
CASE_OF = {"nomn": "n", "gent": "g", "datv": "d", "accs": "a", "ablt": "i"}
ODD = frozenset({"Init", "Abbr", "Erro"})  # initials, abbreviations, misprints
HALVES = ("kept aside", "seen")

Name = tuple[Part, Gender, str]
Gold = dict[Name, dict[str, set[str]]]
Decline = Callable[[Part, str, Gender], tuple[str, ...]]


def installed(folder: str) -> None:
    """Install the packages of the dictionary into the folder and make them importable."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--target",
        folder,
        *PACKAGES,
    ]
    subprocess.run(command, check=True)  # noqa: S603 - our own words
    sys.path.insert(0, folder)


def dictionary() -> tuple[Gold, dict[Name, int]]:
    """Return the accepted forms of every name by case, and the half that each belongs to."""
    lexemes: dict[tuple[Part, int, str, Gender], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    known = importlib.import_module("pymorphy3").MorphAnalyzer().dictionary
    for word, tag, normal, paradigm, _ in known.iter_known_words():
        part = next((PARTS[one] for one in PARTS if one in tag.grammemes), None)
        case = CASE_OF.get(tag.case)
        if part is None or case is None or "plur" in tag.grammemes or ODD & tag.grammemes:
            continue
        for gender in "f" if "femn" in tag.grammemes else "m" if "masc" in tag.grammemes else "fm":
            lexemes[part, paradigm, normal, gender][case].add(word)  # type: ignore[index]  # «f», «m»
    gold: Gold = defaultdict(lambda: defaultdict(set))
    half: dict[Name, int] = {}
    for (part, _, normal, gender), cases in lexemes.items():
        for nominative in cases["n"]:
            if len(nominative) > 1:
                key = (part, gender, nominative)
                half.setdefault(key, hashlib.sha256(normal.encode()).digest()[0] % 2)
                for case in CASES[1:]:
                    gold[key][case] |= cases[case]
    return gold, half


def measured(
    gold: Gold, half: dict[Name, int], decline: Decline
) -> tuple[Counter[tuple[int, str]], Counter[tuple[int, str]], list[str]]:
    """Return the forms asked for and the wrong ones by half and part, and the wrong names of the seen half."""
    asked: Counter[tuple[int, str]] = Counter()
    wrong: Counter[tuple[int, str]] = Counter()
    shown = []
    for (part, gender, nominative), cases in gold.items():
        word = "-".join(piece.capitalize() for piece in nominative.split("-"))
        given = decline(part, word, gender)
        bad = [f"{form} ({'/'.join(sorted(cases[case]))})" for case, form in zip(CASES[1:], given[1:], strict=True)
               if cases[case] and form.lower() not in cases[case]]  # fmt: skip
        where = (half[part, gender, nominative], f"{part}, {gender}")
        asked[where] += sum(bool(cases[case]) for case in CASES[1:])
        wrong[where] += len(bad)
        if bad and where[0] == 1:
            shown.append(f"{part} {gender} {nominative}: {', '.join(bad)}")
    return asked, wrong, sorted(shown)


def hard() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return the nominative «last; first; middle; gender» and the four forms of our own list."""
    for line in HARD.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, *cases = (cell.strip() for cell in line.split("|"))
            yield name, tuple(cases)


def hard_right(decline: Decline) -> tuple[int, int]:
    """Return how many forms of the hard list come out right, and of how many."""
    right = total = 0
    for name, wanted in hard():
        last, first, middle, gender = (word.strip() for word in name.split(";"))
        words: tuple[tuple[Part, str], ...] = (("last", last), ("first", first), ("middle", middle))
        columns = zip(*(decline(part, word, gender) for part, word in words if word), strict=True)  # type: ignore[arg-type]
        given = [" ".join(column) for column in columns][1:]
        right += sum(form == due for form, due in zip(given, wanted, strict=True))
        total += len(wanted)
    return right, total


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", type=int, default=0)
    show = parser.parse_args().show
    with tempfile.TemporaryDirectory() as folder:
        installed(folder)
        gold, half = dictionary()
    ways: dict[str, Decline] = {"library": library_forms, "with rules": forms}
    for title, decline in ways.items():
        right, total = hard_right(decline)
        print(f"hard list, {title}: {right} of {total} forms, {right / total:.2%}")
    shown: list[str] = []
    for title, decline in ways.items():
        asked, wrong, shown = measured(gold, half, decline)
        for at, name in enumerate(HALVES):
            these = [key for key in asked if key[0] == at]
            for key in sorted(these):
                print(
                    f"{name:10} {title:10} {key[1]:10} {asked[key]:7} forms, wrong {wrong[key]:4}: {1 - wrong[key] / asked[key]:.2%}"
                )
            total, bad = sum(asked[key] for key in these), sum(wrong[key] for key in these)
            print(f"{name:10} {title:10} {'all':10} {total:7} forms, wrong {bad:4}: {1 - bad / total:.3%}")
    print(*shown[:show], sep="\n")


if __name__ == "__main__":
    main()
