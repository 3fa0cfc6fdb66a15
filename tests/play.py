"""What the tests of the gate and of the pages play with: the stage on a test's database, and the application over it."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.databases import PASSWORD, START, Turned
from tests.markup import check_html
from tests.roads import OwnStage, Roads
from workflow_app import clock, config, data
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.blobs import Blobs
from workflow_app.db.models import Case, Login, Municipality, Organization, Person
from workflow_app.db.session import Database
from workflow_app.demo.actors import Stage
from workflow_app.demo.people import Cast
from workflow_app.demo.sample_form import form_of
from workflow_app.demo.steps import Road
from workflow_app.demo.story import sample
from workflow_app.features.cases.office import card_correction

EXPERTS = {
    "methodical_material": ("bondarenko", "lebedev"),
    "innovation_product": ("bondarenko", "nesterov", "koval"),
    "platform_results": ("bondarenko", "nesterov", "koval"),
    "attestation_portfolio": ("bondarenko", "lebedev", "dyachkova"),
}
CASES = {
    "methodical_material": "b_sokolova_tasks",
    "innovation_product": "c_zhuravlyova_bureau",
    "platform_results": "h_orlova_platform",
    "attestation_portfolio": "a_sokolova_highest",
}
FILES = {
    key: tuple(one.key for one in kind.attachments if one.required({}) or one.expected({}))
    for key, kind in CASE_TYPES.items()
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@contextmanager
def open_stage(url: str, folder: Path, blobs: Path | None = None, roads: Roads | None = None) -> Iterator[Stage]:
    """The stage on a database that holds the invented centre; ``blobs`` in ``folder`` when no other place is named.

    ``roads``: those that were played already, for a database that holds the centre and nothing else.
    """
    with Turned.to(url) as engine:
        database = Database(engine, Blobs(blobs or folder / "blobs"))
        with database.transaction(keep=False) as session:
            municipality = session.scalars(select(Municipality)).one()
            people = {one.login: one.id for one in session.scalars(select(Person)) if one.login}
            municipality_id = municipality.id
        if roads:
            yield OwnStage(database, municipality_id, people, START, roads)
        else:
            yield Stage(database, municipality_id, people, START)


def cast_of(stage: Stage) -> Cast:
    """Ids by key of the people and organisations on the stage."""
    with stage.database.transaction(keep=False) as session:
        by_name = {one.name: one.id for one in session.scalars(select(Organization))}
    keys = {one["key"]: by_name[one["name"]] for one in data.load("demo_people")["organizations"]}
    return Cast(stage.municipality_id, stage.people, keys)


def draft(stage: Stage, kind: str = "methodical_material") -> tuple[Road, dict[str, Any]]:
    """A draft with its required files, and the form that would pass."""
    form = form_of(CASES[kind], cast_of(stage))
    return _restored(stage, kind, "draft") or _begin(stage, kind, form["title"]), form


def _begin(stage: Stage, kind: str, title: str) -> Road:
    applicant = CASES[kind].split("_")[1]
    case_id = stage.open(applicant, kind, title)
    for one in FILES[kind]:
        stage.attach(applicant, case_id, one, f"{one}.pdf", PDF)
    return Road(stage, case_id, kind, applicant)


ROAD = ("draft", "submitted", "registered", "assigning", "in_review", "consolidation", "on_approval", "approved")


def at(stage: Stage, state: str, kind: str = "methodical_material", shares: Mapping[str, Any] | None = None) -> Road:
    """A case of ``kind`` on the ordinary road, stopped in ``state`` (one of ``ROAD``)."""
    stride = min(state, "in_review", key=ROAD.index) if shares else state  # what comes after it hangs on the marks
    road, form = _restored(stage, kind, stride), form_of(CASES[kind], cast_of(stage))
    if road is None:
        road, stride = _begin(stage, kind, form["title"]), "draft"
    for name, step in steps(road, form, shares).items():
        if ROAD.index(stride) < ROAD.index(name) <= ROAD.index(state):
            step()
    assert road.state() == state, road.state()
    return road


def _restored(stage: Stage, kind: str, state: str) -> Road | None:
    """The case as it was played once, on a stage that nobody has used yet."""
    if isinstance(stage, OwnStage) and stage.is_fresh():
        return stage.roads.restored(stage, kind, state)
    return None


def played(stage: Stage, kind: str) -> Iterator[tuple[str, Road]]:
    """The whole ordinary road, stride by stride: each state that it comes to, and the case in it."""
    road, form = draft(stage, kind)
    yield "draft", road
    for state, step in steps(road, form).items():
        step()
        yield state, road


def steps(road: Road, form: Mapping[str, Any], shares: Mapping[str, Any] | None = None) -> dict[str, Callable[[], Any]]:
    """The strides of the ordinary road, by the state they lead to."""
    experts = EXPERTS[road.kind]
    share = dict(shares or {})
    return {
        "submitted": lambda: road.submit(form),
        "registered": road.register,
        "assigning": road.start,
        "in_review": lambda: assign(road, experts),
        "consolidation": lambda: [road.sign(one, share.get(one, (0.8, 1.0))) for one in experts],
        "on_approval": lambda: (road.consolidate(experts), road.propose()),
        "approved": road.approve,
    }


def amend(road: Road, key: str = "morozova", **changes: Any) -> None:
    """Correct the card of a case: what is not named stays as it stands."""
    with road.stage.database.transaction(keep=False) as session:
        case = session.get_one(Case, road.case_id)
        stands, was = card_correction.standing(case), card_correction.before(case)
    road.stage.act(key, road.case_id, "amend", {**stands, "reason": "Опечатка в карточке дела.", **changes, "was": was})


def assign(road: Road, experts: tuple[str, ...]) -> None:
    """Invite the experts and let them accept; an attestation gets its lead specialist."""
    road.invite(experts, "Специалисты по предмету заявителя")
    road.accept(experts)
    if road.kind == "attestation_portfolio":
        road.lead(experts[1])


class Client(FlaskClient):
    """A client that parses every HTML answer: broken markup, two h1, an unlabelled field fail the test."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **{"buffered": True} | kwargs)  # read whole and closed, files too
        is_page = answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303, 308)
        if is_page and "Content-Encoding" not in answer.headers:
            check_html(answer.get_data(as_text=True), f"{answer.request.method} {answer.request.path}")
        return answer

    def log_in(self, key: str, password: str = PASSWORD) -> "Client":
        answer = self.post("/login", data={"login": key, "password": password})
        assert answer.status_code == 303, answer.get_data(as_text=True)[:500]
        return self

    def enter(self, key: str) -> "Client":
        """Be logged in without the pages that ask for it, which have tests of their own and cost as much as a page."""
        from workflow_app.web import login_session  # the tests of the core and of the gate load no pages

        token, now = secrets.token_urlsafe(32), clock.now()
        with self.application.extensions["workflow_database"].transaction(keep=True) as session:
            person = session.scalars(select(Person).where(Person.login == key)).one()
            home = login_session.home_of(session, person)
            digest = login_session.digest(token)
            session.add(
                Login(
                    digest=digest,
                    person_id=person.id,
                    municipality_id=home,
                    created_at=now,
                    seen_at=now,
                    ip="",
                    agent="",
                )
            )
        with self.session_transaction() as cookie:
            cookie.update(_user_id=token, _fresh=True)
        return self


def open_app(url: str, folder: Path, database: Database) -> Flask:
    """The application over a test's ``database``: one a session, for compiling its templates costs more than most tests.

    What makes an application that of an instance is settings and database; both are put anew for each test.
    """
    settings = config.Config(
        folder=folder, database_url=url, secret_key="x" * 40, argon2_memory_kib=64, login_tries=1000
    )
    app = _app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    app.extensions["workflow_config"] = settings
    app.extensions["workflow_database"] = database
    return app


_APPS: list[Flask] = []


def _app(settings: config.Config) -> Flask:
    if not _APPS:
        _APPS.append(new_app(settings))
    return _APPS[0]


def lent_app(settings: config.Config) -> Flask:
    """The application with settings of a test's own, for as long as the test takes; who asks twice gets two.

    Another test that asks for the same settings gets it again, on its own database: binding 580 addresses takes 0.2 s, and the
    statements of an engine of its own are compiled anew.
    """
    idle = _IDLE.setdefault(replace(settings, folder=Path(), database_url=""), [])
    app = idle.pop() if idle else new_app(settings)
    _LENT.callback(idle.append, app)
    engine = _LENT.enter_context(Turned.to(settings.url))
    app.extensions["workflow_config"] = settings
    app.extensions["workflow_database"] = Database(engine, Blobs(settings.folder / "blobs"), settings.base_url)
    return app


_IDLE: dict[config.Config, list[Flask]] = {}
_LENT = ExitStack()


def take_back() -> None:
    """Put what was lent to a test where the next one finds it."""
    _LENT.close()


def new_app(settings: config.Config) -> Flask:
    """An application of its own, for a test of settings; its templates are compiled once a session all the same."""
    from workflow_app.app import create_app  # the tests of the core and of the gate load no pages

    app = create_app(settings)
    app.test_client_class = Client
    app.jinja_env.bytecode_cache = _COMPILED
    return app


class _Compiled(BytecodeCache):
    """Compiled templates in memory, by name and text."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        found = self._kept.get((bucket.key, bucket.checksum))
        if found:
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


__all__ = [
    "PASSWORD", "PDF", "ROAD", "START", "Client", "Stage", "assign", "at", "check_html", "draft", "lent_app", "new_app", "open_app",
    "open_stage", "sample", "steps", "take_back",
]  # fmt: skip
