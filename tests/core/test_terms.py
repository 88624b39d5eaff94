"""From terms to columns of numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.terms import columns_of, condition, numbers
from panel.errors import FormulaError, NotNumericError, UnknownVariableError


def test_numbers(frame):
    x = frame.array("x")
    np.testing.assert_array_equal(numbers("2 * x + 1", frame), 2 * x + 1)
    np.testing.assert_array_equal(numbers("3", frame), np.full(len(frame), 3.0))
    np.testing.assert_array_equal(numbers("year", frame), frame.array("year"))
    np.testing.assert_array_equal(numbers("treated", frame), frame.array("treated"))
    np.testing.assert_array_equal(numbers("x > 0", frame), (x > 0).astype(float))
    assert np.isnan(numbers("log(-1 - x^2)", frame)).all()


def test_a_missing_figure_is_neither_above_nor_below(frame):
    missing = np.isnan(frame.array("z"))
    assert missing.sum() == 1
    for text in (
        "z > 1.5",
        "z != 1.5",
        "I(z == 2)",
        "!(z > 1)",
        "!z",
        "x > 0 | z > 1",
        "L(z, 0) > 1",
    ):
        assert (np.isnan(numbers(text, frame)) == missing).all(), text
    holes = frame.assign(zone=frame["zone"].where(frame["zone"] != "West"))
    east = numbers('zone == "East"', holes)
    assert np.isnan(east[frame["zone"] == "West"]).all()
    assert set(east[frame["zone"] != "West"]) == {0.0, 1.0}
    lagged = numbers("L(x, 1) > 0", frame)
    assert (np.isnan(lagged) == (frame["year"] == 2010)).all()


def test_conditions_leave_out_what_cannot_be_told(frame):
    assert condition("z > 1", frame).sum() == len(frame) - 1
    assert condition("z != 1", frame).sum() == len(frame) - 1
    assert condition('year > 2012 & zone == "East"', frame).sum() == 20
    assert condition("treated == 1", frame).sum() == 16
    assert condition("L(x, 1) > 0 | L(x, 1) <= 0", frame).sum() == 12 * 7
    assert condition("1 == 1", frame).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("year", "not true or false"), ("x + 1", "not true or false"), ("3", "not true or false"),
        ("zone > 3", "cannot be compared"), ("x & z", "cannot be compared"),
        ('zone == "East" & x', "cannot be compared"), ("L(zone, 1) > 1", "cannot be compared"),
        ("nope(x) > 1", "may not be called"),
    ],
)  # fmt: skip
def test_conditions_that_are_none(text, message, frame):
    with pytest.raises(FormulaError, match=message) as caught:
        condition(text, frame)
    assert caught.value.remedy


def test_conditions_on_what_is_not_there(frame):
    with pytest.raises(UnknownVariableError, match="'yaer'") as caught:
        condition("yaer > 2012", frame)
    assert "did you mean 'year'" in caught.value.remedy


@pytest.mark.parametrize(
    "text", ["zone", "log(zone)", "x + zone", "L(zone, 1)", "zone^2", "-zone", "I(zone)"]
)
def test_text_is_no_number_but_may_be_categories(text, frame):
    with pytest.raises(NotNumericError, match="'zone' holds text") as caught:
        numbers(text, frame)
    assert "i(zone)" in caught.value.remedy


@pytest.mark.parametrize(
    ("kind", "what", "remedy"),
    [("dates", "dates", "dt.year"), ("zone", "dates", "dt.year"),
     ("spans", "spans of time", "dt.days")],
)  # fmt: skip
def test_dates_are_no_numbers_but_have_a_year(kind, what, remedy, frame):
    dates = pd.Series(pd.Timestamp("2012-03-01"), index=frame.table.index)
    made = {
        "zone": dates.dt.tz_localize("Asia/Shanghai"),
        "spans": dates - dates.min().replace(month=1),
    }
    own = frame.assign(opened=made.get(kind, dates))
    for text in ("opened", "log(opened)", "opened - x", "L(opened, 1)"):
        with pytest.raises(NotNumericError, match=f"'opened' holds {what}") as caught:
            numbers(text, own)
        assert remedy in caught.value.remedy
    code = caught.value.remedy.partition(": ")[2].removesuffix(".")
    again = eval(code, {"frame": own})  # the remedy is code that works
    assert numbers(again.names[-1], again)[0] in (2012, 60)


@pytest.mark.parametrize("text", ["log(L(x, 1.5))", "D(x, 0.5)", "L(x, 1/0)"])
def test_parts_of_a_year_are_no_lag(text, frame):
    with pytest.raises(FormulaError, match="whole number of periods"):
        numbers(text, frame)


def test_lags_of_numbers_and_conditions(frame):
    later = frame["year"] > 2010
    assert (numbers("L(1, 1)", frame)[later] == 1).all()
    np.testing.assert_array_equal(
        numbers("L(x > 0, 1)", frame)[later], (frame.lag("x") > 0)[later].astype(float)
    )


def test_dummies(frame):
    assert list(columns_of("i(zone)", frame)) == ["zone::Central", "zone::East", "zone::West"]
    dummies = columns_of('i(zone, ref="East")', frame)
    assert list(dummies) == ["zone::Central", "zone::West"]
    np.testing.assert_array_equal(dummies["zone::West"], frame["zone"] == "West")
    assert "year::2010" not in columns_of("i(year, ref=2010)", frame)
    relative = frame.assign(relative=frame["year"] - 2014)
    assert "relative::-1" not in columns_of("i(relative, ref=-1)", relative)
    by = columns_of('i(year, x, ref=2010)', frame)  # fmt: skip
    np.testing.assert_array_equal(
        by["year::2012:x"], np.where(frame["year"] == 2012, frame["x"], 0.0)
    )
    holes = frame.assign(zone=frame["zone"].where(frame["zone"] != "West"))
    assert np.isnan(columns_of("i(zone)", holes)["zone::East"]).sum() == 32


def test_powers_and_products(frame):
    x, z = frame.array("x"), frame.array("z")
    powers = columns_of("poly(x, 3)", frame)
    assert list(powers) == ["x", "x^2", "x^3"]
    np.testing.assert_array_equal(powers["x^3"], x**3)
    assert list(columns_of("poly(log(z), 2)", frame)) == ["log(z)", "log(z)^2"]
    assert list(columns_of("poly(x / z, 2)", frame)) == ["x / z", "(x / z)^2"]
    products = columns_of("x:z", frame)
    np.testing.assert_array_equal(products["x:z"], x * z)
    assert list(columns_of("(x / z):z", frame)) == ["(x / z):z"]
    assert list(columns_of("i(zone, ref='East'):x", frame)) == ["zone::Central:x", "zone::West:x"]
    assert len(columns_of("i(zone):i(year)", frame)) == 24


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("i(x + z)", "variable of categories"), ("i(zone, x, z)", "variable of categories"),
        ("i(zone, reff='East')", "not an option"), ("i(zone, ref='Est')", "not a level"),
        ("poly(x)", "a variable and a degree"), ("poly(x, 0)", "a variable and a degree"),
        ("poly(x, z)", "a variable and a degree"), ("poly(x, 1.5)", "a variable and a degree"),
        ("log(x:z)", "interaction"),
    ],
)  # fmt: skip
def test_terms_that_are_none(term, message, frame):
    with pytest.raises(FormulaError, match=message) as caught:
        columns_of(term, frame)
    assert caught.value.remedy


def test_any_column_name_in_backticks(table):
    names = {"x": "增加值(亿元)", "z": "доля, %", "w": "log", "y": "two words", "province": "省份"}
    data = table.rename(columns=names)
    frame = panel.PanelFrame.from_pandas(data, "省份", "year")
    np.testing.assert_array_equal(numbers("`增加值(亿元)` * 2", frame), 2 * table.x)
    np.testing.assert_array_equal(numbers("log(log)", frame), np.log(table.w))
    estimate = panel.ols(
        "`two words` ~ `增加值(亿元)` + log(`доля, %`) + log | 省份",
        frame,
        vcov=panel.cluster("省份"),
    )
    plain = panel.ols(
        "y ~ x + log(z) + w | province", table, unit="province", time="year",
        vcov=panel.cluster("province"),
    )  # fmt: skip
    np.testing.assert_array_equal(estimate.coef, plain.coef)
    np.testing.assert_array_equal(estimate.bse, plain.bse)
    assert [estimate.label(n) for n in estimate.names] == ["增加值(亿元)", "log(доля, %)", "log"]
    assert estimate.depvar_label() == "two words"


def test_keys_may_be_named_like_functions(table):
    data = table.rename(columns={"province": "i", "year": "L", "zone": "sw"})
    estimate = panel.ols("y ~ x + i(sw) + i(L, ref=2010) | i", data, unit="i", time="L",
                         vcov=panel.cluster("i"))  # fmt: skip
    plain = panel.ols("y ~ x + i(zone) + i(year, ref=2010) | province", table, unit="province",
                      time="year", vcov=panel.cluster("province"))  # fmt: skip
    np.testing.assert_array_equal(estimate.coef, plain.coef)


def test_categories_are_not_numbers_by_accident(table):
    data = table.assign(kind=pd.Categorical(table.zone), code="36" + table.year.astype(str))
    frame = panel.PanelFrame.from_pandas(data, "province", "year")
    for name in ("kind", "code"):
        for text in (name, f"log({name})", f"L({name}, 1)", f"2 * {name}"):
            with pytest.raises(NotNumericError, match=f"'{name}' holds text"):
                numbers(text, frame)
    assert len(columns_of("i(kind)", frame)) == 3


def test_periods_are_compared_with_periods():
    quarters = pd.period_range("2014Q3", periods=6, freq="Q")
    table = pd.DataFrame({"i": 1, "q": quarters, "x": range(6)})
    frame = panel.PanelFrame.from_pandas(table, "i", "q")
    assert condition('q >= "2015Q1" & x < 5', frame).tolist() == [False] * 2 + [True] * 3 + [False]
    assert condition('!("2015Q1" > q)', frame).sum() == 4
    assert numbers('I(q == "2015Q2")', frame).tolist() == [0, 0, 0, 1, 0, 0]
    for text in ("q >= 2015", 'q == "spring"', "q < x"):
        with pytest.raises(FormulaError, match="compares periods with") as caught:
            condition(text, frame)
        assert '"2014Q3"' in caught.value.remedy


@pytest.mark.parametrize("function", ["C", "factor"])
def test_dummies_of_other_packages_are_recognised(function, frame):
    with pytest.raises(FormulaError, match="may not be called") as caught:
        columns_of(f"{function}(zone)", frame)
    assert "write i(zone)" in caught.value.remedy
