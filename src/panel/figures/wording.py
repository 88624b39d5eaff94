"""The words of the figures in English, Chinese and Russian, and numbers as each prints them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import Formatter

from panel.core.column import LANGUAGES
from panel.core.frame import PanelFrame
from panel.core.unit_words import unit_words
from panel.errors import FigureError
from panel.figures.phrases import PHRASES


def checked_language(language: str) -> int:
    """Position of the language in every phrase.

    Raises
    ------
    FigureError : the figures do not speak it.
    """
    if language not in LANGUAGES:
        raise FigureError(
            f"Figures have no words in language {language!r}.",
            variable="language",
            value=language,
            remedy=f"give one of {', '.join(LANGUAGES)}.",
        )
    return LANGUAGES.index(language)


def words(key: str, language: str, **parts: Any) -> str:
    """The entry ``key`` in that language, filled in with ``parts``."""
    return PHRASES[key][checked_language(language)].format(**parts)


def variable_words(frame: PanelFrame, name: str, language: str) -> str:
    """Label of a variable with its unit in brackets."""
    checked_language(language)
    if not isinstance(name, str):
        raise FigureError(
            f"A figure of one variable cannot draw {name!r}.",
            variable="variable",
            value=name,
            remedy="name one variable or expression; draw a figure for each.",
        )
    frame[name]  # raises UnknownVariableError with suggestions
    label = frame.label(name, language)
    unit = unit_words(frame.columns[name].unit, language) if name in frame.columns else ""
    if not unit:
        return label
    unit = unit.replace(" ", "\N{NO-BREAK SPACE}")  # a unit stays on one line
    return f"{label}（{unit}）" if language == "zh" else f"{label} ({unit})"


def wrapped(text: str, width: int) -> str:
    """The text on several lines of at most ``width`` Latin letters (half as many Chinese)."""
    if len(text) + _wide(text) <= width:
        return text
    return textwrap.fill(text, width // 2 if _wide(text) > len(text) / 2 else width)


def ems(text: str) -> float:
    """Width of the text in units of the font size, roughly: DejaVu Sans, Chinese full width."""
    cyrillic = sum(0x400 <= ord(c) <= 0x52F for c in text)
    return 0.62 * len(text) + 0.38 * _wide(text) + 0.06 * cyrillic


def _wide(text: str) -> int:
    """How many characters are as wide as they are high."""
    return sum(ord(c) >= 0x2E80 for c in text)


def joined(items: list[str], language: str) -> str:
    """A list as it is written in a sentence."""
    return ("、" if language == "zh" else ", ").join(items)


def number_words(value: float, language: str, decimals: int) -> str:
    """A number as the language prints it."""
    text = f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    if language == "ru":  # narrow no-break space between thousands, comma before decimals
        text = text.replace(",", "\u202f").replace(".", ",")
    return text


def decimals_for(values: Any) -> int:
    """Decimals that leave the largest of the values three digits; at most 4."""
    finite = np.abs(pd.Series(values, dtype=float).dropna().to_numpy())
    largest = float(finite.max()) if len(finite) else 0.0
    return int(np.clip(2 - np.floor(np.log10(largest)), 0, 4)) if largest > 0 else 0


def significant(value: float, language: str, digits: int = 3) -> str:
    """A number with so many digits that count, as the language prints it."""
    if not np.isfinite(value) or value == 0:
        return number_words(value, language, 0)
    decimals = int(np.clip(digits - 1 - np.floor(np.log10(abs(value))), 0, 10))
    return number_words(value, language, decimals)


def p_words(p: float, language: str) -> str:
    """A p-value: ``p = 0.043``, ``p < 0.001``."""
    if p < 0.001:
        return f"p < {number_words(0.001, language, 3)}"
    return f"p = {number_words(p, language, 3)}"


class NumberTicks(Formatter):
    """Numbers of an axis as the language prints them, all with the same decimals."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Text of every tick, with the fewest decimals that move none of them."""
        ticks = np.asarray(values, dtype=float)
        # A millionth of their distance is rounding of the axis, not a decimal to print.
        close = 1e-6 * np.ptp(ticks) / max(len(ticks) - 1, 1)
        exact = (d for d in range(10) if not (np.abs(ticks - ticks.round(d)) > close).any())
        decimals = next(exact, 10)
        return [number_words(tick, self.language, decimals) for tick in ticks]

    def __call__(self, value: float, pos: int | None = None) -> str:  # noqa: ARG002
        """Text of one tick, where matplotlib asks for one."""
        return self.format_ticks([value])[0]
