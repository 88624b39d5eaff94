"""Published numbers against recomputed ones: agreement digit by digit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, isfinite, log10, nan
from typing import Any

import pandas as pd

from panel.diagnostics.printed import Printed
from panel.diagnostics.printedtable import Brackets, Entry, Published, read_entries
from panel.diagnostics.wording import labelled
from panel.errors import DataError, suggest

_WORDS = ("model", "quantity", "verdict", "remark")
_COLUMNS = ("model", "quantity", "printed", "ours", "agreed", "digits", "verdict", "remark")
_MEASURES = {"se": "bse", "t": "tvalues", "p": "pvalues"}
_TESTS = ("fvalue", "f_pvalue")  # which depend on the covariance and are not among the stats
_PLAIN = ("nobs", "df_resid", "rsquared", "rsquared_adj", *_TESTS)
_OTHERS = {"differs": "differing", "missing": "missing"}
_MOST_DIGITS = 15  # of double precision
_LEAST_DIGITS = 3  # by which a number is known to be that of another quantity
_PLACED = re.compile(r"(se|t|p|low|high|stars)\((.*)\)")


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
    def df(self) -> pd.DataFrame:
        """The table, to be changed at will."""
        return self.table.copy()

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

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """The table with headings in English, Chinese or Russian.

        Raises
        ------
        DataError : another language.
        """
        return labelled(self._named(self.table), language, "verdict")

    def __str__(self) -> str:
        return f"{self._headline()}\n\n{self._shown().to_string(index=False)}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        shown = self._shown()
        names = zip(shown, labelled(shown, "en"), strict=True)
        head = "".join(f'<th scope="col"{_side(key)}>{name}</th>' for key, name in names)
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
        return self._named(shown)

    def _named(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table without the names of models where there is one model."""
        return table if self.table["model"].any() else table.drop(columns="model")

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
    terms: Mapping[str, str] | None = None,
    stars: Mapping[str, float] | None = None,
    decimal: str = ".",
) -> Comparison:
    """Compare published numbers with those of a model, or of several.

    A printed number agrees if ours rounds to it at its last digit, so no tolerance is chosen. A
    number given as a number (of another program, in full precision) agrees within ``rtol``.

    Parameters
    ----------
    published : texts by quantity, as printed: ``{"value": ".116 (.006)", "nobs": "200"}``; for
        several models one such mapping each, ``{"OLS": {...}, "Within": {...}}``. Or a table with
        columns quantity, printed and perhaps model; or a table as it stands in the paper: terms in
        the first column, a column a model, lines without a name (standard errors in brackets,
        "[0.1, 0.3]" for limits) below their term. Or the path of a .toml or .csv file with the
        same content. Quantities are a term ("value", its coefficient), ``se(value)``,
        ``t(value)``, ``p(value)``, ``low(value)`` and ``high(value)`` (limits of 95 percent), and
        statistics by name ("nobs", "rsquared", "fvalue" or any other in ``stats``).
    models : an estimate, any result with params and bse, a test ("statistic", "p_value"), a
        mapping of numbers by quantity, or a tuple of these, searched in order; for several models
        a mapping with their names.
    brackets : what stands in brackets behind a coefficient: its standard error, t or p-value.
    rtol : relative tolerance of numbers given as numbers.
    known : reasons for differences that are understood, by quantity, or "model: quantity".
    terms : what the model calls a term or a statistic where the table calls it otherwise; "N",
        "R2", "Adj. R2" and the like are known in English, Chinese and Russian.
    stars : levels by mark, ``{"*": 0.1, "**": 0.05, "***": 0.01}``, to compare stars too.
    decimal : what parts the decimals in the print, "." or ",".

    Returns
    -------
    One row a number. Where one differs, the remark says how, if it can be seen: the sign, digits
    cut off, a power of ten, half a p-value (one-sided), the number of another measure or term.

    Raises
    ------
    DataError : something is published that is no number, a model has no name, or a reason names
        no published number.
    SourceError : a file that cannot be read.
    """
    entries = read_entries(published, brackets, terms, decimal)
    several = any(entry.model for entry in entries)
    numbers = {
        m: _numbers(_of(models, m, several)) for m in dict.fromkeys(e.model for e in entries)
    }
    if stars:
        entries = _with_stars(entries, stars)
    names = {f"{e.model}: {e.quantity}" if e.model else e.quantity: _key(e) for e in entries}
    for name in known or {}:
        if name not in names:
            raise DataError(
                f"A reason is given for {name!r}, which is not among the published numbers.",
                variable="known",
                value=name,
                remedy=suggest(name, names),
            )
    reasons = {names[name]: reason for name, reason in (known or {}).items()}
    rows = [_row(e, numbers[e.model], rtol, reasons.get(_key(e)), stars or {}) for e in entries]
    explained = tuple(_key(entry) in reasons for entry in entries)
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


def _key(entry: Entry) -> tuple[str, str]:
    return entry.model, entry.quantity


def _with_stars(entries: Sequence[Entry], levels: Mapping[str, float]) -> list[Entry]:
    """Behind each coefficient its stars, if its model has any; "" where there are none."""
    marked = {entry.model for entry in entries if entry.stars}
    has_error = {_key(entry) for entry in entries}
    found = []
    for entry in entries:
        found.append(entry)
        inner = any((entry.model, f"{kind}({entry.quantity})") in has_error for kind in _MEASURES)
        if entry.stars or (inner and entry.model in marked):
            check_mark(entry.stars, levels)
            found.append(Entry(entry.model, f"stars({entry.quantity})", entry.stars))
    return found


def check_mark(mark: str, levels: Mapping[str, float]) -> None:
    """Raise a DataError if it is not known what a mark behind a number says."""
    if mark and mark not in levels:
        raise DataError(
            f"It is not said what {mark!r} stands for.",
            variable="stars",
            value=mark,
            remedy=f"give its level, for instance stars={{{mark!r}: 0.05}}.",
        )


def mark_range(mark: str, levels: Mapping[str, float]) -> tuple[float, float]:
    """Between which p-values a mark stands; "" stands for no mark."""
    upper = levels[mark] if mark else 1.0
    return max((level for level in levels.values() if level < upper), default=0.0), upper


def _row(
    entry: Entry,
    numbers: Mapping[str, float],
    rtol: float,
    reason: str | None,
    levels: Mapping[str, float],
) -> dict[str, Any]:
    placed = _PLACED.fullmatch(entry.quantity)
    kind, term = (placed[1], placed[2]) if placed else ("", entry.quantity)
    source = f"p({term})" if kind == "stars" else entry.quantity
    ours = numbers.get(source, nan)
    if kind == "stars":
        agrees, remark = _same_stars(str(entry.given), ours, levels)
        agreed, digits = int(agrees), 1
    elif isinstance(entry.given, str):
        printed = Printed(entry.given)
        digits, agreed = printed.digits, printed.agreeing(ours)
        agrees = agreed == digits
        remark = "" if agrees else _difference(printed, kind, term, numbers)
    else:
        digits, apart = _digits_of(rtol), _apart(ours, entry.given)
        agreed = min(_digits_of(apart), digits)
        agrees = apart <= rtol
        remark = "" if agrees else f"{apart:.2g} of the number"
    verdict = "agrees" if agrees else "differs"
    if source not in numbers:
        verdict, remark = "missing", suggest(source, numbers)
    return {
        "model": entry.model,
        "quantity": entry.quantity,
        "printed": entry.given,
        "ours": ours,
        "agreed": agreed,
        "digits": digits,
        "verdict": verdict,
        "remark": reason or remark,
    }


def _same_stars(mark: str, p_value: float, levels: Mapping[str, float]) -> tuple[bool, str]:
    low, high = mark_range(mark, levels)
    if low <= p_value <= high:
        return True, ""
    marks = sorted(levels, key=levels.__getitem__)
    ours = next((m for m in marks if p_value < levels[m]), "none")
    return False, f"p is {p_value:.3g}: {ours}"


def _difference(printed: Printed, kind: str, term: str, numbers: Mapping[str, float]) -> str:
    """How a printed number misses ours, and whether it is another number of the model."""
    ours = numbers.get(f"{kind}({term})" if kind else term, nan)
    if printed.digits > 1 and not printed.bound:
        if kind == "p" and printed.agrees(ours / 2):
            return "half of ours: one-sided"
        own = [term, *(f"{other}({term})" for other in ("se", "t", "p", "low", "high"))]
        alike = [
            f"{kind}({name})" if kind else name for name in numbers if not _PLACED.fullmatch(name)
        ]
        for name in own + (alike if printed.digits >= _LEAST_DIGITS else []):
            if name in numbers and printed.agrees(numbers[name]):
                return f"it is {name} of the model"
    return printed.difference(ours)


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
    cells = "".join(f"<td{_side(key)}>{escape(str(value))}</td>" for key, value in row.items())
    return f"<tr{red}>{cells}</tr>"


def _side(column: object) -> str:
    """Notebooks set everything to the right, which is where numbers belong."""
    return ' style="text-align:left"' if column in _WORDS else ""
