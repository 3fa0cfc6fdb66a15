"""A centre's own text of a letter: each is a new edition; at most one of a letter is in use, and the original waits behind it."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.errors import N_
from workflow_app.states.forms import Sheet, ask
from workflow_app.states.vocabulary import Guard, State, Target, Transition, Trigger, Who, workflow
from workflow_app.states.vocabulary import Permission as P


@dataclass(frozen=True, kw_only=True)
class LetterWords(Sheet):
    """What a centre writes: the subject in one line, and the text between the greeting and the name of the centre."""

    subject: str = ask(N_("Тема письма"), least=5, most=150, help=N_("Без имён: тему видно на чужом экране."))
    body: str = ask(
        N_("Текст письма"), least=20, most=5000, long=True, help=N_("Обращение, название центра и пояснение внизу добавятся сами.")
    )  # fmt: skip
    note: str = ask(N_("Что изменено"), required=False, most=200, default="")


@dataclass(frozen=True, kw_only=True)
class WriteLetter(LetterWords):
    """A checked text; the server names the letter."""

    template: str = ask(N_("Письмо"), server=True)


@dataclass(frozen=True, kw_only=True)
class RestoreLetter(Sheet):
    """The original text is used from now on."""


_KEEPERS = frozenset({Who.ADMIN, Who.COORDINATOR})
_READ = {P.VIEW: _KEEPERS | {Who.DIRECTOR}}

LETTER_TEXT = workflow(
    name="letter_text",
    title=N_("Текст письма"),
    initial="used",
    begin=Guard(_KEEPERS),
    states=(
        State("used", N_("Используется"), N_("Используется"), _READ, tone="good"),
        State("former", N_("Прежний"), N_("Прежний"), _READ, final=True, tone="done"),
    ),
    transitions=(
        Transition("restore_letter", N_("Вернуть исходный текст"), ("used",), Guard(_KEEPERS), (Target("former"),), asks=RestoreLetter,
                   past=N_("Возвращён исходный текст письма")),
        Transition("replace_letter", N_("Заменить новым текстом"), ("used",), Guard(frozenset({Who.SYSTEM})), (Target("former"),),
                   Trigger.CASCADE, past=N_("Текст письма заменён новым")),
    ),
)  # fmt: skip
