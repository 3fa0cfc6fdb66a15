"""The words of letters: the fields that their texts name, our own texts, those that a centre wrote (``documents.letter_kinds``).

A field is asked for only where a text names it. A centre's text is rendered in a sandbox that knows its fields and nothing else.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, meta
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from workflow_app.case_types.registry import case_type
from workflow_app.content_types.letter_kinds import LETTERS, OF_RECORDS, original_of
from workflow_app.db.models import Assignment, Case, LetterText, Outbox, Person, RequisitesRow, Subject
from workflow_app.documents.letter_kinds import NEEDED
from workflow_app.documents.russian.grammar import day
from workflow_app.documents.template_fields.field import on_day
from workflow_app.errors import Sentence
from workflow_app.facts import assessment, choices, deadlines
from workflow_app.facts.subjects import volume_of
from workflow_app.operations.smtp import SITE
from workflow_app.states.forms import chosen
from workflow_app.states.pictures.handbook import length_said
from workflow_app.word_templates import expressions

_HERE = Path(__file__).parents[1]
_FOLDERS = (_HERE / "templates" / "letters", _HERE.parent / "templates" / "letters")  # installed, in a checkout
_BLOCK = re.compile(r"{% block (\w+) %}\n?(.*?){% endblock %}", re.DOTALL)
_DATE_ENDS = re.compile(r"\bг\.\.")  # a date ends with a full stop, and so does the sentence that ends with a date
_OWN: Final = (
    "{{% extends '{name}.txt' %}}{{% block subject %}}{{{{ own_subject }}}}{{% endblock %}}"
    "{{% block body %}}\n{{{{ own_body }}}}\n{{% endblock %}}"
)
_REQUISITES = (
    select(RequisitesRow.data)
    .where(RequisitesRow.municipality_id == bindparam("centre"))
    .order_by(RequisitesRow.since.desc())
    .limit(1)
)
_USED = (
    LetterText.municipality_id == bindparam("centre"),
    LetterText.template == bindparam("name"),
    LetterText.state == "used",
)
AROUND: Final = (
    _REQUISITES.scalar_subquery(), *(select(one).where(*_USED).scalar_subquery() for one in (LetterText.subject, LetterText.body))
)  # fmt: skip
"""The columns of :func:`framed`, of the centre ``centre`` and the letter ``name``."""
_log = logging.getLogger(__name__)

Values = Mapping[str, Any]
Own = tuple[str, str]
"""A centre's subject and body of a letter, with their fields."""
Frame = tuple[str, Own | None]
"""The centre's full name, and its own text of a letter where it wrote one."""


def around(session: Session, municipality_id: int, name: str) -> Frame:
    """Return the frame of a letter of a centre. One statement."""
    return framed(name, *session.execute(select(*AROUND), {"centre": municipality_id, "name": name}).one())


def framed(name: str, requisites: Mapping[str, Any] | None, subject: str | None, body: str | None) -> Frame:
    """Return the frame that the columns of :data:`AROUND` tell."""
    own = (str(subject), str(body)) if subject is not None and name in LETTERS else None
    return str((requisites or {}).get("full_name", "")), own


def written(name: str, context: Values, own: Own | None, tell: Callable[[str], object]) -> tuple[str, str]:
    """Return subject and body of a letter. ``tell`` gives the value of a field; a text that fails gives way to the original."""
    if own is not None:
        try:
            return _split(_of_centre(name, context, own, tell))
        except TemplateError:  # a field that was declared when the text was written, and is no more
            _log.exception("the centre's text of the letter %s", name)
    if name in OF_RECORDS:
        return _split(_of_centre(name, context, original(name), tell))
    known = {one: tell(one) for one in _asked(f"{name}.txt") if one in ABOUT and one not in context}
    return _split(_environment().get_template(f"{name}.txt").render(**context, **known))


def _of_centre(name: str, context: Values, own: Own, tell: Callable[[str], object]) -> str:
    engine = expressions.plain_text()
    asked = frozenset[str]().union(*(meta.find_undeclared_variables(engine.parse(one)) for one in own))
    known = LETTERS[name].declared
    told = asked & (known.fields | known.lists.keys())
    values = {one: context[one] if one in context else tell(one) for one in told}
    subject, body = (engine.from_string(one).render(values) for one in own)
    frame = {"own_subject": " ".join(subject.split()), "own_body": body.strip()}
    frame |= {"why": OF_RECORDS[name][1].why} if name in OF_RECORDS else {}
    return _environment().from_string(_OWN.format(name=LETTERS[name].frame or name)).render(**context, **frame)


def _split(words: str) -> tuple[str, str]:
    head, _, body = _DATE_ENDS.sub("г.", words).partition("\n")
    return head, body.strip() + "\n"


@cache
def original(name: str) -> Own:
    """Return our own subject and body of a letter, as a centre may begin with them."""
    if name in OF_RECORDS:
        return original_of(OF_RECORDS[name][1])
    source, _path, _current = FileSystemLoader(_FOLDERS).get_source(_environment(), f"{name}.txt")
    blocks = dict(_BLOCK.findall(source))
    return blocks["subject"].strip(), blocks["body"].strip()


def faults(name: str, subject: str, body: str) -> dict[str, tuple[Sentence, ...]]:
    """Return what is wrong with a centre's text, by field of the form; nothing: it can be used."""
    kind = LETTERS[name]
    parts = {"subject": (subject, kind.declared_in_subject), "body": (body, kind.declared)}
    found = {
        at: tuple(what for _line, what in expressions.faults(source, known)) for at, (source, known) in parts.items()
    }
    lacks = [said for one, said in NEEDED.items() if one in kind.fields and not re.search(rf"{{{{\s*{one}\b", body)]
    found["body"] = (*found["body"], *lacks)
    return {at: many for at, many in found.items() if many}


def things(**told: object) -> str:
    """Return the list of a letter of the day: ``mine``, ``total``, ``others``, ``site`` (``templates/letters/things.txt``)."""
    return _environment().get_template("things.txt").render(**told).strip()


def sample(name: str, own: Own, centre: str, greeting: str) -> tuple[str, str]:
    """Return the letter that a text makes of invented values, whole."""
    values = LETTERS[name].sample()
    context = {"greeting": greeting, "centre": centre, "site": "", **values}
    return written(name, context, own, lambda one: values.get(one, ""))


def address_of(session: Session, row: Outbox) -> str:
    """Return where a letter goes now: to the address that its person has today; empty when the account is closed.

    That of a change of the address goes where it went: the old address is told of it.
    """
    person = session.get(Person, row.person_id) if row.person_id is not None else None
    if person is None or row.template == "address_changed":
        return row.to_address
    return "" if person.state == "blocked" else person.email or row.to_address


@cache
def _asked(name: str) -> frozenset[str]:
    """Return the names that a template asks for, with those of the templates that it includes."""
    environment = _environment()
    source, _path, _current = FileSystemLoader(_FOLDERS).get_source(environment, name)
    tree = environment.parse(source)
    others = (_asked(one) for one in meta.find_referenced_templates(tree) if one)
    return frozenset(meta.find_undeclared_variables(tree)).union(*others)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDERS),
        autoescape=False,  # noqa: S701 - letters are plain text: an escaped quotation mark would be read as it stands
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = day
    return made


# ---------------------------------------------------------------------------------------------------------------- fields


def _listed(session: Session, case: Case, name: str, key: str) -> str:
    """Put a stored key of the case into words: the ground «late» of the list ``decline_grounds``."""
    found = chosen(choices.of_case(session, case).get(name), [key])
    return str(found[key].label) if found else key


def _link(_session: Session, case: Case, subject: Subject, name: str) -> str:
    if name in ("invitation", "work_begun"):
        return f"{SITE}/assignments/{subject.id}"
    return SITE + {"appeal_undone": "/reviews", "assignment_ended": "/"}.get(name, f"/cases/{case.id}")


def _length(session: Session, case: Case, key: str = "review") -> str:
    return str(length_said(deadlines.term_of(session, case.municipality_id, case.type, key)))


def _choice(session: Session, case: Case) -> str:
    """Say what the author may do about a conclusion that sends the work back, and until when; nothing where there is no choice."""
    kind = case_type(case.type)
    sent_back = case.state == "approved" and case.verdict == "revise"
    if not sent_back or "ask_revision" not in kind.workflow.transitions or case.round >= kind.shape.rounds:
        return ""
    words = _environment().get_template("choice.txt")
    return words.render(due=on_day(case.due_on), revision=_length(session, case, "revision")).strip()


def _area(case: Case) -> str:
    areas = {one.value: str(one.label) for one in choices.of_file("subject_areas")}
    return areas.get(str(case.form.get("subject_area") or ""), "")


def _remarks(session: Session, case: Case) -> list[dict[str, str]]:
    rows = enumerate(case.remarks.get("remarks") or (), start=1)
    return [
        {"n": str(n), "field": _listed(session, case, "form_fields", one["field"]), "text": one["text"]}
        for n, one in rows
    ]


def _files(case: Case) -> list[dict[str, str]]:
    return [{"n": str(n), "name": one["name"]} for n, one in enumerate(case.versions[-1].files, start=1)]


def _ground(session: Session, case: Case) -> str:
    key = str(case.refusal.get("ground") or "")
    return _listed(session, case, "decline_grounds", key) if key else ""


def _verdict(session: Session, case: Case) -> str:
    return assessment.sheet_of(session, case).verdict(case.verdict).text if case.verdict else ""


def _yes(condition: object) -> str:
    return "да" if condition else ""


ABOUT: Final[Mapping[str, Callable[[Session, Case, Subject, str], object]]] = {
    "number": lambda _s, case, _o, _n: case.number or "",
    "kind": lambda _s, case, _o, _n: str(case_type(case.type).title),
    "title": lambda _s, case, _o, _n: case.title,
    "link": _link,
    "due": lambda _s, case, one, _n: on_day(one.due_on if isinstance(one, Assignment) else case.due_on),
    "verdict": lambda session, case, _o, _n: _verdict(session, case),
    "to_revise": lambda _s, case, _o, _n: _yes(case.verdict == "revise"),
    "choice": lambda session, case, _o, _n: _choice(session, case),
    "appeal_until": lambda _s, case, _o, _n: "" if case.appealed else on_day(case.appeal_until),
    "received": lambda _s, case, _o, _n: on_day(case.received_at),
    "consideration_due": lambda _s, case, _o, _n: on_day(case.consideration_due),
    "attestation_on": lambda _s, case, _o, _n: on_day(case.attestation_on),
    "attestation_place": lambda _s, case, _o, _n: case.attestation_place,
    "ground": lambda session, case, _o, _n: _ground(session, case),
    "comment": lambda _s, case, _o, _n: str(case.refusal.get("comment") or ""),
    "general": lambda _s, case, _o, _n: str(case.remarks.get("general") or ""),
    "remarks": lambda session, case, _o, _n: _remarks(session, case),
    "files": lambda _s, case, _o, _n: _files(case),
    "count": lambda _s, case, _o, _n: str(len(case.versions[-1].files)),
    "area": lambda _s, case, _o, _n: _area(case),
    "volume": lambda _s, case, _o, _n: ", ".join(map(str, volume_of(case))),
    "length": lambda session, case, _o, _n: _length(session, case),
    "sent_on": lambda _s, case, _o, _n: on_day(case.sent_on),
    "granted": lambda _s, case, _o, _n: _yes(case.appeal.get("granted")),
    "of_refusal": lambda _s, case, _o, _n: _yes(case.appealed_from == "declined"),
}
"""What letters tell of a case, by field: the session, the case, what the letter is about (the case or a place on it), the letter."""
