"""The seed of random draws."""

from __future__ import annotations

from numbers import Integral

from panel.errors import DataError


def require_seed(seed: int) -> int:
    """The seed, if the same draws can be had again by it.

    Raises
    ------
    DataError : it is no whole number from 0.
    """
    if isinstance(seed, bool) or not isinstance(seed, Integral) or seed < 0:
        raise DataError(
            f"A seed is a whole number from 0, not {seed!r}.", variable="seed", value=seed,
            remedy="give 1.",
        )  # fmt: skip
    return int(seed)
