"""Issued documents: their bytes never change; a version is in force, replaced by a new one, superseded or void."""

from __future__ import annotations

from workflow_app.errors import N_
from workflow_app.states.definitions.case.states import AUTHORS, OFFICE, PANEL
from workflow_app.states.definitions.document_forms import AttachSignature, Seal, WithdrawSignature
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Guard, Permission, State, Target, Tone, Transition, Trigger, Who, workflow

_SYSTEM = Guard(frozenset({Who.SYSTEM}))
_INVOLVED = frozenset({Who.INVOLVED})  # R30
_DIRECTOR = Guard(frozenset({Who.DIRECTOR}), _INVOLVED)
_OFFICE = Guard(OFFICE, _INVOLVED)


# Always: an expert's own signed sheet (decisions.md 33), the applicant's own letters.
_OWN = {
    Permission.SEE_REVIEWS: frozenset({Who.OWN}),
    Permission.SEE_LETTERS: AUTHORS | OFFICE,
    Permission.SEE_MINUTES: OFFICE | PANEL,
}
# What was handed over stays with whom it was handed to, though the case itself goes on blind; what failed stays with the centre.
_PAST = {**_OWN, Permission.SEE_CONCLUSION: AUTHORS | OFFICE}
_FAILED = {**_OWN, Permission.SEE_CONCLUSION: OFFICE}

DOCUMENT = workflow(
    name="document",
    title=N_("Документ"),
    initial="issued",
    begin=Guard(frozenset({Who.SYSTEM})),
    states=(
        State("issued", N_("Действует"), N_("Действует"), _OWN, tone="good"),
        State("replaced", N_("Заменён"), N_("Недействителен: заменён"), _FAILED, final=True, tone="stopped"),
        State("superseded", N_("Из прошлого рассмотрения"), N_("Из прошлого рассмотрения"), _PAST, tone="done"),
        State("void", N_("Недействителен"), N_("Недействителен"), _FAILED, final=True, tone="stopped"),
    ),
    transitions=(
        Transition("replace", N_("Заменить"), ("issued", "superseded"), _SYSTEM, (Target("replaced"),), Trigger.CASCADE,
                   asks=Nothing, past=N_("Документ заменён новой версией")),
        Transition("supersede", N_("Сменить новым рассмотрением"), ("issued",), _SYSTEM, (Target("superseded"),), Trigger.CASCADE,
                   asks=Nothing, past=N_("Документ остался в прошлом рассмотрении")),
        Transition("void", N_("Признать недействительным"), ("issued", "superseded"), _SYSTEM, (Target("void"),),
                   Trigger.CASCADE, asks=Nothing, past=N_("Документ признан недействительным")),
        Transition("make_pdf", N_("Сделать PDF"), ("issued", "superseded", "replaced", "void"), _SYSTEM, trigger=Trigger.CASCADE,
                   past=N_("Сделан PDF документа")),
        Transition("seal", N_("Поставить печать организации"), ("issued",), _DIRECTOR, asks=Seal, signs=True,
                   past=N_("PDF заверен печатью организации"), done=N_("PDF заверен печатью организации."),
                   means=N_("PDF этого документа получит электронную печать организации. Сам документ не изменится.")),
        Transition("attach_signature", N_("Приложить электронную подпись"), ("issued", "superseded"), _OFFICE,
                   asks=AttachSignature, past=N_("Приложена электронная подпись"), done=N_("Подпись приложена."),
                   means=N_("Файл подписи останется при документе навсегда. Сам документ не изменится.")),
        Transition("withdraw_signature", N_("Отозвать приложенную подпись"), ("issued", "superseded"), _OFFICE,
                   asks=WithdrawSignature, tone=Tone.DANGER, past=N_("Приложенная подпись отозвана"),
                   means=N_("Подпись останется в списке зачёркнутой, с причиной.")),
    ),
)  # fmt: skip
