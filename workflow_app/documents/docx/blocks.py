"""What a document consists of: a head, a column of blocks, a foot.

Few concepts, all frozen. A block says *what* stands there; ``docx.write``, the page macro ``macros/blocks.html`` and
``text_encoding`` decide how it looks. Whatever text comes in, a :class:`Document` holds only characters that may stand in a
file (see :func:`clean`), so that no renderer has to care.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final, Literal

from workflow_app.documents.docx.bars import Bar, Legend
from workflow_app.documents.russian.grammar import capitalised, short_day
from workflow_app.documents.russian.unconfirmed import NOTE, each_text, forms_in, names_of, pieces, unmarked
from workflow_app.errors import Broken
from workflow_app.pictures import Pile

Align = Literal["justify", "left", "center", "right"]
Form = Literal["record", "order", "letter"]
# What XML forbids, lone surrogates, and the marks that turn the direction of the following text: with those a page
# would show another text than the record holds.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SPACES: Final = re.compile("[ \t]+")
_BREAKS: Final = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_UNCLEAN: Final = re.compile(f"{_FORBIDDEN.pattern}|{_BREAKS.pattern}|\t|  ")


def clean(text: str) -> str:
    """The text without characters that cannot stand in a document or that would falsify its look.

    Every kind of line end becomes a newline, tabs and runs of spaces one space: nothing is laid out by spaces. All else
    stays as typed, ``<`` and ``&`` too.
    """
    if not _UNCLEAN.search(text):
        return text
    return _FORBIDDEN.sub("", _SPACES.sub(" ", _BREAKS.sub("\n", text)))


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text of one look; a newline is a line break inside the paragraph.

    ``unsure`` is a form of a name or a position that nobody has confirmed.
    """

    text: str
    bold: bool = False
    italic: bool = False
    unsure: bool = False


Text = tuple[Run, ...]


def text(*words: str | Run) -> Text:
    """Plain strings and runs as one text, cut where a form is to be checked; empty pieces are left out."""
    runs = (one if isinstance(one, Run) else Run(one) for one in words)
    return tuple(
        run if said == run.text else replace(run, text=said, unsure=unsure)
        for run in runs
        for said, unsure in pieces(run.text)
    )


def bold(words: str) -> Run:
    """A run in bold."""
    return Run(words, bold=True)


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading: level 1 or 2."""

    name: ClassVar = "heading"
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``indent`` is the first line's, ``small`` is type for notes."""

    name: ClassVar = "paragraph"
    text: Text
    align: Align = "justify"
    indent: bool = True
    small: bool = False
    keep_with_next: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with numbers or with dashes."""

    name: ClassVar = "items"
    items: tuple[Text, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, one under another."""

    name: ClassVar = "facts"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row that repeats on every page; ``widths`` in mm, ``total`` marks the last row as a sum.

    The headings of the ``turned`` columns (by their place) read upwards on paper: they are longer than the column is wide.
    """

    name: ClassVar = "table"
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[int, ...]
    aligns: tuple[Align, ...]
    total: bool = False
    turned: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        lengths = {len(self.header), len(self.widths), len(self.aligns), *map(len, self.rows)}
        if len(lengths) != 1:
            raise Broken(f"a table's rows, widths and header differ in length: {sorted(lengths)}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certificate of a qualified signature. Every field is needed: without them there is no mark (R36)."""

    number: str
    owner: str
    valid_from: date
    valid_to: date

    def __post_init__(self) -> None:
        if not self.number.strip() or not self.owner.strip():
            raise Broken("a signature's certificate without a number or an owner (R36)")

    @property
    def lines(self) -> tuple[str, ...]:
        """The words of the mark of a qualified signature."""
        return (
            "ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ",
            f"Сертификат {self.number}",
            f"Владелец {self.owner}",
            f"Действителен с {short_day(self.valid_from)} по {short_day(self.valid_to)}",
        )


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """A place for a signature: position, who, and how it was signed.

    ``note`` is the plain line of a simple signature; the frame of a qualified one is drawn from ``certificate`` and
    from nothing else (R36); with neither, a line for a handwritten signature is left. ``record`` names the journal's
    entry; ``dated`` leaves a blank for a handwritten date.
    """

    name: ClassVar = "signature"
    position: str
    person: str
    note: str = ""
    certificate: Certificate | None = None
    record: str = ""
    dated: bool = False

    def __post_init__(self) -> None:
        if self.note and self.certificate:
            raise Broken("a signature is either simple or qualified, not both")

    @property
    def evidence(self) -> str:
        """What is said of an electronic signature beside its mark, in one line."""
        return capitalised(", ".join(part for part in (self.note, self.record) if part))


@dataclass(frozen=True, slots=True)
class Dissent:
    """A dissenting opinion (особое мнение): its title, text and signature."""

    name: ClassVar = "dissent"
    title: str
    paragraphs: tuple[Text, ...]
    signature: SignatureLine


@dataclass(frozen=True, slots=True)
class Control:
    """A place that is filled in Word (a content control): a choice when there are ``options``, else a text of any length.

    ``tag`` is what the program knows it by, at most 64 letters (ECMA-376, 17.5.2.42); a ``fixed`` one cannot be changed.
    """

    name: ClassVar = "control"
    tag: str
    label: str
    value: str
    options: tuple[str, ...] = ()
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The rest begins on a new page."""

    name: ClassVar = "page_break"


@dataclass(frozen=True, slots=True)
class Code:
    """The QR code of an address that the text sends to, with what one finds there below it; at most one in a document."""

    name: ClassVar = "code"
    address: str
    caption: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Bars, ``width`` mm wide, the caption below; ``words`` say all of it to those who cannot see it."""

    name: ClassVar = "picture"
    bars: tuple[Bar, ...] | tuple[Pile, ...]
    caption: str
    words: str
    width: int = 160
    legend: Legend = ()

    def __post_init__(self) -> None:
        if not self.bars or not self.words.strip():
            raise Broken("a picture shows something and says it in words")


Block = Heading | Paragraph | Items | Facts | Table | SignatureLine | Dissent | Control | PageBreak | Code | Picture


@dataclass(frozen=True, slots=True)
class PersonStamp:
    """УТВЕРЖДАЮ by a person: the signature and its date, or a blank for the date."""

    name: ClassVar = "person"
    word: ClassVar = "УТВЕРЖДАЮ"
    signature: SignatureLine
    date: str


@dataclass(frozen=True, slots=True)
class OrderStamp:
    """УТВЕРЖДЕНО by an act: the word agrees with the document, the act stands in the instrumental."""

    name: ClassVar = "order"
    word: str
    act: str
    reference: str


# By a person or by an order: the type leaves no room for both.
Stamp = PersonStamp | OrderStamp


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says about itself; ``created`` is aware."""

    subject: str
    author: str
    created: datetime
    keywords: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    ``form`` sets the head: a *record* (title in the middle, stamp), an *order*, a *letter* (addressee on the right).
    ``heading`` is the heading to the text, ``number`` and ``date`` are ready words; None means that this kind has no
    number, an empty string that it is not given yet. ``foot`` is small type under every page; ``check_address`` is where
    anybody checks the document, shown as a QR code too.
    """

    kind: str
    form: Form
    title: str
    heading: str
    organisation: tuple[str, ...]
    number: str | None
    date: str
    place: str
    blocks: tuple[Block, ...]
    properties: Properties
    version: int = 1
    addressee: tuple[str, ...] = ()
    stamp: Stamp | None = None
    replaces: str = ""
    foot: tuple[str, ...] = ()
    check_address: str = ""

    def __post_init__(self) -> None:
        kind: Any = type(self)
        for name in names_of(kind):
            object.__setattr__(self, name, each_text(getattr(self, name), clean))
        object.__setattr__(self, "properties", each_text(self.properties, unmarked))
        if self.unsure and NOTE not in self.foot:
            object.__setattr__(self, "foot", (*self.foot, NOTE))

    @property
    def unsure(self) -> tuple[str, ...]:
        """The forms in it that wait for a person's confirmation, each once, in the order of the page."""
        return tuple(dict.fromkeys(forms_in((self.stamp, self.title, self.addressee, self.heading, self.blocks))))
