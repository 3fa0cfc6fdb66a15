"""Files of a case or of a record: attached, removed; a frozen version of a case keeps what it holds whatever happens later."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.errors import N_
from workflow_app.states.definitions.case import conditions as c
from workflow_app.states.definitions.case.states import AUTHOR, ENTERER
from workflow_app.states.forms import Moves, Sheet, ask
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition, Who, workflow
from workflow_app.states.vocabulary import Permission as P


@dataclass(frozen=True, kw_only=True)
class Attach(Sheet):
    """An attachment. The client names its kind and what it shows; the server names the bytes."""

    kind: str = ask(N_("Что это за документ"), choices="attachment_kinds")
    note: str = ask(N_("Что подтверждает"), required=False, most=500, default="")
    name: str = ask(N_("Имя файла"), server=True)
    media_type: str = ask(N_("Тип"), server=True)
    size: int = ask(N_("Размер, байт"), server=True)
    sha256: str = ask(N_("SHA-256"), server=True)


@dataclass(frozen=True, kw_only=True)
class RemoveFile(Moves):
    """The author takes an attachment out of the draft. The row stays: a frozen version may name it, and it can be brought back."""


@dataclass(frozen=True, kw_only=True)
class RestoreFile(Sheet):
    """The author takes the removal back: the file stands at the end of the list again."""


@dataclass(frozen=True, kw_only=True)
class RenameFile(Sheet):
    """A clearer name, another kind or place among the attached files, from 1; the bytes stay."""

    name: str = ask(N_("Имя файла"), most=200)
    kind: str = ask(N_("Что это за документ"), choices="attachment_kinds")
    note: str = ask(N_("Что подтверждает"), required=False, most=500, default="")
    place: int = ask(N_("Место в списке"), least=1, most=999, default=1)


@dataclass(frozen=True, kw_only=True)
class WithdrawFile(Moves):
    """A file of a record is taken away; why. The row and the bytes stay."""

    reason: str = ask(N_("Причина"), least=3, most=500, long=True)


@dataclass(frozen=True, kw_only=True)
class ConfirmNames(Sheet):
    """The coordinator confirms that no pupil can be recognised, or that consents exist (R41, 0a.10)."""

    note: str = ask(N_("Что проверено"), required=False, most=500, default="")


FILE = workflow(
    name="file",
    title=N_("Файл"),
    initial="attached",
    begin=Guard(AUTHOR | ENTERER, permission=P.ATTACH, when=(c.additions_open,)),
    states=(
        State("attached", N_("Приложен"), N_("Приложен"), {}),
        State("removed", N_("Убран"), N_("Убран"), {}, tone="stopped"),
    ),
    transitions=(
        Transition("remove_file", N_("Убрать"), ("attached",), Guard(AUTHOR | ENTERER, permission=P.EDIT), (Target("removed"),),
                   asks=RemoveFile, tone=Tone.DANGER, past=N_("Файл убран")),
        Transition("restore_file", N_("Вернуть"), ("removed",), Guard(AUTHOR | ENTERER, permission=P.EDIT), (Target("attached"),),
                   asks=RestoreFile, past=N_("Убранный файл возвращён")),
        Transition("rename_file", N_("Переименовать"), ("attached",), Guard(AUTHOR | ENTERER, permission=P.EDIT),
                   asks=RenameFile, past=N_("Сведения о файле изменены")),
        Transition("confirm_names", N_("Подтвердить обезличивание"), ("attached",),
                   Guard(frozenset({Who.COORDINATOR}), frozenset({Who.INVOLVED})), asks=ConfirmNames,
                   past=N_("Обезличивание подтверждено")),
    ),
)  # fmt: skip

_KEEPERS = Guard(frozenset({Who.ANYONE}), permission=P.ATTACH)  # whoever the state of the record lets attach
RECORD_FILE = workflow(
    name="record_file",
    title=N_("Файл записи"),
    initial="attached",
    begin=_KEEPERS,
    states=(
        State("attached", N_("Приложен"), N_("Приложен"), {}),
        State("removed", N_("Убран"), N_("Убран"), {}, tone="stopped"),
    ),
    transitions=(
        Transition("rename_file", N_("Переименовать"), ("attached",), _KEEPERS, asks=RenameFile, past=N_("Сведения о файле изменены")),
        Transition("remove_file", N_("Убрать"), ("attached",), _KEEPERS, (Target("removed"),), asks=WithdrawFile,
                   tone=Tone.DANGER, past=N_("Файл убран")),
        Transition("restore_file", N_("Вернуть"), ("removed",), _KEEPERS, (Target("attached"),), asks=RestoreFile,
                   past=N_("Убранный файл возвращён")),
    ),
)  # fmt: skip
