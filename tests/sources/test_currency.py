"""Currencies: exact where rates are given, and shipped rates against another publisher."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import CalendarError, DataError, UnitError

ECB = json.loads((Path(__file__).parents[1] / "reference/ecb_rates.json").read_text())


@pytest.fixture
def frame() -> panel.PanelFrame:
    keys = pd.MultiIndex.from_product([["a", "b"], [2020, 2021]], names=["region", "year"])
    table = pd.DataFrame({"gdp": [7.0, 6, 14, np.nan], "use": [2.0, 3, 4, 5], "wage": [7.0] * 4,
                          "people": [1.0] * 4}, index=keys)  # fmt: skip
    units = {"gdp": "亿元", "use": "千瓦小时/万元", "wage": "元/人", "people": "万人"}
    labels = {"gdp": {"en": "Product", "zh": "产值", "ru": "Продукт"}}
    return panel.PanelFrame.from_pandas(table, units=units, labels=labels)


@pytest.fixture
def rates() -> pd.DataFrame:
    return pd.DataFrame({"CNY": [7.0, 6.0], "RUB": [70.0, 72.0], "USD": 1.0}, index=[2020, 2021])


def test_each_year_at_its_own_rate(frame: panel.PanelFrame, rates: pd.DataFrame) -> None:
    made = panel.convert_currency(frame, "gdp", "million USD", rates=rates)
    np.testing.assert_allclose(made.table["gdp_usd"], [100, 100, 200, np.nan], rtol=1e-14)
    column = made.columns["gdp_usd"]
    assert column.unit == "million USD"
    assert column.labels == {"en": "Product, million USD", "zh": "产值（百万美元）",
                             "ru": "Продукт, млн долл. США"}  # fmt: skip
    assert "rates of the user's own" in str(made.origin("gdp_usd", "a", 2020))
    assert made.table["gdp"].equals(frame.table["gdp"])


def test_cross_rates_and_compound_units(frame: panel.PanelFrame, rates: pd.DataFrame) -> None:
    roubles = panel.convert_currency(frame, "gdp", "млрд руб.", rates=rates)
    np.testing.assert_allclose(  # 0.7 billion yuan at 10 roubles
        roubles.table["gdp_rub"], [7, 7.2, 14, np.nan], rtol=1e-14
    )
    wage = panel.convert_currency(frame, "wage", "USD/person", rates=rates)
    np.testing.assert_allclose(wage.table["wage_usd"], [1, 7 / 6] * 2, rtol=1e-14)
    use = panel.convert_currency(frame, "use", "kWh/USD", rates=rates)  # by the inverse rate
    np.testing.assert_allclose(
        use.table["use_usd"], [2e-4 * 7, 3e-4 * 6, 4e-4 * 7, 5e-4 * 6], rtol=1e-14
    )


def test_shipped_rates_lead_to_their_publisher() -> None:
    china = panel.load("china")
    made = panel.convert_currency(china, "gdp", "billion USD")
    rate = panel.exchange_rates().df.loc[2020, "CNY"]
    assert rate == 6.90076726944925  # as published
    at = ("CN-JX", 2020)
    assert made.table["gdp_usd"][at] == pytest.approx(china.table["gdp"][at] / 10 / rate)
    publications = {o.publisher for o in made.origin("gdp_usd", *at).publications}
    assert "World Bank" in publications
    assert len(publications) == 2
    parity = panel.convert_currency(china, "gdp", "billion INT", rates=panel.ppp_rates())
    assert parity.table["gdp_int"][at] > made.table["gdp_usd"][at]


def test_rates_agree_with_the_european_central_banks() -> None:
    """Means of its daily rates differ by the days they are taken on: by less than 1 percent."""
    shipped = panel.exchange_rates().df
    compared = 0
    for code, years in ECB.items():
        for year, rate in years.items():
            if int(year) in shipped.index and not np.isnan(shipped.loc[int(year), code]):
                assert shipped.loc[int(year), code] == pytest.approx(rate, rel=0.01), (code, year)
                compared += 1
    assert compared == 20 + 16 + 26 + 27  # yuan, rouble, euro, pound


def test_figures_without_a_rate_stop(frame: panel.PanelFrame, rates: pd.DataFrame) -> None:
    with pytest.raises(CalendarError, match=r"figures in 2021, for which there is no rate"):
        panel.convert_currency(frame, "gdp", "USD", rates=rates.loc[[2020]])
    # b has no figure in 2021, so it needs no rate.
    only = frame.rows(lambda t: (t.region == "b") | (t.year == 2020))
    assert panel.convert_currency(only, "gdp", "USD", rates=rates.loc[[2020]]) is not None


@pytest.mark.parametrize(
    ("name", "to", "error", "message"),
    [
        ("people", "USD", UnitError, "no currency"),
        ("gdp", "万人", UnitError, "no currency"),
        ("gdp", "EUR", DataError, "have no EUR"),
        ("gdp", "USD/人", UnitError, "not a kind of"),
        ("gdp", "doubloon", UnitError, "not known"),
        ("gpd", "USD", DataError, "did you mean 'gdp'"),
    ],
)
def test_mistakes(
    frame: panel.PanelFrame, rates: pd.DataFrame, name: str, to: str, error: type, message: str
) -> None:
    with pytest.raises(error, match=message):
        panel.convert_currency(frame, name, to, rates=rates)


def test_a_rate_is_positive_and_a_name_is_new(frame: panel.PanelFrame, rates: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="no price of a currency"):
        panel.convert_currency(frame, "gdp", "USD", rates=rates.replace(7.0, -7.0))
    with pytest.raises(DataError, match="'wage' already"):
        panel.convert_currency(frame, "gdp", "USD", rates=rates, into="wage")


def test_rates_show_themselves() -> None:
    assert "purchasing power parities" in repr(panel.ppp_rates())
    assert "<table" in panel.exchange_rates()._repr_html_()
