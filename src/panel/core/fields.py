"""What a value holds, as a table in a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from html import escape
from typing import Any

import numpy as np

# Lines that a cell has at most.
_MOST = 12


def fields_as_html(value: Any) -> str:
    """A dataclass's name and its fields, a row each; those that are None or empty are left out.

    Settings, covariances and formulas take it as their ``_repr_html_``.
    """
    rows = "".join(
        f'<tr><th style="text-align: left">{escape(name)}</th>'
        f'<td style="text-align: left">{text}</td></tr>'
        for name, text in ((f.name, _text(getattr(value, f.name))) for f in fields(value))
        if text
    )
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    return f"<div><p>{escape(type(value).__name__)}</p>{table}</div>"


def _lines(items: Sequence[str]) -> str:
    more = [f"... ({len(items)} in all)"] if len(items) > _MOST else []
    return "<br>".join([*items[:_MOST], *more])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, np.ndarray):
        shown = np.array2string(value, precision=5, threshold=100)
        return f"<pre>{escape(shown)}</pre>"
    if isinstance(value, Mapping):
        return _lines([f"{escape(str(k))}: {_text(v)}" for k, v in value.items()])
    if isinstance(value, (tuple, frozenset)):
        return _lines([escape(str(v)) for v in value])
    return escape(f"{value:.6g}" if isinstance(value, float) else str(value))
