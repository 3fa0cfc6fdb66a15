"""Files are looked at without running, fetching or trusting anything in them (security.md 31, 38, 39, 41)."""

import io
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import docx
import docx.shared
import pytest
from PIL import Image

from tests.core.files import jobs, kit
from workflow_app.errors import N_, WorkflowError
from workflow_app.files import pdf_pages, sandbox
from workflow_app.files.file_kinds import Refused
from workflow_app.web import file_viewer
from workflow_app.web.file_viewer import Entry, Unviewable

SENTENCE = "Просмотр не получился, скачайте файл."


@pytest.fixture
def same_process(monkeypatch):
    """The work of the child done here, so that a test can look into it."""
    monkeypatch.setattr(sandbox, "call", lambda job, *args, data=b"", **_limits: job(*args, data))


@pytest.mark.parametrize("in_child", [True, False])
def test_a_docx_becomes_text_with_headings_lists_and_tables(saved, in_child, request):
    if not in_child:
        request.getfixturevalue("same_process")
    document = docx.Document()
    document.add_heading("Программа", 0)
    document.add_heading("Цели", 1)
    document.add_paragraph("Развитие речи", style="List Bullet")
    document.add_paragraph().add_run("важно").bold = True
    document.add_table(rows=1, cols=1).cell(0, 0).text = "Тема & <часы>"
    document.add_picture(io.BytesIO(kit.picture("PNG")), docx.shared.Mm(10))
    out = io.BytesIO()
    document.save(out)
    html = file_viewer.docx_html(saved(out.getvalue()))
    assert "<h2>Программа</h2><h2>Цели</h2>" in html
    assert "<li>Развитие речи</li>" in html
    assert "<strong>важно</strong>" in html
    assert "<td><p>Тема &amp; &lt;часы&gt;</p></td>" in html
    assert "[рисунок" in html


@pytest.mark.usefixtures("same_process")
def test_nothing_in_a_docx_is_loaded_or_run_by_the_browser(saved):
    def link(target):
        return (
            kit.Changer(kit.members(kit.word("<script>alert(1)</script>")))
            .edit(
                "word/document.xml",
                "<w:tbl>",
                '<w:p><w:hyperlink r:id="rId99"><w:r><w:t>ссылка</w:t></w:r></w:hyperlink></w:p><w:tbl>',
            )
            .edit("word/_rels/document.xml.rels", "</Relationships>", f"{relation(target)}</Relationships>")
            .done()
        )

    def relation(target):
        return (
            f'<Relationship Id="rId99" Type="{kit.OFFICE_RELATIONSHIPS}/hyperlink" '
            f'Target="{target}" TargetMode="External"/>'
        )

    html = file_viewer.docx_html(saved(link("https://school.test/")))
    assert '<a href="https://school.test/" rel="noopener noreferrer nofollow">ссылка</a>' in html
    assert "&lt;script&gt;" in html
    for target in ("javascript:alert(1)", "file:///etc/passwd", "//evil.test/"):
        html = file_viewer.docx_html(saved(link(target)))
        assert "ссылка" in html
        assert "href" not in html


@pytest.mark.parametrize(
    "dirty",
    [
        "<script>x</script>",
        "<img src=https://x.test/a.png onerror=x>",
        "<p style='background:url(//x.test)'>",
        "<iframe src=//x.test>",
        "<svg><script>x</script></svg>",
        "<a href='javascript:x'>",
        "<a href=' java\nscript:x'>",
        "<form action=//x.test><input name=x>",
        "<p id=main class=btn hx-get=/x data-x=1>",
        "<base href=//x.test>",
        "<meta http-equiv=refresh content=0>",
        "<link rel=stylesheet href=//x.test>",
        "<!-- x -->",
        "<math><mtext><style><img src onerror=x>",
    ],
)
def test_html_is_rebuilt_from_an_allow_list(dirty):
    html = file_viewer.clean_html(f"<p>до</p>{dirty}<p>после</p>")
    assert "до" in html
    attributes = re.findall(r"[\s\"'](\w[\w-]*)\s*=", html)
    assert set(attributes) <= {"rel"}
    assert not re.search(r"<(?!/?(p|a)\b)", html)


@pytest.mark.parametrize(
    "data",
    [
        b"not a file of this kind",
        kit.word()[:3000],
        kit.Changer(kit.members(kit.word()))
        .edit("word/document.xml", "<w:document", '<!DOCTYPE x [<!ENTITY e "x">]><w:document')
        .done(),
        kit.Changer(kit.members(kit.word())).put("word/document.xml", "<x/>").done(),
    ],
)
def test_what_cannot_be_shown_says_so_and_how_to_go_on(saved, data):
    for look in (
        file_viewer.docx_look,
        file_viewer.odt_look,
        file_viewer.pdf_pages,
        lambda path: file_viewer.pdf_page_png(path, 1, 500),
    ):
        with pytest.raises(Unviewable, match=SENTENCE):
            look(saved(data))


def test_a_missing_file_says_the_same(tmp_path):
    with pytest.raises(Unviewable, match=SENTENCE):
        file_viewer.listing(tmp_path / "none")


@pytest.mark.usefixtures("same_process")
def test_a_text_too_long_for_a_page_is_not_shown(saved, monkeypatch):
    monkeypatch.setattr(file_viewer, "MAX_HTML", 50)
    with pytest.raises(Unviewable):
        file_viewer.docx_html(saved(kit.word("слово " * 50)))


def test_an_odt_becomes_text_without_deleted_words_and_comments(saved):
    body = (
        "<office:text><text:tracked-changes><text:p>удалено</text:p></text:tracked-changes>"
        "<text:h>Цели</text:h><text:p>Первый<text:tab/>абзац<text:s/>здесь"
        "<office:annotation><text:p>заметка</text:p></office:annotation></text:p></office:text>"
    )
    path = saved(kit.opendocument("text", body))
    assert file_viewer.odt_look(path) == file_viewer.Look("Цели\nПервый\tабзац здесь", {"comments": 1})
    assert file_viewer.Look.unpacked(file_viewer.odt_job(str(path), b"")) == file_viewer.odt_look(path)


def test_a_pdf_becomes_pictures_of_its_pages(saved):
    path = saved(kit.pdf())
    assert file_viewer.pdf_pages(path) == 1
    picture = Image.open(io.BytesIO(file_viewer.pdf_page_png(path, 1, 800)))
    assert picture.format == "PNG"
    assert abs(picture.width - 800) <= 1
    assert abs(picture.height / picture.width - 297 / 210) < 0.01
    assert picture.convert("L").getextrema()[0] < 100  # something is drawn on it


def test_a_page_is_drawn_with_the_values_of_a_form_and_the_stamp_of_a_signature(saved):
    picture = Image.open(io.BytesIO(file_viewer.pdf_page_png(saved(kit.form_pdf()), 1, 595))).convert("L")

    def is_drawn(left, top, right, bottom):
        return picture.crop((left, top, right, bottom)).getextrema()[0] < 128

    assert is_drawn(72, 842 - 330, 372, 842 - 300), "the value of the field"
    assert is_drawn(72, 842 - 160, 372, 842 - 100), "the stamp"
    assert not is_drawn(72, 842 - 290, 372, 842 - 170)


@pytest.mark.usefixtures("same_process")
def test_a_page_that_is_not_there_is_said(saved):
    for page in (0, 2, -1):
        with pytest.raises(Unviewable):
            file_viewer.pdf_page_png(saved(kit.pdf()), page, 500)


@pytest.mark.parametrize(("asked", "given"), [(1, pdf_pages.MIN_WIDTH), (100_000, pdf_pages.MAX_WIDTH)])
@pytest.mark.usefixtures("same_process")
def test_the_width_of_a_picture_is_bounded(saved, asked, given):
    picture = Image.open(io.BytesIO(file_viewer.pdf_page_png(saved(kit.pdf()), 1, asked)))
    assert abs(picture.width - given) <= 1


@pytest.mark.usefixtures("same_process")
def test_a_page_as_long_as_a_street_does_not_fill_the_memory(saved):
    data = re.sub(rb"/MediaBox \[[^]]*\]", b"/MediaBox [0 0 10 14000]", kit.pdf())
    picture = Image.open(io.BytesIO(file_viewer.pdf_page_png(saved(data), 1, 2000)))
    assert picture.width * picture.height <= pdf_pages.MAX_PIXELS * 1.1


@pytest.mark.usefixtures("same_process")
def test_a_locked_pdf_and_one_without_pages_are_told_apart(saved):
    with pytest.raises(Refused, match="паролем"):
        pdf_pages.pages(saved(kit.locked_pdf()))
    with pytest.raises(Refused, match="повреждён"):
        pdf_pages.pages(saved(b"%PDF-1.4\n%%EOF"))
    assert pdf_pages.pages(saved(kit.pdf())) == 1


def test_an_archive_is_listed_with_russian_names_of_old_archivers(saved):
    data = kit.zipped([("XXXXX.txt", b"12345"), ("папка/", b""), ("папка/план.docx", b"1")])
    data = data.replace(b"XXXXX", "Отчёт".encode("cp866"))
    assert file_viewer.listing(saved(data)) == (Entry("Отчёт.txt", 5), Entry("папка/план.docx", 1))


# The child process in which files are worked on.


def test_the_answer_and_the_refusal_of_a_job_come_back(saved):
    path = saved(kit.locked_pdf())
    with pytest.raises(WorkflowError, match="защищён паролем") as caught:
        sandbox.call(pdf_pages.count_job, str(path))
    assert not isinstance(caught.value, sandbox.ChildFailed)
    assert sandbox.call(pdf_pages.count_job, str(saved(kit.pdf()))) == b"1"


def test_a_job_says_its_sentence_with_what_stands_in_it():
    with pytest.raises(WorkflowError) as caught:
        sandbox.call(jobs.refuses, 3, data="раз".encode())
    assert caught.value.sentence == N_("Нельзя %(number)s: %(data)s", number=3, data="раз")


@pytest.mark.parametrize("job", [jobs.slow, jobs.greedy, jobs.crashes, jobs.fails])
def test_a_job_that_is_slow_greedy_or_broken_ends_and_the_server_goes_on(job):
    with pytest.raises(sandbox.ChildFailed, match="не удалось обработать"):
        sandbox.call(job, seconds=2)


def test_a_job_cannot_write_files_and_sees_no_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("WF_SECRET_KEY", "s3cret")
    with pytest.raises(sandbox.ChildFailed):
        sandbox.call(jobs.writes, str(tmp_path / "file"))
    assert not (tmp_path / "file").exists() or not (tmp_path / "file").stat().st_size
    assert b"s3cret" not in sandbox.call(jobs.environment)


def test_a_crowd_waits_and_then_is_told(monkeypatch):
    monkeypatch.setattr(sandbox, "_SLOTS", threading.BoundedSemaphore(1))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: sandbox.call(jobs.environment), range(4)))
    assert len(answers) == 4
    sandbox._SLOTS.acquire()
    with pytest.raises(sandbox.ChildFailed):
        sandbox.call(jobs.environment, seconds=0.01)
    with pytest.raises(sandbox.NotTried):  # it says nothing about the file, so nobody remembers it as the file's fault
        sandbox.call(jobs.environment, seconds=0.01)


def test_an_interpreter_that_does_not_start_is_said(monkeypatch):
    monkeypatch.setattr(sandbox.sys, "executable", "/nowhere/python")
    with pytest.raises(sandbox.ChildFailed):
        sandbox.call(jobs.environment)


def test_a_child_bounds_itself_where_the_system_lets_it(monkeypatch):
    set_to = {}

    def setrlimit(kind, bounds):
        if kind == "AS":
            raise ValueError  # as macOS does
        set_to[kind] = bounds

    names = ("AS", "CPU", "FSIZE", "CORE")
    resource = SimpleNamespace(
        **{f"RLIMIT_{name}": name for name in names},
        RLIM_INFINITY=-1,
        getrlimit=lambda kind: (0, 5 if kind == "CPU" else -1),
        setrlimit=setrlimit,
    )
    monkeypatch.setitem(sys.modules, "resource", resource)
    sandbox.limit()
    assert set_to == {"CPU": (5, 5), "FSIZE": (0, -1), "CORE": (0, -1)}
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    set_to.clear()
    sandbox.limit()
    assert set_to == {}


@pytest.mark.parametrize(("job", "status", "answer"), [("environment", 0, b"PATH"), ("refuses", 3, b"number")])
def test_what_the_child_itself_does(monkeypatch, job, status, answer):
    """The same steps in this process, its limits left as they are."""
    out = SimpleNamespace(buffer=io.BytesIO())
    monkeypatch.setattr(sandbox, "limit", lambda: None)
    monkeypatch.setattr(sandbox.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"x")))
    monkeypatch.setattr(sandbox.sys, "stdout", out)
    args = "[3]" if job == "refuses" else "[]"
    assert sandbox.main(f"{jobs.__name__}:{job}", args) == status
    assert answer in out.buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_text_is_shown_as_it_is_up_to_a_bound(saved, encoding, monkeypatch):
    text = "<b>Ёлка</b>;\tплан\n" + "строка\n" * 100
    assert file_viewer.plain_text(saved(text.encode(encoding))) == text
    monkeypatch.setattr(file_viewer, "MAX_PLAIN", 11)
    assert file_viewer.plain_text(saved(text.encode(encoding))) == "<b>Ёлка</b>\n[дальше не показано: скачайте файл]"
    with pytest.raises(Unviewable):
        file_viewer.plain_text(saved(b"\xff\xfe\0"))
