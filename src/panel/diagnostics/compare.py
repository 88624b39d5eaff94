"""Published numbers against recomputed ones: agreement digit by digit."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, isfinite, log10, nan
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from panel.diagnostics.printed import Printed, split_cell
from panel.errors import DataError, SourceError, suggest

Brackets = Literal["se", "t", "p"]
Published = Mapping[str, Any] | pd.DataFrame | str | Path

_COLUMNS = ("model", "quantity", "printed", "ours", "agreed", "digits", "verdict", "remark")
_MEASURES = {"se": "bse", "t": "tvalues", "p": "pvalues"}
_TESTS = ("fvalue", "f_pvalue")  # which depend on the covariance and are not among the stats
_PLAIN = ("nobs", "df_resid", "rsquared", "rsquared_adj", *_TESTS)
_OTHERS = {"differs": "differing", "missing": "missing"}
_MOST_DIGITS = 15  # of double precision


@dataclass(frozen=True, eq=False)
class Comparison:
    """What became of each published number.

    Parameters
    ----------
    table : one row a number with the columns model, quantity, printed (text; the number itself
        where it was given as one), ours, agreed (digits that agree), digits (of what is printed,
        or wanted by the tolerance), verdict ("agrees", "differs" or "missing": the model does not
        give it) and remark (how they differ, or the reason given).
    explained : for each row whether a reason was given.
    """

    table: pd.DataFrame
    explained: tuple[bool, ...]

    def count(self, verdict: str) -> int:
        """How many numbers have that verdict."""
        return int((self.table["verdict"] == verdict).sum())

    @property
    def agreed(self) -> int:
        """Digits that agree, over all numbers."""
        return int(self.table["agreed"].sum())

    @property
    def digits(self) -> int:
        """Digits there are, over all numbers."""
        return int(self.table["digits"].sum())

    @property
    def unexpected(self) -> pd.DataFrame:
        """Rows that differ or are missing without a reason, and rows that agree in spite of one."""
        agrees = self.table["verdict"] == "agrees"
        return self.table[agrees == pd.Series(self.explained, index=self.table.index, dtype=bool)]

    @property
    def ok(self) -> bool:
        """Whether every number agrees, but for those with a reason."""
        return self.unexpected.empty

    def __str__(self) -> str:
        return f"{self._headline()}\n\n{self._shown().to_string(index=False)}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        shown = self._shown()
        head = "".join(f'<th scope="col">{name}</th>' for name in shown.columns)
        body = "".join(_html_row(row) for row in shown.to_dict("records"))
        return (
            f"<div><p>{escape(self._headline())}</p><table><thead><tr>{head}</tr></thead>"
            f"<tbody>{body}</tbody></table></div>"
        )

    def _shown(self) -> pd.DataFrame:
        """The table as text, ours with a few digits more than were printed."""
        pairs = zip(self.table["ours"], self.table["digits"], strict=True)
        texts = [f"{v:.{max(n + 3, 7)}g}" if isfinite(v) else "" for v, n in pairs]
        shown = self.table.assign(ours=texts, printed=self.table["printed"].map(str))
        return shown if shown["model"].any() else shown.drop(columns="model")

    def _headline(self) -> str:
        n = len(self.table)
        parts = [f"{self.count('agrees')} of {n} numbers agree to every digit"]
        parts += [f"{w}: {self.count(v)}" for v, w in _OTHERS.items() if self.count(v)]
        if any(self.explained):
            parts.append(f"explained: {sum(self.explained)}")
        return f"{', '.join(parts)}; {self.agreed} of {self.digits} digits"


def compare(
    published: Published,
    models: Any,
    *,
    brackets: Brackets = "se",
    rtol: float = 1e-8,
    known: Mapping[str, str] | None = None,
) -> Comparison:
    """Compare published numbers with those of a model, or of several.

    A printed number agrees if ours rounds to it at its last digit, so no tolerance is chosen. A
    number given as a number (of another program, in full precision) agrees within ``rtol``.

    Parameters
    ----------
    published : texts by quantity, as printed: ``{"value": ".116 (.006)", "nobs": "200"}``; for
        several models one such mapping each, ``{"OLS": {...}, "Within": {...}}``. Or a table with
        columns quantity, printed and perhaps model; or the path of a .toml or .csv file with the
        same content. Quantities are a term ("value", its coefficient), ``se(value)``,
        ``t(value)``, ``p(value)``, ``low(value)`` and ``high(value)`` (limits of 95 percent), and
        statistics by name ("nobs", "rsquared", "fvalue" or any other in ``stats``).
    models : an estimate, any result with params and bse, a test ("statistic", "p_value"), a
        mapping of numbers by quantity, or a tuple of these, searched in order; for several models
        a mapping with their names.
    brackets : what stands in brackets behind a coefficient: its standard error, t or p-value.
    rtol : relative tolerance of numbers given as numbers.
    known : reasons for differences that are understood, by quantity, or "model: quantity".

    Returns
    -------
    One row a number.

    Raises
    ------
    DataError : something is published that is no number, a model has no name, or a reason names
        no published number.
    SourceError : a file that cannot be read.
    """
    entries = list(_entries(_read(published), brackets))
    several = any(model for model, _, _ in entries)
    numbers = {m: _numbers(_of(models, m, several)) for m in dict.fromkeys(e[0] for e in entries)}
    names = {f"{m}: {q}" if m else q: (m, q) for m, q, _ in entries}
    for name in known or {}:
        if name not in names:
            raise DataError(
                f"A reason is given for {name!r}, which is not among the published numbers.",
                variable="known",
                value=name,
                remedy=suggest(name, names),
            )
    reasons = {names[name]: reason for name, reason in (known or {}).items()}
    rows = [_row(m, q, given, numbers[m], rtol, reasons.get((m, q))) for m, q, given in entries]
    explained = tuple((model, quantity) in reasons for model, quantity, _ in entries)
    return Comparison(pd.DataFrame(rows, columns=list(_COLUMNS)), explained)


def printed_rows(columns: str, text: str, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """Published numbers from lines of a printed table, to be given to :func:`compare`.

    >>> printed_rows("coef se t", "value  .1155622  .0058357  19.80")
    {'value': '.1155622', 'se(value)': '.0058357', 't(value)': '19.80'}

    Parameters
    ----------
    columns : what the columns after the name of the term are: coef, se, t, p, low, high; "-" is
        passed over.
    text : one line a term; bars between columns are passed over.
    names : what the model calls a term where the table calls it otherwise.

    Raises
    ------
    DataError : a line of another length.
    """
    kinds = columns.split()
    found: dict[str, str] = {}
    for line in filter(str.strip, text.splitlines()):
        name, *values = line.replace("|", " ").split()
        if len(values) != len(kinds):
            raise DataError(
                f"The line of {name!r} has {len(values)} numbers, not {len(kinds)} ({columns}).",
                variable=name,
                value=line.strip(),
                remedy="write one line a term, its name without blanks first.",
            )
        name = (names or {}).get(name, name)
        for kind, value in zip(kinds, values, strict=True):
            if kind != "-":
                found[name if kind == "coef" else f"{kind}({name})"] = value
    return found


# ---- what is published -----------------------------------------------------------------


def _read(published: Published) -> Mapping[str, Any]:
    if isinstance(published, Mapping):
        return published
    if isinstance(published, pd.DataFrame):
        return _from_table(published)
    path = Path(published)
    try:
        if path.suffix == ".csv":
            return _from_table(pd.read_csv(path, dtype=str, keep_default_na=False))
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise SourceError(
            f"The published numbers in {path} cannot be read: {error}.",
            variable=path.name,
            remedy="give a .toml or .csv file.",
        ) from error


def _from_table(table: pd.DataFrame) -> dict[str, Any]:
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


def _entries(
    published: Mapping[str, Any], brackets: Brackets, model: str = ""
) -> Iterator[tuple[str, str, str | float]]:
    """(model, quantity, what is published), cells with two numbers taken apart."""
    for name, given in published.items():
        if isinstance(given, Mapping) and not model:
            yield from _entries(given, brackets, str(name))
        elif isinstance(given, str):
            first, second = split_cell(given)
            yield model, name, first
            if second:
                yield model, f"{brackets}({name})", second
        elif isinstance(given, (int, float)) and not isinstance(given, bool):
            yield model, name, float(given)
        else:
            raise DataError(
                f"{given!r} is published for {name!r}, which is no number.",
                variable=str(name),
                value=given,
                remedy="write the digits as printed and in quotes.",
            )


# ---- what is recomputed ----------------------------------------------------------------


def _of(models: Any, name: str, several: bool) -> Any:
    if not several:
        return models
    if not isinstance(models, Mapping) or name not in models:
        known = models if isinstance(models, Mapping) else ()
        raise DataError(
            f"Numbers are published for {name!r}, but no model has this name.",
            variable="models",
            value=name,
            remedy=suggest(name, map(str, known)),
        )
    return models[name]


def _numbers(result: Any) -> dict[str, float]:
    """All numbers of a result by quantity."""
    if isinstance(result, Mapping):
        return {str(k): float(v) for k, v in result.items()}
    if isinstance(result, Sequence) and not isinstance(result, str):
        return {k: v for part in reversed(result) for k, v in _numbers(part).items()}
    if hasattr(result, "statistic") and hasattr(result, "p_value"):  # a test
        return {"statistic": float(result.statistic), "p_value": float(result.p_value)}
    for needed in ("params", "bse"):
        if not hasattr(result, needed):
            raise DataError(
                f"A result of type {type(result).__name__} has no {needed!r}.",
                variable="models",
                value=type(result).__name__,
                remedy="give an estimate, or a mapping of numbers by quantity.",
            )
    found = {str(term): float(value) for term, value in result.params.items()}
    for measure, attribute in _MEASURES.items():
        values = getattr(result, attribute).items()
        found |= {f"{measure}({term})": float(value) for term, value in values}
    limits = result.conf_int()
    for j, measure in enumerate(("low", "high")):
        values = limits.iloc[:, j].items()
        found |= {f"{measure}({term})": float(value) for term, value in values}
    statistics = dict(getattr(result, "stats", {}))
    others = {n: getattr(result, n, None) for n in (_TESTS if statistics else _PLAIN)}
    statistics |= {n: v for n, v in others.items() if isinstance(v, (int, float))}
    return {k: float(v) for k, v in statistics.items()} | found


# ---- the two together ------------------------------------------------------------------


def _row(
    model: str,
    quantity: str,
    given: str | float,
    numbers: Mapping[str, float],
    rtol: float,
    reason: str | None,
) -> dict[str, Any]:
    ours = numbers.get(quantity, nan)
    if isinstance(given, str):
        printed = Printed(given)
        digits, agreed = printed.digits, printed.agreeing(ours)
        agrees, remark = agreed == digits, printed.difference(ours)
    else:
        digits, apart = _digits_of(rtol), _apart(ours, given)
        agreed = min(_digits_of(apart), digits)
        agrees = apart <= rtol
        remark = "" if agrees else f"{apart:.2g} of the number"
    verdict = "agrees" if agrees else "differs"
    if quantity not in numbers:
        verdict, remark = "missing", suggest(quantity, numbers)
    return {
        "model": model,
        "quantity": quantity,
        "printed": given,
        "ours": ours,
        "agreed": agreed,
        "digits": digits,
        "verdict": verdict,
        "remark": reason or remark,
    }


def _apart(ours: float, given: float) -> float:
    """Relative distance; absolute from a zero."""
    if not isfinite(ours):
        return float("inf")
    return abs(ours - given) / (abs(given) or 1.0)


def _digits_of(apart: float) -> int:
    """Digits to which numbers agree that are so far apart, at most those of double precision."""
    if apart <= 10.0**-_MOST_DIGITS:
        return _MOST_DIGITS
    return max(0, floor(-log10(apart) + 1e-9)) if isfinite(apart) else 0


def _html_row(row: Mapping[Any, Any]) -> str:
    red = "" if row["verdict"] == "agrees" else ' style="color:#c0392b;font-weight:bold"'
    cells = "".join(f"<td>{escape(str(value))}</td>" for value in row.values())
    return f"<tr{red}>{cells}</tr>"
