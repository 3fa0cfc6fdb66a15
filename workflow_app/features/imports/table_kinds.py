"""What can be imported: the columns of each table, one declaration each, and how a row of it is checked and recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.errors import N_, Sentence
from workflow_app.features.imports.cell_words import as_date, as_number, as_text
from workflow_app.states.forms import Choice, asks, hints
from workflow_app.states.forms.declare import unwrap
from workflow_app.states.vocabulary import Role

MOST = 500  # rows of one table


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``titles`` are the headings that are understood, the first is shown; ``help`` says what may stand in it.

    ``of_list``: the list that its words come from (``known_records``); ``many``: several of them, with semicolons between;
    ``parse`` reads any other cell; ``whole``: a value for the whole table can be given beside the table, for empty cells;
    ``choices``: a list of its own; ``other``: one of the many that few tables have; ``choose``: what the page asks for while no
    row has a value, of a column that every row needs and that may be given for the whole table.
    """

    key: str
    titles: tuple[str, ...]
    example: str = ""
    required: bool = False
    help: Sentence | None = None
    of_list: str = ""
    many: bool = False
    parse: Callable[[str], str] = as_text
    whole: bool = False
    choices: tuple[Choice, ...] = ()
    other: bool = False
    choose: Sentence | None = None

    @property
    def widget(self) -> str:
        """What a value is typed into: a list, a date, a number or a text."""
        if self.of_list or self.choices:
            return "list"
        return "date" if self.parse is as_date else "number" if self.parse is as_number else "text"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of import: what it brings in, its columns, the sentence of the result, and who may do it."""

    key: str
    title: Sentence
    about: Sentence
    columns: tuple[Column, ...]
    done: Sentence
    roles: frozenset[Role]
    files: bool = False  # whether files of an archive can belong to its rows
    tells: str = ""  # the column that, beside the name, says what a row is
    of_school: bool = False  # of the people of one school, by its officer: nothing of anybody else is known to it

    @property
    def wanted(self) -> dict[str, tuple[str, ...]]:
        """The headings by key, as ``match_columns`` reads them."""
        return {one.key: one.titles for one in self.columns}

    @property
    def optional(self) -> frozenset[str]:
        """The columns that may be absent: given for the whole table, or not needed."""
        return frozenset(one.key for one in self.columns if one.whole or not one.required)

    @property
    def example(self) -> dict[str, str]:
        """The example row of the template by key."""
        return {one.key: one.example for one in self.columns}

    def column(self, key: str) -> Column | None:
        """Return a column by its key."""
        return next((one for one in self.columns if one.key == key), None)


_KEEPERS = frozenset({Role.ADMIN, Role.COORDINATOR})
_COORDINATOR = frozenset({Role.COORDINATOR})
_NAME = Column("full_name", ("ФИО", "Фамилия, имя, отчество", "Фамилия имя отчество", "ФИО педагога", "Педагог", "Заявитель", "Сотрудник",
                             "ФИО педагогического работника", "ФИО эксперта", "Эксперт"),
               "Образцова Анна Петровна", required=True, help=N_("Фамилия, имя и отчество целиком."))  # fmt: skip
_GENDER = Column(
    "gender", ("Пол",), "женский", help=N_("«женский» или «мужской»; можно не указывать."), of_list="genders"
)
_EMAIL = Column("email", ("Электронная почта", "Почта", "E-mail", "Email", "Эл. почта", "Адрес электронной почты"), "obrazcova@example.ru",
                help=N_("Если есть: по нему человека можно будет пригласить из карточки."))  # fmt: skip
_PLACE = Column("organization", ("Организация", "ОО", "Место работы", "Образовательная организация", "Школа", "Наименование ОО"), "",
                help=N_("Так, как в справочнике организаций."), of_list="organizations", whole=True)  # fmt: skip
_POSITION = Column("position", ("Должность", "Должность педагога", "Занимаемая должность"), "учитель",
                   help=N_("Так, как в перечне должностей."), of_list="positions", whole=True)  # fmt: skip
_SUBJECT = ("Предмет", "Предметная область", "Преподаваемый предмет", "Профиль")

PEOPLE = Kind(
    key="people",
    title=N_("Люди"),
    about=N_("Педагоги и эксперты: карточки без учётных записей. Пригласить их можно потом, из карточки."),
    columns=(
        _NAME, _GENDER, _EMAIL, _PLACE, _POSITION,
        Column("role", ("Роль",), "педагог", of_list="roles", whole=True,
               help=N_("«педагог» или «эксперт»; пусто: педагог. Другие роли даёт администратор.")),
    ),
    done=N_("Люди добавлены"),
    roles=_KEEPERS,
    tells="role",
)  # fmt: skip

EXPERTS = Kind(
    key="experts",
    title=N_("Эксперты"),
    about=N_("Эксперты с направлениями, предметом, документом о подготовке и пределом нагрузки. "
             "Кто уже есть, получит запись в реестре; кого нет, будет добавлен."),
    columns=(
        _NAME, _GENDER, _EMAIL, _PLACE, _POSITION,
        Column("directions", ("Направления", "Направление", "Направления экспертизы"), "Аттестация педагогических работников",
               required=True, of_list="directions", many=True, whole=True, help=N_("Несколько – через точку с запятой."),
               choose=N_("Выберите направление экспертизы для всей таблицы")),
        Column("profile", _SUBJECT, "", of_list="subject_areas", whole=True),
        Column("training_number", ("Документ ДПП ПК: номер", "Номер удостоверения", "Удостоверение", "Документ о подготовке"), "У-0101"),
        Column("training_on", ("Документ ДПП ПК: дата", "Дата удостоверения", "Дата документа"), "15.05.2025", parse=as_date),
        Column("training_hours", ("Документ ДПП ПК: часы", "Часы", "Часов", "Объём, часов"), "72", parse=as_number, whole=True),
        Column("category", ("Категория", "Квалификационная категория"), "высшая", of_list="held_categories", whole=True),
        Column("education", ("Образование",), ""),
        Column("load_limit", ("Предел нагрузки", "Предел", "Предел открытых экспертиз"), "5", parse=as_number, whole=True,
               help=N_("Сколько экспертиз можно вести сразу; пусто: 5.")),
    ),
    done=N_("Эксперты внесены в реестр"),
    roles=_COORDINATOR,
    tells="directions",
)  # fmt: skip

_DECLARED = frozenset({
    "title", "organization_id", "position", "attested_position", "target_category", "current_category", "subject_area", "education_level",
    "annotation", "education", "experience_total", "experience_position", "current_on", "current_act", "current_position",
    "current_expires", "interattestation_from", "interattestation_to",
})  # fmt: skip
_PARSERS: Mapping[object, Callable[[str], str]] = {date: as_date, int: as_number, str: as_text}


def _others() -> tuple[Column, ...]:
    """Return a column for every other plain field of the forms, by its label: whoever has the whole form in a table brings all of it."""
    found: dict[str, Column] = {}
    for form in (one.form for one in CASE_TYPES.values()):
        for key, how in asks(form).items():
            parser = _PARSERS.get(unwrap(hints(form)[key])[0])
            if parser is None or how.server or key in _DECLARED or isinstance(how.choices, str):
                continue
            found.setdefault(
                key, Column(key, (str(how.label), *how.heads), parse=parser, choices=how.choices or (), other=True)
            )
    return tuple(found.values())


CASES = Kind(
    key="cases",
    title=N_("Дела за заявителей"),
    about=N_(
        "Заявления, которые пришли на бумаге, почтой, через Госуслуги, КАИС или школу. Верные строки сразу регистрируются с датой "
        "бумаги; дело, которому не хватает документов, останется черновиком."
    ),
    columns=(
        _NAME, _EMAIL,
        Column("case_type", ("Вид экспертизы", "Вид", "Тип"), "Аттестация: всесторонний анализ", required=True,
               of_list="case_types", whole=True, choose=N_("Выберите вид экспертизы для всей таблицы")),
        Column("title", ("Название", "Название материала", "Тема", "Цель"), "Установление первой категории по должности «учитель»",
               help=N_("От 10 до 300 знаков. Для аттестации можно не писать.")),
        Column("channel", ("Как поступило", "Канал", "Способ подачи"), "Госуслуги", required=True, of_list="channels", whole=True,
               choose=N_("Выберите для всей таблицы, как поступили заявления")),
        Column("received_at", ("Дата поступления", "Поступило", "Дата заявления", "Дата"), "01.09.2026", required=True, parse=as_date,
               whole=True, help=N_("С неё идут сроки рассмотрения."), choose=N_("Укажите дату поступления для всей таблицы")),
        Column("outside_number", ("Внешний номер", "Номер Госуслуг", "Номер КАИС", "Исходящий номер", "Номер заявления"), "1234567890"),
        Column("target_category", ("Категория", "Квалификационная категория", "Заявленная категория", "Заявленная"), "первая",
               help=N_("Только для аттестации."), of_list="categories", whole=True),
        Column("current_category", ("Имеющаяся категория", "Имеющаяся", "Категория имеется"), "нет",
               help=N_("Только для аттестации: «нет», «первая» или «высшая»."), of_list="held_categories", whole=True),
        _PLACE, _POSITION,
        Column("subject_area", _SUBJECT, "", of_list="subject_areas", whole=True, help=N_("По нему подбираются эксперты.")),
        Column("education_level", ("Уровень образования", "Уровень"), "", of_list="education_levels", whole=True),
        Column("annotation", ("Аннотация", "Краткое представление"), "", help=N_("Для материалов и продуктов: 200–2000 знаков.")),
        Column("education", ("Образование и год окончания", "Образование"), ""),
        Column("experience_total", ("Общий стаж", "Стаж общий", "Общий стаж, лет"), "", parse=as_number),
        Column("experience_position", ("Стаж в должности", "Стаж в должности, лет"), "", parse=as_number),
        Column("current_on", ("Дата установления категории", "Когда установлена"), "", parse=as_date),
        Column("current_act", ("Акт о категории", "Каким актом", "Приказ о категории"), ""),
        Column("current_position", ("В какой должности установлена",), ""),
        Column("current_expires", ("Срок действия категории", "Срок действия", "Категория действует до"), "", parse=as_date),
        Column("interattestation_from", ("Межаттестационный период: с", "Период с"), "", parse=as_date),
        Column("interattestation_to", ("Межаттестационный период: по", "Период по"), "", parse=as_date),
        Column("signed", ("Заявление подписано",), "да", of_list="yes_no", whole=True,
               help=N_("«да»: подпись заявителя на заявлении есть, остальные сведения – в нём.")),
        *_others(),
    ),
    done=N_("Дела из таблицы"),
    roles=_COORDINATOR,
    files=True,
    tells="case_type",
)  # fmt: skip

_BY_CENTRE = frozenset({"email", "channel", "received_at", "outside_number", "organization"})
_OWN_PLACE = replace(
    _PLACE, of_list="", whole=False, help=N_("Можно не писать: здесь педагоги только вашей организации.")
)

SCHOOL_CASES = Kind(
    key="school_cases",
    title=N_("Дела педагогов организации"),
    about=N_(
        "Заявления и материалы педагогов вашей организации. Верные строки сразу подаются в центр, регистрирует их координатор; дело, "
        "которому не хватает документов, останется черновиком."
    ),
    columns=(*(one for one in CASES.columns if one.key not in _BY_CENTRE), _OWN_PLACE),
    done=N_("Дела из таблицы"),
    roles=frozenset({Role.SCHOOL_OFFICER}),
    files=True,
    tells="case_type",
    of_school=True,
)

KINDS: Mapping[str, Kind] = MappingProxyType({one.key: one for one in (PEOPLE, EXPERTS, CASES, SCHOOL_CASES)})
