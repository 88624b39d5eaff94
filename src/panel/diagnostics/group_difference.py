"""Do coefficients differ between groups of rows: East and West, before and after?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from panel.core.absorber import IntArray
from panel.core.build import build
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.expression import Name, parse_expression
from panel.core.formula import parse
from panel.core.frame import PanelFrame
from panel.core.least_squares import fit
from panel.core.terms import columns_of, numbers
from panel.core.test import Test
from panel.diagnostics.hypotheses import wald
from panel.diagnostics.residuals import require_levels
from panel.errors import EstimationError, FormulaError, suggest

_INTERCEPT = "(Intercept)"
_EFFECTS = ("own", "common")


@dataclass(frozen=True, eq=False)
class Grouping:
    """Groups of the rows of an estimate.

    Parameters
    ----------
    name : of the variable, or the condition.
    labels : of the groups, sorted.
    codes : (n,) the group of each row.
    frame : the data, with the condition as a variable.
    """

    name: str
    labels: tuple[str, ...]
    codes: IntArray
    frame: PanelFrame


def grouping(estimate: Estimate, by: str) -> Grouping:
    """The groups of an estimate's rows.

    Parameters
    ----------
    by : a variable, or a condition such as ``"year >= 2015"`` with the groups 0 and 1.

    Raises
    ------
    FormulaError : not a variable and not a condition, or not groups of rows.
    EstimationError : missing for rows used.
    """
    design, frame = estimate.design, estimate.design.frame
    keys = (frame.unit, frame.time)
    if not isinstance(by, str):
        raise FormulaError(
            f"Groups are given by the name of a variable, not by {type(by).__name__}.",
            variable="by", value=by, remedy='write by="zone" or by="year >= 2015".',
        )  # fmt: skip
    if by not in frame and by not in keys:
        if isinstance(parse_expression(by), Name):
            raise FormulaError(
                f"{by!r} is not a variable of the data.", variable=by,
                remedy=suggest(by, [*frame.names, *keys]),
            )  # fmt: skip
        frame = frame.assign(**{by: numbers(by, frame)})
    values = frame[by].iloc[design.rows]
    if bool(values.isna().any()):
        raise EstimationError(
            f"{by!r} is missing for {int(values.isna().sum())} of the rows used.",
            variable=by, remedy="complete it, or leave these rows out by sample=.",
        )  # fmt: skip
    levels = sorted(values.unique())
    if not 2 <= len(levels) <= len(values) // 2:
        raise FormulaError(
            f"{by!r} has {len(levels)} different values in the {len(values)} rows used, which are "
            "no groups to compare.",
            variable=by, value=len(levels), remedy="give a variable of two or more groups of rows.",
        )  # fmt: skip
    place = {level: g for g, level in enumerate(levels)}
    codes = values.map(place).to_numpy(dtype=np.int64)
    return Grouping(by, tuple(map(_shown, levels)), codes, frame)


def _shown(level: Any) -> str:
    whole = isinstance(level, (float, np.floating)) and float(level).is_integer()
    return str(int(level)) if whole else str(level)


def interacted(
    estimate: Estimate,
    by: str,
    *,
    terms: Iterable[str] | None = None,
    effects: str = "own",
) -> Estimate:
    """The model with coefficients of its own for each group, estimated in one regression.

    With everything interacted the coefficients are those of a regression for each group, and
    their joint covariance is any covariance of least squares.

    Parameters
    ----------
    estimate : by ``panel.ols`` or ``panel.pooled``, of all groups together.
    by : a variable of groups, or a condition such as ``"year >= 2015"`` (groups 0 and 1).
    terms : coefficients that differ between groups; all, if left out. The others are common.
    effects : fixed effects (and the constant) are each group's "own", or "common".

    Returns
    -------
    Estimate with the covariance of ``estimate``; the coefficient of x in the East is called
    ``zone::East:x``, its constant ``zone::East``.

    Raises
    ------
    FormulaError : ``by`` has no groups, or a term is no coefficient.
    EstimationError : not plain least squares, or ``by`` is missing for rows used.
    """
    require_levels(estimate, "A comparison of groups")
    return _interacted(estimate, grouping(estimate, by), terms, effects)[0]


def chow(
    estimate: Estimate,
    by: str,
    *,
    terms: Iterable[str] | None = None,
    effects: str = "own",
    distribution: str = "F",
) -> Test:
    """Chow's test that groups have the same coefficients, by any covariance.

    The model is estimated with coefficients of their own for each group (:func:`interacted`), and
    a Wald test compares them. With iid errors this is Chow's F statistic; with ``panel.cluster``
    it is the robust form, which allows for variances that differ between groups.

    Parameters
    ----------
    estimate : by ``panel.ols`` or ``panel.pooled``, of all groups together. Its covariance is used.
    by : a variable of groups, or a condition such as ``"year >= 2015"``.
    terms : coefficients to compare; all, the constant among them, if left out. The others are
        common to the groups.
    effects : fixed effects (and the constant) are each group's "own", as in separate regressions,
        or "common".
    distribution : "F" or "chi2", as for :func:`panel.wald`.

    Returns
    -------
    Test, whose details have a row for each coefficient: its value in each group and the test of
    that coefficient alone; for two groups also the difference, first less second, and its
    standard error. A coefficient that a group does not identify is left out, and a note says so.

    Raises
    ------
    FormulaError : ``by`` has no groups, or a term is no coefficient.
    EstimationError : not plain least squares, or no coefficient that two groups identify.
    VcovError : the covariance has too little rank, as with fewer clusters than restrictions.

    References
    ----------
    Chow (1960), Econometrica 28; Wooldridge (2010), Econometric Analysis of Cross Section and
    Panel Data, section 4.2.
    """
    require_levels(estimate, "A Chow test")
    groups = grouping(estimate, by)
    whole, names = _interacted(estimate, groups, terms, effects)
    restrictions: list[str] = []
    rows: dict[str, dict[str, float]] = {}
    for term, columns in names.items():
        there = [c for c in columns if c in whole.names]
        equal = [f"`{there[0]}` = `{other}`" for other in there[1:]]
        if equal:
            alone = wald(whole, equal, distribution=distribution)
            rows[term] = _row(whole, columns, groups.labels, alone)
            restrictions += equal
    if not restrictions:
        raise EstimationError(
            f"No coefficient is identified in two groups of {by!r}.", variable=by,
            remedy='use fewer groups, or effects="common".',
        )  # fmt: skip
    joint = wald(whole, restrictions, distribution=distribution)
    lost = [c for columns in names.values() for c in columns if c not in whole.names]
    notes = (*joint.notes, f"Not identified: {', '.join(lost)}.") if lost else joint.notes
    null = f"the groups of {by} have the same coefficient{'s'[: len(rows) - 1]} of "
    details = pd.DataFrame.from_dict(rows, orient="index")
    return replace(
        joint, name="Chow test", null=null + ", ".join(rows), notes=notes, details=details
    )


def _row(
    whole: Estimate, columns: list[str], labels: tuple[str, ...], test: Test
) -> dict[str, float]:
    """A coefficient by group, and the test that these are equal."""
    values = {
        label: float(whole.params[c]) if c in whole.names else float("nan")
        for label, c in zip(labels, columns, strict=True)
    }
    if len(labels) == 2 and test.details is not None:
        difference, std_error = test.details.iloc[0]
        values |= {"difference": float(difference), "std_error": float(std_error)}
    return values | {"statistic": test.statistic, "p_value": test.p_value}


def _interacted(
    estimate: Estimate, groups: Grouping, terms: Iterable[str] | None, effects: str
) -> tuple[Estimate, dict[str, list[str]]]:
    """The interacted estimate, and the names by group of each coefficient that may differ."""
    if effects not in _EFFECTS:
        raise FormulaError(
            f"Effects cannot be {effects!r}.", variable="effects", value=effects,
            remedy=suggest(str(effects), _EFFECTS),
        )  # fmt: skip
    spec, by = estimate.design.spec, str(Name(groups.name))
    chosen = _chosen(estimate, terms)
    x: list[str] = []
    names: dict[str, list[str]] = {}
    if effects == "own" or not spec.intercept:
        x.append("0")
    if effects == "own" and spec.intercept:
        x.append(f"i({by})")
        names[_INTERCEPT] = [f"{groups.name}::{label}" for label in groups.labels]
    levels = [_shown(v) for v in sorted(groups.frame[groups.name].dropna().unique())]
    used = [levels.index(label) for label in groups.labels]  # i() knows those of other rows too
    for term in spec.terms:
        made = list(columns_of(term, groups.frame))
        if not set(made) & chosen:
            x.append(term)
            continue
        x.append(f"i({by}):({term})")
        products = np.array(list(columns_of(parse(f"y ~ {x[-1]}").x[0], groups.frame)))
        by_group = products.reshape(-1, len(made))[used]
        names |= {name: by_group[:, j].tolist() for j, name in enumerate(made)}
    absorb = [f"{by}^{a}" if effects == "own" else a for a in spec.absorb]
    text = f"{spec.y} ~ {' + '.join(x) or '1'} | {' + '.join(absorb) or '0'}"
    new = parse(text).with_(spec.weights, spec.sample)
    design = build(new, groups.frame, needs=estimate.vcov.needs)
    return _fitted(estimate, design), {n: c for n, c in names.items() if n in chosen}


def _chosen(estimate: Estimate, terms: Iterable[str] | None) -> set[str]:
    chosen = set(estimate.names if terms is None else (terms,) if isinstance(terms, str) else terms)
    for term in sorted(chosen - set(estimate.names)):
        raise FormulaError(
            f"{term!r} is not a coefficient of the model.", variable=term,
            remedy=suggest(term, estimate.names),
        )  # fmt: skip
    if not chosen:
        raise FormulaError(
            "There is no coefficient to compare.", variable="terms", remedy='give terms=["x"].'
        )
    return chosen


def _fitted(estimate: Estimate, design: Design) -> Estimate:
    """Least squares of another design, with the method and covariance of ``estimate``."""
    # R-squared is about the mean where the model's is: its constant may be one a group here.
    fitted = fit(replace(design, spec=estimate.design.spec), estimate.vcov)
    return replace(fitted, design=design, method=estimate.method)
