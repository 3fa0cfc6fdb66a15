"""What is right and still looks like a slip: a sheet may hold it, but a person is asked first and says yes or mends it."""

from __future__ import annotations

import typing
from datetime import date

from workflow_app.errors import N_, Sentence
from workflow_app.spelling import latin_inside
from workflow_app.states.forms.declare import Ask, Problems, Sheet, asks


def doubts(sheet: Sheet, today: date) -> Problems:
    """Return what to ask about a filled sheet, by the paths of :func:`fill`; ``today`` is the centre's date."""
    found: Problems = {}
    for name, how in asks(type(sheet)).items():
        _walk(how, getattr(sheet, name), name, today, found)
    return found


def _walk(how: Ask, value: typing.Any, path: str, today: date, found: Problems) -> None:
    if isinstance(value, Sheet):
        found |= {f"{path}.{inner}": said for inner, said in doubts(value, today).items()}
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            _walk(how, one, f"{path}.{number}", today, found)
    elif how.doubt is not None and value not in (None, "") and (said := how.doubt(value, today)) is not None:
        found[path] = (said,)


def latin(words: str, _today: date) -> Sentence | None:
    """Doubt a name in which Latin letters stand for Russian ones: nobody sees it, no search finds it, papers carry it."""
    if (found := latin_inside(words)) is None:
        return None
    word, letters = found
    return N_(
        "В слове «%(word)s» есть латинские буквы: %(letters)s. Наберите его русскими, иначе поиск его не найдёт.",
        word=word, letters=letters,
    )  # fmt: skip


def another_year(day: date, today: date) -> Sentence | None:
    """Doubt a date that is not of this year: mostly a slip of the finger."""
    if day.year == today.year:
        return None
    return N_("Год не нынешний: %(day)s. Проверьте дату.", day=f"{day:%d.%m.%Y}")
