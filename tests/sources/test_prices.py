"""Indices, deflators and volumes, worked by hand and against published growth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import CalendarError, DataError, NotNumericError, UnitError


@pytest.fixture
def frame() -> panel.PanelFrame:
    """a: prices double every year and volumes grow by 10, 25 and 50 percent."""
    keys = pd.MultiIndex.from_product([["a", "b"], range(2015, 2019)], names=["region", "year"])
    growth = [np.nan, 110, 125, 150, np.nan, 100, 80, 100]
    volume = np.array([100, 110, 137.5, 206.25, 50, 50, 40, 40])
    price = np.array([1.0, 2, 4, 8, 3, 3, 3, 6])
    table = pd.DataFrame(
        {"nominal": volume * price, "volume": volume, "price": 50 * price, "growth": growth},
        index=keys,
    )
    units = {"nominal": "亿元", "volume": "亿元", "price": "index", "growth": "上年=100"}
    labels = {"nominal": {"en": "Product", "zh": "产值", "ru": "Продукт"},
              "growth": {"en": "Index of product, previous year = 100",
                         "zh": "产值指数(上年=100)"}}  # fmt: skip
    return panel.PanelFrame.from_pandas(table, units=units, labels=labels)


def test_growth_is_chained_both_ways(frame: panel.PanelFrame) -> None:
    made = panel.chain_index(frame, "growth", 2016)
    expected = [100 / 1.1, 100, 125, 187.5, 100, 100, 80, 80]
    np.testing.assert_allclose(made.table["growth_2016"], expected, rtol=1e-15)
    column = made.columns["growth_2016"]
    assert column.labels == {"en": "Index of product, 2016 = 100", "zh": "产值指数（2016年=100）"}
    assert (column.unit, column.inputs) == ("index", ("growth",))


def test_a_missing_year_ends_the_chain(frame: panel.PanelFrame) -> None:
    holed = frame.rows(lambda t: ~((t.region == "a") & (t.year == 2017)))
    chain = panel.chain_index(holed, "growth", 2015).table["growth_2015"]
    assert chain["a", 2016] == pytest.approx(110)
    assert np.isnan(chain["a", 2018])
    assert chain["b", 2018] == pytest.approx(80)


def test_volumes_from_growth(frame: panel.PanelFrame) -> None:
    made = panel.chain_volume(frame, "nominal", "growth", 2017, into="real")
    scale = {"a": 4.0, "b": 3.0}  # prices of 2017
    expected = [v * scale[r] for (r, _), v in frame.table["volume"].items()]
    np.testing.assert_allclose(made.table["real"], expected, rtol=1e-14)
    assert made.columns["real"].unit == "亿元"
    assert made.label("real", "zh") == "产值（2017年价格）"
    assert made.label("real", "ru") == "Продукт, цены 2017 г."


def test_the_implied_deflator_and_prices_of_another_year(frame: panel.PanelFrame) -> None:
    made = panel.implicit_deflator(frame, "nominal", "volume", 2016)
    assert made.label("nominal_deflator_2016") == "Deflator of Product, 2016 = 100"
    np.testing.assert_allclose(
        made.table["nominal_deflator_2016"], [50, 100, 200, 400, 100, 100, 100, 200], rtol=1e-15
    )
    # Whatever the base of the deflator, volumes at the prices of 2018 are the same.
    expected = frame.table["volume"] * frame.table["volume"].index.map(
        lambda key: {"a": 8.0, "b": 6.0}[key[0]]
    )
    for deflator in ("price", "nominal_deflator_2016"):
        at = panel.constant_prices(made, "nominal", deflator=deflator, base=2018)
        np.testing.assert_allclose(at.table["nominal_2018"], expected, rtol=1e-14)
    index = panel.implicit_deflator(
        frame.describe("volume", unit="index"), "nominal", "volume", 2016
    )
    assert "nominal_deflator_2016" in index


def test_rebasing_keeps_ratios(frame: panel.PanelFrame) -> None:
    made = panel.rebase(frame, "price", 2017, to=1)
    np.testing.assert_allclose(made.table["price_2017"], [0.25, 0.5, 1, 2, 1, 1, 1, 2], rtol=1e-15)
    twice = panel.rebase(made, "price_2017", 2015, into="again").table["again"]
    np.testing.assert_allclose(twice, [100, 200, 400, 800, 100, 100, 100, 200], rtol=1e-14)


def test_filled_figures_stay_marked(frame: panel.PanelFrame) -> None:
    marked = frame.describe("nominal", filled=frozenset({("a", 2018)}))
    made = panel.constant_prices(marked, "nominal", deflator="price", base=2016)
    assert made.columns["nominal_2016"].filled == {("a", 2018)}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda f: panel.constant_prices(f, "nominal", deflator="growth", base=2016), UnitError,
         "panel.chain_index"),
        (lambda f: panel.rebase(f, "growth", 2016), UnitError, "panel.chain_index"),
        (lambda f: panel.constant_prices(f, "nominal", deflator="volume", base=2016), UnitError,
         "no index"),
        (lambda f: panel.chain_index(f, "nominal", 2016), UnitError, "is no index"),
        (lambda f: panel.implicit_deflator(f.describe("volume", unit="万人"), "nominal", "volume",
                                           2016), UnitError, "not a kind of"),
        (lambda f: panel.rebase(f, "price", 2014), CalendarError, "2015 to 2018"),
        (lambda f: panel.chain_index(f, "growth", "2016"), CalendarError, "no year '2016'"),
        (lambda f: panel.rebase(f, "growth2", 2016), DataError, "did you mean 'growth'"),
        (lambda f: panel.rebase(f, "price", 2016, into="volume"), DataError, "already"),
        (lambda f: panel.chain_index(f.describe("growth", unit=""), "growth", 2016), DataError,
         "frame.describe"),
        (lambda f: panel.chain_index(f.assign(growth=f["growth"] - 100).describe("growth",
         unit="percent"), "growth", 2016), DataError, "an index is positive"),
        (lambda f: panel.chain_index(f.assign(growth=f["growth"] * 0 + 8).describe("growth",
         unit="percent"), "growth", 2016), DataError, "0.08-fold"),
        (lambda f: panel.rebase(f.assign(price=f["price"].where(f["price"] != 100)), "price",
                                2016), DataError, "no figure but zero in 2016: a"),
        (lambda f: panel.rebase(f.assign(price=["x"] * 8), "price", 2016), NotNumericError,
         "price"),
    ],
)  # fmt: skip
def test_mistakes(frame: panel.PanelFrame, call: object, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        call(frame)  # type: ignore[operator]


def test_quarters_cannot_be_chained_by_growth_against_the_year_before() -> None:
    quarters = pd.period_range("2020Q1", periods=5, freq="Q")
    keys = pd.MultiIndex.from_product([["a"], quarters], names=["region", "quarter"])
    quarterly = panel.PanelFrame.from_pandas(
        pd.DataFrame({"g": [101.0, 102, 103, 104, 105]}, index=keys), units={"g": "上年=100"}
    )
    with pytest.raises(CalendarError, match="a quarter is part of a year"):
        panel.chain_index(quarterly, "g", quarters[0])
    chained = panel.chain_index(quarterly.describe("g", unit="percent"), "g", quarters[0], into="i")
    np.testing.assert_allclose(chained.table["i"].iloc[:3], [100, 102, 102 * 1.03], rtol=1e-14)


def test_published_growth_comes_back_from_the_volumes_to_the_printed_digit() -> None:
    """Product and real growth of 31 provinces: nominal / deflator grows as published."""
    frame = panel.load("china", years=range(2011, 2023))
    made = panel.chain_volume(frame, "gdp", "gdp_growth", 2016)
    made = panel.implicit_deflator(made, "gdp", "gdp_2016", 2016)
    made = panel.constant_prices(made, "gdp", deflator="gdp_deflator_2016", base=2011)
    volume = made["gdp_2011"].to_numpy()
    growth = 100 * volume / made.shifted(volume, 1)
    published = made["gdp_growth"].to_numpy()
    there = ~np.isnan(growth)
    assert there.sum() == 31 * 11
    np.testing.assert_array_equal(np.round(growth[there], 1), published[there])
    # The same volumes as the codebook's own, which are made by another route.
    np.testing.assert_allclose(made["gdp_2016"], made["gdp_real"], rtol=1e-13)
    np.testing.assert_allclose(made["gdp_deflator_2016"] / 100, made["gdp_deflator"], rtol=1e-13)
