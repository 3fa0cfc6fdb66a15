"""How an act is signed: the password under the agreement, a scan on paper, or not at all."""

from datetime import UTC, datetime

import pytest

from workflow_app.errors import Broken, Invalid
from workflow_app.states.definitions.case.forms_signed import SignedHere, SignedSheet
from workflow_app.states.forms import Nothing
from workflow_app.states.signing import signature
from workflow_app.states.vocabulary import Actor, Guard, Proof, Transition, Who

PLAIN = Transition("move", "Перенести", ("active",), Guard(frozenset({Who.DIRECTOR})))
SIGNS = Transition("sign", "Подписать", ("active",), Guard(frozenset({Who.DIRECTOR})), signs=True)
ME = Actor(1, 1)
PROVED = Actor(1, 1, proof=Proof(datetime(2026, 11, 30, tzinfo=UTC), "simple-signature-2026-11"))


def test_an_act_that_signs_nothing_leaves_no_signature():
    assert signature(ME, PLAIN, Nothing()) == ""


def test_the_password_signs_under_the_agreement_that_stands():
    assert signature(PROVED, SIGNS, SignedHere()) == "simple:simple-signature-2026-11"
    with pytest.raises(Invalid, match="password"):
        signature(ME, SIGNS, SignedHere())


def test_where_the_password_alone_signs_no_form_can_say_otherwise():
    assert SignedHere(how="paper").how == "simple"


def test_paper_is_signed_by_its_scan():
    paper = SignedSheet(how="paper", scan="ab12", scan_name="лист.pdf")
    assert signature(ME, SIGNS, paper) == "paper:ab12"
    object.__setattr__(paper, "scan", "")
    with pytest.raises(Invalid, match="scan"):
        signature(ME, SIGNS, paper)


def test_an_act_that_signs_asks_how():
    with pytest.raises(Broken, match="does not say how"):
        signature(PROVED, SIGNS, Nothing())
