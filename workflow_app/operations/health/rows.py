"""What the database tells of health: itself, the timers, the queue of jobs, the letters, the checkpoints.

Each function is given a reading session of its own and makes a constant number of statements.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, case, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from workflow_app import clock
from workflow_app.config import Config
from workflow_app.db import checkpoints, faults, leases, migrate
from workflow_app.db.models import Event, Job, Lease, Municipality, Outbox
from workflow_app.db.session import HURRIED_MS, Database
from workflow_app.errors import N_, Sentence, Unavailable
from workflow_app.operations.health.part import DAY, HOUR, Part, size
from workflow_app.operations.job_queue import OPEN
from workflow_app.operations.smtp import ATTEMPTS_MOST

TITLES: Final = {
    "database": N_("База данных"), "timers": N_("Сроки и напоминания"), "jobs": N_("Очередь заданий"), "letters": N_("Письма"),
    "checkpoint": N_("Контрольная точка журнала"),
}  # fmt: skip
STUCK: Final = timedelta(minutes=10)  # a job that nobody has taken in this time is not taken by itself
UNSENT: Final = timedelta(minutes=30)  # a letter whose time has come leaves sooner
LEAVING: Final = timedelta(minutes=5)
FAILED_LATELY: Final = timedelta(days=7)
POINT_MOST: Final = 2 * DAY  # a checkpoint is made every day on which something happened

_BEHIND = N_("Остановите сервер, выполните «workflow-app db upgrade» и запустите его снова.")
_DISK = N_("Проверьте место на диске и права на папку экземпляра; база открыта только для чтения – снимите это.")
_RUN = N_(
    "Проверьте, запущен ли сервер «workflow-app serve»: он делает это сам. Без него поставьте в расписание «workflow-app tick»."
)
_WORKER = N_("Перезапустите сервер «workflow-app serve» или выполните «workflow-app work».")
_LOG = N_("Прочтите журнал сервера; тот, кто заказал задание, может повторить его.")
_MAILS = N_("Откройте «Письма»: у каждого сказано, почему оно не ушло и что делать.")
_POINT = N_("Выполните «workflow-app audit checkpoint»: команда скажет, что мешает. Потом «workflow-app check».")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the parts are asked with; ``centre``: letters of this municipality alone, None: of all."""

    database: Database
    settings: Config
    centre: int | None = None


def database(asked: Asked, session: Session) -> Part:
    """Tell whether the database is of this version and takes writes, and how large it is. Raises when it cannot be read."""
    bytes_ = _size_of(session)
    found = session.scalar(text("SELECT version_num FROM alembic_version"))
    wanted = migrate.head()
    if found != wanted:
        said = N_("Версия базы %(found)s, а программе нужна %(wanted)s.", found=found or "—", wanted=wanted)
        return Part("database", TITLES["database"], "attention", said, todo=_BEHIND)
    if (why := _refuses(asked.database)) is not None:
        return Part("database", TITLES["database"], "attention", why, todo=_DISK)
    return Part("database", TITLES["database"], "well", N_("Читается и пишется, размер %(size)s.", size=size(bytes_)))


def _size_of(session: Session) -> int:
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return int(session.scalar(text(pages)) or 0)


def _refuses(known: Database) -> Sentence | None:
    """Return why the database takes no writes; nothing is written. That somebody else writes just now is no fault."""
    nothing = update(Lease).where(Lease.name == "").values(holder="")
    try:
        with known.transaction(keep=True, patience=HURRIED_MS) as session:
            session.execute(nothing)
    except SQLAlchemyError as error:
        told = faults.understood(error)
        if isinstance(told, Unavailable) and told.sentence == faults.BUSY[0]:
            return None
        return N_("Не записывает: %(why)s", why=told.sentence if told else str(getattr(error, "orig", error)))
    return None


def _ended(session: Session, name: str) -> tuple[datetime | None, bool]:
    """Return when the holder of a lease was last seen, and whether one holds it now."""
    until = session.scalar(select(Lease.until).where(Lease.name == name))
    if until is None or until <= leases.NEVER:
        return None, False
    now = clock.now()
    return min(until, now), until > now


def timers(asked: Asked, session: Session) -> Part:
    """Tell when the timers ran last."""
    title, (at, held) = TITLES["timers"], _ended(session, leases.TICK)
    if held:
        return Part("timers", title, "well", N_("Проверяются прямо сейчас."), at)
    if at is None:
        return Part("timers", title, "attention", N_("Ещё ни разу не проверялись."), todo=_RUN)
    if clock.now() - at > max(HOUR, 3 * timedelta(seconds=asked.settings.tick_seconds)):
        said = N_("Не проверяются: сроки не наступают, письма не уходят.")
        return Part("timers", title, "attention", said, at, _RUN)
    return Part("timers", title, "well", N_("Проверяются вовремя."), at)


def jobs(_asked: Asked, session: Session) -> Part:
    """Tell what waits in the queue of jobs, whether somebody does it, and what has failed lately."""
    title, now = TITLES["jobs"], clock.now()
    at, held = _ended(session, leases.WORK)
    failed = and_(Job.state == "failed", Job.ended_at > now - DAY)
    found = session.execute(
        select(
            _count(Job.state == "waiting"), _count(Job.state == "running"), _count(failed),
            func.min(case((Job.state.in_(OPEN), Job.created_at))),
        ).where(Job.state.in_((*OPEN, "failed")))
    ).one()  # fmt: skip
    waiting, running, broken, oldest = found
    said = N_("Ждёт: %(waiting)s, выполняется: %(running)s.", waiting=waiting, running=running)
    if oldest is not None and not held and now - oldest > STUCK and (at is None or now - at > STUCK):
        return Part("jobs", title, "attention", N_("%(said)s Их никто не берёт.", said=said), oldest, _WORKER)
    if broken:
        said = N_("%(said)s За сутки не удалось: %(n)s.", said=said, n=broken)
        return Part("jobs", title, "attention", said, at, _LOG)
    return Part("jobs", title, "well", said, at)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def letters(asked: Asked, session: Session) -> Part:
    """Tell what waits in the outbox, and what does not leave."""
    title, now = TITLES["letters"], clock.now()
    tried = Outbox.attempts < ATTEMPTS_MOST
    due, late = and_(tried, Outbox.not_before <= now), and_(tried, Outbox.error != "")
    lately = and_(~tried, Outbox.created_at > now - FAILED_LATELY)
    row = select(
        _count(due), func.min(case((due, Outbox.not_before))), _count(late), func.min(case((late, Outbox.created_at))), _count(lately)
    ).where(Outbox.sent_at.is_(None))  # fmt: skip
    if asked.centre is not None:
        row = row.where(Outbox.municipality_id == asked.centre)
    waiting, since, refused, refused_since, failed = session.execute(row).one()
    at = session.scalar(select(func.max(Outbox.sent_at)))
    said = N_("Ждёт отправки: %(n)s.", n=waiting)
    if failed:
        said = N_("%(said)s За неделю не отправлено: %(n)s.", said=said, n=failed)
        return Part("letters", title, "attention", said, at, _MAILS, "letters.letters")
    if refused and now - refused_since > HOUR:
        said = N_("%(said)s Почтовый сервер не принимает: %(n)s.", said=said, n=refused)
        return Part("letters", title, "attention", said, at, _MAILS, "letters.letters")
    leaving = at is not None and now - at < LEAVING  # after an outage they go one by one
    if since is not None and now - since > UNSENT and not leaving:
        return Part("letters", title, "attention", N_("%(said)s Их никто не отправляет.", said=said), at, _RUN)
    if asked.settings.mail == "files":
        said = N_("%(said)s Почта не настроена: письма складываются в папку mail.", said=said)
    return Part("letters", title, "well", said, at, page="letters.letters")


def checkpoint(_asked: Asked, session: Session) -> Part:
    """Tell when the heads of the journal were signed last; it is late only where something has stood unsigned for two days."""
    title, last = TITLES["checkpoint"], checkpoints.last(session)
    of_centres = Event.municipality_id.in_(select(Municipality.id))  # so that an index leads to the few
    unsigned = session.scalar(
        select(func.min(Event.at)).where(of_centres, Event.at > (last.at if last else leases.NEVER))
    )
    late = unsigned is not None and clock.now() - unsigned > POINT_MOST
    if last is None:
        said = N_("Журнал ни разу не подписан.") if late else N_("Ещё не было: первая появится в течение суток.")
        return Part("checkpoint", title, "attention" if late else "unknown", said, todo=_POINT if late else None)
    if late:
        said = N_("№ %(n)s, после неё журнал не подписан.", n=last.id)
        return Part("checkpoint", title, "attention", said, last.at, _POINT)
    return Part("checkpoint", title, "well", N_("№ %(n)s.", n=last.id), last.at)
