"""Fields that every kind of document has: the document itself, the centre, the case, its applicant, the signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from workflow_app.documents.content.snapshot import Material
from workflow_app.documents.docx import blocks as b
from workflow_app.documents.docx.parts import qr_mark
from workflow_app.documents.kinds.wording import authored_words, authors, examination, object_words, purpose, replaced
from workflow_app.documents.russian.grammar import BLANK_DAY, by_gender, capitalised, category, day, numbered, short_day
from workflow_app.documents.russian.numerals import day_in_words
from workflow_app.documents.russian.unconfirmed import marked
from workflow_app.documents.template_fields.field import (
    SIGNED,
    Field,
    Group,
    Row,
    RowsField,
    evidence,
    of_person,
    of_position,
    on_day,
    signed_lines,
)
from workflow_app.errors import N_, Sentence

_NUMBER: Final = "______"


def _own(name: str) -> Callable[[Material], str]:
    """One dated requisite of the centre on the document's day."""
    return lambda material: material.centre.requisite(name, material.issue.date)


ISSUE: Final = Group(
    N_("Документ"),
    (
        Field("number", N_("номер документа; до выдачи – место для номера"), lambda m: m.issue.number or _NUMBER),
        Field("number_sign", N_("номер со знаком №"), lambda m: numbered(m.issue.number)),
        Field("date", N_("дата цифрами"), lambda m: short_day(m.issue.date) if m.issue.date else "__.__.20__"),
        Field(
            "date_words", N_("дата словами; до выдачи – место для даты"), lambda m: on_day(m.issue.date) or BLANK_DAY
        ),
        Field(
            "date_in_words",
            N_("дата прописью, с годом; до выдачи – место для даты"),
            lambda m: day_in_words(m.issue.date) if m.issue.date else BLANK_DAY,
        ),
        Field("version", N_("номер версии"), lambda m: str(m.issue.version)),
        Field(
            "replaces",
            N_("какой документ заменён; пусто у первой версии"),
            lambda m: replaced(m.issue.replaces) if m.issue.replaces else "",
        ),
        Field("qr", N_("QR-код страницы проверки: картинка"), lambda m: qr_mark(m.issue.check_address)),
        Field("check_address", N_("адрес страницы проверки документа"), lambda m: m.issue.check_address),
        Field("digest", N_("контрольная сумма исходных данных"), lambda m: m.issue.digest),
    ),
)

CENTRE: Final = Group(
    N_("Центр"),
    (
        Field("centre_full", N_("полное наименование центра"), lambda m: m.centre.full),
        Field("centre_short", N_("сокращённое наименование центра"), lambda m: m.centre.short),
        Field("founder", N_("учредитель"), _own("founder")),
        Field("city", N_("место составления"), lambda m: m.centre.city),
        Field("address", N_("адрес центра"), lambda m: m.centre.address),
        Field("contacts", N_("телефон, почта, сайт центра"), _own("contacts")),
        Field("registration", N_("ИНН, ОГРН"), _own("registration")),
        Field("commission", N_("аттестационная комиссия"), _own("commission_n")),
        Field("commission_d", N_("аттестационная комиссия: кому"), _own("commission_d")),
        Field("regulation_i", N_("положение об экспертизе: чем"), _own("regulation_i")),
        *of_person("director", N_("руководитель центра"), lambda m: m.centre.director),
        *of_position("director_position", N_("должность руководителя"), lambda m: m.centre.director_position),
    ),
)

CASE: Final = Group(
    N_("Дело и заявитель"),
    (
        Field("case_number", N_("номер дела"), lambda m: m.case.number),
        Field("case_type", N_("вид экспертизы"), lambda m: m.case.type_title),
        Field("title", N_("название работы"), lambda m: m.case.title),
        Field("object", N_("что рассматривается, с названием"), lambda m: object_words(m.case)),
        Field("object_g", N_("что рассматривается: чего"), lambda m: object_words(m.case, "g")),
        Field(
            "object_a", N_("что рассматривается: что (винительный), с автором"), lambda m: authored_words(m.case, "a")
        ),
        Field("examination", N_("«экспертиза» или «всесторонний анализ»"), lambda m: examination(m.case)),
        Field("examination_g", N_("«экспертизы» или «всестороннего анализа»"), lambda m: examination(m.case, "g")),
        *of_person("applicant", N_("заявитель"), lambda m: m.case.applicant),
        Field("applicant_called", N_("имя и отчество заявителя"), lambda m: m.case.applicant.called),
        Field(
            "dear",
            N_("«Уважаемый» или «Уважаемая»; пусто, если пол неизвестен"),
            lambda m: by_gender(m.case.applicant.gender, "Уважаемый", "Уважаемая", ""),
        ),
        *of_position("position", N_("должность заявителя"), lambda m: m.case.position),
        Field("organisation", N_("организация заявителя"), lambda m: m.case.organisation.n),
        Field("organisation_g", N_("организация заявителя: кого, чего"), lambda m: m.case.organisation.g),
        Field("authors", N_("авторы с должностями"), lambda m: authors(m.case)),
        Field("subject_area", N_("предметная область"), lambda m: m.case.subject_area),
        Field(
            "category",
            N_("категория, на которую претендует заявитель; пусто вне аттестации"),
            lambda m: category(m.case.target_category) if m.case.target_category else "",
        ),
        Field(
            "category_g",
            N_("категория: чего"),
            lambda m: category(m.case.target_category, "g") if m.case.target_category else "",
        ),
        Field(
            "purpose",
            N_("цель аттестации; пусто вне аттестации"),
            lambda m: purpose(m.case) if m.case.target_category else "",
        ),
        Field("received", N_("когда поступило заявление"), lambda m: day(m.case.received_at)),
        Field("registered", N_("когда дело зарегистрировано"), lambda m: day(m.case.registered_at)),
        Field("round", N_("который раз рассматривается"), lambda m: str(m.case.round)),
        Field("criteria_sheet", N_("лист критериев и его версия"), lambda m: m.case.criteria_sheet),
        Field("methods", N_("методы экспертизы через запятую"), lambda m: ", ".join(m.case.methods)),
    ),
)


Compose = Callable[[Material], b.Document]

_PARAGRAPH: Final = {
    "n": N_("порядковый номер"),
    "text": N_("текст абзаца"),
    "heading": N_("«да», если это подзаголовок, иначе пусто"),
}


def of_document(compose: Compose) -> Group:
    """What the product itself would write: head, wording, signatures. So a template may change nothing but the look."""
    compose = lru_cache(maxsize=1)(compose)  # a dozen fields ask for the same document

    def head(name: str, about: Sentence, get: Callable[[b.Document], str]) -> Field:
        return Field(name, about, lambda material: get(compose(material)))

    def first(name: str, about: Sentence, column: str) -> Field:
        return head(name, about, lambda document: next((one[column] for one in signatures(document)), ""))

    return Group(
        N_("Текст, составленный системой"),
        (
            head("letterhead", N_("строки бланка"), lambda d: "\n".join(d.organisation)),
            head("document_title", N_("наименование вида документа"), lambda d: d.title),
            head("heading", N_("заголовок к тексту"), lambda d: d.heading),
            head("addressee", N_("адресат письма; пусто в других документах"), lambda d: "\n".join(d.addressee)),
            head("stamp", N_("гриф утверждения; пусто, если его нет"), _stamp),
            head("foot", N_("строки внизу страницы: вид, дата, номер, версия, проверка"), lambda d: "\n".join(d.foot)),
            first("signature_position", N_("должность первого подписавшего"), "position"),
            first("signature_person", N_("инициалы и фамилия первого подписавшего"), "person"),
            first("signature_note", N_("отметка об электронной подписи; пусто, если подписывают от руки"), "note"),
        ),
        _lists(compose),
    )


def _lists(compose: Compose) -> tuple[RowsField, ...]:
    """The text and the signatures, whole and cut at the signatures."""
    return (
        RowsField(
            "paragraphs",
            N_("абзацы текста, как их составляет система (без таблиц)"),
            _PARAGRAPH,
            lambda m: paragraphs(compose(m)),
        ),
        RowsField("signatures", N_("подписи"), SIGNED, lambda m: signatures(compose(m))),
        RowsField("text_before", N_("абзацы до первой подписи"), _PARAGRAPH, lambda m: _rows(_cut(compose(m))[0])),
        RowsField(
            "signed_first",
            N_("подписи под текстом"),
            SIGNED,
            lambda m: signed_lines(one for one in _cut(compose(m))[1] if isinstance(one, b.SignatureLine)),
        ),
        RowsField(
            "text_after",
            N_("абзацы после подписей: об ознакомлении, особые мнения, приложение"),
            _PARAGRAPH,
            lambda m: _rows(_cut(compose(m))[2]),
        ),
        RowsField(
            "signed_after",
            N_("подписи под ними"),
            SIGNED,
            lambda m: signed_lines(_places(_cut(compose(m))[2])),
        ),
    )


def _stamp(document: b.Document) -> str:
    stamp = document.stamp
    if stamp is None:
        return ""
    if isinstance(stamp, b.OrderStamp):
        return f"{stamp.word}\n{stamp.act}\n{stamp.reference}"
    line = stamp.signature
    mark = evidence(line.evidence, line.certificate)
    ink = line.person if mark else f"______________ {line.person}"
    return "\n".join(filter(None, (stamp.word, line.position, mark, ink, stamp.date)))


def _cut(document: b.Document) -> tuple[Sequence[b.Block], Sequence[b.Block], Sequence[b.Block]]:
    """The text, the signatures under it, and whatever comes after them: nothing is signed before its signature."""
    signed = [isinstance(one, b.SignatureLine) for one in document.blocks]
    first = signed.index(True) if True in signed else len(signed)
    after = first + signed[first:].index(False) if False in signed[first:] else len(signed)
    return document.blocks[:first], document.blocks[first:after], document.blocks[after:]


def _places(blocks: Sequence[b.Block]) -> Iterator[b.SignatureLine]:
    for block in blocks:
        if isinstance(block, b.SignatureLine):
            yield block
        elif isinstance(block, b.Dissent):
            yield block.signature


def signatures(document: b.Document) -> list[Row]:
    """The places of signatures in the order in which they stand."""
    return signed_lines(_places(document.blocks))


def paragraphs(document: b.Document) -> list[Row]:
    """The text as the product words it, a paragraph a row; lists keep their numbers, tables are lists of their own."""
    return _rows(document.blocks)


def _rows(blocks: Sequence[b.Block]) -> list[Row]:
    said = [one for block in blocks for one in _said(block) if one[0]]
    return [{"n": str(at), "text": words, "heading": heading} for at, (words, heading) in enumerate(said, start=1)]


def _said(block: b.Block) -> Iterator[tuple[str, str]]:
    """Yield the paragraphs of a block, each with «да» where it is a heading."""
    if isinstance(block, b.Heading):
        yield block.text, "да"
    elif isinstance(block, b.Paragraph):
        yield from ((line, "") for line in _joined(block.text).split("\n"))
    elif isinstance(block, b.Items):
        for at, item in enumerate(block.items, start=1):
            yield f"{f'{at}.' if block.numbered else '–'} {_joined(item)}", ""
    elif isinstance(block, b.Facts):
        yield from ((f"{capitalised(label)}: {value}", "") for label, value in block.rows)
    elif isinstance(block, b.Dissent):
        yield block.title, "да"
        yield from ((_joined(one), "") for one in block.paragraphs)


def _joined(words: b.Text) -> str:
    return "".join(marked(run.text) if run.unsure else run.text for run in words)
