"""An estimate as a model of the marginaleffects package."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.expansion import SHIFTS
from panel.core.expression import Call, parse_expression, walk
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.prediction import levels_in
from panel.core.vcov import Vcov
from panel.errors import EstimationError, InstallationError
from panel.inference.functionals import Functionals, Model, as_model, estimated

try:
    import polars as pl
    from marginaleffects.classes import ModelAbstract, ModelVault
except ImportError as error:  # the module is imported only where it is asked for
    raise InstallationError(
        "to_marginaleffects() needs the package marginaleffects.",
        variable="marginaleffects",
        remedy='pip install "regpanel[margins]".',
    ) from error


class MarginalEffectsModel(ModelAbstract):  # type: ignore[misc]
    """What marginaleffects asks of a model: coefficients, covariance, columns and predictions."""

    def __init__(self, estimate: Estimate) -> None:
        self.own = as_model(estimate, "response", "Marginal effects")
        self.joint = _with_effects(self.own)
        super().__init__(
            estimate,
            ModelVault(
                coef=np.array(self.joint.coef),
                coefnames=np.array(self.joint.names),
                formula=self.get_exog,
                modeldata=_rows_used(estimate),
                package="regpanel",
                variable_names=[estimate.depvar, *_predictors(estimate)],
            ),
        )

    @cached_property
    def df_resid(self) -> float:
        """Degrees of freedom of the t distribution, by the covariance."""
        return float(self.joint.cov.df_joint)

    def get_vcov(self, vcov: bool | str | Mapping[str, str] | Vcov = True) -> FloatArray | None:
        """The estimate's covariance, or another one of this package."""
        if vcov is None or vcov is False:
            return None
        chosen = self.joint if vcov is True else self.joint.with_vcov(vcov)
        return np.array(chosen.cov.matrix)

    def get_exog(self, newdata: pl.DataFrame) -> FloatArray:
        """Columns (r, p): regressors, and the dummies of the fixed effects."""
        frame = _frame_of(self.model, newdata)
        x = self.model.design.matrix(frame) - _centre(self.model)
        return np.column_stack([x, _dummies(self.model, frame)])

    def get_predict(self, params: FloatArray, newdata: FloatArray) -> pl.DataFrame:
        """Expected outcomes at these coefficients."""
        values = self.own.response.mean(np.asarray(newdata) @ np.asarray(params))
        return pl.DataFrame({"rowid": np.arange(len(values), dtype=np.int32), "estimate": values})

    def get_autodiff_args(self) -> dict[str, str | None]:
        """The response, whose derivatives the package knows exactly."""
        if self.own.response.name == "identity":
            return {"model_type": "linear", "family": None, "link": None}
        return {"model_type": "glm", "family": "poisson", "link": "log"}


def to_marginaleffects(estimate: Estimate) -> MarginalEffectsModel:
    """The estimate as a model of marginaleffects: see :meth:`Estimate.to_marginaleffects`."""
    if int(pl.__version__.partition(".")[0]) >= 2:  # its comparisons of types fail there
        raise InstallationError(
            f"marginaleffects does not work with polars {pl.__version__}.",
            variable="polars",
            value=pl.__version__,
            remedy='pip install "regpanel[margins]", which takes polars below 2.',
        )
    as_model(estimate, "response", "Marginal effects")
    spec, design = estimate.design.spec, estimate.design
    calls = [n for t in design.spec.terms for n in walk(parse_expression(t)) if isinstance(n, Call)]
    shifted = [str(c) for c in calls if c.function in (*SHIFTS, "D")]
    if shifted or design.derive is not None or design.observations is not None:
        raise EstimationError(
            f"marginaleffects takes rows one by one, and {spec} needs other rows"
            + (f" for {shifted[0]}." if shifted else "."),
            variable=shifted[0] if shifted else "formula",
            value=estimate.method,
            remedy="use panel.slopes, panel.contrasts and panel.predictions, or put lags into the "
            "frame as variables.",
        )
    return MarginalEffectsModel(estimate)


def _with_effects(model: Model) -> Estimate:
    """Coefficients and fixed effects as one estimate: the levels of the first grouping, at the mean
    regressors and in the base levels of the others, and the others' differences from their base.
    """
    estimate, design = model.estimate, model.design
    absorber = design.absorber
    if absorber is None:
        return estimate
    sizes = absorber.sizes
    codes: list[IntArray] = [
        np.concatenate([np.arange(size) if i == j else np.zeros(n, np.int64)
                        for j, n in enumerate(sizes) for size in [n]])
        for i in range(len(sizes))
    ]  # fmt: skip
    effects = " + ".join(design.spec.absorb)
    if not absorber.identified(codes).all():
        raise EstimationError(
            f"The fixed effects {effects} fall apart into groups that no row connects; "
            "marginaleffects needs all of them on one scale.",
            variable=effects,
            remedy="use panel.slopes, panel.contrasts and panel.predictions.",
        )
    weights = absorber.spanned(codes).toarray()  # (n, sum G)
    weights[:, sizes[0] :] -= weights[:, [0]]
    k, levels = len(design.names), weights.shape[1]
    gradient = np.eye(k + levels, len(model.names))
    gradient[k:] = 0.0
    gradient[k : k + sizes[0], :k] = _centre(estimate)
    loads = np.column_stack([np.zeros((design.n, k)), weights])
    names = [f"{name}::{v}" for name, vs in zip(absorber.names, absorber.levels, strict=True)
             for v in vs]  # fmt: skip
    values = gradient @ model.coef + loads.T @ model.effects
    return estimated(model, (*design.names, *names), Functionals(values, gradient, loads))


def _centre(estimate: Estimate) -> FloatArray:
    """What is taken off the regressors (k,) where there are fixed effects: their levels are then
    known well, and numerical derivatives in them do little harm."""
    design = estimate.design
    return np.zeros(len(design.names)) if design.absorber is None else design.X.mean(axis=0)


def _dummies(estimate: Estimate, frame: PanelFrame) -> FloatArray:
    """Dummies (r, sum G) of the fixed effects; missing for a level not met."""
    absorber = estimate.design.absorber
    if absorber is None:
        return np.empty((len(frame), 0))
    parts = []
    for codes, size in zip(levels_in(absorber, frame), absorber.sizes, strict=True):
        dummies = np.eye(size)[np.maximum(codes, 0)]
        parts.append(np.where((codes < 0)[:, None], np.nan, dummies))
    return np.column_stack(parts)


def _predictors(estimate: Estimate) -> list[str]:
    design = estimate.design
    outcome = parse_expression(design.spec.y)
    return [v for v in design.variables if v != str(outcome)]


def _rows_used(estimate: Estimate) -> pl.DataFrame:
    """Keys and variables of the rows used; text as categories."""
    design = estimate.design
    frame = design.frame
    names = dict.fromkeys([frame.unit, frame.time, *design.variables, *frame.columns])
    columns = {}
    for name in names:
        values = design.column(name)
        if values.isna().any():
            continue
        if pd.api.types.is_numeric_dtype(values.dtype) or values.dtype.kind == "b":
            columns[name] = pl.Series(values.to_numpy())
        else:
            text = values.map(str).to_list()
            columns[name] = pl.Series(text, dtype=pl.Enum(sorted(set(text))))
    return pl.DataFrame(columns)


def _frame_of(estimate: Estimate, rows: pl.DataFrame) -> PanelFrame:
    """Rows of a grid as a frame, whose keys may repeat: no term looks at another row."""
    own = estimate.design.frame
    columns = {}
    for name in rows.columns:
        if name in own or name in (own.unit, own.time):
            values = own[name].dropna()
            text = not (pd.api.types.is_numeric_dtype(values.dtype) or values.dtype.kind == "b")
            known = {str(v): v for v in values.unique()} if text else {}
            columns[name] = [known.get(v, v) for v in rows[name].to_list()]
    table = pd.DataFrame(columns).set_index([own.unit, own.time])
    return PanelFrame(table, own.unit, own.time, own.columns)
