"""What grows around an issued document: the organisation's seal on its PDF, signatures made outside. The bytes never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflow_app.errors import N_
from workflow_app.states.definitions.case.forms_signed import HOW_SIGNED, Reason, SignedSheet
from workflow_app.states.forms import Choice, Sheet, ask

FORMS = (
    Choice("docx", N_("к выпущенному файлу")),
    Choice("pdf", N_("к PDF/A")),
    Choice("sealed", N_("к PDF с печатью организации")),
)


@dataclass(frozen=True, kw_only=True)
class Seal(SignedSheet):
    """The seal of the organisation on the PDF, put by a person who types the password again; never on paper."""

    how: str = ask(N_("Как подписать"), choices=HOW_SIGNED[:1], widget="radio", default="simple")
    pdf: str = ask(N_("PDF/A, SHA-256"), required=False, server=True, default="")
    sealed: str = ask(N_("PDF с печатью, SHA-256"), required=False, server=True, default="")
    level: str = ask(N_("Вид подписи"), required=False, server=True, default="")
    number: str = ask(N_("Номер сертификата"), required=False, server=True, default="")
    owner: str = ask(N_("Владелец сертификата"), required=False, server=True, default="")


@dataclass(frozen=True, kw_only=True)
class AttachSignature(Sheet):
    """A detached signature made outside. The server reads it; the person says only what the server cannot find out."""

    claimed: str = ask(
        N_("К какому файлу сделана подпись"), choices=FORMS, widget="radio", default="docx",
        help=N_("Нужно только для подписей по ГОСТ: для остальных система находит файл сама."),
    )  # fmt: skip
    name: str = ask(N_("Имя файла"), required=False, server=True, default="")
    sha256: str = ask(N_("SHA-256"), required=False, server=True, default="")
    form: str = ask(N_("Подписанный файл"), required=False, server=True, default="")
    verdict: str = ask(N_("Проверка"), required=False, server=True, default="")
    fields: Mapping[str, str] = ask(N_("Сведения сертификата"), required=False, server=True, default=None)


@dataclass(frozen=True, kw_only=True)
class WithdrawSignature(Reason):
    """A signature that was attached by mistake: it stays, crossed out, with the reason."""

    signature_id: int | None = ask(N_("Подпись"), required=False, server=True, default=None)
