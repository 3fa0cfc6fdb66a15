"""The first tab of a case in words: the filled form, the facts beside it, the notices, the legal terms, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from workflow_app.case_types.registry import case_type
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_
from workflow_app.facts import choices, deadlines, involvement
from workflow_app.facts.subjects import typed_form
from workflow_app.features.cases.drafts.returned_notice import COMES_BACK, last_word
from workflow_app.features.cases.header import Shown
from workflow_app.features.cases.history_details import field_labels
from workflow_app.states import policy
from workflow_app.states.definitions.case.forms import CHANNELS
from workflow_app.states.forms import Choice, asks
from workflow_app.states.pictures.handbook import length_said
from workflow_app.states.vocabulary import Permission, Who
from workflow_app.web import deadline_words, form_summary
from workflow_app.web.formatting import day, say, size, zone
from workflow_app.web.request_scope import here

FILES = ("positions", "subject_areas", "education_levels", "directions")
_BRIEF = ("subject_area", "education_level", "position", "product_type", "material_type", "target_category")
Pair = tuple[str, Any]


def words(shown: Shown) -> dict[str, tuple[Choice, ...]]:
    """Return the lists by which the answers of the form are named, without reading every person of the municipality."""
    case = shown.case
    found = {name: choices.of_file(name) for name in FILES}
    if case.organization is not None:
        found["organizations"] = (Choice(str(case.organization.id), N_(case.organization.name)),)
    found["report_sections"] = choices.report_sections(shown.session, case)
    return found


def remarks(shown: Shown) -> dict[str, list[str]]:
    """Return the remarks of the last return by field: the applicant's and the office's business alone."""
    if not (shown.reading.author or shown.reading.office):
        return {}
    found: dict[str, list[str]] = {}
    for one in shown.case.remarks.get("remarks", ()):
        found.setdefault(one["field"], []).append(one["text"])
    return found


def sections(shown: Shown) -> list[form_summary.Section]:
    """Return the form: whole for those who see the materials, else what is needed to know what the case is about."""
    case, kind = shown.case, shown.kind.form
    whole = shown.may[Permission.SEE_MATERIALS]
    form: Mapping[str, Any] = typed_form(shown.session, case) if shown.may[Permission.EDIT] else case.form
    if not whole:
        form = {name: form[name] for name in _BRIEF if name in form}
    return form_summary.sections(kind, form, words(shown), remarks(shown) if whole else {})


def _leader(shown: Shown) -> str:
    """Return who leads the case, for the office alone; nothing where it was not registered yet."""
    if not shown.reading.office or shown.case.registered_at is None:
        return ""
    leader = shown.people.get(shown.case.coordinator_id or 0)
    return leader.short_name if leader else _("все координаторы")


def facts(shown: Shown) -> list[Pair]:
    """Return the facts beside the form: whose case it is, how and when it came, its dates."""
    case, circle = shown.case, shown.reading.author or shown.reading.office
    positions = {one.value: one.label for one in choices.of_file("positions")}
    organization = case.organization.name if case.organization else ""
    found: list[Pair] = [
        (_("Заявитель"), case.applicant.full_name), (_("Должность"), say(positions.get(case.applicant.position, case.applicant.position))),
        (_("Организация"), organization), (_("Соавторы"), ", ".join(one.name for one in case.co_authors)), (_("Объём"), _volume(shown)),
    ]  # fmt: skip
    if circle:
        channels = {one.value: one.label for one in CHANNELS}
        entered = shown.people.get(case.entered_by_id or 0)
        found += [
            (_("Как поступило"), say(channels.get(case.channel, case.channel))), (_("Внешний номер"), case.outside_number),
            (_("Кто ведёт"), _leader(shown)), (_("Кто внёс"), entered.short_name if entered and entered.id != case.applicant_id else ""),
            (_("Дата поступления"), day(case.received_at)), (_("Зарегистрировано"), _local_day(case.registered_at)),
            (_("Дата аттестации"), day(case.attestation_on)), (_("Форма и место"), case.attestation_place),
            (_("Аттестация продлится до"), day(case.decision_due)),
            (_("Дополнительные документы принимаются до"), day(shown.facts.additions_until)),
            (_("Апелляция принимается до"), day(case.appeal_until) if shown.state.term == "appeal" and not case.appealed else ""),
        ]  # fmt: skip
    if case.lead_id is not None and (shown.reading.office or case.lead_id in shown.reading.named):
        found.append((_("Ведущий специалист"), shown.people[case.lead_id].full_name))
    return [(term, value) for term, value in found if value]


def _volume(shown: Shown) -> str:
    there = [one for one in shown.case.files if one.state == "attached"]
    if not there:
        return ""
    return str(_("файлов: %(n)s, вместе %(size)s", n=len(there), size=size(sum(one.size for one in there))))


def _local_day(at: datetime | None) -> str:
    return day(at.astimezone(zone()).date()) if at else ""


def legal_terms(shown: Shown, arrivals: Mapping[str, datetime]) -> list[dict[str, Any]]:
    """Return the legal caps of an attestation for the office: 30 days to set the date (R8), 60 to decide (R9).

    Each has ``title``, ``due`` for the macro, and when it was kept or missed, ``done`` and ``late``.
    """
    case = shown.case
    if not shown.reading.office:
        return []
    started, protocol = arrivals.get("assigning"), case.decision.get("protocol_date")
    set_on = started.astimezone(zone()).date() if started else None
    return [
        *_cap(shown, _("Назначить дату аттестации: 30 дней"), case.consideration_due, set_on),
        *_cap(shown, _("Провести аттестацию: 60 дней"), case.decision_due, date.fromisoformat(protocol) if protocol else None),
    ]  # fmt: skip


def _cap(shown: Shown, title: str, on: date | None, done: date | None) -> list[dict[str, Any]]:
    if on is None:
        return []
    due = deadline_words.shown(shown.case.municipality_id, on)
    late = (done or shown.facts.today) > on
    shown_due = {**(due or {}), "left": None if done else (on - shown.facts.today).days, "unit": "cd"}
    return [{"title": title, "due": shown_due, "done": day(done), "late": late}]


def notices(shown: Shown) -> list[dict[str, Any]]:
    """Return what stands out: remarks of a return, a refusal and its ground, what only the office has to know."""
    case, reading = shown.case, shown.reading
    found: list[dict[str, Any]] = []
    if (reading.author or reading.office) and (case.remarks.get("remarks") or case.remarks.get("general")):
        labels = field_labels(case)
        points = [
            f"{say(labels.get(name, name))}: {text}" for name, many in remarks(shown).items() for text in many
        ]  # fmt: skip
        found.append(
            {"tone": "attention", "title": _("Замечания"), "text": case.remarks.get("general", ""), "points": points}
        )
    if case.remarks.get("plan"):
        found.append({"tone": "info", "title": _("Что автор планирует доработать"), "text": case.remarks["plan"]})
    return found + _choice(shown) + _refusal(shown) + _in_group(shown) + (_for_office(shown) if reading.office else [])


def _choice(shown: Shown) -> list[dict[str, Any]]:
    """Return what the author may do, and until when, about a conclusion that sends the work back."""
    case = shown.case
    if case.state != "approved" or case.verdict != "revise" or not shown.reading.author or case.due_on is None:
        return []
    points = []
    if "ask_revision" in shown.offers and not shown.offers["ask_revision"].obstacles:
        length = say(length_said(deadlines.term_of(shown.session, case.municipality_id, case.type, "revision")))
        points.append(
            _(
                "Взять материал на доработку: на неё даётся %(length)s, потом его снова посмотрят эксперты.",
                length=length,
            )
        )
    if "appeal" in shown.offers and not shown.offers["appeal"].obstacles:
        points.append(_("Подать апелляцию, если вы не согласны с тем, как проведена экспертиза."))
    points.append(_("Ничего не делать: дело завершится с этим заключением."))
    title = _("До %(day)s включительно вы решаете, что дальше", day=day(case.due_on))
    return [
        {
            "tone": "attention",
            "title": title,
            "text": _("Вывод экспертов: доработать материал. Вы можете:"),
            "points": points,
        }
    ]


def _refusal(shown: Shown) -> list[dict[str, Any]]:
    case, reading = shown.case, shown.reading
    if "ground" not in case.refusal or not (reading.office or reading.author or reading.panel):
        return []
    if case.decline_proposed and not reading.office:  # not yet decided
        return []
    grounds = {one.value: one.label for one in case_type(case.type).grounds}
    title = (
        _("Предложен отказ в приёме, решает директор") if case.decline_proposed else _("Отказано в приёме документов")
    )
    ground = say(grounds.get(case.refusal["ground"], _("Нет экспертов, которые могут провести экспертизу")))
    return [{"tone": "stopped", "title": title, "text": f"{ground}.", "points": [case.refusal.get("comment", "")]}]


def conflicts(shown: Shown) -> list[dict[str, Any]]:
    """Return a warning for each expert who has a conflict of interest now, with what can be done about it."""
    if not shown.facts.barred:
        return []
    tied = involvement.unlifted(shown.session, [shown.case])
    ways = _("Замените эксперта на вкладке «Экспертиза» или верните его лист экспертам и пригласите другого.")
    lifted = _("Директор может снять запрет с обоснованием, там же.")
    return [
        {
            "tone": "stopped", "title": f"{one.expert.full_name}: {_('конфликт интересов')}", "text": " ".join(map(say, found.why)),
            "points": [ways] if found.bars else [ways, lifted],
        }
        for one in shown.case.assignments if (found := tied.get(one.id))
    ]  # fmt: skip


def _in_group(shown: Shown) -> list[dict[str, Any]]:
    """Return why who is of the office does nothing in a case: it is about the programme of a group in which they are (R30)."""
    if here().who.id not in shown.facts.group or not policy.stands(
        here().me, shown.facts, Who.COORDINATOR, Who.DIRECTOR
    ):
        return []
    text = _("Ведёт, оценивает и утверждает это дело тот, кто в рабочую группу не входит. Вам оно открыто для чтения.")
    return [{"tone": "info", "title": _("Вы входите в рабочую группу этой программы"), "text": text}]


def _for_office(shown: Shown) -> list[dict[str, Any]]:
    case = shown.case
    found = conflicts(shown)
    if kept := case.refusal.get("kept"):
        found.append({"tone": "info", "title": _("Директор не согласился с отказом"), "text": kept})
    if case.settled_without:
        title = _("Расхождение оставлено без дополнительной экспертизы")
        found.append({"tone": "attention", "title": title, "text": case.settled_without})
    if case.state == "consolidation" and (said := last_word(shown.session, case, *COMES_BACK)):
        found.append({"tone": "attention", "title": say(said.title), "text": said.reason})
    return found + _outdated(shown)


def _outdated(shown: Shown) -> list[dict[str, Any]]:
    """Return the papers in force that say what stood before a correction of the card: the director may issue them anew."""
    papers = [one for one in shown.documents if one.outdated and one.state == "issued"]
    if not papers:
        return []
    titles = [" № ".join(filter(None, (say(KINDS[one.document_kind].title), one.number))) for one in papers]
    text = _("Карточка исправлена после их выпуска. Директор может выдать их заново, прежние версии сохранятся.")
    return [{"tone": "attention", "title": _("В документах прежние сведения"), "text": text, "points": titles}]


def decision(shown: Shown) -> list[Pair]:
    """Return what the commission, or whoever decides by the conclusion, decided (R2), for those whom it concerns."""
    case, reading, sheet = shown.case, shown.reading, shown.kind.shape.decision
    if sheet is None or not case.decision or not (reading.author or reading.office or reading.panel):
        return []
    found = [
        (say(how.label), say(form_summary.said(how, case.decision[name], {})))
        for name, how in asks(sheet).items()
        if case.decision.get(name)
    ]
    if case.decision.get("late") and reading.office:
        found.append((_("Срок"), _("решение принято позже 60 дней")))
    return found


def appeal(shown: Shown) -> dict[str, Any] | None:
    """Return the appeal: what was said, who decides, how it ended. Votes are shown to the office, to others the result."""
    case, reading = shown.case, shown.reading
    if not case.appeal or not (reading.author or reading.office or reading.panel):
        return None
    result = {
        "dismissed": (_("Апелляция отклонена"), "stopped"), "granted": (_("Апелляция удовлетворена"), "good"),
        "withdrawn": (_("Апелляция отозвана"), "done"),
    }  # fmt: skip
    ended = next((key for key in result if case.appeal.get(key)), "")
    title, tone = result.get(ended, (_("Апелляция рассматривается"), "waiting"))
    reason = case.appeal.get(ended, "")
    votes = {"grant": _("удовлетворить"), "dismiss": _("оставить без изменения"), "": _("ещё не голосовал")}
    marks = {case.chair_id: f" {_('(председатель)')}"}
    panel = [
        (one.person.full_name + marks.get(one.person_id, ""), votes[one.vote] if reading.office else "")
        for one in case.panel_in_order
    ]
    return {
        "text": case.appeal.get("text", ""), "on": day(date.fromisoformat(case.appeal["on"])), "title": title, "tone": tone,
        "reason": reason if isinstance(reason, str) else "", "sitting": _sitting(case),
        "panel": panel if reading.office or reading.panel else [],
    }  # fmt: skip


def _sitting(case: Any) -> str:
    """Return when and where the appeal panel sits, in words; empty where its members are polled."""
    held = case.appeal.get("sitting")
    return f"{day(date.fromisoformat(held['on']))}, {held['at']}, {held['place']}" if held else ""
