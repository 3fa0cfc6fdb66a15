"""Which column of a person's table is which: by its heading, in whatever spelling."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workflow_app.errors import N_, Sentence


@dataclass(frozen=True, slots=True)
class Match:
    """Where each wanted column stands (from 0), and what a person should be told about the rest."""

    columns: Mapping[str, int]
    missing: tuple[Sentence, ...] = ()
    unknown: tuple[Sentence, ...] = ()
    repeated: tuple[Sentence, ...] = ()


def match_columns(
    header: Sequence[str],
    wanted: Mapping[str, Sequence[str]],
    optional: Collection[str] = (),
) -> Match:
    """Find the columns ``wanted`` (key -> headings, the first is the one shown to people) in ``header``.

    Case, ``ё``, punctuation and spaces do not matter. A missing ``optional`` column is not reported. When two columns
    fit one key the first is taken and the second reported.
    """
    keys = {_plain(heading): key for key, headings in wanted.items() for heading in (key, *headings)}
    columns: dict[str, int] = {}
    unknown: list[Sentence] = []
    repeated: list[Sentence] = []
    for place, heading in enumerate(header):
        key = keys.get(_plain(heading))
        if key is None:
            if heading:
                unknown.append(N_("Столбец «%(heading)s» не используется.", heading=heading))
        elif key in columns:
            repeated.append(N_("Столбец «%(heading)s» повторяется.", heading=heading))
        else:
            columns[key] = place
    missing = [
        N_("Нет столбца «%(heading)s».", heading=headings[0])
        for key, headings in wanted.items()
        if key not in columns and key not in optional
    ]
    return Match(columns, tuple(missing), tuple(unknown), tuple(repeated))


def _plain(heading: str) -> str:
    return " ".join(re.findall(r"[\w№%]+", heading.casefold().replace("ё", "е").replace("_", " ")))
