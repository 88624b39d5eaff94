"""Estimates from several samples or of several outcomes as one, with their joint covariance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.scores import Scores
from panel.core.vcov import Vcov, as_vcov
from panel.diagnostics.residuals import require_estimate, unsuited
from panel.errors import EstimationError, VcovError

_VERB = "A joint estimate"


def suest(
    estimates: Mapping[str, Estimate], *, vcov: Vcov | str | Mapping[str, str] | None = None
) -> Estimate:
    """Several estimates as one, with the covariances between them (seemingly unrelated estimation).

    The influence functions of all estimates are put side by side; a row that an estimate does not
    use contributes nothing to it. A covariance of them is that of all coefficients at once,
    whether the samples are apart (East and West), the same (two outcomes) or overlap, and whatever
    the estimators are: ``panel.wald(joint, "East:x = West:x")``.

    Parameters
    ----------
    estimates : by name, for instance ``{"East": m1, "West": m2}``; by any estimators whose
        observations are rows, from one panel or parts of it.
    vcov : a covariance of influence functions, ``panel.cluster("province")``; the one all
        estimates have, if left out. ``with_vcov`` changes it later.

    Returns
    -------
    Estimate with coefficients called ``East:x``. Its outcome and residuals are, row by row, those
    of the first estimate that uses the row.

    Notes
    -----
    Small samples: one parameter is counted, so that ``cluster`` multiplies by G/(G - 1), G the
    clusters of all samples together, and ``hetero("HC1")`` by n/(n - 1), as Stata's ``suest`` does.
    ``cluster(..., small="none")`` and ``hetero("HC0")`` have no factor. :func:`panel.chow` is the
    same comparison in one regression, whose factor counts all parameters. Under ``iid`` an
    estimate has its own classical covariance; between estimates that share rows stand sums of
    products of their influence functions.

    Raises
    ------
    EstimationError : fewer than two estimates, observations that are means over years, or panels
        that contradict one another.
    VcovError : no covariance given where those of the estimates differ; a covariance that needs
        residuals or leverage (when computed).

    References
    ----------
    White (1982), Econometrica 50; Weesie (1999), Stata Technical Bulletin 52, sg121.
    """
    if not isinstance(estimates, Mapping) or len(estimates) < 2:
        raise EstimationError(
            f"{_VERB} needs two estimates with names.", variable="estimates",
            remedy='write panel.suest({"East": m1, "West": m2}).',
        )  # fmt: skip
    models = list(estimates.values())
    for model in models:
        if require_estimate(model, _VERB).design.observations is not None:
            raise unsuited(_VERB, model, "whose observations are means over years")
    covariance = _common(models) if vcov is None else as_vcov(vcov)
    frame = _frame(models)
    places = [_places(frame, model) for model in models]
    rows = np.unique(np.concatenate(places))
    places = [np.searchsorted(rows, p) for p in places]
    ends = np.cumsum([0, *(len(m.names) for m in models)])
    influence = np.zeros((len(rows), int(ends[-1])))
    for model, at, start, end in zip(models, places, ends[:-1], ends[1:], strict=True):
        influence[at, start:end] = model.influence
    design, residuals = _design(models, frame, rows, places)
    return Estimate(
        names=tuple(f"{name}:{term}" for name, m in estimates.items() for term in m.names),
        coef=np.concatenate([m.coef for m in models]),
        scores=Scores(influence),
        classical=_classical(models, influence, ends),
        vcov=covariance,
        design=design,
        residuals=residuals,
        stats=_stats(models, design),
        method="Joint estimate",
    )


def _common(models: list[Estimate]) -> Vcov:
    """The covariance all estimates have."""
    first = models[0].vcov
    for other in (m.vcov for m in models[1:]):
        if type(other) is not type(first) or dict(other.settings) != dict(first.settings):
            raise VcovError(
                "The estimates have different covariances.", variable="vcov",
                value=(first.settings, other.settings),
                remedy='give one for all: vcov=panel.cluster("province").',
            )  # fmt: skip
    return first


def _frame(models: list[Estimate]) -> PanelFrame:
    """One panel with the rows and variables of all estimates."""
    frames = list({id(m.design.frame): m.design.frame for m in models}.values())
    first, table = frames[0], frames[0].table
    columns = dict(first.columns)
    for other in frames[1:]:
        if (other.unit, other.time) != (first.unit, first.time):
            raise EstimationError(
                f"The estimates are from panels of ({first.unit}, {first.time}) and "
                f"({other.unit}, {other.time}).",
                variable="estimates", value=(other.unit, other.time),
                remedy="give the keys of both panels the same names.",
            )  # fmt: skip
        _agree(table, other.table)
        table = table.combine_first(other.table)
        columns = dict(other.columns) | columns
    return first if len(frames) == 1 else PanelFrame(
        table, first.unit, first.time, {c: columns[c] for c in table.columns}, first.name
    )  # fmt: skip


def _agree(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Stop where two panels have different figures in the same row and column."""
    rows = one.index.intersection(other.index)
    for name in one.columns.intersection(other.columns):
        a, b = one.loc[rows, name], other.loc[rows, name]
        different = (a != b) & ~(a.isna() & b.isna())
        if bool(different.any()):
            unit, year = different.index[int(np.argmax(different.to_numpy()))]
            raise EstimationError(
                f"The panels of the estimates have different figures of {name!r}, first for "
                f"{unit}, {year}.",
                variable=str(name), value=(unit, year),
                remedy="estimate all from one panel, with sample= for its parts.",
            )  # fmt: skip


def _places(frame: PanelFrame, model: Estimate) -> IntArray:
    """Positions (n,) in the joint panel of the rows an estimate uses."""
    if frame is model.design.frame:
        return model.design.rows
    return np.asarray(frame.table.index.get_indexer(model.design.index), dtype=np.int64)


def _design(
    models: list[Estimate], frame: PanelFrame, rows: IntArray, places: list[IntArray]
) -> tuple[Design, FloatArray]:
    """Design of one parameter, which is all that a small-sample factor counts; residuals (n,)."""
    y, residuals = np.zeros(len(rows)), np.zeros(len(rows))
    for model, at in zip(reversed(models), reversed(places), strict=True):
        y[at], residuals[at] = model.design.y, model.residuals
    specs = [m.design.spec for m in models]
    spec = Spec(specs[0].y, tuple(dict.fromkeys(t for s in specs for t in s.terms)))
    ones = np.ones(len(rows))
    dropped = tuple(dict.fromkeys(d for m in models for d in m.design.dropped if d.column))
    design = Design(
        spec, frame, rows, ("(Intercept)",), y, (ones,), None, None, y, ones[:, None], dropped
    )
    return design, residuals


def _classical(models: list[Estimate], influence: FloatArray, ends: IntArray) -> FloatArray:
    """Covariance (k, k) under ``iid``."""
    whole = influence.T @ influence
    for model, start, end in zip(models, ends[:-1], ends[1:], strict=True):
        whole[start:end, start:end] = model.classical
    return whole


def _stats(models: list[Estimate], design: Design) -> dict[str, Any]:
    nan = float("nan")
    units = design.frame.unit_codes[design.rows]
    return {
        "nobs": design.n, "df_resid": design.n - 1, "df_model": sum(len(m.names) for m in models),
        "rsquared": nan, "rsquared_adj": nan, "rsquared_within": nan,
        "n_units": len(np.unique(units)), "n_times": len(np.unique(design.time_numbers)),
    }  # fmt: skip
