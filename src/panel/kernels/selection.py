"""Oster's equation of proportional selection, solved for the coefficient or for the selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

FloatArray = np.ndarray[Any, np.dtype[np.float64]]

# An imaginary part this small, relatively, is rounding of a real double root.
_REAL = 1e-7


@dataclass(frozen=True)
class Selection:
    """What two regressions, and a guess at a third, say of selection.

    With v the bias of the full coefficient, d = short - full, s and t the variances of the
    treatment given the short and the full model's other regressors, r and m what the controls
    explain of the outcome and what everything would explain beyond them (Oster 2019,
    proposition 3),

        (delta - 1) t (s - t) v^3 + (delta - 2) t d s v^2
            + (delta m (s - t) - r t - s t d^2) v + delta m d s = 0.

    Parameters
    ----------
    short, full : the coefficients.
    gained, missing : r and m, sums of squares or variances.
    given_short, given_full : s and t, of the same kind.
    """

    short: float
    full: float
    gained: float
    missing: float
    given_short: float
    given_full: float

    def polynomial(self, delta: float) -> FloatArray:
        """Coefficients (4,) of v^3, v^2, v and 1."""
        d, s, t = self.short - self.full, self.given_short, self.given_full
        return np.array(
            [
                (delta - 1) * t * (s - t),
                (delta - 2) * t * d * s,
                delta * self.missing * (s - t) - self.gained * t - s * t * d**2,
                delta * self.missing * d * s,
            ]
        )

    def delta(self, beta: float) -> float:
        """The selection for which the coefficient is ``beta``; NaN where none is.

        The equation is linear in delta.
        """
        at = np.array([(self.full - beta) ** power for power in (3, 2, 1, 0)])
        constant = float(self.polynomial(0.0) @ at)
        slope = float((self.polynomial(1.0) - self.polynomial(0.0)) @ at)
        return -constant / slope if slope else float("nan")

    def roots(self, delta: float) -> FloatArray:
        """All real coefficients for which the selection is ``delta``, the preferred one first.

        First come those whose bias has the direction in which controls moved the coefficient
        (Oster's assumption 3), and among these the one nearest to the full coefficient.
        """
        d, s = self.short - self.full, self.given_short
        unit = abs(d) if d else np.sqrt(max(self.missing, 0.0) / s)
        if not unit:
            return np.array([self.full])
        scaled = self.polynomial(delta) * unit ** np.arange(3, -1, -1)  # v in units of d
        size = np.abs(scaled).max()
        scaled = scaled[np.argmax(np.abs(scaled) > 1e-14 * size) :]
        found = np.roots(scaled)
        real = found.real[np.abs(found.imag) <= _REAL * np.maximum(1.0, np.abs(found.real))] * unit
        against = np.sign(real) * np.sign(d) < 0
        order = np.lexsort((np.abs(real), against))
        return np.asarray(self.full - real[order], dtype=np.float64)
