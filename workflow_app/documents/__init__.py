"""Documents: what they say (blocks), how they are composed (one file per kind), how they become a Word file.

Composition is pure: a frozen :class:`~workflow_app.documents.content.snapshot.Material` goes in, a
:class:`~workflow_app.documents.docx.blocks.Document` comes out. The Word file, the page preview and the plain text are made
from the same blocks. Only ``docx.write`` knows the library that writes Word files.
"""
