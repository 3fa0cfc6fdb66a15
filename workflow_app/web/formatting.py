"""Words at the border: sentences translated, dates in Russian habit, numbers with commas. The one place that translates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta
from flask import Flask
from markupsafe import Markup, escape

from workflow_app import clock
from workflow_app.db import counts
from workflow_app.errors import Sentence
from workflow_app.facts.deadlines import zone_of
from workflow_app.web.rendering import gettext, language
from workflow_app.web.request_scope import Scope, kept

NBSP = "\u00a0"
_MOST = f"{counts.MOST:,}".replace(",", NBSP)
_SHORT_ZONES = {"Asia/Yekaterinburg": "ЕКБ", "Europe/Moscow": "МСК"}


def say(sentence: Sentence | str | None) -> str:
    """Return a sentence in the reader's language; nested sentences too. Plain text passes through."""
    if sentence is None:
        return ""
    if isinstance(sentence, str):
        return sentence
    params = {name: say(value) if isinstance(value, Sentence) else value for name, value in sentence.params}
    words = gettext(sentence.msgid) if not params else gettext(sentence.msgid) % params
    return str(words)


def zone() -> ZoneInfo:
    """Return the zone of the municipality where the person acts; the centre's default for visitors."""
    scope = kept().get("scope")
    name = "Asia/Yekaterinburg"
    if isinstance(scope, Scope) and scope.actor is not None:
        name = zone_of(scope.session, scope.actor.municipality_id)
    return ZoneInfo(name)


def day(value: date | None) -> str:
    """Return «23 ноября 2026 г.»; nothing for no date; of a moment the day that it is in the municipality."""
    return "" if value is None else _long_day(_here(value), language())


def _here(value: date) -> date:
    return value.astimezone(zone()).date() if isinstance(value, datetime) else value


@lru_cache(4096)
def _long_day(value: date, language: str) -> str:
    return str(format_date(value, "long", locale=language)).replace("\u202f", NBSP)


def short_day(value: date | None) -> str:
    """Return «23.11.2026», of a moment as :func:`day`."""
    return f"{_here(value):%d.%m.%Y}" if value else ""


def moment(value: datetime | None) -> Markup:
    """Return a ``<time>``: «23 ноября 2026 г., 14:05 (ЕКБ)» with the exact moment in its title."""
    if value is None:
        return Markup("")
    here = zone()
    local = value.astimezone(here)
    words = f"{day(local.date())}, {local:%H:%M}{NBSP}({_SHORT_ZONES.get(here.key, here.key)})"
    return Markup('<time datetime="{0}" title="{0}">{1}</time>').format(local.isoformat(timespec="seconds"), words)


def ago(value: datetime) -> str:
    """Return how long ago a moment was: «6 часов назад»."""
    passed = max(clock.now() - value, timedelta(seconds=1))
    return str(format_timedelta(-passed, add_direction=True, locale=language()))


def counted(value: int) -> str:
    """Return a count of ``db.counts`` in words: past ``counts.MOST`` it is «более 1 000»."""
    return str(value) if value <= counts.MOST else gettext("более %(most)s") % {"most": _MOST}


def badge(value: int) -> str:
    """Return the same where there is room for a few signs: «1 000+»."""
    return str(value) if value <= counts.MOST else f"{_MOST}+"


def number(value: Decimal | float | None) -> str:
    """Return a number with a decimal comma."""
    return "" if value is None else f"{value}".replace(".", ",")


def size(value: int | None) -> str:
    """Return «1,4 МБ»."""
    if not value:
        return "0"
    for unit, step in ((gettext("МБ"), 1024 * 1024), (gettext("КБ"), 1024)):
        if value >= step:
            return f"{value / step:.1f}".replace(".", ",").replace(",0", "") + NBSP + str(unit)
    return f"{value}{NBSP}{gettext('байт')}"


def lines(value: str | None) -> Markup:
    """Return typed text as paragraphs; everything in it is escaped."""
    parts = [part for part in (value or "").split("\n") if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(escape(part)) for part in parts)


def init_app(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        say=say,
        day=day,
        short_day=short_day,
        moment=moment,
        number=number,
        counted=counted,
        badge=badge,
        file_size=size,
        lines=lines,
    )
