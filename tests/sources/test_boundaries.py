"""Merged, split and nested regions, against sums worked by hand."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.core.column import Origin
from panel.core.frame import PanelFrame
from panel.errors import DataError, DuplicateKeyError, UnknownRegionError, UnknownVariableError
from panel.sources.boundaries import harmonise, region_shares
from panel.sources.regionrules import (
    DropRegion,
    MergeRegions,
    ReassignRegions,
    Rule,
    SplitRegion,
    SubtractRegions,
)

MEASURES = {"gdp": "sum", "people": "sum", "rate": "mean(weights=people)"}
PERM = MergeRegions("RU-PER", ("RU-PER-OBL", "RU-KOP-AO"), "2005-12-01")


def panel(rows: list[tuple[object, ...]]) -> PanelFrame:
    table = pd.DataFrame(rows, columns=["region", "year", "gdp", "people", "rate"])
    return PanelFrame.from_pandas(
        table,
        "region",
        "year",
        units={"gdp": "млн руб.", "people": "тыс. чел.", "rate": "%"},
        origins={"gdp": Origin("a.csv", "gdp", "млн руб.", "Office")},
    )


@pytest.fixture
def perm() -> PanelFrame:
    return panel(
        [
            ("RU-PER-OBL", 2004, 90.0, 30.0, 6.0),
            ("RU-KOP-AO", 2004, 10.0, 10.0, 14.0),
            ("RU-PER", 2006, 120.0, 41.0, 7.0),
            ("RU-TYU", 2004, 5.0, 5.0, 5.0),
            ("RU-TYU", 2006, 6.0, 5.0, 5.0),
        ]
    )


def test_parts_become_the_whole_and_the_record_says_so(perm: PanelFrame) -> None:
    before = perm.data
    whole = harmonise(perm, [PERM], measures=MEASURES)
    assert whole.units == ("RU-PER", "RU-TYU")
    assert whole.data.loc[("RU-PER", 2004)].tolist() == [100.0, 40.0, (30 * 6 + 10 * 14) / 40]
    assert whole.data.loc[("RU-PER", 2006)].tolist() == [120.0, 41.0, 7.0]
    pd.testing.assert_frame_equal(perm.data, before)

    cell = whole.origin("gdp", "RU-PER", 2004)
    assert cell.adjustments == ("sum of RU-PER-OBL and RU-KOP-AO (2005-12-01)",)
    assert "sum of RU-PER-OBL and RU-KOP-AO" in str(cell)
    assert cell.sentence("zh").endswith("此后RU-PER-OBL和RU-KOP-AO之和（2005-12-01）。")
    assert cell.sentence("ru").endswith("затем сумма RU-PER-OBL и RU-KOP-AO (2005-12-01).")
    rate = whole.origin("rate", "RU-PER", 2004).sentence("zh")
    assert "RU-PER-OBL和RU-KOP-AO按people加权的均值" in rate
    assert cell.publications[0].file == "a.csv"
    assert whole.origin("gdp", "RU-PER", 2006).adjustments == ()
    assert whole.origin("rate", "RU-PER", 2004).adjustments[0].startswith("mean weighted by people")
    log = whole.report().adjustments
    assert log["cells"].tolist() == [1, 1, 1]
    assert "sum of RU-PER-OBL" in str(whole.report())
    assert "sum of RU-PER-OBL" in whole.report()._repr_html_()
    again = pickle.loads(pickle.dumps(whole))
    assert again.origin("gdp", "RU-PER", 2004).adjustments == cell.adjustments


def test_what_a_part_lacks_the_whole_lacks(perm: PanelFrame) -> None:
    gap = perm.data
    gap.loc[("RU-KOP-AO", 2004), "rate"] = np.nan
    whole = harmonise(
        panel(list(gap.reset_index().itertuples(index=False))), [PERM], measures=MEASURES
    )
    assert np.isnan(whole.data.loc[("RU-PER", 2004), "rate"])
    assert whole.data.loc[("RU-PER", 2004), "gdp"] == 100.0
    assert "RU-KOP-AO has no figure" in str(whole.origin("rate", "RU-PER", 2004))

    alone = perm.rows(lambda t: t.region != "RU-KOP-AO")
    whole = harmonise(alone, [PERM], measures=MEASURES)
    assert np.isnan(whole.data.loc[("RU-PER", 2004)]).all()


def test_figures_for_a_whole_and_its_parts_are_refused() -> None:
    both = panel([("RU-PER", 2004, 1.0, 1.0, 1.0), ("RU-PER-OBL", 2004, 1.0, 1.0, 1.0)])
    with pytest.raises(DuplicateKeyError, match="RU-PER and RU-PER-OBL both have rows in 2004"):
        harmonise(both, [PERM], measures=MEASURES)


def test_a_rate_is_not_summed_and_a_total_not_averaged(perm: PanelFrame) -> None:
    with pytest.raises(DataError, match="averaged, not summed"):
        harmonise(perm, [PERM], measures=MEASURES | {"rate": "sum"})
    with pytest.raises(DataError, match="summed, not averaged"):
        harmonise(perm, [PERM], measures=MEASURES | {"gdp": "mean(weights=people)"})
    with pytest.raises(DataError, match="itself a rate"):
        harmonise(
            perm.assign(other=[1.0] * 5),
            [PERM],
            measures=MEASURES | {"other": "mean(weights=rate)"},
        )
    with pytest.raises(DataError, match="no way to add up"):
        harmonise(perm, [PERM], measures=MEASURES | {"rate": "median"})
    with pytest.raises(DataError, match="does not say how 'rate'"):
        harmonise(perm, [PERM], measures={"gdp": "sum", "people": "sum"})
    with pytest.raises(UnknownVariableError, match="did you mean 'people'"):
        harmonise(perm, [PERM], measures=MEASURES | {"rate": "mean(weights=peple)"})
    with pytest.raises(UnknownRegionError, match="did you mean"):
        harmonise(perm, [DropRegion("RU-PERM")], measures=MEASURES)
    with pytest.raises(UnknownRegionError, match=r"write its code: CN-JL .* or CN-220200"):
        harmonise(perm, [DropRegion("吉林")], measures=MEASURES)


def test_splitting_divides_totals_and_takes_rates_over() -> None:
    frame = panel([("RU-TYU", 2004, 10.0, 8.0, 5.0)])
    rule = SplitRegion("RU-TYU", {"RU-KHM": 0.75, "RU-YAN": 0.25})
    parts = harmonise(frame, [rule], measures=MEASURES)
    assert parts.data["gdp"].tolist() == [7.5, 2.5]
    assert parts.data["rate"].tolist() == [5.0, 5.0]
    assert "taken over unchanged from RU-TYU" in str(parts.origin("rate", "RU-KHM", 2004))
    back = harmonise(parts, [MergeRegions("RU-TYU", ("RU-KHM", "RU-YAN"))], measures=MEASURES)
    pd.testing.assert_frame_equal(back.data, frame.data)
    assert len(back.origin("gdp", "RU-TYU", 2004).adjustments) == 1
    with pytest.raises(DataError, match="not to 1"):
        SplitRegion("RU-TYU", {"RU-KHM": 0.5, "RU-YAN": 0.25})


@settings(max_examples=25, deadline=None)
@given(
    st.floats(0.01, 0.99),
    st.lists(st.tuples(*[st.floats(0.1, 1e6)] * 3), min_size=1, max_size=3),
)
def test_what_is_split_and_merged_is_the_same(
    share: float, years: list[tuple[float, float, float]]
) -> None:
    frame = panel([("RU-TYU", 2004 + i, *figures) for i, figures in enumerate(years)])
    shares = {"RU-KHM": share, "RU-YAN": 1 - share}
    parts = harmonise(frame, [SplitRegion("RU-TYU", shares)], measures=MEASURES)
    back = harmonise(parts, [MergeRegions("RU-TYU", tuple(shares))], measures=MEASURES)
    # two products and a sum: a few ulp
    pd.testing.assert_frame_equal(back.data, frame.data, rtol=1e-14, atol=0)


def test_reassigning_is_splitting_and_merging_at_once() -> None:
    frame = panel([("IE01", 2015, 12.0, 4.0, 6.0), ("IE02", 2015, 20.0, 8.0, 3.0)])
    rule = ReassignRegions(
        {"IE01": {"IE04": 0.75, "IE06": 0.25}, "IE02": {"IE05": 0.5, "IE06": 0.5}}, "NUTS 2016"
    )
    new = harmonise(frame, [rule], measures=MEASURES)
    assert new.units == ("IE04", "IE05", "IE06")
    assert new.data["gdp"].tolist() == [9.0, 10.0, 3.0 + 10.0]
    assert new.data["people"].tolist() == [3.0, 4.0, 1.0 + 4.0]
    assert new.data["rate"].tolist() == [6.0, 3.0, (1 * 6 + 4 * 3) / 5]
    assert "sum of 0.25 of IE01 and 0.5 of IE02 (NUTS 2016)" in str(new.origin("gdp", "IE06", 2015))
    assert new.origin("gdp", "IE05", 2015).publications[0].file == "a.csv"

    alone = harmonise(frame.rows(lambda t: t.region == "IE01"), [rule], measures=MEASURES)
    assert alone.units == ("IE04", "IE06")
    assert np.isnan(alone.data.loc[("IE06", 2015)]).all()
    assert "IE02 has no figure" in str(alone.origin("gdp", "IE06", 2015))

    both = panel([("IE01", 2015, 1.0, 1.0, 1.0), ("IE06", 2015, 1.0, 1.0, 1.0)])
    with pytest.raises(DuplicateKeyError, match="IE06 and IE01 both have rows in 2015"):
        harmonise(both, [rule], measures=MEASURES)
    with pytest.raises(DataError, match=r"shares of IE01 add up to 0\.5"):
        ReassignRegions({"IE01": {"IE04": 0.5}})


def test_shares_come_from_a_column() -> None:
    frame = panel([("RU-KHM", 2005, 3.0, 1.0, 1.0), ("RU-YAN", 2005, 1.0, 1.0, 1.0)])
    assert region_shares(frame, "gdp", ("RU-KHM", "RU-YAN"), 2005) == {
        "RU-KHM": 0.75,
        "RU-YAN": 0.25,
    }
    for regions, year in ((("RU-KHM", "RU-NEN"), 2005), (("RU-KHM",), 2006), ((), 2005)):
        with pytest.raises(DataError, match="gives no shares"):
            region_shares(frame, "gdp", regions, year)


def test_subtracting_undoes_merging() -> None:
    parts = panel(
        [("RU-TYU", 2004, 5.0, 8.0, 5.0), ("RU-KHM", 2004, 7.0, 4.0, 2.0),
         ("RU-YAN", 2004, 1.0, 2.0, 11.0)]
    )  # fmt: skip
    merged = harmonise(
        parts, [MergeRegions("RU-TYU", ("RU-TYU", "RU-KHM", "RU-YAN"))], measures=MEASURES
    )
    assert merged.data.loc[("RU-TYU", 2004)].tolist() == [13.0, 14.0, (40 + 8 + 22) / 14]
    both = panel(
        [*merged.data.reset_index().itertuples(index=False, name=None),
         *parts.data.drop("RU-TYU").reset_index().itertuples(index=False, name=None)]
    )  # fmt: skip
    left = harmonise(both, [SubtractRegions("RU-TYU", ("RU-KHM", "RU-YAN"))], measures=MEASURES)
    # a quotient of sums of small whole numbers: rounding of one division
    pd.testing.assert_frame_equal(left.data, parts.data, rtol=1e-14)
    assert "RU-TYU without RU-KHM and RU-YAN" in str(left.origin("gdp", "RU-TYU", 2004))


def test_filled_cells_text_and_origins_follow(perm: PanelFrame) -> None:
    named = perm.assign(
        name_en=[str(u) for u in perm.data.index.get_level_values(0)],
        kind=["y", "x", "x", "x", "x"],
        seen=[True, True, True, True, False],
    ).describe(
        "gdp",
        filled=frozenset({("RU-KOP-AO", 2004)}),
        origins=(Origin("b.csv", "gdp", "", "Other", regions=("RU-KOP-AO",), times=(2004,)),),
    )
    rules: list[Rule] = [PERM, DropRegion("RU-TYU")]
    whole = harmonise(named, rules, measures=MEASURES)
    assert whole.columns["gdp"].filled == {("RU-PER", 2004)}
    assert whole.origin("gdp", "RU-PER", 2004).sources[0].file == "b.csv"
    assert whole.data.loc[("RU-PER", 2004), "name_en"] == "Perm Krai"
    assert whole.units == ("RU-PER",)
    kinds = whole.data["kind"]
    assert pd.isna(kinds.iloc[0])
    assert kinds.iloc[1] == "x"
    assert whole.data["seen"].tolist() == [1.0, 1.0]
    assert "RU-TYU left out" in set(whole.report().adjustments["step"])
    with pytest.raises(DataError, match="leave no row"):
        harmonise(
            panel([("RU-TYU", 2004, 1.0, 1.0, 1.0)]), [DropRegion("RU-TYU")], measures=MEASURES
        )
    with pytest.raises(DataError, match="infinite"):
        harmonise(panel([("RU-TYU", 2004, np.inf, 1.0, 1.0)]), [], measures=MEASURES)
