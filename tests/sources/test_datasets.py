"""Tidy files become frames with their labels, units and keys; databases are asked safely."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import pandas as pd
import pytest

from panel import errors
from panel.core.frame import PanelFrame
from panel.sources.datasets import read_frame, read_sql

DATA = pd.DataFrame(
    {
        "province": ["CN-BJ", "CN-BJ", "CN-TJ", "CN-TJ"],
        "year": [2019, 2020, 2019, 2020],
        "gdp": [1.5, 2.5, 3.5, 4.5],
        "zone": [1, 1, 2, 2],
    }
)
LABELS = {"gdp": "Gross product (100 million yuan)", "zone": "区域"}
KEYS = {"unit": "province", "time": "year"}


def assert_read(frame: PanelFrame, *, labelled: bool = True) -> None:
    assert frame["gdp"].tolist() == [1.5, 2.5, 3.5, 4.5]
    assert frame.units == ("CN-BJ", "CN-TJ")
    assert frame.times == (2019, 2020)
    if labelled:
        assert (frame.columns["gdp"].unit, frame.label("gdp")) == ("亿元", "Gross product")
        assert frame.label("zone", "zh") == "区域"
        assert frame["zone"].tolist() == ["East", "East", "West", "West"]
    assert frame.origin("gdp").sources[0].column == "gdp"


def stata(path: Path, labels: dict[int, str]) -> Path:
    DATA.to_stata(path, write_index=False, variable_labels=LABELS, value_labels={"zone": labels},
                  version=118)  # fmt: skip
    return path


def test_stata_with_labels(tmp_path: Path) -> None:
    assert_read(read_frame(stata(tmp_path / "a.dta", {1: "East", 2: "West"}), **KEYS))


def test_partly_labelled_values_stay_numbers(tmp_path: Path) -> None:
    frame = read_frame(stata(tmp_path / "a.dta", {1: "East"}), **KEYS)
    assert frame["zone"].tolist() == [1, 1, 2, 2]
    assert frame.columns["zone"].note == "1 = East"
    assert [frame.columns["zone"].value_in(v) for v in (1, 2)] == ["East", "2"]
    chinese = read_frame(stata(tmp_path / "b.dta", {1: "东部"}), **KEYS).columns["zone"]
    assert chinese.value_labels["1"] == {"zh": "东部"}


def test_spss_with_labels(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    path = tmp_path / "a.sav"
    words = {"zone": {1: "East", 2: "West"}}
    pyreadstat.write_sav(DATA, str(path), column_labels=LABELS, variable_value_labels=words)
    assert_read(read_frame(path, **KEYS))


def test_parquet_with_units_in_its_schema(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = arrow.Table.from_pandas(DATA.set_index(["province", "year"]))
    at = table.schema.get_field_index("gdp")
    said = table.schema.field("gdp").with_metadata({"unit": "万元", "label": "Product"})
    parquet.write_table(table.cast(table.schema.set(at, said)), tmp_path / "a.parquet")
    frame = read_frame(tmp_path / "a.parquet")
    assert_read(frame, labelled=False)
    assert (frame.columns["gdp"].unit, frame.label("gdp")) == ("万元", "Product")


def test_duckdb(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as base:
        base.execute("""CREATE TABLE "odd ""name" (province TEXT, year INT, gdp DECIMAL(9, 1))""")
        rows = [[p, y, g] for p, y, g, _ in DATA.astype(object).to_numpy().tolist()]
        base.executemany("""INSERT INTO "odd ""name" VALUES (?, ?, ?)""", rows)
        found = read_sql(
            """SELECT * FROM "odd ""name" WHERE gdp > ?""", base, parameters=[2], **KEYS
        )  # fmt: skip
    assert found["gdp"].tolist() == [2.5, 3.5, 4.5]
    assert_read(read_frame(path, **KEYS, units={"gdp": "亿元"}), labelled=False)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite"
    connection = sqlite3.connect(path)
    DATA.to_sql("accounts", connection, index=False)
    connection.execute("CREATE TABLE other (x INT)")
    connection.commit()
    connection.close()
    return path


def test_sqlite_asks_which_table(base: Path) -> None:
    with pytest.raises(errors.SourceError, match="2 tables"):
        read_frame(base, **KEYS)
    with pytest.raises(errors.SourceError, match="no table"):
        read_frame(base, **KEYS, table='accounts"; DROP TABLE accounts; --')
    assert_read(read_frame(base, **KEYS, table="accounts"), labelled=False)


def test_values_of_a_query_are_bound(base: Path) -> None:
    connection = sqlite3.connect(base)
    query = "SELECT * FROM accounts WHERE province = ?"
    assert len(read_sql(query, connection, parameters=["CN-BJ"], **KEYS)) == 2
    assert len(read_sql(query, connection, parameters=["x' OR '1'='1"], **KEYS)) == 0
    with pytest.raises(errors.SourceError, match="gives no rows"):
        read_sql("DELETE FROM other", connection, **KEYS)
    connection.close()


def test_sqlalchemy(base: Path) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    engine = sqlalchemy.create_engine(f"sqlite:///{base}")
    query = "SELECT province, year, gdp FROM accounts WHERE year >= :first"
    frame = read_sql(query, engine, parameters={"first": 2020}, **KEYS)
    assert frame["gdp"].tolist() == [2.5, 4.5]
    with engine.connect() as connection:
        assert len(read_sql(query, connection, parameters={"first": 2019}, **KEYS)) == 4
    engine.dispose()


def test_csv_and_chosen_variables(tmp_path: Path) -> None:
    DATA.to_csv(tmp_path / "a.csv", index=False)
    frame = read_frame(tmp_path / "a.csv", **KEYS, variables=["gdp"], labels={"gdp": "Product"})
    assert (frame.names, frame.label("gdp")) == (("gdp",), "Product")
    with pytest.raises(errors.UnknownVariableError, match="no column 'gpd'"):
        read_frame(tmp_path / "a.csv", **KEYS, variables=["gpd"])


@pytest.mark.parametrize("suffix", ["dta", "sav", "parquet", "duckdb", "sqlite"])
def test_damaged_files(suffix: str, tmp_path: Path) -> None:
    library = {"sav": "pyreadstat", "parquet": "pyarrow", "duckdb": "duckdb"}.get(suffix)
    if library:
        pytest.importorskip(library)
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(b"this is no data file at all" * 100)
    with pytest.raises(errors.SourceError, match="cannot be read as"):
        read_frame(path, **KEYS)


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.SourceError, match="no file"):
        read_frame(tmp_path / "a.dta", **KEYS)
    (tmp_path / "a.rds").write_bytes(b"x")
    with pytest.raises(errors.SourceError, match="no kind that is known"):
        read_frame(tmp_path / "a.rds", **KEYS)
    (tmp_path / "a.csv").write_text("province,year\nx,2020\n")
    with pytest.raises(errors.SourceError, match="no database"):
        read_frame(tmp_path / "a.csv", **KEYS, table="x")


def test_a_missing_library_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    (tmp_path / "a.sav").write_bytes(b"$FL2")
    with pytest.raises(errors.InstallationError, match=r"regpanel\[data\]"):
        read_frame(tmp_path / "a.sav", **KEYS)
