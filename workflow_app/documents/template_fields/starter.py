"""A template to begin with: a document of our own look whose words are the tags of a Word template."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from workflow_app.documents.docx.blocks import (
    Align,
    Block,
    Document,
    Heading,
    OrderStamp,
    Paragraph,
    Properties,
    SignatureLine,
    Table,
    Text,
    text,
)
from workflow_app.documents.kinds.registry import kind
from workflow_app.documents.russian.grammar import capitalised
from workflow_app.documents.template_fields.field import RowsField
from workflow_app.documents.template_fields.registry import groups

_STAMP: Final = OrderStamp("{%p if stamp %}", "{{ stamp }}", "{%p endif %}")  # three lines in the style of a stamp
_PICTURE: Final = "picture_"  # how the names of fields with pictures begin
# Lists that the product's own wording shows as tables.
_TABLES: Final = frozenset(
    {"criteria", "issued", "items", "indicators", "products_list", "events_list", "publications_list", "dissemination_list",
     "partners_list"}
)  # fmt: skip
_WIDTH: Final = 170  # mm between the margins
_MOST_COLUMNS: Final = 4
# What a table of the kind begins with; a person adds or takes out columns in Word.
_SHOWN: Final = frozenset(
    [
        "n",
        "name",
        "position",
        "organisation",
        "title",
        "mark",
        "maximum",
        "rationale",
        "mean",
        "marks",
        "text",
        "sheets",
        "copies",
        "number",
        "date",
        "state",
        "subject",
        "decided",
        "person",
        "note",
        "item_title",
        "planned",
        "fact",
        "indicator_title",
        "target",
        "sort",
        "examined",
        "where",
        "term",
    ]
)
_MADE: Final = datetime(2026, 1, 1, tzinfo=UTC)


def starter(key: str) -> Document:
    """Return a template of this kind: the product's wording in a loop, the kind's lists as tables, a signature."""
    is_letter = kind(key).form == "letter"
    blocks: list[Block] = [
        *_if("replaces", _line("Взамен документа {{ replaces }}")),
        *_text("text_before"),
        *(block for rows in _own(key) for block in _table(rows)),
        *(block for name in _pictures(key) for block in _if(name, _line(f"{{{{ {name} }}}}", indent=False))),
        *_signatures("signed_first"),
        *_text("text_after"),
        *_signatures("signed_after"),
    ]
    return Document(
        kind=key,
        form="letter" if is_letter else "record",
        title="{{ document_title }}",
        heading="{{ heading }}",
        organisation=("{{ letterhead }}",),
        number="{{ number_sign }}",
        date="{{ date_words }}",
        place="{{ city }}",
        blocks=tuple(blocks),
        properties=Properties(f"Шаблон: {kind(key).title}", "", _MADE),
        addressee=("{{ addressee }}",) if is_letter else (),
        stamp=_STAMP if kind(key).stamped else None,
        foot=("{{ foot }}",),
        check_address="{{ qr }}",
    )


def _own(key: str) -> list[RowsField]:
    return [one for group in groups(key) for one in group.lists if one.name in _TABLES]


def _pictures(key: str) -> list[str]:
    return [one.name for group in groups(key) for one in group.fields if one.name.startswith(_PICTURE)]


def _line(words: str, *, indent: bool = True) -> Paragraph:
    return Paragraph(text(words), indent=indent)


def _if(name: str, *blocks: Block) -> tuple[Block, ...]:
    """The blocks where the field is not empty."""
    return (_line(f"{{%p if {name} %}}"), *blocks, _line("{%p endif %}"))


def _text(name: str) -> tuple[Block, ...]:
    """The product's own words: a heading or a paragraph for each."""
    return (
        _line(f"{{%p for one in {name} %}}"),
        _line("{%p if one.heading %}"),
        Heading("{{ one.text }}"),
        _line("{%p else %}"),
        _line("{{ one.text }}"),
        _line("{%p endif %}"),
        _line("{%p endfor %}"),
    )


def _table(rows: RowsField) -> tuple[Block, ...]:
    columns = [one for one in rows.columns if one in _SHOWN][:_MOST_COLUMNS]
    spread = [12] + [(_WIDTH - 12) // (len(columns) - 1)] * (len(columns) - 1)
    blank = ((),) * (len(columns) - 2)
    whole: tuple[tuple[Text, ...], ...] = (
        ((), text(f"{{%tr for row in {rows.name} %}}"), *blank),
        tuple(text(f"{{{{ row.{one} }}}}") for one in columns),
        ((), text("{%tr endfor %}"), *blank),
    )
    left: Align = "left"
    header = ("№", *(capitalised(str(rows.columns[one])) for one in columns[1:]))
    table = Table(capitalised(str(rows.about)), header, whole, tuple(spread), (left,) * len(columns))
    return _if(rows.name, table)


def _signatures(name: str) -> tuple[Block, ...]:
    return (
        _line(f"{{%p for sign in {name} %}}"),
        SignatureLine("{{ sign.lines }}", "{{ sign.person }}"),
        _line("{%p if sign.note %}", indent=False),
        Paragraph(text("{{ sign.note }}"), indent=False, small=True),
        _line("{%p endif %}", indent=False),
        _line("{%p if sign.dated %}", indent=False),
        Paragraph(text("{{ sign.dated }}"), align="right", indent=False),
        _line("{%p endif %}", indent=False),
        _line("{%p endfor %}"),
    )
