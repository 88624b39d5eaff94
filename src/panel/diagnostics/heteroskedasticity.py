"""Do the errors of all regions have one variance?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.test import Test, chi2_test
from panel.diagnostics.residuals import residuals, unsuited
from panel.errors import EstimationError

# Squared residuals that differ by less than this share of their mean are equal: two rows in
# deviation from their own mean.
_EQUAL = 1e-12


def modified_wald(estimate: Estimate) -> Test:
    """Modified Wald test for groupwise heteroskedasticity.

    ``W = sum_i (s_i^2 - s^2)^2 / V_i`` with s_i^2 the mean of the T_i squared residuals of a
    region, ``V_i = sum_t (e_it^2 - s_i^2)^2 / (T_i (T_i - 1))`` and s^2 the mean of all. The errors
    need not be normal; T must be large, as with few years V_i is poor and W too big.

    Parameters
    ----------
    estimate : by ``panel.ols`` with fixed effects, ``panel.pooled`` or ``panel.fgls``.

    Returns
    -------
    Test, chi-squared with a degree of freedom for each region: Stata's ``xttest3``, which counts
    regions without a V_i among them and this does not. The details have each region's variance
    and its standard error.

    Raises
    ------
    EstimationError : weights, random effects, or fewer than two regions with two rows.

    References
    ----------
    Greene (2003), Econometric Analysis, 5th ed., chapter 13; Baum (2001), Stata Journal 1.
    """
    test = "The modified Wald test"
    e = residuals(estimate, test)
    if "sigma2_u" in estimate.stats:
        raise unsuited(test, estimate, "whose residuals hold the random effects")
    squares, counts = e.values**2, e.counts
    variance = e.sums(squares[:, None])[:, 0] / counts
    deviations = e.sums((squares - variance[e.units])[:, None] ** 2)[:, 0]
    used = (counts > 1) & (deviations > (_EQUAL * variance) ** 2 * counts)
    if int(used.sum()) < 2:
        raise EstimationError(
            f"{test} needs two {e.frame.unit}s with several rows whose residuals differ in size.",
            variable=e.frame.unit, value=int(used.sum()), remedy="use a longer panel.",
        )  # fmt: skip
    spread = (deviations / (counts * np.maximum(counts - 1, 1)))[used]
    statistic = float(np.sum((variance[used] - squares.mean()) ** 2 / spread))
    details = pd.DataFrame(
        {"rows": counts[used].astype(int), "variance": variance[used], "std_error": spread**0.5},
        index=pd.Index([u for u, k in zip(e.labels, used, strict=True) if k], name=e.frame.unit),
    )
    lost = len(counts) - int(used.sum())
    notes = (f"{lost} {e.frame.unit}s left out: too few rows for a variance of their own.",)
    return chi2_test(
        "Modified Wald test for groupwise heteroskedasticity", statistic, len(details),
        f"the errors of all {e.frame.unit}s have one variance", notes=notes if lost else (),
        details=details,
    )  # fmt: skip
