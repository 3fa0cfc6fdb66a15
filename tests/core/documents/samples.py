"""Invented materials from which the tests compose documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

from workflow_app.documents.content.snapshot import (
    ByDirector,
    ByOrder,
    CaseCard,
    CentreCard,
    ComparedRow,
    Consolidated,
    CriterionRow,
    Discrepancy,
    DissentNote,
    Examined,
    Expert,
    Issue,
    Material,
    Reference,
    ReviewSheet,
    Setting,
    Signature,
    Sitting,
    ThirdReview,
    Votes,
)
from workflow_app.documents.docx.blocks import Certificate
from workflow_app.documents.kinds.appeal_decision import AppealCard
from workflow_app.documents.kinds.appeal_notice import AppealNoticeCard
from workflow_app.documents.kinds.completion_act import CompletionCard, IssuedRow
from workflow_app.documents.kinds.covering_letter import Enclosure, LetterCard
from workflow_app.documents.kinds.order import Acquainted, OrderCard
from workflow_app.documents.kinds.protocol import AgendaItem, Ballot, ProtocolCard, Speech
from workflow_app.documents.kinds.refusal_notice import RefusalCard
from workflow_app.documents.kinds.registry import KINDS
from workflow_app.documents.kinds.term_notice import NoticeCard
from workflow_app.documents.russian.grammar import Organisation, PersonName, Position
from workflow_app.documents.template_fields.sample import sample

TEACHER = Position("учитель", "учителя", "учителю", "учителя", "учителем")
METHODIST = Position("методист", "методиста", "методисту", "методиста", "методистом")
SENIOR = Position(
    "старший методист", "старшего методиста", "старшему методисту", "старшего методиста", "старшим методистом"
)
DIRECTOR = Position("директор", "директора", "директору", "директора", "директором")

SCHOOL = Organisation("МБОУ «Школа № 1»", "МБОУ «Школа № 1»")
LYCEUM = Organisation("МБОУ «Лицей № 4»", "МБОУ «Лицей № 4»")
HOUSE = Organisation("МБУ ДО «Дом творчества»", "МБУ ДО «Дом творчества»")
CENTRE_ORG = Organisation("МКУ ИМЦ", "МКУ ИМЦ")

SOKOLOVA = PersonName("Соколова", "Ольга", "Викторовна").settled()
TKACH = PersonName("Ткач", "Вероника", "Андреевна").settled()
LEBEDEV = PersonName("Лебедев", "Никита", "Фомич").settled()
BONDARENKO = PersonName("Бондаренко", "Ирина", "Львовна").settled()
CHERNYKH = PersonName("Черных", "Павел", "Ильич").settled()
KOVAL = PersonName("Коваль", "Наталья", "Кузьминична").settled()
MOROZOVA = PersonName("Морозова", "Любовь", "Петровна").settled()
GRADOV = PersonName("Градов", "Игорь", "Алексеевич").settled()

CENTRE = CentreCard(
    short="МКУ ИМЦ",
    full="Муниципальное казённое учреждение «Информационно-методический центр»",
    director=GRADOV,
    director_position=DIRECTOR,
    city="г. Алапаевск",
    municipality="муниципальное образование город Алапаевск",
    address="624600, Свердловская область, г. Алапаевск, ул. Примерная, д. 1",
    requisites=(
        Setting("founder", "Управление образования муниципального образования город Алапаевск"),
        Setting("contacts", "тел. 8 (34346) 0-00-00, imc@example.org"),
        Setting("registration", "ОГРН 0000000000000, ИНН 0000000000"),
        Setting("commission_n", "Аттестационная комиссия Министерства образования Свердловской области"),
        Setting("commission_d", "аттестационной комиссии Министерства образования Свердловской области"),
        Setting(
            "attestation_act_i",
            "Порядком проведения аттестации педагогических работников, утверждённым приказом Министерства просвещения "
            "Российской Федерации от 24.03.2023 № 196,",
        ),
        Setting("regulation_i", "Положением об экспертной деятельности, утверждённым приказом от 02.09.2026 № 31-од,"),
        Setting("complaint", "Решение может быть обжаловано в порядке, установленном законодательством"),
    ),
)

MATERIAL = Examined("методический материал", "методического материала", "методический материал")
ACTIVITY = Examined(
    "профессиональная деятельность", "профессиональной деятельности", "профессиональную деятельность", personal=True
)
MATERIAL_CASE = CaseCard(
    number="ММ-2026-7",
    examined=MATERIAL,
    type_title="Методический материал",
    title="Сборник заданий по функциональной грамотности для 5 класса",
    applicant=TKACH,
    position=TEACHER,
    organisation=SCHOOL,
    received_at=date(2026, 11, 2),
    registered_at=date(2026, 11, 3),
    subject_area="математика",
    methods=("анализ документов", "экспертная оценка по критериям"),
    criteria_sheet="«Экспертиза методического материала», версия 2",
)
ATTESTATION_CASE = CaseCard(
    number="АТ-2026-15",
    examined=ACTIVITY,
    attestation=True,
    type_title="Аттестация: всесторонний анализ",
    title="Заявление на высшую квалификационную категорию",
    applicant=SOKOLOVA,
    position=TEACHER,
    organisation=SCHOOL,
    received_at=date(2026, 10, 5),
    registered_at=date(2026, 10, 6),
    target_category="highest",
    attested_position=TEACHER,
    subject_area="русский язык и литература",
    criteria_sheet="«Всесторонний анализ: высшая квалификационная категория», версия 1",
)

EXPERTS = (
    Expert(LEBEDEV, SENIOR, CENTRE_ORG),
    Expert(BONDARENKO, TEACHER, LYCEUM),
    Expert(CHERNYKH, METHODIST, HOUSE),
)


def simple(expert: Expert, event: str, moment: str = "20 ноября 2026 г., 14:05 (ЕКБ)") -> Signature:
    return Signature("simple", expert.person, expert.position, expert.organisation, moment=moment, event=event)


def on_paper(expert: Expert) -> Signature:
    return Signature("paper", expert.person, expert.position, expert.organisation)


DIRECTOR_PAPER = Signature("paper", GRADOV, DIRECTOR)
DIRECTOR_CERTIFICATE = Signature(
    "certificate",
    GRADOV,
    DIRECTOR,
    event="131",
    certificate=Certificate("00A1B2C3D4E5F60718", "Градов Игорь Алексеевич", date(2026, 2, 1), date(2027, 5, 1)),
)

MATERIAL_SHEET = ReviewSheet(
    expert=EXPERTS[0],
    rows=(
        CriterionRow(
            1,
            "Актуальность",
            ("тема отвечает задачам образования и запросу педагогов",),
            5,
            points=5,
            rationale="Задания отвечают затруднениям, которые выявлены всероссийской проверочной работой.",
        ),
        CriterionRow(
            2,
            "Соответствие ФГОС и федеральным программам",
            ("цели, содержание и результаты согласованы с ФГОС и ФОП",),
            5,
            points=4,
            weight=Decimal("1.5"),
        ),
        CriterionRow(
            3,
            "Результативность апробации",
            ("апробация проведена", "результат измерен"),
            5,
            points=2,
            rationale="Не указаны критерии, по которым оценивались результаты апробации.",
        ),
        CriterionRow(4, "Корректность заимствований", (), 5, not_applicable=True, rationale="Материал авторский."),
    ),
    verdict="Рекомендовать к использованию с учётом замечаний",
    favourable=True,
    signature=simple(EXPERTS[0], "118"),
    signed_at=date(2026, 11, 20),
    total=Decimal("13.0"),
    maximum=Decimal("17.5"),
    percent=Decimal("74.3"),
    strengths="Приёмы описаны подробно, их легко повторить.\n- задания снабжены ответами;\n- есть ключи.",
    remarks="Не указаны критерии, по которым оценивались результаты апробации.",
    conclusions="Сборник пригоден для работы учителя и может применяться в 5 классе.",
    recommendations="Дополнить материал листом самооценки обучающегося.",
)
ATTESTATION_SHEET = ReviewSheet(
    expert=EXPERTS[0],
    rows=(
        CriterionRow(
            1,
            "Положительная динамика результатов по мониторингам организации",
            ("динамика подтверждена числами за три года", "динамика связана с действиями педагога"),
            6,
            word="подтверждено",
            rationale="Качество знаний выросло с 52 до 61 %, приведены данные за три года.",
        ),
        CriterionRow(
            2,
            "Положительные результаты по внешнему мониторингу",
            ("итоги внешних процедур не ниже муниципальных",),
            4,
            not_applicable=True,
            rationale="В классах, где работает учитель, внешние процедуры не проводились.",
        ),
        CriterionRow(
            3,
            "Личный вклад, новые технологии, распространение опыта",
            ("опыт представлен за пределами организации",),
            6,
            word="подтверждено частично",
            rationale="Опыт представлен на муниципальном уровне, публикаций нет.",
        ),
    ),
    verdict=("Результаты деятельности соответствуют требованиям, предъявляемым к высшей квалификационной категории"),
    favourable=True,
    signature=on_paper(EXPERTS[0]),
    signed_at=date(2026, 11, 20),
    strengths="Педагог анализирует собственные затруднения и показывает, как их преодолел.",
    conclusions="Требования к высшей квалификационной категории выполняются.",
    recommendations="Представить опыт на заседании городского методического объединения.",
)

MATERIAL_COMMON = Consolidated(
    experts=EXPERTS,
    rows=(
        ComparedRow(
            1,
            "Актуальность",
            5,
            (5, 4, 5),
            Decimal("4.67"),
            reasons=("Тема отвечает запросу педагогов.", "", "Тема отвечает запросу педагогов."),
        ),
        ComparedRow(
            2,
            "Соответствие ФГОС и федеральным программам",
            5,
            (4, 1, 4),
            Decimal(3),
            Decimal("1.5"),
            ("", "Задания раздела 3 выходят за пределы программы 5 класса.", ""),
        ),
        ComparedRow(3, "Результативность апробации", 5, (2, 2, 3), Decimal("2.33"), reasons=("Нет чисел", "", "")),
        ComparedRow(
            4, "Корректность заимствований", 5, (None, 4, 4), Decimal(4), reasons=("Материал авторский", "", "")
        ),
    ),
    percents=(Decimal("74.3"), Decimal("51.1"), Decimal("80.0")),
    percent=Decimal("77.2"),
    declared=True,
    verdict="Рекомендовать к использованию с учётом замечаний",
    favourable=True,
    verdict_by_rule="Рекомендовать к использованию с учётом замечаний",
    discrepancy=Discrepancy(Decimal("23.2"), criteria=(2,)),
    third_review=ThirdReview("expert", expert=CHERNYKH, policy="closest"),
    strengths="Приёмы описаны подробно, их легко повторить в другом классе.",
    remarks="Не указаны критерии оценки результатов апробации.\nСписок источников оформлен не полностью.",
    conclusions="Сборник пригоден для работы учителя и может применяться в 5 классе.",
    recommendations="- дополнить материал листом самооценки обучающегося;\n- описать условия апробации.",
    dissents=(
        DissentNote(
            expert=EXPERTS[1],
            text="Считаю, что задания раздела 3 выходят за пределы программы 5 класса.",
            signature=simple(EXPERTS[1], "121"),
        ),
    ),
    signatures=(simple(EXPERTS[0], "120"), simple(EXPERTS[2], "122")),
)
# A reason of the length that people write: three of them make an annex.
LONG = (
    "Качество знаний по предмету выросло с 52 до 61 %, приведены справки за три года, подписанные заместителем директора. "
    "Динамика связана с тем, что учитель сменил формы работы с текстом, это видно по конспектам и по работам обучающихся. "
    "Сравнение с параллелью показывает, что рост не случаен. Показатели класса приведены по одной и той же методике, поэтому их "
    "можно сопоставить между собой и с муниципальными значениями за те же годы."
)
ATTESTATION_COMMON = Consolidated(
    experts=EXPERTS,
    rows=(
        ComparedRow(
            1,
            "Положительная динамика результатов по мониторингам организации",
            6,
            ("подтверждено", "подтверждено", "подтверждено частично"),
            reasons=(LONG, f"Данные мониторинга приложены. {LONG}", f"За один год данных нет. {LONG}"),
        ),
        ComparedRow(2, "Положительные результаты по внешнему мониторингу", 4, (None, None, None)),
        ComparedRow(
            3,
            "Личный вклад, новые технологии, распространение опыта",
            6,
            ("подтверждено частично", "подтверждено", "не подтверждено"),
        ),
    ),
    verdict="Результаты деятельности соответствуют требованиям, предъявляемым к высшей квалификационной категории",
    favourable=True,
    discrepancy=Discrepancy(criteria=(3,), opposite=True),
    third_review=ThirdReview("meeting", held_on=date(2026, 11, 19)),
    strengths="Педагог анализирует собственные затруднения и показывает, как их преодолел.",
    conclusions="Положительная динамика подтверждена, опыт представлен на муниципальном уровне.",
    recommendations="Представить опыт на заседании городского методического объединения.",
    signatures=tuple(on_paper(one) for one in EXPERTS),
    declared=True,
)

SITTING = Sitting(date(2026, 12, 3), "14:00", "МКУ ИМЦ, кабинет 12")
CONCLUSION = Reference("12-ЗК", date(2026, 11, 23))
ISSUE = Issue(
    number="12-ЗК",
    date=date(2026, 11, 23),
    made_at=datetime(2026, 11, 23, 9, 5, tzinfo=UTC),
    check_address="https://expertise.example.org/check/K7QF2M9X4TPD",
    code="K7QF2M9X4TPD",
    digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
)


def numbered_issue(number: str, day: date) -> Issue:
    return replace(ISSUE, number=number, date=day, check_address="", code="", digest="")


def material_conclusion() -> Material:
    """(b) with a discrepancy, a third review, a dissent and the director's stamp."""
    approval = ByDirector(
        Signature("simple", GRADOV, DIRECTOR, moment="23 ноября 2026 г., 09:05 (ЕКБ)", event="131"), date(2026, 11, 23)
    )
    return Material(CENTRE, MATERIAL_CASE, ISSUE, card=MATERIAL_COMMON, approval=approval)


def attestation_conclusion() -> Material:
    """(a) in words, a meeting, no stamp."""
    issue = numbered_issue("13-ЗК", date(2026, 11, 23))
    approval = ByDirector(DIRECTOR_PAPER, date(2026, 11, 23))
    return Material(CENTRE, ATTESTATION_CASE, issue, card=ATTESTATION_COMMON, approval=approval)


def material_sheet() -> Material:
    return Material(CENTRE, MATERIAL_CASE, replace(ISSUE, number="", check_address="", code=""), card=MATERIAL_SHEET)


def attestation_sheet() -> Material:
    return Material(CENTRE, ATTESTATION_CASE, Issue(), card=ATTESTATION_SHEET)


def single_conclusion() -> Material:
    """One expert, approved by an order, a second version."""
    issue = replace(ISSUE, version=2, replaces=Reference("9-ЗК", date(2026, 11, 9)))
    approval = ByOrder(Reference("45-од", date(2026, 11, 24)))
    return Material(CENTRE, MATERIAL_CASE, issue, card=MATERIAL_SHEET, approval=approval)


def order() -> Material:
    card = OrderCard(
        conclusion=CONCLUSION,
        executor=MOROZOVA,
        executor_position=METHODIST,
        signature=DIRECTOR_CERTIFICATE,
        by=date(2026, 11, 27),
        acquainted=(Acquainted(MOROZOVA, METHODIST),),
    )
    return Material(CENTRE, MATERIAL_CASE, numbered_issue("45-од", date(2026, 11, 24)), card=card)


def covering_letter() -> Material:
    card = LetterCard(
        conclusion=Reference("13-ЗК", date(2026, 11, 23)),
        enclosures=(
            Enclosure("Сводное экспертное заключение от 23 ноября 2026 г. № 13-ЗК", sheets=4),
            Enclosure("Экспертные листы специалистов", sheets=9),
            Enclosure("Заявление с приложениями"),
        ),
        signature=DIRECTOR_PAPER,
        prepared_by=MOROZOVA,
        phone="8 (34346) 0-00-00",
    )
    return Material(CENTRE, ATTESTATION_CASE, numbered_issue("112", date(2026, 11, 25)), card=card)


def term_notice() -> Material:
    card = NoticeCard(
        begins=date(2026, 10, 26),
        ends=date(2026, 12, 25),
        form="всесторонний анализ профессиональной деятельности",
        place="МКУ ИМЦ, кабинет 12",
        documents_by=date(2026, 10, 16),
        signature=DIRECTOR_PAPER,
        commission_on=date(2026, 12, 22),
        prepared_by=MOROZOVA,
        phone="8 (34346) 0-00-00",
    )
    return Material(CENTRE, ATTESTATION_CASE, numbered_issue("98", date(2026, 10, 9)), card=card)


def appeal_decision() -> Material:
    panel = tuple(Expert(person, TEACHER, LYCEUM) for person in (KOVAL, CHERNYKH, BONDARENKO))
    card = AppealCard(
        lodged_at=date(2026, 11, 26),
        against=CONCLUSION,
        arguments="Балл по критерию 2 выставлен без обоснования.",
        reasons="В экспертном листе эксперта 2 обоснование по критерию 2 отсутствует.",
        granted=True,
        panel=panel,
        signatures=tuple(on_paper(one) for one in panel),
        votes=Votes(3, 0),
        decided_on=date(2026, 12, 3),
        sitting=SITTING,
    )
    return Material(CENTRE, MATERIAL_CASE, numbered_issue("2", date(2026, 12, 3)), card=card)


def refusal_notice() -> Material:
    card = RefusalCard(
        ground="Представленная работа не является методическим материалом",
        comment="Приложена подборка фотографий без описания приёмов и условий работы.\n"
        "Чтобы материал можно было рассмотреть, нужны:\n- цель и адресат;\n- описание хода занятий.",
        appeal_until=date(2026, 11, 16),
        signature=DIRECTOR_PAPER,
        prepared_by=MOROZOVA,
        phone="8 (34346) 0-00-00",
    )
    return Material(CENTRE, MATERIAL_CASE, numbered_issue("104", date(2026, 11, 9)), card=card)


def refusal_notice_attestation() -> Material:
    card = RefusalCard(
        ground="Заявление адресовано другому органу",
        comment="",
        appeal_until=None,
        signature=Signature("simple", GRADOV, DIRECTOR, moment="9 октября 2026 г., 10:20 (ЕКБ)", event="77"),
    )
    return Material(CENTRE, ATTESTATION_CASE, numbered_issue("97", date(2026, 10, 9)), card=card)


def appeal_notice() -> Material:
    card = AppealNoticeCard(
        lodged_at=date(2026, 11, 26),
        against=CONCLUSION,
        members=3,
        decide_by=date(2026, 12, 10),
        signature=DIRECTOR_PAPER,
        sitting=SITTING,
        prepared_by=MOROZOVA,
        phone="8 (34346) 0-00-00",
    )
    return Material(CENTRE, MATERIAL_CASE, numbered_issue("115", date(2026, 11, 27)), card=card)


def completion_act() -> Material:
    """A case with a replaced conclusion, closed after its term of appeal."""
    card = CompletionCard(
        closed_at=date(2026, 12, 7),
        ended="Экспертное заключение утверждено приказом, заявитель с ним ознакомлен, апелляция не подавалась",
        experts=3,
        sheets=3,
        keeper=Signature("paper", MOROZOVA, METHODIST, CENTRE_ORG),
        director=DIRECTOR_PAPER,
        verdict="Рекомендовать к использованию с учётом замечаний",
        documents=(
            IssuedRow("Экспертный лист", "", date(2026, 11, 20), "Действует"),
            IssuedRow("Сводное экспертное заключение", "9-ЗК", date(2026, 11, 20), "Недействителен: заменён"),
            IssuedRow("Сводное экспертное заключение", "12-ЗК", date(2026, 11, 23), "Действует", version=2),
            IssuedRow("Приказ об утверждении", "45-од", date(2026, 11, 24), "Действует"),
        ),
    )
    return Material(CENTRE, MATERIAL_CASE, numbered_issue("8", date(2026, 12, 7)), card=card)


def protocol() -> Material:
    """The appeal panel: a secretary, somebody heard, speeches, votes."""
    chair, *members = (Expert(person, TEACHER, LYCEUM) for person in (KOVAL, CHERNYKH, BONDARENKO))
    secretary = Expert(MOROZOVA, METHODIST, CENTRE_ORG)
    card = ProtocolCard(
        body_g="заседания апелляционной комиссии",
        chair=chair,
        secretary=secretary,
        present=tuple(members),
        member="Член апелляционной комиссии",
        sitting=SITTING,
        agenda=(
            AgendaItem(
                subject="О рассмотрении апелляции Ткач В.А. на экспертное заключение от 23 ноября 2026 г. № 12-ЗК",
                heard=secretary,
                report="О доводах апелляции и порядке проведения экспертизы",
                spoke=(
                    Speech(CHERNYKH, "Балл по критерию 2 в экспертном листе эксперта 2 не обоснован"),
                    Speech(BONDARENKO, "Предлагает провести экспертизу повторно"),
                ),
                decided=("Апелляцию удовлетворить", "Провести экспертизу повторно в ином составе экспертов"),
                votes=Votes(3, 0),
            ),
            AgendaItem(
                subject="Об уведомлении заявителя",
                decided=("Уведомить заявителя о принятом решении в срок до 4 декабря 2026 г.",),
                votes=Votes(2, 0, 1),
            ),
        ),
        signatures=tuple(on_paper(one) for one in (chair, secretary, *members)),
    )
    return Material(CENTRE, MATERIAL_CASE, numbered_issue("5", date(2026, 12, 3)), card=card)


def protocol_of_a_poll() -> Material:
    """The same panel asked in absence: sheets of the poll in place of a sitting, the chair and the secretary sign."""
    chair, *members = (Expert(person, TEACHER, LYCEUM) for person in (KOVAL, CHERNYKH, BONDARENKO))
    secretary = Expert(MOROZOVA, METHODIST, CENTRE_ORG)
    signed = "подписан простой электронной подписью 2 декабря 2026 г., 11:20 (ЕКБ), запись журнала № ММ-2026-7/3{}"
    card = ProtocolCard(
        body_g="заочного голосования апелляционной комиссии",
        chair=chair,
        secretary=secretary,
        member="Член апелляционной комиссии",
        held_on=date(2026, 12, 3),
        agenda=(
            AgendaItem(
                subject="О рассмотрении апелляции Ткач В.А. на экспертное заключение от 23 ноября 2026 г. № 12-ЗК",
                report="О доводах апелляции: балл по критерию 2 выставлен без обоснования",
                spoke=(Speech(CHERNYKH, "Обоснование по критерию 2 в листе есть"),),
                decided=(
                    "Апелляцию отклонить.",
                    "Экспертное заключение от 23 ноября 2026 г. № 12-ЗК оставить без изменения.",
                ),
                votes=Votes(2, 1),
            ),
        ),
        ballots=(
            Ballot(chair, "отклонить апелляцию", signed.format(1)),
            Ballot(members[0], "отклонить апелляцию", signed.format(2)),
            Ballot(members[1], "удовлетворить апелляцию", signed.format(3)),
        ),
        signatures=(on_paper(chair), on_paper(secretary)),
    )
    return Material(CENTRE, MATERIAL_CASE, numbered_issue("6", date(2026, 12, 3)), card=card)


def protocol_discussion() -> Material:
    """The specialists of an attestation discuss what parted them: no secretary, no votes, all sign."""
    card = ProtocolCard(
        body_g="совместного обсуждения специалистов",
        chair=EXPERTS[0],
        present=EXPERTS[1:],
        member="Специалист",
        held_on=date(2026, 11, 19),
        agenda=(
            AgendaItem(
                subject="О расхождении оценок по критерию 3",
                heard=EXPERTS[2],
                decided=("Требования по критерию 3 считать выполненными",),
            ),
        ),
        signatures=tuple(on_paper(one) for one in EXPERTS),
    )
    return Material(CENTRE, ATTESTATION_CASE, numbered_issue("4", date(2026, 11, 20)), card=card)


# name of the golden file: kind, material
DOCUMENTS = {
    "appeal_decision": ("appeal_decision", appeal_decision),
    "appeal_notice": ("appeal_notice", appeal_notice),
    "completion_act": ("completion_act", completion_act),
    "consolidated_conclusion": ("consolidated_conclusion", material_conclusion),
    "consolidated_conclusion_attestation": ("consolidated_conclusion", attestation_conclusion),
    "covering_letter": ("covering_letter", covering_letter),
    "expert_conclusion": ("expert_conclusion", single_conclusion),
    "expert_sheet": ("expert_sheet", material_sheet),
    "expert_sheet_attestation": ("expert_sheet", attestation_sheet),
    "order": ("order", order),
    "appeal_protocol": ("appeal_protocol", protocol),
    "appeal_protocol_poll": ("appeal_protocol", protocol_of_a_poll),
    "protocol_discussion": ("protocol", protocol_discussion),
    "refusal_notice": ("refusal_notice", refusal_notice),
    "refusal_notice_attestation": ("refusal_notice", refusal_notice_attestation),
    "term_notice": ("term_notice", term_notice),
}
# A kind that has no sample of these tests is shown by the one that its own file invents.
DOCUMENTS |= {
    key: (key, partial(sample, key, CENTRE, date(2026, 11, 29)))
    for key in KINDS if key not in {kind for kind, _ in DOCUMENTS.values()}
}  # fmt: skip
