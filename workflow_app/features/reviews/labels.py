"""What the expert's pages say: terms, progress, phrases, volumes, the case form in words. From values to words for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from workflow_app.assessment.criteria import WORDS, CriteriaSheet, VerdictRule
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case, Document
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.errors import N_
from workflow_app.features.reviews import review_draft
from workflow_app.states.definitions.document import DOCUMENT
from workflow_app.states.definitions.review_forms import ReviewSheet
from workflow_app.states.forms import asks
from workflow_app.web.formatting import day, number, say

_LEVELS = ("full", "partial", "low")


def tone_of(verdict: VerdictRule) -> str:
    """Return the tone of a verdict: good, attention for a revision, stopped."""
    if verdict.positive:
        return "good"
    return "attention" if verdict.key == "revise" else "stopped"


def state_words(card_state: str, points: int | None, maximum: int, word: str = "") -> str:
    """Return what stands beside a criterion's title."""
    if card_state == "empty":
        return say(N_("не оценён"))
    if card_state == "skipped":
        return say(N_("не применимо"))
    if card_state == "part":
        return say(N_("оценён не полностью"))
    if word in WORDS:
        return say(WORDS[word])
    return say(N_("%(points)s из %(maximum)s", points=points, maximum=maximum))


def progress_words(sheet: CriteriaSheet, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return how far the sheet is, as the page and its script show it; percent and verdict only when complete."""
    found = review_draft.progress(sheet, raw)
    cards = {
        card.criterion.key: {"state": card.state, "words": state_words(card.state, card.points, card.criterion.maximum, card.mark.word)}
        for card in review_draft.cards(sheet, raw, {})
    }  # fmt: skip
    told: dict[str, Any] = {
        "done": found.done, "total": found.total, "complete": found.complete, "ready": found.ready, "criteria": cards,
        "left": _left(sheet, found),
    }  # fmt: skip
    if found.complete and found.verdict is not None:
        told |= {
            "percent": f"{number(found.percent)} %" if found.percent is not None else "", "verdict": found.verdict.text,
            "tone": tone_of(found.verdict), "reasons": [say(one) for one in found.reasons],
        }  # fmt: skip
    return told


def _left(sheet: CriteriaSheet, found: review_draft.Progress) -> list[dict[str, str]]:
    """Return what is still to be done, each with the place to go to."""
    rows = [
        {"text": f"{place}. {one.title}", "target": f"marks-{one.key}"}
        for place, one in enumerate(sheet.criteria, 1)
        if found.states[one.key] in ("empty", "part")
    ]
    if not rows and not found.complete:
        rows.append(
            {"text": say(N_("вывод")), "target": "verdict"}
            if sheet.mode == "words"
            else {"text": say(N_("критерии")), "target": "marks"}
        )
    known = asks(ReviewSheet)
    return rows + [{"text": say(known[name].label), "target": name} for name in found.texts]


def complaints_words(sheet: CriteriaSheet, wrong: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the list at the top of the page: every problem in words with the place of its field."""
    rows = []
    for one in review_draft.complaints(sheet, dict(wrong)):
        words, label = " ".join(say(each) for each in one.words), say(one.label)
        head = say(N_("Критерий %(n)s «%(title)s»", n=one.number, title=label)) if one.number else label
        rows.append({"text": f"{head}: {words}" if head else words, "target": one.target})
    return rows


def phrases(case: Case) -> dict[str, list[tuple[str, list[str]]]]:
    """Return the phrase bank for a case: groups of ready phrases by text, the rationales by how high the mark is."""
    known = {name: [f"{one}." for one in many] for name, many in case_type(case.type).phrases.items()}
    titles = {
        "full": say(N_("Показатель раскрыт полностью")),
        "partial": say(N_("Раскрыт частично")),
        "low": say(N_("Раскрыт слабо")),
    }
    found = {name: [("", known[name])] for name in ("strengths", "remarks", "recommendations")}
    found["rationales"] = [(titles[level], known[level]) for level in _LEVELS]
    return {name: [(title, rows) for title, rows in groups if rows] for name, groups in found.items()}


def document_cards(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """Return the documents of a signed sheet for ``document_card``."""
    rows = []
    for one in documents:
        scan = one.document_kind.startswith("signed_original:")
        title = say(N_("Подписанный оригинал (скан)")) if scan else say(KINDS[one.document_kind].title)
        state = DOCUMENT.state(one.state)
        rows.append({
            "title": title, "number": f"№ {one.number}" if one.number else "", "date": day(one.dated),
            "status": {"title": say(state.title), "tone": state.tone},
            "files": [{"name": one.file_name.rpartition(".")[2].upper(), "url": url_for("cases.document", id=one.id)}],
        })  # fmt: skip
    return rows


def marks_rows(sheet: CriteriaSheet, review: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a signed sheet's criteria for reading: title, what was given, by indicators, the rationale or the reason."""
    rows = []
    for card in review_draft.cards(sheet, review, {}):
        skipped = card.mark.is_skipped
        by_indicator = (
            []
            if skipped or sheet.mode == "words"
            else [(one.text, one.value, card.criterion.top) for one in card.indicators]
        )
        rows.append({
            "key": card.criterion.key, "title": card.criterion.title, "indicators": by_indicator,
            "given": state_words("skipped" if skipped else "done", card.points, card.criterion.maximum, card.mark.word),
            "text": card.mark.reason if skipped else card.mark.rationale,
        })  # fmt: skip
    return rows


def marks_by_key(sheet: CriteriaSheet, review: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the same by criterion key: what the expert gave in the sheet before."""
    return {one["key"]: one for one in marks_rows(sheet, review)}
