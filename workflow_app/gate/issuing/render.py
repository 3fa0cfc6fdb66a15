"""The bytes of a document: by the centre's own Word template where one is switched on, else by our own composition."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app.db.blobs import Blobs
from workflow_app.db.models import Document, WordTemplate
from workflow_app.documents.content.snapshot import Material, RecordMaterial
from workflow_app.documents.docx import template_marks, write
from workflow_app.documents.docx.blocks import Document as Composed
from workflow_app.documents.kinds import registry
from workflow_app.documents.template_fields.registry import values
from workflow_app.errors import N_, WorkflowError
from workflow_app.gate.issuing.context import Paper, Scene
from workflow_app.gate.issuing.snapshot import draft_material, material
from workflow_app.word_templates import render


def template_on(session: Session, municipality_id: int, key: str) -> WordTemplate | None:
    """Return the template by which the centre makes documents of this kind, if it has switched one on."""
    found = select(WordTemplate).where(
        WordTemplate.municipality_id == municipality_id, WordTemplate.document_kind == key, WordTemplate.state == "on"
    )
    return session.scalars(found.order_by(WordTemplate.edition.desc()).limit(1)).first()


def drawn(scene: Scene, document: Document, together: dict[str, Document], blobs: Blobs) -> bytes:
    """Return the bytes of a row's document and note in the row by which template they were made.

    Raises WorkflowError when the template does not do its work: the act is then refused whole, nothing is issued.
    """
    return made(scene.session, document, material(Paper(scene, document, together)), blobs)


def made(session: Session, document: Document, made_of: Material | RecordMaterial, blobs: Blobs) -> bytes:
    """Return the same of a material that was read from the rows already: of a record's document."""
    template = template_on(session, document.municipality_id, document.document_kind)
    document.template_id = template.id if template else None
    return _made(template, document.document_kind, made_of, blobs)


def draft_file(scene: Scene, key: str, blobs: Blobs) -> bytes:
    """Return the file of a document as it would be issued now, to be read, or signed by hand: by the same form."""
    template = template_on(scene.session, scene.case.municipality_id, key)
    return _made(template, key, draft_material(scene, key), blobs)


def draft_of_record(session: Session, municipality_id: int, key: str, material: RecordMaterial, blobs: Blobs) -> bytes:
    """Return the file of a document of a record as it would be issued now, without a number: by the same form."""
    return _made(template_on(session, municipality_id, key), key, material, blobs)


def _made(template: WordTemplate | None, key: str, made_of: Material | RecordMaterial, blobs: Blobs) -> bytes:
    composed = registry.kind(key).compose(made_of)
    if template is None:
        return write.write(composed)
    try:
        file = render.render(blobs.read(template.sha256), key, values(key, made_of), about(composed))
        return template_marks.shown(file, composed)
    except WorkflowError as error:
        why = N_(
            "Шаблон «%(name)s» не сработал: %(why)s Выключите его на странице «Шаблоны» и повторите.",
            name=template.file_name,
            why=error.sentence,
        )
        raise WorkflowError(why) from error


def about(composed: Composed) -> render.About:
    """Return what the file of a composed document says of itself."""
    said = composed.properties
    title = f"{composed.title or composed.heading} {composed.number or ''}".strip()
    return render.About(title, said.subject, said.author, ", ".join(said.keywords), said.created, composed.version)
