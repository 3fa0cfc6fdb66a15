"""Pages of cases: the slice, the work list, the generic page of an act. The other pages stand in ``*_views`` beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app import gate
from workflow_app.db.models import Case
from workflow_app.errors import N_, NotYet, Sentence
from workflow_app.facts import choices, worklist
from workflow_app.facts.beginnings import begins
from workflow_app.facts.subjects import workflow_of
from workflow_app.features.cases import next_case, queries, work_rows
from workflow_app.features.cases.home import ALL, FILTERS, OTHERS, RECORDS, Home
from workflow_app.features.cases.office.card_correction import outdated
from workflow_app.features.cases.urls import act_url
from workflow_app.states.definitions.case.forms import Remind
from workflow_app.states.vocabulary import Role
from workflow_app.web import table_page
from workflow_app.web.formatting import say
from workflow_app.web.next_page import go_to, safe_next
from workflow_app.web.page import LOGGED_IN, PAGES, Menu, Slice, address, may_open
from workflow_app.web.panels import panels
from workflow_app.web.request_scope import Scope, here
from workflow_app.web.transition_view import act, autosaved, offered, take_turn
from workflow_app.web.whole_lists import ticks_url

slice_ = Slice("cases")
page = slice_.page

_INVITED = N_("Приглашение на экспертизу появится здесь. До ответа на него материалы закрыты.")
_IN_FIGURES = N_(
    "Дел, которые ждут вас, здесь не бывает. Сколько дел и как идут сроки – в сводке; критерии и маршруты дел открыты из справки."
)
_KEPT_BY_OTHERS = N_("Дела ведут координаторы и директор. Люди, организации и настройки находятся в меню.")
# What comes next, for whom nothing waits: words for each role, the weightiest first.
_NEXT: tuple[tuple[Role, Sentence], ...] = (
    (Role.DIRECTOR, N_("Здесь появятся заключения, которые нужно утвердить, и апелляции.")),
    (Role.COORDINATOR, N_("Новое дело появится здесь, как только его подадут, эксперт ответит или выйдет срок.")),
    (Role.ADMIN, _KEPT_BY_OTHERS),
    (Role.EXPERT, _INVITED),
    (Role.SCHOOL_OFFICER, N_("Внесите дело педагога, одно или таблицей. Черновики и возвращённые дела появятся здесь.")),
    (Role.DEPARTMENT, _IN_FIGURES),
    (Role.REGIONAL, _IN_FIGURES),
    (Role.TEACHER, N_("Начните экспертизу: выберите её вид, заполните форму и приложите файлы. Черновик сохраняется сам.")),
)  # fmt: skip


@page("/", readers=LOGGED_IN, menu=Menu(10, N_("Мои дела"), "inbox", "examination"))
def work() -> str:
    """Show what waits for the person, overdue first, and below it what waits for others; the numbers above filter both."""
    scope = here()
    what = table_page.asked((), "", FILTERS)
    home = Home.of(scope, what.chosen)
    total = home.total
    if home.whose != ALL:
        scope.waiting = home.summary.total
    read = partial(worklist.tasks, scope.session, scope.me, step=home.step, **home.asked)
    tasks, pager = (
        table_page.stretch(what, worklist.ORDER, total, read) if home.part not in (OTHERS, RECORDS) else ([], {})
    )
    cards = work_rows.cards(scope, tasks)
    if cards and pager["number"] == 1:
        cards[0]["primary"] = True
    waiting, counters, steps = home.others(what), home.numbers(), home.steps()
    records = home.records(what)
    reminding = home.reminding() if len(records.rows) > 1 else []
    return render_template(
        "cases/work.html", tasks=cards, total=total, bulk_url=ticks_url("work") if any(one.get("value") for one in cards) else "",
        pager=pager, counters=counters, steps=steps, filtered=home.filtered, new_url=new_case_url(scope), home=home, others=waiting,
        records=records, plans_url=_plans_url(steps),
        remind_records=[(title, many, f"others-{key}", url) for key, many, title in reminding if (url := ticks_url(f"others-{key}"))],
        remind_url=ticks_url("others") if home.office and waiting.rows else "",
        panels=panels("home", "work", scope), **({} if cards or home.filtered else _nothing(scope)),
    )  # fmt: skip


def _plans_url(steps: Sequence[Mapping[str, Any]]) -> str:
    """Return where experts are chosen for many cases at once, when several things wait and some of them for experts."""
    return address("cases.plans") if any("kind=assigning-coordinator" in one["url"] for one in steps) else ""


@page("/cases/<int:id>/remind", readers=LOGGED_IN, methods=("POST",))
def remind(id: int) -> Response:
    """Remind those for whom a case waits, or the expert of one place, and go back to where the button stood."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    place = request.form.get("only", "")
    sheet = Remind(only=table_page.row_id(place) if place else None)
    try:
        gate.perform(scope.session, scope.me, case, "remind", sheet, case.version)
    except NotYet as error:
        flash(say(error.sentence), "attention")
    else:
        flash(_("Напоминание отправлено. В тихие часы письмо подождёт утра."), "success")
    return go_to(safe_next(request.form.get("next"), url_for("cases.show", id=id)))


def _nothing(scope: Scope) -> dict[str, Any]:
    """Return the words of an empty list: what comes next, and what the person can do meanwhile."""
    running = queries.running(scope.session, scope.me)
    said = next((say(words) for role, words in _NEXT if role in scope.me.roles), "")
    if running:
        said = _("Когда понадобится ваше действие, дело появится здесь.")
    if scope.who.email and (running or said == say(_INVITED)):
        said = f"{said} {_('Письмо об этом придёт на %(address)s.', address=scope.who.email)}"
    # no case is open to these roles: the figures are, and the people
    figures = address("dashboard.dashboard") if said == say(_IN_FIGURES) else ""
    people = address("people.people") if said == say(_KEPT_BY_OTHERS) else ""
    return {"next": said, "running": running, "figures_url": figures, "people_url": people}


def new_case_url(scope: Scope) -> str:
    """Return where a case is begun, for those who may open that page."""
    pages = ("cases.new", "cases.new_of_school")
    return next((address(one) for one in pages if one in PAGES and may_open(PAGES[one].readers, scope)), "")


@page("/cases/<int:id>/do/<name>", readers=LOGGED_IN, methods=("GET", "POST"))
def do(id: int, name: str) -> Response | str:
    """Show or do a transition of a case; one that has a page of its own is shown there."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    known = workflow_of(case).transitions
    if request.method == "GET" and name in known and (own := act_url(case, known[name])) != request.path:
        return go_to(own, 302)
    context = {
        "autosave_url": url_for("cases.keep", id=id, name=name),
        "breadcrumbs": [
            {"title": _("Все дела"), "url": url_for("cases.listing")},
            {"title": case.number or _("Дело без номера"), "url": url_for("cases.show", id=id)},
            {"title": say(workflow_of(case).transitions[name].title) if name in workflow_of(case).transitions else "", "url": ""},
        ],
    }  # fmt: skip
    back, start = url_for("cases.show", id=id), _start(case, name) if request.method == "GET" else {}
    place, lists = next_case.Place.of(case), choices.of_case(scope.session, case)
    return next_case.told(place, act(case, name, lists=lists, back=back, start=start, context=context))


def _start(case: Case, name: str) -> dict[str, Any]:
    """Return what a form begins with: a correction begins with what stands."""
    starts: dict[str, dict[str, Any]] = {
        "correct_record": dict(case.decision), "correct_act": dict(case.decision),
        "reissue": {"kind": next((one.document_kind for one in outdated(here().session, case)), None)},
    }  # fmt: skip
    return starts[name] if name in starts else begins(here().session, here().me, case, name)


@page("/cases/<int:id>/do/<name>/keep", readers=LOGGED_IN, methods=("POST",))
def keep(id: int, name: str) -> Response:
    """Keep what is being typed into the form of an act (decisions.md 3)."""
    scope = here()
    case = gate.read(scope.session, scope.me, Case, id)
    take_turn(case)
    return autosaved(case, name, offered(case, name).transition.asks)
