"""The conditions of the case workflow: each reads facts, and says in a sentence what is missing."""

from __future__ import annotations

from workflow_app.errors import N_, Sentence
from workflow_app.states.vocabulary import Condition, Facts, negation


def _missing(facts: Facts) -> Sentence:
    return (
        facts.missing[0]
        if len(facts.missing) == 1
        else N_("Не хватает: %(what)s", what=", ".join(map(str, facts.missing)))
    )


complete = Condition("complete", lambda f: not f.missing, _missing)
places_left = Condition(
    "places left",
    lambda f: f.engaged < f.required,
    lambda f: N_("Нужное число экспертов (%(n)s) уже приглашено.", n=f.required),
)
enough_accepted = Condition(
    "enough accepted",
    lambda f: len(f.accepted | f.working | f.signed) >= f.required,
    lambda f: N_("Приняли приглашение %(have)s из %(need)s.", have=len(f.accepted), need=f.required),
)
lead_named = Condition(
    "lead named",
    lambda f: f.lead_id is not None and f.lead_id in f.accepted | f.working | f.signed,
    N_("Не назначен ведущий специалист."),
)
lead_not_named = negation(lead_named, N_("ведущий специалист не назначен"))
meant_lead_accepted = Condition(
    "lead of the commission accepted",
    lambda f: f.meant_lead_id is not None and f.meant_lead_id in f.accepted | f.working,
    N_("Ведущий специалист комиссии ещё не принял приглашение."),
    N_("ведущий комиссии принял приглашение"),
)
someone_accepted = Condition(
    "someone accepted", lambda f: bool(f.accepted | f.working | f.signed), N_("Ещё никто не принял приглашение.")
)
all_signed = Condition(
    "all signed",
    lambda f: f.required > 0 and len(f.signed) == f.required and not f.invited | f.accepted | f.working,
    lambda f: N_("Подписано листов: %(have)s из %(need)s.", have=len(f.signed), need=f.required),
)
settled = Condition(
    "settled", lambda f: f.third_held or not f.discrepancy, N_("Оценки расходятся: нужна дополнительная экспертиза.")
)
unsettled = negation(settled)
all_decided = Condition(
    "all decided",
    lambda f: f.verdict is not None and not f.undecided,
    lambda f: N_("Ещё не высказались специалистов: %(n)s.", n=len(f.undecided)),
)
nobody_open = Condition(
    "nobody open", lambda f: not f.invited | f.accepted | f.working, N_("Есть приглашённые или работающие эксперты.")
)
all_refused = Condition(
    "all refused",
    lambda f: f.invited_ever > 0 and not f.engaged,
    N_("Отказ возможен, когда все приглашённые эксперты отказались."),
)
circulated = Condition(
    "circulated", lambda f: f.circulated, N_("Текст заключения ещё не направлен экспертам на подпись.")
)
all_answered = Condition(
    "all answered",
    lambda f: f.circulated and not f.unanswered,
    lambda f: (
        N_("Заключение ещё не подписали эксперты: %(n)s.", n=len(f.unanswered))
        if f.circulated
        else N_("Текст заключения ещё не направлен экспертам на подпись.")
    ),
)
no_conflict = Condition(
    "no conflict of interest",
    lambda f: not f.barred,
    lambda f: N_(
        "Конфликт интересов у экспертов: %(n)s. Замените их (верните лист экспертам и пригласите других) или попросите директора "
        "снять запрет с обоснованием, где он снимается.",
        n=len(f.barred),
    ),
)
act_recorded = Condition("the act is recorded", lambda f: f.act_recorded, N_("Решение по рекомендации ещё не внесено."))
act_awaited = Condition("the act is awaited", lambda f: not f.act_recorded, N_("Решение по рекомендации уже внесено."))
led = Condition(
    "brought by the leader",
    lambda f: f.led,
    N_(
        "Отчёт о программе центра представляет её руководитель, а по паспорту программы это другой человек. Откажите в приёме "
        "или исправьте паспорт."
    ),
)
defended = Condition(
    "defended in public",
    lambda f: f.defended,
    N_(
        "Публичной защиты программы ещё не было. Внесите заседание с формой «публичная защита», выберите в нём это дело, запишите "
        "программу, число посетителей, вопросы и ответы и отметьте, что оно состоялось."
    ),
)
own_work = Condition(
    "the centre's own work", lambda f: f.own_work, N_("Утверждает директор: это не его работа и не программа центра.")
)
not_own_work = Condition(
    "not the centre's own work",
    lambda f: not f.own_work,
    N_(
        "Это работа самого центра или его директора, поэтому ни директор, ни его заместитель её не утверждает. "
        "Утверждает экспертный совет протоколом или управление образования письмом либо другое лицо, которому это поручено; "
        "его вносит координатор, который не готовил заключение."
    ),
)
not_in_order = Condition(
    "in no order of the month",
    lambda f: not f.in_order,
    N_(
        "Дело стоит в приказе об утверждении, который ещё не подписан: оно утверждается им. Чтобы утвердить отдельно, исключите его оттуда."
    ),
    N_("дело не ждёт приказа месяца"),
)
decline_proposed = Condition("decline proposed", lambda f: f.decline_proposed, N_("Координатор не предлагал отказ."))
decline_not_proposed = negation(decline_proposed)
no_decline_pending = Condition(
    "no decline pending", lambda f: not f.decline_proposed, N_("Сначала директор решит по предложенному отказу.")
)
lapsed = Condition("lapsed", lambda f: f.lapsed, N_("Срок ещё не истёк."))
lapsed_or_registered = Condition(
    "lapsed or registered", lambda f: f.state != "returned" or f.lapsed, N_("Срок устранения замечаний ещё не истёк.")
)
verdict_revise = Condition(
    "verdict is revise", lambda f: f.verdict == "revise", N_("Доработка предлагается только при выводе «на доработку».")
)
verdict_not_revise = negation(verdict_revise)
appeal_over = Condition(
    "appeal term over",
    lambda f: f.appeal_waived or f.appealed or (f.appeal_until is not None and f.today > f.appeal_until),
    lambda f: N_(
        "Срок апелляции ещё не истёк: до %(day)s.", day=f"{f.appeal_until:%d.%m.%Y}" if f.appeal_until else "—"
    ),
)
closing_over = Condition(
    "term of closing over", lambda f: f.state != "decided" or f.lapsed, N_("Срок завершения дела ещё не истёк.")
)
appeal_open = Condition(
    "appeal term open",
    lambda f: f.appeal_until is not None and f.today <= f.appeal_until and not f.appeal_waived,
    N_("Срок подачи апелляции истёк."),
)
appeal_once = Condition("no appeal yet", lambda f: not f.appealed, N_("Апелляция на одно решение подаётся один раз."))
panel_appointed = Condition(
    "panel appointed", lambda f: len(f.panel) > 0, N_("Апелляционная комиссия ещё не назначена.")
)
panel_meets = Condition(
    "panel meets",
    lambda f: f.sits_on is None or f.sits_on <= f.today,
    lambda f: N_(
        "Комиссия заседает %(day)s: голосуют в этот день и позже.", day=f"{f.sits_on:%d.%m.%Y}" if f.sits_on else "—"
    ),
)
votes_grant = Condition(
    "votes grant", lambda f: f.votes_for + f.votes_against == len(f.panel) > 0 and f.votes_for > f.votes_against,
    N_("Большинство комиссии не голосовало за удовлетворение."),
)  # fmt: skip
votes_dismiss = Condition(
    "votes dismiss", lambda f: f.votes_for + f.votes_against == len(f.panel) > 0 and f.votes_against > f.votes_for,
    N_("Большинство комиссии не голосовало за отклонение."),
)  # fmt: skip
came_declined = Condition(
    "came from declined", lambda f: f.appealed_from == "declined", N_("Апелляция подана на заключение.")
)
came_approved = negation(came_declined)
additions_open = Condition(
    "additions open",
    lambda f: f.additions_until is None or f.today <= f.additions_until,
    lambda f: N_(
        "Дополнительные документы принимались до %(day)s.",
        day=f"{f.additions_until:%d.%m.%Y}" if f.additions_until else "—",
    ),
)


def sheets_besides(added: int) -> Condition:
    """Whether there are as many signed sheets as the case had to have before its discrepancy, which asked for ``added`` more."""
    return Condition(
        "sheets of all but the added",
        lambda f: len(f.signed) >= f.required - added > 0,
        lambda f: N_("Подписано листов: %(have)s из %(need)s.", have=len(f.signed), need=f.required - added),
    )


def no_revision_pending(rounds: int) -> Condition:
    """Whether the author has no revision to choose, or let the term of choosing pass."""
    return Condition(
        "no revision pending",
        lambda f: f.state != "approved" or f.verdict != "revise" or f.round >= rounds or f.lapsed,
        N_("Автор ещё может взять материал на доработку."),
    )


def returns_below(most: int) -> Condition:
    """Whether the case was returned fewer than ``most`` times."""
    return Condition(
        f"returned fewer than {most} times",
        lambda f: f.returns < most,
        N_("Дело уже возвращали наибольшее число раз: %(n)s.", n=most),
    )


def round_below(most: int) -> Condition:
    """Whether another round of revision is left."""
    return Condition(f"round below {most}", lambda f: f.round < most, N_("Все раунды доработки использованы."))


def in_root(*states: str) -> Condition:
    """Whether the case stands in one of ``states`` (for assignments and files)."""
    return Condition(
        f"case in {', '.join(states)}",
        lambda f: f.root is not None and f.root.state in states,
        N_("Дело сейчас на другом шаге."),
    )


to_answer = Condition(
    "conclusion to answer",
    lambda f: f.root is not None and f.root.circulated and f.own_id in f.root.unanswered,
    N_("Сейчас отвечать на заключение не нужно."),
)
to_decide = Condition(
    "common result to decide",
    lambda f: f.root is not None and f.root.verdict is not None and f.own_id in f.root.undecided,
    N_("Сейчас отвечать на общий вывод не нужно."),
)
declared_before = Condition("declared before", lambda f: f.declared, N_("Декларация ещё не подписана."))
own_unbarred = Condition(
    "no conflict of interest of one's own",
    lambda f: f.root is not None and f.own_id not in f.root.barred,
    N_(
        "Вы заявитель или соавтор этой работы либо работаете с ними в одной организации: с таким конфликтом интересов принять "
        "приглашение нельзя. Откажитесь или сообщите центру."
    ),
)
to_lift = Condition(
    "a bar that may be lifted",
    lambda f: f.root is not None and f.own_id in f.root.liftable,
    N_("Запрета, который может снять директор, у этого эксперта нет."),
)
