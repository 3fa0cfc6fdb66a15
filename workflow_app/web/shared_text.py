"""Words to be carried elsewhere: plain for a messenger, clean HTML for a site. Nobody is named in them.

Who makes the words leaves people out: to spread a name needs the person's own consent, and a public post is read by everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Told:
    """A heading, lines of (label, value) without the empty ones, paragraphs, the address where more is."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    body: str = ""
    link: str = ""

    @property
    def text(self) -> str:
        """As a messenger takes it."""
        facts = [f"{label}: {value}" if label else value for label, value in self.facts if value]
        return "\n\n".join(filter(None, (self.title, "\n".join(facts), self.body.strip(), self.link)))

    @property
    def html(self) -> str:
        """As a site takes it: a heading, a list, paragraphs, a link; no styles."""
        facts = [
            Markup("<li>{}: {}</li>").format(label, value) if label else Markup("<li>{}</li>").format(value)
            for label, value in self.facts
            if value
        ]
        lines = [Markup("<p>{}</p>").format(line.strip()) for line in self.body.splitlines() if line.strip()]
        link = [Markup('<p><a href="{0}">{0}</a></p>').format(self.link)] if self.link else []
        listed = [Markup("<ul>"), *facts, Markup("</ul>")] if facts else []
        return "\n".join(map(str, [Markup("<h3>{}</h3>").format(escape(self.title)), *listed, *lines, *link]))


def panel(told: Told) -> str:
    """Render what a person copies: two fields of text, each with a button; without a script they are copied by hand."""
    return render_template("share.html", told=told)
