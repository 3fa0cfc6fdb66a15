"""The ordinary road of a case, in strides: submit, register, assign, review, consolidate, approve. Story and demo take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from workflow_app.assessment.criteria import CriteriaSheet
from workflow_app.case_types.registry import case_type
from workflow_app.db.models import Case
from workflow_app.demo import sample_reviews
from workflow_app.demo.actors import Stage
from workflow_app.facts import assessment

OFFICE, DIRECTOR = "morozova", "gradov"
TEXTS = sample_reviews.conclusion(
    "methodical_material", "recommend_publish"
)  # the text of a conclusion, where no case says its own
NO_CONFLICT = {
    "kinship": "no", "subordination": "no", "mentoring": "no", "consulted": "no", "interest": "no", "confirmed": True, "agreement": True,
}  # fmt: skip


@dataclass(slots=True)
class Road:
    """One case on the stage, and who keeps it."""

    stage: Stage
    case_id: int
    kind: str
    applicant: str
    office: str = OFFICE
    voices: list[str] = field(default_factory=list)  # who has written a sheet here: each in words of their own

    def today(self) -> date:
        """Return the stage's date."""
        return self.stage.moment.date()

    def submit(self, form: Mapping[str, Any], transition: str = "submit") -> None:
        """Type the form, as the page keeps it, and submit it: what the form asks may hang on what was typed."""
        self.stage.typed(self.applicant, self.case_id, transition, form)
        self.stage.act(self.applicant, self.case_id, transition, form)

    def register(self, received: date | None = None) -> None:
        """Register with the date of receipt."""
        self.stage.wait(hours=2)
        self.stage.act(self.office, self.case_id, "register", {"received_at": received or self.today()})

    def start(self) -> None:
        """Check the set and go on to the experts; an attestation gets its date."""
        self.stage.wait(hours=20)
        raw: dict[str, Any] = {"names_checked": True}
        if case_type(self.kind).shape.attestation:
            raw |= {"attestation_on": self.today() + timedelta(days=25), "place": "МКУ ИМЦ, заочно"}
        self.stage.act(self.office, self.case_id, "start", raw)

    def invite(self, experts: Sequence[str], reason: str = "") -> None:
        """Invite experts by key, giving a reason wherever a warning asks for one."""
        people = [{"expert_id": self.stage.people[one], "reason": reason} for one in experts]
        self.stage.act(self.office, self.case_id, "invite", {"experts": people})

    def accept(self, experts: Sequence[str]) -> None:
        """Let experts accept with the declaration."""
        for one in experts:
            self.stage.wait(hours=3)
            self.stage.review(one, self.case_id, "accept", NO_CONFLICT)

    def lead(self, expert: str) -> None:
        """Name the lead specialist."""
        self.stage.act(self.office, self.case_id, "name_lead", {"expert_id": self.stage.people[expert]})

    def sheet(self) -> CriteriaSheet:
        """Return the criteria sheet that the case is pinned to."""
        with self.stage.database.transaction(keep=False) as session:
            return assessment.sheet_of(session, session.get_one(Case, self.case_id))

    def sign(self, expert: str, shares: Sequence[float], verdict: str = "conforms") -> None:
        """Let an expert sign a whole review."""
        self.stage.wait(days=1)
        self.stage.review(expert, self.case_id, "sign", self.written(expert, shares, verdict))

    def written(self, expert: str, shares: Sequence[float], verdict: str = "") -> dict[str, Any]:
        """Return what an expert writes into the sheet."""
        if expert not in self.voices:
            self.voices.append(expert)
        return sample_reviews.review(self.sheet(), self.kind, shares, verdict, self.voices.index(expert))

    def texts(self) -> dict[str, str]:
        """Return the text of the conclusion that the sheets lead to."""
        return sample_reviews.conclusion(self.kind, self.rule())

    def consolidate(self, experts: Sequence[str], dissent: Mapping[str, str] | None = None) -> None:
        """Circulate the text; each expert co-signs or signs with a dissenting opinion."""
        self.stage.wait(hours=5)
        self.stage.act(self.office, self.case_id, "circulate", self.texts())
        for one in experts:
            self.stage.wait(hours=4)
            if dissent and one in dissent:
                self.stage.review(one, self.case_id, "dissent", {"opinion": dissent[one], "how": "simple"})
            else:
                self.stage.review(one, self.case_id, "agree", {"how": "simple"})

    def propose(self, verdict: str | None = None, deviation: str = "") -> None:
        """Propose the rule's verdict, or another with a reason."""
        self.stage.wait(hours=1)
        self.stage.act(
            self.office, self.case_id, "propose", {"verdict": verdict or self.rule(), "deviation": deviation}
        )

    def rule(self) -> str:
        """Return the verdict by the rule."""
        with self.stage.database.transaction(keep=False) as session:
            return str(assessment.outcome(session, session.get_one(Case, self.case_id)).verdict_key)

    def approve(self) -> None:
        """Let the director approve with the simple signature."""
        self.stage.wait(hours=3)
        self.stage.act(DIRECTOR, self.case_id, "approve", {"how": "simple"})

    def state(self) -> str:
        """Return the state that the case is in."""
        with self.stage.database.transaction(keep=False) as session:
            return session.get_one(Case, self.case_id).state
