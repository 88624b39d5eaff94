"""Reading TOML that somebody else wrote: bounded in size and depth."""

from __future__ import annotations

import re
import tomllib
from typing import Any

MOST_BYTES = 5_000_000
# tomllib's memory grows with the square of a dotted key's length: no register needs 64 steps.
_LONG_KEY = re.compile(r"""(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){64}""")


def parse_toml(text: str) -> dict[str, Any]:
    """The values of a TOML text.

    Raises
    ------
    tomllib.TOMLDecodeError : it is no TOML, longer than 5 MB, or nested beyond any use.
    """
    if len(text) > MOST_BYTES:
        raise tomllib.TOMLDecodeError(f"it is longer than {MOST_BYTES} characters")
    if _LONG_KEY.search(text):
        raise tomllib.TOMLDecodeError("it has a key of more than 64 parts")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise tomllib.TOMLDecodeError("it is nested too deeply") from error
