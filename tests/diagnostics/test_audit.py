"""The audit: silent on clean panels, and each planted error is found where it was planted."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import panel
from panel.diagnostics.audit_grid import grid_of, usual
from panel.diagnostics.audit_words import HINTS, KIND_WORDS, KINDS, SENTENCES
from panel.errors import DataError, NotNumericError, UnknownVariableError

REGIONS = [f"r{i:02d}" for i in range(24)]
YEARS = list(range(2010, 2021))
Table = pd.DataFrame


def walk(
    rng: np.random.Generator, base: float, trend: float, noise: float, decimals: int,
    uneven: float = 0.3, steady: bool = False,
) -> Any:  # fmt: skip
    """Rounded figures (N, T): levels of their own, growth that is partly common, and noise whose
    size differs among regions; noise adds up over the years, or is new each year."""
    n, t = len(REGIONS), len(YEARS)
    level = rng.normal(np.log(base), 0.8, n)[:, None]
    growth = rng.normal(trend, 0.3 * abs(trend) + 0.005, n)[:, None] * np.arange(t)
    common = np.concatenate([[0.0], np.cumsum(rng.normal(0, 0.5 * noise, t - 1))])
    shocks = rng.normal(size=(n, t)) * noise * np.exp(rng.normal(0, uneven, n))[:, None]
    path = level + growth + common + (shocks if steady else np.cumsum(shocks, axis=1))
    return np.round(np.exp(path), decimals)


def clean_table(seed: int) -> Table:
    """Sectors that add up to product, people, users, a share and a rough count."""
    rng = np.random.default_rng(seed)
    primary = walk(rng, 300, 0.04, 0.02, 1)
    secondary, tertiary = walk(rng, 1200, 0.07, 0.02, 1), walk(rng, 1500, 0.08, 0.02, 1)
    gdp = np.round(primary + secondary + tertiary, 1)
    columns = {
        "gdp": gdp, "primary": primary, "secondary": secondary, "tertiary": tertiary,
        "population": walk(rng, 4000, 0.002, 0.004, 0), "users": walk(rng, 800, 0.12, 0.06, 2),
        "rough": walk(rng, 6, 0.02, 0.12, 1, steady=True),
        "share": np.round(100 * secondary / gdp, 1),
    }  # fmt: skip
    keys = pd.MultiIndex.from_product([REGIONS, YEARS], names=["region", "year"])
    return pd.DataFrame({k: v.ravel() for k, v in columns.items()}, index=keys)


def frame_of(table: Table) -> panel.PanelFrame:
    """The panel of a table, with units."""
    money = dict.fromkeys(("gdp", "primary", "secondary", "tertiary"), "亿元")
    units = money | {"population": "万人", "users": "万户", "share": "%"}
    units = {name: unit for name, unit in units.items() if name in table}
    return panel.PanelFrame.from_pandas(table.reset_index(), "region", "year", units=units)


def planted(seed: int, plant: Callable[[Table], None]) -> panel.PanelFrame:
    """A clean panel with an error in it."""
    table = clean_table(seed)
    plant(table)
    return frame_of(table)


SEEDS = range(6)
SUMS = ["gdp = primary + secondary + tertiary", "share = secondary / gdp", "primary <= gdp"]


def found(audit: panel.Audit, kind: str) -> list[tuple]:
    return [(f.variable, f.region, f.year) for f in audit.of(kind)]


def test_almost_nothing_is_found_in_clean_panels():
    """40 panels of 8 variables and 264 cells, that is 84,480 cells: at most 8 findings."""
    counts = Counter(
        finding.kind
        for seed in range(40)
        for finding in panel.audit(frame_of(clean_table(seed)), SUMS).findings
    )
    assert sum(counts.values()) <= 8, counts
    assert counts["identity"] == 0  # arithmetic that comes out is never told


def test_noise_with_heavy_tails_is_not_taken_for_errors():
    """Changes with Student's t of 5 degrees of freedom: one finding in 1,000 changes at most."""
    keys = pd.MultiIndex.from_product([REGIONS, YEARS], names=["region", "year"])
    count = 0
    for seed in range(20):
        draw = np.random.default_rng(seed).standard_t(5, (len(REGIONS), len(YEARS)))
        x = np.exp(7 + 0.05 * np.cumsum(draw, axis=1)).round(1).ravel()
        count += len(panel.audit(frame_of(pd.DataFrame({"gdp": x}, index=keys))))
    assert count <= 20 * len(REGIONS) * (len(YEARS) - 1) / 1000


# ---- planted errors --------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("power", [-4, -2, -1, 1, 3])
def test_a_figure_off_by_a_power_of_ten(seed, power):
    region, year = REGIONS[seed], YEARS[seed]  # the first year among them
    frame = planted(seed, lambda t: scaled(t, "users", region, [year], 10.0**power, 6))
    assert found(panel.audit(frame, variables=["users"]), "power of ten") == [
        ("users", region, year)
    ]


def test_some_years_or_all_regions_off_by_a_power_of_ten():
    for rows in (("r03", [2012, 2013, 2014]), ("r05", [2019, 2020]), ("r07", [2010])):
        frame = planted(1, lambda t, rows=rows: scaled(t, "gdp", rows[0], rows[1], 1e4))
        cells = [("gdp", rows[0], year) for year in rows[1]]
        assert found(panel.audit(frame, variables=["gdp"]), "power of ten") == cells
    frame = planted(2, lambda t: [scaled(t, "users", r, [2015], 0.1) for r in REGIONS])
    assert found(panel.audit(frame, variables=["users"]), "power of ten") == [
        ("users", r, 2015) for r in REGIONS
    ]


def scaled(table, name, region, years, factor, decimals=1):
    for year in years:
        table.loc[(region, year), name] = round(factor * table.loc[(region, year), name], decimals)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("factor", [0.5, 0.75, 1.4, 2.5])
def test_an_outlier(seed, factor):
    region, year = REGIONS[seed + 3], YEARS[seed + 2]
    frame = planted(seed, lambda t: scaled(t, "secondary", region, [year], factor))
    audit = panel.audit(frame, variables=["secondary"])
    kinds = {f.kind for f in audit.findings}
    assert [(f.region, f.year) for f in audit.findings] == [(region, year)]
    assert kinds <= {"outlier", "transposed digits"}  # 2.5 may look like digits exchanged
    assert audit.findings[0].expected == pytest.approx(
        audit.findings[0].value / factor, rel=0.15  # three times the usual noise
    )  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_shift_of_level(seed):
    region = REGIONS[seed + 5]
    frame = planted(seed, lambda t: scaled(t, "tertiary", region, range(2014, 2021), 1.6))
    assert found(panel.audit(frame, variables=["tertiary"]), "break") == [
        ("tertiary", region, 2014)
    ]
    frame = planted(seed, lambda t: scaled(t, "tertiary", region, [2020], 1.6))
    (last,) = panel.audit(frame, variables=["tertiary"]).of("break", "transposed digits")
    assert (last.region, last.year) == (region, 2020)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_break_in_all_regions(seed):
    frame = planted(seed, lambda t: [scaled(t, "gdp", r, range(2016, 2021), 1.5) for r in REGIONS])
    assert ("gdp", None, 2016) in found(panel.audit(frame, variables=["gdp"]), "common break")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_break_that_is_uneven(seed):
    factors = np.exp(np.random.default_rng(seed + 100).normal(0, 0.4, len(REGIONS)))
    frame = planted(
        seed,
        lambda t: [scaled(t, "gdp", r, range(2016, 2021), f) for r, f in zip(REGIONS, factors)],  # noqa: B905
    )
    assert ("gdp", None, 2016) in found(panel.audit(frame, variables=["gdp"]), "uneven year")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("year", [2010, 2013, 2020])
def test_two_regions_swapped_in_a_year(seed, year):
    def swap(table):
        table.loc["r02", "gdp"] = np.round(
            2.2 * table.loc["r03", "gdp"].to_numpy() * table.loc["r04", "gdp"].to_numpy() ** 0.1, 1
        )  # far enough from r03, and no copy of it
        a, b = table.loc[("r02", year), "gdp"], table.loc[("r03", year), "gdp"]
        table.loc[("r02", year), "gdp"], table.loc[("r03", year), "gdp"] = b, a

    audit = panel.audit(planted(seed, swap), variables=["gdp"])
    (finding,) = audit.of("swapped regions")
    assert (finding.region, finding.year) == ("r02", year)
    assert "r03" in finding.sentence()
    assert not audit.of("outlier", "break")


@pytest.mark.parametrize("seed", SEEDS)
def test_digits_exchanged(seed):
    def exchange(table):
        for year in YEARS:
            table.loc[(REGIONS[seed], year), "gdp"] = round(4946.3 * 1.05 ** (year - 2015), 1)
        table.loc[(REGIONS[seed], 2015), "gdp"] = 9446.3

    audit = panel.audit(planted(seed, exchange), variables=["gdp"])
    (finding,) = audit.of("transposed digits")
    assert (finding.region, finding.year) == (REGIONS[seed], 2015)
    assert "4946.3" in finding.sentence()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_value_that_repeats(seed):
    def repeat(table):
        for year in (2016, 2017):
            table.loc[("r04", year), "users"] = table.loc[("r04", 2015), "users"]

    def large(table):  # so that two decimals are many digits
        table["users"] *= 10
        repeat(table)

    (finding,) = panel.audit(planted(seed, large), variables=["users"]).of("repeated value")
    assert (finding.variable, finding.region) == ("users", "r04")
    assert "2015-2017" in finding.sentence()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ratio", [1.0, 0.37])
def test_a_series_copied_from_another_region(seed, ratio):
    def copy(table):
        table.loc["r09", "gdp"] = np.round(ratio * table.loc["r01", "gdp"].to_numpy(), 1)

    (finding,) = panel.audit(planted(seed, copy), variables=["gdp"]).of("copied region")
    assert (finding.variable, finding.region) == ("gdp", "r09")
    assert "r01" in finding.sentence()
    assert ("is that of r01" in finding.sentence()) == (ratio == 1)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ratio", [1.0, 1.07])
def test_a_year_copied_from_another(seed, ratio):
    def copy(table):
        of = table.xs(2014, level="year")["users"]
        for region in REGIONS:
            table.loc[(region, 2016), "users"] = round(ratio * of[region], 2)
        table.loc[("r00", 2016), "users"] *= 1.01  # all but one

    assert ("users", None, 2016) in found(
        panel.audit(planted(seed, copy), variables=["users"]), "copied year"
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_years_in_reverse(seed):
    growth = (
        np.log(clean_table(seed)["users"]).groupby("region").agg(lambda x: x.iloc[-1] - x.iloc[0])
    )
    region = growth.sort_values().index[len(REGIONS) // 2]  # one that grows as most do

    def turn(table):
        table["users"] *= 1.1 ** (table.index.get_level_values("year") - YEARS[0])
        table.loc[region, "users"] = table.loc[region, "users"].to_numpy()[::-1]

    audit = panel.audit(planted(seed, turn), variables=["users"])
    assert [f.region for f in audit.of("reversed years")] == [region]


def test_impossible_figures():
    def spoil(table):
        table.loc[("r01", 2012), "share"] = 104.2
        table.loc[("r02", 2013), "population"] = -5.0
        for year in range(2015, 2021):
            table.loc[("r03", year), "population"] = round(
                table.loc[("r03", year), "population"] * 0.45
            )

    audit = panel.audit(planted(0, spoil))
    assert found(audit, "limits") == [("population", "r02", 2013), ("share", "r01", 2012)]
    assert ("population", "r03", 2015) in found(audit, "halved")
    declared = panel.audit(planted(0, spoil), [panel.Limits("gdp", high=1.0)], variables=[])
    assert len(declared) == len(REGIONS) * len(YEARS)
    with pytest.raises(DataError, match="is not below"):
        panel.Limits("gdp", 2.0, 1.0)


def test_printed_digits():
    def coarse(table):
        rows = table.index.get_level_values("year").isin([2013, 2014])
        table.loc[rows, "users"] = table.loc[rows, "users"].round(0)
        table.loc["r06", "gdp"] = (table.loc["r06", "gdp"].to_numpy() / 10).round(0) * 10

    audit = panel.audit(planted(0, coarse))
    (precision,) = audit.of("precision")
    assert precision.variable == "users"
    assert "decimals: 0 in 2013-2014, up to 2 in other years" in precision.sentence()
    assert ("gdp", "r06", None) in found(audit, "heaping")
    digits = audit.digits.set_index("variable")
    assert digits.loc["users", "decimals"] == 2
    assert digits.loc["gdp", "zeros"] == pytest.approx(0.1, abs=0.1)


def test_benford_is_near_its_law_for_powers_and_far_for_heights():
    """2^k follows the law (it is the textbook example); figures from 150 to 190 cannot."""
    keys = pd.MultiIndex.from_product([[f"c{i}" for i in range(10)], range(2000, 2010)],
                                      names=["region", "year"])  # fmt: skip
    table = pd.DataFrame({"powers": 2.0 ** np.arange(100), "heights": np.linspace(150, 190, 100)},
                         index=keys)  # fmt: skip
    digits = panel.audit(panel.PanelFrame.from_pandas(table)).digits.set_index("variable")
    assert digits.loc["powers", "benford"] < 0.01
    assert digits.loc["heights", "benford"] > 0.1
    assert digits.loc["powers", "decades"] == pytest.approx(99 * np.log10(2))


# ---- the result ------------------------------------------------------------------------


def test_the_audit_as_data_and_in_words():
    audit = panel.audit(planted(3, lambda t: scaled(t, "users", "r05", [2015], 10)), SUMS)
    (row,) = audit.df.to_dict("records")
    assert (row["kind"], row["basis"], row["variable"]) == ("power of ten", "statistical", "users")
    assert (row["region"], row["year"], row["unit"]) == ("r05", 2015, "万户")
    # Findings of a whole series have no year; the others' stay whole beside them.
    china = panel.audit(panel.load("china")).df
    assert china["year"].isna().any()
    assert china["year"].dtype == audit.df["year"].dtype == "Int64"
    none = panel.audit(frame_of(clean_table(0)), variables=[])
    assert none.df["year"].dtype == "Int64"
    assert row["value"] == pytest.approx(10 * row["expected"], rel=0.3)
    assert "r05, 2015: users is" in row["sentence_en"]
    assert row["sentence_zh"].startswith("r052015年：users为")
    assert row["sentence_ru"].startswith("r05, 2015 г.: users —")
    assert audit.summary().to_dict("records") == [
        {"kind": "power of ten", "basis": "statistical", "findings": 1, "variables": 1,
         "regions": 1}
    ]  # fmt: skip
    said = audit.labelled("zh")
    assert said.iloc[0].tolist() == ["相差10的幂", "统计可能性", 1, 1, 1]
    assert list(audit.labelled("ru")) == ["Вид", "Основание", "Находок", "Переменных", "Регионов"]
    assert audit.labelled().iloc[0, 0] == "off by a power of ten"
    assert none.labelled("zh").empty
    assert "8 series, 3 rules, 1 findings" in repr(audit)
    assert "off by a power of ten" in str(audit)
    assert "<table>" in audit._repr_html_()
    again = pickle.loads(pickle.dumps(audit))
    assert again.findings == audit.findings
    assert again.findings[0].sentence("ru") == row["sentence_ru"]
    with pytest.raises(DataError, match="no kind"):
        audit.of("typo")
    with pytest.raises(DataError, match="'de'"):
        audit.findings[0].sentence("de")


def test_every_kind_has_its_words():
    assert set(KINDS) == set(KIND_WORDS) == set(SENTENCES)
    for words in (*KIND_WORDS.values(), *SENTENCES.values(), *HINTS.values()):
        assert len(words) == 3


def test_letters_are_escaped_in_html():
    table = clean_table(0).rename(index={"r01": "<b>r01"})
    table.loc[("<b>r01", 2015), "users"] *= 100
    html = panel.audit(frame_of(table.sort_index()))._repr_html_()
    assert "<b>r01" not in html
    assert "&lt;b&gt;r01" in html


def test_the_input_is_not_touched_and_rows_may_stand_in_any_order():
    table = clean_table(4)
    table.loc[("r05", 2015), "users"] *= 10
    mixed = table.sample(frac=1, random_state=1)
    frame = frame_of(table)
    before = frame.fingerprint
    audit = panel.audit(frame)
    assert frame.fingerprint == before
    assert panel.audit(frame_of(mixed)).findings == audit.findings


def test_a_change_of_unit_changes_no_finding():
    def spoil(table):
        scaled(table, "gdp", "r05", [2015], 1.5)
        table.loc["r09", "gdp"] = table.loc["r01", "gdp"].to_numpy()

    first = planted(5, spoil)
    table = first.data
    table["gdp"] = table["gdp"] * 1e-4
    other = panel.PanelFrame.from_pandas(table, units={"gdp": "万亿元"})
    kinds = [
        [(f.kind, f.region, f.year) for f in panel.audit(x, variables=["gdp"]).findings]
        for x in (first, other)
    ]
    assert kinds[0] == kinds[1] != []


def test_times_may_be_quarters():
    frame = planted(3, lambda t: scaled(t, "users", "r05", [2015], 10))
    table = frame.data.reset_index()
    table["year"] = pd.PeriodIndex.from_ordinals(table["year"] - 1800, freq="Q")
    (finding,) = panel.audit(panel.PanelFrame.from_pandas(table, "region", "year")).findings
    assert finding.year == pd.Period("2023Q4", freq="Q")  # 215 quarters after the first of 1970
    assert "r05, 2023Q4: users" in finding.sentence()


def test_interpolated_cells_are_left_out():
    frame = planted(3, lambda t: scaled(t, "users", "r05", [2015], 10))
    marked = frame.describe("users", filled=frozenset({("r05", 2015)}))
    assert len(panel.audit(marked)) == 0


@pytest.mark.parametrize(
    "rows",
    [lambda t: t.region == "r01", lambda t: t.year == 2015, lambda t: t.year < 0,
     lambda t: (t.region == "r01") & (t.year == 2015)],
)  # fmt: skip
def test_small_panels_give_no_error(rows):
    audit = panel.audit(frame_of(clean_table(0)).rows(rows))
    assert not [f for f in audit.findings if f.basis == "statistical"]


def test_columns_without_figures_or_with_odd_ones():
    table = clean_table(0)
    table["empty"] = np.nan
    table["infinite"] = np.where(np.arange(len(table)) % 7, 3.0, np.inf)
    table["zero"] = 0.0
    table["flag"] = True
    table["text"] = "word"
    audit = panel.audit(frame_of(table))
    assert "text" not in audit.checked
    assert len(audit) == 0
    with pytest.raises(NotNumericError, match="'text'"):
        panel.audit(frame_of(table), variables=["text"])
    with pytest.raises(UnknownVariableError, match="'gdpp'"):
        panel.audit(frame_of(table), variables=["gdpp"])


def test_gaps_in_the_calendar_are_no_jumps():
    frame = frame_of(clean_table(1)).rows(lambda t: ~t.year.isin([2013, 2014]))
    assert len(panel.audit(frame)) == 0


def test_the_usual_change_is_taken_apart_exactly():
    """Growth of 5 percent for all, 2 more for one region: nothing is left but rounding."""
    keys = pd.MultiIndex.from_product([REGIONS[:6], YEARS], names=["region", "year"])
    growth = np.array([0.05] * 5 + [0.07])[:, None] * np.arange(len(YEARS))
    frame = frame_of(pd.DataFrame({"x": np.exp(5 + growth).round(6).ravel()}, index=keys))
    model = usual(*(getattr(grid_of(frame, "x"), k) for k in ("logs", "fuzz")))
    # six decimals of figures above 148: relative rounding is below 4e-9 for each of two figures
    assert model.common == pytest.approx(np.full(len(YEARS) - 1, 0.05), abs=1e-8)
    assert model.own == pytest.approx([0, 0, 0, 0, 0, 0.02], abs=1e-8)
    assert np.abs(model.rest).max() < 2e-8
