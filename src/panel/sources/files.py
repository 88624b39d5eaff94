"""Opening a file of tables: what kind it is by its content, whatever its name says."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from panel.errors import SourceError, suggest
from panel.sources.delimited import decoded, read_delimited
from panel.sources.grid import Grid
from panel.sources.readreport import Guess
from panel.sources.workbook import LARGEST_FILE, read_html, read_xls, read_xlsx

Source = str | Path | bytes | IO[bytes] | IO[str]
_OTHERS = (
    (b"%PDF", "a PDF", "copy its table into a workbook, or ask the publisher for one"),
    (b"PAR1", "a Parquet file", "read it with panel.read_frame"),
    (b"$FL2", "an SPSS file", "read it with panel.read_frame"),
    (b"<stata_dta>", "a Stata file", "read it with panel.read_frame"),
    (b"MIME-Version:", "a web archive", "open it in Excel or LibreOffice and save it as .xlsx"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"Rar!", "an RAR archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it first"),
)


def content_of(source: Source) -> tuple[bytes, str]:
    """Bytes and name of a file, a buffer or bytes.

    Raises
    ------
    SourceError : it is not there, no regular file, empty, or larger than any yearbook.
    """
    if isinstance(source, bytes):
        content, name = source, "table"
    elif isinstance(source, (str, Path)):
        path = Path(source)
        if not path.is_file():
            remedy = "download the file first" if "://" in str(source) else "check the path"
            raise SourceError(
                f"There is no file {str(source)!r}.", variable=str(source), remedy=f"{remedy}."
            )
        name = path.name
        _check_length(path.stat().st_size, name)
        content = path.read_bytes()
    elif hasattr(source, "read"):
        name = Path(str(getattr(source, "name", "table"))).name
        read = source.read(LARGEST_FILE + 1)
        content = read.encode() if isinstance(read, str) else bytes(read)
    else:
        raise SourceError(
            f"{type(source).__name__} is no path, buffer or bytes.",
            variable="path_or_buffer",
            value=source,
            remedy="give the path of a file.",
        )
    _check_length(len(content), name)
    if not content.strip():
        raise SourceError(f"{name} is empty.", variable=name, remedy="check the download.")
    return content, name


def _check_length(length: int, name: str) -> None:
    if length > LARGEST_FILE:
        raise SourceError(
            f"{name} has {length / 2**20:,.0f} MB.",
            variable=name,
            value=length,
            remedy=f"a table may have {LARGEST_FILE // 2**20} MB; read a large data set with "
            "panel.read_frame.",
        )


def grids_of(
    content: bytes, name: str, encoding: str | None
) -> tuple[tuple[Grid, ...], list[Guess]]:
    """All tables or sheets of a file, and what was guessed of it.

    Raises
    ------
    SourceError : the file is of another kind, damaged, or of an encoding that is not clear.
    InstallationError : the library for workbooks is not installed.
    """
    for start, what, remedy in _OTHERS:
        if content.startswith(start):
            raise SourceError(f"{name} is {what}.", variable=name, remedy=f"{remedy}.")
    if content.startswith(b"PK\x03\x04"):
        _check_workbook(content, name)
        return read_xlsx(content, name), [Guess("kind", ".xlsx workbook", "its first bytes")]
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return read_xls(content, name), [Guess("kind", ".xls workbook", "its first bytes")]
    text, codec, why = _text(content, name, encoding)
    guesses = [Guess("encoding", codec, why)]
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:4096]:
        raise SourceError(
            f"{name} is an XML spreadsheet of 2003.",
            variable=name,
            remedy="open it in Excel or LibreOffice and save it as .xlsx.",
        )
    if re.match(r"\s*<", text) and re.search(r"<table\b", text, re.IGNORECASE):
        guesses.insert(0, Guess("kind", "HTML table", "its text is a web page"))
        return read_html(text), guesses
    grid, mark = read_delimited(text)
    shown = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar"}.get(mark, mark)
    why = "in most lines, outside of quotes, or declared by a first line"
    return (grid,), [Guess("kind", "delimited text", "its content"), *guesses,
                     Guess("delimiter", shown, why)]  # fmt: skip


def _text(content: bytes, name: str, encoding: str | None) -> tuple[str, str, str]:
    declared = re.search(rb"<meta[^>]+charset=[\"']?([\w-]+)", content[:2048], re.IGNORECASE)
    if declared and encoding is None:
        codec = declared[1].decode("ascii").lower()
        codec = "gb18030" if codec in ("gb2312", "gbk") else codec  # what browsers read them as
        try:
            return content.decode(codec), codec, "the page declares it"
        except (UnicodeDecodeError, LookupError):
            pass  # pages often declare what they are not: their bytes are looked at instead
    return decoded(content, name, encoding)


def _check_workbook(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.namelist()
    except zipfile.BadZipFile:
        parts = ["xl/"]  # damaged: the reader of workbooks says so
    if any(p.startswith("xl/") for p in parts):
        return
    what = "an OpenDocument file" if "content.xml" in parts else (
        "a Word file" if any(p.startswith("word/") for p in parts) else "a zip archive"
    )  # fmt: skip
    raise SourceError(
        f"{name} is {what}.",
        variable=name,
        remedy="unpack it first." if what == "a zip archive" else "save its table as .xlsx or CSV.",
    )


def chosen(grids: Sequence[Grid], sheet: Any, name: str) -> tuple[tuple[Grid, ...], list[Guess]]:
    """The sheets asked for, or the only one with a table.

    Parameters
    ----------
    grids : all sheets.
    sheet : name or position, or several of them; None for the only one that is not empty.

    Raises
    ------
    SourceError : there are several tables and none was chosen, or there is no such sheet.
    """
    names = [g.name for g in grids]
    if sheet is None:
        full = [g for g in grids if g.visible and not g.empty]
        if len(full) > 1:
            raise SourceError(
                f"{name} has {len(full)} sheets with tables: {', '.join(g.name for g in full)}.",
                variable="sheet",
                value=names,
                remedy=f"pass sheet={full[0].name!r}, or a list of sheets to read them together.",
            )
        if not full:
            raise SourceError(f"{name} has no table.", variable=name, remedy="check the file.")
        found = full
    else:
        wanted = [sheet] if isinstance(sheet, (str, int)) else list(sheet)
        found = [_one(grids, names, w, name) for w in wanted]
    guesses = [Guess("sheet", g.name, "as given" if sheet is not None else "the only one")
               for g in found if g.name]  # fmt: skip
    for g in found:
        if g.merged:
            guesses.append(
                Guess("merged cells", f"{g.merged} areas", "filled with their text", g.name)
            )
        if g.hidden:
            guesses.append(Guess("hidden", ", ".join(g.hidden), "read like the others", g.name))
        if g.scaled:
            cells = ", ".join(g.scaled[:5]) + (", ..." if len(g.scaled) > 5 else "")
            guesses.append(Guess("numbers in thousands", cells, "as their format shows", g.name))
    unseen = [g.name for g in grids if not g.visible and not g.empty and g not in found]
    if unseen:
        guesses.append(Guess("hidden sheets", ", ".join(unseen), "not read; name one in sheet="))
    return tuple(found), guesses


def _one(grids: Sequence[Grid], names: Sequence[str], wanted: str | int, name: str) -> Grid:
    if isinstance(wanted, int) and not isinstance(wanted, bool) and 0 <= wanted < len(grids):
        return grids[wanted]
    if wanted in names:
        return grids[names.index(str(wanted))]
    raise SourceError(
        f"{name} has no sheet {wanted!r}.",
        variable="sheet",
        value=wanted,
        remedy=suggest(str(wanted), [n for n in names if n] or ["0"]) + " Positions start at 0.",
    )
