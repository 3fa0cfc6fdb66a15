"""PDF/A by LibreOffice: a pool of workers in which one bad file hurts no other. A fake soffice misbehaves; the real one converts."""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE

from workflow_app.conversion import libreoffice
from workflow_app.conversion.libreoffice import Absent, Busy, Converter, NotConverted

REAL = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed on this machine")
PATH = os.environ["PATH"]
ROOT = Path(__file__).parents[2]
FAKE = """import os, pathlib, socket, sys, time
source, out = pathlib.Path(sys.argv[-1]), pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
words = source.read_text().split()
source.parent.parent.joinpath("pid-" + words[0]).write_text(str(os.getpid()))
if words[0] == "hang":
    time.sleep(600)
if words[0] == "crash":
    os.kill(os.getpid(), 9)
if words[0] == "greedy":
    bytearray(1 << 31)
if words[0] == "call":
    socket.create_connection(("127.0.0.1", int(words[1])), timeout=2).close()
if words[0] == "nothing":
    sys.exit(0)
proof = "" if words[0] == "plain" else "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
told = repr(dict(os.environ)) + repr(sys.argv) + repr(sorted(one.name for one in source.parent.iterdir()))
(out / (source.stem + ".pdf")).write_text("%PDF-1.7 " + proof + told)
"""


@pytest.fixture
def work(tmp_path, monkeypatch):
    """The folder in which the workers make theirs."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def fake(tmp_path, work, monkeypatch):
    """A soffice that does what the file says, first on the PATH."""
    script = tmp_path / "bin" / "soffice"
    script.parent.mkdir()
    write_program(script, FAKE)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{PATH}")
    return script


def write_program(script: Path, source: str) -> None:
    """A program of Python. A shell starts it: a script's own first line can name no interpreter whose path has a space."""
    body = script.with_suffix(".py")
    body.write_text(source)
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(body))} "$@"\n')
    script.chmod(0o755)


@pytest.fixture
def pool(fake):
    """A pool of two on the fake."""
    found = Converter(2, seconds=20, warm=False)
    yield found
    found.close()


def left(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir() if one.is_dir()]


def eventually(test: Callable[[], bool]) -> bool:
    """Whether something comes true within some seconds."""
    for _ in range(200):
        if test():
            return True
        time.sleep(0.05)
    return False


def gone(folder: Path) -> bool:
    """Whether the fake that hung is no more."""
    stat = Path(f"/proc/{int(folder.joinpath('pid-hang').read_text())}/stat")
    return eventually(lambda: not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z")


def test_without_libreoffice_it_says_so_in_plain_words(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    pool = Converter()
    assert not pool.available()
    with pytest.raises(Absent, match=r"на сервере нет LibreOffice. Документ DOCX действителен и без него"):
        pool.pdf(b"anything")


def test_a_worker_is_kept_for_the_next_file_and_its_folder_ends_with_the_pool(pool, work):
    assert pool.pdf(b"good").startswith(b"%PDF-1.7")
    folders = left(work)
    assert pool.pdf(b"good again").startswith(b"%PDF-1.7")
    assert left(work) == folders
    assert len(folders) == 1
    pool.close()
    assert left(work) == []


@pytest.mark.parametrize("word", ["crash", "nothing", "plain"])
def test_a_file_that_fails_takes_its_worker_with_it_and_nothing_else(pool, work, word):
    """Security 66: the crashed or lying worker is replaced, the next file finds a new one; «plain» is a PDF that is no PDF/A."""
    before = left(work)
    with pytest.raises(NotConverted, match="Документ DOCX цел"):
        pool.pdf(word.encode())
    assert left(work) == before
    assert pool.pdf(b"good").startswith(b"%PDF-1.7")


def test_a_file_that_hangs_is_stopped_in_time_while_others_go_on(fake, work):
    pool = Converter(2, seconds=3, warm=False)
    with ThreadPoolExecutor(2) as both:
        bad = both.submit(pool.pdf, b"hang")
        assert both.submit(pool.pdf, b"good").result().startswith(b"%PDF-1.7")
        with pytest.raises(NotConverted, match="не справился за отведённое время"):
            bad.result()
    assert len(left(work)) == 1  # that of the worker which did well
    assert gone(work)
    pool.close()
    assert left(work) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of address space is tested on Linux")
def test_a_greedy_file_meets_the_limit_of_memory(fake, work):
    pool = Converter(1, seconds=20, megabytes=1024, warm=False)
    with pytest.raises(NotConverted):
        pool.pdf(b"greedy")
    assert pool.pdf(b"good").startswith(b"%PDF-1.7")
    pool.close()


def test_the_secrets_of_the_server_do_not_reach_libreoffice(pool, monkeypatch):
    monkeypatch.setenv("WF_SECRET_KEY", "very-secret-words")
    monkeypatch.setenv("WF_SEAL_PASSWORD", "very-secret-words")
    told = pool.pdf(b"good").decode()
    assert "very-secret-words" not in told
    assert re.search(r"'https?_proxy': 'http://127.0.0.1:9'", told)
    assert "--infilter=MS Word 2007 XML" in told


@pytest.mark.skipif(
    not libreoffice.without_network(), reason="this system does not let a program run without a network"
)
def test_a_file_calls_nobody_even_on_this_machine(pool):
    """Security 39: the converter has no network at all, loopback included."""
    with served() as (port, hits):
        with pytest.raises(NotConverted):
            pool.pdf(f"call {port}".encode())
        assert hits == []


def test_more_files_than_workers_wait_for_their_turn(pool, work):
    with ThreadPoolExecutor(6) as many:
        made = list(many.map(pool.pdf, [b"good %d" % number for number in range(6)]))
    assert all(one.startswith(b"%PDF-1.7") for one in made)
    assert len(left(work)) <= 2


def test_when_every_worker_is_busy_for_too_long_it_says_so(fake, work):
    pool = Converter(1, seconds=2, warm=False)
    pool._slots.acquire()
    with pytest.raises(NotConverted, match="все преобразователи заняты"):
        pool.pdf(b"good")


def test_who_does_not_wait_is_told_at_once_that_others_are_converted(fake, work):
    """A web request: neither a slot that is taken nor the same file under way is waited for."""
    pool = Converter(2, seconds=60, warm=False)
    with ThreadPoolExecutor(1) as other:
        hanging = other.submit(pool.pdf, b"hang", wait=False)
        assert eventually(lambda: work.joinpath("pid-hang").exists())
        with pytest.raises(Busy, match="Сейчас делаются другие PDF, повторите через минуту"):
            pool.pdf(b"hang", wait=False)  # this very file
        assert pool.pdf(b"good", wait=False).startswith(b"%PDF-1.7")  # another one
        pool._slots.acquire()
        with pytest.raises(Busy):
            pool.pdf(b"good", wait=False)  # no slot is left
        pool._slots.release()
        os.kill(int(work.joinpath("pid-hang").read_text()), 9)
        with pytest.raises(NotConverted):
            hanging.result()
    assert pool.pdf(b"good", wait=False).startswith(b"%PDF-1.7")
    assert not pool._under_way
    pool.close()


def test_a_server_that_is_killed_leaves_neither_processes_nor_folders(fake, work):
    script = (
        "import sys, threading\n"
        "from workflow_app.conversion.libreoffice import Converter\n"
        "pool = Converter(2, warm=False)\n"
        "threading.Thread(target=pool.pdf, args=(b'hang',), daemon=True).start()\n"
        "pool.pdf(b'good')\n"
        "print('ready', flush=True)\n"
        "sys.stdin.read()\n"
    )
    environment = os.environ | {"TMPDIR": str(work)}
    server = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=ROOT
    )  # fmt: skip
    with server:
        assert server.stdout.readline() == b"ready\n"
        assert eventually(lambda: work.joinpath("pid-hang").exists())
        assert len(left(work)) == 2
        server.kill()
    assert gone(work)
    assert eventually(lambda: left(work) == [])


def test_a_soffice_that_never_answers_is_stopped_too(fake, work):
    """The warm way: soffice was started and opens no connection."""
    pool = Converter(1, seconds=3)
    write_program(fake, "import time\ntime.sleep(600)\n")
    with pytest.raises(NotConverted, match="не справился за отведённое время"):
        pool.pdf(b"good")
    assert left(work) == []


# --------------------------------------------------------------------------------------------------- the real LibreOffice


def written(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sample(words: str = "Заключение по результатам экспертизы") -> bytes:
    document = docx.Document()
    document.add_heading(words, 1)
    return written(document)


class served:  # noqa: N801 - a context manager
    """A server that notes who asked it for anything; gives its port and what it noted."""

    def __enter__(self):
        hits = []

        class Canary(BaseHTTPRequestHandler):
            def parse_request(self):  # whatever is asked, by whichever method
                hits.append(self.raw_requestline)
                return False

            def log_message(self, *_):
                """Tests are quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Canary)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self.server.server_port, hits

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module", params=["warm", "cold"])
def office(request):
    """The real LibreOffice, kept running or started for each file."""
    found = Converter(1, warm=request.param == "warm")
    yield found
    found.close()


@REAL
def test_the_pdf_says_that_it_is_pdf_a_2b_and_holds_the_words(office):
    made = office.pdf(sample())
    assert re.search(rb"pdfaid:part>2<", made)
    assert re.search(rb"pdfaid:conformance>B<", made)
    assert b"/OutputIntent" in made
    assert b"/StructTreeRoot" in made  # tagged
    with pypdfium2.PdfDocument(made) as document:
        assert "Заключение по результатам экспертизы" in document[0].get_textpage().get_text_range()


@REAL
def test_a_broken_file_is_refused_and_the_next_one_is_converted(office):
    """A broken DOCX never becomes a PDF of its raw bytes."""
    broken = {"empty": b"", "text": b"just words", "cut": sample()[:3000], "zip": b"PK\x03\x04" + b"\x00" * 500}
    for name, data in broken.items():
        with pytest.raises(NotConverted):
            pytest.fail(f"{name} became {office.pdf(data)[:40]!r}")
        if office.warm or name == "zip":  # what is started for each file knows of no other
            assert office.pdf(sample(name)).startswith(b"%PDF-"), name


@REAL
def test_a_linked_picture_is_not_fetched(office):
    """Security 39: measured, LibreOffice fetches linked pictures when it can."""
    document = docx.Document()
    with served() as (port, hits):
        linked = document.part.relate_to(
            f"http://127.0.0.1:{port}/canary.png", RELATIONSHIP_TYPE.IMAGE, is_external=True
        )
        picture = io.BytesIO()
        pypdfium2.PdfDocument.new().new_page(10, 10).render().to_pil().save(picture, "PNG")
        document.add_picture(picture)
        body = document.element.body
        for blip in body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"):
            space = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
            del blip.attrib[f"{space}embed"]
            blip.set(f"{space}link", linked)
        document.add_paragraph("Текст рядом с рисунком")
        assert office.pdf(written(document)).startswith(b"%PDF-")
        assert hits == []
