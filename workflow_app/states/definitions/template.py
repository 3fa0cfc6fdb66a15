"""A centre's own Word templates: an upload is a new edition; at most one edition of a kind of document is switched on."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.errors import N_
from workflow_app.states.forms import Sheet, ask
from workflow_app.states.vocabulary import Guard, State, Target, Tone, Transition, Trigger, Who, workflow
from workflow_app.states.vocabulary import Permission as P


@dataclass(frozen=True, kw_only=True)
class UploadTemplate(Sheet):
    """A checked template; the server names the kind of document, the file and its bytes."""

    note: str = ask(N_("Что изменено"), required=False, most=300, default="")
    document_kind: str = ask(N_("Вид документа"), server=True)
    name: str = ask(N_("Имя файла"), server=True)
    size: int = ask(N_("Размер, байт"), server=True)
    sha256: str = ask(N_("SHA-256"), server=True)


@dataclass(frozen=True, kw_only=True)
class SwitchOnTemplate(Sheet):
    """From now on documents of the kind are made by this template."""


_KEEPERS = frozenset({Who.ADMIN, Who.COORDINATOR, Who.DIRECTOR})
_HEADS = frozenset({Who.ADMIN, Who.DIRECTOR})
_READ = {P.VIEW: _KEEPERS}

WORD_TEMPLATE = workflow(
    name="word_template",
    title=N_("Шаблон документа"),
    initial="off",
    begin=Guard(_KEEPERS),
    states=(
        State("off", N_("Выключен"), N_("Выключен"), _READ, tone="draft"),
        State("on", N_("Включён"), N_("Включён"), _READ, tone="good"),
        State("retired", N_("Отправлен в архив"), N_("Отправлен в архив"), _READ, final=True, tone="done"),
    ),
    transitions=(
        Transition("switch_on", N_("Включить"), ("off",), Guard(_HEADS), (Target("on"),), asks=SwitchOnTemplate,
                   past=N_("Шаблон включён")),
        Transition("switch_off", N_("Выключить"), ("on",), Guard(_KEEPERS), (Target("off"),),
                   past=N_("Шаблон выключен")),
        Transition("give_way", N_("Уступить другой версии"), ("on",), Guard(frozenset({Who.SYSTEM})), (Target("off"),),
                   Trigger.CASCADE, past=N_("Шаблон выключен: включена другая версия")),
        Transition("retire_template", N_("Отправить в архив"), ("off",), Guard(_KEEPERS), (Target("retired"),),
                   tone=Tone.DANGER, past=N_("Шаблон отправлен в архив")),
    ),
)  # fmt: skip
