"""Seed data and lists as files: the lowest room, which knows nothing of ours.

:func:`load` reads ``<name>.yaml`` of this folder, :func:`text` a text file. Typed objects are made where they belong
(criteria sheets in ``assessment.criteria``). A centre edits its own copies in the database; these files are the first
fill. A case type keeps its data beside it, in its own folder.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib import resources
from typing import Any

import yaml

__all__ = ["load", "names", "text"]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, and not in every build of PyYAML


def load(name: str, package: str = __name__) -> Any:
    """Return the content of ``<name>.yaml``: mappings, lists, strings, whole numbers, truths, dates; never a float.

    The file lies in this folder, or in that of ``package``, which keeps its data beside it (a case type). Each call gives
    its own copy, so a caller may change it. Raises FileNotFoundError for an unknown name.
    """
    return deepcopy(_parsed(name, package))


@cache
def text(file_name: str, package: str = __name__) -> str:
    """Return a text file of this folder, e.g. ``innovation_project.ru.txt``, or of a package's. Raises FileNotFoundError."""
    return resources.files(package).joinpath(file_name).read_text(encoding="utf-8")


@cache
def _parsed(name: str, package: str) -> object:
    return yaml.load(text(f"{name}.yaml", package), _LOADER)  # noqa: S506 - a safe loader, of C where libyaml is there
