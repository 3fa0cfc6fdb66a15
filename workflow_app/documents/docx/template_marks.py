"""What a user's template leaves as marks and the product draws: QR codes and the pictures of its own composition."""

from __future__ import annotations

from workflow_app.documents.docx import pictures, qr_code
from workflow_app.documents.docx.bars import drawn
from workflow_app.documents.docx.blocks import Document, Picture
from workflow_app.documents.russian.unconfirmed import unmarked


def shown(data: bytes, document: Document) -> bytes:
    """Return a file made by a template with everything drawn where its mark was left; ``document``: our own composition."""
    found = []
    for one in document.blocks:
        if isinstance(one, Picture):
            png, high = drawn(one.bars, one.width, one.legend)
            found.append((png, (one.width, high), unmarked(one.words)))
    return pictures.placed(qr_code.pictured(data), found)
