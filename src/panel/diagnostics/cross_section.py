"""Tests for dependence of the errors between regions.

Notation: r_ij the correlation of the residuals of regions i and j over the T_ij years both have,
in deviation from their means over these years; N regions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import integrate, stats

from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.test import Test, chi2_test, normal_test
from panel.diagnostics.residuals import Residuals, residuals
from panel.errors import EstimationError
from panel.kernels.seeds import require_seed

_NULL = "no dependence of the errors between regions"
_WEAK = "at most weak dependence of the errors between regions"

# Two regions that share two years always have a correlation of one or minus one.
_SHARED = 3
# The matrices of correlations of so many regions take 800 MB each.
_MOST = 10_000
# Residuals of which their mean leaves less than this share do not vary.
_VARIES = 1e-20


@dataclass(frozen=True, eq=False)
class Correlations:
    """Correlations between N regions.

    Parameters
    ----------
    e : their residuals.
    """

    e: Residuals

    @cached_property
    def _matrices(self) -> tuple[FloatArray, FloatArray]:
        wide = self.e.wide()  # (T, N)
        there = np.isfinite(wide).astype(np.float64)
        wide = np.where(there > 0, wide, 0.0)
        shared = there.T @ there
        sums = wide.T @ there  # of i over the years of j
        with np.errstate(all="ignore"):
            products = wide.T @ wide - sums * sums.T / shared
            squares = (wide**2).T @ there - sums**2 / shared
            whole = np.sum(wide**2, axis=0)
            # Rounding leaves noise of the size of the squares before the mean was taken out.
            squares = np.where(squares > _VARIES * whole[:, None], squares, np.nan)
            found = products / np.sqrt(squares * squares.T)
        return np.where(shared >= _SHARED, found, np.nan), shared

    @cached_property
    def pairs(self) -> tuple[FloatArray, FloatArray]:
        """r_ij and T_ij of the pairs i < j that have a correlation."""
        every, shared = self._matrices
        at = np.triu_indices(len(every), 1)
        used = np.isfinite(every[at])
        return every[at][used], shared[at][used]

    @property
    def notes(self) -> tuple[str, ...]:
        """How many pairs are left out."""
        n = len(self.e.labels)
        lost = n * (n - 1) // 2 - len(self.pairs[0])
        why = f"share fewer than {_SHARED} years, or do not vary"
        return (f"{lost} of {n * (n - 1) // 2} pairs left out: they {why}.",) if lost else ()

    def matrix(self) -> pd.DataFrame:
        """r_ij (N, N) by region."""
        labels = list(self.e.labels)
        return pd.DataFrame(self._matrices[0], index=labels, columns=labels)

    def summary(self) -> pd.DataFrame:
        """Mean and mean absolute correlation of the pairs."""
        r, shared = self.pairs
        row = {
            "pairs": len(r), "mean": r.mean(), "mean absolute": np.abs(r).mean(),
            "years shared": shared.mean(),
        }  # fmt: skip
        return pd.DataFrame([row], index=["correlation"])


def correlations(estimate: Estimate, test: str = "The correlation of residuals") -> Correlations:
    """Correlations of residuals between regions: ``correlations(m).matrix()``.

    Raises
    ------
    EstimationError : weights, observations that are means over years, no pair of regions that
        share three years, or more than 10,000 regions.
    """
    e = residuals(estimate, test)
    if len(e.labels) > _MOST:
        raise EstimationError(
            f"{test} compares every pair of regions, too many for {len(e.labels):,} "
            f"{e.frame.unit}s.",
            variable=e.frame.unit, value=len(e.labels),
            remedy="test a random sample of them.",
        )  # fmt: skip
    found = Correlations(e)
    if not len(found.pairs[0]):
        frame = estimate.design.frame
        raise EstimationError(
            f"{test} needs two {frame.unit}s that share {_SHARED} {frame.time}s.",
            variable=frame.unit, value=len(found.e.labels), remedy="use a longer panel.",
        )  # fmt: skip
    return found


def breusch_pagan_cd(estimate: Estimate) -> Test:
    """Breusch and Pagan's LM test for dependence between regions: ``sum T_ij r_ij^2``.

    For few regions over many years; it rejects far too often when N is not small against T.

    Parameters
    ----------
    estimate : whose residuals are tested.

    Returns
    -------
    Test, chi-squared with a degree of freedom for each pair: plm ``pcdtest(test = "lm")``, and
    Stata's ``xttest2``.

    Raises
    ------
    EstimationError : as :func:`pesaran_cd`.

    References
    ----------
    Breusch and Pagan (1980), Review of Economic Studies 47.
    """
    found = correlations(estimate, "Breusch and Pagan's test")
    r, shared = found.pairs
    return chi2_test(
        "Breusch-Pagan test for cross-section dependence", float(shared @ r**2), len(r), _NULL,
        notes=found.notes, details=found.summary(),
    )  # fmt: skip


def scaled_lm(estimate: Estimate) -> Test:
    """Pesaran's scaled LM test: the mean of ``T_ij r_ij^2 - 1`` over its standard error.

    For many years and many regions; with few years it rejects too often.

    Parameters
    ----------
    estimate : whose residuals are tested.

    Returns
    -------
    Test, standard normal, two-sided: plm ``pcdtest(test = "sclm")``.

    Raises
    ------
    EstimationError : as :func:`pesaran_cd`.

    References
    ----------
    Pesaran (2004), Cambridge Working Papers in Economics 0435 (published 2021, Empirical
    Economics 60).
    """
    found = correlations(estimate, "The scaled LM test")
    r, shared = found.pairs
    statistic = float(np.sum(shared * r**2 - 1.0)) / np.sqrt(2 * len(r))
    return normal_test(
        "Scaled LM test for cross-section dependence", statistic, _NULL, notes=found.notes,
        details=found.summary(),
    )  # fmt: skip


def pesaran_cd(estimate: Estimate) -> Test:
    """Pesaran's CD test: ``sum sqrt(T_ij) r_ij`` over the root of the number of pairs.

    Parameters
    ----------
    estimate : whose residuals are tested, balanced or not. For a variable itself give ``panel.ols(
        "x ~ 1 | province", frame)``. After fixed effects of the years the test has no meaning:
        residuals that add up to zero each year are correlated negatively by construction (then see
        :func:`weighted_cd`).

    Returns
    -------
    Test, standard normal, two-sided: plm ``pcdtest``, Stata's ``xtcsd, pesaran`` and ``xtcd2,
    pesaran``. Pairs that share fewer than three years are left out.

    Raises
    ------
    EstimationError : weights, observations that are means over years, or no pair of regions that
        share three years.

    References
    ----------
    Pesaran (2004; 2021, Empirical Economics 60); (2015), Econometric Reviews 34.
    """
    found = correlations(estimate, "Pesaran's CD test")
    r, shared = found.pairs
    statistic = float(np.sqrt(shared) @ r) / np.sqrt(len(r))
    notes = found.notes
    if estimate.design.frame.time in estimate.design.spec.absorb:
        notes = (*notes, "Effects of the years are taken out: the statistic is biased downwards.")
    return normal_test("Pesaran CD test", statistic, _WEAK, notes=notes, details=found.summary())


def weighted_cd(estimate: Estimate, *, draws: int = 30, seed: int = 0) -> Test:
    """Juodis and Reese's weighted CD test with power enhancement, CDw+.

    Regions get random signs w_i, which removes the bias that estimated effects of the years or
    common factors give the CD test; the statistic is the sum over the draws of signs, over the
    root of their number, of ``sum w_i w_j sqrt(T_ij) r_ij`` over the root of the number of pairs.
    To it is added ``sum |r_ij|`` of the correlations larger than ``2 sqrt(log(N)/T_ij)``, of which
    there are none in the limit if dependence is weak.

    Parameters
    ----------
    estimate : whose residuals are tested, with or without effects of the years.
    draws, seed : number of draws of signs and the start of the random numbers.

    Returns
    -------
    Test, standard normal, two-sided; its details have CDw, what was added to it, and CD.

    Raises
    ------
    EstimationError : as :func:`pesaran_cd`.

    References
    ----------
    Juodis and Reese (2022), Journal of Business and Economic Statistics 40; Fan, Liao and Yao
    (2015), Econometrica 83, for the enhancement.
    """
    if draws < 1:
        raise EstimationError(
            f"There must be a draw of signs, not {draws}.", variable="draws", value=draws,
            remedy="give 30.",
        )  # fmt: skip
    found = correlations(estimate, "The weighted CD test")
    every, shared = found._matrices
    r, years = found.pairs
    generator = np.random.default_rng(require_seed(seed))
    signs = 2.0 * generator.integers(0, 2, (draws, len(every))) - 1.0
    half = np.triu(np.nan_to_num(np.sqrt(shared) * every), 1)
    sums = np.einsum("gi,ij,gj->g", signs, half, signs, optimize=True)
    plain = float(sums.sum()) / np.sqrt(draws * len(r))
    large = np.abs(r) > 2 * np.sqrt(np.log(len(every)) / years)
    added = float(np.abs(r)[large].sum())
    cd = float(np.sqrt(years) @ r) / np.sqrt(len(r))
    details = pd.DataFrame(
        {"statistic": [plain, added, cd]}, index=["CDw", "large correlations", "CD"]
    )
    notes = (*found.notes, f"{draws} draws of signs, seed {seed}.")
    return normal_test(
        "Weighted CD test (CDw+)", plain + added, _WEAK, notes=notes, details=details
    )


def frees(estimate: Estimate) -> Test:
    """Frees' test for dependence between regions, by ranks.

    ``N (mean of squared rank correlations - 1/(T - 1))`` over the T years that all regions have.
    Unlike CD it sees correlations of both signs.

    Parameters
    ----------
    estimate : whose residuals are tested.

    Returns
    -------
    Test, with the p-value of Frees' Q distribution, a sum of two independent chi-squared ones,
    integrated numerically. Stata's ``xtcsd, frees`` has simulated critical values of it.

    Raises
    ------
    EstimationError : as :func:`pesaran_cd`, or fewer than four years that all regions have.

    References
    ----------
    Frees (1995), J. Econometrics 69; (2004), Longitudinal and Panel Data.
    """
    test = "Frees' test"
    e = residuals(estimate, test)
    wide = e.wide()
    common = wide[np.isfinite(wide).all(axis=1)]
    t, n = common.shape
    if t < 4 or n < 2:
        raise EstimationError(
            f"{test} needs four {e.frame.time}s that all {e.frame.unit}s have, not {t}.",
            variable=e.frame.time, value=t,
            remedy="use pesaran_cd, which takes pairs as they are, or a balanced sample.",
        )  # fmt: skip
    correlation = np.atleast_2d(np.corrcoef(stats.rankdata(common, axis=0), rowvar=False))
    squared = float(np.mean(correlation[np.triu_indices(n, 1)] ** 2))
    statistic = n * (squared - 1 / (t - 1))
    lost = len(wide) - t
    notes = (f"Left out as not all {e.frame.unit}s have them: {lost} {e.frame.time}s.",)
    details = pd.DataFrame({"mean squared": [squared]}, index=["rank correlation"])
    return Test(
        "Frees test", statistic, frees_tail(statistic, t), "Frees' Q distribution", _NULL,
        notes=notes if lost else (), details=details,
    )  # fmt: skip


def frees_tail(value: float, years: int) -> float:
    """Probability that ``a (X - E X) + b (Y - E Y)`` exceeds ``value``, X and Y independent
    chi-squared with T - 1 and T (T - 3)/2 degrees of freedom (Frees 1995, corollary 1)."""
    t = float(years)
    first, second = t - 1, t * (t - 3) / 2
    a = 4 * (t + 2) / (5 * (t - 1) ** 2 * (t + 1))
    b = 2 * (5 * t + 6) / (5 * t * (t - 1) * (t + 1))

    def beyond(x: float) -> float:
        rest = second + (value - a * (x - first)) / b
        return float(stats.chi2.sf(rest, second) * stats.chi2.pdf(x, first))

    # The tails beyond hold less than 1e-12 of X.
    low, high = float(stats.chi2.ppf(1e-13, first)), float(stats.chi2.isf(1e-13, first))
    return float(integrate.quad(beyond, low, high, limit=200)[0])
