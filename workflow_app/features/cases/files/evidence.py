"""The other tabs of a case in words: files and frozen versions, experts and results, issued documents, lines of the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.assessment.criteria import WORDS
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Assignment, CaseFile, Document, Event, Person
from workflow_app.documents.russian.grammar import within
from workflow_app.errors import N_, Sentence
from workflow_app.facts import assessment, choices, involvement, issued_documents, pickers, subjects
from workflow_app.facts.involvement import Invited
from workflow_app.facts.subjects import workflow_of
from workflow_app.features.cases import queries
from workflow_app.features.cases.audience import Reading, shown_assignments
from workflow_app.features.cases.drafts.duplicates import twins
from workflow_app.features.cases.header import Shown, office_offers
from workflow_app.features.cases.history import Line, document_title
from workflow_app.features.cases.overview import FILES, words
from workflow_app.features.cases.urls import document_url, file_url, file_view_url
from workflow_app.states.forms import Choice
from workflow_app.states.vocabulary import Permission
from workflow_app.web import deadline_words, form_summary
from workflow_app.web.formatting import day, number, say, short_day, size, zone
from workflow_app.web.page import address

# ------------------------------------------------------------------------------------------------------------ materials


def files(shown: Shown) -> list[dict[str, Any]]:
    """Return the attached files by kind of attachment, in the order of the case type."""
    there = [one for one in shown.case.files if one.state == "attached"]
    titles = {one.key: one.title for one in shown.kind.attachments}
    keys = [*titles, *sorted({one.attachment for one in there} - set(titles))]
    groups = [
        (say(titles.get(key, key)), [_file(shown, one) for one in there if one.attachment == key]) for key in keys
    ]
    return [{"title": title, "files": rows} for title, rows in groups if rows]


def _file(shown: Shown, file: CaseFile) -> dict[str, Any]:
    found = subjects.offers_of(file, shown.session, shown.scope.me, shown.facts)
    acts = [
        (say(one.transition.title), address("files.do", id=file.id, name=name))
        for name, one in found.items()
        if one.open and shown.reading.office and not (name == "confirm_names" and file.names_confirmed)
    ]
    return {
        "name": file.name, "url": file_url(file), "preview_url": file_view_url(file), "size": size(file.size), "sha": file.sha256,
        "kind": PurePath(file.name).suffix.lstrip("."), "when": short_day(file.uploaded_at.astimezone(zone()).date()), "note": file.note,
        "acts": [one for one in acts if one[1]],
        "status": {"title": _("имена проверены"), "tone": "good"} if file.names_confirmed and shown.reading.office else None,
    }  # fmt: skip


def links(shown: Shown) -> list[str]:
    """Return the links of the submitted form; only https ones are ever made clickable."""
    return [one for one in shown.case.form.get("links", ()) if str(one).startswith("https://")]


def warnings(shown: Shown) -> list[str]:
    """Return what the office is warned of and what bars nothing (domain.md 0a.2, 0a.10)."""
    if not shown.reading.office:
        return []
    kinds = frozenset(one.attachment for one in shown.case.files if one.state == "attached")
    confirmed = all(one.names_confirmed for one in shown.case.files if one.state == "attached")
    form = {**shown.case.form, "no_minors_data": shown.case.form.get("no_minors_data") or (kinds and confirmed)}
    again = twins(shown.session, shown.scope.me, shown.case, shown.case.form)
    return [say(one) for one in (*again, *shown.kind.warnings(form, kinds))]


def versions(shown: Shown) -> list[dict[str, Any]]:
    """Return the frozen versions, the latest first, with what changed since the one before."""
    known, found, before = words(shown), [], None
    kind = shown.workflow.transitions["resubmit"].asks if "resubmit" in shown.workflow.transitions else shown.kind.form
    for one in shown.case.versions:
        told: list[Sentence] = (
            form_summary.changes(kind, (before.form, before.files), (one.form, one.files), known) if before else []
        )
        found.append(
            {
                "number": one.number,
                "at": one.at,
                "sha": one.sha256,
                "changes": [say(words_) for words_ in told],
                "first": before is None,
                "files": [
                    {**file, "url": file_url(file["id"]), "shown_size": size(file["size"])} for file in one.files
                ],
            }
        )
        before = one
    return found[::-1]


# --------------------------------------------------------------------------------------------------------------- review


def assignments(shown: Shown) -> list[dict[str, Any]]:
    """Return the experts whom the reader may know of. Percent and verdict stand there only with ``see_reviews``, or if own."""
    may_know = shown.may[Permission.SEE_EXPERTS]
    found = shown_assignments(shown.case, shown.reading, may_know=may_know)
    tied = involvement.unlifted(shown.session, [shown.case]) if shown.reading.office else {}
    kept = involvement.invited_with(shown.session, shown.reading.me, found)
    return [
        _assignment(shown, one, kept[one.id])
        | {"conflict": [say(words) for words in tied[one.id].why] if one.id in tied else []}
        for one in found
    ]


def _assignment(shown: Shown, one: Assignment, kept: Invited) -> dict[str, Any]:
    reading, mine = shown.reading, one.expert_id == shown.reading.me
    state = workflow_of(one).state(one.state)
    inside = reading.office or mine
    sees = mine or (shown.may[Permission.SEE_REVIEWS] and one.round == shown.case.round)
    counted = one.state in (*assessment.COUNTED, "past", "voided")
    own_url = address("reviews.show", id=one.id) if sees and (counted or mine) else ""
    return {
        "id": one.id, "name": one.expert.full_name, "mine": mine, "note": _position(one.expert), "url": own_url,
        "status": {"title": say(state.title), "tone": state.tone} if inside or sees else None,
        "due": deadline_words.of_assignment(one) if inside else None,
        "tags": _tags(shown, one) if inside or sees else [],
        "warnings": kept.warnings if reading.office and not mine else [],
        "reason": kept.reason if reading.office and not mine else "",
        "ended": (one.ended or one.refusal.get("comment", "")) if inside else "",
        "percent": number(one.percent) if sees and counted else "",
        "verdict": _verdict_text(shown, one.verdict) if sees and counted else "",
        "signed": short_day(one.signed_at.astimezone(zone()).date()) if sees and one.signed_at else "",
        "dissent": one.dissent if sees else "",
        "offers": [(say(transition.title), url, transition.tone.value) for transition, url in office_offers(shown, one)],
        "round": one.round,
    }  # fmt: skip


def _position(person: Person) -> str:
    positions = {one.value: one.label for one in choices.of_file("positions")}
    place = person.organization.name if person.organization else ""
    return ", ".join(part for part in (say(positions.get(person.position, person.position)), place) if part)


def _tags(shown: Shown, one: Assignment) -> list[str]:
    case = shown.case
    said = {
        _("ведущий специалист"): case.lead_id == one.expert_id, _("дополнительная экспертиза"): one.added,
        _("из другого муниципалитета"): one.outside, _("раунд %(n)s", n=one.round): case.round > 1,
    }  # fmt: skip
    return [words_ for words_, holds in said.items() if holds]


def _verdict_text(shown: Shown, key: str | None) -> str:
    if key is None or shown.case.criteria_id is None:
        return ""
    return assessment.sheet_of(shown.session, shown.case).verdict(key).text


def result(shown: Shown) -> dict[str, Any] | None:
    """Return the result with ``see_conclusion``: the verdict, the per cent, and for the office how the rule has it (R29)."""
    case = shown.case
    key = case.verdict or case.rule_verdict
    if not shown.may[Permission.SEE_CONCLUSION] or key is None or case.criteria_id is None:
        return None
    rule = assessment.sheet_of(shown.session, case).verdict(key)
    office, by_rule = shown.reading.office, case.rule_verdict not in (None, key)
    return {
        "title": rule.text, "tone": "good" if rule.positive else "attention",
        "percent": _("%(n)s %%", n=number(case.percent)) if case.percent is not None else "",
        "rule": _("По правилу: %(verdict)s", verdict=within(_verdict_text(shown, case.rule_verdict))) if office and by_rule else "",
        "note": case.deviation if office else "",
        "final": case.verdict is not None,
    }  # fmt: skip


def means(shown: Shown) -> list[dict[str, Any]]:
    """Return the criteria with their means, as the conclusion prints them: for those who may see it, once it is there."""
    case = shown.case
    if not shown.may[Permission.SEE_CONCLUSION] or case.criteria_id is None or not assessment.counted(case):
        return []
    sheet, outcome = assessment.sheet_of(shown.session, case), assessment.outcome(shown.session, case)
    found = []
    for criterion in sheet.criteria:
        one = outcome.criteria.get(criterion.key)
        if one is None:
            continue
        said = ", ".join(f"{say(WORDS[word])}: {n}" for word, n in one.words.items() if n)
        found.append(
            {
                "title": criterion.title,
                "mean": number(one.mean) if one.mean is not None else said or "—",
                "max": criterion.maximum,
            }
        )
    return found


# ------------------------------------------------------------------------------------------------- documents and history


def document_cards(shown: Shown, documents: Iterable[Document] | None = None) -> list[dict[str, Any]]:
    """Return the documents (all, or these) for the macro ``document_card``, the void and doubtful ones with the word for it."""
    wanted = shown.documents if documents is None else tuple(documents)
    if not wanted:
        return []
    signers, origins = _signers(shown), queries.origins(shown.session, shown.case)
    doubted = {one.id for one in wanted if any(issued_documents.differences(shown.session, one, origins.get(one.id)))}
    return [_document(shown, one, signers.get(one.id, []), doubted=one.id in doubted) for one in wanted]


def _document(shown: Shown, one: Document, signed: list[dict[str, str]], *, doubted: bool) -> dict[str, Any]:
    state = workflow_of(one).state(one.state)
    status = {
        "title": _("Расходится с журналом") if doubted else say(state.title),
        "tone": "stopped" if doubted else state.tone,
    }
    edition = _("версия %(n)s", n=one.edition) if one.edition > 1 else ""
    round_ = _("раунд %(n)s", n=one.round) if shown.case.round > 1 else ""
    assignment = next((a for a in shown.case.assignments if a.id == one.assignment_id), None)
    whose = _("Эксперт: %(name)s", name=say(shown.reading.expert(assignment.expert_id))) if assignment else ""
    suffix = PurePath(one.file_name).suffix.lstrip(".").upper() or "DOCX"
    return {
        "title": say(document_title(one)), "number": _("№ %(n)s", n=one.number) if one.number else "",
        "date": _("от %(day)s", day=day(one.dated)), "status": status,
        "note": " · ".join(filter(None, [whose, edition, round_])), "signed": signed, "sha": one.sha256,
        "files": [{"name": f"{suffix}, {size(one.size)}", "url": document_url(one)}],
        "preview_url": url_for("cases.document_view", id=one.id) if suffix == "DOCX" else "",
    }  # fmt: skip


def _signers(shown: Shown) -> dict[int, list[dict[str, str]]]:
    """Return who signed each document and how: the act that issued it, and for a conclusion the experts' answers to its text."""
    found: dict[int, list[dict[str, str]]] = {}
    rows = queries.signatures(shown.session, shown.case)
    known = {**shown.people, **queries.know(shown.session, {one.actor_id for one in rows} - set(shown.people))}
    reading = replace(shown.reading, people=known)
    answers: list[dict[str, str]] = []
    for event in rows:
        if event.transition == "circulate":
            answers = []
            continue
        entry = _signature(reading, event)
        if event.transition in ("agree", "dissent"):
            answers.append(entry)
        for told in event.issued:
            mine = [*answers, entry] if told["kind"] == "consolidated_conclusion" else [entry]
            found.setdefault(int(told["document"]), []).extend(mine)
    return found


def _signature(reading: Reading, event: Event) -> dict[str, str]:
    how = {"simple": _("простая электронная подпись"), "paper": _("подпись на бумаге, скан приложен")}
    own = reading.people.get(event.actor_id or 0) if event.actor_id == reading.me else None
    who = own.short_name if own else say(reading.who(event.actor_id or 0))
    kind = how.get(event.signature.partition(":")[0], "")
    dissent = _("с особым мнением") if event.transition == "dissent" else ""
    return {"who": who, "role": dissent, "kind": kind, "date": short_day(event.at.astimezone(zone()).date())}


def with_people(reading: Reading, people: Mapping[int, Person], known: Mapping[str, Mapping[str, Sentence]]) -> Reading:
    """Return the reading with everybody whom the events name, and the lists that their sheets name."""
    named = {str(id_): N_(one.short_name) for id_, one in people.items()}
    return replace(reading, people=people, lists={**known, "coordinators": named})


def list_words(shown: Shown, places: Iterable[int | None]) -> dict[str, dict[str, Sentence]]:
    """Return the lists that the sheets of a case's acts choose from, value to words; of organisations the named ``places``."""
    named = pickers.organizations(shown.session, shown.case.municipality_id).keeping(places)
    verdicts = choices.verdicts(shown.session, shown.case) if shown.may[Permission.SEE_CONCLUSION] else ()
    known = {
        "decline_grounds": case_type(shown.case.type).grounds, "refusal_reasons": choices.of_file("refusal_reasons"), "verdicts": verdicts,
        "attachment_kinds": [Choice(one.key, one.title) for one in shown.kind.attachments],
        "organizations": named.known(map(str, places)),
    } | {name: choices.of_file(name) for name in FILES}  # fmt: skip
    return {name: {one.value: one.label for one in many} for name, many in known.items()}


def document_name(document: Document) -> str:
    """Return a document as one names it in a sentence: «Приказ об утверждении № 12»."""
    title = say(document_title(document))
    return _("%(title)s № %(number)s", title=title, number=document.number) if document.number else title


def event(shown: Shown, line: Line) -> dict[str, Any]:
    """Return a line of the history for the macro ``timeline``."""
    local = line.at.astimezone(zone())
    changes = [say(one) for one in line.changes]
    return {
        "day": day(local.date()), "iso": local.isoformat(timespec="seconds"), "time": f"{local:%H:%M}",
        "exact": f"{local:%d.%m.%Y %H:%M:%S}",
        "text": say(line.text), "who": say(line.who), "via": say(line.via), "tone": line.tone, "icon": line.icon, "quote": line.quote,
        "changes": changes, "caused": line.caused,
        "files": [{"name": document_name(one), "url": document_url(one)} for one in line.documents],
    }  # fmt: skip
