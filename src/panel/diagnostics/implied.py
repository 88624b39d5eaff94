"""What follows from rounded results: bounds of t, p, standard error and adjusted R²."""

from __future__ import annotations

from math import copysign, floor, inf, isfinite

from scipy.special import ndtr, ndtri, stdtr, stdtrit

from panel.diagnostics.ranges import at_most

Bounds = tuple[float, float]  # smallest and largest

_LEVEL = 0.975  # one side of limits of 95 percent
_STRICTLY = 1e-9  # by which a p-value is below or above a level that it does not reach


def meet(a: Bounds, b: Bounds) -> bool:
    """Whether the two have a number in common, but for the error of the arithmetic."""
    return at_most(a[0], b[1]) and at_most(b[0], a[1])


def ratio_of(b: Bounds, se: Bounds) -> Bounds:
    """Coefficient over standard error. An error printed as zero leaves no upper bound."""
    errors = (max(se[0], 0.0), se[1])
    ends = [x / s if s else copysign(inf, x) if x else 0.0 for x in b for s in errors]
    return min(ends), max(ends)


def p_of(t: Bounds, df: float | None) -> Bounds:
    """Two-sided p-values of t statistics; of any degrees of freedom from one to infinity if
    ``df`` is None: fewer of them make p larger."""
    least = 0.0 if t[0] <= 0 <= t[1] else min(map(abs, t))
    many, few = (inf, 1.0) if df is None else (df, df)
    return _two_sided(max(map(abs, t)), many), _two_sided(least, few)


def p_of_limits(low: Bounds, high: Bounds) -> Bounds:
    """p-values of limits of 95 percent: below 5 percent if zero is surely outside them, above if
    it is surely inside."""
    alpha = 2 * (1 - _LEVEL)
    if low[0] > 0 or high[1] < 0:
        return 0.0, alpha * (1 - _STRICTLY)
    return (alpha * (1 + _STRICTLY), 1.0) if low[1] < 0 < high[0] else (0.0, 1.0)


def error_of_limits(low: Bounds, high: Bounds, df: float | None) -> Bounds:
    """Standard errors of which limits of 95 percent have this distance."""
    many, few = (inf, 1.0) if df is None else (df, df)
    narrow, wide = max(0.0, high[0] - low[1]) / 2, (high[1] - low[0]) / 2
    return narrow / _critical(few), wide / _critical(many)


def adjusted_r2(r2: Bounds, adjusted: Bounds, n: int, terms: int, known: int | None) -> Bounds:
    """Adjusted R² of n observations at the number of regressors that comes nearest to ``adjusted``.

    1 - (1 - R²)(n - 1)/(n - k - 1) with a constant, 1 - (1 - R²) n/(n - k) without one. k is
    ``known``, or any whole number from ``terms`` to n - 2.
    """
    if known is not None:
        return _adjusted(r2, n, known) if 0 <= known <= n - 2 else (-inf, -inf)
    if terms > n - 2:
        return -inf, -inf
    # It falls with k, so of the whole numbers those beside the k that fits the middles of both
    # bounds come nearest; the two formulas are at most one k apart.
    middle = sum(adjusted) / 2
    guess = floor(n - 1 - (1 - sum(r2) / 2) * (n - 1) / (1 - middle)) if middle < 1 else terms
    near = {min(max(guess + step, terms), n - 2) for step in range(-2, 4)}
    return min((_adjusted(r2, n, k) for k in sorted(near)), key=lambda i: _gap(adjusted, i))


def _adjusted(r2: Bounds, n: int, k: int) -> Bounds:
    ends = [1 - (1 - r) * share for r in r2 for share in ((n - 1) / (n - k - 1), n / (n - k))]
    return min(ends), max(ends)


def _gap(a: Bounds, b: Bounds) -> float:
    return max(a[0] - b[1], b[0] - a[1], 0.0)


def _two_sided(t: float, df: float) -> float:
    return float(2 * (stdtr(df, -t) if isfinite(df) else ndtr(-t)))


def _critical(df: float) -> float:
    return float(stdtrit(df, _LEVEL) if isfinite(df) else ndtri(_LEVEL))
