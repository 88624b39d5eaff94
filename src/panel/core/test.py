"""Test: what every test of a hypothesis returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray
from panel.core.headings import NAMES, TEST, headed, in_language
from panel.errors import VcovError
from panel.kernels.tails import chi2_above, f_above, normal_above

# A restriction whose variance is this share of what the others allow is one of them again.
_SINGULAR = 1e-12
# Of longer details the first and last rows are shown.
_ROWS = 20
_SYMBOLS = {"normal": "z", "t": "t", "F": "F", "chi2": "chi2"}


@dataclass(frozen=True, eq=False)
class Test:
    """Outcome of a test.

    Parameters
    ----------
    name : of the test.
    statistic : its value.
    p_value : probability, under the null hypothesis, of a value as extreme.
    distribution : where the p-value comes from: "chi2", "F", "t", "normal", or another in words.
    null : the null hypothesis, as a clause.
    df : degrees of freedom: one for chi2 and t, two for F, none for the normal distribution.
    alternative : "two-sided" or "one-sided" (large values), for statistics that have a sign.
    notes : what a reader must know of the sample or of the variant used.
    details : numbers behind the statistic, a row each.
    """

    __test__: ClassVar[bool] = False  # pytest takes classes called Test for its own

    name: str
    statistic: float
    p_value: float
    distribution: str
    null: str
    df: tuple[float, ...] = ()
    alternative: str = ""
    notes: tuple[str, ...] = ()
    details: pd.DataFrame | None = field(default=None, repr=False)

    @property
    def label(self) -> str:
        """Statistic and distribution as a table prints them: ``F(2, 187)``, ``chi2(2)``, ``z``."""
        symbol = _SYMBOLS.get(self.distribution, "statistic")
        return f"{symbol}({', '.join(f'{d:.6g}' for d in self.df)})" if self.df else symbol

    def rejects(self, level: float = 0.05) -> bool:
        """Whether the null hypothesis is rejected at that level."""
        return self.p_value < level

    def tidy(self) -> pd.DataFrame:
        """One row, so that several tests can be put below one another with ``pandas.concat``."""
        row = {
            "test": self.name, "statistic": self.statistic, "distribution": self.label,
            "p_value": self.p_value, "null": self.null,
        }  # fmt: skip
        return pd.DataFrame([row])

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """The details with headings in English, Chinese or Russian; without details, the row of
        :meth:`tidy`, the null hypothesis in English only.

        Raises
        ------
        DataError : another language.
        """
        if self.details is not None:
            return headed(self.details, TEST, language)
        row = self.tidy().replace({"test": in_language(NAMES, language)})
        return headed(row if language == "en" else row.drop(columns="null"), TEST, language)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain numbers, texts and lists, as JSON takes it."""
        details = None if self.details is None else self.details.reset_index().to_dict("records")
        return {
            "name": self.name, "statistic": self.statistic, "df": list(self.df),
            "p_value": self.p_value, "distribution": self.distribution, "null": self.null,
            "alternative": self.alternative, "notes": list(self.notes), "details": details,
        }  # fmt: skip

    def _result(self) -> str:
        word = f" ({self.alternative})" if self.alternative else ""
        chance = f"p = {self.p_value:.4g}" if self.p_value >= 1e-4 else "p < 0.0001"
        where = "" if self.distribution in _SYMBOLS else f", {self.distribution}"
        return f"{self.label} = {self.statistic:.5g}, {chance}{word}{where}"

    def __str__(self) -> str:
        lines = [self.name, f"  Null hypothesis: {self.null}", f"  {self._result()}"]
        lines += [f"  {note}" for note in self.notes]
        if self.details is not None:
            shown = self.details.to_string(float_format=lambda v: f"{v:.5g}", max_rows=_ROWS)
            lines += ["", shown]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        lines = [f"Null hypothesis: {self.null}", self._result(), *self.notes]
        body = "<br>".join(map(escape, lines))
        table = ""
        if self.details is not None:
            shown = self.labelled()
            table = shown.to_html(border=0, float_format=lambda v: f"{v:.5g}", max_rows=_ROWS)
        return f"<div><p><b>{escape(self.name)}</b><br>{body}</p>{table}</div>"


def chi2_test(name: str, statistic: float, df: float, null: str, **more: Any) -> Test:
    """Test whose statistic is chi-squared with ``df`` degrees of freedom."""
    p = chi2_above(statistic, df)
    return Test(name, float(statistic), p, "chi2", null, (float(df),), **more)


def f_test(name: str, statistic: float, df: Sequence[float], null: str, **more: Any) -> Test:
    """Test whose statistic is F with two degrees of freedom."""
    p = f_above(statistic, *df)
    return Test(name, float(statistic), p, "F", null, (float(df[0]), float(df[1])), **more)


def normal_test(
    name: str, statistic: float, null: str, *, alternative: str = "two-sided", **more: Any
) -> Test:
    """Test whose statistic is standard normal; two-sided, or "one-sided" against large values."""
    z = float(statistic)
    p = normal_above(z) if alternative == "one-sided" else 2 * normal_above(abs(z))
    return Test(name, z, p, "normal", null, alternative=alternative, **more)


def quadratic_form(distance: FloatArray, matrix: FloatArray, label: str) -> float:
    """``d' V^-1 d`` for d (q,) and its covariance V (q, q), whatever their scales.

    Raises
    ------
    VcovError : V is not positive definite.
    """
    size = np.sqrt(np.abs(np.diag(matrix)))
    if bool((size > 0).all()):
        unit = matrix / np.outer(size, size)
        if float(np.linalg.eigvalsh(unit)[0]) > _SINGULAR:
            t = distance / size
            return float(t @ np.linalg.solve(unit, t))
    raise VcovError(
        f"The covariance ({label}) of {len(distance)} restrictions is not positive definite.",
        variable="vcov",
        value=label,
        remedy="test fewer restrictions at once, or use a covariance with more clusters than "
        "restrictions.",
    )
