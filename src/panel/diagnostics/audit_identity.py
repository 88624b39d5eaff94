"""Arithmetic that must come out: ``gdp = primary + secondary + tertiary``, within rounding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any

import numpy as np

from panel.core.expression import Name, Node, names_in, parse_expression
from panel.core.frame import PanelFrame
from panel.core.lineage_words import shown
from panel.core.precision import as_printed
from panel.diagnostics.audit_finding import Finding, Teller
from panel.diagnostics.audit_ranges import (
    Leaf,
    Ranges,
    apart,
    exchanged_digits,
    leaves_of,
    ranges,
    unit_of,
    with_lags_named,
)
from panel.errors import FormulaError, UnknownVariableError

_RELATION = re.compile(r"(?<![<>=!])(<=|>=|=)(?!=)")
_POWERS = tuple(10.0 ** (sign * k) for k in range(1, 10) for sign in (1, -1))
_MOST_READ = 50  # cells whose digits are exchanged one by one: more are no slips of the pen


@dataclass(frozen=True)
class Identity:
    """A rule: one side of the relation equals the other, or is at most or at least as large.

    A printed figure stands for all numbers that are printed like it, so each side has a range; a
    finding is made where the ranges do not meet. Zeros at the end are not known to a panel, so
    4528 is taken as printed to the unit even where its column has decimals.

    Parameters
    ----------
    text : two expressions of variables with ``=``, ``<=`` or ``>=`` between them, such as
        ``"share = va / gdp"`` or ``"growth = 100 * gdp / L(gdp)"``; ``L(x)`` is last year's figure,
        ``L(x, 3)`` that of three years ago. Units are minded.
    within : relative difference that is allowed beside rounding (0.01 for one percent).

    Raises
    ------
    FormulaError : no relation, or an expression outside the grammar.
    """

    text: str
    within: float = 0.0

    def __post_init__(self) -> None:
        sides = _RELATION.split(self.text)
        if len(sides) != 3 or not all(side.strip() for side in sides):
            raise FormulaError(
                f"{self.text!r} is no relation between two expressions.",
                variable=self.text,
                remedy='write for instance "gdp = primary + secondary + tertiary".',
            )
        if not 0 <= self.within < inf:
            raise FormulaError(
                f"{self.text!r}: the tolerance {self.within!r} is no share.",
                variable=self.text,
                value=self.within,
                remedy="write within=0.01 for one percent.",
            )
        left, _, right = self._sides
        if not names_in(left) | names_in(right):
            raise FormulaError(
                f"{self.text!r} has no variable.", variable=self.text, remedy="name one."
            )

    @cached_property
    def _sides(self) -> tuple[Node, str, Node]:
        left, relation, right = _RELATION.split(self.text)
        trees = (with_lags_named(parse_expression(side.strip())) for side in (left, right))
        return next(trees), relation, next(trees)

    def __call__(self, frame: PanelFrame) -> Iterator[Finding]:
        """A finding for each region and year in which it does not hold.

        Raises
        ------
        UnknownVariableError, NotNumericError : a variable that is not there, or is text.
        UnitError : the two sides do not measure the same.
        """
        left_tree, _, right_tree = self._sides
        leaves = leaves_of(names_in(left_tree) | names_in(right_tree), frame)
        unit = unit_of(left_tree, leaves, len(frame))
        left, right = (ranges(t, leaves, unit, len(frame)) for t in (left_tree, right_tree))
        there = np.isfinite(left.mid) & np.isfinite(right.mid)
        wrong = np.flatnonzero(there & ~self._holds(left, right))
        tell = Teller(frame, self._about(frame))
        for row in wrong:
            hint = self._hint(int(row), left, right, leaves, unit, len(wrong))
            yield self._finding(int(row), tell, left, right, unit, hint)

    def _about(self, frame: PanelFrame) -> str:
        """The variable that a finding is filed under: the first of the left side."""
        left, _, right = self._sides
        names = [n.partition("@")[0] for side in (left, right) for n in sorted(names_in(side))]
        known = [name for name in names if name in frame.columns]
        if not known:
            raise UnknownVariableError(
                f"{self.text!r} has only keys of the panel.",
                variable=self.text,
                remedy="name a variable.",
            )
        return known[0]

    def _finding(
        self, row: int, tell: Teller, left: Ranges, right: Ranges, unit: str,
        hint: tuple[str, dict[str, str]],
    ) -> Finding:  # fmt: skip
        low, high = right.low[row], right.high[row]
        slack = (high - low + left.high[row] - left.low[row]) / 2
        slack += float(apart(left.mid[row], right.mid[row]))
        name = self._sides[0]
        own = {} if isinstance(name, Name) and "@" not in name.name else {"label": self._left_text}
        return tell.find(
            "identity", tell.frame.table.index[row], left.mid[row], right.mid[row],
            abs(left.mid[row] - right.mid[row]) / slack if slack else inf,
            rule=str(self), bounds=f"{_short(low)} .. {_short(high)}",
            unit=unit, hint=hint[0], **own, **hint[1],
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.text} (within {100 * self.within:g} %)" if self.within else self.text

    @property
    def _left_text(self) -> str:
        return _RELATION.split(self.text)[0].strip()

    def _holds(self, left: Ranges, right: Ranges) -> Any:
        """Whether the relation may hold (n,)."""
        slack = self.within * np.abs(right.mid) + apart(left.mid, right.mid)
        above, below = left.low <= right.high + slack, left.high >= right.low - slack
        return {"<=": above, ">=": below, "=": above & below}[self._sides[1]]

    def _hint(
        self, row: int, left: Ranges, right: Ranges, leaves: Mapping[str, Leaf], unit: str,
        many: int,
    ) -> tuple[str, dict[str, str]]:  # fmt: skip
        """What would make it hold: a power of ten, or two digits of one figure exchanged."""
        if self._sides[1] != "=":
            return "more", {}
        if self.within:  # then many figures would do
            return "", {}
        scaled = (Ranges(right.low[[row]] * p, right.mid[[row]] * p, right.high[[row]] * p)
                  for p in _POWERS)  # fmt: skip
        mine = Ranges(left.low[[row]], left.mid[[row]], left.high[[row]])
        if left.mid[row] * right.mid[row] > 0 and any(self._holds(mine, s)[0] for s in scaled):
            return "power", {}
        if many > _MOST_READ:
            return "", {}
        fits = []
        for name, leaf in leaves.items():
            for printed, other in exchanged_digits(float(leaf.values[row])):
                here = {n: v.at(row, float(v.values[row])) for n, v in leaves.items()}
                here[name] = leaf.at(row, other)
                sides = [ranges(tree, here, unit, 1) for tree in self._sides[::2]]
                if self._holds(*sides)[0]:
                    fits.append((f"{as_printed(float(leaf.values[row])):f}", printed))
        if len(fits) != 1:
            return "", {}
        return "digits", {"was": fits[0][0], "instead": fits[0][1]}


def _short(value: float) -> str:
    """A number with seven digits at most."""
    return shown(float(f"{value:.7g}"))
