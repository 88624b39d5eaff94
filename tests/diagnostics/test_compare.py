"""Published numbers against recomputed ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.diagnostics.compare import compare, printed_rows
from panel.errors import DataError, SourceError


@pytest.fixture(scope="module")
def frame() -> panel.PanelFrame:
    """Eight regions and five years; the numbers below were printed from it by hand."""
    rng = np.random.default_rng(5)
    keys = [(f"r{i}", 2000 + t) for i in range(8) for t in range(5)]
    table = pd.DataFrame(keys, columns=["region", "year"])
    table["x"] = rng.normal(size=40)
    table["y"] = 1 + 2 * table["x"] + rng.normal(size=40)
    return panel.PanelFrame.from_pandas(table, "region", "year")


@pytest.fixture(scope="module")
def estimate(frame):
    return panel.pooled("y ~ x", frame, vcov=panel.cluster("region"))


def as_printed(estimate, digits=3):
    b, se = estimate.params["x"], estimate.bse["x"]
    return {"x": f"{b:.{digits}f} ({se:.{digits}f})", "nobs": "40"}


def test_one_model_agrees_with_what_was_printed_from_it(estimate):
    found = compare(as_printed(estimate), estimate)
    assert list(found.table["quantity"]) == ["x", "se(x)", "nobs"]
    assert set(found.table["verdict"]) == {"agrees"}
    assert found.ok
    assert found.agreed == found.digits > 0


def test_every_measure_has_a_name(estimate):
    limits = estimate.conf_int().loc["x"]
    published = {
        "x": float(estimate.params["x"]),
        "se(x)": float(estimate.bse["x"]),
        "t(x)": float(estimate.tvalues["x"]),
        "p(x)": float(estimate.pvalues["x"]),
        "low(x)": float(limits.iloc[0]),
        "high(x)": float(limits.iloc[1]),
        "rsquared": estimate.rsquared,
        "fvalue": estimate.fvalue,
        "sigma": estimate.stats["sigma"],
    }
    assert compare(published, estimate, rtol=1e-14).count("agrees") == len(published)


def test_a_wrong_digit_differs(estimate):
    published = as_printed(estimate)
    last = int(published["x"].split()[0][-1])
    published["x"] = published["x"].split()[0][:-1] + str((last + 4) % 10)
    found = compare(published, estimate)
    assert list(found.table["verdict"]) == ["differs", "agrees"]
    assert not found.ok
    assert list(found.unexpected["quantity"]) == ["x"]
    assert found.table["remark"][0].endswith("in the last digit")


def test_a_reason_explains_but_does_not_hide(estimate):
    found = compare({"x": "9.99"}, estimate, known={"x": "a misprint"})
    assert found.count("differs") == 1
    assert found.ok
    assert found.table["remark"][0] == "a misprint"
    assert "explained: 1" in str(found)


def test_a_reason_for_what_agrees_is_unexpected(estimate):
    found = compare(as_printed(estimate), estimate, known={"x": "a misprint"})
    assert not found.ok
    assert list(found.unexpected["quantity"]) == ["x"]


def test_a_reason_must_name_a_number(estimate):
    with pytest.raises(DataError, match="did you mean 'se\\(x\\)'"):
        compare(as_printed(estimate), estimate, known={"se(y)": "a misprint"})


def test_what_the_model_does_not_give_is_missing(estimate):
    found = compare({"z": "1.0", "rsquared_wthin": "0.5"}, estimate)
    assert list(found.table["verdict"]) == ["missing", "missing"]
    assert "rsquared_within" in found.table["remark"][1]
    assert not found.ok


def test_brackets_may_hold_t(estimate):
    cell = f"{estimate.params['x']:.2f} [{estimate.tvalues['x']:.2f}]"
    found = compare({"x": cell}, estimate, brackets="t")
    assert list(found.table["quantity"]) == ["x", "t(x)"]
    assert found.ok


def test_several_models_and_further_numbers(frame, estimate):
    within = panel.ols("y ~ x | region", frame)
    published = {"Pooled": as_printed(estimate), "Within": as_printed(within) | {"twice": "2.0"}}
    models = {"Pooled": estimate, "Within": (within, {"twice": 2.0})}
    found = compare(published, models)
    assert list(found.table["model"].unique()) == ["Pooled", "Within"]
    assert found.ok
    with pytest.raises(DataError, match="no model has this name"):
        compare(published, {"Pooled": estimate})


def test_numbers_agree_within_the_tolerance(estimate):
    b = float(estimate.params["x"])
    found = compare({"x": b * (1 + 1e-6)}, estimate, rtol=1e-5)
    assert (found.table["agreed"][0], found.table["digits"][0]) == (5, 5)
    found = compare({"x": b * (1 + 1e-6)}, estimate, rtol=1e-7)
    assert (found.table["verdict"][0], found.table["agreed"][0]) == ("differs", 6)


def test_tables_and_files(estimate, tmp_path):
    cells = as_printed(estimate)
    table = pd.DataFrame({"quantity": list(cells), "printed": list(cells.values())})
    table.to_csv(tmp_path / "table.csv", index=False)
    toml = "".join(f'{name} = "{cell}"\n' for name, cell in cells.items())
    (tmp_path / "table.toml").write_text(toml)
    (tmp_path / "models.toml").write_text(f"[Pooled]\n{toml}")
    assert compare(table, estimate).ok
    assert compare(tmp_path / "table.csv", estimate).ok
    assert compare(tmp_path / "table.toml", estimate).ok
    assert compare(tmp_path / "models.toml", {"Pooled": estimate}).ok
    with_model = table.assign(model="Pooled")
    assert compare(with_model, {"Pooled": estimate}).ok
    with pytest.raises(SourceError, match="cannot be read"):
        compare(tmp_path / "nowhere.toml", estimate)
    with pytest.raises(DataError, match="no column 'printed'"):
        compare(table.drop(columns="printed"), estimate)


def test_refuses_what_cannot_be_compared(estimate):
    with pytest.raises(DataError, match="no number"):
        compare({"x": None}, estimate)
    with pytest.raises(DataError, match="not a printed number"):
        compare({"x": "about two"}, estimate)
    with pytest.raises(DataError, match="has no 'params'"):
        compare({"x": "2.0"}, object())


def test_tests_have_a_statistic(frame):
    test = panel.breusch_pagan_lm(panel.pooled("y ~ x", frame))
    found = compare({"statistic": test.statistic, "p_value": f"{test.p_value:.4f}"}, test)
    assert found.count("agrees") == 2


def test_results_of_other_packages(frame, estimate):
    api = pytest.importorskip("statsmodels.formula.api")
    other = api.ols("y ~ x", frame.data.reset_index()).fit()
    found = compare({"x": float(estimate.params["x"]), "rsquared": estimate.rsquared}, other)
    assert found.count("agrees") == 2


def test_rows_of_a_printed_table():
    text = """
         value |   .1155622   .0058357    19.80
         _cons |  -42.71437   9.511676    -4.49
    """
    assert printed_rows("coef se -", text, {"_cons": "(Intercept)"}) == {
        "value": ".1155622",
        "se(value)": ".0058357",
        "(Intercept)": "-42.71437",
        "se((Intercept))": "9.511676",
    }
    with pytest.raises(DataError, match="3 numbers, not 2"):
        printed_rows("coef se", text)


def test_shown_in_text_and_html(estimate):
    found = compare({"x": "9.99", "nobs": "40"}, estimate)
    assert str(found).startswith("1 of 2 numbers agree to every digit, differing: 1; ")
    page = found._repr_html_()
    assert page.count("color:#c0392b") == 1
    assert '<td style="text-align:left">nobs</td><td>40</td><td>40</td>' in page


def test_a_table_as_it_stands_in_the_paper(frame, estimate, tmp_path):
    within = panel.ols("y ~ x | region", frame)
    columns = {"(1)": estimate, "(2)": within}
    lines = [
        ["Digital index", *(f"{m.params['x']:.3f}***" for m in columns.values())],
        ["", *(f"({m.bse['x']:.3f})" for m in columns.values())],
        ["Region effects", "No", "Yes"],
        ["Observations", "40", "40"],
        ["R²", *(f"{m.rsquared:.4f}" for m in columns.values())],
    ]
    table = pd.DataFrame(lines, columns=["", "(1)", "(2)"])
    terms = {"Digital index": "x"}
    found = compare(table, columns, terms=terms)
    assert found.ok, str(found)
    quantities = ["x", "se(x)", "nobs", "rsquared"]
    assert list(found.df["quantity"]) == quantities * 2
    table.to_csv(tmp_path / "table.csv", index=False)
    assert compare(tmp_path / "table.csv", columns, terms=terms).ok
    assert compare(table, columns).count("missing") == 4  # "Digital index" is no term of theirs
    with pytest.raises(DataError, match="has one column"):
        compare(table[[""]], columns)
    twice = pd.concat([table, table.iloc[:1]])
    with pytest.raises(DataError, match="stands twice"):
        compare(twice.assign(**{"": ["a", "", "b", "c", "d", "a"]}), columns, terms={"c": "a"})


def test_limits_below_a_coefficient(estimate):
    low, high = estimate.conf_int().loc["x"]
    table = pd.DataFrame(
        [["x", f"{estimate.params['x']:.3f}"], ["", f"[{low:.3f}, {high:.3f}]"]],
        columns=["", "(1)"],
    )
    found = compare(table, {"(1)": estimate})
    assert list(found.df["quantity"]) == ["x", "low(x)", "high(x)"]
    assert found.ok


def test_decimal_commas_and_blanks_between_thousands(estimate):
    b = f"{estimate.params['x']:.3f}".replace(".", ",")
    assert compare({"x": b, "twice": "1 234,5"}, (estimate, {"twice": 1234.46}), decimal=",").ok
    with pytest.raises(DataError, match="decimal=','"):
        compare({"x": "0,110"}, estimate)  # not one hundred and ten


def test_a_variable_may_be_called_n(estimate):
    table = pd.DataFrame([["n", "0.5"], ["N", "40"]], columns=["", "(1)"])
    assert list(compare(table, {"(1)": ({"n": 0.5}, estimate)}).df["quantity"]) == ["n", "nobs"]
    assert compare({"n": "0.5"}, {"n": 0.5}).ok


def test_stars_are_compared_by_their_levels(estimate):
    levels = {"*": 0.1, "**": 0.05, "***": 0.01}
    cell = f"{estimate.params['x']:.3f}{{}} ({estimate.bse['x']:.3f})"
    assert compare({"x": cell.format("***")}, estimate, stars=levels).ok
    found = compare({"x": cell.format("*")}, estimate, stars=levels)
    assert list(found.unexpected["quantity"]) == ["stars(x)"]
    assert found.unexpected["remark"].iloc[0].endswith(": ***")
    other = {"x": cell.format(""), "(Intercept)": "1.0* (0.1)"}  # none where others have some
    found = compare(other, estimate, stars=levels)
    assert "stars(x)" in set(found.unexpected["quantity"])
    with pytest.raises(DataError, match="not said what '†'"):
        compare({"x": cell.format("†")}, estimate, stars=levels)


def test_says_what_a_number_was_taken_for(estimate):
    b, se, t = (float(getattr(estimate, a)["x"]) for a in ("params", "bse", "tvalues"))
    p = float(estimate.pvalues["(Intercept)"])
    other = float(estimate.params["(Intercept)"])
    for published, remark in (
        ({"se(x)": f"{t:.3f}"}, "it is t(x) of the model"),
        ({"x": f"{other:.4f}"}, "it is (Intercept) of the model"),
        ({"x": f"{100 * b:.3f}"}, "ours times 100"),
        ({"x": f"{b / 1000:.6f}"}, "ours times 0.001"),
        ({"x": f"{-b:.3f}"}, "the sign differs"),
        ({"p((Intercept))": f"{p / 2:.3e}"}, "half of ours: one-sided"),
        ({"se(x)": f"{b:.4f}"}, "it is x of the model"),
    ):
        found = compare(published, estimate)
        assert list(found.table["verdict"]) == ["differs"]
        assert found.table["remark"].iloc[0] == remark
    assert compare({"se(x)": f"{se:.3f}"}, estimate).ok
