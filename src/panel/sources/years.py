"""The years that a user asks for."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral

from panel.errors import CalendarError


def years_asked(given: int | Iterable[int] | None) -> tuple[int, ...]:
    """One year or several, each once, ascending; none if nothing is given.

    Raises
    ------
    CalendarError : something that is no year, or a pair such as (2016, 2020), which elsewhere
        means the first and the last year.
    """
    if given is None:
        return ()
    listed = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    for year in listed:
        if isinstance(year, bool) or not isinstance(year, Integral) or not 1000 <= year <= 9999:
            whole = str(year).removesuffix(".0")
            raise CalendarError(
                f"{year!r} is no year.",
                variable="years",
                value=year,
                remedy=f"write {whole} without quotes or decimals."
                if whole.isdigit() and len(whole) == 4
                else "give a year as 2020, or several as [2020, 2021] or range(2016, 2025).",
            )
    if isinstance(given, tuple) and len(given) == 2 and abs(given[1] - given[0]) > 1:
        first, last = sorted(given)
        raise CalendarError(
            f"years={given!r} may mean two years, or all from {first} to {last}.",
            variable="years",
            value=given,
            remedy=f"write range({first}, {last + 1}) for all of them, [{first}, {last}] for the "
            "two.",
        )
    return tuple(sorted({int(year) for year in listed}))
