"""Tail probabilities and quantiles of the t, F, chi-squared and normal distributions.

What scipy.stats gives, from the functions it calls: scipy.stats itself takes longer to load than
pandas does, and every first regression would wait for it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


def t_both(t: FloatArray | float, df: FloatArray | float) -> Any:
    """Probability that t of ``df`` degrees of freedom is further from zero than ``t``."""
    return 2 * special.stdtr(df, -np.abs(t))


def t_quantile(p: float, df: FloatArray | float) -> Any:
    """Value below which t of ``df`` degrees of freedom stays with probability ``p``."""
    return special.stdtrit(df, p)


def f_above(f: float, df: float, df_below: float) -> float:
    """Probability that F of (``df``, ``df_below``) degrees of freedom exceeds ``f``."""
    return float(special.fdtrc(df, df_below, np.maximum(f, 0.0)))


def chi2_above(x: float, df: float) -> float:
    """Probability that chi-squared of ``df`` degrees of freedom exceeds ``x``; NaN of none."""
    return float(special.chdtrc(df, np.maximum(x, 0.0))) if df > 0 else float("nan")


def normal_above(z: float) -> float:
    """Probability that a standard normal number exceeds ``z``."""
    return float(special.ndtr(-z))
