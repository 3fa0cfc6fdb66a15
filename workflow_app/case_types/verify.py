"""Proof that a case type is whole, run at start-up: what is missing stops the program with a sentence that names it (ADR 27)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from yaml import YAMLError

from workflow_app.case_types.declaration import PHRASES, CaseForm, CaseType
from workflow_app.errors import Broken
from workflow_app.states.forms import Sheet, asks

_FILES = {"criteria.yaml": ("sheets",), "lists.yaml": ("grounds", "returns", "phrases")}
_PLACES = frozenset({"files", "texts", "fields"})  # what a ready remark may call a place, beside the places themselves


def prove_types(kinds: Iterable[CaseType], lists: frozenset[str], directions: frozenset[str]) -> None:
    """Raise Broken with every fault of every type; ``lists``: the closed lists that a case form may name."""
    many = tuple(kinds)
    for kind in many:
        if faults := [*_faults(kind, lists, directions)]:
            raise Broken(f"case type {kind.key}: " + "; ".join(faults))
    for name in ("place", "letter"):
        used = [getattr(kind, name) for kind in many]
        if twice := {one for one in used if used.count(one) > 1}:
            raise Broken(f"two case types have one {name}: {sorted(twice)}")
    keys = [key for kind in many for key in kind.criteria_keys]
    if twice := {one for one in keys if keys.count(one) > 1}:
        raise Broken(f"two criteria sheets have one key: {sorted(twice)}")


def _faults(kind: CaseType, lists: frozenset[str], directions: frozenset[str]) -> Iterator[str]:
    yield from _form(kind, lists)
    yield from _policy(kind)
    yield from _words(kind)
    for key in kind.directions or ("",):
        if key not in directions:
            yield f"the direction {key!r} is not in data/directions.yaml" if key else "no direction's experts review it"
    unread = [*_unread(kind)]
    yield from unread or (*_criteria(kind), *_lists(kind))


def _form(kind: CaseType, lists: frozenset[str]) -> Iterator[str]:
    for form in dict.fromkeys((kind.form, kind.shape.revision_form or kind.form)):
        if not issubclass(form, CaseForm):
            yield f"its form {form.__name__} is no CaseForm"
        for name, how in asks(form).items():
            if hasattr(Sheet, name):
                yield f"{form.__name__}.{name} hides what every sheet has under this name"
            if isinstance(how.choices, str) and how.choices not in lists:
                yield f"{form.__name__}.{name} chooses from the unknown list {how.choices!r}"
    for name in set(kind.settled) - set(asks(kind.form)):
        yield f"the settled field {name!r} is not in the form"
    kinds = [one.key for one in kind.attachments]
    for key in {one for one in kinds if kinds.count(one) > 1}:
        yield f"the attachment {key!r} is named twice"


def _policy(kind: CaseType) -> Iterator[str]:
    wanted = {state.term for state in kind.workflow.states.values()} - {None}
    for key in sorted(wanted - set(kind.policy.terms), key=str):
        yield f"its policy has no term {key!r}"
    if not 0 <= kind.policy.outside <= kind.policy.experts or kind.policy.experts < 1:
        yield "its policy needs at least one expert, and no more from outside than there are"


def _words(kind: CaseType) -> Iterator[str]:
    said = {"letter": kind.letter, "title": kind.title, "about": kind.about}
    said |= {f"examined.{case}": getattr(kind.examined, case) for case in ("n", "g", "a")}
    for name, words in said.items():
        if not str(words).strip():
            yield f"its {name} is empty"


def _unread(kind: CaseType) -> Iterator[str]:
    """What cannot be read of the files beside the declaration."""
    for file, parts in _FILES.items():
        for part in parts:
            try:
                getattr(kind, part)
            except FileNotFoundError:
                yield f"the file {file} is missing"
                break
            except KeyError as error:
                yield f"{file} has no {error.args[0]!r} where {part} are read"
            except (AttributeError, TypeError, ValueError, ArithmeticError, YAMLError, Broken) as error:
                yield f"{file}: {part} cannot be read ({error})"


def _criteria(kind: CaseType) -> Iterator[str]:
    if not kind.sheets:
        yield "criteria.yaml has no sheet"
        return
    for key, sheet in kind.sheets.items():
        yield from (f"criteria.yaml, {key}: {fault}" for fault in sheet.check())
        if {rule.positive for rule in sheet.verdicts} != {True, False}:
            yield f"criteria.yaml, {key}: a verdict that is positive and one that is not are needed"
    if kind.criteria({}) not in kind.sheets:
        yield f"the form is judged by {kind.criteria({})!r}, which criteria.yaml does not have"
    again = any(rule.key == "revise" for sheet in kind.sheets.values() for rule in sheet.verdicts)
    if again and not (kind.shape.revision_form and "changes" in asks(kind.shape.revision_form)):
        yield "a verdict sends back for revision, and there is no revision form that asks what was changed"


def _lists(kind: CaseType) -> Iterator[str]:
    keys = [one.value for one in kind.grounds]
    if not keys or len(set(keys)) < len(keys):
        yield "lists.yaml: the grounds for declining are none, or one is named twice"
    places = {*_PLACES, *asks(kind.form), *(f"attachment:{one.key}" for one in kind.attachments)}
    if not kind.returns:
        yield "lists.yaml has no ready remark for a return"
    for one in kind.returns:
        if wrong := sorted(one.at - places) or ([] if one.at else ["nowhere"]):
            yield f"lists.yaml: the remark «{one.text}» stands at {', '.join(wrong)}, which the form does not have"
    yield from _phrases(kind.phrases)


def _phrases(known: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name in PHRASES:
        if not known[name]:
            yield f"lists.yaml has no phrase for {name}"
        yield from (f"lists.yaml: the phrase «{one}» ends with a full stop" for one in known[name] if one.endswith("."))
