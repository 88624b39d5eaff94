"""The table of regressions."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import TableError
from panel.estimators.ols import ols
from panel.inference.cluster import cluster
from panel.tables.models import ModelColumn
from panel.tables.regtable import regtable
from panel.tables.style import Style
from panel.tables.table import Table


def column(terms: dict[str, tuple[float, float, float]], **more: Any) -> ModelColumn:
    """A model of {term: (estimate, standard error, p-value)}."""
    estimates, errors, p = (np.array(v) for v in zip(*terms.values(), strict=True))
    facts: dict[str, Any] = {
        "depvar": "log(y)",
        "fixed_effects": ("province", "year"),
        "covariance": "clustered by province",
        "clusters": {"province": 31},
        "stats": {"nobs": 1270, "rsquared": 0.98, "rsquared_within": 0.25},
        "method": "OLS",
    }
    return ModelColumn(tuple(terms), estimates, errors, p, **(facts | more))


@pytest.fixture
def first() -> ModelColumn:
    return column(
        {"x": (0.1234, 0.0125, 0.001), "log(z)": (-0.00002, 0.00003, 0.5)},
        labels={"x": "Digital index"},
        notes=("2 rows left out: x is missing.", "Density: nearest official measure."),
    )


@pytest.fixture
def second() -> ModelColumn:
    return column(
        {"(Intercept)": (2.0, 1.5, 0.2), "x": (0.5, 0.27, 0.064)},
        fixed_effects=(),
        covariance="iid",
        clusters={},
        stats={"nobs": 99, "rsquared": 0.5, "rsquared_within": float("nan")},
        notes=("Density: nearest official measure.",),
    )


def shown(table: Table) -> dict[str, list[str]]:
    return {row.name: [cell.text(table.language) for cell in row.cells] for row in table.rows}


def test_one_model(first: ModelColumn) -> None:
    table = regtable(first)
    assert [[s.words for s in spans] for spans in table.header] == [
        ["", "Dependent variable: log(y)"],
        ["", "(1)"],
    ]
    assert shown(table) == {
        "Digital index": ["0.123***"],
        "Digital index, standard error": ["(0.013)"],
        "log(z)": ["-0.000020"],
        "log(z), standard error": ["(0.000030)"],
        "Province FE": ["Yes"],
        "Year FE": ["Yes"],
        "Clusters (Province)": ["31"],
        "Observations": ["1,270"],
        "R² (within)": ["0.250"],
        "R² (overall, incl. fixed effects)": ["0.980"],
    }
    assert table.notes == (
        "Standard errors in parentheses: clustered by province.",
        "* p < 0.1, ** p < 0.05, *** p < 0.01.",
        "2 rows left out: x is missing.",
        "Density: nearest official measure.",
    )


def test_columns_that_differ(first: ModelColumn, second: ModelColumn) -> None:
    table = regtable([first, second])
    rows = shown(table)
    assert list(rows)[4:] == [
        "Constant",
        "Constant, standard error",
        "Province FE",
        "Year FE",
        "Standard errors",
        "Clusters (Province)",
        "Observations",
        "R² (within)",
        "R² (overall, incl. fixed effects)",
    ]
    assert rows["Constant"] == ["", "2.000"]
    assert rows["Province FE"] == ["Yes", "No"]
    assert rows["Standard errors"] == ["clustered by province", "iid"]
    assert rows["Clusters (Province)"] == ["31", ""]
    assert rows["R² (within)"] == ["0.250", ""]
    assert table.notes[0] == "Standard errors in parentheses."
    assert table.notes[2:] == (
        "Density: nearest official measure.",
        "Column (1): 2 rows left out: x is missing.",
    )


def test_the_constant_comes_last(first: ModelColumn, second: ModelColumn) -> None:
    rows = [row.label for row in regtable([second, first]).sections[0].rows if row.label]
    assert rows == ["Digital index", "log(z)", "Constant"]


def test_outcomes_span_their_columns_and_names_stand_below(first: ModelColumn) -> None:
    other = column({"x": (1.0, 1.0, 0.5)}, depvar="co2")
    table = regtable({"Base": first, "Wide": first, "Green": other}, labels={"co2": "CO2"})
    assert [(s.words, s.width) for s in table.header[0]] == [("", 1), ("log(y)", 2), ("CO2", 1)]
    assert [s.words for s in table.header[1]] == ["", "Base", "Wide", "Green"]
    assert [s.words for s in table.header[2]] == ["", "(1)", "(2)", "(3)"]


def test_r_squared_is_plain_where_no_model_has_effects(second: ModelColumn) -> None:
    rows = shown(regtable(second))
    assert rows["R²"] == ["0.500"]
    assert not [name for name in rows if "within" in name or "FE" in name]


def test_different_estimators_get_a_row(first: ModelColumn) -> None:
    other = column({"x": (1.0, 1.0, 0.5)}, method="IV")
    assert shown(regtable([first, other]))["Method"] == ["OLS", "IV"]
    assert "Method" not in shown(regtable([first, first]))


def test_labels_rename_everything(first: ModelColumn) -> None:
    names = {"x": "X & Co", "province": "Prov.", "year": "T", "nobs": "n", "log(y)": "Output"}
    table = regtable(first, labels=names)
    assert {"X & Co", "X & Co, standard error", "Prov.", "T", "n"} <= set(shown(table))
    assert table.header[0][1].words == "Dependent variable: Output"


def test_terms_with_one_label_share_a_row(first: ModelColumn) -> None:
    other = column({"lx": (0.4, 0.1, 0.001)})
    rows = shown(regtable([first, other], labels={"x": "Index", "lx": "Index"}))
    assert rows["Index"] == ["0.123***", "0.400***"]
    both = column({"x": (0.1, 0.1, 0.5), "lx": (0.4, 0.1, 0.001)})
    labels = [r.label for r in regtable([both, other], labels={"x": "I", "lx": "I"}).rows]
    assert labels.count("I") == 2  # never two coefficients in one cell


@pytest.mark.parametrize(
    ("keep", "drop", "terms"),
    [
        ((), (), ["a", "log(a)", "zone::East", "zone::West", "(Intercept)"]),
        ("log(a)", (), ["log(a)"]),  # a name, although a regular expression as well
        ((r"^zone", "a"), (), ["zone::East", "zone::West", "a"]),
        (("West", "."), (), ["zone::West", "a", "log(a)", "zone::East", "(Intercept)"]),
        ((), ("zone::", "(Intercept)"), ["a", "log(a)"]),
        ("zone", "East", ["zone::West"]),
    ],
)
def test_keep_and_drop(keep: Any, drop: Any, terms: list[str]) -> None:
    names = ("(Intercept)", "a", "log(a)", "zone::East", "zone::West")
    model = column(dict.fromkeys(names, (1.0, 1.0, 0.5)))
    table = regtable(model, keep=keep, drop=drop, labels={"(Intercept)": "(Intercept)"})
    assert [row.label for row in table.sections[0].rows if row.label] == terms


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"keep": "digtal"}, "No term fits 'digtal'"),
        ({"keep": "log("}, "neither a term nor a regular expression"),
        ({"drop": "."}, "No coefficient is left"),
        ({"stats": ["rsqared"]}, "No model has a statistic 'rsqared'"),
    ],
)
def test_a_choice_that_fits_nothing_is_refused(
    first: ModelColumn, choice: dict[str, Any], message: str
) -> None:
    with pytest.raises(TableError, match=message.replace("(", r"\(")):
        regtable(first, **choice)


def test_no_model_is_refused() -> None:
    for nothing in ([], {}, ()):
        with pytest.raises(TableError, match="no model"):
            regtable(nothing)


def test_a_statistic_of_ones_own_may_be_shown(first: ModelColumn) -> None:
    model = column({"x": (1.0, 1.0, 0.5)}, stats={"log_likelihood": 12.34})
    rows = shown(regtable(model, stats=["log_likelihood"]))
    assert rows["log_likelihood"] == ["12.340"]
    rows = shown(regtable(model, stats=["log_likelihood"], labels={"log_likelihood": "F"}))
    assert rows["F"] == ["12.340"]


def test_a_standard_error_has_at_least_the_decimals_of_its_coefficient() -> None:
    model = column(
        {
            "small": (-0.0000123, 0.0002, 0.9),
            "tiny_error": (0.5, 0.00043, 0.0),
            "large": (31568.214, 1200.44, 0.0),
        }
    )
    rows = shown(regtable(model, style=Style(stars=None)))
    assert rows["small"] + rows["small, standard error"] == ["-0.000012", "(0.000200)"]
    assert rows["tiny_error"] + rows["tiny_error, standard error"] == ["0.500", "(0.00043)"]
    assert rows["large"] + rows["large, standard error"] == ["31,568.2", "(1,200.4)"]


def test_a_missing_standard_error_is_an_empty_cell() -> None:
    rows = shown(regtable(column({"x": (0.5, float("nan"), float("nan"))})))
    assert (rows["x"], rows["x, standard error"]) == (["0.500"], [""])


def test_without_stars_there_is_no_legend(first: ModelColumn, second: ModelColumn) -> None:
    table = regtable(first, style=Style(stars=None))
    assert not [n for n in table.notes if "p <" in n]
    quiet = column({"x": (0.1, 1.0, 0.9)})
    assert not [n for n in regtable(quiet).notes if "p <" in n]
    strict = regtable(second, style=Style(stars=(0.07,)))
    assert shown(strict)["x"] == ["0.500*"]
    assert "* p < 0.07." in strict.notes


def test_own_notes_come_first(first: ModelColumn) -> None:
    assert regtable(first, notes="Mine.").notes[0] == "Mine."
    assert regtable(first, notes=["A.", "B."]).notes[:2] == ("A.", "B.")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            ["被解释变量：log(y)", "省份固定效应", "是", "观测值", "R²（组内）", "按省份聚类",
             "第(1)列"],
        ),
        (
            "ru",
            ["Зависимая переменная: log(y)", "Фикс. эффекты: Провинция", "Да", "Наблюдений",
             "0,123***", "кластеризованные по: Провинция", "Столбец (1)"],
        ),
    ],
)  # fmt: skip
def test_other_languages(
    first: ModelColumn, second: ModelColumn, language: str, words: list[str]
) -> None:
    text = str(regtable([first, second], style=Style(language=language)))
    assert [word for word in words if word not in text] == []
    for english in ("Yes", "Observations", "Standard", "Column", "FE"):
        assert english not in text


def test_combined_effects_are_called_after_their_parts() -> None:
    model = column({"x": (1.0, 1.0, 0.5)}, fixed_effects=("province^year",))
    assert "Province × Year FE" in shown(regtable(model))


# ---- real results --------------------------------------------------------------------------


def test_packages_stand_side_by_side() -> None:
    rng = np.random.default_rng(5)
    index = pd.MultiIndex.from_product([range(12), range(6)], names=["province", "year"])
    data = pd.DataFrame(rng.normal(size=(72, 2)), index=index, columns=["x", "y"])
    flat = data.reset_index()
    frame = PanelFrame.from_pandas(data, labels={"x": "Digital index"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        formula = pytest.importorskip("statsmodels.formula.api")
        lm = pytest.importorskip("linearmodels")
        pf = pytest.importorskip("pyfixest")
        models = {
            "ours": ols("y ~ x | province + year", frame, vcov=cluster("province")),
            "pyfixest": pf.feols("y ~ x | province + year", flat, vcov={"CRV1": "province"}),
            "linearmodels": lm.PanelOLS.from_formula(
                "y ~ x + EntityEffects + TimeEffects", data
            ).fit(cov_type="clustered", cluster_entity=True),
            "statsmodels": formula.ols("y ~ x", flat).fit(
                cov_type="cluster", cov_kwds={"groups": flat["province"]}
            ),
        }
    table = regtable(models, style=Style(stars=None))
    rows = shown(table)
    for name in ("Digital index", "R² (within)", "R² (overall, incl. fixed effects)"):
        assert len(set(rows[name][:3])) == 1, name
    errors = rows["Digital index, standard error"]
    assert errors[0] == errors[1]  # fixest's small-sample factor; linearmodels has another
    assert rows["Province FE"] == rows["Year FE"] == ["Yes", "Yes", "Yes", "No"]
    assert rows["Clusters (Province)"] == ["12"] * 4
    assert rows["Observations"] == ["72"] * 4
    assert rows["R² (within)"][3] == ""
    assert table.notes == ("Standard errors in parentheses: clustered by province.",)


def test_notes_of_the_data_reach_the_table(frame: PanelFrame) -> None:
    model = ols("log(output) ~ density | province + year", frame)
    notes = " ".join(regtable(model, style=Style(language="zh")).notes)
    assert "nearest official measure to 5G density." in notes
    assert "网络密度：2行用到插值数据。" in notes
    header = regtable(model, style=Style(language="zh")).header
    assert header[0][1].words == "被解释变量：log(工业产出)"


def test_a_word_of_another_table_is_no_statistic(first: ModelColumn) -> None:
    with pytest.raises(TableError, match="'mean'"):
        regtable(first, stats=["mean"])
    assert "RMSE" not in shown(regtable(first, stats=["rmse"]))  # usual, but not in this model


def test_one_dict_of_labels_serves_every_table_of_a_paper(first: ModelColumn) -> None:
    known = {"x": "X", "log(y)": "Y", "province": "P", "nobs": "N", "elsewhere": "Z"}
    rows = shown(regtable(first, labels=known))
    assert rows["N"] == ["1,270"]
    assert "Z" not in rows


def test_one_statistic_may_be_given_as_a_string(first: ModelColumn) -> None:
    assert regtable(first, stats="nobs") == regtable(first, stats=["nobs"])


def test_notes_of_the_same_columns_stand_together(first: ModelColumn, second: ModelColumn) -> None:
    third = column({"x": (0.1, 0.2, 0.6)}, notes=("A.", "B."))
    notes = regtable([third, second, third]).notes
    assert notes[-2:] == (
        "Columns (1), (3): A. B.",
        "Column (2): Density: nearest official measure.",
    )
