"""The content types through their pages: every kind alike, by what it declares. Nothing here is written for one kind's pages."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.gate.test_records import begin
from tests.play import PASSWORD
from tests.rows import findings, row_of
from tests.web.pages import links_of, text_of
from workflow_app import clock
from workflow_app.content_types.behaviors import Once
from workflow_app.content_types.body import Body
from workflow_app.content_types.declaration import SCHOOL
from workflow_app.content_types.registry import CONTENT_TYPES, parts_of
from workflow_app.db.models import RECORDS, Event, Organization, Person
from workflow_app.facts import choices
from workflow_app.features.records.table_rows import rows_of
from workflow_app.states.forms import hints
from workflow_app.states.forms.declare import unwrap
from workflow_app.states.vocabulary import Permission, Who

_OF_PATTERN = {
    "starts": "14:00", "link": "https://example.ru/statya", "site": "https://example.ru", "email": "pochta@example.ru",
}  # fmt: skip
WHOLE = [one for one in CONTENT_TYPES.values() if not one.within]
NAMED_HERE = {"", "organization", "person", "person:expert"}  # what there is to refer to without beginning it first
COUNCIL = Body(name="Координационный совет", genitive="координационного совета", body_kind="coordination")


def path(kind):
    return f"/records/{kind.key.replace('_', '-')}"


def typed(stage, kind, word="Первая запись", *, full=True):
    """What a person types into the form of a kind: every field, or those that are asked for."""
    found = {}
    for name, how in kind.typed.items():
        if not (how.required or (full and how.refers in NAMED_HERE)):
            continue
        base = unwrap(hints(kind.sheet)[name])[0]
        if rows_of(kind, name):
            found |= {
                f"{name}-0-name": "Сколько классов",
                f"{name}-0-held": "number",
                f"{name}-1-name": "Кто отвечает",
                f"{name}-1-held": "text",
            }
        elif how.refers:
            found[name] = str(
                stage.people["sokolova"] if how.refers.startswith("person") else one_of(stage, how.refers)
            )
        elif isinstance(how.choices, tuple):
            found[name] = how.choices[0].value
        elif base is date:
            found[name] = "2026-11-20" if name != "until" else "2026-12-20"
        elif how.pattern and name in _OF_PATTERN:
            found[name] = _OF_PATTERN[name]
        elif isinstance(how.choices, str):
            first = choices.of_file(how.choices)[0].value
            found[name] = [first] if how.widget == "checks" else first
        elif base in (bool, int, Decimal):
            found[name] = "100" if name == "denominator" else str((base is not Decimal and how.least) or 1)
        else:
            found[name] = f"{word}: {how.label.msgid.lower()}, как её набрали"[: how.most]
    return found


def is_public(kind):
    """Whether everybody of the municipality sees a record while it serves."""
    return Who.MEMBER in kind.workflow.state("active").grants[Permission.VIEW]


def one_of(stage, key):
    """A row that may be named: of a kind of which none may stand without being begun, one that is begun here."""
    model = RECORDS[key]
    with stage.database.transaction(keep=False) as session:
        found = session.scalar(select(model.id).where(model.state == "active").limit(1))
    return found or {"body": lambda: begin(stage, "body", COUNCIL)}[key]()


def called(stage, organization):
    return row_of(stage, Organization, organization).name


def apart(kind, place):
    """What makes one record of a kind that is there once another one: the last of the fields that are once together."""
    once = kind.behavior(Once)
    return {once.fields[-1]: str((kind.fields[once.fields[-1]].least or 1) + place)} if once else {}


def begun(client, stage, kind, word="Первая запись", **changed):
    answer = client.post(f"{path(kind)}/new", data=typed(stage, kind, word) | changed)
    assert answer.status_code == 303, text_of(answer)
    return answer.location


def version_of(answer):
    return re.search(r'name="version" value="([\d.a-f]+)"', answer.get_data(as_text=True))[1]


def do(client, card, kind, name, /, **data):
    url = f"{card}/do/{name}" if "/do/" not in card else card
    form = client.get(url)
    assert form.status_code == 200, text_of(form)
    return client.post(url, data=data | {"version": version_of(form)})


def test_an_empty_list_says_what_the_kind_is_for_and_how_to_begin(client_as, subtests):
    client = client_as("morozova")
    for kind in WHOLE:
        if kind.key == "organization":  # some are there
            continue
        with subtests.test(kind.key):
            page = client.get(path(kind))
            assert kind.about.msgid in text_of(page)
            assert f"{path(kind)}/new" in links_of(page)


def test_a_record_is_typed_listed_shown_corrected_put_away_and_brought_back(client_as, quick_stage, subtests):
    client = client_as("morozova")
    for kind in WHOLE:
        with subtests.test(kind.key):
            _from_the_form_to_the_archive_and_back(client, quick_stage, kind)
    assert findings(quick_stage) == []


def _from_the_form_to_the_archive_and_back(client, quick_stage, kind):
    card = begun(client, quick_stage, kind)
    title = typed(quick_stage, kind)[kind.title]
    if kind.fields[kind.title].refers:
        title = "Соколова" if kind.fields[kind.title].refers == "person" else called(quick_stage, int(title))
    assert title in text_of(client.get(path(kind)))
    shown = text_of(client.get(card))
    assert title in shown
    for name in typed(quick_stage, kind):
        assert kind.fields[name.partition("-")[0]].label.msgid in shown or name == kind.title, (
            f"{name} was typed and is not on the card"
        )
    assert do(client, card, kind, "edit", **typed(quick_stage, kind, "Другая запись")).status_code == 303
    assert "Другая запись" in text_of(client.get(card))
    assert do(client, card, kind, "end", reason="Больше не нужна").status_code == 303
    assert "Другая запись" not in text_of(client.get(path(kind)))
    assert "Другая запись" in text_of(client.get(f"{path(kind)}?state=ended"))
    assert do(client, card, kind, "restore").status_code == 303
    history = text_of(client.get(card))
    for words in ("Запись создана", "Запись исправлена", "Запись убрана в архив", "Запись возвращена из архива"):
        assert words in history


def test_what_was_typed_stays_when_it_is_refused(client_as, quick_stage, subtests):
    client = client_as("morozova")
    for kind in WHOLE:
        with subtests.test(kind.key):
            exact = next(
                name for name in kind.fields if kind.kind_of(name) in (date, int) and not kind.fields[name].refers
            )
            wrong = typed(quick_stage, kind, full=False) | {exact: "31.02.2026"}
            before = states(quick_stage, kind)
            answer = client.post(f"{path(kind)}/new", data=wrong)
            assert answer.status_code == 422
            assert "31.02.2026" in answer.get_data(as_text=True)
            if "Первая запись" in str(wrong):
                assert "Первая запись" in answer.get_data(as_text=True)
            assert states(quick_stage, kind) == before


def test_the_list_is_searched_filtered_sorted_and_exported_as_it_is_shown(client_as, quick_stage, subtests):
    client = client_as("morozova")
    one_of(quick_stage, "body")  # or rows would name one that is searched for
    for kind in WHOLE:
        with subtests.test(kind.key):
            _searched_filtered_sorted_and_exported(client, quick_stage, kind)


def listed(answer):
    """The rows of a list, without its filters, which name records of other kinds."""
    return " ".join(re.findall(r"<tbody.*?</tbody>", answer.get_data(as_text=True), re.DOTALL))


def _searched_filtered_sorted_and_exported(client, quick_stage, kind):
    whose = next((name for name, how in kind.fields.items() if how.unique and how.refers), "")
    for place, (word, key) in enumerate((("Астра", "bondarenko"), ("Берёза", "sokolova"))):
        other = apart(kind, place) | ({whose: str(quick_stage.people[key])} if whose else {})
        begun(client, quick_stage, kind, word, **other)
    if "title" in kind.sorts:
        both, back = (text_of(client.get(f"{path(kind)}?sort={one}")) for one in ("title", "-title"))
        assert both.index("Астра") < both.index("Берёза")
        assert back.index("Берёза") < back.index("Астра")
    found = listed(client.get(f"{path(kind)}?q=береза"))
    assert "Берёза" in found
    assert "Астра" not in found
    for name in {*kind.sorts} - {"title"}:
        assert client.get(f"{path(kind)}?sort=-{name}").status_code == 200
    for name in kind.listing.filters:
        if name in kind.fields and isinstance(kind.fields[name].choices, tuple):
            values = [one.value for one in kind.fields[name].choices]
            assert "Берёза" in listed(client.get(f"{path(kind)}?{name}={values[0]}"))
            assert "Берёза" not in listed(client.get(f"{path(kind)}?{name}={values[1]}"))
    lines = list(
        csv.reader(
            io.StringIO(client.get(f"{path(kind)}/export.csv?q=берёза").get_data().decode("utf-8-sig")), delimiter=";"
        )
    )
    assert len(lines) == 2
    assert set(lines[0]) >= {one.label.msgid for one in kind.typed.values()}
    assert client.get(f"{path(kind)}/export.xlsx").status_code == 200


def test_who_does_not_keep_records_begins_none_and_finds_no_others(client_as, quick_stage, subtests):
    keeper, strangers = client_as("morozova"), {key: client_as(key) for key in ("sokolova", "bondarenko")}
    for kind in WHOLE:
        nobody = {
            n: str(quick_stage.people["zorina"]) if h.required else ""
            for n, h in kind.fields.items()
            if h.stands not in ("", SCHOOL)
        }
        card = begun(keeper, quick_stage, kind, **nobody)
        for key, stranger in strangers.items():
            with subtests.test(f"{kind.key}, {key}"):
                assert stranger.get(f"{path(kind)}/new").status_code == 403
                assert stranger.post(f"{path(kind)}/new", data=typed(quick_stage, kind)).status_code == 403
                empty = stranger.post(f"{path(kind)}/new", data={})
                assert empty.status_code == 403, "no form tells whom its fields may name"
                assert stranger.get(f"{card}/do/edit").status_code in (403, 404)
                assert (stranger.get(card).status_code == 200) is is_public(kind)
                assert ("Первая запись" in text_of(stranger.get(path(kind)))) is is_public(kind)


def test_whoever_is_named_in_a_record_finds_it_and_still_corrects_nothing(client_as, quick_stage):
    kind = CONTENT_TYPES["publication"]
    card = begun(client_as("morozova"), quick_stage, kind)
    author = client_as("sokolova")
    assert "Первая запись" in text_of(author.get(path(kind)))
    assert "Исправить" not in text_of(author.get(card))
    assert author.get(f"{card}/do/edit").status_code == 403
    assert (
        do(client_as("morozova"), card, kind, "edit", **typed(quick_stage, kind) | {"author_id": ""}).status_code == 303
    )
    assert author.get(card).status_code == 404, "another author, another reader"


def test_the_second_of_two_presses_begins_no_second_record(client_as, quick_stage, subtests):
    """Of any kind: those whose title must be one of its kind are refused for that."""
    client = client_as("morozova")
    for kind in WHOLE:
        with subtests.test(kind.key):
            begun(client, quick_stage, kind)
            one = states(quick_stage, kind)
            again = client.post(f"{path(kind)}/new", data=typed(quick_stage, kind))
            assert again.status_code == 422
            assert "Такая запись уже есть" in text_of(again)
            assert states(quick_stage, kind) == one


def test_nothing_comes_back_beside_another_that_took_its_place(client_as, quick_stage, subtests):
    client = client_as("morozova")
    for kind in WHOLE:
        with subtests.test(kind.key):
            card = begun(client, quick_stage, kind)
            assert do(client, card, kind, "end", reason="Больше не нужна").status_code == 303
            begun(client, quick_stage, kind)
            answer = do(client, card, kind, "restore")
            assert answer.status_code == 422
            assert "Такая запись уже есть" in text_of(answer)


def test_a_part_stands_on_the_card_of_its_whole_and_its_own_person_answers(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["local_act"]
    part = parts_of(kind.key)[0]
    card = begun(client, quick_stage, kind)
    number = card.rsplit("/", 1)[1]
    assert part.about.msgid in text_of(client.get(card))
    answer = client.post(f"{path(part)}/new/{number}", data=typed(quick_stage, part))
    assert (answer.status_code, answer.location) == (303, card)
    again = client.post(f"{path(part)}/new/{number}", data=typed(quick_stage, part))
    assert again.status_code == 422
    assert "Соколова" in text_of(client.get(card))
    reader = client_as("sokolova")
    assert "Соколова" in text_of(reader.get(card)), "whoever is in a part sees the whole"
    url = f"{path(part)}/1/do/acquaint"
    assert client.get(url).status_code == 403, "nobody reads for another"
    assert reader.get(f"{path(part)}/1/do/edit").status_code == 403
    assert (
        client.post(
            f"{path(part)}/new/{number}",
            data=typed(quick_stage, part) | {"person_id": str(quick_stage.people["bondarenko"])},
        ).status_code
        == 303
    )
    other = client_as("bondarenko")
    assert other.get(url).status_code == 404, "nor sees who else has to read"
    assert "Соколова" not in text_of(other.get(card)).replace("Первая", "")
    assert do(client, f"{path(part)}/1", part, "acquaint_on_paper", on="2026-11-21").status_code == 303
    assert do(other, f"{path(part)}/2", part, "acquaint", password="не тот").status_code == 422
    assert do(other, f"{path(part)}/2", part, "acquaint", password=PASSWORD).status_code == 303
    assert "Ознакомлен(а) под подпись на листе" in text_of(client.get(card))
    with quick_stage.database.transaction(keep=False) as session:
        events = session.scalars(select(Event).where(Event.root_kind == kind.key)).all()
        assert [(one.subject_kind, one.transition) for one in events] == [
            ("local_act", "begin"), ("acquaintance", "begin"), ("acquaintance", "begin"),
            ("acquaintance", "acquaint_on_paper"), ("acquaintance", "acquaint"),
        ]  # fmt: skip
    assert findings(quick_stage) == []


def test_nobody_is_added_to_what_is_put_away(client_as, quick_stage):
    client, kind, part = client_as("morozova"), CONTENT_TYPES["local_act"], CONTENT_TYPES["acquaintance"]
    card = begun(client, quick_stage, kind)
    assert do(client, card, kind, "end", reason="Больше не нужна").status_code == 303
    sent = {"person_id": str(quick_stage.people["sokolova"])}
    answer = client.post(f"{path(part)}/new/{card.rsplit('/', 1)[1]}", data=sent)
    assert answer.status_code == 409
    assert "Запись в архиве: сначала верните её." in text_of(answer)
    assert states(quick_stage, part) == []


def test_a_person_of_another_centre_finds_nothing(client_as, quick_stage):
    kind = CONTENT_TYPES["agreement"]
    card = begun(client_as("morozova"), quick_stage, kind)
    with quick_stage.database.transaction(keep=True) as session:
        row = session.scalars(select(RECORDS[kind.key])).one()
        assert row.municipality_id == quick_stage.municipality_id
        row.municipality_id = other_centre(session)
    assert client_as("morozova").get(card).status_code == 404


def other_centre(session):
    from workflow_app.db.models import Municipality

    other = Municipality(name="Соседний", zone="UTC", state="working", version=1, switches={}, municipality_id=0)
    session.add(other)
    session.flush()
    other.municipality_id = other.id
    return other.id


def test_an_address_that_asks_for_nonsense_is_an_ordinary_list(client_as):
    client = client_as("morozova")
    alone = (
        "state=nonsense",
        "school_year=20261",
        "school_year=x",
        "school_year=0000",
        "school_year=9999",
        "sort=subject",
        "page=99",
        "channel=%00",
    )
    for asked in alone:  # by itself of a list that has such filters, all together of every list
        assert client.get(f"{path(CONTENT_TYPES['publication'])}?{asked}").status_code == 200, asked
    for year in ("20261", "x"):
        for kind in WHOLE:
            asked = f"state=nonsense&school_year={year}&sort=subject&page=99&channel=%00"
            assert client.get(f"{path(kind)}?{asked}").status_code == 200, (kind.key, asked)


def test_the_school_year_filter_takes_the_days_of_its_year(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["publication"]
    begun(client, quick_stage, kind, "Осень", on="2026-09-01")
    begun(client, quick_stage, kind, "Лето", on="2026-08-31")
    this = text_of(client.get(f"{path(kind)}?school_year=2026"))
    assert "Осень" in this
    assert "Лето" not in this
    assert clock.now().year >= 2026


def test_an_event_fills_its_places_keeps_a_waiting_list_and_moves_people_up(client_as, quick_stage):
    with clock.at(datetime(2026, 11, 20, 16, tzinfo=UTC)):
        _an_event_to_its_end(client_as, quick_stage)


def _an_event_to_its_end(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["centre_event"]
    part = parts_of(kind.key)[0]
    card = begun(client, quick_stage, kind, capacity="2")
    number = card.rsplit("/", 1)[1]
    for name in ("Ветрова Анна Ильинична", "Громов Пётр Львович", "Дымова Ольга Юрьевна", "Ершов Илья Павлович"):
        assert client.post(f"{path(part)}/new/{number}", data={"name": name}).status_code == 303
    assert states(quick_stage, part) == ["active", "active", "waiting", "waiting"]
    page = text_of(client.get(card))
    assert "Свободных мест нет, всего 2" in page
    assert "в листе ожидания: 2" in page
    assert do(client, f"{path(part)}/1", part, "end", reason="Заболела, не придёт").status_code == 303
    assert states(quick_stage, part) == ["ended", "active", "active", "waiting"], "the first of those who wait moves up"
    assert do(client, card, kind, "edit", **typed(quick_stage, kind) | {"capacity": "3"}).status_code == 303
    assert states(quick_stage, part) == ["ended", "active", "active", "active"], "a larger room"
    assert do(client, f"{path(part)}/1", part, "restore").status_code == 303
    assert states(quick_stage, part)[0] == "waiting", "who comes back queues like anybody"
    assert do(client, f"{path(part)}/2", part, "attend").status_code == 303
    assert do(client, f"{path(part)}/3", part, "miss").status_code == 303
    assert do(client, card, kind, "hold").status_code == 303
    assert states(quick_stage, part) == ["waiting", "attended", "missed", "active"]
    assert findings(quick_stage) == []


def states(stage, part):
    model = RECORDS[part.key]
    with stage.database.transaction(keep=False) as session:
        return list(session.scalars(select(model.state).order_by(model.id)))


def test_records_of_the_register_are_numbered_without_gaps(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["expert_record"]
    for key in ("sokolova", "bondarenko"):
        begun(client, quick_stage, kind, person_id=str(quick_stage.people[key]))
        assert client.post(f"{path(kind)}/new", data=typed(quick_stage, kind) | {"person_id": "0"}).status_code == 422
    with quick_stage.database.transaction(keep=False) as session:
        numbers = list(session.scalars(select(RECORDS[kind.key].number)))
    assert [one.rsplit("-", 1)[1] for one in numbers] == ["1", "2"]
    assert numbers[0].startswith("Э-")
    assert numbers[1] in text_of(client.get(path(kind)))


# Parts that are cases are chosen on a page of their own, which says why others are not ready.
EVERY = [one for one in CONTENT_TYPES.values() if one.fields[one.title].refers != "case"]


def table_of(stage, kind, *words):
    """A pasted table as people write one: words instead of numbers and keys, a row for each of ``words``."""
    told = {}
    typed(stage, kind)  # begins what a row has to name
    with stage.database.transaction(keep=False) as session:
        for model, name in ((Person, "full_name"), (Organization, "name"), (RECORDS["body"], "name")):
            told[model.kind] = {str(one.id): getattr(one, name) for one in session.scalars(select(model)).unique()}
    people = [stage.people[key] for key in ("sokolova", "bondarenko", "zorina")]
    rows = []
    for place, word in enumerate(words):
        row = dict.fromkeys(kind.typed, "") | typed(stage, kind, word)
        for name, how in kind.typed.items():
            target = how.refers.partition(":")[0]
            if rows_of(kind, name):
                row[name] = "Сколько классов | число; Кто отвечает | ТЕКСТ | да"
            if target == "person":
                row[name] = str(people[place])
            if target == "organization" and how.unique:
                row[name] = sorted(told[target])[place]
            if target:
                row[name] = told[target][row[name]] if row[name] else ""
            elif how.choices is not None:
                known = choices.of_file(how.choices) if isinstance(how.choices, str) else how.choices
                row[name] = str(known[0].label).upper()
            elif row[name] == "1" and kind.kind_of(name) is bool:
                row[name] = "да"
        rows.append(row | apart(kind, place))
    heads = [how.label.msgid for how in kind.typed.values()]
    return "\n".join("\t".join(line) for line in [heads, *([row[name] for name in kind.typed] for row in rows)])


def whole_for(client, stage, kind):
    """The address of the table of a kind; for parts that of a record that is there, or has been begun for them."""
    if not kind.within:
        return f"{path(kind)}/table", path(kind)
    whole = CONTENT_TYPES[kind.within]
    with stage.database.transaction(keep=False) as session:
        there = session.scalar(select(RECORDS[whole.key].id).limit(1))
    card = f"{path(whole)}/{there}" if there else begun(client, stage, whole)
    return f"{path(kind)}/table/{card.rsplit('/', 1)[1]}", card


def test_a_pasted_table_becomes_records_after_it_was_looked_at(client_as, quick_stage, subtests):
    client = client_as("morozova")
    for kind in EVERY:
        with subtests.test(kind.key):
            _pasted_looked_at_and_kept(client, quick_stage, kind)
    assert findings(quick_stage) == []


def _pasted_looked_at_and_kept(client, quick_stage, kind):
    url, shown = whole_for(client, quick_stage, kind)
    rows = table_of(quick_stage, kind, "Альфа", "Вега")
    before = states(quick_stage, kind)
    looked = client.post(url, data={"rows": rows, "do": "check"})
    assert (looked.status_code, states(quick_stage, kind)) == (200, before), text_of(looked)
    assert "Записать 2" in text_of(looked)
    kept = client.post(url, data={"rows": rows, "do": "keep"})
    assert (kept.status_code, kept.location) == (303, shown)
    assert len(states(quick_stage, kind)) == len(before) + 2
    page = text_of(client.get(shown))
    assert "Записано: 2." in page
    again = client.post(url, data={"rows": rows, "do": "check"})
    assert "Записывать нечего: всё это уже есть." in text_of(again)


def test_of_a_table_with_a_mistake_nothing_stays_and_every_mistake_is_told_at_its_cell(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["publication"]
    good = table_of(quick_stage, kind, "Альфа", "Вега", "Альфа")
    wrong = good.replace("20.11", "20.11").replace("САЙТ ЦЕНТРА", "стенгазета", 1)
    answer = client.post(f"{path(kind)}/table", data={"rows": wrong, "do": "keep"})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Такого нет в списке: «стенгазета». Возможно, «газета»?" in page
    assert "Строк с ошибками: 1" in page, "the third row may be called as the first, which is not entered"
    assert "Ничего не записано" in page
    assert states(quick_stage, kind) == []
    (cell,) = re.findall(r'name="(cell-2-\w+)" [^>]*value="стенгазета"', answer.get_data(as_text=True))
    (mark,) = re.findall(r'name="row-2" value="(\w+)"', answer.get_data(as_text=True))
    typed = {cell: "САЙТ ЦЕНТРА", cell.replace("cell", "was"): "стенгазета"}
    mended = {"rows": wrong, "do": "check", "row-2": mark} | typed
    moved = client.post(f"{path(kind)}/table", data=mended | {"rows": wrong.replace("Альфа", "Гамма", 1)})
    assert moved.status_code == 422, (
        "the text was changed as well: the cell may be another row's, though both say the same"
    )
    found = client.post(f"{path(kind)}/table", data=mended)
    assert (found.status_code, "Записать 2" in text_of(found)) == (200, True)
    assert "стенгазета" not in found.get_data(as_text=True), "the text has it, too"


def test_rows_that_are_there_already_are_passed_over(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["publication"]
    doubled = table_of(quick_stage, kind, "Альфа", "Вега", "Альфа")
    looked = text_of(client.post(f"{path(kind)}/table", data={"rows": doubled, "do": "check"}))
    assert "Ошибок нет. Будет записано: 2." in looked
    assert "Уже есть и будет пропущено: 1." in looked
    assert client.post(f"{path(kind)}/table", data={"rows": doubled, "do": "keep"}).status_code == 303
    assert states(quick_stage, kind) == ["active", "active"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [("", "Вставьте строки"), ("Что-то\tДругое\n1\t2", "Название"), ("Название\tДата выхода\tГде вышла\tУровень", "строк под ними нет")],
    ids=["nothing", "other columns", "no rows"],
)  # fmt: skip
def test_what_is_no_table_of_the_kind_is_told_so(client_as, rows, words):
    answer = client_as("morozova").post("/records/publication/table", data={"rows": rows, "do": "check"})
    assert answer.status_code == 422
    assert words in text_of(answer)


def test_the_template_of_a_table_is_a_table_of_the_kind(client_as, quick_stage):
    client, kind = client_as("morozova"), CONTENT_TYPES["agreement"]
    empty = client.get(f"{path(kind)}/table.xlsx")
    assert empty.mimetype.endswith("spreadsheetml.sheet")
    file = (io.BytesIO(empty.get_data()), "шаблон.xlsx")
    answer = client.post(f"{path(kind)}/table", data={"file": file, "do": "check"}, content_type="multipart/form-data")
    assert "только строка примера" in text_of(answer), "it is read, and holds no rows yet"
    assert client_as("sokolova").post(f"{path(kind)}/table", data={"rows": "x"}).status_code == 403
    assert states(quick_stage, kind) == []


def test_the_form_of_a_new_record_begins_with_what_is_usual(client_as):
    page = client_as("morozova").get("/records/centre-event/new").get_data(as_text=True)
    assert re.search(r'name="capacity"[^>]*value="40"', page)
    assert re.search(r'<option[^>]*value="municipal"[^>]*selected|<option[^>]*selected[^>]*value="municipal"', page)
