"""How the tests of imports paste a table and press the buttons of its grid, as a browser without scripts would."""

import html
import io
import re
import zipfile

from tests.web.pages import plain
from workflow_app import data

SOKOLOVA = " ".join(next(one["name"] for one in data.load("demo_people")["people"] if one["key"] == "sokolova"))
TITLE = "Установление первой категории по должности учитель"


def paste(client, kind, text, status=303):
    answer = client.post(f"/imports/{kind}", data={"rows": text})
    assert answer.status_code == status, plain(answer, answer.status_code)
    return answer


def bring(client, kind, text):
    """Paste a table; return the address of its grid."""
    return paste(client, kind, text).location


def form_of(client, grid):
    """Return what the form of the grid holds as it was drawn."""
    page = client.get(grid).get_data(as_text=True)
    form = re.search(r'<form[^>]*id="grid".*?</form>', page, re.DOTALL)[0]
    found = dict(re.findall(r'<input(?![^>]*type="radio")[^>]*? name="([^"]+)"[^>]*? value="([^"]*)"', form))
    for name, body in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else re.search(r'value="([^"]*)"', body)[1]
    return {name: html.unescape(value) for name, value in found.items()}


def press(client, grid, act, **typed):
    """Press a button of the grid with what it shows, and what is typed over it."""
    return client.post(
        grid,
        data=form_of(client, grid) | {key.replace("__", "-"): value for key, value in typed.items()} | {"act": act},
    )


def confirm(client, grid):
    return press(client, grid, "record")


def bring_in(client, kind, text):
    answer = confirm(client, bring(client, kind, text))
    assert answer.status_code == 303, plain(answer, answer.status_code)
    return client.get(answer.location)


def packed(**files):
    """An archive with these files."""
    heap = io.BytesIO()
    with zipfile.ZipFile(heap, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return heap.getvalue()


def send(client, address, archive, **typed):
    """Send an archive to an import; what is typed beside its files goes with it."""
    data = typed | ({"archive": (io.BytesIO(archive), "документы.zip")} if archive else {})
    return client.post(address, data=data, content_type="multipart/form-data")
