"""The sheet as a Word file and back: nothing is lost, nothing foreign is taken, whatever was done to the file is named."""

import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openxml_audit import OpenXmlValidator

from workflow_app.case_types.registry import seed_sheets
from workflow_app.features.reviews import offline_import, offline_sheet
from workflow_app.features.reviews.offline_docx import Foreign, read

SECRET = "с" * 16 + "0123456789abcdef"
ABOUT = offline_sheet.About("ММ-2026-7", "Сборник заданий", "Лебедев Никита Фомич", "МКУ ИМЦ", "1 декабря 2026 г.")
IDS = (12, 3)
SHEETS = seed_sheets()
POINTS = next(one for one in SHEETS.values() if one.mode == "points")
WORDS = next(one for one in SHEETS.values() if one.mode == "words")


def raw_of(sheet, words="Тема отвечает задачам года & <плану>.\nВторой абзац."):
    marks = {}
    for one in sheet.criteria:
        mark = {"rationale": words}
        if sheet.mode == "words":
            mark["word"] = "partly"
        else:
            mark["points"] = {indicator.key: one.top for indicator in one.indicators}
        marks[one.key] = mark
    return {
        "marks": marks,
        "strengths": words,
        "remarks": "",
        "conclusions": words,
        "recommendations": "",
        "verdict": "",
        "note": "",
    }


def given_out(sheet, raw, ids=IDS):
    return offline_sheet.written(sheet, raw, ids, SECRET, ABOUT)


def changed(file, pattern, by, count=1):
    """The file with one place of its text written otherwise, as an editor would save it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            if name == "word/document.xml":
                text, made = re.subn(pattern, by, part.decode(), count=count, flags=re.DOTALL)
                assert made, pattern
                part = text.encode()
            after.writestr(name, part)
    return out.getvalue()


def filled(file, tag, words):
    """The file with words typed into one place, as Word leaves them."""

    def typed(found):
        head, _, content = found[0].replace("<w:showingPlcHdr/>", "").partition("<w:sdtContent>")
        lines = [f"<w:r><w:t>{line}</w:t></w:r>" for line in words.split("\n")]
        if "<w:p>" in content:  # a text below its label: a paragraph a line
            lines = [f"<w:p>{line}</w:p>" for line in lines]
        return f"{head}<w:sdtContent>{''.join(lines)}</w:sdtContent></w:sdt>"

    return changed(file, rf'<w:sdt>(?:(?!<w:sdt>).)*?"{tag}[^"]*"/>.*?</w:sdt>', typed)


def back(file, sheet, raw, ids=IDS):
    found = offline_import.brought(read(file), sheet, ids, SECRET)
    changes, wrong = offline_import.changes(sheet, found, raw)
    return found, {one.place.path: (one.file, one.way) for one in changes}, wrong


def tag_of(sheet, path):
    return f"f{[one.path for one in offline_sheet.places(sheet)].index(path):03d}"


@pytest.mark.parametrize("sheet", [POINTS, WORDS], ids=["points", "words"])
@pytest.mark.parametrize("full", [True, False])
def test_a_file_that_nobody_touched_changes_nothing(sheet, full):
    raw = raw_of(sheet) if full else {}
    found, changes, wrong = back(given_out(sheet, raw), sheet, raw)
    assert (found.remarks, changes, wrong) == ((), {}, [])


@pytest.mark.parametrize("sheet", [POINTS, WORDS], ids=["points", "words"])
def test_the_file_is_sound(sheet, tmp_path):
    file = tmp_path / "sheet.docx"
    file.write_bytes(given_out(sheet, raw_of(sheet)))
    answer = OpenXmlValidator().validate(str(file))
    assert answer.is_valid, [str(one) for one in answer.errors][:5]


def test_what_was_filled_in_word_is_found_place_by_place():
    key = POINTS.criteria[0].key
    path, text_path = ("marks", key, "points", POINTS.criteria[0].indicators[0].key), ("marks", key, "rationale")
    file = filled(given_out(POINTS, {}), tag_of(POINTS, path), str(POINTS.criteria[0].top))
    file = filled(file, tag_of(POINTS, text_path), "Первый абзац.\nВторой.")
    found, changes, wrong = back(file, POINTS, {})
    assert (found.remarks, wrong) == ((), [])
    assert changes == {path: (str(POINTS.criteria[0].top), "file"), text_path: ("Первый абзац.\nВторой.", "file")}
    taken = offline_import.merged({}, {one: words for one, (words, _) in changes.items()})
    assert offline_sheet.value_of(taken, path) == str(POINTS.criteria[0].top)
    assert offline_sheet.value_of(taken, text_path) == "Первый абзац.\nВторой."


def test_who_changed_what_is_told_apart():
    """Never silently over a newer draft: only the file, only the page, or both."""
    raw = raw_of(POINTS)
    file = filled(given_out(POINTS, raw), tag_of(POINTS, ("strengths",)), "Новое в файле, достаточно длинное.")
    file = filled(file, tag_of(POINTS, ("conclusions",)), "Вывод из файла.")
    later = raw | {"strengths": "Новое на странице.", "remarks": "Замечание на странице."}
    _, changes, _ = back(file, POINTS, later)
    assert {path[0]: way for path, (_, way) in changes.items()} == {
        "strengths": "both",
        "conclusions": "file",
        "remarks": "page",
    }


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("Первый абзац.\nВторой.", "Первый абзац. Второй."),
        ("Первый абзац. Второй.", "Первый абзац.\nВторой."),
        ("Первый абзац.\nВторой.", "Первый абзац.\n\nВторой."),
    ],
    ids=["joined", "split", "a blank line"],
)
def test_paragraphs_that_were_joined_or_split_are_a_difference_which_the_person_decides(page, file):
    """The words are the same: a digest cannot tell whose paragraphs are newer."""
    raw = raw_of(POINTS, page)
    _, changes, _ = back(filled(given_out(POINTS, raw), tag_of(POINTS, ("strengths",)), file), POINTS, raw)
    assert changes == {("strengths",): (file, "lines")}


def test_spaces_in_a_line_and_blank_lines_around_a_text_are_no_difference():
    raw = raw_of(POINTS, "Первый  абзац.\r\nВторой. ")
    file = filled(given_out(POINTS, raw), tag_of(POINTS, ("strengths",)), "\n Первый абзац. \nВторой.\n\n")
    assert back(file, POINTS, raw)[1] == {}


def test_moved_places_are_read_by_their_marks_and_told():
    raw = raw_of(POINTS)
    control = r'<w:sdt>(?:(?!<w:sdt>).)*?"{}\..*?</w:sdt>'
    pattern = f"({control.format('f001')})(.*?)({control.format('f003')})"
    file = changed(given_out(POINTS, raw), pattern, r"\3\2\1")
    found, changes, _ = back(file, POINTS, raw)
    assert any("переставлены" in str(one) for one in found.remarks)
    assert changes == {}


def test_a_removed_place_is_named_and_keeps_what_the_page_has():
    raw = raw_of(POINTS)
    file = changed(given_out(POINTS, raw), r"<w:sdt>(?:(?!<w:sdt>).)*?\"f000\..*?</w:sdt>", "")
    found, changes, _ = back(file, POINTS, raw)
    assert any(
        "Удалены поля: 1" in str(one) and POINTS.criteria[0].indicators[0].text in str(one) for one in found.remarks
    )
    assert changes == {}


def test_a_doubled_place_is_read_once_and_told():
    raw = raw_of(POINTS)
    file = changed(given_out(POINTS, raw), r"(<w:sdt>(?:(?!<w:sdt>).)*?\"f001\..*?</w:sdt>)", r"\1\1")
    found, changes, _ = back(file, POINTS, raw)
    assert any("повторённые поля: 1" in str(one) for one in found.remarks)
    assert changes == {}


def test_text_outside_the_places_is_quoted_and_not_taken():
    raw = raw_of(POINTS)
    file = changed(given_out(POINTS, raw), "Экспертное заключение</w:t>", "Совсем другое заключение</w:t>")
    found, changes, _ = back(file, POINTS, raw)
    assert any("Совсем другое заключение" in str(one) for one in found.remarks)
    assert changes == {}


def test_a_value_that_is_no_choice_is_named():
    path = ("marks", POINTS.criteria[0].key, "points", POINTS.criteria[0].indicators[0].key)
    file = filled(given_out(POINTS, {}), tag_of(POINTS, path), "сто")
    _, changes, wrong = back(file, POINTS, {})
    assert changes == {}
    assert "«сто»" in str(wrong[0])


def test_the_sheet_of_another_case_or_of_other_criteria_is_told_to_be_so():
    file = given_out(POINTS, {})
    for ids, words in (((13, 3), "другого дела"), ((12, 4), "другой редакции критериев")):
        with pytest.raises(Foreign, match=words):
            offline_import.brought(read(file), POINTS, ids, SECRET)


def test_a_sheet_that_another_system_gave_out_is_refused():
    with pytest.raises(Foreign, match="Код листа не подходит"):
        offline_import.brought(read(given_out(POINTS, {})), POINTS, IDS, SECRET[::-1])


def test_a_digest_that_was_put_right_by_hand_is_refused():
    """To pass a page's newer text off as the old one, the marks would have to be forged."""
    file = changed(given_out(POINTS, {}), r'"f000\.[0-9a-f]{8}"', '"f000.00000000"')
    with pytest.raises(Foreign, match="Код листа не подходит"):
        offline_import.brought(read(file), POINTS, IDS, SECRET)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a file", b"%PDF-1.7"])
def test_what_is_no_word_file_is_told_to_be_so(data):
    with pytest.raises(Foreign, match="не читается как документ Word"):
        offline_import.brought(read(data), POINTS, IDS, SECRET)


def test_a_word_file_without_our_marks_is_told_to_be_no_sheet():
    file = changed(given_out(POINTS, {}), r"12-3-[0-9a-f]{32}", "12-3")
    with pytest.raises(Foreign, match="нет кода листа"):
        offline_import.brought(read(file), POINTS, IDS, SECRET)


def test_every_tag_fits_into_words_limit():
    """ECMA-376: 64 letters."""
    for sheet in SHEETS.values():
        assert all(len(tag) <= 64 for tag, _ in read(given_out(sheet, raw_of(sheet))).controls)


@settings(max_examples=25, deadline=None)
@given(words=st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=200))
def test_any_typed_text_goes_out_and_comes_back_as_it_was(words):
    raw = raw_of(POINTS, words)
    found, changes, _ = back(given_out(POINTS, raw), POINTS, raw)
    assert (found.remarks, changes) == ((), {})
