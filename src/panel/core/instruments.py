"""What estimators and tests with instruments share: columns, first stages, moments."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.expression import Name
from panel.core.formula import Spec
from panel.core.frame import FloatArray
from panel.core.scores import Scores
from panel.core.vcov import SMALL_SAMPLE, Cov, Vcov
from panel.errors import FormulaError, VcovError
from panel.kernels.instruments import orthonormal


@dataclass(frozen=True, eq=False)
class Parts:
    """Columns of a design with instruments; fixed effects out, rows times the root of the weight.

    Parameters
    ----------
    y, x : outcome (n,) and all regressors (n, k) in the order of the design.
    outcome, endogenous, instruments : outcome (n,), endogenous regressors (n, k2) and excluded
        instruments (n, l) with the exogenous regressors taken out too.
    q1, q2 : orthonormal bases of the exogenous regressors (n, k1) and of ``instruments`` (n, l).
    """

    y: FloatArray
    x: FloatArray
    outcome: FloatArray
    endogenous: FloatArray
    instruments: FloatArray
    q1: FloatArray
    q2: FloatArray

    @property
    def q(self) -> FloatArray:
        """Orthonormal basis (n, k1 + l) of all instruments."""
        return np.column_stack([self.q1, self.q2])


def parts(design: Design) -> Parts:
    """The columns of a design with instruments.

    Raises
    ------
    FormulaError : the design has none.
    """
    if design.Z_within is None:
        raise _no_instruments(design)
    root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
    y, x = design.y_within * root, design.X_within * root[:, None]
    last = np.array([name in design.endogenous for name in design.names], dtype=bool)
    q1 = orthonormal(x[:, ~last])
    others = np.column_stack([y, x[:, last], design.Z_within * root[:, None]])
    others -= q1 @ (q1.T @ others)
    outcome, endogenous, instruments = np.split(others, [1, 1 + int(last.sum())], axis=1)
    return Parts(y, x, outcome[:, 0], endogenous, instruments, q1, orthonormal(instruments))


def on_instruments(design: Design, endogenous: str | None = None) -> Design:
    """The design of the outcome, or of an endogenous regressor, on all instruments; the excluded
    ones stand after the constant."""
    z, within = design.Z, design.Z_within
    if z is None or within is None:
        raise _no_instruments(design)
    spec, names = design.spec, design.names
    y, y_within, outcome = design.y, design.y_within, spec.y
    if endogenous is not None:
        at = names.index(endogenous)
        y, y_within = design.columns[at], design.X_within[:, at].copy()
        outcome = endogenous if endogenous in spec.endogenous else str(Name(endogenous))
    first = [j for j, n in enumerate(names) if n == "(Intercept)"]
    rest = [j for j, n in enumerate(names) if n not in (*design.endogenous, "(Intercept)")]
    right = (*spec.instruments, *spec.x)
    return replace(
        design,
        spec=Spec(outcome, right, spec.absorb, weights=spec.weights, sample=spec.sample),
        names=(*(names[j] for j in first), *design.instruments, *(names[j] for j in rest)),
        y=y,
        columns=(*(design.columns[j] for j in first), *z.T, *(design.columns[j] for j in rest)),
        y_within=y_within,
        X_within=np.column_stack([design.X_within[:, first], within, design.X_within[:, rest]]),
        endogenous=(),
        instruments=(),
        Z=None,
        Z_within=None,
    )


def _no_instruments(design: Design) -> FormulaError:
    return FormulaError(
        f"The model has no instruments.\n    {design.spec}",
        variable="instruments",
        remedy='estimate it with iv("y ~ x | province + year | d ~ z", frame).',
    )


def asymptotic(vcov: Vcov) -> Vcov:
    """The same covariance without any correction for small samples."""
    settings, plain = vcov.settings, {}
    if "small" in settings:
        plain["small"] = SMALL_SAMPLE["none"]
    if str(settings.get("kind", ""))[:2] in ("HC", "CR"):
        plain["kind"] = settings["kind"][:2] + "0"
    return replace(vcov, **plain) if plain else vcov  # type: ignore[type-var]


def moment_covariance(
    design: Design, vcov: Vcov, z: FloatArray, v: FloatArray, *, small: bool = False
) -> Cov:
    """Covariance (s m, s m) of the sums over rows of ``v_i x z_i``, z running fastest.

    Parameters
    ----------
    design : of the regression whose errors they are.
    vcov : how the rows depend on one another.
    z, v : instruments (n, m) and errors (n, s), rows times the root of the weight.
    small : whether ``vcov`` keeps its corrections for small samples, by the design's parameters.
    """
    products = (v[:, :, None] * z[:, None, :]).reshape(len(z), -1)
    df = residual_df(design)
    spread = v.T @ v / (df if small else design.n)
    return Estimate(
        names=tuple(f"moment {j}" for j in range(products.shape[1])),
        coef=np.zeros(products.shape[1]),
        scores=Scores(products),
        classical=np.asarray(np.kron(spread, z.T @ z), dtype=np.float64),
        vcov=vcov if small else asymptotic(vcov),
        design=design,
        residuals=np.zeros(design.n),
        stats={"df_resid": df},
        method="moments",
    ).cov


def require_weights(covariance: FloatArray) -> FloatArray:
    """The covariance (m, m) of moments, if it can weigh them.

    Raises
    ------
    VcovError : it is singular, as with fewer clusters than moments.
    """
    size = np.sqrt(np.abs(np.diag(covariance)))
    unit = covariance / np.outer(size, size) if bool((size > 0).all()) else covariance
    rank = int(np.linalg.matrix_rank(unit, hermitian=True))
    if rank < len(covariance):
        raise VcovError(
            f"The covariance of the {len(covariance)} moments has rank {rank} only, so that it "
            "cannot weigh them.",
            variable="weights",
            value=rank,
            remedy="use weights of more clusters or years, fewer exogenous regressors, or "
            "tsls(), which needs no weights.",
        )
    return covariance


def residual_df(design: Design) -> int:
    """Rows less all parameters, absorbed ones included."""
    return design.n - len(design.names) - (design.absorber.rank if design.absorber else 0)
