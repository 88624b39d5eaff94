"""A server on the loopback address that replays recorded answers, and asks for nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

RECORDED = Path(__file__).parent / "recorded"


@dataclass
class Reply:
    """One answer; ``announced`` is the Content-Length if it is to be wrong."""

    body: bytes = b"[]"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    announced: int | None = None
    delay: threading.Event | None = None


@dataclass
class Server:
    """Address, what was asked (path, body), and how to answer: a function of both."""

    url: str
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: Callable[[str, bytes], Reply] = lambda _path, _body: Reply(status=404)

    def replay(self, *replies: Reply) -> None:
        """Answer with these in turn, and with the last one from then on."""
        left = list(replies)
        self.answer = lambda _path, _body: left.pop(0) if len(left) > 1 else left[0]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            held.asked.append((self.path, body))
            held.headers.append(dict(self.headers))
            given = held.answer(self.path, body)
            if given.delay is not None:
                given.delay.wait(5)
            length = len(given.body) if given.announced is None else given.announced
            self.send_response(given.status)
            for name, value in {"Content-Length": str(length), **given.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(given.body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    # A client that gives up leaves the server writing to nobody.
    http.handle_error = lambda *_: None  # type: ignore[method-assign]
    held = Server(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield held
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Pauses that were made between tries, in place of making them."""
    made: list[float] = []
    monkeypatch.setattr("panel.sources.connectors.http.time.sleep", made.append)
    return made


@pytest.fixture
def recorded() -> Callable[[str], bytes]:
    """Bytes of a recorded answer."""
    return lambda name: (RECORDED / name).read_bytes()


@pytest.fixture
def reply() -> type[Reply]:
    """The class of replies: a module of tests cannot import it."""
    return Reply
