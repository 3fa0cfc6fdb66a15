"""The workflows as text: the golden table of permissions, and ``docs/workflows.md``. Both are compared by a test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from workflow_app.calendar.terms import Term
from workflow_app.errors import Sentence
from workflow_app.states.pictures.diagram import MANY
from workflow_app.states.pictures.handbook import (
    PERMISSIONS,
    TERMS,
    TRIGGERS,
    WHO,
    Move,
    grant_rows,
    moves,
    ordered,
    standings,
    told,
)
from workflow_app.states.vocabulary import Guard, Permission, State, Trigger, Who, Workflow


def permission_table(flows: Iterable[Workflow]) -> str:
    """Return state x who -> permissions and transitions, a line each: one changed right is one changed line.

    A transition that only waits for a condition stands with ``?``; one barred to some standing, with ``-`` and its name, or with
    ``!`` where the bar is told.
    """
    return "\n".join(line for flow in flows for line in _table(flow))


def _table(flow: Workflow) -> Iterator[str]:
    yield f"# {flow.name}"
    yield f"  begin: {_guard(flow.begin)}"
    for state in flow.states.values():
        yield f"## {state.name}"
        for who in Who:
            rights = " ".join(p.value for p in Permission if who in state.grants.get(p, ()))
            acts = " ".join(_act(one.name, one.guard) for one in flow.exits(state.name) if who in one.guard.by)
            if rights or acts:
                yield f"  {who.value}: {rights or '-'} | {acts or '-'}"
    yield ""


def _act(name: str, guard: Guard) -> str:
    barred = "".join(f"-{who.value}" for who in Who if who in guard.unless)
    barred += "".join(f"!{who.value}" for who in Who if who in guard.stops)
    needs = f"[{guard.permission.value}]" if guard.permission else ""
    return f"{name}{'?' if guard.when else ''}{needs}{barred}"


def _guard(guard: Guard) -> str:
    return " ".join(
        _act(who.value, Guard(frozenset(), guard.unless, guard.permission, guard.when))
        for who in Who
        if who in guard.by
    )


def document(
    flows: Iterable[Workflow], documents: Mapping[str, Sentence], terms: Mapping[str, Mapping[str, Term]]
) -> str:
    """Return ``docs/workflows.md``. ``documents``: titles of document kinds; ``terms``: lengths by the workflow's name."""
    parts = [_HEAD, *(_chapter(flow, documents, terms.get(flow.name, {})) for flow in flows)]
    return "\n".join(parts)


_LETTERS = ", ".join(f"{letter} = `{one.value}` ({words})" for one, (letter, words) in PERMISSIONS.items())
_HEAD = f"""# Workflows

Generated from the data by `python -m workflow_app.features.centre.handbook`; a test compares this file with it. Do not edit.

The pages «Маршруты дел» show the same tables. A picture leaves out what may be done from more than {MANY} states. A state
has two titles: the staff's and the applicant's. Letters of the permission tables:

{_LETTERS}.
"""


def _chapter(flow: Workflow, documents: Mapping[str, Sentence], terms: Mapping[str, Term]) -> str:
    parts = [f"\n## {flow.title} (`{flow.name}`)\n", f"Begun by: {', '.join(map(str, told(flow.begin.by)))}.\n"]
    parts += ["```mermaid", *_mermaid(flow), "```\n"]
    parts += [
        "### States\n",
        *_grid(("state", "staff", "applicant", "turn", "to do", "term"), map(_state, ordered(flow))),
    ]
    if standings(flow):
        heads = ("state", *(str(WHO[who]) for who in standings(flow)))
        rows = [
            (f"`{row.state.name}`", *(" ".join(str(PERMISSIONS[p][0]) for p in many) for many in row.cells.values()))
            for row in grant_rows(flow)
        ]
        parts += ["\n### Permissions\n", *_grid(heads, rows)]
    heads = ("transition", "from", "to", "who", "when", "what comes of it")
    parts += ["\n### Transitions\n", *_grid(heads, (_transition(one, documents) for one in moves(flow)))]
    if terms:
        rows = [(str(TERMS[key]), f"`{key}`", length_words(term)) for key, term in terms.items()]
        parts += ["\n### Terms\n", *_grid(("term", "key", "length by default"), rows)]
    return "\n".join(parts)


def _state(state: State) -> Sequence[str]:
    turn = str(WHO[state.turn]) if state.turn else ""
    name = f"`{state.name}`{', final' if state.final else ''}"
    return (
        name,
        str(state.title),
        str(state.applicant_title),
        turn,
        str(state.todo or ""),
        f"`{state.term}`" if state.term else "",
    )


def _transition(one: Move, documents: Mapping[str, Sentence]) -> Sequence[str]:
    transition = one.transition
    ways = "; ".join(
        f"`{state.name}`" + (f" ({', '.join(map(str, when))})" if when else "") for state, when in one.ways
    )
    by = ", ".join(map(str, one.by)) if transition.trigger is Trigger.USER else str(TRIGGERS[transition.trigger])
    by += f"; not: {', '.join(map(str, one.unless))}" if one.unless else ""
    comes = [str(documents.get(key, key)) for key in transition.issues]
    comes += ["number"] if transition.numbers else []
    comes += ["signature"] if transition.signs else []
    return (
        f"{transition.title} (`{transition.name}`)", ", ".join(f"`{state.name}`" for state in one.sources), ways or "stays",
        by, "; ".join(map(str, one.when)), "; ".join(comes),
    )  # fmt: skip


def length_words(term: Term) -> str:
    """Return a length as engineers write it."""
    return f"{term.length} {term.unit} days{'' if term.moves else ', a legal cap'}"


def _mermaid(flow: Workflow) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield from (f'    state "{state.title}" as {state.name}' for state in flow.states.values())
    yield f"    [*] --> {flow.initial}"
    for one in (one for one in flow.transitions.values() if len(one.sources) <= MANY):
        for target in one.targets:
            yield from (f"    {source} --> {target.state}: {one.name}" for source in one.sources)
    yield from (f"    {state.name} --> [*]" for state in flow.states.values() if state.final)


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"
