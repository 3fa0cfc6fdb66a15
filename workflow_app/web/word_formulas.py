"""A Word formula (OMML, ECMA-376 part 1, 22.1) as one line of text: «(a+b)/2», «x^2», «√(x)», «∑_(i=1)^n i»."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

Write = Callable[[Callable[[str], str], Element], str]


def local(name: str) -> str:
    """Return a name without its namespace: both editions of the standard, and every prefix, read alike."""
    return name.rpartition("}")[2]


def attribute(element: Element | None, name: str) -> str | None:
    """Return an attribute by its local name."""
    return next((value for key, value in element.items() if local(key) == name), None) if element is not None else None


def first(element: Element, name: str) -> Element | None:
    """Return the first element of a local name inside."""
    return next((one for one in element.iter() if local(one.tag) == name), None)


def formula_text(element: Element) -> str:
    """Return the formula as a line; what has no rule of its own is the text of its parts in their order."""
    name = local(element.tag)
    if name == "t":
        return element.text or ""
    if name.endswith("Pr"):
        return ""
    write = _WRITTEN.get(name)
    if write is None:
        return "".join(formula_text(one) for one in element)
    parts = {local(one.tag): one for one in element}
    return write(lambda key: formula_text(parts[key]) if key in parts else "", element)


def _one(text: str) -> str:
    return text if text.isalnum() or len(text) == 1 else f"({text})"


def _index(sign: str, text: str) -> str:
    return f"{sign}{_one(text)}" if text else ""


def _both(part: Callable[[str], str], _element: Element) -> str:
    return part("e") + _index("_", part("sub")) + _index("^", part("sup"))


def _nary(part: Callable[[str], str], element: Element) -> str:
    sign = attribute(first(element, "chr"), "val") or "∫"
    return f"{sign}{_index('_', part('sub'))}{_index('^', part('sup'))} {part('e')}"


def _delimited(_part: Callable[[str], str], element: Element) -> str:
    def sign(name: str, usual: str) -> str:
        given = attribute(next((one for one in element[:1] for one in one if local(one.tag) == name), None), "val")
        return usual if given is None else given

    inside = [formula_text(one) for one in element if local(one.tag) == "e"]
    return sign("begChr", "(") + sign("sepChr", "|").join(inside) + sign("endChr", ")")


def _rows(_part: Callable[[str], str], element: Element) -> str:
    """Return a matrix or a system row by row: the cells of a row with spaces, the rows with semicolons."""
    rows = (list(one) if local(one.tag) == "mr" else [one] for one in element if local(one.tag) in {"mr", "e"})
    return "; ".join(" ".join(formula_text(cell) for cell in row) for row in rows)


_WRITTEN: Mapping[str, Write] = {
    "f": lambda part, _: f"{_one(part('num'))}/{_one(part('den'))}",
    "sSup": _both,
    "sSub": _both,
    "sSubSup": _both,
    "rad": lambda part, _: f"{part('deg')}√{_one(part('e'))}",
    "nary": _nary,
    "d": _delimited,
    "func": lambda part, _: f"{part('fName')} {part('e')}",
    "limLow": lambda part, _: part("e") + _index("_", part("lim")),
    "limUpp": lambda part, _: part("e") + _index("^", part("lim")),
    "m": _rows,
    "eqArr": _rows,
}
