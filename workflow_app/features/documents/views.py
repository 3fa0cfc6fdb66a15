"""The slice's pages are declared on this; each module of views beside it is imported by ``app``."""

from __future__ import annotations

from workflow_app.web.page import Slice

slice_ = Slice("papers")
page = slice_.page
