"""``workflow-app story``: the three case types from draft to approved, (a) on to the recorded decision, through the gate.

Each road is planned as a list of states; what happened is compared with the plan, and every issued document is written out.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow_app import clock, config
from workflow_app.calendar.production import Calendar
from workflow_app.calendar.terms import subtract_working
from workflow_app.case_types.registry import case_type
from workflow_app.conversion import libreoffice
from workflow_app.db.migrate import upgrade
from workflow_app.db.models import Case, Document, Event
from workflow_app.db.session import Database, open_database
from workflow_app.demo import people, sample_programme
from workflow_app.demo.actors import Stage
from workflow_app.demo.office_hours import next_open
from workflow_app.demo.sample_form import form_of
from workflow_app.demo.steps import Road
from workflow_app.errors import N_, Broken, WorkflowError
from workflow_app.files import inspect_upload, sample_pdf
from workflow_app.operations import integrity

MARKER = ".workflow-story"
ZONE = ZoneInfo("Asia/Yekaterinburg")  # of the demo's municipality
CALENDAR = Calendar()
START = datetime(2026, 9, 1, 9, 0, tzinfo=ZONE)
_TO_APPROVED = (
    "draft",
    "submitted",
    "registered",
    "assigning",
    "in_review",
    "consolidation",
    "on_approval",
    "approved",
)


Goods = tuple[tuple[str, bytes, str], ...]  # the innovation product's files: name, content, type


@dataclass(frozen=True, slots=True)
class Plan:
    """What a road must come to: its states in order."""

    kind: str
    states: tuple[str, ...]
    play: Callable[[Stage, people.Cast, Goods], Road]


class OfficeHours(Stage):
    """A stage whose people act in office hours: what would fall into the night or on a day off waits for the morning."""

    def wait(self, *, days: int = 0, hours: int = 0, minutes: int = 7) -> None:
        """Let time pass, and the night with it."""
        super().wait(days=days, hours=hours, minutes=minutes)
        self.moment = next_open(self.moment.astimezone(ZONE), CALENDAR)


def play(
    out: Path, material: Path | None = None, on_step: Callable[[str], None] = lambda _text: None
) -> dict[str, Any]:
    """Play the story in a fresh instance under ``out`` and return its report.

    ``out`` must be empty or an earlier story's (a file of ours marks it), ``material`` a file that an upload would take;
    else WorkflowError, and nothing is touched. ``on_step`` is told the title of each case type as its turn comes.
    """
    began = time.monotonic()
    goods = tuple(product(material))
    _clear(out)
    settings = config.load(out / "instance", config.alone(os.environ))
    upgrade(settings.url)
    database = open_database(
        settings.url, settings.folder / "blobs", settings.base_url or config.LOCAL_SITE, libreoffice.of(settings)
    )
    try:
        with clock.at(START):
            cast = people.enter(database)
        stage = OfficeHours(database, cast.municipality_id, cast.people, START)
        cases = []
        for plan in PLANS:
            on_step(str(case_type(plan.kind).title))
            road = plan.play(stage, cast, goods)
            cases.append(_report(database, road, plan, out))
        with database.transaction(keep=False) as session:
            findings = integrity.findings(session, database.blobs)
    finally:
        database.engine.dispose()
    differences = [told for one in cases if (told := one.pop("difference"))] + [str(one) for one in findings]
    report = {"cases": cases, "audit_ok": not findings, "seconds": round(time.monotonic() - began, 2)}
    return report | ({"differences": differences} if differences else {})


def _clear(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise WorkflowError(N_("%(folder)s — не папка.", folder=out.name)) from error
    if any(out.iterdir()) and not (out / MARKER).exists():
        raise WorkflowError(
            N_("Папка %(folder)s не пуста и создана не этой командой: укажите другую.", folder=out.name)
        )
    for one in out.iterdir():
        shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()
    (out / MARKER).write_text("workflow-app story\n", encoding="ascii")


def _report(database: Database, road: Road, plan: Plan, out: Path) -> dict[str, Any]:
    with database.transaction(keep=False) as session:
        case = session.get_one(Case, road.case_id)
        events = session.scalars(
            select(Event).where(Event.root_kind == "case", Event.root_id == case.id).order_by(Event.seq)
        ).all()
        states = [events[0].after]
        for event in events:
            if event.subject_kind == "case" and event.after != states[-1]:
                states.append(event.after)
        documents = [_write(database, session, one, out) for one in _issued(session, case)]
        difference = None if tuple(states) == plan.states else f"{plan.kind}: {states} instead of {list(plan.states)}"
        return {
            "type": case.type, "number": case.number, "states": states, "events": len(events), "documents": documents,
            "difference": difference,
        }  # fmt: skip


def _issued(session: Session, case: Case) -> list[Document]:
    return list(session.scalars(select(Document).where(Document.case_id == case.id).order_by(Document.id)))


def _write(database: Database, session: Session, document: Document, out: Path) -> dict[str, Any]:
    content = database.blobs.read(document.sha256)
    suffix = Path(document.file_name).suffix
    name = f"{document.id:03d}-{document.document_kind}-{document.number or session.get_one(Case, document.case_id).number}{suffix}"
    (out / name).write_bytes(content)
    return {"kind": document.document_kind, "file": name, "sha256": document.sha256, "version": document.edition}


def sample(title: str, text: str) -> bytes:
    """Return a PDF of a text."""
    return sample_pdf.pdf_from_text(title, text)


def _material(stage: Stage, cast: people.Cast, goods: Goods) -> Road:
    del goods
    key, form = "sokolova", form_of("b_sokolova_tasks", cast)
    case_id = stage.open(key, "methodical_material", form["title"])
    road = Road(stage, case_id, "methodical_material", key)
    stage.attach(key, case_id, "material", "Сборник заданий.pdf", sample(form["title"], form["annotation"] * 4))
    road.submit(form)
    _assign(road, ("bondarenko", "lebedev"))
    road.sign("bondarenko", (1.0, 0.8, 1.0, 0.8))
    road.sign("lebedev", (0.8, 0.8, 1.0))
    _finish(road, ("bondarenko", "lebedev"))
    return road


def _innovation(stage: Stage, cast: people.Cast, goods: Goods) -> Road:
    key, form = "zhuravlyova", form_of("c_zhuravlyova_bureau", cast)
    form["title"] = sample_programme.TITLE
    case_id = stage.open(key, "innovation_product", form["title"])
    road = Road(stage, case_id, "innovation_product", key)
    for name, content, media in goods:
        stage.attach(key, case_id, "product", name, content, media)
    stage.attach(key, case_id, "effects_data", "Данные об эффектах.pdf", sample("Данные об эффектах", form["effects"]))
    road.submit(form)
    experts = ("bondarenko", "nesterov", "koval")
    _assign(road, experts)
    for expert, shares in zip(experts, ((0.8, 1.0), (1.0, 0.8, 0.8), (0.8,)), strict=True):
        road.sign(expert, shares)
    _finish(road, experts)
    return road


def product(file: Path | None) -> Iterator[tuple[str, bytes, str]]:
    """Yield the innovation product: the file named, inspected as an upload is, or the centre's own programme."""
    if file is None:
        yield sample_programme.DOCX_NAME, sample_programme.as_docx(), sample_programme.DOCX
        yield sample_programme.PDF_NAME, sample_programme.as_pdf(), sample_programme.PDF
        return
    if not file.is_file():
        raise WorkflowError(N_("Файла %(file)s нет.", file=file.name))
    found = inspect_upload.inspect(file, file.name)
    yield found.clean_name, file.read_bytes(), found.media_type


def _attestation(stage: Stage, cast: people.Cast, goods: Goods) -> Road:
    del goods
    key, form = "sokolova", form_of("a_sokolova_highest", cast)
    case_id = stage.open(key, "attestation_portfolio", form["title"])
    road = Road(stage, case_id, "attestation_portfolio", key)
    stage.attach(key, case_id, "application", "Заявление.pdf", sample("Заявление", form["title"]))
    stage.attach(
        key, case_id, "evidence", "Результаты.pdf", sample("Результаты", form["report"]["internal_monitoring"])
    )
    road.submit(form)
    road.register()
    road.start()
    experts = ("bondarenko", "lebedev", "dyachkova")
    road.invite(experts, "Состав специалистов по предметной области заявителя")
    road.accept(experts)
    road.lead("lebedev")
    for expert in experts:
        road.sign(expert, (1.0, 1.0, 0.5))
    _finish(road, experts)
    stage.wait(days=8)
    stage.act(road.office, case_id, "send", {"sent_on": road.today(), "note": "по реестру"})
    stage.wait(days=20)
    decided: dict[str, Any] = {"decision": "establish", "protocol_number": "11", "order_number": "412-Д"}
    before = [subtract_working(CALENDAR, road.today(), days) for days in (3, 1)]
    decided |= {"protocol_date": before[0], "order_date": before[1]}
    stage.act(road.office, case_id, "record", decided)
    return road


def _assign(road: Road, experts: tuple[str, ...]) -> None:
    road.register()
    road.start()
    road.invite(experts, "Лучшие специалисты по теме, нагрузка это позволяет")
    road.accept(experts)


def _finish(road: Road, experts: tuple[str, ...]) -> None:
    road.consolidate(experts)
    road.propose()
    road.approve()


PLANS = (
    Plan("attestation_portfolio", (*_TO_APPROVED, "sent_to_commission", "decided"), _attestation),
    Plan("methodical_material", _TO_APPROVED, _material),
    Plan("innovation_product", _TO_APPROVED, _innovation),
)


def as_json(report: dict[str, Any]) -> str:
    """Return the report as one JSON object in one piece; a report with differences is still whole."""
    if not isinstance(report.get("cases"), list):
        raise Broken("a story's report has cases")
    return json.dumps(report, ensure_ascii=False, indent=1)
