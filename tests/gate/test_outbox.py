"""Letters: written with the act that causes them, told to the right people in the right words, sent at least once."""

import email
import email.policy
import socketserver
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.play import EXPERTS, at
from tests.rows import rows_of
from workflow_app import clock
from workflow_app.case_types.registry import CASE_TYPES
from workflow_app.db.models import Case, Outbox, Person
from workflow_app.errors import WorkflowError
from workflow_app.facts.subjects import PLAIN
from workflow_app.gate import letter_words, outbox
from workflow_app.operations import smtp

SECRET = "a" * 43


def to(stage, key):
    return [one for one in rows_of(stage, Outbox) if one.to_address == f"{key}@example.ru"]


def put(stage, *bodies, address="someone@example.ru", subject="Тема"):
    """Letters that wait, with nothing else before them."""
    with stage.database.transaction(keep=True) as session:
        for one in bodies or ("Текст\n",):
            outbox.letter(session, address, subject, one)


def names_of(stage, keys):
    with stage.database.transaction(keep=False) as session:
        people = [session.get_one(Person, stage.people[one]) for one in keys]
        return {word for one in people for word in (one.last_name, one.login, one.email)}


# ------------------------------------------------------------------------------------------------- what is told, to whom


def test_every_act_in_the_table_is_an_act_of_its_workflow_and_has_a_template():
    flows = {"case": [one.workflow for one in CASE_TYPES.values()]} | {
        kind.kind: [flow] for kind, flow in PLAIN.items()
    }
    for (kind, name), told in outbox.TABLE.items():
        assert name == "begin" or any(name in flow.transitions for flow in flows[kind]), (kind, name)
        assert all(letter_words._environment().get_template(f"{one.template}.txt") for one in told)


def test_the_invited_expert_is_told_until_when_and_how_to_answer(stage):
    road = at(stage, "in_review")
    letter = to(stage, "bondarenko")[0]
    assert letter.subject == "Приглашение к экспертизе"
    assert letter.case_id == road.case_id
    assert letter.body.startswith("Уважаемая Ирина Львовна!")
    assert f"{smtp.SITE}/assignments/" in letter.body
    assert "Ответьте, пожалуйста, до" in letter.body
    assert "Почему вы получили это письмо: вы состоите в реестре экспертов" in letter.body


def test_the_applicant_is_told_of_every_turn_of_an_attestation(stage):
    road = at(stage, "approved", "attestation_portfolio")
    stage.act("sokolova", road.case_id, "waive_appeal")
    stage.act("morozova", road.case_id, "send", {"sent_on": road.today()})
    decision = {
        "protocol_number": "5",
        "protocol_date": road.today(),
        "order_number": "77-Д",
        "order_date": road.today(),
    }
    stage.act("morozova", road.case_id, "record", {"decision": "establish", **decision})
    subjects = [one.subject.partition(",")[0] for one in to(stage, "sokolova")]
    assert subjects == [
        "Ваши материалы получены",
        "Ваши материалы зарегистрированы", "Назначена дата аттестации", "Экспертиза начата", "Экспертное заключение утверждено",
        "Документы направлены в аттестационную комиссию", "Внесено решение аттестационной комиссии",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", sorted(EXPERTS))
def test_no_letter_to_the_applicant_names_an_expert(stage, kind):
    """Blind review holds in the mail as well (security.md 71)."""
    road = at(stage, "approved", kind)
    hidden = names_of(stage, EXPERTS[kind])
    mine = to(stage, road.applicant)
    assert mine
    assert not [word for one in mine for word in hidden if word in one.body + one.subject]


def test_no_invitation_names_the_applicant_before_it_is_answered(stage):
    road = at(stage, "in_review")
    hidden = names_of(stage, [road.applicant])
    assert not [word for one in to(stage, "bondarenko") for word in hidden if word in one.body + one.subject]


def test_a_return_tells_each_remark_under_the_name_of_its_field(stage):
    road = at(stage, "registered")
    remarks = {
        "remarks": [{"field": "annotation", "text": "Допишите, для какого класса"}],
        "general": "В остальном хорошо",
    }
    stage.act("morozova", road.case_id, "return", remarks)
    letter = to(stage, "sokolova")[-1]
    assert "1. Аннотация: Допишите, для какого класса" in letter.body
    assert "В остальном хорошо" in letter.body
    assert "Устраните замечания и подайте материалы снова до" in letter.body


def test_a_refusal_tells_its_ground_and_the_term_of_appeal(stage):
    road = at(stage, "registered")
    stage.act(
        "morozova",
        road.case_id,
        "decline",
        {"ground": "duplicate", "comment": "Этот материал уже на экспертизе с сентября"},
    )
    letter = to(stage, "sokolova")[-1]
    assert "Основание: Этот материал уже находится на экспертизе." in letter.body
    assert "апелляцию можно подать до" in letter.body


def test_experts_are_told_to_countersign_and_that_they_are_called_off(stage):
    road = at(stage, "consolidation")
    stage.act("morozova", road.case_id, "circulate", {
        "strengths": "Материал актуален и апробирован в двух классах.", "remarks": "Список источников оформлен не полностью.",
        "conclusions": "Эксперты пришли к единому выводу по всем критериям.", "recommendations": "Дополнить материал листом самооценки.",
    })  # fmt: skip
    assert [one.subject.partition(",")[0] for one in to(stage, "bondarenko")][
        -1
    ] == "Сводное заключение ждёт вашей подписи"
    second = at(stage, "in_review", "innovation_product")
    stage.act(second.applicant, second.case_id, "withdraw")
    assert [one.subject for one in to(stage, "nesterov")][-1] == "Ваше участие в экспертизе отменено"


def test_nobody_is_told_of_what_they_did_themselves_and_nobody_without_an_address(stage):
    with stage.database.transaction(keep=True) as session:
        session.get_one(Person, stage.people["sokolova"]).email = ""
    at(stage, "registered")
    assert [
        one for one in rows_of(stage, Outbox) if one.person_id in (stage.people["sokolova"], stage.people["morozova"])
    ] == []


def test_a_letter_is_rolled_back_with_its_act(stage):
    road = at(stage, "submitted")
    before = len(rows_of(stage, Outbox))
    with pytest.raises(RuntimeError), stage.turn("morozova") as (session, actor):
        from workflow_app import gate
        from workflow_app.states.definitions.case.forms import Register

        case = session.get_one(Case, road.case_id)
        gate.perform(session, actor, case, "register", Register(received_at=road.today()), case.version)
        raise RuntimeError
    assert len(rows_of(stage, Outbox)) == before


def test_a_line_break_in_a_title_does_not_become_a_header(quick_stage, tmp_path):
    put(quick_stage, subject="Тема\r\nBcc: everybody@example.ru")
    assert smtp.drain(quick_stage.database, "files", tmp_path) == 1
    assert read(tmp_path)[0]["Bcc"] is None


# --------------------------------------------------------------------------------------------------------------- sending


def read(folder):
    """The letters of a folder, parsed."""
    files = sorted((folder / "mail").glob("*.eml"), key=lambda one: int(one.stem))
    return [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in files]


def test_letters_become_files_that_only_their_owner_reads(stage, tmp_path):
    put(stage, f"Ссылка: {smtp.SITE}/cases/1\n")
    assert smtp.drain(stage.database, "files", tmp_path, sender="imc@example.ru", base_url="https://imc.example/") == 1
    (letter,) = read(tmp_path)
    assert (letter["To"], letter["From"], letter["Subject"]) == ("someone@example.ru", "imc@example.ru", "Тема")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().strip() == "Ссылка: https://imc.example/cases/1"
    (file,) = (tmp_path / "mail").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_letter_leaves_once(stage, tmp_path):
    put(stage, "Один\n", "Два\n", "Три\n")
    assert smtp.drain(stage.database, "files", tmp_path, 2) == 2
    assert smtp.drain(stage.database, "files", tmp_path, 2) == 1
    assert smtp.drain(stage.database, "files", tmp_path, 2) == 0
    assert len(read(tmp_path)) == 3


def test_a_leased_letter_waits_and_is_sent_again_when_its_sender_died(stage, tmp_path):
    """At least once: after a crash between sending and marking the same letter leaves under the same Message-ID."""
    put(stage)
    assert len(smtp._lease(stage.database, 10)) == 1  # and the process dies here
    assert smtp.drain(stage.database, "files", tmp_path) == 0
    with clock.at(clock.now() + smtp.LEASE + timedelta(seconds=1)):
        assert smtp.drain(stage.database, "files", tmp_path) == 1


def test_the_secret_of_a_link_is_not_kept_after_the_letter_left(stage, tmp_path):
    put(stage, f"{smtp.SITE}/reset/{SECRET}\n", f"{smtp.SITE}/take/{SECRET}\n")
    smtp.drain(stage.database, "files", tmp_path)
    assert all(SECRET in one.get_content() for one in read(tmp_path))
    assert not [one for one in rows_of(stage, Outbox) if SECRET in one.body]


class Mailbox(socketserver.ThreadingTCPServer):
    """A small SMTP server: keeps what it is given; ``answers`` replaces its answer to a command."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers, self.letters = answers, []

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())

    def handle(self):
        self.say(self.server.answers.get("CONNECT", "220 ready"))
        while line := self.rfile.readline().decode():
            command = line.split(maxsplit=1)[0].upper()
            if answer := self.server.answers.get(command):
                if answer == "drop":
                    return
                self.say(answer)
            elif command == "DATA":
                self.say("354 go on")
                self.server.letters.append(self.body())
                self.say("250 taken")
            elif command == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def body(self):
        lines = iter(self.rfile.readline, b".\r\n")
        return email.message_from_bytes(b"".join(lines), policy=email.policy.default)


@contextmanager
def mailbox(**answers):
    with Mailbox(answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_letters_leave_through_a_server_in_one_conversation(stage, tmp_path):
    put(stage, "Здравствуйте\n", "Ещё раз\n", address="post@имц.рф")
    with mailbox() as server:
        assert smtp.drain(stage.database, server.url, tmp_path) == 2
    assert [one.get_content().strip() for one in server.letters] == ["Здравствуйте", "Ещё раз"]
    assert server.letters[0]["To"] == "post@xn--h1ai4a.xn--p1ai"
    assert not (tmp_path / "mail").exists()


@pytest.mark.parametrize("answers", [
    {"CONNECT": "421 busy"}, {"MAIL": "421 closing"}, {"RCPT": "421 closing"}, {"EHLO": "drop", "HELO": "drop"}, {"MAIL": "drop"},
    {"MAIL": "nonsense"}, {"MAIL": "530 authentication required"}, {"MAIL": "550 sender unknown"},
])  # fmt: skip
def test_a_sick_server_delays_every_letter_by_half_a_minute_and_counts_nothing(quick_stage, tmp_path, answers):
    put(quick_stage, "Один\n", "Два\n")
    with mailbox(**answers) as server:
        assert smtp.drain(quick_stage.database, server.url, tmp_path) == 0
    assert [(one.attempts, one.leased_until, bool(one.error)) for one in rows_of(quick_stage, Outbox)] == [
        (0, None, True)
    ] * 2
    with mailbox() as server:
        put(quick_stage, "Три\n")  # which overtakes nobody
        assert smtp.drain(quick_stage.database, server.url, tmp_path) == 0
        with clock.at(clock.now() + smtp.AGAIN_AFTER + timedelta(seconds=1)):
            assert smtp.drain(quick_stage.database, server.url, tmp_path) == 3
    assert [one.get_content().strip() for one in server.letters] == ["Один", "Два", "Три"]


def test_a_closed_port_delays_letters_too(quick_stage, tmp_path):
    put(quick_stage)
    with mailbox() as server:
        closed = server.url
    assert smtp.drain(quick_stage.database, closed, tmp_path) == 0
    assert rows_of(quick_stage, Outbox)[0].attempts == 0


def test_a_refused_letter_waits_longer_each_time_and_is_given_up_after_ten(quick_stage, tmp_path):
    put(quick_stage)
    moment, waits = clock.now(), []
    with mailbox(RCPT="550 no such person") as server:
        for _ in range(12):
            with clock.at(moment):
                smtp.drain(quick_stage.database, server.url, tmp_path)
            row = rows_of(quick_stage, Outbox)[0]
            waits.append(row.not_before - moment)
            moment = max(moment, row.not_before) + timedelta(seconds=1)
    assert row.attempts == smtp.ATTEMPTS_MOST
    assert row.sent_at is None
    assert "550" in row.error
    assert [int(one.total_seconds()) // 60 for one in waits[:10]] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]


def test_one_refused_letter_does_not_stop_the_next(quick_stage, tmp_path):
    put(quick_stage, address="не адрес")
    put(quick_stage, address="a@b@c, d@example.ru")
    put(quick_stage, address="почта@example.ru")  # this server takes no such names
    put(quick_stage, address="good@example.ru")
    with mailbox() as server:
        assert smtp.drain(quick_stage.database, server.url, tmp_path) == 1
    assert [one["To"] for one in server.letters] == ["good@example.ru"]


def test_a_folder_that_takes_no_file_delays_letters_and_counts_nothing(quick_stage, tmp_path):
    put(quick_stage, "Один\n", "Два\n")
    (tmp_path / "mail").write_text("here no folder can be made")
    assert smtp.drain(quick_stage.database, "files", tmp_path) == 0
    assert [(one.attempts, one.leased_until, bool(one.error)) for one in rows_of(quick_stage, Outbox)] == [
        (0, None, True)
    ] * 2


def test_a_slow_server_loses_no_letter_to_another_sender(quick_stage, tmp_path, monkeypatch):
    put(quick_stage, "Один\n", "Два\n", "Три\n")
    begun, seen = clock.now(), []

    def slowly(_server, message):
        seen.append(message.get_content().strip())
        assert smtp._lease(quick_stage.database, 10) == []

    monkeypatch.setattr(clock, "now", lambda: begun + smtp.LEASE * 0.6 * len(seen))
    monkeypatch.setattr(smtp, "_hand_over", slowly)
    with mailbox() as server:
        assert smtp.drain(quick_stage.database, server.url, tmp_path) == 3
    assert seen == ["Один", "Два", "Три"]


@pytest.mark.parametrize(
    "mail", ["sendmail", "http://example.ru", "smtp://", "", "smtp://host:port", "smtp://host:99999"]
)
def test_an_unknown_way_of_sending_is_an_error_and_touches_no_letter(quick_stage, tmp_path, mail):
    put(quick_stage)
    with pytest.raises(WorkflowError, match="Настройка mail"):
        smtp.drain(quick_stage.database, mail, tmp_path)
    assert [(one.attempts, one.leased_until) for one in rows_of(quick_stage, Outbox)] == [(0, None)]


def test_the_letters_of_a_case_are_found_by_an_index_among_all_that_were_ever_written(stage):
    with stage.database.transaction(keep=False) as session:
        if session.get_bind().dialect.name != "sqlite":
            pytest.skip("how PostgreSQL reads hangs on the size of the tables")
        plan = session.execute(text("EXPLAIN QUERY PLAN SELECT * FROM outbox WHERE case_id = 1 ORDER BY id")).all()
    assert [row[3] for row in plan] == ["SEARCH outbox USING INDEX ix_outbox_case (case_id=?)"]
