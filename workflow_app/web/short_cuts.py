"""The steps that a template takes a thousand times a page, made short; what it reads, calls and puts out stays what Jinja says.

Three things only: a key of a dict is looked for as such before it is looked for as an attribute, a macro and a plain function are called
at once, and what is put out is joined without being wrapped as markup first. ``docs/performance.md`` says what they are worth.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

import jinja2
from flask.templating import Environment as FlaskEnvironment
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape


def _put_out(value: Any, /) -> str:
    """Return a value as it stands in a page, escaped where it is not markup."""
    return value if type(value) is Markup else escape(value)


class _Template(jinja2.Template):
    """A template that puts out by :func:`_put_out`."""

    @classmethod
    def from_code(cls, *given: Any, **named: Any) -> jinja2.Template:
        """Make a template of its compiled code, in whose module ``escape`` serves what is put out alone."""
        made = super().from_code(*given, **named)
        made.root_render_func.__globals__["escape"] = _put_out
        return made


class _Context(Context):
    """Calls macros and functions without asking whether they are objects that can be called."""

    def call(self, what: Any, /, *given: Any, **named: Any) -> Any:
        """Call something with what it is given."""
        kind = type(what)
        if kind is not Macro and (kind is not FunctionType or hasattr(what, "jinja_pass_arg")):
            return super().call(what, *given, **named)
        named.pop("_loop_vars", None)
        named.pop("_block_vars", None)
        return what(self.eval_ctx, *given, **named) if kind is Macro else what(*given, **named)


class Environment(FlaskEnvironment):
    """Flask's environment with these."""

    template_class = _Template
    context_class = _Context

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what ``obj.attribute`` is in a template."""
        if type(obj) is not dict:
            return super().getattr(obj, attribute)
        found = obj[attribute] if attribute in obj else getattr(obj, attribute, missing)
        return self.undefined(obj=obj, name=attribute) if found is missing else found
