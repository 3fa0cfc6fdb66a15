"""The letters whose text a centre may write itself: what each is, to whom it goes, what it may tell (its fields).

Those of records are made of the declarations of their kinds (``content_types.letter_kinds``).

Reminders have a letter for each step of a ladder (``states.reminders``); those of one day stand as a list in the letter of the day.
Our own texts in ``templates/letters`` are written in the same language, with the same fields: what a centre sees to begin with is
what it gets. Letters that open an account or tell of its safety are not here: their text is fixed (:data:`WHY_FIXED`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from workflow_app.documents.template_fields.registry import Declared
from workflow_app.errors import N_, Sentence

SUBJECT_FIELDS: Final = frozenset({"number", "kind", "to_revise", "late", "total", "watched"})
"""What may stand in the subject of a letter: it is read over shoulders and kept by foreign servers, so nothing personal."""

FIELDS: Final[Mapping[str, tuple[Sentence, str]]] = {
    "number": (N_("номер дела; у неподанного и незарегистрированного пусто"), "ММ-2026-12"),
    "kind": (N_("вид экспертизы"), "Методический материал"),
    "title": (N_("название работы или заявления"), "Сборник заданий по математике для 5 класса"),
    "link": (N_("ссылка на страницу, где это делают; без неё письмо не сохранится"), "https://имц.example/cases/12"),
    "due": (N_("срок, до которого нужно сделать"), "27 ноября 2026 г."),
    "verdict": (N_("вывод заключения"), "Рекомендовать к использованию"),
    "to_revise": (N_("«да», если вывод – доработать"), ""),
    "choice": (N_("что автор может сделать с выводом «на доработку»; иначе пусто"), ""),
    "appeal_until": (N_("до какого дня можно подать апелляцию; если уже нельзя, пусто"), "4 декабря 2026 г."),
    "received": (N_("дата поступления"), "20 ноября 2026 г."),
    "consideration_due": (N_("до какого дня рассмотрят заявление"), "20 декабря 2026 г."),
    "attestation_on": (N_("дата аттестации"), "15 декабря 2026 г."),
    "attestation_place": (N_("форма и место аттестации"), "очно, г. Алапаевск, ул. Мира, 1"),
    "ground": (N_("основание отказа"), "Категории, которую просит заявитель, не существует"),
    "comment": (N_("пояснение к отказу"), "Прошедший срок указан по ошибке."),
    "general": (N_("общее замечание"), "Проверьте нумерацию страниц."),
    "count": (N_("сколько файлов подано"), "2"),
    "area": (N_("предметная область"), "Математика"),
    "volume": (N_("объём: файлы и страницы"), "файлов: 2, страниц: 34"),
    "length": (N_("сколько длится экспертиза"), "10 раб. дн."),
    "sent_on": (N_("когда документы переданы в комиссию"), "30 ноября 2026 г."),
    "granted": (N_("«да», если апелляция удовлетворена"), "да"),
    "of_refusal": (N_("«да», если апелляция подана на отказ в приёме"), ""),
    "verb": (N_("что нужно сделать"), "Заполнить экспертный лист"),
    "what": (N_("о чём речь: название и номер дела, название записи; приглашённому эксперту – только вид экспертизы"),
             "«Сборник заданий по математике для 5 класса», дело № ММ-2026-12"),
    "late": (N_("сколько дней прошло после срока; если он не прошёл, пусто"), "3"),
    "total": (N_("сколько всего ждёт получателя; если ничего, пусто"), "2"),
    "watched": (N_("сколько стоит у других, за кем он следит; если ничего, пусто"), ""),
    "list": (N_("весь список: что нужно сделать, срок, ссылка; без него письмо не сохранится"),
             "Вас ждёт:\n\n- Заполнить экспертный лист: дело № ММ-2026-12\n  Срок: 27 ноября 2026 г.\n  https://имц.example/assignments/12"),
}  # fmt: skip
NEEDED: Final[Mapping[str, Sentence]] = {
    "link": N_("Добавьте поле {{ link }}: по ссылке человек откроет то, о чём письмо."),
    "list": N_("Добавьте поле {{ list }}: без списка письмо дня ничего не скажет."),
}
"""Fields without which a text is of no use, where its letter has them, and what is said then."""
"""Every field: what it is, and what stands in the preview."""

LISTS: Final[Mapping[str, tuple[Sentence, Mapping[str, tuple[Sentence, str]]]]] = {
    "remarks": (N_("замечания"), {"n": (N_("номер по порядку"), "1"), "field": (N_("поле или документ"), "Аннотация"),
                                  "text": (N_("что исправить"), "Напишите, для какого класса материал.")}),
    "files": (N_("поданные файлы"), {"n": (N_("номер по порядку"), "1"), "name": (N_("имя файла"), "sbornik.pdf")}),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A letter: its name for people, to whom it goes, the fields beside those of every letter, its lists.

    ``about``: what its fields are, and an example; ``in_subject``: which of them may stand in the subject; ``frame``: the file
    around its text, where that is not its own (its key).
    """

    key: str
    title: Sentence
    to: Sentence
    own: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    usual: tuple[str, ...] = ("number", "kind", "title", "link")
    about: Mapping[str, tuple[Sentence, str]] = field(default_factory=lambda: FIELDS)
    in_subject: frozenset[str] = SUBJECT_FIELDS
    frame: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its single fields, in the order in which they are explained; an expert is not told what the work is called."""
        usual = (one for one in self.usual if one != "title" or self.to is not _EXPERT)
        return (*usual, *self.own)

    @property
    def declared(self) -> Declared:
        """What its text may name."""
        return Declared(frozenset(self.fields), {name: frozenset(LISTS[name][1]) for name in self.lists})

    @property
    def declared_in_subject(self) -> Declared:
        """What its subject may name."""
        return Declared(self.in_subject & frozenset(self.fields), {})

    def sample(self) -> dict[str, str | list[dict[str, str]]]:
        """Return invented values of its fields, for the preview."""
        rows = {name: [{one: words for one, (_about, words) in LISTS[name][1].items()}] for name in self.lists}
        return {**{name: self.about[name][1] for name in self.fields}, **rows}


_APPLICANT, _EXPERT, _PANEL = N_("заявителю"), N_("эксперту"), N_("члену апелляционной комиссии")
_AWAITED, _OF_TERM = N_("тому, кого ждут"), ("verb", "what", "due", "link")
_LEADER = N_("координатору дела")
_ALL = (
    LetterKind("case_submitted", N_("Материалы получены"), _APPLICANT, ("count",), ("files",)),
    LetterKind("case_registered", N_("Материалы зарегистрированы"), _APPLICANT, ("received", "consideration_due")),
    LetterKind("case_returned", N_("Возврат для устранения замечаний"), _APPLICANT, ("general", "due"), ("remarks",)),
    LetterKind("case_declined", N_("Отказ в приёме"), _APPLICANT, ("ground", "comment", "appeal_until")),
    LetterKind("attestation_set", N_("Назначена дата аттестации"), _APPLICANT, ("attestation_on", "attestation_place")),
    LetterKind("review_begun", N_("Экспертиза начата"), _APPLICANT, ("due",)),
    LetterKind("case_approved", N_("Заключение утверждено: заявителю"), _APPLICANT, ("verdict", "to_revise", "choice", "appeal_until")),
    LetterKind("case_sent", N_("Документы направлены в комиссию"), _APPLICANT, ("sent_on",)),
    LetterKind("case_decided", N_("Внесено решение комиссии"), _APPLICANT),
    LetterKind("case_act", N_("Внесено решение по рекомендации"), _APPLICANT),
    LetterKind("appeal_taken", N_("Апелляция принята к рассмотрению"), _APPLICANT, ("due",)),
    LetterKind("appeal_decided", N_("Решение по апелляции"), _APPLICANT, ("granted", "of_refusal", "choice")),
    LetterKind("invitation", N_("Приглашение к экспертизе"), _EXPERT, ("area", "volume", "length", "due")),
    LetterKind("work_begun", N_("Материалы открыты"), _EXPERT, ("due",)),
    LetterKind("sheet_returned", N_("Экспертный лист возвращён"), _EXPERT),
    LetterKind("assignment_ended", N_("Участие в экспертизе отменено"), _EXPERT),
    LetterKind("to_join", N_("Общий вывод ждёт ответа"), _EXPERT),
    LetterKind("to_countersign", N_("Сводное заключение ждёт подписи"), _EXPERT),
    LetterKind("outcome", N_("Заключение утверждено: эксперту"), _EXPERT, ("verdict",)),
    LetterKind("appeal_undone", N_("Заключение отменено по апелляции"), _EXPERT),
    LetterKind("panel_appointed", N_("Назначение в апелляционную комиссию"), _PANEL, ("due",)),
    LetterKind("reminder_before", N_("Напоминание до срока"), _AWAITED, usual=_OF_TERM),
    LetterKind("reminder_on", N_("Напоминание в день срока"), _AWAITED, usual=_OF_TERM),
    LetterKind("reminder_after", N_("Напоминание после срока"), _AWAITED, ("late",), usual=_OF_TERM),
    LetterKind("reminder_by_hand", N_("Напоминание по кнопке «Напомнить»"), _AWAITED, ("late",), usual=_OF_TERM),
    LetterKind("reminder_coordinator", N_("Напоминание: что стоит у других, координатору"), _LEADER, ("late",), usual=_OF_TERM),
    LetterKind("reminder_director", N_("Напоминание: что стоит у других, директору"), N_("директору"), ("late",), usual=_OF_TERM),
    LetterKind("reminder_deputy", N_("Напоминание замещающему"), N_("тому, кто замещает отсутствующего"), ("late",), usual=_OF_TERM),
    LetterKind("digest", N_("Письмо дня"), N_("тому, кого ждут или кто следит"), usual=("total", "watched", "list", "link")),
)  # fmt: skip
LETTERS: Final[Mapping[str, LetterKind]] = {one.key: one for one in _ALL}
FIXED: Final[Mapping[str, Sentence]] = {
    "account_invitation": N_("Приглашение в систему"), "account_known": N_("Адрес уже зарегистрирован"),
    "address_changed": N_("Изменён адрес почты"), "password_changed": N_("Изменён пароль"), "password_reset": N_("Восстановление пароля"),
    "second_factor_added": N_("Включён второй фактор"), "second_factor_removed": N_("Снят второй фактор"),
    "checkpoint": N_("Контрольная точка журнала"), "file_doubted": N_("Файл расходится с журналом"),
    "absence_asked": N_("Сообщение об отсутствии"), "absence_confirmed": N_("Отсутствие подтверждено"),
    "record": N_("Письмо о мероприятии, заседании или другом"), "reminder": N_("Напоминание"),  # of before each step had a text of its own
}  # fmt: skip
"""Letters whose text is fixed, and those that are written no more."""
WHY_FIXED: Final[tuple[tuple[Sentence, tuple[str, ...]], ...]] = (
    (N_("Открывает учётную запись или говорит о её безопасности. Текст у всех центров один: по нему узнают настоящее письмо, и никто, "
        "получив доступ к настройкам, не подменит в нём слова и не уведёт по чужой ссылке."),
     ("account_invitation", "account_known", "address_changed", "password_changed", "password_reset", "second_factor_added",
      "second_factor_removed")),
    (N_("Говорит о сохранности журнала и файлов: это свидетельство, и слова в нём выбирает не тот, кого оно проверяет."),
     ("checkpoint", "file_doubted")),
    (N_("Служебное письмо об отпуске: в нём только имя, дни и ссылка."), ("absence_asked", "absence_confirmed")),
)  # fmt: skip
"""Why the text of a letter is fixed, by letters; those that are written no more are not among them."""
SECRET: Final = frozenset({"account_invitation", "password_reset"})
"""Letters with a link that opens an account: nobody but their reader sees the text, and a sent one is not sent again."""

OPEN: Final = frozenset({
    "account_known", "address_changed", "password_changed", "second_factor_added", "second_factor_removed", "absence_asked",
    "absence_confirmed", "checkpoint", "file_doubted",
})  # fmt: skip
"""Letters about no case and no record, whose text may be read by who keeps accounts: any other such letter is its reader's alone."""
