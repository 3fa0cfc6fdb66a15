"""The page of an act with many: choose them, choose the act, see what becomes of each, fill in the form once, send it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import Form

from workflow_app.content_types.registry import CONTENT_TYPES
from workflow_app.db.models import Case, Job, Record
from workflow_app.errors import N_, Invalid, NotFound, WorkflowError
from workflow_app.facts.actors import proved
from workflow_app.facts.locking import lock_root
from workflow_app.facts.record_names import titles_of
from workflow_app.facts.standings import visible
from workflow_app.facts.subjects import has_consent, state_of, workflow_of
from workflow_app.features.bulk import jobs, plan
from workflow_app.features.bulk.plan import Act, Look, Row
from workflow_app.gate import NO_SUCH
from workflow_app.operations import job_queue
from workflow_app.spelling import number_key
from workflow_app.states.forms import Problems, asks, doubts, fill
from workflow_app.states.vocabulary import Permission, Role
from workflow_app.web import form_layout, pickers, table_page, transition_view
from workflow_app.web.formatting import day, say
from workflow_app.web.forms import form_of, raw_of, show_problems
from workflow_app.web.next_page import go
from workflow_app.web.page import Slice, password_typed, roles
from workflow_app.web.request_scope import here
from workflow_app.web.whole_lists import WHOLE

slice_ = Slice("bulk")
page = slice_.page
_READERS = roles(Role.COORDINATOR, Role.DIRECTOR, Role.ADMIN)
_NUMBERS_MOST = 100_000  # characters
_Own = Mapping[str, Mapping[int, Any]]  # by field what each subject has of its own, by its id
_ALIKE: _Own = MappingProxyType({})
_UNKNOWN_MOST = 12  # pasted numbers that are repeated where nothing stands behind them
_UNKNOWN_SIGNS = 40  # of each of them
_LATE = 20  # jobs of a person that a second press of the same button is looked for among


@dataclass(slots=True)
class Chosen:
    """What was chosen: the ids with the versions that were seen (0: none), numbers that nothing stands behind, how many there were."""

    seen: dict[int, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    too_many: bool = False

    @property
    def unknown_words(self) -> str:
        """The first of the unknown numbers, shortened, and how many more there are: whatever was pasted is not repeated whole."""
        shown = [
            one[: _UNKNOWN_SIGNS - 1] + "…" if len(one) > _UNKNOWN_SIGNS else one
            for one in self.unknown[:_UNKNOWN_MOST]
        ]
        more = len(self.unknown) - len(shown)
        words = ", ".join(shown)
        return str(_("%(names)s и ещё %(n)s", names=words, n=more)) if more else words


@page("/bulk/<kind>/<source>", readers=_READERS, methods=("GET", "POST"))
def many(kind: str, source: str) -> Response | str:
    """Show what can be done with the chosen, then what one act would do with each; do it."""
    known = WHOLE.get(source)
    if (
        kind not in ("case", *CONTENT_TYPES)
        or (known is None and source != "numbers")
        or (known and known.kind != kind)
    ):
        raise NotFound(NO_SUCH)
    chosen = _chosen(kind)
    looked = plan.look(here().session, here().me, kind, list(chosen.seen))
    return _shown(_Page(kind, source, chosen, looked))


@page("/bulk/rest/<int:id>", readers=_READERS)
def rest(id: int) -> Response | str:
    """Go on with what a job has left: the same act and form, the versions of now."""
    job = _ended(id)
    key = f"{job.args['act']}.{job.args['asks']}"
    return _shown(replace(_among(job, done=False), key=key, typed=dict(job.args["typed"])))


@page("/bulk/onward/<int:id>", readers=_READERS)
def onward(id: int) -> Response | str:
    """Go on with what a job has done: what can be done with all of it next."""
    return _shown(_among(_ended(id), done=True))


def _ended(id_: int) -> Job:
    """Return the present person's own act with many that goes on no more."""
    scope = here()
    job = scope.session.get(Job, id_) if table_page.row_id(str(id_)) else None
    if job is None or job.name != jobs.NAME or job.person_id != scope.who.id or job.state in job_queue.OPEN:
        raise NotFound(NO_SUCH)
    return job


def _among(job: Job, *, done: bool) -> _Page:
    """Return the page of what the job has done, or of what it has left."""
    kind, ids = str(job.args["kind"]), {one.subject_id: 0 for one in job.items if (one.state == "done") is done}
    return _Page(kind, "numbers", Chosen(ids), plan.look(here().session, here().me, kind, list(ids)))


# ------------------------------------------------------------------------------------------------------------ what is chosen


def _chosen(kind: str) -> Chosen:
    """Read what was chosen: ticked rows, all of the filter, pasted numbers; later steps send all of it in one field."""
    found = Chosen()
    for one in [*request.form.getlist("pick"), *request.form.get("rows", "").split()]:
        id_, _dot, version = one.partition(".")
        if (number := table_page.row_id(id_)) is not None:
            found.seen.setdefault(number, table_page.row_id(version) or 0)
    whole = WHOLE.get(request.form.get("all", ""))
    if whole is not None and whole.kind == kind:
        found.seen |= dict.fromkeys(whole.ids(job_queue.MOST + 1), 0)
    if kind == Case.kind and (typed := request.form.get("numbers", "")[:_NUMBERS_MOST]):
        _by_numbers(typed, found)
    if len(found.seen) > job_queue.MOST:
        found.too_many = True
        found.seen = dict(list(found.seen.items())[: job_queue.MOST])
    return found


def _by_numbers(typed: str, found: Chosen) -> None:
    """Find cases by pasted numbers: one that the reader may not see is as one that is not there; words around them are no numbers."""
    wanted: dict[str, str] = {}
    for word in re.split(r"[\s,;]+", typed):
        one = word.strip(".:()«»\"'")
        if any(sign.isdigit() for sign in one) and (key := number_key(one)):
            wanted.setdefault(key, one)
    session, mine = here().session, visible(here().me, Permission.VIEW)
    keys = list(wanted)[: job_queue.MOST + 1]
    rows = session.execute(select(Case.number_key, Case.id).where(Case.number_key.in_(keys), mine.condition)).all()
    ids: dict[str, int] = {one.number_key: one.id for one in rows}
    found.seen |= {ids[key]: 0 for key in keys if key in ids and ids[key] not in found.seen}
    found.unknown = [wanted[key] for key in keys if key not in ids]


# ------------------------------------------------------------------------------------------------------------ what is shown


@dataclass(slots=True)
class _Page:
    """One showing of the page: what was chosen and looked at, the act, what was typed."""

    kind: str
    source: str
    chosen: Chosen
    looked: list[Look]
    key: str = ""
    typed: dict[str, Any] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)
    status: int = 200

    @property
    def address(self) -> str:
        """Where the forms of the page are sent: with the filter of the list from which one came."""
        return table_page.kept("bulk.many", kind=self.kind, source=self.source)

    @property
    def back(self) -> str:
        """The list from which one came."""
        known = WHOLE.get(self.source)
        return known.url if known else url_for("cases.listing")


def _shown(asked: _Page) -> Response | str:
    found = plan.acts(asked.looked)
    key = asked.key or request.form.get("act", "")
    act = next((one for one in found if one.key == key), plan.evident(found, len(asked.looked)))
    if act is None:
        return _drawn(asked, found, None, [], None)
    rows = plan.rows(here().session, here().me, asked.looked, act)
    if request.method == "POST" and (request.form.get("go") == act.key or request.form.get(pickers.LOOK)):
        return _sent(asked, found, act, rows)
    return _preview(asked, found, act, rows)


def _preview(asked: _Page, found: Sequence[Act], act: Act, rows: Sequence[Row]) -> Response | str:
    """Show what becomes of each and the form; what is wrong with one alone stands at its row."""
    session, going = here().session, [one for one in rows if one.goes]
    first, differ = plan.suggested(session, here().me, going, act)
    form = _form(asked, act, first | asked.typed, frozenset(differ))
    return _drawn(asked, found, act, rows, form, differ)


def _form(asked: _Page, act: Act, values: dict[str, Any], differ: frozenset[str]) -> Form:
    lists = plan.lists_of(here().session, asked.looked[0].subject)
    form = form_of(act.asks, lists, values)
    for name in [one.short_name for one in form if one.short_name not in act.fields]:
        del form[name]
    for name in differ & {one.short_name for one in form}:
        form[name].flags.required = False
        form[name].description = say(
            N_("Оставьте пустым, и у каждого дела будет своё: то, что предложила бы его страница.")
        )
    if asked.problems:
        show_problems(form, asked.problems)
    return form


def _drawn(
    asked: _Page, found: Sequence[Act], act: Act | None, rows: Sequence[Row], form: Form | None, differ: _Own = _ALIKE
) -> Response | str:  # fmt: skip
    scope = here()
    scope.let_go()
    going, staying = [one for one in rows if one.goes], [one for one in rows if not one.goes]
    named = titles_of(scope.session, [one.subject for one in asked.looked if isinstance(one.subject, Record)])
    signs = act is not None and act.sample.signs
    text = render_template(
        "bulk/many.html", asked=asked, acts=found, act=act, title=_title(act), form=form, own_heads=_heads(act, differ),
        parts=form_layout.sections(form, act.asks) if form is not None and act is not None else (),
        errors=form_layout.summary(form) if form is not None else (), total=len(asked.looked),
        going=[_line(one, named, differ) for one in going], staying=[_line(one, named) for one in staying],
        follows=_follows(act, going), signs=signs, most=job_queue.MOST,
        agreement=signs and has_consent(scope.session, scope.who.id, "simple_signature"), once=secrets.token_hex(8),
        told=getattr(form, "told", {}), kept=" ".join(str(one.subject.id) for one in asked.looked),
        rows=" ".join(f"{one.look.subject.id}.{_seen(asked, one)}" for one in going), titles=_titles,
    )  # fmt: skip
    return make_response(text, asked.status)


def _seen(asked: _Page, row: Row) -> int:
    """Return the version that the reader looks at: of the page on which it was chosen, else of this one."""
    return asked.chosen.seen.get(row.look.subject.id) or row.look.subject.version


def _titles(act: Act) -> str:
    return " / ".join(map(say, act.title))


def _title(act: Act | None) -> str:
    return _titles(act) if act is not None else _("Действие с несколькими")


def _line(row: Row, named: Mapping[Record, str], differ: _Own = _ALIKE) -> dict[str, Any]:
    subject = row.look.subject
    if isinstance(subject, Case):
        state, title, number = state_of(subject, told=False), subject.title, subject.number or _("без номера")
        url, people = url_for("cases.show", id=subject.id), subject.applicant.short_name
    else:
        state, title, number, people = workflow_of(subject).state(subject.state), named[subject], "", ""
        url = url_for(f"records.{subject.kind}", id=subject.id)
    return {
        "number": number, "title": title, "url": url, "people": people, "state": say(state.title), "tone": state.tone,
        "why": [say(one) for one in row.why], "own": [_told(one[subject.id]) for one in differ.values()],
    }  # fmt: skip


def _heads(act: Act | None, differ: Mapping[str, Any]) -> list[str]:
    return [say(asks(act.asks)[name].label) for name in differ] if act is not None else []


def _told(value: Any) -> str:
    return day(value) if isinstance(value, date) else str(value)


def _follows(act: Act | None, going: Sequence[Row]) -> list[tuple[str, list[str]]]:
    """Say what happens with each that goes, once for all that are alike; where they are not, of which kinds it is said."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    if act is None:
        return []
    for one in going:
        workflow = workflow_of(one.look.subject)
        told = form_layout.follows(workflow, one.look.transitions[act.name], one.look.facts, as_author=False)
        found.setdefault(tuple(map(say, told)), {})[say(workflow.title)] = None
    more = [say(act.bulk.means)] if act.bulk.means else []
    return [(", ".join(kinds) if len(found) > 1 else "", [*more, *words]) for words, kinds in found.items()]


# ------------------------------------------------------------------------------------------------------------ what is done


def _sent(asked: _Page, found: Sequence[Act], act: Act, rows: Sequence[Row]) -> Response | str:
    """Order the job, once; whatever is wrong with the form of all is said at its field."""
    scope, going = here(), [one for one in rows if one.goes]
    once = request.form.get("once", "")[:40]
    if once and (there := _ordered(once)) is not None:
        return _to(there)
    raw = raw_of(request.form, act.asks)
    asked.typed = {name: one for name, one in raw.items() if name in act.fields}
    if not going:
        asked.status = 409
        return _drawn(asked, found, act, rows, None)
    try:
        _checked(asked, act, going)
        seen = {one.subject.id: asked.chosen.seen.get(one.subject.id) or one.subject.version for one in asked.looked}
        args = jobs.arguments(asked.kind, act, asked.typed, seen, ip=scope.me.ip, once=once)
        items = [(one.subject.id, _label(one)) for one in asked.looked]
        title = f"{_titles(act)}: {len(items)}"
        return _to(job_queue.enqueue(scope.session, scope.who, scope.me.municipality_id, jobs.NAME, title, items, args))
    except Invalid as error:
        asked.problems, asked.status = dict(error.problems), 422
    except WorkflowError as error:
        asked.problems, asked.status = {"": (error.sentence,)}, 422
    return _preview(asked, found, act, rows)


def _checked(asked: _Page, act: Act, going: Sequence[Row]) -> None:
    """Invalid when the form is wrong for every one, or the signature is; what is wrong with one alone its own line will say."""
    session = here().session
    pickers.settle(act.asks)
    faults = plan.faults(session, here().me, going, act, asked.typed)
    problems: Problems = {}
    if len(faults) == len(going):
        problems |= next(iter(faults.values()))
    if act.sample.signs:
        problems |= _unsigned()
    if problems:
        raise Invalid(problems)
    first = going[0].look.subject
    try:
        raw = plan.raw(session, here().me, first, act, asked.typed, whole=True)
        sheet = fill(act.asks, raw, plan.lists_of(session, first))
    except WorkflowError:  # what is its own: said at its turn
        return
    transition_view.demand_sure(doubts(sheet, going[0].look.facts.today))


def _unsigned() -> Problems:
    scope = here()
    if not password_typed(scope.who):
        return {"password": (N_("Пароль не подходит. Проверьте раскладку и регистр."),)}
    if proved(scope.session, scope.me).proof is None:
        return {"password": (N_("Сначала примите соглашение о простой электронной подписи."),)}
    return {}


def _label(one: Look) -> str:
    if isinstance(one.subject, Case):
        return f"{one.subject.number or say(N_('без номера'))}, {one.subject.title}"
    return titles_of(here().session, {one.subject})[one.subject]


def _ordered(once: str) -> Job | None:
    """Return the job that this very press has ordered already: a second press of the button, however soon, leads to it."""
    lock_root(here().session, here().who)
    mine = select(Job).where(Job.person_id == here().who.id, Job.name == jobs.NAME).order_by(Job.id.desc()).limit(_LATE)
    return next((one for one in here().session.scalars(mine) if one.args.get("once") == once), None)


def _to(job: Job) -> Response:
    return go("papers.job", id=job.id)
