"""What a document is: one file of this folder declares all of it, and the registry names the file (ADR 27)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from workflow_app.documents.content.snapshot import CentreCard, Material, RecordMaterial
from workflow_app.documents.docx.blocks import Document, Form
from workflow_app.errors import Sentence

Register = Literal[
    "conclusions", "orders", "letters", "decisions", "acts", "protocols", "extracts", "certificates", "sheets", "plans"
]


class Said(NamedTuple):
    """A field of templates that needs the whole material."""

    name: str
    about: Sentence
    said: Callable[[Material], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of document, whole.

    ``of``: what issues it, a case or a record of a content type (ADR 28).
    ``register`` is the counter of its numbers, None where the case's number is enough. ``card`` is what the document says
    beyond the case: the class declares which facts are wanted, ``gate.issuing`` reads them, templates name its fields, ``sample``
    invents one with lists of so many rows; None where the case is enough. ``says`` are fields of templates that need the whole
    material. ``words`` composes.
    """

    key: str
    title: Sentence
    register: Register | None
    words: Callable[[Kind, Any], Document]
    of: Literal["case", "record"] = "case"
    card: type | None = None
    sample: Callable[[CentreCard, date, int], Any] = lambda _centre, _today, _rows: None
    says: tuple[Said, ...] = ()
    form: Form = "record"
    attestation: bool = False  # issued in an attestation only
    stamped: bool = False  # approved, and says so at its top
    signer: Literal["expert", "director"] | None = None  # whose hand everybody may learn of; None: nobody's
    reader: Literal["applicant", "panel"] | None = None  # to whom it is written, when not to who may see the conclusion
    named_in: tuple[str, ...] = ()  # kinds that name its version: issued anew with it
    renewed_in: tuple[str, ...] = ()  # the states of the case in which it is issued anew with what it names; none: all

    def compose(self, material: Material | RecordMaterial) -> Document:
        """Return the document that is made of the material."""
        return self.words(self, material)
