"""Aggregation by duckdb against pandas, on small data where both are exact."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import (
    DataError,
    EmptySampleError,
    FormulaError,
    NotNumericError,
    PanelWarning,
    SourceError,
    UnknownVariableError,
)
from panel.sources.matching import match_regions
from panel.sources.micro import aggregate

duckdb = pytest.importorskip("duckdb")
BY = ("region", "year")


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    """Whole numbers, so that sums and products are exact in both programs."""
    rng = np.random.default_rng(7)
    n = 1_500
    table = pd.DataFrame(
        {
            "region": rng.choice(["CN-JX", "CN-HB", "CN-GD"], n),
            "year": rng.integers(2010, 2014, n),
            "output": rng.integers(0, 1000, n).astype(float),
            "wage": rng.integers(1, 90, n).astype(float),
            "people": rng.integers(1, 50, n).astype(float),
            "owner": rng.choice(["state", "private"], n),
        }
    )
    table.loc[rng.choice(n, 40, replace=False), "wage"] = np.nan
    table.loc[rng.choice(n, 30, replace=False), "people"] = np.nan
    return table


def both(firms: pd.DataFrame, text: str, expected: Any) -> tuple[pd.Series, pd.Series]:
    ours = aggregate(firms, by=BY, measures={"m": text}).data["m"]
    return ours, firms.groupby(list(BY)).apply(expected).astype(float).rename("m")


def usable(d: pd.DataFrame, *names: str) -> pd.DataFrame:
    return d.dropna(subset=list(names))


def weighted(d: pd.DataFrame) -> float:
    d = usable(d, "wage", "people")
    return float((d["wage"] * d["people"]).sum() / d["people"].sum())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(output)", lambda d: d["output"].sum()),
        ("count()", len),
        ("count(wage)", lambda d: d["wage"].count()),
        ("distinct(owner)", lambda d: d["owner"].nunique()),
        ("distinct(wage)", lambda d: d["wage"].nunique()),
        ("min(wage)", lambda d: d["wage"].min()),
        ("max(-wage)", lambda d: (-d["wage"]).max()),
        ("median(wage)", lambda d: d["wage"].median()),
        ("mean(wage)", lambda d: d["wage"].mean()),
        ("mean(wage, weights=people)", weighted),
        ("sum(output) / sum(people)", lambda d: d["output"].sum() / d["people"].sum()),
        ("share(output > 500)", lambda d: (d["output"] > 500).mean()),
        ('share(owner == "state")', lambda d: (d["owner"] == "state").mean()),
        (
            'share(owner != "state" & !(output < 10), weights=people)',
            lambda d: (
                lambda e: e["people"][(e["owner"] != "state") & (e["output"] >= 10)].sum()
                / e["people"].sum()
            )(usable(d, "people")),
        ),
        ("herfindahl(output)", lambda d: (d["output"] ** 2).sum() / d["output"].sum() ** 2),
        ("100 * (sum(output) - sum(people)) / count()",
         lambda d: 100 * (d["output"].sum() - d["people"].sum()) / len(d)),
    ],
)  # fmt: skip
def test_equals_pandas_exactly(firms: pd.DataFrame, text: str, expected: Any) -> None:
    ours, theirs = both(firms, text, expected)
    pd.testing.assert_series_equal(ours, theirs, check_exact=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("quantile(wage, 0.9)", lambda d: d["wage"].quantile(0.9)),
        ("sd(wage)", lambda d: d["wage"].std()),
        ("var(output)", lambda d: d["output"].var()),
        ("mean(log(output / people))",
         lambda d: np.log(usable(d, "people").query("output > 0").eval("output / people")).mean()),
        ("sum(asinh(wage - 3))", lambda d: np.arcsinh(usable(d, "wage")["wage"] - 3).sum()),
        ("sum(wage ^ 2 - sqrt(abs(people)))",
         lambda d: (lambda e: (e["wage"] ** 2 - np.sqrt(e["people"])).sum())(
             usable(d, "wage", "people"))),
    ],
)  # fmt: skip
def test_equals_pandas_but_for_the_order_of_rounding(
    firms: pd.DataFrame, text: str, expected: Any
) -> None:
    ours, theirs = both(firms, text, expected)
    # variances are updated row by row here and from the mean there: some hundred roundings
    pd.testing.assert_series_equal(ours, theirs, rtol=1e-12)


def test_files_frames_and_relations_give_the_same(firms: pd.DataFrame, tmp_path: Path) -> None:
    firms.to_csv(tmp_path / "firms.csv", index=False)
    firms[:700].to_csv(tmp_path / "a1.tsv", index=False, sep="\t")
    firms[700:].to_csv(tmp_path / "a2.tsv", index=False, sep="\t")
    with duckdb.connect(str(tmp_path / "firms.duckdb")) as con:
        con.register("given", firms)
        con.execute('CREATE TABLE "my firms" AS SELECT * FROM given')
        con.execute(f"COPY given TO '{tmp_path / 'firms.parquet'}' (FORMAT parquet)")
    measures = {"output": "sum(output)", "wage": "mean(wage, weights=people)"}
    expected = aggregate(firms, by=BY, measures=measures).data
    with duckdb.connect() as con:
        sources = [
            tmp_path / "firms.csv", str(tmp_path / "firms.parquet"), tmp_path / "firms.duckdb",
            [tmp_path / "a1.tsv", tmp_path / "a2.tsv"], str(tmp_path / "a*.tsv"),
            con.read_csv(str(tmp_path / "firms.csv")),
        ]  # fmt: skip
        for source in sources:
            found = aggregate(source, by=BY, measures=measures)
            pd.testing.assert_frame_equal(found.data, expected)


def test_the_bar_of_a_relation_is_its_connections(firms: pd.DataFrame) -> None:
    rows = duckdb.connect(":memory:").from_df(firms)
    with pytest.raises(DataError, match="its own connection's") as caught:
        aggregate(rows, by=BY, measures={"m": "sum(output)"}, progress=True)
    assert "SET enable_progress_bar" in caught.value.remedy
    shown = aggregate(firms, by=BY, measures={"m": "sum(output)"}, progress=True)
    assert shown.data.equals(aggregate(rows, by=BY, measures={"m": "sum(output)"}).data)


def test_a_small_memory_limit_gives_the_same(tmp_path: Path) -> None:
    file = tmp_path / "wide.parquet"
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT 'r' || (i % 5) AS region, 2000 + i % 3 AS year, i::DOUBLE AS x "
            f"FROM range(300000) t(i)) TO '{file}' (FORMAT parquet)"
        )
    found = aggregate(file, by=BY, measures={"x": "sum(x)"}, memory="32MB")
    assert found.data["x"].sum() == 299_999 * 300_000 / 2


def _csv(path: Path, rows: list[str], header: str = "region,year,x") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_decimals_far_below_whole_numbers_are_not_rounded(tmp_path: Path) -> None:
    # duckdb takes its types from the first 20,480 rows, and rounds 1.5 to 2 later on.
    rows = [f"a,2019,{i}" for i in range(25_000)]
    file = _csv(tmp_path / "late.csv", [*rows, "a,2019,1.5", "a,2019,1e-1"])
    found = aggregate(file, by=BY, measures={"s": "sum(x)", "n": "count(x)"})
    assert found["s"].iloc[0] == sum(range(25_000)) + 1.6
    assert found["n"].iloc[0] == 25_002
    late = _csv(tmp_path / "na.csv", [*rows, "a,2019,NA"])
    with pytest.raises(SourceError, match=r'(?s)Line: 25002.*column "x".*"NA"'):
        aggregate(late, by=BY, measures={"s": "sum(x)"})


def test_codes_beyond_a_float_stay_apart(tmp_path: Path) -> None:
    rows = [f"a,2019,{2**53 + i}" for i in range(3)]
    file = _csv(tmp_path / "ids.csv", rows)
    assert aggregate(file, by=BY, measures={"n": "distinct(x)"})["n"].iloc[0] == 3


def test_files_of_other_types_and_orders_of_columns(tmp_path: Path) -> None:
    files = [_csv(tmp_path / f"{i:02}.csv", [f"a,2019,{i}"]) for i in range(20)]
    files.append(_csv(tmp_path / "99.csv", ["2019,0.5,a"], "year,x,region"))
    for source in (files, str(tmp_path / "*.csv")):
        found = aggregate(source, by=BY, measures={"s": "sum(x)"})
        assert found["s"].iloc[0] == sum(range(20)) + 0.5
    parts = [tmp_path / f"{i}.parquet" for i in range(2)]
    for part, figure in zip(parts, (1, 1.5), strict=True):
        pd.DataFrame({"region": ["a"], "year": [2019], "x": [figure]}).to_parquet(part)
    assert aggregate(parts, by=BY, measures={"s": "sum(x)"})["s"].iloc[0] == 2.5
    pd.DataFrame({"region": ["a"], "year": [2019], "z": [1]}).to_parquet(parts[1])
    with pytest.raises(SourceError, match="do not have the same columns: x, z"):
        aggregate(parts, by=BY, measures={"s": "sum(x)"})


def test_what_is_left_out_is_told(firms: pd.DataFrame) -> None:
    rows = firms.astype({"year": float})
    rows.loc[[3, 4, 5], "region"] = None
    rows.loc[[5, 6], "year"] = np.nan
    rows.loc[10:19, "output"] = np.inf
    with pytest.warns(PanelWarning, match=r"3 rows without region.*2 rows without year"):
        frame = aggregate(rows, by=BY, measures={"n": "count()", "output": "sum(output)"})
    kept = rows.dropna(subset=list(BY))
    assert frame.data["n"].sum() == len(kept)
    finite = kept[np.isfinite(kept["output"])]
    assert frame.data["output"].sum() == finite["output"].sum()
    log = frame.report().adjustments
    assert log["step"].str.contains("3 rows without region").sum() == 2
    one = kept[~np.isfinite(kept["output"])].iloc[0]
    cell = frame.origin("output", one["region"], int(one["year"]))
    assert "rows have no usable figure" in cell.adjustments[0]
    zh, ru = (frame.report(k).adjustments["step"] for k in ("zh", "ru"))
    assert zh.str.contains("剔除3行（无地区）；剔除2行（无年份）").sum() == 2
    assert zh.str.contains("行无可用数值").any()
    assert ru.str.contains("строк без пригодного значения: 1 из ").any()
    assert cell.expression == "sum(output)"
    assert cell.sources[0].publisher == "own aggregation of micro data"


def test_a_condition_selects_rows_and_says_where_it_is_not_known(firms: pd.DataFrame) -> None:
    with pytest.warns(PanelWarning, match="30 rows for which the condition is not known"):
        found = aggregate(firms, by=BY, measures={"n": "count()"}, where="people >= 20")
    assert found.data["n"].sum() == (firms["people"] >= 20).sum()


def test_a_cell_without_usable_rows_is_missing() -> None:
    rows = pd.DataFrame(
        {"region": ["a", "a", "b"], "year": 2010, "x": [np.nan, np.nan, 2.0], "w": [1.0, 1.0, 0.0]}
    )
    measures = {"s": "sum(x)", "m": "mean(x, weights=w)", "d": "sd(x)", "h": "herfindahl(w)"}
    found = aggregate(rows, by=BY, measures=measures).data
    assert np.isnan(found.loc[("a", 2010), "s"])
    assert np.isnan(found.loc[("b", 2010), "m"])  # all weights are zero
    assert np.isnan(found.loc[("b", 2010), "d"])  # one row has no spread
    assert found.loc[("a", 2010), "h"] == 0.5


def test_spellings_of_one_region_become_one(tmp_path: Path) -> None:
    rows = pd.DataFrame(
        {"region": ["江西", "Jiangxi", "江西省", "O'Hara"], "year": 2010, "x": [1.0, 2.0, 6.0, 9.0]}
    )
    match = match_regions(rows["region"], answers={"O'Hara": "CN-HB"})
    found = aggregate(
        rows, by=BY, measures={"x": "median(x)"}, codes=match.mapping, units={"x": "万元"}
    )
    assert found.data["x"].to_dict() == {("CN-HB", 2010): 9.0, ("CN-JX", 2010): 2.0}
    assert found.columns["x"].unit == "万元"
    with pytest.raises(DataError, match=r"1 region.*O'Hara"):
        aggregate(
            rows,
            by=BY,
            measures={"x": "sum(x)"},
            codes={"江西": "CN-JX", "江西省": "CN-JX", "Jiangxi": "CN-JX"},
        )


def test_codes_of_a_text_file_keep_their_zeros(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("region,year,x\n01,2010,1\n01,2010,2\n")
    found = aggregate(tmp_path / "a.csv", by=BY, measures={"x": "sum(x)"})
    assert found.units == ("01",)


@pytest.mark.parametrize(
    ("measures", "error", "match"),
    [
        ({"m": "sum(outptu)"}, UnknownVariableError, "did you mean 'output'"),
        ({"m": "sum(owner)"}, NotNumericError, "VARCHAR"),
        ({"m": "total(output)"}, FormulaError, "no measure of many rows"),
        ({"m": "output"}, FormulaError, r"sum\(output\)"),
        ({"m": "1"}, FormulaError, "aggregates nothing"),
        ({"m": "sum(system(output))"}, FormulaError, "may not be called"),
        ({"m": "median(wage, weights=people)"}, FormulaError, "wrong arguments"),
        ({"m": "quantile(wage)"}, FormulaError, "between 0 and 1"),
        ({"m": "quantile(wage, 90)"}, FormulaError, "between 0 and 1"),
        ({"m": "share(wage)"}, FormulaError, "no condition"),
        ({"m": 'share(owner > "a")'}, FormulaError, "no meaning"),
        ({"m": "sum(wage % 2)"}, FormulaError, "no number for a row"),
        ({"m": "sum(wage); drop"}, FormulaError, "cannot stand here"),
        ({"m": "mean(wage, weights=people - 50)"}, DataError, "negative"),
        ({"m": "herfindahl(output - 500)"}, DataError, "Figures of a measure are negative"),
        ({"year": "count()"}, DataError, "key and of a measure"),
        ({}, DataError, "at least one measure"),
    ],
)
def test_wrong_measures_are_named(
    firms: pd.DataFrame, measures: dict[str, str], error: type[Exception], match: str
) -> None:
    with pytest.raises(error, match=match):
        aggregate(firms, by=BY, measures=measures)


def test_names_and_texts_never_become_sql() -> None:
    evil = 'x"; DROP TABLE panel_micro; --'
    rows = pd.DataFrame(
        {"region": ["a'; --", "b"], "year": 2010, evil: [1.0, 2.0], "t": ["'", "u"]}
    )
    found = aggregate(
        rows,
        by=BY,
        measures={"s": f"sum(`{evil}`)", 'a"b': 'share(t == "\'")'},
        codes={"a'; --": "x' OR 1=1", "b": "b"},
    )
    assert found.data["s"].to_dict() == {("b", 2010): 2.0, ("x' OR 1=1", 2010): 1.0}
    assert found.data['a"b'].tolist() == [0.0, 1.0]


def test_wrong_sources_are_named(firms: pd.DataFrame, tmp_path: Path) -> None:
    counted = {"n": "count()"}
    with pytest.raises(SourceError, match="cannot be read"):
        aggregate(tmp_path / "none.parquet", by=BY, measures=counted)
    with pytest.raises(SourceError, match="no kind of file"):
        aggregate(tmp_path / "firms.docx", by=BY, measures=counted)
    with duckdb.connect(str(tmp_path / "two.db")) as con:
        con.execute("CREATE TABLE a (x INT); CREATE TABLE b (x INT)")
    with pytest.raises(SourceError, match="2 tables: a, b"):
        aggregate(tmp_path / "two.db", by=BY, measures=counted)
    with pytest.raises(UnknownVariableError, match="did you mean 'region'"):
        aggregate(firms, by=("regoin", "year"), measures=counted)
    with pytest.raises(EmptySampleError, match="No row"):
        aggregate(firms[:0], by=BY, measures=counted)
    with pytest.raises(EmptySampleError):
        aggregate(firms, by=BY, measures=counted, where="output > 5000")
    (tmp_path / "bad.csv").write_text("region,year,x\n" + "a,2010,1\n" * 30_000 + "a,2010,-\n")
    with pytest.raises((SourceError, NotNumericError)):
        aggregate(tmp_path / "bad.csv", by=BY, measures={"x": "sum(x)"})


def test_the_result_is_a_frame_like_any_other(firms: pd.DataFrame) -> None:
    before = firms.copy()
    frame = aggregate(firms, by=BY, measures={"output": "sum(output)"})
    assert isinstance(frame, PanelFrame)
    assert (frame.unit, frame.time) == BY
    assert frame.times == (2010, 2011, 2012, 2013)
    assert math.isfinite(frame.lag("output").dropna().iloc[0])
    pd.testing.assert_frame_equal(firms, before)
