"""Printed tables against themselves: what is true passes, what cannot be is found."""

from __future__ import annotations

import re
from math import inf

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats

import panel
from panel.core.column import LANGUAGES
from panel.diagnostics.compare import mark_range
from panel.diagnostics.tablecheck import check_table
from panel.diagnostics.tablecheck_words import _SENTENCES
from panel.errors import DataError

LEVELS = {"*": 0.1, "**": 0.05, "***": 0.01}


def marked(p: float) -> str:
    return next((m for m in ("***", "**", "*") if p < LEVELS[m]), "")


def printed(b: float, se: float, df: float, digits: int) -> dict[str, str]:
    """A term as an honest program prints it."""
    t = b / se
    p = 2 * float(stats.t.sf(abs(t), df))
    half = float(stats.t.ppf(0.975, df)) * se
    numbers = {"x": b, "se(x)": se, "t(x)": t, "p(x)": p, "low(x)": b - half, "high(x)": b + half}
    cells = {name: f"{value:.{digits}f}" for name, value in numbers.items()}
    return cells | {"x": cells["x"] + marked(p)}


terms = st.tuples(st.floats(-50, 50), st.floats(0.001, 20), st.integers(1, 200), st.integers(0, 7))


@settings(deadline=None)
@given(terms)
def test_a_true_table_is_never_found_wrong(term: tuple[float, float, int, int]) -> None:
    b, se, df, digits = term
    cells = printed(b, se, df, digits)
    for known in (df, None):
        assert check_table(cells, df=known).ok, check_table(cells, df=known)


@settings(deadline=None)
@given(st.floats(0.001, 0.999), st.integers(5, 2000), st.integers(1, 40), st.integers(1, 6))
def test_a_true_adjusted_r2_is_never_found_wrong(r2: float, n: int, k: int, digits: int) -> None:
    assume(k < n - 2)
    adjusted = 1 - (1 - r2) * (n - 1) / (n - k - 1)
    cells = {"x": "1.0 (0.5)", "nobs": f"{n:,}", "rsquared": f"{r2:.{digits}f}"}
    cells["rsquared_adj"] = f"{adjusted:.{digits}f}"
    assert check_table(cells).ok
    assert check_table(cells, regressors=k).ok


@settings(deadline=None)
@given(terms, st.floats(1.05, 3), st.sampled_from(["se(x)", "t(x)"]))
# p is 9.5e-07, printed 0.0000010; the wrong error implies 1.08e-06, of which that is cut off.
@example(term=(2.0, 0.001953125, 2, 0), factor=1.0625, planted="se(x)")
def test_a_number_outside_its_interval_is_found(
    term: tuple[float, float, int, int], factor: float, planted: str
) -> None:
    b, se, df, _ = term
    assume(abs(b) > 0.1)
    cells = printed(b, se, df, 7)  # so many that five percent of se or t are outside of rounding
    cells[planted] = f"{float(cells[planted]) * factor:.7f}"
    assume(abs(float(cells["t(x)"])) > 0.01)
    found = check_table(cells, df=df).findings
    verdicts = dict(zip(found["check"], found["verdict"], strict=True))
    assert verdicts["t"] == "contradicts"  # a p of few digits may fit cut off


@settings(deadline=None)
@given(terms, st.sampled_from(["", "*", "**", "***"]))
def test_stars_that_do_not_belong_are_found(term: tuple[float, float, int, int], mark: str) -> None:
    b, se, df, _ = term
    p = 2 * float(stats.t.sf(abs(b / se), df))
    low, high = mark_range(mark, LEVELS)
    away = max(low - p, p - high)
    assume(away > 0.02 and abs(b) > 0.1 and se > 0.1)
    cells = {"x": f"{b:.7f}{mark} ({se:.7f})", "z": "5.0*** (0.1)"}
    found = check_table(cells, df=df).findings
    assert list(found["check"]) == ["stars of ratio"]


@pytest.mark.parametrize(
    ("cells", "check"),
    [
        ({"x": "1.0 (0.5)", "t(x)": "3.0"}, "t"),  # 0.95/0.55 to 1.05/0.45: at most 2.33
        ({"x": "1.0 (-0.5)"}, "se"),
        ({"x": "1.0 (0.5)", "t(x)": "-2.0"}, "t"),
        ({"x": "1.0", "p(x)": "1.3"}, "p range"),
        ({"x": "1.0 (0.5)", "p(x)": "0.01"}, "p of ratio"),  # t <= 2.34: p >= 0.019
        ({"x": "1.0", "t(x)": "1.5", "p(x)": "<0.01"}, "p of t"),
        ({"x": "1.0***", "p(x)": "0.04"}, "stars of p"),
        ({"x": "1.0**", "low(x)": "-0.2", "high(x)": "2.2"}, "stars of limits"),
        ({"x": "1.0", "low(x)": "0.5", "high(x)": "2.0"}, "middle"),
        ({"x": "1.0", "low(x)": "1.5", "high(x)": "0.5"}, "order"),
        ({"x": "1.0 (0.1)", "low(x)": "0.95", "high(x)": "1.05"}, "width"),
        ({"nobs": "100.5"}, "nobs"),
        ({"rsquared": "1.2"}, "rsquared"),
        ({"rsquared": "0.50", "rsquared_adj": "0.60"}, "adjusted order"),
        (  # 1 - 0.5 * 99/98 = 0.4949 with one regressor, less with more
            {"x": "1.0 (0.5)", "nobs": "100", "rsquared": "0.5000", "rsquared_adj": "0.4980"},
            "adjusted",
        ),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_check_finds_and_says(cells: dict[str, str], check: str, language: str) -> None:
    found = check_table(cells, language=language).findings
    assert check in set(found["check"])
    assert all(found["comment"])
    assert not found["comment"].str.contains("[{}]", regex=True).any()


def test_degrees_of_freedom_sharpen_the_check() -> None:
    cells = {"x": "2.20**", "t(x)": "2.20"}  # 5 percent: 2.228 of 10 degrees, 2.086 of 20
    assert check_table(cells).ok
    assert check_table(cells, df=20).ok
    assert list(check_table(cells, df=10).findings["check"]) == ["stars of t"]
    few = {"x": "2.20", "t(x)": "2.20", "z": "9.0***", "t(z)": "9.0"}
    assert check_table(few).ok  # without any stars it may have had one degree of freedom
    assert not check_table(few, df=inf).ok


def test_the_number_of_regressors_sharpens_the_check() -> None:
    cells = {"nobs": "100", "rsquared": "0.5000"}
    assert check_table(cells | {"rsquared_adj": "0.4734"}, regressors=5).ok  # 1 - 0.5 * 99/94
    assert check_table(cells | {"rsquared_adj": "0.4737"}, regressors=5).ok  # no constant: 100/95
    four = cells | {"rsquared_adj": "0.4789"}  # 1 - 0.5 * 99/95
    assert check_table(four).ok
    assert not check_table(four, regressors=5).ok


def test_digits_cut_off_are_told_apart() -> None:
    # Rounded, the ratio is at least 0.9995/0.3095 = 3.2294; of 0.9999/0.3099 it is 3.2265.
    found = check_table({"x": "1.000", "se(x)": "0.309", "t(x)": "3.227"}).findings
    assert list(found["verdict"]) == ["fits if cut off"]
    assert found["comment"].iloc[0].endswith("cut off instead of rounded.")


def test_brackets_that_hold_something_else_are_recognised() -> None:
    cells = {"x": "0.110*** (9.17)", "z": "0.50 (1.10)"}
    assert "t statistics" in check_table(cells).hint
    assert check_table(cells, brackets="t").ok
    assert check_table(cells, brackets="t").hint == ""


def test_a_table_as_it_stands_in_the_paper(tmp_path) -> None:
    text = (
        '变量,(1),(2)\n数字经济,"0,110***","0,095**"\n,"（0,012）","（0,041）"\n'
        '常数项,"1,5",\n,"(0,9)",\n固定效应,是,是\n观测值,"1 234",240\nR2,"0,50","0,61"\n'
    )
    path = tmp_path / "表 2.csv"
    path.write_text(text, encoding="utf-8-sig")
    found = check_table(path, decimal=",", terms={"数字经济": "digital"})
    assert found.ok
    assert set(found.table["term"]) == {"digital", "常数项", ""}
    path.write_text(text.replace("0,041", "0,141"), encoding="utf-8")
    found = check_table(path, decimal=",", language="zh")
    assert list(found.findings["model"]) == ["(2)"]


def test_own_tables_pass() -> None:
    rng = np.random.default_rng(3)
    table = pd.DataFrame({"region": np.repeat(np.arange(8), 5), "year": np.tile(np.arange(5), 8)})
    table = table.assign(x=rng.normal(size=40), z=rng.normal(size=40))
    table["y"] = table["x"] + rng.normal(size=40)
    frame = panel.PanelFrame.from_pandas(table, "region", "year")
    models = panel.many("y ~ csw(x, z) | region", frame, vcov=panel.cluster("region"))
    cells = {
        f"({i})": {
            t: f"{m.params[t]:.3f}{marked(m.pvalues[t])} ({m.bse[t]:.3f})" for t in m.params.index
        }
        for i, m in enumerate(models, 1)
    }
    assert check_table(cells, df=7).ok
    assert check_table(cells).ok


def test_tests_below_the_coefficients_are_no_regressors() -> None:
    cells = {"x": "1.0 (0.5)", "nobs": "20", "rsquared": "0.5000", "rsquared_adj": "0.4722"}
    tests = {f"test{i}": "3.2**" for i in range(9)} | {"p(test1)": "0.04"}
    assert check_table(cells | tests).ok  # 1 - 0.5 * 19/18: one regressor


def test_an_empty_table_and_odd_cells() -> None:
    assert check_table({}).ok
    assert check_table({"nobs": 40, "x": "0.00 (0.00)", "p(x)": "0.000"}).ok
    assert not check_table({"nobs": "0.4"}).ok
    with pytest.raises(DataError, match="no number"):
        check_table({"x": float("nan")})
    with pytest.raises(DataError, match="no number"):
        check_table({"x": True})


def test_marks_have_levels() -> None:
    with pytest.raises(DataError, match="not said what '†' stands for"):
        check_table({"x": "1.0† (0.5)"})
    levels = {"†": 0.1, "*": 0.05}
    assert check_table({"x": "1.0† (0.55)"}, stars=levels).ok


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"language": "fr"}, "not worded in 'fr'"),
        ({"df": 0}, "at least one degree"),
        ({"df": float("nan")}, "at least one degree"),
        ({"df": {"other": 3}}, "not given for the model"),
        ({"decimal": ";"}, "does not part the decimals"),
    ],
)
def test_refuses(arguments, message) -> None:
    with pytest.raises(DataError, match=message):
        check_table({"(1)": {"x": "1.0 (0.5)"}}, **arguments)


def test_shown_in_text_and_html() -> None:
    found = check_table({"<b>": {"x": "1.0 (0.5)", "t(x)": "3.0"}})
    assert str(found).startswith("2 checks, 1 of which do not fit.\n<b>, x: t is printed as 3.0")
    assert "<b>" not in found._repr_html_()
    copy = found.df
    copy["verdict"] = "fits"
    assert not found.ok


def test_every_sentence_has_its_places_in_every_language() -> None:
    for said in _SENTENCES.values():
        assert len(said) == len(LANGUAGES)
        assert len({tuple(sorted(re.findall(r"{\w+}", text))) for text in said}) == 1
