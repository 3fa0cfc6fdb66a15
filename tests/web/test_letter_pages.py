"""The page of letters: what became of each, why, sending again; who reads what; the centre's own texts."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.gate.test_record_waits import an_act, to_read
from tests.play import at
from tests.rows import rows_of
from tests.statements import count_statements
from tests.web.pages import links_of, plain
from tests.web.test_centre import text_of
from workflow_app import clock
from workflow_app.content_types.letter_kinds import LETTERS
from workflow_app.db.models import Case, Event, LetterText, Outbox, Person
from workflow_app.documents.letter_kinds import FIXED, WHY_FIXED
from workflow_app.features.letters.reasons import OTHER, reason_of
from workflow_app.gate import letter_words, outbox
from workflow_app.operations.smtp import ATTEMPTS_MOST, LEASE
from workflow_app.runtime import timers

TEXT = "/letters/texts/case_registered"


def fail(stage, id_, error="SMTPRecipientsRefused: 550 b'5.1.1 No such user'", attempts=ATTEMPTS_MOST):
    with stage.database.transaction(keep=True) as session:
        session.execute(update(Outbox).where(Outbox.id == id_).values(error=error, attempts=attempts))


def again(client, id_):
    page = text_of(client.get(f"/letters/{id_}"))
    version = re.search(r'name="version" value="(\d+)', page)[1]
    return client.post(f"/letters/{id_}/again", data={"version": version, "state": "failed"})


def test_a_failed_letter_says_why_and_is_sent_again_to_the_address_of_today(quick_stage, client_as):
    at(quick_stage, "registered")
    first = rows_of(quick_stage, Outbox, Outbox.template == "case_registered")[0]
    fail(quick_stage, first.id)
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(update(Person).where(Person.id == first.person_id).values(email="new@example.ru"))
    client = client_as("morozova")
    listed = plain(client.get("/letters?state=failed"))
    assert "Почтовый сервер получателя не знает такого адреса." in listed
    assert "Писем: 1" in listed
    assert "Проверьте адрес в карточке человека" in plain(client.get(f"/letters/{first.id}"))
    assert again(client, first.id).status_code == 303
    (row,) = rows_of(quick_stage, Outbox, Outbox.id == first.id)
    assert (row.attempts, row.error, row.to_address) == (0, "", "new@example.ru")
    with quick_stage.database.transaction(keep=False) as session:
        assert session.scalars(select(Event.transition).where(Event.transition == "send_again")).all() == ["send_again"]
    assert "Писем: 0" in plain(client.get("/letters?state=failed"))


def test_a_letter_that_is_leaving_right_now_is_not_sent_twice(quick_stage, client_as):
    """It counts as failed while its last attempt goes on: another one would bring it to the person twice."""
    at(quick_stage, "registered")
    first = rows_of(quick_stage, Outbox, Outbox.template == "case_registered")[0]
    fail(quick_stage, first.id)
    until = clock.now() + LEASE
    with quick_stage.database.transaction(keep=True) as session:
        session.execute(update(Outbox).where(Outbox.id == first.id).values(leased_until=until))
    client = client_as("morozova")
    assert "Письмо ещё ждёт отправки" in plain(client.get(again(client, first.id).location))
    (row,) = rows_of(quick_stage, Outbox, Outbox.id == first.id)
    assert (row.attempts, row.leased_until) == (ATTEMPTS_MOST, until)


def test_who_reads_a_letter(quick_stage, client_as):
    """An administrator keeps no cases; who applied sees no letters of the own case; a link that opens an account is its reader's."""
    at(quick_stage, "registered")
    first = rows_of(quick_stage, Outbox, Outbox.template == "case_registered")[0]
    with quick_stage.database.transaction(keep=True) as session:
        person = session.get_one(Person, quick_stage.people["bondarenko"])
        outbox.compose(session, "password_reset", person, person, secret="s" * 43, minutes=60)
        outbox.letter(
            session, person, "Ваши дела на сегодня", "Дело № 7\n", kept=_mine(quick_stage) | {"template": "digest"}
        )
    (secret,) = rows_of(quick_stage, Outbox, Outbox.template == "password_reset")
    coordinator, admin = client_as("morozova"), client_as("kuzmin")
    assert first.body.splitlines()[2] in plain(coordinator.get(f"/letters/{first.id}"))
    page = plain(admin.get(f"/letters/{first.id}"))
    assert "Письма по делам читает координатор" in page
    assert first.subject.split()[-1] not in page
    (digest,) = rows_of(quick_stage, Outbox, Outbox.template == "digest")
    for client in (coordinator, admin):
        assert "Дело № 7" not in text_of(client.get(f"/letters/{digest.id}"))
        assert "s" * 43 not in text_of(client.get(f"/letters/{secret.id}"))
    for key in ("sokolova", "bondarenko", "gradov"):
        assert client_as(key).get("/letters").status_code == 403
    assert "Ваши дела на сегодня" not in plain(client_as("ershov").get("/letters")), "of others their words are closed"
    address = f"/letters/{digest.id}"
    assert address in links_of(client_as("ershov").get("/letters"))
    at(quick_stage, "assigning", "innovation_product").invite(["ershov"], "Единственный эксперт по этой области.")
    assert address not in links_of(client_as("ershov").get("/letters")), (
        "R30: it may be about who else judges the own case"
    )
    assert client_as("ershov").get(address).status_code == 404
    assert address in links_of(coordinator.get("/letters"))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("gaierror: [Errno -2] Name or service not known", "не отвечает"),
        ("SMTPDataError: (552, b'5.2.2 Mailbox full')", "переполнен"),
        ("SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed')", "имя или пароль"),
        ("not an address", "с ошибкой"),
        ("SMTPDataError: (554, b'5.7.1 rejected as spam')", "не принимает письма нашего"),
        ("450 b'4.2.0 greylisted'", "подождать"),
        ("SMTPSenderRefused: (550, b'sender address unknown', 'noreply@localhost')", "адрес отправителя"),
        ("SMTPSenderRefused: (530, b'authentication required', 'noreply@localhost')", "имя или пароль"),
        ("mail folder: NotADirectoryError: [Errno 20] Not a directory", "не принимает файлы"),
    ],
)
def test_the_reason_is_said_in_words(error, words):
    assert words in str(reason_of(error).what)
    assert reason_of("SMTPDataError: (554, b'no')") is OTHER


def test_every_original_uses_declared_fields_and_is_what_the_editor_shows():
    for key in LETTERS:
        subject, body = letter_words.original(key)
        assert letter_words.faults(key, subject, body) == {}, key
        head, words = letter_words.sample(key, (subject, body), "МКУ ИМЦ", "Здравствуйте!")
        assert head
        assert "МКУ ИМЦ" in words
        assert "{" not in head + words


def test_a_centre_writes_a_letter_its_own_way_and_goes_back(quick_stage, client_as):
    client = client_as("morozova")
    page = text_of(client.get(TEXT))
    assert "Ваши материалы приняты к рассмотрению: {{ kind }}" in page
    mine = {"subject": "Приняли, № {{ number }}", "body": "Всё получили: {{ kind }}.\n\n{{ link }}\n", "note": "Короче"}
    looked = text_of(client.post(TEXT, data=mine | {"add": "look"}))
    assert "Приняли, № ММ-2026-12" in looked
    assert rows_of(quick_stage, Outbox, Outbox.template == "case_registered") == []
    bad = client.post(TEXT, data=mine | {"body": "Поле {{ secret }} и {{ title.__class__ }} {{ link }}"})
    assert bad.status_code == 422
    assert "Поля «secret» нет." in plain(bad if bad.status_code == 200 else _as_ok(bad))
    named = client.post(TEXT, data=mine | {"subject": "Приняли: {{ title }}"})
    assert "Поля «title» нет." in plain(_as_ok(named))
    assert "Добавьте поле" in plain(_as_ok(client.post(TEXT, data=mine | {"body": "Всё получили, спасибо за работу."})))
    assert client.post(TEXT, data=mine).status_code == 303
    at(quick_stage, "registered")
    told = rows_of(quick_stage, Outbox, Outbox.template == "case_registered")[-1]
    assert told.subject == "Приняли, № ММ-2026-1"
    assert "Всё получили: Методический материал.\n\n\x1e/cases/" in told.body
    assert "Почему вы получили это письмо: вы заявитель по этому делу." in told.body
    version = re.search(r'name="version" value="(\d+)', text_of(client.get(f"{TEXT}/original")))[1]
    assert client.post(f"{TEXT}/original", data={"version": version}).status_code == 303
    assert "Исходный текст" in plain(client.get(TEXT))
    with quick_stage.database.transaction(keep=False) as session:
        assert session.scalars(select(LetterText.state)).all() == ["former"]


def test_each_step_of_a_reminder_and_the_letter_of_the_day_are_written_by_the_centre(quick_stage, client_as):
    """Nothing personal stands in a subject; the letter of the day keeps its list; each step takes its own text."""
    road, client = at(quick_stage, "in_review"), client_as("morozova")
    mine = {
        "reminder_after": ("Лист ждём уже {{ late }} дн.", "Осталось: {{ verb }}, {{ what }}, срок {{ due }}.\n\n{{ link }}"),
        "digest": ("Дел на сегодня: {{ total }}", "Доброе утро!\n\n{{ list }}\n\nХорошего дня. {{ link }}"),
    }  # fmt: skip
    for name, (subject, body) in mine.items():
        page = f"/letters/texts/{name}"
        for bad in (
            {"subject": "О деле {{ what }}"},
            {"body": body.replace("{{ list }}", "").replace("{{ link }}", "")},
        ):
            assert client.post(page, data={"subject": subject, "body": body, **bad}).status_code == 422
        assert client.post(page, data={"subject": subject, "body": body}).status_code == 303
    with quick_stage.database.transaction(keep=True) as session:
        lebedev = quick_stage.people["lebedev"]
        session.execute(update(Person).where(Person.id == lebedev).values(letters="at_once"))
        wanted = session.get_one(Case, road.case_id).due_on + timedelta(days=3)
    with clock.at(quick_stage.moment.replace(year=wanted.year, month=wanted.month, day=wanted.day, hour=5)):
        assert timers.tick(quick_stage.database).failed == ()
    told = {one.template: one for one in rows_of(quick_stage, Outbox, Outbox.template.in_(("digest", *mine)), Outbox.person_id.in_(
        (lebedev, quick_stage.people["bondarenko"])))}  # fmt: skip
    assert told["reminder_after"].subject == "Лист ждём уже 3 дн."
    assert "Осталось: Заполнить экспертный лист, «" in told["reminder_after"].body
    assert told["digest"].subject == "Дел на сегодня: 1"
    assert "Доброе утро!\n\nВас ждёт:\n\n- Заполнить экспертный лист" in told["digest"].body
    assert "получать напоминания сразу можно выбрать" in told["digest"].body


def test_letters_of_records_are_written_by_the_centre_and_those_of_safety_are_not(quick_stage, client_as):
    client, page = client_as("morozova"), "/letters/texts/acquaintance.begin"
    listed = plain(client.get("/letters/texts"))
    assert "Локальный акт: Ознакомьтесь с документом кто знакомится исходный" in listed
    assert "Открывает учётную запись или говорит о её безопасности." in listed
    fixed = {key for _why, keys in WHY_FIXED for key in keys}
    assert fixed == FIXED.keys() - {"record", "reminder"}, "each says why"
    for key in fixed:
        assert client.get(f"/letters/texts/{key}").status_code == 404
    assert "Центр просит вас прочитать документ «{{ called }}»" in text_of(client.get(page))
    act = an_act(quick_stage)
    to_read(quick_stage, act, "bondarenko", None)
    mine = {
        "subject": "Прочитайте новый документ",
        "body": "Новое: {{ called }}.{% if until %} Срок – {{ until }}.{% endif %}\n\n{{ link }}",
    }
    looked = text_of(client.post(page, data=mine | {"add": "look"}))
    assert "Новое: Локальный акт (пример). Срок – 27" in looked
    for bad in (
        {"subject": "О документе {{ called }}"},
        {"body": "Новое: {{ paper }}. {{ link }}"},
        {"body": "Прочитайте, пожалуйста, скорее."},
    ):
        assert client.post(page, data=mine | bad).status_code == 422
    assert client_as("bondarenko").post(page, data=mine).status_code == 403
    assert client.post(page, data=mine).status_code == 303
    to_read(quick_stage, act, "sokolova")
    ours, theirs = rows_of(quick_stage, Outbox, Outbox.template == "acquaintance.begin")
    assert (ours.subject, theirs.subject) == ("Ознакомьтесь с документом", "Прочитайте новый документ")
    assert (
        "прочитать документ «Положение об экспертизе» и отметить это в системе.\n\n\x1e/records/local-act/" in ours.body
    )
    assert "Новое: Положение об экспертизе. Срок – 20\u00a0декабря 2026\u00a0г." in theirs.body
    assert "вас внесли в лист ознакомления с этим документом." in theirs.body
    assert theirs.about_kind == "acquaintance", "its text is read by who sees the record"


def test_the_statements_do_not_grow_with_the_letters(quick_stage, app, client_as):
    with quick_stage.database.transaction(keep=True) as session:
        person = session.get_one(Person, quick_stage.people["bondarenko"])
        outbox.compose(session, "address_changed", person, person)
    client, told = client_as("morozova"), []
    for many in (0, 60):
        with quick_stage.database.transaction(keep=True) as session:
            for key in ("bondarenko", "sokolova") * many:
                outbox.letter(
                    session,
                    session.get_one(Person, quick_stage.people[key]),
                    "Тема",
                    "Текст\n",
                    kept=_mine(quick_stage),
                )
        client.get("/letters")
        with count_statements(app.extensions["workflow_database"].engine) as found:
            assert client.get("/letters").status_code == 200
        told.append(len(found))
    assert told[0] == told[1]


def _mine(stage):
    return {"municipality_id": stage.municipality_id, "template": "record"}


def _as_ok(answer):
    answer.status_code = 200
    return answer
