"""Phrases that several documents share: what was examined, whose it is, who did it, what follows from it."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from workflow_app.documents.content.assessment_cards import Discrepancy, Expert, ThirdReview
from workflow_app.documents.content.snapshot import CaseCard, CentreCard, Reference, Sitting, Votes
from workflow_app.documents.russian.grammar import (
    NBSP,
    Case,
    Organisation,
    PersonName,
    Position,
    capitalised,
    category,
    counted,
    day,
    numbered,
    quoted,
)
from workflow_app.documents.russian.unconfirmed import OPEN, unmarked

_ENDS: Final = (".", "!", "?", "…", ":", ";")
_NUMBER_SIGN: Final = re.compile(r"№\s+(?=\w)")


def glued(words: str) -> str:
    """The words with a no-break space after each number sign."""
    return _NUMBER_SIGN.sub(f"№{NBSP}", words)


def sentence(words: str) -> str:
    """The words with a full stop at the end, if they have no mark there."""
    bare = words.strip()
    return bare if not bare or unmarked(bare).endswith(_ENDS) else f"{bare}."


def lowered(words: str) -> str:
    """The words with a small first letter, unless they begin with an abbreviation or a quotation mark."""
    at = len(OPEN) if words.startswith(OPEN) else 0
    return words if words[at + 1 : at + 2].isupper() else words[:at] + words[at : at + 1].lower() + words[at + 1 :]


def placed(person: PersonName, position: Position, organisation: Organisation, case: Case = "n") -> str:
    """«Лебедевым Никитой Фомичом, старшим методистом МБОУ «Школа № 2»» in the case asked for."""
    what = f"{position.form(case) if position.n else ''} {glued(organisation.g)}".strip()
    return f"{person.full(case)}, {what}" if what else person.full(case)


def expert_words(expert: Expert, case: Case = "n") -> str:
    """The same for an expert."""
    return placed(expert.person, expert.position, expert.organisation, case)


def applicant_words(card: CaseCard, case: Case = "n") -> str:
    """The same for the applicant."""
    return placed(card.applicant, card.position, card.organisation, case)


def object_words(card: CaseCard, case: Case = "n") -> str:
    """What is examined: «методического материала «…»», or «профессиональной деятельности» of the applicant."""
    words = {"n": card.examined.n, "g": card.examined.g, "a": card.examined.a}[case]
    return f"{words} {applicant_words(card, 'g') if card.examined.personal else quoted(glued(card.title))}"


def authored_words(card: CaseCard, case: Case = "n") -> str:
    """The same with the author in brackets, where the object is not the person."""
    words = object_words(card, case)
    return words if card.examined.personal else f"{words} ({authors(card)})"


def kind_words(card: CaseCard) -> str:
    """«экспертиза методического материала»: the kind of expertise, not its object; the type's own title elsewhere."""
    return lowered(card.type_title) if card.examined.personal else f"экспертиза {card.examined.g}"


def advised(card: CaseCard) -> str:
    """To whom the recommendations are: «Ткач Веронике Андреевне», or «авторам: …», every one of them."""
    names = [person.full("d") for person in (card.applicant, *card.co_authors)]
    return f"авторам: {', '.join(names)}" if card.co_authors else names[0]


def authors(card: CaseCard) -> str:
    """«автор – Ткач Вероника Андреевна, учитель МБОУ «Школа № 1»» or «авторы – …»."""
    names = "; ".join((applicant_words(card), *(person.full() for person in card.co_authors)))
    return f"{'авторы' if card.co_authors else 'автор'} – {names}"


def examination(card: CaseCard, case: Case = "n") -> str:
    """«экспертиза» by kind: «всесторонний анализ» in attestation; nominative and genitive."""
    names = ("всесторонний анализ", "всестороннего анализа") if card.attestation else ("экспертиза", "экспертизы")
    return names[case == "g"]


def role(card: CaseCard, form: str = "n") -> str:
    """«эксперт» or «специалист»: ``n`` one, ``np``, ``gp``, ``ip`` many in the nominative, genitive, instrumental."""
    stem = "специалист" if card.attestation else "эксперт"
    return stem + {"n": "", "np": "ы", "gp": "ов", "ip": "ами"}[form]


def referred(reference: Reference) -> str:
    """«от 23 ноября 2026 г. № 12» with the version, if it is not the first."""
    version = f" (версия {reference.version})" if reference.version > 1 else ""
    return f"от {day(reference.date)} {numbered(reference.number)}{version}"


def replaced(reference: Reference) -> str:
    """«от 23 ноября 2026 г. № 12 (версия 1)»: which version a re-issue replaces; the number alone is of both."""
    return f"от {day(reference.date)} {numbered(reference.number)} (версия {reference.version})"


def appealed(against: Reference | None) -> str:
    """What is appealed, in the accusative: the conclusion, or (None) the refusal to accept the documents."""
    return f"экспертное заключение {referred(against)}" if against else "отказ в приёме документов"


def resolution(against: Reference | None, *, granted: bool) -> tuple[str, ...]:
    """What the panel resolves, a point each: the same words in its decision and in its protocol."""
    informed = "Уведомить заявителя о принятом решении."
    if granted and against:
        return (
            "Апелляцию удовлетворить.",
            f"Признать недействительным экспертное заключение {referred(against)}.",
            "Провести экспертизу повторно в ином составе экспертов.",
            informed,
        )
    if granted:
        return ("Апелляцию удовлетворить.", "Отказ отменить, документы принять к рассмотрению.", informed)
    if against:
        kept = f"Экспертное заключение {referred(against)} оставить без изменения."
        return ("Апелляцию отклонить.", kept, informed)
    return ("Апелляцию отклонить.", "Отказ в приёме документов оставить в силе.", informed)


def voted(votes: Votes) -> str:
    """«за – 3, против – 0, воздержались – 0»: always on what was decided, and printed under it."""
    counts = (("за", votes.in_favour), ("против", votes.against), ("воздержались", votes.abstained))
    return ", ".join(f"{word}{NBSP}–{NBSP}{count}" for word, count in counts)


def sat(sitting: Sitting) -> str:
    """«3 декабря 2026 г. в 14:00, МКУ ИМЦ, кабинет 12»: when and where a body sits."""
    at = f" в{NBSP}{sitting.at}" if sitting.at else ""
    return ", ".join(filter(None, (f"{day(sitting.on)}{at}", glued(sitting.place))))


def results(card: CaseCard) -> str:
    """« по результатам экспертизы методического материала «…»», with its leading space, in a letter to the applicant.

    Empty where the object is the applicant's own work: there it would stand in the third person.
    """
    return "" if card.examined.personal else f" по результатам экспертизы {object_words(card, 'g')}"


def application(card: CaseCard) -> str:
    """What the applicant handed in: «заявление о проведении экспертизы методического материала «…»».

    Where the object is the applicant's own work, it is not named, for the same reason.
    """
    if card.attestation:
        return "заявление о проведении аттестации"
    named = "" if card.examined.personal else f" {object_words(card, 'g')}"
    return f"заявление о проведении экспертизы{named}"


def results_of(card: CaseCard) -> str:
    """The heading to the text: «О результатах экспертизы методического материала «…»»."""
    return f"О результатах {examination(card, 'g')} {object_words(card, 'g')}"


def purpose(card: CaseCard) -> str:
    """«установление высшей квалификационной категории по должности «учитель»»."""
    return f"установление {category(card.target_category, 'g')}{_by_position(card)}"


def _by_position(card: CaseCard) -> str:
    """First and highest are set for a position; педагог-методист and педагог-наставник are not tied to one."""
    if card.target_category not in {"first", "highest"}:
        return ""
    return f" по должности {quoted((card.attested_position or card.position).n)}"


def conformity(card: CaseCard, *, favourable: bool) -> str:
    """Whether the results meet the demands of the category: the sentence of the consolidated conclusion in (a)."""
    verb = "соответствуют" if favourable else "не соответствуют"
    return (
        f"Результаты профессиональной деятельности {applicant_words(card, 'g')}, {verb} требованиям, "
        f"предъявляемым к {category(card.target_category, 'd')}."
    )


def recommendation(card: CaseCard, centre: CentreCard, on: date | None, *, favourable: bool, many: bool = True) -> str:
    """What the specialists recommend to the attestation commission (0a.4); setting a category is not theirs (R2)."""
    who = (
        "Специалисты, осуществлявшие всесторонний анализ, рекомендуют"
        if many
        else "Специалист, осуществлявший всесторонний анализ, рекомендует"
    )
    commission = centre.requisite("commission_d", on) or "аттестационной комиссии"
    person = card.applicant.full("d")
    if favourable:
        what = f"установить {person} {category(card.target_category, 'a')}"
    else:
        what = f"отказать {person} в установлении {category(card.target_category, 'g')}"
    return f"{who} {commission} {what}{_by_position(card)}."


def discrepancy_words(card: CaseCard, found: Discrepancy | None) -> str:
    """How far the experts were apart."""
    who = role(card, "gp")
    if found is None:
        return f"Существенных расхождений в оценках {who} не выявлено."
    said = []
    if found.spread is not None:
        points = counted(found.spread, "балл", "балла", "баллов")
        limit = counted(found.limit, "балл", "балла", "баллов")
        said.append(f"Итоговые оценки {who} расходятся на {points} из 100 (допустимое расхождение – {limit}).")
    if found.criteria:
        which = "критерию" if len(found.criteria) == 1 else "критериям"
        how = "" if found.spread is None else f" более чем на {found.criterion_limit}{NBSP}% максимального балла"
        said.append(f"По {which} {', '.join(map(str, found.criteria))} оценки {who} расходятся{how}.")
    if found.opposite:
        said.append(f"Выводы {who} противоположны.")
    return " ".join(said)


_POLICIES: Final = {
    "closest": "Итоговая оценка определена как среднее арифметическое двух наиболее близких оценок.",
    "last": "Итоговой признана оценка дополнительной экспертизы.",
    "all": "Итоговая оценка определена как среднее арифметическое всех оценок.",
}


def third_review_words(card: CaseCard, settled: ThirdReview, experts: int) -> str:
    """How the discrepancy was settled; ``experts`` is how many there are, the last being the added one.

    In a blind type that one has a number, elsewhere a name.
    """
    if settled.way == "meeting":
        held = f" {day(settled.held_on)}" if settled.held_on else ""
        came = (
            "пришли к общему выводу"
            if settled.agreed
            else "к общему выводу не пришли, вывод сделан большинством голосов, особые мнения приведены ниже"
        )
        return f"Специалисты совместно обсудили расхождения{held} и {came}."
    if settled.way == "without":
        return f"Дополнительная экспертиза не проводилась. {capitalised(sentence(settled.reason))}".strip()
    name = str(experts) if card.blind or not settled.expert else settled.expert.full()
    return (
        f"В связи с расхождением оценок проведена дополнительная экспертиза, привлечён эксперт {name}. "
        f"{_POLICIES[settled.policy]}"
    )


def spelled(code: str) -> str:
    """The code of verification as it is read aloud and typed: «K7QF-2M9X-4TPD»."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
