"""Tables as comma-separated values, for machines."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pandas as pd

from panel.tables.words import words

if TYPE_CHECKING:
    from panel.tables.table import Table

# A spreadsheet takes a text that begins so for a formula; some East Asian ones wide signs as well.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def write(table: Table) -> str:
    """The table's ``df`` with numbers in full precision, then the notes as lines after ``#``.

    ``pandas.read_csv(path, comment="#")`` reads it back. Text that a spreadsheet would run as a
    formula is preceded by an apostrophe.
    """
    frame = table.df
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*[""] * frame.index.nlevels, *map(_safe, table.columns)])
    for key, values in zip(frame.index, frame.itertuples(index=False, name=None), strict=True):
        keys = key if isinstance(key, tuple) else (key,)
        writer.writerow([_safe(v) for v in (*keys, *values)])
    comments = [f"# {table.title}"] if table.title else []
    comments += [f"# {words('notes', table.language)}{table.notes_text}"] if table.notes else []
    return out.getvalue() + "".join(f"{line}\n" for line in comments)


def _safe(value: object) -> str:
    if value is None or value is pd.NA or value != value:  # NaN
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return repr(value) if isinstance(value, int) else repr(float(value))  # type: ignore[arg-type]
