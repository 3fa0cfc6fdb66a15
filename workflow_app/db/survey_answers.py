"""The second named exception to the gate: answers to surveys are no records, and no event tells of one (ADR 31).

What is written here has no actor, no address and no time. Answers wait in one row a survey until ten are there, then five by
lot are kept, under random ids. Used codes are marked the same way, by a lot of their own. At the end everything is written anew
at once. All of it happens under the lock of the survey's box.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from random import SystemRandom
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from workflow_app.db.models import RECORDS, SurveyAnswer, SurveyBox, SurveyCode
from workflow_app.db.models.papers import CODE_LETTERS
from workflow_app.errors import N_, NotYet
from workflow_app.surveys import mixing
from workflow_app.surveys.questions import Answer

SLUG_LENGTH: Final = 8  # letters: 40 bits, so that nobody walks through the surveys
CODE_LENGTH: Final = 10  # letters: 50 bits, four to the hundred tries of an hour
_LOT: Final = SystemRandom()
_ALIKE: Final = str.maketrans("OIL", "011", " -")


def _letters(n: int) -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(n))


def begin(session: Session, survey_id: int) -> None:
    """Make the empty box of a survey with its open address."""
    session.add(SurveyBox(survey_id=survey_id, slug=_letters(SLUG_LENGTH).lower(), answers=[], codes=[]))
    session.flush()


def box_at(session: Session, slug: str) -> SurveyBox | None:
    """Return the box at an open address."""
    return session.scalar(select(SurveyBox).where(SurveyBox.slug == slug.lower()))


def box_of(session: Session, survey_id: int) -> SurveyBox | None:
    """Return the box of a survey; None before it was opened."""
    return session.get(SurveyBox, survey_id)


def _locked(session: Session, survey_id: int) -> SurveyBox:
    wanted = select(SurveyBox).where(SurveyBox.survey_id == survey_id).with_for_update()
    return session.scalars(wanted, execution_options={"populate_existing": True}).one()


def hash_of(survey_id: int, typed: str) -> str:
    """Return the hash by which a typed code is known: letters that look alike are one, hyphens and spaces nothing."""
    return sha256(f"{survey_id}:{typed.upper().translate(_ALIKE)}".encode("utf-8", "surrogatepass")).hexdigest()


def issue(session: Session, survey_id: int, many: int) -> list[str]:
    """Make codes and return them, «K7QF2-M9X4T»: this once, only their hashes are kept."""
    codes = [_letters(CODE_LENGTH) for _ in range(many)]
    rows = [{"hash": hash_of(survey_id, one), "survey_id": survey_id, "used": False} for one in codes]
    session.execute(insert(SurveyCode), sorted(rows, key=lambda row: str(row["hash"])))
    half = CODE_LENGTH // 2
    return [f"{one[:half]}-{one[half:]}" for one in codes]


def _is_good(session: Session, box: SurveyBox, code: str) -> bool:
    row = session.get(SurveyCode, code)
    return row is not None and row.survey_id == box.survey_id and not row.used and code not in box.codes


def put(session: Session, survey_id: int, answers: Sequence[Answer], typed_code: str | None = None) -> bool:
    """Take answers in, with the code of the only one where the survey asks for it; False when that code is not good.

    NotYet once the survey is over: whoever closes it and whoever answers take turns at its row, and then at its box.
    """
    _demand_open(session, survey_id)
    box = _locked(session, survey_id)
    codes = list(box.codes)
    if typed_code is not None:
        code = hash_of(survey_id, typed_code)
        if not _is_good(session, box, code):
            return False
        codes.append(code)
    leaving, staying = mixing.drawn([*box.answers, *answers], _LOT)
    used, waiting = mixing.drawn(codes, _LOT)
    _keep(session, survey_id, leaving)
    _mark(session, used)
    box.answers, box.codes = mixing.in_no_order(staying), sorted(waiting)
    session.flush()
    return True


def _demand_open(session: Session, survey_id: int) -> None:
    model: Any = RECORDS["survey"]
    # FOR SHARE: those who answer do not wait for each other, but for an act on the survey, which locks its row
    # FOR NO KEY UPDATE; FOR KEY SHARE would let an answer in behind the closing, counted nowhere
    turn = select(model.state).where(model.id == survey_id).with_for_update(read=True)
    if session.scalar(turn) != "open":
        raise NotYet((N_("Опрос завершён и больше не принимает ответы."),))


def _keep(session: Session, survey_id: int, answers: Iterable[Answer]) -> None:
    rows = [{"id": secrets.token_hex(16), "survey_id": survey_id, "answers": dict(one)} for one in answers]
    if rows:
        session.execute(insert(SurveyAnswer), sorted(rows, key=lambda row: str(row["id"])))


def _mark(session: Session, codes: Sequence[str]) -> None:
    if codes:
        session.execute(update(SurveyCode).where(SurveyCode.hash.in_(codes)).values(used=True))


def close(session: Session, survey_id: int) -> tuple[int, str]:
    """Write every answer anew under another id, all at once, and empty the box; return their number and digest."""
    box = _locked(session, survey_id)
    answers = [*kept(session, survey_id), *box.answers]
    used = {
        *session.scalars(select(SurveyCode.hash).where(SurveyCode.survey_id == survey_id, SurveyCode.used)),
        *box.codes,
    }
    codes = sorted(session.scalars(select(SurveyCode.hash).where(SurveyCode.survey_id == survey_id)))
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.survey_id == survey_id))
    session.execute(delete(SurveyCode).where(SurveyCode.survey_id == survey_id))
    _keep(session, survey_id, answers)
    if codes:
        session.execute(
            insert(SurveyCode), [{"hash": one, "survey_id": survey_id, "used": one in used} for one in codes]
        )
    box.answers, box.codes = [], []
    session.flush()
    return len(answers), mixing.digest(answers)


def kept(session: Session, survey_id: int) -> list[dict[str, Any]]:
    """Return the kept answers of a survey, those that still wait left out: in an order that says nothing."""
    wanted = select(SurveyAnswer.answers).where(SurveyAnswer.survey_id == survey_id).order_by(SurveyAnswer.id)
    return list(session.scalars(wanted))


def kept_of(session: Session, surveys: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the kept answers of several surveys by survey, as :func:`kept` does: one statement."""
    found: dict[int, list[dict[str, Any]]] = {one: [] for one in surveys}
    wanted = select(SurveyAnswer.survey_id, SurveyAnswer.answers).where(SurveyAnswer.survey_id.in_(surveys))
    for survey_id, answers in session.execute(wanted.order_by(SurveyAnswer.id)).all() if surveys else ():
        found[survey_id].append(answers)
    return found


def counted(session: Session, survey_id: int) -> tuple[int, str]:
    """Return the number and the digest of the answers as they stand now, those that wait included."""
    box = box_of(session, survey_id)
    answers = [*kept(session, survey_id), *(box.answers if box else ())]
    return len(answers), mixing.digest(answers)


def closed(session: Session) -> list[tuple[int, int, str]]:
    """Return the ended surveys: id, number of answers and digest as their last event states them."""
    model: Any = RECORDS["survey"]
    wanted = select(model.id, model.counted, model.digest).where(model.counted.is_not(None)).order_by(model.id)
    return [(id_, many, digest) for id_, many, digest in session.execute(wanted)]


def given_out(session: Session, survey_id: int) -> int:
    """Return how many codes were given out."""
    return session.scalar(select(func.count()).where(SurveyCode.survey_id == survey_id)) or 0
