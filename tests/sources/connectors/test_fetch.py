"""Answers are had whole or not at all, asked again where it helps, and kept with a checksum."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from panel.errors import ChecksumError, ServiceError
from panel.sources.connectors import http
from panel.sources.connectors.fetch import Access, default_folder, fetch, kept_at
from panel.sources.connectors.http import Request

BODY = b'{"figures": [1, 2, 3]}'


def asked(server: Any, **changes: Any) -> Request:
    return Request(**({"url": f"{server.url}/data?x=1", "subject": "Office, table A"} | changes))


def test_an_answer_is_asked_once_and_kept(server: Any, reply: Any, tmp_path: Path) -> None:
    server.replay(reply(BODY), reply(b"another release"))
    first = fetch(asked(server), Access(tmp_path))
    second = fetch(asked(server), Access(tmp_path, offline=True))
    assert first == second
    assert (first.content, first.sha256) == (BODY, hashlib.sha256(BODY).hexdigest())
    assert first.read == datetime.now(UTC).date()
    assert len(server.asked) == 1
    assert fetch(asked(server), Access(tmp_path, refresh=True)).content == b"another release"
    assert fetch(asked(server), Access(tmp_path)).content == b"another release"
    assert len(server.asked) == 2
    assert not list(tmp_path.glob("*.part"))


def test_addresses_and_bodies_have_answers_of_their_own(
    server: Any, reply: Any, tmp_path: Path
) -> None:
    server.answer = lambda path, body: reply(path.encode() + body)
    requests = [asked(server), asked(server, url=f"{server.url}/b"), asked(server, body=b"{}")]
    contents = [fetch(r, Access(tmp_path)).content for r in requests]
    assert contents == [b"/data?x=1", b"/b", b"/data?x=1{}"]
    assert server.headers[2]["Content-Type"] == "application/json"
    again = [fetch(r, Access(tmp_path, offline=True)).content for r in requests]
    assert again == contents


def test_gzip_is_unpacked(server: Any, reply: Any, tmp_path: Path) -> None:
    server.replay(reply(gzip.compress(BODY), headers={"Content-Encoding": "gzip"}))
    assert fetch(asked(server), Access(tmp_path)).content == BODY
    assert server.headers[0]["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_service_is_asked_again(
    server: Any, reply: Any, tmp_path: Path, pauses: list[float], status: int
) -> None:
    server.replay(reply(b"busy", status), reply(b"", status), reply(BODY))
    assert fetch(asked(server), Access(tmp_path)).content == BODY
    assert pauses == [1.0, 2.0]


def test_retry_after_is_heeded(
    server: Any, reply: Any, tmp_path: Path, pauses: list[float]
) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    server.replay(
        reply(b"", 429, {"Retry-After": "7"}),
        reply(b"", 503, {"Retry-After": later}),
        reply(b"", 503, {"Retry-After": "soon"}),
        reply(BODY),
    )
    assert fetch(asked(server), Access(tmp_path)).content == BODY
    assert pauses[0] == 7.0
    assert 35 < pauses[1] <= 40  # the header counts whole seconds, and some pass on the way
    assert pauses[2] == 4.0


def test_a_service_that_asks_for_hours_is_left_alone(
    server: Any, reply: Any, tmp_path: Path, pauses: list[float]
) -> None:
    server.replay(reply(b"", 429, {"Retry-After": "3600"}))
    with pytest.raises(ServiceError, match="asks to wait 3600 s") as error:
        fetch(asked(server), Access(tmp_path))
    assert (error.value.value, pauses, len(server.asked)) == (429, [], 1)


def test_a_service_that_stays_busy_is_given_up(
    server: Any, reply: Any, tmp_path: Path, pauses: list[float]
) -> None:
    server.replay(reply(b"<h1>Out of order</h1><script>x</script>", 500))
    with pytest.raises(ServiceError, match=r"Office, table A: it answers 500 \(Out of order\)"):
        fetch(asked(server), Access(tmp_path))
    assert pauses == [1.0, 2.0, 4.0]
    assert not list(tmp_path.iterdir())  # an error is no answer, and is not kept


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_a_refusal_is_not_repeated(
    server: Any, reply: Any, tmp_path: Path, pauses: list[float], status: int
) -> None:
    page = gzip.compress(b"<p>NoRecordsFound</p>")
    server.replay(reply(page, status, {"Content-Encoding": "gzip"}))
    with pytest.raises(ServiceError, match=f"answers {status}: NoRecordsFound") as error:
        fetch(asked(server, remedy="check the key."), Access(tmp_path))
    assert (error.value.value, error.value.remedy) == (status, "check the key.")
    assert len(server.asked) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("packed", ["", "short", "long"])
def test_a_truncated_answer_is_asked_again_and_never_kept(
    server: Any, reply: Any, tmp_path: Path, pauses: list[float], packed: str
) -> None:
    if packed:  # the length is right, but the compressed stream does not end there
        whole = gzip.compress(BODY * 99)
        stream = whole[:-12] if packed == "short" else whole + whole
        broken = reply(stream, headers={"Content-Encoding": "gzip"})
    else:
        broken = reply(BODY[:9], announced=len(BODY))
    server.replay(broken, reply(BODY))
    assert fetch(asked(server), Access(tmp_path)).content == BODY
    server.replay(broken)
    with pytest.raises(ServiceError, match="broke off"):
        fetch(asked(server), Access(tmp_path, refresh=True))
    assert fetch(asked(server), Access(tmp_path)).content == BODY


def test_a_silent_service_is_given_up(
    server: Any, reply: Any, tmp_path: Path, pauses: list[float]
) -> None:
    hold = threading.Event()
    server.replay(reply(BODY, delay=hold))
    with pytest.raises(ServiceError, match=r"0\.05 s.*given up after 4 tries") as error:
        fetch(asked(server), Access(tmp_path, timeout=0.05))
    hold.set()
    assert "timeout=" in str(error.value.remedy)
    assert str(kept_at(asked(server), tmp_path)) in str(error.value.remedy)


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_without_bound_is_refused(
    server: Any,
    reply: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    packed: bool,
) -> None:
    monkeypatch.setattr(http, "LIMIT", 2**20)
    body, headers = bytes(2**20 + 1), {}
    if packed:  # some kilobytes that unpack to twenty megabytes
        body, headers = gzip.compress(bytes(2 * 10**7)), {"Content-Encoding": "gzip"}
    server.replay(reply(body, headers=headers))
    with pytest.raises(ServiceError, match="larger than 1 MB"):
        fetch(asked(server), Access(tmp_path))
    assert not list(tmp_path.iterdir())


def test_redirects_are_followed_to_web_addresses_only(
    server: Any, reply: Any, tmp_path: Path
) -> None:
    there = {"/data?x=1": "/moved", "/bad": "file:///etc/hostname", "/loop": "/loop"}
    server.answer = lambda path, _body: (
        reply(b"", 302, {"Location": there[path]}) if path in there else reply(BODY)
    )
    assert fetch(asked(server), Access(tmp_path)).content == BODY
    for path in ("/bad", "/loop"):
        with pytest.raises(ServiceError, match="answers 302"):
            fetch(asked(server, url=server.url + path), Access(tmp_path))


def test_https_is_never_left() -> None:
    request = http.urllib.request.Request("https://example.org/a")
    handler = http._Redirects()
    with pytest.raises(http.urllib.error.URLError, match="not encrypted"):
        handler.redirect_request(request, None, 302, "", {}, "http://example.org/a")


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://example.org/a"])
def test_only_web_addresses_are_asked(tmp_path: Path, url: str) -> None:
    with pytest.raises(ServiceError, match="no web address"):
        fetch(Request(url, "Office"), Access(tmp_path))


def test_without_a_connection_the_error_says_which_file_to_put_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/data"
    request = Request(url, "Office, table A", body=b'{"a": 1}')
    with pytest.raises(ServiceError, match="cannot be reached") as error:
        fetch(request, Access(tmp_path))
    path = kept_at(request, tmp_path)
    assert f"save the answer as {path}" in str(error.value.remedy)
    assert """-d '{"a": 1}'""" in str(error.value.remedy)
    assert "HTTPS_PROXY" in str(error.value.remedy)
    assert pauses == []
    path.write_bytes(BODY)  # as the remedy says
    assert fetch(request, Access(tmp_path, offline=True)).content == BODY


def test_offline_never_asks(server: Any, tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="offline=True forbids") as error:
        fetch(asked(server), Access(tmp_path, offline=True))
    assert server.asked == []
    assert f"{server.url}/data?x=1" in str(error.value.remedy)


@pytest.mark.parametrize("damage", ["content", "checksum", "note", "no date"])
def test_a_kept_answer_that_changed_is_not_used(
    server: Any, reply: Any, tmp_path: Path, damage: str
) -> None:
    server.replay(reply(BODY))
    fetch(asked(server), Access(tmp_path))
    path = kept_at(asked(server), tmp_path)
    note = path.with_name(path.name + ".note")
    said = json.loads(note.read_text(encoding="utf-8"))
    if damage == "content":
        path.write_bytes(BODY.replace(b"1", b"9"))
    elif damage == "checksum":
        note.write_text(json.dumps(said | {"sha256": "0" * 64}), encoding="utf-8")
    else:
        note.write_text('{"url' if damage == "note" else '{"sha256": ""}', encoding="utf-8")
    for access in (Access(tmp_path), Access(tmp_path, offline=True)):
        with pytest.raises(ChecksumError, match=r"kept answer") as error:
            fetch(asked(server), access)
        assert "refresh=True" in str(error.value.remedy)
    assert fetch(asked(server), Access(tmp_path, refresh=True)).content == BODY
    assert fetch(asked(server), Access(tmp_path)).content == BODY


def test_where_answers_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REGPANEL_CACHE", str(tmp_path / "mine"))
    assert default_folder() == tmp_path / "mine"
    monkeypatch.delenv("REGPANEL_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder() == tmp_path / "regpanel"
