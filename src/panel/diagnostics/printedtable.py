"""Tables of results as printed: which number stands where, from a mapping, a table or a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from panel.core.toml import parse_toml
from panel.diagnostics.printed import marks, split_cell
from panel.errors import DataError, SourceError, suggest

Brackets = Literal["se", "t", "p"]
Published = Mapping[str, Any] | pd.DataFrame | str | Path

# What printed tables call the statistics of a model, without blanks, points and capitals.
_STATISTICS = {
    "nobs": "n obs observations numberofobservations noofobservations 观测值 观测数 样本量 样本数 "
    "наблюдений числонаблюдений",
    "rsquared": "r2 r² r^2 rsquared r-squared",
    "rsquared_adj": "adjr2 adjr² adjustedr2 adjustedr² adj-r2 adjr-squared adjustedr-squared "
    "调整r2 调整r² 调整后r² 调整后r2 скоррr² скоррr2 скорректированныйr²",
    "rsquared_within": "withinr2 withinr² r2within r²within r²(within) r2(within) 组内r² 组内r2",
    "fvalue": "f fstatistic f-statistic f值 f统计量 f-статистика",
}
_NAMED = {name: key for key, names in _STATISTICS.items() for name in names.split()}
_ALONE = re.compile(r"[(\[]\s*([^()\[\]]*?)\s*[)\]]\s*[*†‡+]*")  # a cell of a number in brackets
_TWO = re.compile(r"(.+?)\s*[;,]\s+(.+)|(.+?)\s*;\s*(.+)")  # limits of an interval
_BLANK = re.compile(r"(?<=\d)[\s\u00a0\u2009\u202f](?=\d{3}(?!\d))")  # between thousands


@dataclass(frozen=True)
class Entry:
    """One published number: of which model and which quantity, as printed (or a number that is
    known in full), and the stars behind it."""

    model: str
    quantity: str
    given: str | float
    stars: str = ""


def read_entries(
    published: Published,
    brackets: Brackets = "se",
    terms: Mapping[str, str] | None = None,
    decimal: str = ".",
) -> list[Entry]:
    """All numbers of a published table, in its order; see :func:`panel.compare` for its forms.

    Raises
    ------
    DataError : something is published that is no number; a quantity stands there twice.
    SourceError : a file that cannot be read.
    """
    if decimal not in (".", ","):
        raise DataError(
            f"{decimal!r} does not part the decimals of a number.",
            variable="decimal",
            value=decimal,
            remedy="give '.' or ','.",
        )
    terms = terms or {}
    found = list(_entries(_read(published, brackets, terms), brackets, decimal))
    named = [_renamed(entry, terms) for entry in found]
    seen: set[tuple[str, str]] = set()
    for entry in named:
        if (entry.model, entry.quantity) in seen:
            raise DataError(
                f"{entry.quantity!r} stands twice in the published table.",
                variable=entry.quantity,
                value=entry.model,
                remedy="give each line its own name, or map two names to different terms.",
            )
        seen.add((entry.model, entry.quantity))
    return named


def _renamed(entry: Entry, terms: Mapping[str, str]) -> Entry:
    """With the name that the model has for the term."""
    inner = re.fullmatch(r"(se|t|p|low|high)\((.*)\)", entry.quantity)
    kind, name = (inner[1], inner[2]) if inner else ("", entry.quantity)
    new = terms.get(name, name)
    return Entry(entry.model, f"{kind}({new})" if kind else new, entry.given, entry.stars)


def _read(published: Published, brackets: Brackets, terms: Mapping[str, str]) -> Mapping[str, Any]:
    if isinstance(published, Mapping):
        return published
    if isinstance(published, pd.DataFrame):
        return _from_table(published, brackets, terms)
    path = Path(published)
    try:
        if path.suffix == ".csv":
            text = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
            return _from_table(text, brackets, terms)
        return parse_toml(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # of which the errors of TOML, CSV and Unicode are kinds
        if isinstance(error, DataError):
            raise
        raise SourceError(
            f"The published numbers in {path} cannot be read: {error}.",
            variable=path.name,
            remedy="give a .toml or .csv file.",
        ) from error


def _from_table(
    table: pd.DataFrame, brackets: Brackets, terms: Mapping[str, str]
) -> dict[str, Any]:
    """A table with a line a number, or one as printed: terms down, models across."""
    if not {"quantity", "printed"} & set(table.columns):
        return _as_printed(table, brackets, terms)
    for column in ("quantity", "printed"):
        if column not in table.columns:
            raise DataError(
                f"The table of published numbers has no column {column!r}.",
                variable=column,
                remedy=suggest(column, map(str, table.columns)),
            )
    if "model" not in table.columns:
        return dict(zip(table["quantity"], table["printed"], strict=True))
    found: dict[str, Any] = {}
    for row in table.to_dict("records"):
        found.setdefault(str(row["model"]), {})[row["quantity"]] = row["printed"]
    return found


def _as_printed(
    table: pd.DataFrame, brackets: Brackets, terms: Mapping[str, str]
) -> dict[str, Any]:
    """Each column after the first is a model. A line without a name goes on with the term above;
    cells without a digit ("Yes") say nothing that could be checked."""
    if table.shape[1] < 2:
        raise DataError(
            "The table of published numbers has one column.",
            variable="published",
            value=list(map(str, table.columns)),
            remedy="give terms in the first column and a column for each model, or the columns "
            "quantity and printed.",
        )
    models = [str(name) for name in table.columns[1:]]
    found: dict[str, Any] = {model: {} for model in models}
    term = ""
    for name, *cells in table.itertuples(index=False, name=None):
        own = "" if pd.isna(name) else str(name).strip()
        term = (own if own in terms else _statistic(own)) or term
        for model, cell in zip(models, cells, strict=True):
            text = "" if cell is None or cell != cell else str(cell).strip()
            if term and re.search(r"\d", text):
                found[model] |= _cell(term, text, brackets)
    return {model: numbers for model, numbers in found.items() if numbers}


def _statistic(name: str) -> str:
    """What models call a statistic; other names as they are. A variable may be called n or f."""
    plain = re.sub(r"[\s.]", "", name)
    return name if plain in ("n", "f") else _NAMED.get(plain.lower(), name)


def _cell(term: str, text: str, brackets: Brackets) -> dict[str, str]:
    """Quantities of a cell: a number in brackets alone belongs to the term above."""
    alone = _ALONE.fullmatch(text.replace("（", "(").replace("）", ")"))
    if not alone:
        return {term: text}
    two = _TWO.fullmatch(alone[1])
    if two:
        low, high = (part for part in two.groups() if part is not None)
        return {f"low({term})": low, f"high({term})": high}
    return {f"{brackets}({term})": alone[1]}


def _entries(
    published: Mapping[str, Any], brackets: Brackets, decimal: str, model: str = ""
) -> Iterator[Entry]:
    """Cells with two numbers are taken apart."""
    for name, given in published.items():
        if isinstance(given, Mapping) and not model:
            yield from _entries(given, brackets, decimal, str(name))
        elif isinstance(given, str):
            text = given
            if decimal == ",":
                text = _BLANK.sub("", text.replace(".", "")).replace(",", ".")
            first, second = split_cell(text)
            yield Entry(model, str(name), first, marks(text))
            if second:
                yield Entry(model, f"{brackets}({name})", second)
        elif isinstance(given, (int, float)) and not isinstance(given, bool) and isfinite(given):
            yield Entry(model, str(name), float(given))
        else:
            raise DataError(
                f"{given!r} is published for {name!r}, which is no number.",
                variable=str(name),
                value=given,
                remedy="write the digits as printed and in quotes.",
            )
