"""Answers leave compressed, and tell no stranger their length."""

import gzip

import brotli
import pytest


def asked(client, path, **headers):
    return client.get(path, headers={"Accept-Encoding": "gzip", **headers})


def test_a_page_is_the_same_page_when_it_comes_compressed(client_as):
    client = client_as("kuzmin")
    plain, packed = client.get("/help"), asked(client, "/help")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding, Cookie"
    assert len(packed.data) * 3 < len(plain.data)
    assert _without_token(gzip.decompress(packed.data)) == _without_token(plain.data)


def test_a_file_of_the_program_comes_compressed_and_is_known_again(app):
    client = app.test_client()
    first = client.get("/static/css/components.css", headers={"Accept-Encoding": "br"})
    assert first.headers["Content-Encoding"] == "br"
    assert brotli.decompress(first.data) == client.get("/static/css/components.css").data
    again = client.get(
        "/static/css/components.css", headers={"Accept-Encoding": "br", "If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("caller", ["cross-site", "same-site"])
def test_what_another_site_asked_for_keeps_its_length(client_as, caller):
    """BREACH: the length of a compressed answer tells what of the question stands in it."""
    assert (
        "Content-Encoding" not in asked(client_as("kuzmin"), "/cases?q=Морозова", **{"Sec-Fetch-Site": caller}).headers
    )
    assert (
        "Content-Encoding"
        in asked(client_as("kuzmin"), "/cases?q=Морозова", **{"Sec-Fetch-Site": "same-origin"}).headers
    )


def test_a_range_of_bytes_stays_as_it_is(app):
    part = asked(app.test_client(), "/static/css/components.css", Range="bytes=0-9999")
    assert (part.status_code, len(part.data)) == (206, 10_000)
    assert "Content-Encoding" not in part.headers


def _without_token(page):
    """What is signed anew each second is no part of the comparison."""
    return [line for line in page.splitlines() if b"csrf" not in line]
