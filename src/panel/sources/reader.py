"""Reading yearbook tables: cells as printed, numbers, and a list of what was taken as missing."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from panel.errors import InstallationError, NotNumericError, SourceError

# What statistical offices print where there is no figure.
MISSING_MARKS = frozenset({"", "-", "–", "—", "――", "..", "...", "…", "……"})


@dataclass(frozen=True)
class ReadTable:
    """A table as read from a file.

    Parameters
    ----------
    data : columns of numbers and columns of text.
    missing : one row a cell that was taken as missing: row (the header is row 1), column, mark.
    encoding : how the text was decoded ("utf-8", "gb18030", "excel").
    """

    data: pd.DataFrame
    missing: pd.DataFrame
    encoding: str

    def __repr__(self) -> str:
        rows, columns = self.data.shape
        marks = self.missing["mark"].replace("", "empty").value_counts()
        listed = ", ".join(f"{mark} x {n}" for mark, n in marks.items()) or "none"
        return f"ReadTable({rows} rows x {columns} columns; taken as missing: {listed})"


def read_table(
    path: str | Path,
    *,
    text: Sequence[str] = (),
    encoding: str | None = None,
    sheet: str | int = 0,
    thousands: str = "",
    decimal: str = ".",
) -> ReadTable:
    """Table of a CSV or Excel file, with numbers as numbers.

    Parameters
    ----------
    path : file ending in csv, txt, tsv, xlsx or xls.
    text : columns to keep as text although some of their cells are numbers (codes, remarks).
    encoding : of a CSV file; without it UTF-8 (with or without BOM) and then GB18030 are tried.
    sheet : of an Excel file, by name or position.
    thousands, decimal : how numbers are written: ``thousands=" ", decimal=","`` in Russian tables.

    Raises
    ------
    NotNumericError : a column mixes numbers and text; the first such cell is named.
    SourceError : no such file, or it cannot be decoded.
    """
    path = Path(path)
    if not path.is_file():
        raise SourceError(
            f"There is no file {str(path)!r}.", variable=str(path), remedy="check the path."
        )
    content = path.read_bytes()
    cells, decoded = (
        (_excel(content, sheet), "excel")
        if path.suffix.lower() in (".xlsx", ".xls")
        else _delimited(content, path.name, encoding, "\t" if path.suffix == ".tsv" else ",")
    )
    columns, marks = {}, []
    for name in cells.columns:
        column = cells[name]
        empty = column.isin(MISSING_MARKS)
        marks.append(
            pd.DataFrame(
                {"row": np.flatnonzero(empty) + 2, "column": name, "mark": column[empty].to_numpy()}
            )
        )
        if name in text or not _looks_numeric(column[~empty], thousands, decimal):
            columns[name] = column.mask(empty)
        else:
            columns[name] = numbers(column, path.name, thousands=thousands, decimal=decimal)
    return ReadTable(pd.DataFrame(columns), pd.concat(marks, ignore_index=True), decoded)


def read_cells(content: bytes, name: str) -> pd.DataFrame:
    """Cells of a CSV file as printed, stripped of outer blanks; empty ones are "".

    Raises
    ------
    SourceError : the bytes are neither UTF-8 nor GB18030.
    """
    return _delimited(content, name, None, ",")[0]


def numbers(cells: pd.Series, file: str, *, thousands: str = "", decimal: str = ".") -> pd.Series:
    """Printed cells (n,) as numbers; missing marks become NaN.

    Raises
    ------
    NotNumericError : a cell is neither a finite number nor a missing mark.
    """
    empty = cells.isin(MISSING_MARKS)
    values = _parsed(cells.mask(empty), thousands, decimal)
    bad = np.flatnonzero(~empty.to_numpy() & ~np.isfinite(values.to_numpy(dtype=float)))
    if len(bad):
        row, cell = cells.index[bad[0]], cells.iloc[bad[0]]
        raise NotNumericError(
            f"{file}, row {int(row) + 2}, column {cells.name!r}: {cell!r} is not a number "
            f"({len(bad)} such cell(s)).",
            variable=str(cells.name),
            value=cell,
            remedy="correct the cell, or name the column in text= if it is not meant as numbers.",
        )
    return values


def _parsed(cells: pd.Series, thousands: str, decimal: str) -> pd.Series:
    if thousands:
        # Yearbooks set no-break and narrow spaces for the thousands.
        blanks = r"[\s\u00a0\u202f]" if thousands.isspace() else None
        cells = (
            cells.str.replace(blanks, "", regex=True)
            if blanks
            else cells.str.replace(thousands, "", regex=False)
        )
    if decimal != ".":
        cells = cells.str.replace(decimal, ".", regex=False)
    parsed: pd.Series = pd.to_numeric(cells, errors="coerce").astype(float)
    return parsed


def _looks_numeric(cells: pd.Series, thousands: str, decimal: str) -> bool:
    return bool(_parsed(cells, thousands, decimal).notna().any()) or len(cells) == 0


def _delimited(
    content: bytes, name: str, encoding: str | None, separator: str
) -> tuple[pd.DataFrame, str]:
    for candidate in (encoding,) if encoding else ("utf-8-sig", "gb18030"):
        try:
            decoded = content.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        return _table(decoded, name, separator), candidate.removesuffix("-sig")
    raise SourceError(
        f"{name} cannot be decoded as {encoding or 'UTF-8 or GB18030'}.",
        variable=name,
        value=encoding,
        remedy='name its encoding, for instance read_table(path, encoding="cp1251").',
    )


def _table(text: str, name: str, separator: str) -> pd.DataFrame:
    lines = csv.reader(io.StringIO(text), delimiter=separator)
    header, *body = [[cell.strip() for cell in line] for line in lines if line] or [[]]
    twice = [column for column in header if header.count(column) > 1]
    if twice or not header:
        raise SourceError(
            f"{name} has {f'two columns {twice[0]!r}' if twice else 'no header'}.",
            variable=name,
            remedy="give every column a name of its own in the first row.",
        )
    for row, line in enumerate(body, start=2):
        if len(line) != len(header):
            raise SourceError(
                f"{name}, row {row}: {len(line)} cells under {len(header)} columns.",
                variable=name,
                value=line,
                remedy="a cell with a comma needs quotes around it.",
            )
    return pd.DataFrame(body, columns=header, dtype="str")


def _excel(content: bytes, sheet: str | int) -> pd.DataFrame:
    try:
        table = pd.read_excel(io.BytesIO(content), sheet_name=sheet, dtype=object)
    except ImportError as error:
        raise InstallationError(
            "Reading Excel files needs openpyxl, which is not installed.",
            variable="openpyxl",
            remedy='pip install "regpanel[tables]"',
        ) from error
    table.columns = table.columns.map(lambda c: str(c).strip())
    return table.map(_printed).astype(str)


def _printed(value: Any) -> str:
    """An Excel cell as text; whole numbers without the point that floats carry."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
