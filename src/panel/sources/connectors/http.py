"""One request over the network: bounded in time and size, repeated where that can help."""

from __future__ import annotations

import email.utils
import http.client
import re
import socket
import ssl
import time
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass
from email.message import Message
from typing import IO, Any

from panel.errors import ServiceError

# A year of all NUTS 3 regions is some megabytes; ten times the largest is a mistake or an attack.
LIMIT = 200 * 2**20
TRIES = 4
# A service that asks for a longer pause is asked again by the user, not by a sleeping program.
LONGEST_WAIT = 120.0
_BUSY = frozenset({429, 500, 502, 503, 504})
_CHUNK = 2**16


@dataclass(frozen=True)
class Request:
    """What is asked of a service.

    Parameters
    ----------
    url : of http or https.
    subject : what is asked for, for messages: "World Bank, indicator NV.IND.TOTL.ZS".
    kind : of the answer: "json", "csv" or "xml".
    body : bytes of a JSON body; a request without one is a GET.
    remedy : what the user can do if the service refuses or has nothing.
    file : a file saved by hand that is the answer: nothing is asked.
    """

    url: str
    subject: str
    kind: str = "json"
    body: bytes = b""
    remedy: str = ""
    file: str = ""


class _PassingError(Exception):
    """A failure that may pass; ``wait`` seconds were asked for."""

    def __init__(self, message: str, wait: float = 0.0, status: int | None = None) -> None:
        super().__init__(message)
        self.message, self.wait, self.status = message, wait, status


def send(request: Request, timeout: float) -> bytes:
    """The answer to a request, decompressed.

    It is asked up to four times where the service is busy (429, 5xx), silent, or breaks off; the
    pauses double from one second, or are those of ``Retry-After``. Proxies are taken from the
    environment, as urllib does; certificates are verified.

    Raises
    ------
    ServiceError : it cannot be reached, refuses, or answers too much; names the remedy.
    """
    for attempt in range(1, TRIES + 1):
        try:
            return _once(request, timeout)
        except _PassingError as again:
            if again.wait > LONGEST_WAIT or attempt == TRIES:
                raise _given_up(request, again, attempt) from again
            time.sleep(max(again.wait, 2.0 ** (attempt - 1)))
    raise AssertionError("the last try returns or raises")


def _once(request: Request, timeout: float) -> bytes:
    asked = urllib.request.Request(
        request.url, data=request.body or None, headers=_headers(request)
    )
    if asked.type not in ("http", "https"):
        raise ServiceError(
            f"{request.subject}: {request.url!r} is no web address.",
            variable="base",
            value=request.url,
            remedy="give an address that begins with https://.",
        )
    try:
        with urllib.request.build_opener(_Redirects).open(asked, timeout=timeout) as answer:
            return _body(request, answer)
    except urllib.error.HTTPError as error:
        raise _refused(request, error) from error
    except (TimeoutError, http.client.HTTPException, ConnectionResetError, zlib.error) as error:
        raise _PassingError(
            f"the answer broke off or did not come in {timeout:g} s ({error})"
        ) from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, (TimeoutError, ConnectionResetError)):
            raise _PassingError(f"no answer in {timeout:g} s ({error.reason})") from error
        raise _unreachable(request, error.reason) from error
    except OSError as error:
        raise _unreachable(request, error) from error


def _headers(request: Request) -> dict[str, str]:
    accepted = {"json": "application/json", "csv": "text/csv", "xml": "application/xml"}
    headers = {
        "User-Agent": "regpanel (Python urllib)",
        "Accept": f"{accepted[request.kind]}, */*;q=0.5",
        "Accept-Encoding": "gzip",
    }
    return headers | ({"Content-Type": "application/json"} if request.body else {})


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never from https to anything else."""

    def redirect_request(
        self, req: Any, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if not newurl.startswith("https://") and req.type == "https":
            raise urllib.error.URLError(f"redirected to {newurl}, which is not encrypted")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _body(request: Request, answer: http.client.HTTPResponse) -> bytes:
    """All of an answer, not one byte more than the limit, and not one less than announced."""
    packed = answer.headers.get("Content-Encoding", "").lower() == "gzip"
    unzip = zlib.decompressobj(wbits=31) if packed else None
    parts, size, received = [], 0, 0
    while chunk := answer.read(_CHUNK):
        received += len(chunk)
        # What is beyond the limit is not even unpacked: a small file can hold gigabytes.
        part = unzip.decompress(chunk, LIMIT + 1 - size) if unzip else chunk
        parts.append(part)
        size += len(part)
        if size > LIMIT:
            raise ServiceError(
                f"{request.subject}: the answer is larger than {LIMIT // 2**20} MB.",
                variable=request.subject,
                remedy="ask for fewer regions, years or indicators at a time.",
            )
    announced = answer.headers.get("Content-Length", "")
    whole = unzip is None or (unzip.eof and not unzip.unused_data)
    if not whole or (announced.isdigit() and int(announced) != received):
        raise _PassingError(f"the answer broke off after {received} bytes")
    return b"".join(parts)


def _refused(request: Request, error: urllib.error.HTTPError) -> Exception:
    said = _plain(error) or error.reason
    if error.code in _BUSY:
        return _PassingError(f"it answers {error.code} ({said})", _wait(error.headers), error.code)
    return ServiceError(
        f"{request.subject}: the service answers {error.code}: {said}.",
        variable=request.subject,
        value=error.code,
        remedy=request.remedy or f"open {request.url} in a browser to see what it says.",
    )


def _plain(error: urllib.error.HTTPError) -> str:
    """The words of an error page, without marks and in one line."""
    try:
        body = error.read(_CHUNK)
    except (OSError, http.client.HTTPException):  # the status says enough
        return ""
    if body[:2] == b"\x1f\x8b":
        body = zlib.decompressobj(wbits=31).decompress(body, _CHUNK)
    shown = body.decode("utf-8", "replace")
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", shown, flags=re.DOTALL)
    return " ".join(text.split()).rstrip(".")[:300]


def _wait(headers: Message) -> float:
    """Seconds of Retry-After, which is a number or a date (RFC 9110, section 10.2.3)."""
    given = headers.get("Retry-After", "").strip()
    if given.isdigit():
        return float(given)
    try:
        return max(email.utils.parsedate_to_datetime(given).timestamp() - time.time(), 0.0)
    except ValueError:  # no such header, or an unreadable one: the pauses are ours
        return 0.0


def _given_up(request: Request, again: _PassingError, attempts: int) -> ServiceError:
    remedy = (
        f"it asks to wait {again.wait:.0f} s: come back then."
        if again.wait > LONGEST_WAIT
        else "try later, ask for less at a time, or allow more time with timeout=."
    )
    return ServiceError(
        f"{request.subject}: {again.message}; given up after {attempts} tries.",
        variable=request.subject,
        value=again.status,
        remedy=remedy,
    )


def _unreachable(request: Request, reason: object) -> ServiceError:
    host = urllib.request.Request(request.url).host
    if isinstance(reason, ssl.SSLError):
        remedy = (
            "the certificate was not accepted; behind a company's proxy, name its certificates in "
            "the environment variable SSL_CERT_FILE."
        )
    elif isinstance(reason, (ConnectionRefusedError, socket.gaierror)):
        remedy = (
            "check the connection, and the environment variable HTTPS_PROXY if there is a proxy"
        )
    else:
        remedy = "check the connection and the address"
    return ServiceError(
        f"{request.subject}: {host} cannot be reached ({reason}).",
        variable=request.subject,
        value=host,
        remedy=remedy,
    )
