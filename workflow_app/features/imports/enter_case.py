"""The steps by which a case of a table is entered, each through the gate: a file attached, the form submitted, the case registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from workflow_app import clock, gate
from workflow_app.db import working_copies
from workflow_app.db.models import Case, CaseFile
from workflow_app.errors import N_, Invalid, NotYet, Sentence
from workflow_app.facts import choices
from workflow_app.facts.subjects import workflow_of
from workflow_app.states.definitions.file import Attach
from workflow_app.states.forms import Sheet, asks, fill, is_unfilled
from workflow_app.states.vocabulary import Actor


def attach(session: Session, actor: Actor, case: Case, file: Mapping[str, object]) -> None:
    """Attach a file of an archive to a case, as the document that it was taken for."""
    told = {key: file[key] for key in ("name", "media_type", "size", "sha256")}
    row = CaseFile(
        case_id=case.id, municipality_id=case.municipality_id, attachment=file["kind"], uploaded_at=clock.now(), **told
    )
    gate.begin(session, actor, row, fill(Attach, {**told, "kind": file["kind"]}, choices.of_case(session, case)))
    session.expire(case, ["files"])


def submit(
    session: Session, actor: Actor, case: Case, form: Mapping[str, object], lacks: Sequence[Sentence] = ()
) -> str:
    """Submit the form; return what bars it, in words, and nothing is done then. ``lacks``: what is known to be missing beside it."""
    sheet = _sheet_of(case, "submit")
    try:
        with session.begin_nested():
            filled: Sheet = fill(sheet, form, choices.of_case(session, case))
            gate.perform(session, actor, case, "submit", filled, case.version)
    except Invalid as error:
        fields = asks(sheet)
        said = [
            str(fields[path].label if is_unfilled(one) and path in fields else one)
            for path, many in error.problems.items()
            for one in many
        ]
        return "; ".join(dict.fromkeys([*said, *map(str, lacks)]))
    except NotYet as error:
        return "; ".join(map(str, lacks)) or str(error.sentence)
    return ""


def register(session: Session, actor: Actor, case: Case, papers: Mapping[str, object]) -> Sentence:
    """Register a submitted case by the date and number of its papers; without them it waits for the centre. Return what came of it."""
    if not papers:
        return N_("Подано, ждёт регистрации в центре.")
    gate.perform(session, actor, case, "register", fill(_sheet_of(case, "register"), papers), case.version)
    return N_("Зарегистрировано: %(number)s", number=case.number)


def keep(session: Session, actor: Actor, case: Case, transition: str, typed: Mapping[str, object]) -> None:
    """Let a form of the draft begin with what the table said: typed, and not yet performed (decisions.md 3)."""
    said = {key: value for key, value in typed.items() if value}
    if said and actor.person_id is not None:
        working_copies.keep(session, (actor.person_id, case.kind, case.id, transition), said)


def kept(session: Session, actor: Actor, case: Case, transition: str) -> Mapping[str, object]:
    """Return what a form of the draft begins with for the actor."""
    copy = working_copies.find(session, (actor.person_id or 0, case.kind, case.id, transition))
    return dict(copy.data) if copy is not None else {}


def _sheet_of(case: Case, name: str) -> type[Sheet]:
    """Return what a transition of the case asks."""
    return workflow_of(case).transition(name).asks
