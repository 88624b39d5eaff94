"""Tables into files: the writer of each extension, and files that are never half written."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panel.errors import TableError, suggest
from panel.tables.words import words

if TYPE_CHECKING:
    from panel.tables.table import Table

# Each module has one function ``write(table, **options)`` that returns text or bytes, and, but
# for CSV, ``write_all(tables, **options)`` for several tables by name.
WRITERS = {
    "tex": "latex",
    "docx": "word",
    "xlsx": "excel",
    "html": "html",
    "md": "markdown",
    "typ": "typst",
    "csv": "csv",
}


def written(
    tables: Table | Mapping[str, Table], extension: str, options: Mapping[str, Any]
) -> str | bytes:
    """One table, or several by name, in the format of an extension.

    Raises
    ------
    TableError : an unknown extension or option, or several tables in a format for one.
    """
    if extension not in WRITERS:
        raise TableError(
            f"No format of tables has the extension {extension!r}.",
            variable="path",
            value=extension,
            remedy="use one of " + ", ".join(f".{e}" for e in WRITERS) + ".",
        )
    several = isinstance(tables, Mapping)
    module = import_module(f"panel.tables.{WRITERS[extension]}")
    write = getattr(module, "write_all" if several else "write", None)
    if write is None:
        raise TableError(
            f"A .{extension} file holds one table.",
            variable="path",
            value=extension,
            remedy="save each table by itself, or all in a .xlsx workbook.",
        )
    known = [p for p in inspect.signature(write).parameters if p not in ("table", "tables")]
    for option in options:
        if option not in known:
            raise TableError(
                f"{option!r} is not an option of .{extension} tables.",
                variable=option,
                value=options[option],
                remedy=suggest(option, known),
            )
    result: str | bytes = write(tables, **options)
    return result


def save_tables(
    tables: Mapping[str, Table] | Sequence[Table],
    path: str | os.PathLike[str],
    *,
    numbered: bool = True,
    **options: Any,
) -> Path:
    """Write several tables into one document, in the format that the extension names.

    Parameters
    ----------
    tables : in order. The names of a dict are the sheets of a workbook and, after ``tab:``, the
        labels in LaTeX.
    path : ends in .tex, .docx, .xlsx, .html, .md or .typ; folders are made.
    numbered : whether captions begin with "Table 1: ", in the language and numerals of the table.
        LaTeX and typst number tables themselves, whatever is set here.
    options : of that format, for instance ``standalone=True`` for LaTeX that can be typeset.

    Raises
    ------
    TableError : no table, a format for one table, an unknown extension or option, or a file that
        cannot be written.
    InstallationError : Word or Excel without python-docx or openpyxl.
    """
    if not isinstance(tables, Mapping):
        listed = tables if isinstance(tables, Sequence) else (tables,)
        tables = {f"Table {n}": table for n, table in enumerate(listed, start=1)}
    if not tables:
        raise TableError(
            "There is no table to save.", variable="tables", remedy="give one or several."
        )
    for name, table in tables.items():
        if not hasattr(table, "with_"):
            raise TableError(
                f"{name!r} is a {type(table).__name__}, not a table.",
                variable="tables",
                value=type(table).__name__,
                remedy="make it one by regtable(...) or Table.from_pandas(...).",
            )
    target = target_of(path)
    extension = target.suffix.removeprefix(".").lower()
    if numbered and extension not in ("tex", "typ"):
        tables = {name: _numbered(t, n) for n, (name, t) in enumerate(tables.items(), start=1)}
    put(target, written(tables, extension, options))
    return target


def target_of(path: Any) -> Path:
    """The path with the home folder in place of ``~``.

    Raises
    ------
    TableError : no path.
    """
    if not isinstance(path, (str, os.PathLike)):
        raise TableError(
            f"A table cannot be saved to {path!r}.",
            variable="path",
            value=path,
            remedy='give the path of a file, for instance "table1.docx".',
        )
    return Path(path).expanduser()


def put(target: Path, content: str | bytes) -> None:
    """Write beside the target and move into place: a reader never meets half a file.

    Raises
    ------
    TableError : the file cannot be written.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(content if isinstance(content, bytes) else content.encode())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise TableError(
            f"The table cannot be written to {str(target)!r}: {error.strerror or error}.",
            variable="path",
            value=str(target),
            remedy="close the file if it is open in another program, or save elsewhere.",
        ) from error


def _numbered(table: Table, n: int) -> Table:
    number = _roman(n) if table.look.numerals == "roman" else str(n)
    return table.with_(title=words("table", table.language, n=number, title=table.title))


def _roman(n: int) -> str:
    """A number below 4000 in Roman numerals."""
    signs = zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
                ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
                strict=True)  # fmt: skip
    found = ""
    for value, sign in signs:
        found += sign * (n // value)
        n %= value
    return found
