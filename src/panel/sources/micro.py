"""Rows of firms or cities aggregated to a region-year panel, on disk and larger than memory."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from panel.core.column import Adjustment, Origin
from panel.core.expression import parse_expression
from panel.core.frame import PanelFrame
from panel.errors import (
    DataError,
    EmptySampleError,
    InstallationError,
    PanelWarning,
    SourceError,
    suggest,
)
from panel.sources.measures import Measure, measure, numbered
from panel.sources.microwords import joined, said
from panel.sources.sql import Columns, condition_sql, quoted, text_sql

if TYPE_CHECKING:
    import duckdb

Limits = dict[str, str | bool | int | float | list[str]]

_ROWS = "panel_micro"  # what the relation is called in a query
_FORMATS = (".csv", ".tsv", ".txt", ".gz", ".parquet", ".duckdb", ".db")


def aggregate(
    source: str | Path | Sequence[str | Path] | pd.DataFrame | duckdb.DuckDBPyRelation,
    *,
    by: tuple[str, str],
    measures: Mapping[str, str],
    where: str = "",
    codes: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    memory: str = "1GB",
    progress: bool = False,
) -> PanelFrame:
    """Region-year panel of measures of firm or city rows.

    Parameters
    ----------
    source : CSV or Parquet file(s) (``"firms/*.parquet"``), a duckdb file with one table, a
        DataFrame, or a relation of one's own connection. Files are read as a stream by duckdb, so
        they may be larger than memory.
    by : columns of the region and the year. In a CSV file the region is read as text, so that
        codes keep their leading zeros.
    measures : text by new column. Functions: sum, mean, share (of rows that meet a condition),
        count, distinct, min, max, median, quantile(x, 0.9), sd, var, herfindahl (sum of squared
        shares); ``weights=`` in sum, mean and share: "mean(wage, weights=employees)". Their
        arguments are expressions of columns ("log(output / employees)"); measures may be
        combined by + - * / ("sum(output) / sum(employees)").
    where : condition that a row must meet, for instance ``employees >= 20``.
    codes : code by region as written, for instance ``match.mapping`` of
        ``panel.match_regions``; regions it does not have are an error.
    units : unit of measurement by new column.
    memory : what duckdb may use before it writes to disk ("500MB"). Medians, quantiles and
        distinct counts keep their column in memory.
    progress : show duckdb's progress bar in the terminal or notebook, of queries that take two
        seconds or more. A relation shows what its own connection is set to.

    Returns
    -------
    Frame with the measures. A row counts for a measure if all columns the call names are there
    and finite; how many of a cell's rows do not is told by ``frame.origin`` and, for all cells,
    by ``frame.report()``. Rows without region or year, or for which ``where`` cannot be decided,
    belong to no cell: they are left out with a PanelWarning and stand in the report too. A
    cell without a usable row is missing. Sums are compensated (Kahan); the last digit may depend
    on the number of threads.

    Raises
    ------
    FormulaError : an expression outside the grammar or a function that is not on the list;
        nothing else is ever sent to duckdb.
    UnknownVariableError, NotNumericError : a column that is not there or holds text.
    DataError : negative weights, negative figures in herfindahl, a region without a code,
        ``progress`` for a relation.
    EmptySampleError : no row is left. SourceError : a file that cannot be read.
    InstallationError : duckdb is missing.
    """
    if len(by) != 2 or not measures:
        raise DataError(
            "A panel needs a column of regions, one of years and at least one measure.",
            variable="by" if measures else "measures",
            value=by if measures else {},
            remedy='write by=("region", "year"), measures={"output": "sum(output)"}.',
        )
    with tempfile.TemporaryDirectory(prefix="panel-") as spill:
        relation, name, owned = _relation(source, by[0], memory, spill)
        try:
            columns = Columns(
                dict(zip(relation.columns, map(str, relation.types), strict=True)), name
            )
            built = _measures(measures, columns, by)
            if progress:
                if owned is None:
                    raise DataError(
                        "The progress bar of a relation is its own connection's.",
                        variable="progress",
                        value=True,
                        remedy='set it there: con.execute("SET enable_progress_bar = true").',
                    )
                owned.execute("SET enable_progress_bar = true")
            condition = condition_sql(parse_expression(where), columns) if where else "TRUE"
            if codes is not None:
                _known(relation, by[0], codes)
            cells = _asked(relation, _query(built, by, condition, codes))
            undecided = f"SELECT count(*) AS n FROM {_ROWS} WHERE ({condition}) IS NULL"
            open_ = int(_asked(relation, undecided)["n"].sum()) if where else 0
        finally:
            if owned is not None:
                owned.close()
    _not_negative(cells)
    return _frame(cells, built, (by, name, open_), units or {})


def _relation(
    source: Any, region: str, memory: str, spill: str
) -> tuple[duckdb.DuckDBPyRelation, str, duckdb.DuckDBPyConnection | None]:
    """The rows, what to call them, and the connection if it is ours to close."""
    try:
        import duckdb
    except ImportError as error:
        raise InstallationError(
            "Aggregating micro data needs duckdb, which is not installed.",
            variable="duckdb",
            remedy='pip install "regpanel[data]"',
        ) from error
    if isinstance(source, duckdb.DuckDBPyRelation):
        return source, "the relation", None
    limits: Limits = {
        "memory_limit": memory,
        "temp_directory": spill,
        "preserve_insertion_order": "false",
    }
    try:
        if isinstance(source, pd.DataFrame):
            con = duckdb.connect(":memory:", config=limits)
            return con.from_df(source), "the DataFrame", con
        files = [str(f) for f in ([source] if isinstance(source, str | Path) else source)]
        suffixes = {Path(f).suffix.lower() for f in files}
        if len(suffixes) != 1 or not suffixes <= set(_FORMATS):
            raise SourceError(
                f"{files[0] if files else source!r} is no kind of file that is read here.",
                variable="source",
                value=files,
                remedy=f"give files of one kind: {', '.join(_FORMATS)}.",
            )
        return _opened(files, suffixes.pop(), region, limits)
    except duckdb.Error as error:
        raise _unreadable(error) from error


def _opened(
    files: list[str], suffix: str, region: str, limits: Limits
) -> tuple[duckdb.DuckDBPyRelation, str, duckdb.DuckDBPyConnection]:
    import duckdb

    name = Path(files[0]).name + (f" and {len(files) - 1} more" if len(files) > 1 else "")
    if suffix in (".duckdb", ".db"):
        con = duckdb.connect(files[0], read_only=True, config=limits)
        tables = [row[0] for row in con.execute("SHOW TABLES").fetchall()]
        if len(tables) != 1:
            con.close()
            raise SourceError(
                f"{name} has {len(tables)} tables: {', '.join(tables) or 'none'}.",
                variable="source",
                value=tables,
                remedy="open it with duckdb and give one: duckdb.connect(file).table(name).",
            )
        return con.table(quoted(tables[0])), name, con
    con = duckdb.connect(":memory:", config=limits)
    read: Any = con.read_parquet
    if suffix != ".parquet":
        read = partial(con.read_csv, header=True)
    try:
        there = _columns_of(files, con, read)
        if suffix == ".parquet":
            return read(files, union_by_name=True), name, con
        typed: dict[str, str] = {region: "VARCHAR"} if region in there else {}
        typed.update(_not_whole(read, files, typed))
        return read(files, dtype=typed or None, union_by_name=True), name, con
    except (duckdb.Error, SourceError):
        con.close()
        raise


def _not_whole(read: Any, files: list[str], typed: Mapping[str, str]) -> dict[str, str]:
    """Columns that duckdb, by their first rows, takes for whole numbers, but that have decimals.

    It would round them without a word.
    """
    found = read(files, dtype=dict(typed) or None, union_by_name=True)
    whole = [c for c, t in zip(found.columns, map(str, found.types), strict=True) if "INT" in t]
    if not whole:
        return {}
    texts = {**dict.fromkeys(whole, "VARCHAR"), **typed}
    printed = read(files, dtype=texts, union_by_name=True)
    asked = ", ".join(f"bool_or(regexp_matches({quoted(c)}, '[.eE]'))" for c in whole)
    (row,) = printed.aggregate(asked).fetchall()
    return {c: "DOUBLE" for c, decimals in zip(whole, row, strict=True) if decimals}


def _columns_of(files: list[str], con: duckdb.DuckDBPyConnection, read: Any) -> list[str]:
    """Columns of the files, which must have the same ones: a name of its own would be missing."""
    query = "SELECT file FROM glob(?)"
    paths = [row[0] for f in files for row in con.execute(query, [f]).fetchall()]
    first: list[str] = read(paths[0] if paths else files[0]).columns
    for path in paths[1:]:
        if differing := set(read(path).columns) ^ set(first):
            raise SourceError(
                f"{Path(paths[0]).name} and {Path(path).name} do not have the same columns: "
                f"{', '.join(sorted(differing))}.",
                variable="source",
                value=sorted(differing),
                remedy="give the columns one name in all files, or aggregate the files apart.",
            )
    return first


def _unreadable(error: Exception) -> SourceError:
    return SourceError(
        f"The source cannot be read: {'; '.join(filter(None, str(error).splitlines()[:3]))}",
        variable="source",
        remedy="check the path and the memory limit; a CSV file is UTF-8, and every cell of a "
        "column of numbers is a number with a decimal point, or empty.",
    )


def _asked(relation: duckdb.DuckDBPyRelation, query: str) -> pd.DataFrame:
    import duckdb

    try:
        found = relation.query(_ROWS, query)
        assert found is not None  # a SELECT has a result, be it empty
        table: pd.DataFrame = found.df()
        return table
    except duckdb.Error as error:
        raise _unreadable(error) from error


def _measures(
    given: Mapping[str, str], columns: Columns, by: tuple[str, str]
) -> tuple[Measure, ...]:
    for key in by:
        columns.known(key)
    built: list[Measure] = []
    for name, text in given.items():
        if name in by:
            raise DataError(
                f"{name!r} is the name of a key and of a measure.",
                variable=name,
                remedy="call the measure something else.",
            )
        built.append(measure(name, text, columns, sum(len(m.terms) for m in built)))
    return tuple(built)


def _known(relation: duckdb.DuckDBPyRelation, region: str, codes: Mapping[str, str]) -> None:
    """Every region as written has a code."""
    query = f"SELECT DISTINCT CAST({quoted(region)} AS VARCHAR) AS region FROM {_ROWS}"
    written = _asked(relation, query)["region"].dropna()
    unknown = sorted(set(written) - set(codes))
    if unknown:
        raise DataError(
            f"{len(unknown)} region(s) of column {region!r} have no code; the first is "
            f"{unknown[0]!r}.",
            variable="codes",
            value=unknown[0],
            remedy=suggest(unknown[0], codes),
        )


def _query(
    measures: tuple[Measure, ...],
    by: tuple[str, str],
    condition: str,
    codes: Mapping[str, str] | None,
) -> str:
    """One pass: the measures, rows and unusable rows of each region and year, and sign checks."""
    region, joined = quoted(by[0]), ""
    if codes:
        pairs = ", ".join(f"({text_sql(name)}, {text_sql(code)})" for name, code in codes.items())
        joined = (
            f' LEFT JOIN (VALUES {pairs}) AS walk("(written)", "(code)")'
            f' ON CAST({region} AS VARCHAR) = "(written)"'
        )
        region = '"(code)"'
    rows = [f"{region} AS region", f"{quoted(by[1])} AS year"]
    for number, term in numbered(measures):
        rows += [f"{term.figure} AS x{number}", f"{term.weight} AS w{number}"]
    wanted = ["region", "year", 'count(*) AS "(rows)"']
    for k, one in enumerate(measures):
        usable = " AND ".join(f"x{one.first + i} IS NOT NULL" for i in range(len(one.terms)))
        wanted.append(f"{one.aggregate} AS m{k}")
        wanted.append(f'count(*) FILTER (NOT ({usable or "TRUE"})) AS "(lost {k})"')
    wanted += [f"min({c}{n}) AS sign_{c}{n}" for n, t in numbered(measures) for c in t.not_negative]
    return (
        f"SELECT {', '.join(wanted)} FROM (SELECT {', '.join(rows)} FROM {_ROWS}{joined} "
        f"WHERE {condition}) GROUP BY region, year"
    )


def _not_negative(cells: pd.DataFrame) -> None:
    """Weights, and the figures of a Herfindahl index, are shares of a total."""
    low = cells[[c for c in cells.columns if c.startswith("sign_")]].min()
    if low.lt(0).any():
        kind = "Weights" if str(low.idxmin()).startswith("sign_w") else "Figures"
        raise DataError(
            f"{kind} of a measure are negative (down to {low.min():g}), so shares of their total "
            "mean nothing.",
            variable="measures",
            value=float(low.min()),
            remedy="leave those rows out by where=, or correct them.",
        )


def _frame(
    cells: pd.DataFrame,
    measures: tuple[Measure, ...],
    context: tuple[tuple[str, str], str, int],
    units: Mapping[str, str],
) -> PanelFrame:
    by, name, undecided = context
    keyless = cells["region"].isna() | cells["year"].isna()
    lacking = [int(cells.loc[cells[key].isna(), "(rows)"].sum()) for key in ("region", "year")]
    left_out = [said("without", n, key=key) for key, n in zip(by, lacking, strict=True) if n]
    told = joined([*left_out, *[said("undecided", undecided)] * bool(undecided)])
    if told[0]:
        warnings.warn(f"{name}: {told[0]}.", PanelWarning, stacklevel=3)
    cells = cells[~keyless]
    if cells.empty:
        raise EmptySampleError(
            f"No row of {name} is left." + (f" {told[0]}." if told[0] else ""),
            variable="source",
            remedy="check the columns in by= and the condition in where=.",
        )
    names = {f"m{k}": one.name for k, one in enumerate(measures)}
    counts = [c for c in cells.columns if c.startswith("(")]
    table = cells.rename(columns={"region": by[0], "year": by[1]})[[*by, *names, *counts]]
    whole = PanelFrame.from_pandas(table.rename(columns=names), *by, units=units, name=name)
    frame = whole.select(names.values())
    for k, one in enumerate(measures):
        record: dict[tuple[str, ...], set[Any]] = {told: set()} if told[0] else {}
        lost, of = (whole.table[c] for c in (f"(lost {k})", "(rows)"))
        for key in whole.table.index[lost > 0]:
            record.setdefault(said("unusable", int(lost[key]), of=int(of[key])), set()).add(key)
        frame = frame.describe(
            one.name,
            expression=one.text,
            origins=(Origin(name, one.text, "", "own aggregation of micro data"),),
            adjustments=tuple(
                Adjustment(words[0], frozenset(keys), words) for words, keys in record.items()
            ),
        )
    return frame
