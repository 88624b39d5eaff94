"""What Stata's xtreg prints below its table, from our estimates."""

from __future__ import annotations

from typing import Any

import numpy as np

import panel


def random_footer(estimate: panel.Estimate) -> tuple[Any, ...]:
    """The estimate with roots of its variances and the Wald statistic of its slopes."""
    roots = {
        f"sigma_{kind}": estimate.stats[f"sigma2_{kind}"] ** 0.5
        for kind in ("u", "e", "time")
        if f"sigma2_{kind}" in estimate.stats
    }
    slopes = len(estimate.names) - ("(Intercept)" in estimate.names)
    return estimate, roots | {"wald": estimate.fvalue * slopes}


def fixed_footer(estimate: panel.Estimate, pooled: panel.Estimate | None = None) -> tuple[Any, ...]:
    """The estimate with the average effect and what is said of the effects' variance.

    ``pooled`` is the same model without effects, with the regressors the effects absorb: Stata
    keeps them in the restricted model of its F test that all effects are zero.
    """
    design = estimate.design
    units = design.frame.unit_codes[design.rows]
    fit = design.X @ estimate.coef  # x'b (n,)
    both = np.column_stack([design.y, fit])
    _, codes, counts = np.unique(units, return_inverse=True, return_counts=True)
    sums = np.column_stack([np.bincount(codes, both[:, j]) for j in (0, 1)])
    means = sums / counts[:, None]
    constant = float((design.y - fit).mean())
    effects = means[:, 0] - means[:, 1] - constant
    sigma_u, sigma_e = float(effects.std(ddof=1)), estimate.stats["sigma"]
    found = {
        "_cons": constant,
        "rsquared_between": np.corrcoef(means.T)[0, 1] ** 2,
        "rsquared_overall": np.corrcoef(both.T)[0, 1] ** 2,
        "sigma_u": sigma_u,
        "sigma_e": sigma_e,
        "rho": sigma_u**2 / (sigma_u**2 + sigma_e**2),
        "corr_u_xb": np.corrcoef(effects[codes], fit)[0, 1],
    }
    if pooled is not None:
        more = pooled.stats["rss"] - estimate.stats["rss"]
        found["f_effects"] = more / (len(counts) - 1) / sigma_e**2
    return estimate, found
