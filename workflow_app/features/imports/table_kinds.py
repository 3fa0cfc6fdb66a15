"""What can be imported: the columns of each table, their headings in whatever spelling, an example row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workflow_app.errors import N_, Sentence
from workflow_app.states.vocabulary import Role

MOST = 500  # rows of one import: all of them go in one transaction


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``titles`` are the headings that are understood, the first is shown; ``help`` says what may stand in it."""

    key: str
    titles: tuple[str, ...]
    example: str = ""
    required: bool = False
    help: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of import: what it brings in, its columns, the sentence of the result, and who may do it."""

    key: str
    title: Sentence
    about: Sentence
    columns: tuple[Column, ...]
    done: Sentence
    roles: frozenset[Role]

    @property
    def wanted(self) -> dict[str, tuple[str, ...]]:
        """The headings by key, as ``match_columns`` reads them."""
        return {one.key: one.titles for one in self.columns}

    @property
    def optional(self) -> frozenset[str]:
        """The columns that may be absent."""
        return frozenset(one.key for one in self.columns if not one.required)

    @property
    def example(self) -> dict[str, str]:
        """The example row of the template by key."""
        return {one.key: one.example for one in self.columns}


_KEEPERS = frozenset({Role.ADMIN, Role.COORDINATOR})
_NAMES = (
    Column("full_name", ("ФИО", "Фамилия, имя, отчество", "Фамилия имя отчество", "Педагог", "Заявитель", "Сотрудник"),
           "Образцова Анна Петровна", required=True, help=N_("Фамилия, имя и отчество целиком.")),
)  # fmt: skip
_EMAIL = Column("email", ("Электронная почта", "Почта", "E-mail", "Email", "Эл. почта", "Адрес электронной почты"), "obrazcova@example.ru",
                help=N_("Если есть: по нему человека можно будет пригласить из карточки."))  # fmt: skip
_PLACE = Column("organization", ("Организация", "ОО", "Место работы", "Образовательная организация", "Школа"), "",
                help=N_("Так, как в справочнике организаций."))  # fmt: skip
_POSITION = Column(
    "position", ("Должность", "Должность педагога"), "учитель", help=N_("Так, как в перечне должностей.")
)

PEOPLE = Kind(
    key="people",
    title=N_("Люди"),
    about=N_("Педагоги и эксперты: карточки без учётных записей. Пригласить их можно потом, из карточки."),
    columns=(
        *_NAMES,
        Column("gender", ("Пол",), "женский", help=N_("«женский» или «мужской»; можно не указывать.")),
        _EMAIL, _PLACE, _POSITION,
        Column("role", ("Роль",), "педагог", help=N_("«педагог» или «эксперт»; пусто: педагог. Другие роли даёт администратор.")),
    ),
    done=N_("Люди добавлены"),
    roles=_KEEPERS,
)  # fmt: skip

CASES = Kind(
    key="cases",
    title=N_("Дела за заявителей"),
    about=N_(
        "Заявления, которые пришли на бумаге, почтой, через Госуслуги, КАИС или школу. "
        "Получатся черновики: их останется дополнить и подать."
    ),
    columns=(
        *_NAMES,
        _EMAIL,
        Column("case_type", ("Вид экспертизы", "Вид", "Тип"), "Аттестация: всесторонний анализ", required=True),
        Column("title", ("Название", "Название материала", "Тема", "Цель"), "Установление первой категории по должности «учитель»",
               required=True, help=N_("От 10 до 300 знаков.")),
        Column("channel", ("Как поступило", "Канал", "Способ подачи"), "Госуслуги", required=True),
        Column("received_at", ("Дата поступления", "Поступило", "Дата"), "01.09.2026", help=N_("Подставится при регистрации.")),
        Column("outside_number", ("Внешний номер", "Номер Госуслуг", "Номер КАИС", "Исходящий номер", "Номер заявления"), "1234567890"),
        Column("target_category", ("Категория", "Квалификационная категория"), "первая", help=N_("Только для аттестации.")),
        _PLACE, _POSITION,
    ),
    done=N_("Черновики дел созданы"),
    roles=frozenset({Role.COORDINATOR}),
)  # fmt: skip

KINDS: Mapping[str, Kind] = MappingProxyType({one.key: one for one in (PEOPLE, CASES)})
