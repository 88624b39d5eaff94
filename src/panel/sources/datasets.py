"""Tables that are tidy already, as frames: Stata, SPSS, Parquet, DuckDB, SQLite, any database."""

from __future__ import annotations

import datetime
import importlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from panel.core.column import Column, Origin
from panel.core.frame import PanelFrame
from panel.errors import InstallationError, SourceError, UnknownVariableError, suggest
from panel.sources.reader import read_table
from panel.sources.unittext import frame_unit, named
from panel.sources.wording import language_of

Labels = Mapping[str, str | Mapping[str, str]]
Parameters = Sequence[Any] | Mapping[str, Any]


@dataclass(frozen=True)
class _Tidy:
    """A table and what its file says of the columns."""

    data: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)


def read_frame(
    path: str | Path,
    *,
    unit: str | None = None,
    time: str | None = None,
    table: str | None = None,
    variables: Sequence[str] | None = None,
    units: Mapping[str, str] | None = None,
    labels: Labels | None = None,
) -> PanelFrame:
    """A data file with one row a region and year as a panel, with its labels and units.

    Parameters
    ----------
    path : Stata (.dta), SPSS (.sav, .zsav), Parquet (.parquet), DuckDB (.duckdb), SQLite (.sqlite,
        .db), CSV (.csv, .tsv).
    unit, time : names of the key columns; may be left out for a Parquet file that keeps them as
        its index.
    table : of a database that has several.
    variables : columns to read; all if left out.
    units, labels : as in ``PanelFrame.from_pandas``; they go before what the file says.

    Returns
    -------
    The panel. A label of a variable becomes its label, and a known unit at the label's end, "GDP
    (100 million yuan)", its unit. A column whose every value has a value label becomes text;
    where only some have one, the numbers stay and the labels stand in the column's note.

    Raises
    ------
    SourceError : no such file or table, a kind that is not known, or a damaged file.
    InstallationError : the library for this kind of file is not installed.
    UnknownVariableError, DuplicateKeyError, MissingKeyError, CalendarError, NotNumericError : as
        ``PanelFrame.from_pandas``.
    """
    path = Path(path)
    if not path.is_file():
        raise SourceError(
            f"There is no file {str(path)!r}.", variable=str(path), remedy="check the path."
        )
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise SourceError(
            f"{path.name} is of no kind that is known as tidy data.",
            variable=path.name,
            value=path.suffix,
            remedy=f"known are {', '.join(_READERS)}; yearbook tables are read by "
            "panel.read_yearbook.",
        )
    if table is not None and reader not in (_duckdb, _sqlite):
        raise SourceError(
            f"{path.name} is no database.", variable="table", value=table, remedy="leave it out."
        )
    tidy = reader(path, table)
    keys = [k for k in (unit, time) if k is not None]
    if variables is not None:
        for name in (*keys, *variables):
            if name not in tidy.data.columns:
                raise UnknownVariableError(
                    f"{path.name} has no column {name!r}.",
                    variable=name,
                    remedy=suggest(name, map(str, tidy.data.columns)),
                )
        tidy = _Tidy(tidy.data[[*keys, *variables]], tidy.labels, tidy.units, tidy.values)
    return _framed(tidy, unit, time, path.name, units or {}, labels or {})


def read_sql(
    query: str,
    connection: Any,
    *,
    unit: str,
    time: str,
    parameters: Parameters = (),
    units: Mapping[str, str] | None = None,
    labels: Labels | None = None,
    name: str = "query",
) -> PanelFrame:
    """The rows of a query as a panel.

    Parameters
    ----------
    query : in the database's SQL. Values never belong into its text: write placeholders and give
        the values in ``parameters``.
    connection : of any database: DBAPI (sqlite3, duckdb, psycopg, ...) or SQLAlchemy's engine or
        connection. It is neither committed nor closed.
    unit, time : names of the key columns of the result.
    parameters : values of the placeholders, in the connection's own style (?, %s, :name).
    units, labels : as in ``PanelFrame.from_pandas``.
    name : what to call the panel and its origin.

    Raises
    ------
    SourceError : the query gives no rows, as a command does.
    DuplicateKeyError, MissingKeyError, CalendarError, NotNumericError : as
        ``PanelFrame.from_pandas``. What the database raises is passed on as it is.
    """
    if hasattr(connection, "dialect"):  # SQLAlchemy's engine or connection
        sqlalchemy = importlib.import_module("sqlalchemy")
        if hasattr(connection, "connect"):
            with connection.connect() as opened:
                data = _result(opened.execute(sqlalchemy.text(query), parameters or {}), query)
        else:
            data = _result(connection.execute(sqlalchemy.text(query), parameters or {}), query)
    else:
        run = connection if hasattr(connection, "execute") else connection.cursor()
        cursor = run.execute(query, parameters) or run
        data = _result(cursor, query)
    return _framed(_Tidy(data), unit, time, name, units or {}, labels or {})


def _result(cursor: Any, query: str) -> pd.DataFrame:
    """The rows of an executed query, with decimals as floats and dates as dates."""
    if hasattr(cursor, "keys"):
        names = list(cursor.keys()) if cursor.returns_rows else None
    else:
        names = [d[0] for d in cursor.description] if cursor.description else None
    if not names:
        raise SourceError(
            "The query gives no rows.",
            variable="query",
            value=query,
            remedy="write a SELECT; commands are for the database's own tools.",
        )
    data = pd.DataFrame([tuple(row) for row in cursor.fetchall()], columns=names, dtype=object)
    return data.apply(_typed)


def _typed(column: pd.Series) -> pd.Series:
    kinds = {type(v) for v in column.dropna()}
    if kinds & {Decimal, float, int} and kinds <= {Decimal, float, int}:
        whole = kinds == {int} and not column.isna().any()
        return column.astype("int64" if whole else float)
    if kinds and kinds <= {datetime.date, datetime.datetime, pd.Timestamp}:
        return pd.to_datetime(column)
    return column.infer_objects()


def _framed(
    tidy: _Tidy,
    unit: str | None,
    time: str | None,
    file: str,
    units: Mapping[str, str],
    labels: Labels,
) -> PanelFrame:
    """The table as a frame; what the user says of units and labels goes before the file."""
    data, notes = _labelled(tidy)
    frame = PanelFrame.from_pandas(data, unit, time, dict(units), dict(labels), name=file)
    columns = {}
    for name, column in frame.columns.items():
        text, printed = named(tidy.labels.get(name, ""))
        known = column.unit or tidy.units.get(name, "") or (frame_unit(printed) if printed else "")
        said = dict(column.labels) or ({language_of([text]): text} if text else {})
        origin = Origin(file, name, known, "")
        words = tidy.values.get(name, {}) if name in notes else {}
        called = {value: {language_of([word]): word} for value, word in words.items()}
        columns[name] = Column(
            known, said, (origin,), note=notes.get(name, ""), value_labels=called
        )
    return PanelFrame(frame.table, frame.unit, frame.time, columns, file)


def _labelled(tidy: _Tidy) -> tuple[pd.DataFrame, dict[str, str]]:
    """The table with fully labelled columns as text, and notes for the partly labelled."""
    data, notes = tidy.data.copy(), {}
    for name, words in tidy.values.items():
        if name not in data.columns:
            continue
        there = data[name].dropna()
        if len(there) and there.isin(list(words)).all():
            data[name] = data[name].map(dict(words))
        elif words:
            notes[name] = "; ".join(f"{value} = {word}" for value, word in words.items())
    return data, notes


# ---- kinds of files --------------------------------------------------------------------


def _stata(path: Path, _: str | None) -> _Tidy:
    reader: Any
    try:
        with pd.read_stata(path, iterator=True, convert_categoricals=False) as reader:
            data = reader.read()
            labels, words = reader.variable_labels(), reader.value_labels()
            # pandas has no public name for which variable uses which set of value labels.
            sets = dict(zip(reader._varlist, reader._lbllist, strict=True))
    except (ValueError, OSError, KeyError, IndexError) as error:
        raise _damaged(path, "Stata", error) from error
    values = {name: words[key] for name, key in sets.items() if key in words}
    return _Tidy(data, {k: v for k, v in labels.items() if v}, values=values)


def _spss(path: Path, _: str | None) -> _Tidy:
    pyreadstat = _library("pyreadstat", "SPSS files")
    try:
        data, meta = pyreadstat.read_sav(str(path), apply_value_formats=False)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError) as error:
        raise _damaged(path, "SPSS", error) from error
    labels = {k: v for k, v in meta.column_names_to_labels.items() if v}
    return _Tidy(data, labels, values=meta.variable_value_labels)


def _parquet(path: Path, _: str | None) -> _Tidy:
    arrow = _library("pyarrow", "Parquet files")
    parquet = _library("pyarrow.parquet", "Parquet files")
    try:
        table = parquet.read_table(path)
    except (arrow.ArrowException, OSError) as error:
        raise _damaged(path, "Parquet", error) from error
    said = {f.name: {k.decode(): v.decode() for k, v in (f.metadata or {}).items()}
            for f in table.schema}  # fmt: skip
    return _Tidy(
        table.to_pandas(),
        {name: d["label"] for name, d in said.items() if "label" in d},
        {name: d["unit"] for name, d in said.items() if "unit" in d},
    )


def _duckdb(path: Path, table: str | None) -> _Tidy:
    duckdb = _library("duckdb", "DuckDB files")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise _damaged(path, "DuckDB", error) from error
    with closing(connection):
        listed = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
        ).fetchall()
        name = _one_table(path, table, [row[0] for row in listed])
        return _Tidy(_result(connection.execute(f"SELECT * FROM {_quoted(name)}"), name))


def _sqlite(path: Path, table: str | None) -> _Tidy:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            listed = connection.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            ).fetchall()
        except sqlite3.DatabaseError as error:
            raise _damaged(path, "SQLite", error) from error
        name = _one_table(path, table, [row[0] for row in listed])
        return _Tidy(_result(connection.execute(f"SELECT * FROM {_quoted(name)}"), name))


def _csv(path: Path, _: str | None) -> _Tidy:
    return _Tidy(read_table(path).data)


def _one_table(path: Path, table: str | None, listed: Iterable[str]) -> str:
    """The table asked for, or the only one; it is one of the database's own names in any case."""
    names = list(listed)
    if table in names:
        return str(table)
    if table is None and len(names) == 1:
        return names[0]
    what = f"no table {table!r}" if table is not None else f"{len(names)} tables"
    raise SourceError(
        f"{path.name} has {what}.",
        variable="table",
        value=table,
        remedy=suggest(table or "", names) if table else f"pass table=, one of {sorted(names)}.",
    )


def _quoted(name: str) -> str:
    """A name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def _library(module: str, what: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise InstallationError(
            f"Reading {what} needs {library}, which is not installed.",
            variable=library,
            remedy='pip install "regpanel[data]"',
        ) from error


def _damaged(path: Path, kind: str, error: Exception) -> SourceError:
    return SourceError(
        f"{path.name} cannot be read as {kind}: {error}.",
        variable=path.name,
        remedy="check the download, or save the file again in the program it comes from.",
    )


_READERS: dict[str, Callable[[Path, str | None], _Tidy]] = {
    ".dta": _stata,
    ".sav": _spss,
    ".zsav": _spss,
    ".parquet": _parquet,
    ".duckdb": _duckdb,
    ".sqlite": _sqlite,
    ".db": _sqlite,
    ".csv": _csv,
    ".tsv": _csv,
}
