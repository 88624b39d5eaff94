"""Linear hypotheses on coefficients, written as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from panel.core.frame import FloatArray
from panel.errors import FormulaError, suggest

_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, eq=False)
class Hypothesis:
    """Restrictions ``R b = r`` on coefficients b (k,).

    Parameters
    ----------
    text : as written.
    matrix : R (q, k).
    value : r (q,).
    """

    text: str
    matrix: FloatArray
    value: FloatArray


def linear_hypothesis(text: str, names: Sequence[str]) -> Hypothesis:
    """Hypothesis from text.

    Parameters
    ----------
    text : equations of linear combinations of coefficients, ``"x1 = 0"``, ``"x1 = x2 = 0.5"``,
        ``"2*x1 - log(x2) = 1, x3 = 0"``; a combination without ``=`` is set equal to 0. Blanks do
        not matter, and a name may stand in backticks.
    names : of the k coefficients.

    Raises
    ------
    FormulaError : a name that is no coefficient, a sign out of place, or restrictions that
        contradict or repeat one another.
    """
    reader = _Reader(text, names)
    rows: list[FloatArray] = []
    for sides in reader.equations():
        sides = sides if len(sides) > 1 else [*sides, np.zeros(len(names) + 1)]
        rows += [left - sides[-1] for left in sides[:-1]]
    both = np.array(rows)
    if np.linalg.matrix_rank(both[:, :-1]) < len(rows):
        raise FormulaError(
            f"The restrictions of {text!r} contradict or repeat one another, or name no "
            "coefficient.",
            variable=text,
            remedy="write each restriction once.",
        )
    return Hypothesis(text, both[:, :-1], 0.0 - both[:, -1])


class _Reader:
    """Reads equations from left to right; a side is its coefficients (k,) and a constant."""

    def __init__(self, text: str, names: Sequence[str]) -> None:
        self.text, self.rest = text, re.sub(r"[\s`]", "", text)
        self.known = {re.sub(r"\s", "", n): j for j, n in enumerate(names)}
        self.by_length = sorted(self.known, key=len, reverse=True)

    def equations(self) -> list[list[FloatArray]]:
        """The sides of each equation."""
        found = [[self._side()]]
        while self.rest:
            if not (equals := self._take("=")) and not self._take(","):
                self._fail()
            side = self._side()
            if equals:
                found[-1].append(side)
            else:
                found.append([side])
        return found

    def _take(self, mark: str) -> bool:
        taken = self.rest.startswith(mark)
        self.rest = self.rest[len(mark) :] if taken else self.rest
        return taken

    def _side(self) -> FloatArray:
        total = np.zeros(len(self.known) + 1)
        sign = -1.0 if self._take("-") else 1.0
        while True:
            factor, column = self._term()
            total[column] += sign * factor
            if self._take("-"):
                sign = -1.0
            elif self._take("+"):
                sign = 1.0
            else:
                return total

    def _term(self) -> tuple[float, int]:
        """Factor and column of a number, a name, number*name or name*number."""
        name, number = self._name(), None
        if name is None:
            number = self._number()
            if number is None:
                self._fail()
            elif not self._take("*"):
                return number, len(self.known)
            elif (name := self._name()) is None:
                self._fail()
        elif self._take("*") and (number := self._number()) is None:
            self._fail()
        return 1.0 if number is None else number, self.known[str(name)]

    def _number(self) -> float | None:
        found = _NUMBER.match(self.rest)
        self.rest = self.rest[found.end() :] if found else self.rest
        return float(found[0]) if found else None

    def _name(self) -> str | None:
        """The longest coefficient name that stands next and ends there."""
        for name in self.by_length:
            after = self.rest[len(name) :]
            if self.rest.startswith(name) and not re.match(r"[\w.(:]", after):
                self.rest = after
                return name
        return None

    def _fail(self) -> NoReturn:
        what = re.split(r"[=,*+-]", self.rest)[0] or self.rest or "nothing"
        raise FormulaError(
            f"{what!r} in the hypothesis {self.text!r} is not a coefficient of the model.",
            variable=what,
            value=self.text,
            remedy=suggest(what, self.known) + "; write for example 'x1 = 0' or 'x1 - 2*x2 = 1'.",
        )
