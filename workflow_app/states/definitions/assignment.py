"""The assignment of an expert to a case, and the files of a case: subjects whose root is the case (ADR 4)."""

from __future__ import annotations

from workflow_app.errors import N_, Sentence
from workflow_app.states.definitions import review_forms as s
from workflow_app.states.definitions.case import conditions as c
from workflow_app.states.definitions.case.guards import coordinator, system
from workflow_app.states.forms import Nothing
from workflow_app.states.vocabulary import Condition, Guard, State, Target, Tone, Transition, Trigger, Who, workflow
from workflow_app.states.vocabulary import Permission as P

_OWN = {P.VIEW: frozenset({Who.OWN}), P.SEE_REVIEWS: frozenset({Who.OWN})}
_LOST: dict[P, frozenset[Who]] = {P.VIEW: frozenset({Who.OWN})}
OPEN = ("invited", "accepted", "in_work")
COUNTED = ("signed", "consolidated")
ENDED = ("refused", "expired", "recused", "removed", "called_off", "voided", "past")


def _own(*when: Condition) -> Guard:
    return Guard(frozenset({Who.OWN}), when=when)


def _state(
    name: str,
    title: Sentence,
    *,
    turn: Who | None = None,
    todo: Sentence | None = None,
    term: str | None = None,
    tone: str = "waiting",
) -> State:
    grants = _LOST if name in ENDED else _OWN
    return State(name, title, title, grants, turn=turn, todo=todo, term=term, final=name in ENDED, tone=tone)


ASSIGNMENT = workflow(
    name="assignment",
    title=N_("Назначение эксперта"),
    initial="invited",
    begin=Guard(frozenset({Who.COORDINATOR, Who.SYSTEM})),
    road=("invited", "accepted", "in_work", "signed", "consolidated"),
    states=(
        _state("invited", N_("Приглашение направлено"), turn=Who.OWN, todo=N_("Ответить на приглашение"), term="answer"),
        _state("accepted", N_("Приглашение принято"), tone="good"),
        _state("in_work", N_("В работе"), turn=Who.OWN, todo=N_("Заполнить экспертный лист"), term="review", tone="work"),
        _state("signed", N_("Подписано"), tone="good"),
        _state("consolidated", N_("Сводное заключение подписано"), tone="done"),
        _state("refused", N_("Эксперт отказался"), tone="stopped"),
        _state("expired", N_("Нет ответа"), tone="stopped"),
        _state("recused", N_("Самоотвод"), tone="stopped"),
        _state("removed", N_("Заменён"), tone="stopped"),
        _state("called_off", N_("Отменено"), tone="stopped"),
        _state("voided", N_("Аннулировано"), tone="stopped"),
        _state("past", N_("Лист прошлого раунда"), tone="done"),
    ),
    transitions=(
        Transition(
            "accept", N_("Принять приглашение"), ("invited",), _own(c.own_unbarred), (Target("accepted"),), asks=s.Declaration,
            tone=Tone.PRIMARY, past=N_("Эксперт принял приглашение"), done=N_("Вы приняли приглашение"), subject_of="answer",
        ),
        Transition(
            "resume", N_("Вернуть лист в работу"), ("invited",), system(c.declared_before), (Target("accepted"),),
            Trigger.AUTOMATIC, past=N_("Лист возвращён эксперту"),
        ),
        Transition(
            "refuse", N_("Отказаться"), ("invited",), _own(), (Target("refused"),), asks=s.Refuse,
            past=N_("Эксперт отказался"), done=N_("Вы отказались от экспертизы"), subject_of="answer",
        ),
        Transition(
            "expire", N_("Срок ответа истёк"), ("invited",), system(c.lapsed), (Target("expired"),), Trigger.TIMER,
            past=N_("Эксперт не ответил в срок"),
        ),
        Transition(
            "cancel_invitation", N_("Отозвать приглашение"), ("invited", "accepted"), coordinator(), (Target("called_off"),),
            asks=s.CancelInvitation, past=N_("Приглашение отозвано"),
        ),
        Transition(
            "begin_work", N_("Открыть материалы"), ("accepted",), system(c.in_root("in_review", "third_review")),
            (Target("in_work"),), Trigger.AUTOMATIC, past=N_("Материалы открыты эксперту"),
        ),
        Transition(
            "sign", N_("Подписать экспертный лист"), ("in_work",), _own(c.in_root("in_review", "third_review")),
            (Target("signed"),), asks=s.ReviewSheet, signs=True, issues=("expert_sheet", "expert_conclusion"),
            tone=Tone.PRIMARY, past=N_("Экспертный лист подписан"), subject_of="review",
        ),
        Transition(  # an invitation that is not answered yet has one way to say no: to refuse it
            "recuse", N_("Взять самоотвод"), ("accepted", "in_work"), _own(), (Target("recused"),),
            asks=s.Recuse, tone=Tone.DANGER, past=N_("Эксперт взял самоотвод"), done=N_("Вы взяли самоотвод: материалы для вас закрыты"),
            means=N_("Материалы сразу закроются для вас, вернуться к этому делу нельзя."),
        ),
        Transition(
            "remove", N_("Заменить эксперта"), ("in_work",), coordinator(c.in_root("in_review", "third_review")),
            (Target("removed"),), asks=s.Remove, tone=Tone.DANGER, past=N_("Эксперт заменён"),
        ),
        Transition(
            "lift_conflict", N_("Снять запрет с обоснованием"), (*OPEN, *COUNTED),
            Guard(frozenset({Who.DIRECTOR}), frozenset({Who.INVOLVED}), when=(c.to_lift,)), asks=s.LiftConflict,
            past=N_("Директор снял запрет на участие эксперта"),
        ),
        Transition(
            "void_sheet", N_("Аннулировать лист"), COUNTED, coordinator(c.in_root("in_review", "third_review")),
            (Target("voided"),), asks=s.VoidSheet, tone=Tone.DANGER, past=N_("Лист аннулирован"),
        ),
        Transition(
            "annul", N_("Аннулировать"), COUNTED, system(), (Target("voided"),), Trigger.CASCADE, asks=s.Annul,
            past=N_("Лист аннулирован"),
        ),
        Transition(
            "call_off", N_("Отменить назначение"), OPEN, system(), (Target("called_off"),), Trigger.CASCADE,
            asks=s.CallOff, past=N_("Назначение отменено"),
        ),
        Transition(
            "pass", N_("Закрыть раунд"), COUNTED, system(), (Target("past"),), Trigger.CASCADE, asks=Nothing,
            past=N_("Лист остался в прошлом раунде"),
        ),
        Transition(
            "agree", N_("Подписать сводное заключение"), COUNTED, _own(c.in_root("consolidation"), c.to_answer),
            (Target("consolidated"),), asks=s.Agree, signs=True, tone=Tone.PRIMARY, past=N_("Эксперт подписал сводное заключение"),
            done=N_("Вы подписали сводное заключение"),
        ),
        Transition(
            "dissent", N_("Подписать с особым мнением"), COUNTED, _own(c.in_root("consolidation"), c.to_answer),
            (Target("consolidated"),), asks=s.Dissent, signs=True, past=N_("Эксперт подписал с особым мнением"),
            done=N_("Вы подписали заключение с особым мнением"),
        ),
        Transition(
            "join_common", N_("Согласиться с общим выводом"), COUNTED, _own(c.in_root("third_review"), c.to_decide),
            asks=s.JoinCommon, signs=True, tone=Tone.PRIMARY, past=N_("Специалист согласился с общим выводом"),
            done=N_("Вы согласились с общим выводом"),
        ),
        Transition(
            "dissent_common", N_("Выразить особое мнение"), COUNTED, _own(c.in_root("third_review"), c.to_decide),
            asks=s.DissentCommon, signs=True, past=N_("Специалист выразил особое мнение"),
            done=N_("Вы остались при особом мнении"),
        ),
    ),
)  # fmt: skip
