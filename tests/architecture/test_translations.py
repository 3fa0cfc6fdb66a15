"""The catalogues follow the sources: every sentence is in them, has its English wording, and is compiled as it stands."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted((ROOT / "workflow_app" / "translations").glob("*/LC_MESSAGES/messages.po"))
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
HOLE = re.compile(r"%\(\w+\)")


def catalogue(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, locale=file.parent.parent.name)


def texts(one: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """A string, or the strings of a plural, in the one shape that is compared."""
    return (one,) if isinstance(one, str) else tuple(one)


@pytest.fixture(scope="module")
def sources() -> set[tuple[str, ...]]:
    """Every string of the program that is to be translated."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as stream:
        methods, options = parse_mapping_cfg(stream)
    found: set[tuple[str, ...]] = set()
    for folder in ("workflow_app", "templates"):
        for _, _, message, _, _ in extract_from_dir(
            ROOT / folder, [(one.removeprefix(f"{folder}/"), how) for one, how in methods], options, KEYWORDS
        ):
            found.add(texts(message))
    return found


def test_every_catalogue_holds_what_the_sources_say(sources):
    assert len(sources) > 2000
    for file in CATALOGUES:
        held = {texts(one.id) for one in catalogue(file) if one.id}
        assert sorted(sources - held) == [], "make i18n"


def test_every_sentence_has_its_english_wording():
    english = catalogue(next(one for one in CATALOGUES if one.parent.parent.name == "en"))
    assert [one.id for one in english if one.id and not all(texts(one.string))] == []


def test_a_translation_keeps_the_names_that_are_filled_in():
    for file in CATALOGUES:
        for one in catalogue(file):
            wanted = {name for text in texts(one.id) for name in HOLE.findall(text)}
            for text in filter(None, texts(one.string)):
                assert set(HOLE.findall(text)) <= wanted, one.id


def test_every_catalogue_is_compiled_as_it_stands():
    """What people read is the ``.mo`` file; it has to say what the ``.po`` file says."""
    for file in CATALOGUES:
        written = {texts(one.id): texts(one.string) for one in catalogue(file) if one.id and any(texts(one.string))}
        with file.with_suffix(".mo").open("rb") as stream:
            compiled = {texts(one.id): texts(one.string) for one in read_mo(stream) if one.id}
        assert compiled == written, "make i18n"
