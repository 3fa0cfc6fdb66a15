"""The roads of the demo's cases: data that says how many working days ago what was done, and what each of its words does.

An act is a line, ``sign koval good``, or a line with what is typed, ``{do morozova return: {remarks: […]}}``. Who does it is
a person's key, ``author`` whoever entered the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from workflow_app import data
from workflow_app.demo import records, sample_files, sample_forms
from workflow_app.demo.timeline import Tale
from workflow_app.errors import Broken

_DATA: Final[Mapping[str, Any]] = data.load("demo_roads")
_SHARES: Final = {name: tuple(one / 100 for one in shares) for name, shares in _DATA["shares"].items()}


@dataclass(frozen=True, slots=True)
class Scene:
    """One case of the demo: the work, when it was opened (working days ago), the state it comes to, and its road.

    ``by`` enters it on behalf of the applicant, through ``channel``.
    """

    key: str
    opened: int
    state: str
    road: Mapping[int, Sequence[str | Mapping[str, Any]]]
    by: str = ""
    channel: str = "web"

    def play(self, tale: Tale) -> None:
        """Walk the road. An unknown word is Broken."""
        for day, acts in self.road.items():
            tale.on(day)
            for act in acts:
                ((line, typed),) = act.items() if isinstance(act, Mapping) else ((act, None),)
                word, *words = line.split()
                if word not in _WORDS:
                    raise Broken(f"the road of {self.key} has no word {word!r}")
                _WORDS[word](tale, words, typed)


SCENES: Final = tuple(
    Scene(one["case"], one["opened"], one["state"], one["road"], one.get("by", ""), one.get("channel", "web"))
    for one in _DATA["roads"]
)


def _attach(tale: Tale, words: list[str], _typed: Any) -> None:
    if words != ["revised"]:
        tale.attach(only=int(words[0]))
        return
    one = sample_files.revised(tale.work, tale.stage.moment)
    tale.stage.attach(tale.road.applicant, tale.case_id, one.kind, one.name, one.content, one.media_type)


def _type(tale: Tale, words: list[str], _typed: Any) -> None:
    """Leave the named fields typed and unsent."""
    who, transition, *names = words
    tale.typed(who, transition, {name: tale.work.form[name] for name in names if name in tale.work.form})


def _do(tale: Tale, words: list[str], typed: Any) -> None:
    who, transition = words
    tale.act(tale.road.applicant if who == "author" else who, transition, typed)


def _sign(tale: Tale, words: list[str], _typed: Any) -> None:
    expert, share, *rest = words
    verdict = next((one for one in rest if one != "paper"), "conforms")
    tale.sign(expert, _SHARES[share], verdict, on_paper="paper" in rest)


def _appeal(tale: Tale, words: list[str], _typed: Any) -> None:
    """Let the author appeal against the conclusion, or against the refusal."""
    word = {"m": "Не согласен", "f": "Не согласна"}[str(sample_forms.people()[tale.work.applicant]["gender"])]
    said = data.load("demo_reviews")["appeals"]["refusal" if words else tale.work.kind]
    tale.author("appeal", {"text": f"{word} {said}"})


def _panel(tale: Tale, words: list[str], _typed: Any) -> None:
    people = [tale.stage.people[one] for one in words]
    tale.director("appoint_panel", {"members": people, "chair": people[0]})


def _vote(tale: Tale, words: list[str], _typed: Any) -> None:
    member, answer, *against = words
    opinion = data.load("demo_reviews")["votes"]["refusal" if against else "conclusion"][answer]
    tale.act(member, "vote", {"grant": answer, "opinion": opinion, "how": "simple"})


def _decide(tale: Tale, words: list[str], _typed: Any) -> None:
    """Record what the commission decided; its papers are some days older."""
    (decision, number), day = words, tale.day()
    papers = {"protocol_number": number, "protocol_date": day - timedelta(days=6)}
    papers |= {"order_number": f"{300 + 7 * int(number)}-Д", "order_date": day - timedelta(days=3)}
    tale.office("record", {"decision": decision, **papers})


def _defend(tale: Tale, words: list[str], typed: Any) -> None:
    """Hold the public defence of the case: a meeting, entered and held on the day of the tale."""
    del words
    tale.stage.world.records["case"] = tale.case_id
    records.enter_one(tale.stage, tale.day(), "meeting", {**typed, "values": {**typed["values"], "case_id": "case"}})


_WORDS: Final[Mapping[str, Callable[[Tale, list[str], Any], object]]] = {
    "attach": _attach, "type": _type, "do": _do, "sign": _sign, "appeal": _appeal, "panel": _panel, "vote": _vote, "decide": _decide,
    "defend": _defend,
    "submit": lambda tale, _words, _typed: tale.submit(),
    "resubmit": lambda tale, _words, changes: tale.submit("resubmit", changes=changes),
    "register": lambda tale, _words, _typed: tale.register(),
    "start": lambda tale, _words, _typed: tale.start(),
    "invite": lambda tale, experts, _typed: tale.invite(*experts),
    "accept": lambda tale, experts, _typed: tale.accept(*experts),
    "lead": lambda tale, experts, _typed: tale.road.lead(experts[0]),
    "answer": lambda tale, words, typed: tale.review(words[0], words[1], typed),
    "half": lambda tale, words, _typed: tale.begun(words[0], _SHARES[words[1]], *map(int, words[2:])),
    "circulate": lambda tale, _words, _typed: tale.circulate(),
    "agree": lambda tale, experts, _typed: tale.agree(*experts),
    "dissent": lambda tale, words, opinion: tale.dissent(words[0], opinion),
    "propose": lambda tale, words, why: tale.propose(words[0] if words else None, why or ""),
    "approve": lambda tale, words, _typed: tale.approve(*words),
    "dated": lambda tale, words, typed: tale.act(words[0], words[1], {**typed, "dated": tale.day()}),
    "timer": lambda tale, words, _typed: tale.timer(*words),
    "send": lambda tale, _words, _typed: tale.office("send", {"sent_on": tale.day(), "note": "по реестру, нарочным"}),
}  # fmt: skip
