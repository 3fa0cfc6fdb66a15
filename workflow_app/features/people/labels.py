"""How people, their events, their browsers and the entries of the access log are put into words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from workflow_app import data
from workflow_app.db import hash_chain
from workflow_app.db.models import ExpertCard, Person
from workflow_app.errors import N_, Sentence
from workflow_app.facts.naming import position_of
from workflow_app.facts.registers import REGISTERS
from workflow_app.features.people.queries import Recorded
from workflow_app.states.definitions.people import CONSENT, PERSON, EnterRegister, GiveConsent, NewPerson
from workflow_app.states.forms import Choice, Lists, Nothing, Sheet, asks, chosen
from workflow_app.web.formatting import say, short_day

ACCOUNTS: Mapping[str, Sentence] = {
    "listed": N_("нет"), "invited": N_("приглашение отправлено"), "active": N_("действует"), "blocked": N_("закрыта"),
}  # fmt: skip
VIA: Mapping[str, Sentence] = {
    "web": N_("через сайт"), "link": N_("по ссылке из письма"), "api": N_("через программный интерфейс"),
    "command": N_("командой оператора"), "system": N_("автоматически"), "deputy": N_("в порядке замещения директора"),
    "bulk": N_("вместе с другими"),
}  # fmt: skip
ADOPTED = N_("Записи прежней версии программы закреплены в журнале")
ACCESS: Mapping[str, Sentence] = {
    "survey answers": N_("Чтение ответов неанонимного опроса"),
    "login": N_("Вход"), "logout": N_("Выход"), "login refused": N_("Неудачный вход"),
    "code refused": N_("Неверный код второго фактора"), "virus": N_("Вирус в присланном файле"), "denied": N_("Отказ в доступе"),
    "reset asked": N_("Запрошено восстановление пароля"), "password reset": N_("Пароль восстановлен"),
    "password changed": N_("Пароль изменён"), "account taken": N_("Создана учётная запись"), "session ended": N_("Завершён сеанс"),
    "registration asked": N_("Заявка на регистрацию"), "invited": N_("Отправлено приглашение"), "switched": N_("Смена муниципалитета"),
    "person seen": N_("Просмотр карточки человека"), "people exported": N_("Выгрузка списка людей"),
    "read": N_("Просмотр файла или документа"), "file read": N_("Просмотр или скачивание файла"), "export": N_("Выгрузка"),
    "damaged": N_("Файл не совпал с записью"), "forged": N_("Расхождение с журналом"), "experts exported": N_("Выгрузка реестра экспертов"),
    "access exported": N_("Выгрузка журнала доступа"), "made pdf": N_("Сделан PDF документа"),
    "checked": N_("Проверка документа по коду или файлу"), "letter": N_("Просмотр письма"),
}  # fmt: skip
_HOW: Mapping[str, Sentence] = {
    "view": N_("просмотр"), "inline": N_("просмотр"), "page": N_("просмотр по страницам"), "download": N_("скачивание"),
    "offline sheet": N_("лист для работы без интернета"), "code": N_("по коду"), "file": N_("по файлу"),
}  # fmt: skip
_BROWSERS = {
    "YaBrowser/": "Яндекс Браузер", "Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS X": "macOS", "Linux": "Linux",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a person's history."""

    at: datetime
    text: str
    who: str
    via: str
    ip: str
    changes: tuple[str, ...]


def facts_said(person: Person) -> list[tuple[str, str]]:
    """Return a card's facts for the macro ``definitions``; what is not known says so."""
    unknown = _("не указано")
    gender = {"f": _("женский"), "m": _("мужской")}.get(person.gender, unknown)
    return [
        (_("Электронная почта"), person.email or unknown),
        (_("Организация"), person.organization.name if person.organization else unknown),
        (_("Должность"), position_of(person.position).n or unknown),
        (_("Пол"), gender),
        (_("Логин"), person.login or _("нет")),
    ]


def entry_said(card: ExpertCard | None, lists: Lists) -> list[tuple[str, str]]:
    """Return the entry in the register of experts for the macro ``definitions``; nothing for who has none."""
    if card is None:
        return []
    empty = _("не указано")
    values = {name: _value(getattr(card, name), how.choices, lists) for name, how in asks(EnterRegister).items()}
    values["category"] = category_said(card.category)
    return [(say(how.label), values[name] or empty) for name, how in asks(EnterRegister).items()]


def agent_said(agent: str) -> str:
    """Return «Firefox, Windows» of a browser's own description."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part) or _("неизвестное устройство")


def training_said(training: str) -> str:
    """Return what tells one document of training from another: its number, after the long name of the programme."""
    if "№" not in training:
        return training
    number = training[training.rfind("№") :]
    return re.sub(r"(?<=№) | (?=ч\.)", "\N{NO-BREAK SPACE}", number)


def category_said(key: str) -> str:
    """Return a qualification category in words; whatever else was written stands as it is."""
    known = {one["key"]: str(one["title"]) for one in data.load("categories")["categories"]} | {"none": str(_("нет"))}
    return known.get(key, key)


def edition_said(version: str) -> str:
    """Return the month of a text's version: «consent-processing-2026-11» is «2026-11»."""
    found = re.search(r"\d{4}-\d\d(?:-\d\d)?$", version)
    return found[0] if found else version


def access_said(what: str) -> str:
    """Return an entry of the access log in words; an unknown one as it is kept."""
    known = ACCESS.get(what)
    return say(known) if known else what


_FILES = {**REGISTERS, "history": N_("История")}
"""What leaves as a file under a name of its own."""


def detail_said(detail: str) -> str:
    """Return the detail of an entry in words where it is one of ours; an address, a number stands as it is."""
    known = _HOW.get(detail)
    if known:
        return say(known)
    what, dot, rest = detail.partition(".")
    named = f"{say(_FILES[what])}, {rest}" if dot and what in _FILES else detail  # «conclusions.csv: 3»
    return re.sub(r"(?:^|(?<=, ))(csv|xlsx|docx)(?=:|$)", lambda found: found[0].upper(), named)


def lines(rows: Iterable[Recorded], lists: Lists) -> list[Line]:
    """Return a person's history in words."""
    return [_line(one, lists) for one in rows]


def _line(one: Recorded, lists: Lists) -> Line:
    event = one.event
    flow = CONSENT if event.subject_kind == "consent" else PERSON
    transition = flow.transitions.get(event.transition)
    kind: type[Sheet]
    if event.transition == hash_chain.ADOPT:
        text, kind = say(ADOPTED), Nothing
    elif transition is None:
        text = _("Согласие дано") if flow is CONSENT else _("Карточка создана")
        kind = GiveConsent if flow is CONSENT else NewPerson
    else:
        text, kind = say(transition.told), transition.asks
    who = one.who.short_name if one.who else _("система") if event.via == "system" else _("оператор")
    changes = (_("сведения стёрты"),) if one.data is None else tuple(_changes(kind, one.data, lists))
    return Line(event.at, text, who, say(VIA.get(event.via)) or event.via, event.ip, changes)


def _changes(kind: type[Sheet], data: Mapping[str, Any], lists: Lists) -> Iterable[str]:
    for name, how in asks(kind).items():
        value = edition_said(str(data[name])) if name == "text_version" and name in data else data.get(name)
        if name != "ip" and (words := _value(value, how.choices, lists)):
            yield f"{say(how.label)}: {words}"


def _value(value: Any, choices: tuple[Choice, ...] | str | None, lists: Lists) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, list):
        return "; ".join(_value(one, choices, lists) for one in value)
    if isinstance(value, bool):
        return str(_("да") if value else _("нет"))
    known = chosen(lists.get(choices) if isinstance(choices, str) else choices, [value])
    label = say(known[str(value)].label) if known else ""
    if not label and re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return short_day(datetime.fromisoformat(str(value)).date())
    return label or str(value)
