"""Beta convergence among neighbours: growth regressions with spatial lags and errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from panel.core.build import checked
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray, PanelFrame
from panel.core.labels import Label
from panel.core.least_squares import criteria
from panel.core.scores import Inseparable
from panel.core.spatial_weights import SpatialWeights, matrix_weights
from panel.core.vcov import as_vcov
from panel.errors import ConvergenceError, DegreesOfFreedomError, EstimationError, suggest
from panel.inequality.beta import BetaConvergence, growth_design
from panel.inequality.wording import as_html, as_text, headed, titled
from panel.kernels import spatial_likelihood as kernel
from panel.kernels.lstsq import least_squares

Model = Literal["lag", "error", "durbin", "durbin_error"]
_METHODS = {
    "lag": "Spatial lag (ML)", "error": "Spatial error (ML)",
    "durbin": "Spatial Durbin (ML)", "durbin_error": "Spatial Durbin error (ML)",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class SpatialConvergence:
    """A growth regression with spatial terms, and what it says of convergence.

    Parameters
    ----------
    beta : the regression, with the speed and the half-life that its coefficient on the initial
        level implies.
    impacts : by regressor x "direct(x)", "indirect(x)" and "total(x)", means over regions, by the
        delta method; without "indirect(x)" where the model has none.
    weights : of the regions used, in their order.
    """

    beta: BetaConvergence
    impacts: Estimate
    weights: SpatialWeights

    @property
    def estimate(self) -> Estimate:
        """The regression; its last coefficient is "rho" of the lag or "lambda" of the error."""
        return self.beta.estimate

    @property
    def speed(self) -> Estimate:
        """Speed of convergence by the coefficient: see :attr:`BetaConvergence.speed`."""
        return self.beta.speed

    @property
    def half_life(self) -> Estimate:
        """Half-life by the coefficient: see :attr:`BetaConvergence.half_life`."""
        return self.beta.half_life

    def by_impact(self, impact: Literal["direct", "total"]) -> BetaConvergence:
        """Convergence by an impact of the initial level in place of its coefficient.

        The direct one closes a gap of a region with all others, what comes back from its
        neighbours included; the total one a gap that it shares with them.

        Raises
        ------
        EstimationError : another impact.
        """
        if impact not in ("direct", "total"):
            raise EstimationError(
                f"There is no convergence by {impact!r}.", variable="impact", value=impact,
                remedy='give "direct" or "total".',
            )  # fmt: skip
        return BetaConvergence(self.impacts, f"{impact}({self.beta.term})", self.beta.periods)

    @property
    def df(self) -> pd.DataFrame:
        """Coefficient, rho or lambda, speed, half-life and impacts of the initial level with
        errors; missing where undefined."""
        every = self.estimate.tidy().set_index("term")
        impacts = self.impacts.tidy().set_index("term")
        named = {f"{i}({self.beta.term})": f"{i}_impact" for i in ("direct", "indirect", "total")}
        rows = [self.beta.df.iloc[:1], every.iloc[-1:], self.beta.df.iloc[1:]]
        return pd.concat([*rows, impacts.reindex(list(named)).rename(named)]).rename_axis("term")

    @property
    def title(self) -> Label:
        """What a table of it is called, in three languages."""
        return titled("spatial beta")

    def tidy(self) -> pd.DataFrame:
        """:attr:`df` with the terms as a column."""
        return self.df.reset_index()

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:attr:`df` with headings in English ("en"), Chinese ("zh") or Russian ("ru")."""
        named = headed(self.df.T, language).T
        term = self.beta.term
        return headed(named.rename({term: self.estimate.label(term, language)}), language)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of model, weights and sample."""
        first, *others = self.beta.notes
        s = self.estimate.stats
        return (
            f"{self.estimate.method}. {first}", f"Weights: {self.weights}.",
            f"Log-likelihood {s['loglik']:.6g}, AIC {s['aic']:.6g}; of least squares with the same "
            f"regressors {s['loglik_ols']:.6g} and {s['aic_ols']:.6g}.",
            *others,
        )  # fmt: skip

    def __str__(self) -> str:
        return as_text(str(self.title), self.df, self.notes)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(str(self.title), self.labelled(), self.notes)


def spatial_convergence(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    weights: SpatialWeights | pd.DataFrame,
    *,
    model: Model = "lag",
    controls: Sequence[str] = (),
    effects: Sequence[str] = (),
    sample: str | None = None,
) -> SpatialConvergence:
    """Growth from the first to the last year on the initial level, with spatial dependence.

    With y growth a year, X a constant, the initial log level and the controls, W the weights and e
    normal and independent with one variance: "lag" is ``y = rho W y + X b + e``; "error" is
    ``y = X b + u, u = lambda W u + e``; "durbin" and "durbin_error" are these with the neighbours'
    level and controls ``W x`` added. Maximum likelihood, with the determinant from the eigenvalues
    of W; which model, :func:`panel.spatial_tests` on ``beta_convergence(...).estimate`` helps to
    choose.

    Parameters
    ----------
    frame : a PanelFrame, or a DataFrame with a (unit, time) index.
    variable : an expression of positive values; its logarithm is taken here.
    weights : of regions as the frame names them, in any order; those of regions without figures
        are left out, and rows standardised anew.
    model : "lag", "error", "durbin" or "durbin_error".
    controls : expressions of numbers, each read in the first year.
    effects : groups of regions, ``["zone"]``, each with a dummy; these are not lagged in space.
    sample : condition; growth is from the first to the last year that it leaves.

    Returns
    -------
    SpatialConvergence. Its ``estimate`` has the inverse information as covariance (iid) and no
    other: a spatial lag's score is no sum over regions, and with errors of different variance the
    estimator is not consistent. ``stats`` has loglik, aic, bic, loglik_ols, aic_ols (least squares
    with the same regressors), variance (of e, over n) and as rsquared the squared correlation of
    the outcome and its expectation given X.

    Raises
    ------
    UnknownRegionError : a region without weights.
    DataError : a region without a neighbour; a value that is not positive.
    CalendarError : one year only.
    EstimationError : another model.
    ConvergenceError : no maximum inside the interval of rho, as where the fit is exact or all
        regions are equally near.
    FormulaError, UnknownVariableError, NotNumericError, EmptySampleError, AbsorbedError,
    DegreesOfFreedomError : each names the term and what to do.

    References
    ----------
    Ord (1975), J. American Statistical Association 70; Anselin (1988), Spatial Econometrics:
    Methods and Models; Rey and Montouri (1999), Regional Studies 33; LeSage and Pace (2009),
    Introduction to Spatial Econometrics, for impacts.
    """
    if model not in get_args(Model):
        raise EstimationError(
            f"There is no spatial model {model!r}.", variable="model", value=model,
            remedy=suggest(str(model), get_args(Model)),
        )  # fmt: skip
    design, span = growth_design(frame, variable, controls=controls, dummies=effects, sample=sample)
    given = weights if isinstance(weights, SpatialWeights) else matrix_weights(weights)
    w = given.select(design.index.get_level_values(0))
    if model.startswith("durbin"):
        design = _with_neighbours(design, w)
    estimate, roots = _fitted(design, w, model)
    impacts = _impacts(estimate, w, roots, moves="rho" in estimate.names)
    return SpatialConvergence(BetaConvergence(estimate, design.spec.terms[0], span), impacts, w)


def _with_neighbours(design: Design, w: SpatialWeights) -> Design:
    """The design with ``W x`` of its regressors but for constant and dummies."""
    own = [j for j, name in enumerate(design.names) if _lagged(name)]
    names = (*design.names, *(f"W({design.names[j]})" for j in own))
    x = np.column_stack([design.X, w.lag(design.X[:, own])])
    return checked(replace(design, names=names, columns=tuple(x.T), X_within=x))


def _lagged(name: str) -> bool:
    return name != "(Intercept)" and "::" not in name


def _fitted(design: Design, w: SpatialWeights, model: Model) -> tuple[Estimate, kernel.Spectrum]:
    """The estimate by maximum likelihood."""
    n, k = design.n, len(design.names)
    if n <= k + 1:
        raise DegreesOfFreedomError(
            f"{n} regions cannot carry {k + 1} parameters.", variable=design.spec.y, value=n,
            remedy="use fewer controls.",
        )  # fmt: skip
    roots = kernel.spectrum(w.raw, w.standardised)
    lag = model in ("lag", "durbin")
    found = (kernel.lag_model if lag else kernel.error_model)(design.y, design.X, w.matrix, roots)
    if found is None:
        raise ConvergenceError(
            f"The likelihood has no maximum with rho between {roots.low:.4g} and {roots.high:.4g}.",
            variable=design.spec.y, value=(roots.low, roots.high),
            remedy="use weights by which regions have different neighbours, and regressors that "
            "do not explain growth completely.",
        )  # fmt: skip
    mean = design.X @ found.coef
    if lag:
        mean = np.asarray(np.linalg.solve(np.eye(n) - found.rho * w.matrix, mean))
    return Estimate(
        names=(*design.names, "rho" if lag else "lambda"),
        coef=np.append(found.coef, found.rho),
        scores=Inseparable(_METHODS[model]),
        classical=found.covariance,
        vcov=as_vcov(None),
        design=design,
        residuals=found.innovations,
        stats=_stats(design, found, mean),
        method=_METHODS[model],
        mapped=True,
    ), roots


def _stats(design: Design, found: kernel.SpatialFit, mean: FloatArray) -> dict[str, float]:
    n, k, nothing = design.n, len(design.names), float("nan")
    plain = least_squares(design.X, design.y, None).residual
    loglik_ols = float(-n / 2 * (np.log(2 * np.pi * float(plain @ plain) / n) + 1))
    return {
        "nobs": n,
        "df_resid": n - k - 1,
        "df_model": k,
        "rss": n * found.variance,
        "variance": found.variance,
        **criteria(found.loglik, k + 2, n),
        "loglik_ols": loglik_ols,
        "aic_ols": 2 * (k + 1) - 2 * loglik_ols,
        "rsquared": float(np.corrcoef(design.y, mean)[0, 1]) ** 2,
        "rsquared_adj": nothing,
        "rsquared_within": nothing,
        "n_units": n,
        "n_times": 1,
    }


def _impacts(
    estimate: Estimate, w: SpatialWeights, roots: kernel.Spectrum, moves: bool
) -> Estimate:
    """Average impacts by the delta method; ``moves`` if they depend on rho."""
    b = dict(zip(estimate.names, estimate.coef, strict=True))
    m = kernel.multipliers(b["rho"] if moves else 0.0, w.matrix, roots)
    direct = np.array([m.direct, m.lagged_direct, m.direct_slope, m.lagged_direct_slope])
    total = np.array([m.total, m.lagged_total, m.total_slope, m.lagged_total_slope])
    rows: dict[str, FloatArray] = {}
    values: list[float] = []
    own = [n for n in estimate.names[:-1] if n != "(Intercept)" and not n.startswith("W(")]
    for name in own:
        near = f"W({name})" if f"W({name})" in b else None
        coef = np.array([b[name], b[near] if near else 0.0])
        for part, of in (("direct", direct), ("indirect", total - direct), ("total", total)):
            if part == "indirect" and not moves and near is None:
                continue  # zero whatever the data
            row = np.zeros(len(b))
            row[estimate.names.index(name)] = of[0]
            if near:
                row[estimate.names.index(near)] = of[1]
            if moves:
                row[-1] = of[2:] @ coef
            rows[f"{part}({name})"] = row
            values.append(float(of[:2] @ coef))
    found = estimate.map(np.array(list(rows.values())), list(rows))
    return replace(found, coef=np.array(values))
