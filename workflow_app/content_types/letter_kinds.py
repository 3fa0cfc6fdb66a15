"""The letters of records among those that a centre may write itself: made of what their kinds declare (ADR 29, 36).

What a declared letter says is its original text, in the language of all letters; it may name what that original names, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import reduce
from typing import Final

from workflow_app.content_types.awaited import Letter
from workflow_app.content_types.declaration import ContentType
from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.documents import letter_kinds as plain
from workflow_app.documents.letter_kinds import FIELDS, FIXED, LetterKind
from workflow_app.errors import N_, Broken, Sentence
from workflow_app.states.forms import Ask, asks, hints
from workflow_app.states.forms.declare import unwrap
from workflow_app.states.pictures.handbook import WHO

CALLED, LINK, FRAME = "called", "link", "record"
_TAKEN: Final = frozenset(
    {"centre", "frame", "greeting", "once", "person", "site", "subject", "template", "why"}
)  # of every letter
_NAMED: Final = re.compile(r"%\((\w+)\)s")
_EXAMPLES: Final[Mapping[str, str]] = {
    "starts": "14:00", "place": "Школа № 2", "title": "Подготовить список наставников.", "what": "Сколько первоклассников вы ждёте.",
    "reason": "Перенесено на весну.", "remark": "Укажите отдельно вечернюю форму.",
}  # fmt: skip


def key_of(kind: ContentType, letter: Letter) -> str:
    """Return by which name the text of a letter is kept: its kind and the act that it follows."""
    return f"{kind.key}.{letter.after}"


def named_in(letter: Letter) -> tuple[str, ...]:
    """Return the fields that a letter tells, each once, in their order."""
    return tuple(dict.fromkeys(name for words in letter.words for name in _NAMED.findall(words)))


def original_of(letter: Letter) -> tuple[str, str]:
    """Return our own subject and body of a letter as a centre may begin with them: a sentence whose field is empty is left out."""
    lines = [_conditional(words) for words in letter.words]
    return letter.head, "\n".join((*lines, "", "{{ link }}"))


def _conditional(words: str) -> str:
    line = _NAMED.sub(lambda found: f"{{{{ {found[1]} }}}}", words)
    for name in reversed([one for one in dict.fromkeys(_NAMED.findall(words)) if one != CALLED]):
        line = f"{{% if {name} %}}\n{line}\n{{% endif %}}"
    return line


def _kind(kind: ContentType, letter: Letter) -> LetterKind:
    whole = CONTENT_TYPES[kind.within or kind.key]
    about = {
        CALLED: (N_("как называется: %(kind)s", kind=whole.titles[0]), f"{whole.titles[0]} (пример)"),
        LINK: (N_("ссылка на карточку записи; без неё письмо не сохранится"), f"https://имц.example{whole.path}/12"),
    }
    own = tuple(name for name in named_in(letter) if name != CALLED)
    if taken := _TAKEN.intersection(own):
        raise Broken(f"{key_of(kind, letter)} tells {sorted(taken)}, which are of every letter")
    about |= {name: _told(kind, letter, name) for name in own}
    to = [WHO[who] for who in sorted(letter.to)]
    title = N_("%(kind)s: %(head)s", kind=whole.titles[0], head=letter.head)
    everybody = reduce(lambda first, more: N_("%(first)s, %(more)s", first=first, more=more), to)
    return LetterKind(
        key_of(kind, letter),
        title,
        everybody,
        own,
        usual=(CALLED, LINK),
        about=about,
        in_subject=frozenset(),
        frame=FRAME,
    )


def _told(kind: ContentType, letter: Letter, name: str) -> tuple[Sentence, str]:
    """Return what a field is, and what stands in the preview: of the act's own sheet, of the record, of its whole."""
    for sheet in _sheets(kind, letter):
        known: Mapping[str, Ask] = asks(sheet)
        if name in known:
            of_day = unwrap(hints(sheet)[name])[0] is date
            return known[name].label, FIELDS["due"][1] if of_day else _EXAMPLES.get(
                name, str(known[name].label).lower()
            )
    raise Broken(f"{key_of(kind, letter)} tells the unknown field {name!r}")


def _sheets(kind: ContentType, letter: Letter) -> Iterator[type]:
    if letter.after in kind.workflow.transitions:
        yield kind.workflow.transition(letter.after).asks
    yield kind.sheet
    if kind.within:
        yield CONTENT_TYPES[kind.within].sheet


OF_RECORDS: Final[Mapping[str, tuple[LetterKind, Letter]]] = {
    key_of(kind, letter): (_kind(kind, letter), letter) for kind in CONTENT_TYPES.values() for letter in kind.letters
}
if len(OF_RECORDS) != sum(len(kind.letters) for kind in CONTENT_TYPES.values()):
    raise Broken("two letters of a kind follow one act: their texts would have one name")
LETTERS: Final[Mapping[str, LetterKind]] = {**plain.LETTERS, **{key: kind for key, (kind, _) in OF_RECORDS.items()}}
"""Every letter whose text a centre may write."""


def title_of(template: str, subject: str) -> Sentence | str:
    """Return what a letter is called in lists; of one older than the register, its subject."""
    known = LETTERS.get(template)
    return known.title if known else FIXED.get(template, subject)
