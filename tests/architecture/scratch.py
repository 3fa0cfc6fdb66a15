"""What a newcomer adds to the program, each as the text that is written: tried in a copy by ``test_growth``.

A thing is its new files, and the lines that are put before a place in files that are there: (file, place, lines).
"""

from dataclasses import dataclass

_CRITERIA = """sheets:
  - key: z_exhibit
    version: 1
    title: "Экспертиза экспоната"
    mode: points
    scale: s3
    verdicts:
      - {threshold: "60", key: on_show, positive: true, text: "Выставить"}
      - {threshold: "0", key: in_store, text: "Оставить в запасниках"}
    criteria:
      - {key: rarity, title: "Редкость", weight: "1", indicators: [{key: known, text: "известно, сколько таких предметов"}]}
  - key: z_collection
    version: 1
    title: "Экспертиза коллекции"
    mode: points
    scale: s2
    verdicts:
      - {threshold: "50", key: kept_whole, positive: true, text: "Хранить коллекцию целиком"}
      - {threshold: "0", key: split, text: "Разделить коллекцию"}
    criteria:
      - {key: unity, title: "Единство", weight: "1", minimum: 1, indicators: [{key: idea, text: "предметы связаны замыслом"}]}
"""
_LISTS = """choices:
  sizes:
    - {key: one, title: "один предмет"}
    - {key: many, title: "коллекция"}
grounds:
  - {key: not_theirs, text: "Предмет не принадлежит организации"}
returns:
  - {text: "Нет фотографии предмета", at: ["attachment:photo"]}
phrases:
  strengths: ["Происхождение предмета прослежено"]
  remarks: ["Сохранность описана неполно"]
  recommendations: ["Показать предмет на школьной выставке"]
  rationales:
    full: ["Подтверждено документами"]
    partial: ["Подтверждено отчасти"]
    low: ["Не подтверждено"]
"""
_TYPE = '''"""(z) «Экспонат школьного музея»: two experts say whether it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from workflow_app.case_types.declaration import COMMON_TERMS, Attachment, CaseForm, CaseType, Policy, always, listed, working
from workflow_app.documents.content.snapshot import Examined
from workflow_app.errors import N_
from workflow_app.states.definitions.case.build import Shape
from workflow_app.states.forms import ask

KEY = "exhibit"


@dataclass(frozen=True, kw_only=True)
class ExhibitForm(CaseForm):
    """The card of an exhibit."""

    size: str = ask(N_("Что это"), choices=listed(KEY, "sizes"), widget="radio", section=N_("Экспонат"))
    origin: str = ask(N_("Откуда предмет"), least=10, most=500)


TYPE = CaseType(
    place="z",
    letter="ЭК",
    about=N_("Двое экспертов решают, показывать ли предмет."),
    shape=Shape(key=KEY, title=N_("Экспонат школьного музея"), form=ExhibitForm),
    examined=Examined("экспонат", "экспоната", "экспонат"),
    attachments=(Attachment("photo", N_("Фотография"), required=always),),
    picks=lambda form: "z_collection" if form.get("size") == "many" else "z_exhibit",
    policy=Policy(experts=2, terms={**COMMON_TERMS, "review": working(10)}),
    directions=("quality",),
)
'''
_DOCUMENT = '''"""Справка о приёме: that a work was handed in."""

from __future__ import annotations

from datetime import date
from typing import Final

from workflow_app.documents.content.snapshot import Material
from workflow_app.documents.docx.blocks import Document, Paragraph, text
from workflow_app.documents.kinds import shared_parts
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import object_words
from workflow_app.documents.russian.grammar import day
from workflow_app.errors import N_


def compose(kind: Kind, material: Material) -> Document:
    """Say what was taken and when; the case is enough for it."""
    card, on = material.case, material.issue.date
    said = f"Справка дана {card.applicant.full('d')} в том, что {object_words(card)} принят {day(card.received_at)}"
    return shared_parts.compose(
        material, kind, name="Справка", title="СПРАВКА", heading="О приёме материалов", on=on, blocks=(Paragraph(text(said)),)
    )


KIND: Final = Kind(key="receipt", title=N_("Справка о приёме"), register="letters", words=compose, reader="applicant")
'''
_TRANSITION = """    yield Transition(
        "give_receipt", N_("Выдать справку"), IN_WORK, coordinator(), asks=GiveReceipt, issues=("receipt",), past=N_("Выдана справка")
    )  # fmt: skip
"""
_SHEET = '''@dataclass(frozen=True, kw_only=True)
class GiveReceipt(Moves):
    """A receipt is given; what for."""

    reason: str = ask(N_("Для чего нужна справка"), least=3, most=200)


'''
_PAGE = '''

@page("/types", readers=LOGGED_IN, menu=Menu(90, N_("Виды дел"), "folder", "centre"))
def types_page() -> str:
    """List the kinds of cases."""
    return render_template("centre/types.html", kinds=CASE_TYPES)
'''
_TEMPLATE = """{% extends 'layout.html' %}
{% block title %}{{ _('Виды дел') }}{% endblock %}
{% block content %}<ul>{% for one in kinds.values() %}<li>{{ one.title|say }}</li>{% endfor %}</ul>{% endblock %}
"""
_RECORD = '''"""Sub-projects of the programme: who leads them, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow_app.content_types.declaration import ContentType, Listing, Numbered, OfRecord, Valid, record_workflow
from workflow_app.content_types.shared import KEEPERS, RESPONSIBLE, STAFF
from workflow_app.errors import N_
from workflow_app.states.forms import ask


@dataclass(frozen=True, kw_only=True)
class SubProject(OfRecord):
    """A part of the programme with an owner."""

    title: str = ask(N_("Название"), least=5, most=200, unique=True)
    owner_id: int = ask(N_("Руководитель"), refers="person", stands="responsible")
    publications: tuple[int, ...] = ask(N_("Публикации"), refers="publication", widget="checks", required=False, default=())
    until: date = ask(N_("По какой день"))
    budget: int = ask(N_("Смета, тыс. руб."), required=False, least=0, default=0)


SUB_PROJECT = ContentType(
    key="sub_project", titles=(N_("Подпроект"), N_("Подпроекты"), N_("Новый подпроект")), sheet=SubProject, title="title",
    about=N_("Здесь подпроекты программы."), behaviors=(Numbered(letter="ПП"), Valid(until="until")), group="programme",
    workflow=record_workflow("sub_project", N_("Подпроект"), SubProject, sees=STAFF | {RESPONSIBLE}, keeps=KEEPERS, until="until"),
    listing=Listing(("title", "owner_id", "until", "budget"), ("state",), ("title",), "-until"),
)
'''


@dataclass(frozen=True)
class Thing:
    """``files``: name -> text of new files; ``lines``: what is put before a place of a file (at its end: an empty place)."""

    files: dict[str, str]
    lines: tuple[tuple[str, str, str], ...] = ()

    @property
    def python(self) -> int:
        """How many lines of Python it takes, blank ones not counted."""
        texts = [text for name, text in self.files.items() if name.endswith(".py")] + [
            text for _, _, text in self.lines
        ]
        return sum(bool(line.strip()) for text in texts for line in text.splitlines())


_CASE, _FROM = "workflow_app/case_types/exhibit", "workflow_app/states/definitions/case/from_conclusion.py"
_KINDS, _RECORDS, _CENTRE = (
    "workflow_app/documents/kinds",
    "workflow_app/content_types",
    "workflow_app/features/centre/views.py",
)
THINGS = {
    "case type": Thing(
        {f"{_CASE}/__init__.py": _TYPE, f"{_CASE}/criteria.yaml": _CRITERIA, f"{_CASE}/lists.yaml": _LISTS}
    ),
    "document": Thing(
        {f"{_KINDS}/receipt.py": _DOCUMENT},
        (
            (f"{_KINDS}/registry.py", "    refusal_notice,\n", "    receipt,\n"),
            (f"{_KINDS}/registry.py", "    expert_sheet.KIND, ", "    receipt.KIND,\n"),
        ),
    ),
    "transition": Thing(
        {},
        (
            (_FROM, "def commission(", _SHEET),
            (_FROM, '    yield Transition("extend",', _TRANSITION),
            (_FROM, "from collections.abc", "from dataclasses import dataclass\n"),
            (_FROM, "from workflow_app.states.vocabulary", "from workflow_app.states.forms import Moves, ask\n"),
        ),
    ),
    "page": Thing(
        {"templates/centre/types.html": _TEMPLATE},
        ((_CENTRE, "", _PAGE), (_CENTRE, "from workflow_app.web.page import", "from workflow_app.web.page import LOGGED_IN, Menu\n"),
         (_CENTRE, "from workflow_app.features", "from workflow_app.errors import N_\n")),
    ),
    "kind of record": Thing(
        {f"{_RECORDS}/sub_project.py": _RECORD},
        (
            (f"{_RECORDS}/registry.py", "from workflow_app.errors", "from workflow_app.content_types.sub_project import SUB_PROJECT\n"),
            (f"{_RECORDS}/registry.py", "if _found :=", "_ALL = (*_ALL, SUB_PROJECT)\n"),
        ),
    ),
}  # fmt: skip
