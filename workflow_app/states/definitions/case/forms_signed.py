"""What several sheets share: a reason, a signature."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.errors import N_
from workflow_app.states.forms import Choice, Problems, Sheet, ask, rule

HOW_SIGNED = (
    Choice("simple", N_("простой электронной подписью: ввести пароль ещё раз")),
    Choice("paper", N_("на бумаге: распечатать, подписать и приложить скан")),
)
REASON = N_("Причина")


@dataclass(frozen=True, kw_only=True)
class SignedSheet(Sheet):
    """A sheet that is signed: by the password typed again, or on paper with the scan attached (R35, 0a.9)."""

    how: str = ask(N_("Как подписать"), choices=HOW_SIGNED, widget="radio", default="simple")
    scan: str = ask(N_("Скан листа с подписью, SHA-256"), required=False, server=True, default="")
    scan_name: str = ask(N_("Имя файла скана"), required=False, server=True, default="")

    @rule
    def paper_has_its_scan(self) -> Problems:
        """A paper original is nothing without its scan."""
        if self.how == "paper" and not self.scan:
            return {"scan": (N_("Приложите скан листа с подписью."),)}
        return {}


@dataclass(frozen=True, kw_only=True)
class SignedHere(SignedSheet):
    """A sheet that is signed by the password alone, where another act tells of a signature on paper."""

    how: str = ask(N_("Как подписать"), server=True, required=False, default="simple")

    def __post_init__(self) -> None:
        """There is no other way, whatever a form sends."""
        object.__setattr__(self, "how", "simple")


@dataclass(frozen=True, kw_only=True)
class Reason(Sheet):
    """A reason in words. Subclasses name the transition whose effect they carry."""

    reason: str = ask(REASON, least=10, most=2000, long=True)
