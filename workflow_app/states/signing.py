"""How an act is signed: by the password typed again under the accepted agreement, or on paper with its scan (R35)."""

from __future__ import annotations

from workflow_app.errors import N_, Broken, Invalid
from workflow_app.states.definitions.case.forms import SignedSheet
from workflow_app.states.forms import Sheet
from workflow_app.states.vocabulary import Actor, Transition


def signature(actor: Actor, transition: Transition, sheet: Sheet) -> str:
    """Return what the event keeps of the signature: «simple:<version of the agreement>», «paper:<SHA-256>» or nothing."""
    if not transition.signs:
        return ""
    if not isinstance(sheet, SignedSheet):
        raise Broken(f"{transition.name} signs, but its sheet does not say how")
    if sheet.how == "paper":
        if not sheet.scan:
            raise Invalid({"scan": (N_("Приложите скан листа с подписью."),)})
        return f"paper:{sheet.scan}"
    if actor.proof is None or not actor.proof.agreement:
        told = N_("Чтобы подписать, введите пароль ещё раз (соглашение о простой подписи должно быть принято).")
        raise Invalid({"password": (told,)})
    return f"simple:{actor.proof.agreement}"
