"""A result as a few lines of text or HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from panel.core.estimate import Estimate
    from panel.core.frame import FloatArray


@dataclass(frozen=True)
class Summary:
    """Summary of a model.

    Parameters
    ----------
    head : lines above the coefficients.
    coefficients : one row a coefficient.
    foot : lines below them.
    """

    head: tuple[str, ...]
    coefficients: pd.DataFrame
    foot: tuple[str, ...]

    def __str__(self) -> str:
        body = self.coefficients.to_string(float_format=lambda v: f"{v:.5g}")
        shown = [body, ""] if len(self.coefficients) else []  # fixed effects alone have none
        return "\n".join([*self.head, "", *shown, *self.foot])

    def __repr__(self) -> str:
        return str(self)

    def as_text(self) -> str:
        """The summary as text (statsmodels' name for it)."""
        return str(self)

    def _repr_html_(self) -> str:
        lines = ["<br>".join(escape(line) for line in part) for part in (self.head, self.foot)]
        some = len(self.coefficients) > 0
        body = html_table(self.coefficients, float_format=lambda v: f"{v:.5g}") if some else ""
        return f"<div><p>{lines[0]}</p>{body}<p>{lines[1]}</p></div>"


def html_table(table: pd.DataFrame, **options: Any) -> str:
    """A DataFrame as HTML with text on the left; notebooks put every cell on the right.

    ``options`` are those of ``DataFrame.to_html``.
    """
    html = str(table.to_html(border=0, **options))
    left = [not pd.api.types.is_numeric_dtype(t) for t in table.dtypes]
    if table.columns.nlevels > 1 or not any(left):
        return html
    head, body = html.split("<tbody>")
    names, row = head.split("</tr>", 1)
    keys = names.count("<th>") - len(left)  # cells over the index
    return f"{_aligned(names, 'th', [False] * keys + left)}</tr>{row}<tbody>" + _aligned(
        body, "td", left
    )


def _aligned(html: str, tag: str, left: Sequence[bool]) -> str:
    """The cells of rows with those on the left that shall be."""
    places = cycle(left)
    aligned = {True: f'<{tag} style="text-align: left">', False: f"<{tag}>"}
    return re.sub(f"<{tag}>", lambda _: aligned[next(places)], html)


def summarise(estimate: Estimate) -> Summary:
    """Summary of an estimate."""
    stats, cov = estimate.stats, estimate.cov
    clusters = ", ".join(f"{g} {name}" for name, g in cov.clusters.items())
    head = (
        f"{estimate.method}: {estimate.formula}",
        f"n = {estimate.nobs}; standard errors {cov.label}"
        + (f" ({clusters} clusters)" if clusters else "")
        + f"; t with {_spread(cov.df)} degrees of freedom",
    )
    table = estimate.tidy().set_index("term").rename_axis(None)
    shown = {"R²": "rsquared", "adjusted": "rsquared_adj"}
    if estimate.fixed_effects:
        shown["within"] = "rsquared_within"
    shown["pseudo R²"] = "rsquared_pseudo"  # of models without a residual sum of squares
    known = {word: stats.get(key, np.nan) for word, key in shown.items()}
    fit = [f"{word} = {value:.4f}" for word, value in known.items() if np.isfinite(value)]
    wald = f"F = {estimate.fvalue:.4g} (p = {estimate.f_pvalue:.4g}) that all slopes are zero"
    slopes = set(estimate.names) - {"(Intercept)"}
    foot = (*(["; ".join(fit)] if fit else []), *([wald] if slopes else []), *estimate.notes)
    return Summary(head, table, foot)


def _spread(values: float | FloatArray) -> str:
    low, high = float(np.min(values)), float(np.max(values))
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"
