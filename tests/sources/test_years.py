"""Years asked for: a list is those years, and a pair that may be a span is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

import panel
from panel.errors import CalendarError
from panel.sources.years import years_asked


@pytest.mark.parametrize(
    ("given", "years"),
    [
        (2020, (2020,)),
        (np.int64(2020), (2020,)),
        (range(2016, 2019), (2016, 2017, 2018)),
        ([2020, 2016, 2020], (2016, 2020)),
        ((2016, 2018, 2020), (2016, 2018, 2020)),
        ((2019, 2020), (2019, 2020)),  # the same either way
        (np.array([2016, 2020]), (2016, 2020)),
        (None, ()),
    ],
)
def test_years_are_those_given(given: int | Iterable[int] | None, years: tuple[int, ...]) -> None:
    assert years_asked(given) == years


@pytest.mark.parametrize("given", ["2020", 2020.0, True, [2020, "2021"], 20200, (2016, "2020")])
def test_other_things_are_no_years(given: Any) -> None:
    with pytest.raises(CalendarError, match="is no year"):
        years_asked(given)


def test_a_pair_may_be_a_span() -> None:
    with pytest.raises(CalendarError, match=r"\(2016, 2020\) may mean two years") as error:
        panel.load("china", years=(2016, 2020))
    assert "range(2016, 2021)" in str(error.value.remedy)
    assert "[2016, 2020]" in str(error.value.remedy)
    with pytest.raises(CalendarError, match="may mean two years"):
        panel.world_bank("NV.IND.TOTL.ZS", years=(2016, 2020))
