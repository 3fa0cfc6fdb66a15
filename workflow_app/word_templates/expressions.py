"""The little language of users' Word templates: names, loops over declared lists, conditions. All else is refused.

What a template may do is read from the syntax tree of exactly that text which is rendered later, so nothing depends on
how a tag is spelled. The sandbox of jinja2 stands behind this as a second wall, not instead of it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from workflow_app.documents.russian.grammar import capitalised
from workflow_app.documents.template_fields.registry import Declared
from workflow_app.errors import N_, Sentence

DEEPEST: Final = 2  # loops inside one another
FILTERS: Final[Mapping[str, Callable[[str], str]]] = {"upper": str.upper, "cap": capitalised}

Scope = Mapping[str, str]
"""Variables of the loops around a place: name -> the list it goes over."""

Fault = tuple[int, Sentence]
"""A line of the source and what is wrong there."""

_BRACES: Final = str.maketrans({"{": "&#123;", "}": "&#125;"})


def _final(value: object) -> Markup:
    """Return a value as text of a file: escaped, and without a brace that a second look could take for a tag.

    The library renders footnotes once for every section, so what the first pass wrote is a template to the next.
    """
    return Markup(str(escape(value)).translate(_BRACES))  # noqa: S704 - escaped right here


def environment() -> ImmutableSandboxedEnvironment:
    """Return an environment that knows our filters and nothing else: no globals, no tests, no loader."""
    found = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_final)
    found.globals.clear()
    found.filters = dict(FILTERS)
    found.tests = {}
    return found


def plain_text() -> ImmutableSandboxedEnvironment:
    """Return the same for texts of letters: nothing is escaped, a command that stands alone in its line leaves no line behind."""
    found = ImmutableSandboxedEnvironment(
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.clear()
    found.filters = dict(FILTERS)
    found.tests = {}
    return found


def faults(source: str, declared: Declared, scope: Scope | None = None) -> Iterator[Fault]:
    """Yield everything in a text that a template may not do; an unreadable text is one fault."""
    engine = environment()
    try:
        tree = engine.parse(source)
        raw = [line for line, what, _ in engine.lex(source) if what == "raw_begin"]
    except TemplateSyntaxError as error:
        yield error.lineno, _misspelled(error)
        return
    except RecursionError:
        yield 1, N_("Метка написана с ошибкой: проверьте скобки, кавычки и слова.")
        return
    yield from ((line, N_("Команда «raw» в шаблоне не действует.")) for line in raw)
    yield from _Judge(declared).body(tree.body, dict(scope or {}), 0)


def _misspelled(error: TemplateSyntaxError) -> Sentence:
    said = error.message or ""
    if "unknown tag" in said:
        return N_("Такой команды нет: можно for, endfor, if, elif, else, endif.")
    if "«" in said or "'»'" in said:
        return N_('Внутри метки нужны прямые кавычки: "да", а не «да».')
    return N_("Метка написана с ошибкой: проверьте скобки, кавычки и слова.")


class _Judge:
    """Walks a syntax tree and yields what is not allowed in it."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared

    def body(self, body: list[nodes.Node], scope: Scope, depth: int) -> Iterator[Fault]:
        for node in body:
            if isinstance(node, nodes.Output):
                for one in node.nodes:
                    if not isinstance(one, nodes.TemplateData):
                        yield from self._expression(one, scope)
            elif isinstance(node, nodes.For):
                yield from self._loop(node, scope, depth)
            elif isinstance(node, nodes.If):
                yield from self._condition(node, scope, depth)
            else:
                yield node.lineno, N_("Такая команда в шаблоне запрещена: можно только for и if.")

    def _loop(self, node: nodes.For, scope: Scope, depth: int) -> Iterator[Fault]:
        target, over = node.target, node.iter
        if (
            not isinstance(target, nodes.Name)
            or not isinstance(over, nodes.Name)
            or node.test
            or node.recursive
            or node.else_
        ):
            yield node.lineno, N_("Цикл пишут только так: «for строка in список».")
            return
        if over.name not in self.declared.lists:
            yield node.lineno, self._no_list(over.name)
            return
        if target.name in {*self.declared.fields, *self.declared.lists, *scope} or target.name.startswith("_"):
            yield node.lineno, N_("Имя «%(name)s» занято: назовите строку цикла иначе.", name=target.name)
            return
        if depth >= DEEPEST:
            yield node.lineno, N_("Циклов друг в друге может быть не больше %(most)s.", most=DEEPEST)
            return
        yield from self.body(node.body, {**scope, target.name: over.name}, depth + 1)

    def _condition(self, node: nodes.If, scope: Scope, depth: int) -> Iterator[Fault]:
        yield from self._test(node.test, scope)
        yield from self.body(node.body, scope, depth)
        for one in node.elif_:
            yield from self._condition(one, scope, depth)
        yield from self.body(node.else_, scope, depth)

    def _test(self, node: nodes.Node, scope: Scope) -> Iterator[Fault]:
        if isinstance(node, nodes.Not):
            yield from self._test(node.node, scope)
        elif isinstance(node, nodes.Compare):
            operand = node.ops[0]
            plain = isinstance(operand.expr, nodes.Const) and isinstance(operand.expr.value, str)
            if len(node.ops) > 1 or operand.op not in ("eq", "ne") or not plain:
                yield node.lineno, N_("Сравнивать можно поле со словами в кавычках: == или !=.")
            yield from self._expression(node.expr, scope)
        elif not (isinstance(node, nodes.Name) and node.name in self.declared.lists):
            yield from self._expression(node, scope)

    def _expression(self, node: nodes.Node, scope: Scope) -> Iterator[Fault]:
        if isinstance(node, nodes.Name):
            yield from ((node.lineno, one) for one in self._name(node.name, scope))
        elif isinstance(node, nodes.Getattr):
            yield from ((node.lineno, one) for one in self._attribute(node, scope))
        elif isinstance(node, nodes.Filter):
            yield from self._filter(node, scope)
        else:
            yield node.lineno, N_("Выражение запрещено: в метке может стоять только имя поля.")

    def _filter(self, node: nodes.Filter, scope: Scope) -> Iterator[Fault]:
        if node.name not in FILTERS:
            known = ", ".join(FILTERS)
            yield node.lineno, N_("Преобразования «%(name)s» нет: можно %(known)s.", name=node.name, known=known)
        if node.args or node.kwargs or node.dyn_args or node.dyn_kwargs or node.node is None:
            yield node.lineno, N_("У преобразования не бывает скобок.")
        elif node.node is not None:
            yield from self._expression(node.node, scope)

    def _name(self, name: str, scope: Scope) -> Iterator[Sentence]:
        if name in scope:
            yield N_(
                "«%(name)s» – это целая строка списка «%(rows)s»: назовите её поле, например «%(name)s.n».",
                name=name,
                rows=scope[name],
            )
        elif name in self.declared.lists:
            yield N_("«%(name)s» – это список: его перебирают циклом «for».", name=name)
        elif name not in self.declared.fields:
            yield no_field(name, (*self.declared.fields, *scope))

    def _attribute(self, node: nodes.Getattr, scope: Scope) -> Iterator[Sentence]:
        owner = node.node
        if isinstance(owner, nodes.Name) and owner.name not in {*self.declared.fields, *self.declared.lists, *scope}:
            yield N_("«%(name)s» – не строка списка: цикл «for %(name)s in …» здесь не открыт.", name=owner.name[:40])
            return
        if not isinstance(owner, nodes.Name) or owner.name not in scope:
            yield N_("После имени поля нельзя ставить точку: «.%(name)s» запрещено.", name=node.attr[:40])
            return
        rows = scope[owner.name]
        if node.attr not in self.declared.lists[rows]:
            yield _near(
                N_("У строк списка «%(rows)s» нет поля «%(name)s».", rows=rows, name=node.attr[:40]),
                node.attr,
                self.declared.lists[rows],
            )

    def _no_list(self, name: str) -> Sentence:
        if name in self.declared.fields:
            return N_("«%(name)s» – не список: перебирать можно только списки.", name=name)
        return _near(N_("Списка «%(name)s» нет.", name=name[:40]), name, self.declared.lists)


def no_field(name: str, known: tuple[str, ...]) -> Sentence:
    """Return the sentence about an unknown field, with the nearest known one."""
    return _near(N_("Поля «%(name)s» нет.", name=name[:40]), name, known)


def _near(said: Sentence, name: str, known: object) -> Sentence:
    near = difflib.get_close_matches(name, sorted(known), 1, 0.6)  # type: ignore[call-overload]  # any collection of names
    if not near:
        return said
    return N_("%(said)s Возможно, «%(near)s»?", said=said, near=near[0])
