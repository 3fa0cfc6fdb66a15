"""What the acts on letters do to rows: one is sent again, a text is written, an older one gives way."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.content_types.letter_kinds import LETTERS
from workflow_app.db.models import LetterText, Municipality, Outbox
from workflow_app.documents.letter_kinds import SECRET
from workflow_app.errors import N_, Broken, Invalid
from workflow_app.facts.locking import lock_root
from workflow_app.gate import effect, entail, letter_words
from workflow_app.operations.smtp import ATTEMPTS_MOST
from workflow_app.states.definitions.centre import SendAgain
from workflow_app.states.definitions.letter_text import RestoreLetter, WriteLetter
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Actor

_SAME = (
    "to_address", "subject", "body", "case_id", "person_id", "municipality_id", "template", "about_kind", "about_id",
)  # fmt: skip


@effect.register
def _again(sheet: SendAgain, session: Session, actor: Actor, subject: Municipality) -> None:
    """Let a letter that did not leave be tried anew, to the address that the person has now; a sent one goes out as another."""
    del actor
    row = session.get(Outbox, sheet.letter)
    if row is None or row.municipality_id != subject.id:
        raise Broken("a letter of another centre")
    address = letter_words.address_of(session, row)
    if not address:
        raise Invalid({"": (N_("Учётная запись закрыта: писем этому человеку система не отправляет."),)})
    if row.sent_at is None:
        leaving = row.leased_until is not None and row.leased_until > clock.now()  # the server is talked to right now
        if leaving or (row.attempts < ATTEMPTS_MOST and not row.error):
            raise Invalid({"": (N_("Письмо ещё ждёт отправки: второй раз нажимать не нужно."),)})
        row.attempts, row.error, row.not_before, row.leased_until = 0, "", clock.now(), None
        row.to_address = address
        return
    if row.template in SECRET:
        raise Invalid({"": (N_("В письме была ссылка, которая действует один раз: пригласите человека заново."),)})
    now = clock.now()
    copy = Outbox(**{name: getattr(row, name) for name in _SAME}, created_at=now, not_before=now)
    copy.to_address = address
    session.add(copy)


@effect.register
def _write(sheet: WriteLetter, session: Session, actor: Actor, subject: LetterText) -> None:
    """Take a text that names nothing undeclared; the one that was used gives way."""
    if sheet.template not in LETTERS:
        raise Broken(f"no letter {sheet.template!r}")
    if wrong := letter_words.faults(sheet.template, sheet.subject, sheet.body):
        raise Invalid(wrong)
    subject.subject, subject.body, subject.note = sheet.subject, sheet.body, sheet.note
    session.flush()
    mine = (LetterText.municipality_id == subject.municipality_id, LetterText.template == sheet.template)
    used = select(LetterText).where(*mine, LetterText.state == "used", LetterText.id != subject.id)
    for other in session.scalars(used):
        entail(session, actor.as_system(), other, "replace_letter", Nothing())


@effect.register
def _restore(sheet: RestoreLetter, session: Session, actor: Actor, subject: LetterText) -> None:
    """The text moves to the former ones; nothing else is needed: the original is used where no other is."""
    del sheet, session, actor, subject


def next_edition(session: Session, municipality_id: int, template: str) -> int:
    """Return the number of a letter's next text, with the centre locked: two do not get one number."""
    lock_root(session, session.get_one(Municipality, municipality_id))
    mine = (LetterText.municipality_id == municipality_id, LetterText.template == template)
    return (session.scalar(select(func.max(LetterText.edition)).where(*mine)) or 0) + 1
