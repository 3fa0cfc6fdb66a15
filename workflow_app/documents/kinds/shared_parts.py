"""Pieces that several kinds of documents are made of: head, foot, sections of typed text, signatures, stamps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Final

from workflow_app.documents.content.assessment_cards import DissentNote, Expert, Signature
from workflow_app.documents.content.snapshot import (
    Approval,
    ByDirector,
    ByOrder,
    CaseCard,
    CentreCard,
    Issue,
    Material,
    RecordMaterial,
)
from workflow_app.documents.docx.blocks import (
    Block,
    Dissent,
    Document,
    Facts,
    Form,
    Heading,
    Items,
    OrderStamp,
    PageBreak,
    Paragraph,
    PersonStamp,
    Properties,
    SignatureLine,
    Stamp,
    bold,
    text,
)
from workflow_app.documents.kinds.kind import Kind
from workflow_app.documents.kinds.wording import (
    advised,
    applicant_words,
    authored_words,
    expert_words,
    glued,
    kind_words,
    purpose,
    referred,
    replaced,
    role,
    sentence,
    spelled,
)
from workflow_app.documents.russian.grammar import BLANK_DAY, capitalised, day, numbered

_MARK: Final = re.compile(r"[-–—•*]\s+")
NO_MOMENT: Final = datetime(1980, 1, 1, tzinfo=UTC)


def compose(  # noqa: PLR0913 - a document's head has this many parts
    material: Material | RecordMaterial,
    kind: Kind,
    *,
    name: str,
    title: str,
    heading: str,
    blocks: Sequence[Block],
    on: date | None,
    numbered_kind: bool = True,
    stamp: Stamp | None = None,
    addressee: tuple[str, ...] = (),
    subject: str = "",
) -> Document:
    """Put a document together: what all kinds share comes from the material's centre, case and issue.

    ``name`` is the kind in running text («Сводное экспертное заключение»), ``on`` the document's own date; ``subject``: what the
    file's properties say it is about, where that is no case.
    """
    issue, centre = material.issue, material.centre
    return Document(
        kind=kind.key,
        form=kind.form,
        title=title,
        heading=heading,
        organisation=letterhead(centre, kind.form, on),
        number=numbered(issue.number) if numbered_kind else None,
        date=day(on) if on else BLANK_DAY,
        place=centre.city,
        blocks=tuple(blocks),
        properties=_properties(material, name, on, subject),
        version=issue.version,
        addressee=addressee,
        stamp=stamp,
        replaces=f"Взамен документа {replaced(issue.replaces)}" if issue.replaces else "",
        foot=foot(issue, name, on, numbered_kind=numbered_kind),
        check_address=issue.check_address,
    )


def letterhead(centre: CentreCard, form: Form, on: date | None) -> tuple[str, ...]:
    """The lines above a document: founder, centre, and of a letter its address."""
    lines = [centre.requisite("founder", on), centre.full, f"({centre.short})" if centre.short != centre.full else ""]
    if form == "letter":
        lines += [centre.address, centre.requisite("contacts", on), centre.requisite("registration", on)]
    return tuple(line for line in lines if line)


def _properties(material: Material | RecordMaterial, name: str, on: date | None, subject: str) -> Properties:
    made = material.issue.made_at or (datetime.combine(on, time(), UTC) if on else NO_MOMENT)
    keys: tuple[str, ...] = (material.issue.number,)
    if isinstance(material, Material):
        subject = f"{material.case.type_title}, {numbered(material.case.number)}"
        keys = (material.case.type_title.lower(), material.case.number)
    return Properties(subject=subject, author=material.centre.short, created=made, keywords=(name.lower(), *keys))


def foot(issue: Issue, name: str, on: date | None, *, numbered_kind: bool) -> tuple[str, ...]:
    """The small type under every page: what it is, how it is checked, of what it was made."""
    number = f" {numbered(issue.number)}" if numbered_kind and issue.number else ""
    if on is None or (numbered_kind and not issue.number):
        first = f"{name}. Проект, документ не зарегистрирован."
    else:
        first = f"{sentence(f'{name} от {day(on)}{number}')} Версия {issue.version}."
    check = f"Проверка документа: {issue.check_address}" if issue.check_address else ""
    if issue.code:
        check = f"{check or 'Проверка документа'}, код {spelled(issue.code)}"
    digest = f"SHA-256 исходных данных: {issue.digest}" if issue.digest else ""
    return tuple(line for line in (first, check, digest) if line)


def paragraphs(words: str) -> tuple[Block, ...]:
    """Typed text as blocks: a line is a paragraph, lines that begin with a dash or a bullet make a list."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    found: list[Block] = []
    for marked, group in groupby(lines, key=lambda line: bool(_MARK.match(line))):
        if marked:
            found.append(Items(tuple(text(_MARK.sub("", line)) for line in group)))
        else:
            found += [Paragraph(text(line)) for line in group]
    return tuple(found)


def section(title: str, words: str, otherwise: str = "") -> tuple[Block, ...]:
    """A heading with typed text under it; nothing when there is neither text nor what to say otherwise."""
    body = paragraphs(words) or paragraphs(otherwise)
    return (Heading(title), *body) if body else ()


def opinion(card: CaseCard, strengths: str, remarks: str, conclusions: str, recommendations: str) -> tuple[Block, ...]:
    """What an expert writes besides marks (0a.7); the recommendations are addressed to the authors."""
    return (
        *section("Сильные стороны", strengths),
        *section("Замечания", remarks, "Замечаний нет."),
        *section("Выводы", conclusions),
        *section(f"Рекомендации {advised(card)}", recommendations),
    )


def signature_line(signature: Signature, lead: str = "", *, dated: bool = False) -> SignatureLine:
    """The place of one signature; ``lead`` stands before the position («Эксперт, …»)."""
    where = f" {glued(signature.organisation.g)}" if signature.organisation else ""
    position = f"{signature.position.n}{where}"
    note = ""
    if signature.kind == "simple":
        note = f"Подписано простой электронной подписью: {signature.person.full()}, {position}, {signature.moment}"
    return SignatureLine(
        position=f"{lead}, {position}" if lead else capitalised(position),
        person=signature.person.short(),
        note=note,
        certificate=signature.certificate,
        record=f"запись журнала {numbered(signature.event)}" if signature.event else "",
        dated=dated,
    )


def director_line(centre: CentreCard, signature: Signature) -> SignatureLine:
    """The signature of the centre's head, or of whoever signs for them: «Директор МКУ ИМЦ»."""
    line = signature_line(signature)
    if signature.organisation is not None:
        return line
    position = f"{capitalised(signature.position.n)} {centre.short}"
    note = line.note.replace(f", {signature.position.n},", f", {signature.position.n} {centre.short},")
    return SignatureLine(position, line.person, note, line.certificate, line.record)


def stamp(centre: CentreCard, card: CaseCard, approval: Approval | None) -> Stamp | None:
    """The approval stamp of a conclusion; None for attestation: the director does not approve the specialists' (0a.5)."""
    if approval is None or card.attestation:
        return None
    if isinstance(approval, ByDirector):
        words = day(approval.date) if approval.date else BLANK_DAY
        return PersonStamp(director_line(centre, approval.signature), words)
    paper = approval.order if isinstance(approval, ByOrder) else approval.paper
    reference = referred(paper)
    if isinstance(approval, ByOrder):
        return OrderStamp("УТВЕРЖДЕНО", f"приказом {centre.short}", reference)
    if approval.protocol:
        return OrderStamp("УТВЕРЖДЕНО", "решением экспертного совета", f"(протокол {reference})")
    return OrderStamp("УТВЕРЖДЕНО", "письмом" if approval.authority else "письмом управления образования", reference)


def case_facts(card: CaseCard) -> tuple[tuple[str, str], ...]:
    """The labelled lines that say which case it is; a line without a value is left out."""
    repeated = "" if card.round == 1 else f"повторное ({card.round}-е)"
    subject = (
        ("Педагогический работник", applicant_words(card))
        if card.attestation
        else ("Объект экспертизы", authored_words(card))
    )
    rows = (
        ("Регистрационный номер", card.number),
        ("Вид экспертизы", "" if card.attestation else kind_words(card)),
        ("Рассмотрение", repeated),
        ("Цель аттестации", purpose(card) if card.attestation else ""),
        subject,
        ("Предметная область", card.subject_area),
    )
    return tuple((label, value) for label, value in rows if value)


def basis(card: CaseCard) -> tuple[str, str]:
    """«Основание: заявление Ткач Вероники Андреевны от … № …»."""
    words = f"заявление {card.applicant.full('g')} от {day(card.received_at)}"
    return ("Основание", f"{words}, регистрационный {numbered(card.number)}")


def method(card: CaseCard) -> tuple[Block, ...]:
    """By what methods and by which criteria; nothing when neither is known."""
    rows = (("Методы", ", ".join(card.methods)), ("Критерии", card.criteria_sheet))
    known = tuple((label, value) for label, value in rows if value)
    return (Facts(known),) if known else ()


def experts_list(card: CaseCard, experts: Sequence[Expert]) -> tuple[Block, ...]:
    """Who conducted the examination, in the instrumental; numbered when there are several."""
    done = "Всесторонний анализ проведён" if card.attestation else "Экспертиза проведена"
    if len(experts) == 1:
        return (Facts(((f"{done} {role(card)}ом", expert_words(experts[0], "i")),)),)
    ends = [";"] * (len(experts) - 1) + ["."]
    if card.blind:  # the order of the columns is not the order of the names
        experts = sorted(experts, key=lambda one: one.person.last)
    items = tuple(text(f"{expert_words(one, 'i')}{end}") for one, end in zip(experts, ends, strict=True))
    lead = Paragraph(text(bold(f"{done} {role(card, 'ip')}:")), align="left", indent=False, keep_with_next=True)
    return (lead, Items(items, numbered=not card.blind))


def dissent(card: CaseCard, note: DissentNote) -> Dissent:
    """A dissenting opinion with its own signature."""
    title = f"Особое мнение {role(card)}а {note.expert.person.full('g')}"
    typed = tuple(text(sentence(line)) for line in note.text.splitlines() if line.strip())
    return Dissent(title, typed, signature_line(note.signature, capitalised(role(card))))


def people(experts: Sequence[Expert]) -> Items:
    """Who they are, in the nominative, as a numbered list."""
    ends = [";"] * (len(experts) - 1) + ["."]
    return Items(
        tuple(text(f"{expert_words(one)}{end}") for one, end in zip(experts, ends, strict=True)), numbered=True
    )


def annex_of_order(material: RecordMaterial, *blocks: Block) -> tuple[Block, ...]:
    """What an order says is annexed: on a page of its own, under the words whose annex it is."""
    issue = material.issue
    on = day(issue.date) if issue.date and issue.number else BLANK_DAY
    head = f"Приложение к приказу\nот {on} {numbered(issue.number)}"
    return (PageBreak(), Paragraph(text(head), align="right", indent=False), *blocks)
