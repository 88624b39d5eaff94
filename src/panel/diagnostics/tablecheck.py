"""A printed table against itself: coefficient, error, t, p, stars, limits, R²."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import inf
from typing import Any, get_args

import pandas as pd

from panel.core.column import LANGUAGES
from panel.diagnostics.compare import check_mark, mark_range
from panel.diagnostics.implied import (
    Bounds,
    adjusted_r2,
    error_of_limits,
    meet,
    p_of,
    p_of_limits,
    ratio_of,
)
from panel.diagnostics.printed import Printed
from panel.diagnostics.printedtable import Brackets, Entry, Published, read_entries
from panel.diagnostics.ranges import at_most
from panel.diagnostics.tablecheck_words import sentence
from panel.errors import DataError, suggest

_STARS = {"*": 0.1, "**": 0.05, "***": 0.01}
_COLUMNS = ("model", "term", "check", "printed", "low", "high", "verdict", "comment")
_OF_SLOPES = ("se", "t", "low")  # a test may have a p-value, or stars
_CONSTANTS = ("(Intercept)", "Intercept", "Constant", "_cons", "const", "常数项", "Константа")


@dataclass(frozen=True, eq=False)
class TableCheck:
    """What became of each check of a printed table.

    Parameters
    ----------
    table : one row a check with the columns model, term, check, printed, low and high (between
        which the number follows from the others as printed), verdict ("fits", "fits if cut off":
        only if digits were cut off instead of rounded, or "contradicts") and comment, a sentence
        on what does not fit.
    hint : what the table as a whole looks like, if that explains more; otherwise empty.
    """

    table: pd.DataFrame
    hint: str
    language: str

    @property
    def df(self) -> pd.DataFrame:
        """The table, to be changed at will."""
        return self.table.copy()

    @property
    def findings(self) -> pd.DataFrame:
        """The rows that do not fit."""
        return self.table[self.table["verdict"] != "fits"]

    @property
    def ok(self) -> bool:
        """Whether everything fits that could be checked."""
        return self.findings.empty

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        first, *rest = map(escape, self._lines())
        lines = "".join(f"<li>{line}</li>" for line in rest)
        return f'<div lang="{self.language}"><p>{first}</p><ul>{lines}</ul></div>'

    def _lines(self) -> Iterator[str]:
        n, wrong = len(self.table), len(self.findings)
        yield sentence("headline", self.language, n=n, wrong=wrong)
        if self.hint:
            yield self.hint
        yield from self.findings["comment"]


@dataclass(frozen=True)
class _Check:
    """One comparison: what is printed against the range that follows from the other numbers."""

    model: str
    term: str
    kind: str
    printed: str
    implied: Bounds
    fits: bool
    source: str = ""


@dataclass(frozen=True)
class _Model:
    """The numbers of one column, by quantity, and what is known of it."""

    name: str
    bounds: Mapping[str, Bounds]
    texts: Mapping[str, str]
    stars: Mapping[str, str]
    levels: Mapping[str, float]
    df: float | None
    regressors: int | None


def check_table(
    published: Published,
    *,
    brackets: Brackets = "se",
    stars: Mapping[str, float] | None = None,
    df: float | Mapping[str, float] | None = None,
    regressors: int | Mapping[str, int] | None = None,
    terms: Mapping[str, str] | None = None,
    decimal: str = ".",
    language: str = "en",
) -> TableCheck:
    """Check a printed table of linear models for what cannot be, without the data.

    A printed number stands for all numbers that round to it: 0.012 for 0.0115 to 0.0125. A check
    contradicts only if no such numbers fit together, so a table printed from true results passes
    with however few digits. Checked are

    - t against coefficient / standard error;
    - p against t, by Student's t with ``df`` degrees of freedom;
    - stars against p, t, coefficient / standard error, and limits;
    - limits of 95 percent: in order, the coefficient in their middle, their distance against the
      standard error;
    - standard errors that are negative, p-values and R² above one, observations in fractions;
    - the adjusted R² against R², observations and a whole number of regressors.

    Parameters
    ----------
    published : the table, in the forms of :func:`panel.compare`.
    brackets : what stands in brackets: standard error, t or p.
    stars : levels by mark; left out, ``{"*": 0.1, "**": 0.05, "***": 0.01}``.
    df : degrees of freedom of the t tests, ``inf`` for the normal distribution; a mapping if the
        models differ. Left out, any from one on may have been used: then only p-values too small
        and stars too many are found.
    regressors : number of regressors with the dummies of effects but without the constant; left
        out, any number from that of the printed terms on.
    terms : as in :func:`panel.compare`.
    decimal : what parts the decimals in the print, "." or ",".
    language : of the sentences, "en", "zh" or "ru".

    Raises
    ------
    DataError : numbers that cannot be read; a mark without a level; degrees of freedom below one;
        a language that is not known.
    """
    _check_language(language)
    levels = dict(_STARS if stars is None else stars)
    entries = read_entries(published, brackets, terms, decimal)
    models = _models(entries, levels, df, regressors)
    found = [check for model in models for check in _checks(model)]
    cut = _models(entries, levels, df, regressors, cut=True)
    lenient = {_key(c): c.fits for model in cut for c in _checks(model)}
    rows = [_row(check, lenient.get(_key(check), False), language) for check in found]
    hint = _hint(found, entries, brackets, lambda e: _models(e, levels, df, regressors), language)
    return TableCheck(pd.DataFrame(rows, columns=list(_COLUMNS)), hint, language)


# ---- what is printed -------------------------------------------------------------------


def _models(
    entries: Sequence[Entry],
    levels: Mapping[str, float],
    df: float | Mapping[str, float] | None,
    regressors: int | Mapping[str, int] | None,
    cut: bool = False,
) -> list[_Model]:
    found = []
    for name in dict.fromkeys(entry.model for entry in entries):
        own = [entry for entry in entries if entry.model == name]
        for entry in own:
            check_mark(entry.stars, levels)
        degrees = _given("df", df, name)
        if degrees is not None and not degrees >= 1:
            raise DataError(
                f"A t test has at least one degree of freedom, not {degrees}.",
                variable="df",
                value=degrees,
                remedy="for errors clustered by G regions give G - 1.",
            )
        found.append(
            _Model(
                name,
                {e.quantity: _bounds(e.given, cut) for e in own},
                {e.quantity: str(e.given) for e in own},
                {e.quantity: e.stars for e in own},
                levels,
                degrees,
                _given("regressors", regressors, name),
            )
        )
    return found


def _given(argument: str, value: Any, model: str) -> Any:
    if not isinstance(value, Mapping):
        return value
    if model not in value:
        raise DataError(
            f"{argument} is not given for the model {model!r}.",
            variable=argument,
            value=model,
            remedy=suggest(model, map(str, value)),
        )
    return value[model]


def _bounds(given: str | float, cut: bool) -> Bounds:
    return Printed(given).bounds(cut) if isinstance(given, str) else (given, given)


# ---- the checks ------------------------------------------------------------------------


def _checks(model: _Model) -> Iterator[_Check]:
    """All checks of one column."""
    for term in _terms(model):
        yield from _of_term(model, term)
    yield from _of_fit(model)


def _terms(model: _Model) -> Iterator[str]:
    """Quantities that have an error, t, p or limits, or stars."""
    measures = ("se", "t", "p", "low", "high")
    for name in model.bounds:
        if model.stars[name] or any(f"{m}({name})" in model.bounds for m in measures):
            yield name


def _of_term(model: _Model, term: str) -> Iterator[_Check]:
    b = model.bounds[term]
    known = {m: model.bounds.get(f"{m}({term})") for m in ("se", "t", "p", "low", "high")}
    se, t, p = known["se"], known["t"], known["p"]

    def check(kind: str, quantity: str, implied: Bounds, fits: bool, source: str = "") -> _Check:
        printed = quantity if kind == "stars" else model.texts[quantity]
        return _Check(model.name, term, kind, printed, implied, fits, source)

    if se:
        yield check("se", f"se({term})", (0.0, inf), se[1] > 0)
    if p:
        yield check("p range", f"p({term})", (0.0, 1.0), meet(p, (0.0, 1.0)))
    ratio = ratio_of(b, se) if se and se[1] > 0 else None
    if t and ratio:
        yield check("t", f"t({term})", ratio, meet(t, ratio))
    sources: dict[str, Bounds] = {}
    if ratio:
        sources["ratio"] = p_of(ratio, model.df)
    if t:
        sources["t"] = p_of(t, model.df)
    if p:
        for source, implied in sources.items():
            yield check(f"p of {source}", f"p({term})", implied, meet(p, implied))
        sources["p"] = p
    low, high = known["low"], known["high"]
    if low and high:
        yield from _of_limits(check, term, b, se, (low, high), model.df)
        sources["limits"] = p_of_limits(low, high)
    if any(model.stars.values()):
        mark = model.stars[term]
        said = mark_range(mark, model.levels)
        for source, implied in sources.items():
            yield check("stars", mark, implied, meet(said, implied), source)


def _of_limits(
    check: Any, term: str, b: Bounds, se: Bounds | None, limits: tuple[Bounds, Bounds], df: Any
) -> Iterator[_Check]:
    low, high = limits
    both = f"low({term})"
    yield check("order", both, (-inf, high[1]), at_most(low[0], high[1]))
    middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
    yield check("middle", term, middle, meet(b, middle))
    if se and se[1] > 0:
        implied = error_of_limits(low, high, df)
        yield check("width", f"se({term})", implied, meet(se, implied))


def _of_fit(model: _Model) -> Iterator[_Check]:
    """Observations and R²."""
    n, r2, adjusted = (model.bounds.get(q) for q in ("nobs", "rsquared", "rsquared_adj"))

    def check(kind: str, quantity: str, implied: Bounds, fits: bool) -> _Check:
        return _Check(model.name, "", kind, model.texts[quantity], implied, fits)

    if n:
        number = Printed(model.texts["nobs"]).number
        yield check("nobs", "nobs", (1.0, inf), number == round(number) and n[1] >= 1)
    for quantity in ("rsquared", "rsquared_adj", "rsquared_within"):
        if quantity in model.bounds:
            fits = at_most(model.bounds[quantity][0], 1.0)
            yield check("rsquared", quantity, (-inf, 1.0), fits)
    if r2 and adjusted:
        yield check("adjusted order", "rsquared_adj", (-inf, r2[1]), at_most(adjusted[0], r2[1]))
    if n and r2 and adjusted and n[0] > 1 and r2[0] < 1 and adjusted[0] < 1:
        slopes = [term for term in _terms(model) if term not in _CONSTANTS]
        terms = sum(any(f"{m}({x})" in model.bounds for m in _OF_SLOPES) for x in slopes)
        count = round((n[0] + n[1]) / 2)
        implied = adjusted_r2(r2, adjusted, count, terms, model.regressors)
        yield check("adjusted", "rsquared_adj", implied, meet(adjusted, implied))


# ---- what is said of it ----------------------------------------------------------------


def _key(check: _Check) -> tuple[str, str, str, str]:
    return check.model, check.term, check.kind, check.source


def _row(check: _Check, cut: bool, language: str) -> dict[str, Any]:
    verdict = "fits" if check.fits else "fits if cut off" if cut else "contradicts"
    return {
        "model": check.model,
        "term": check.term,
        "check": f"{check.kind} of {check.source}" if check.source else check.kind,
        "printed": check.printed,
        "low": check.implied[0],
        "high": check.implied[1],
        "verdict": verdict,
        "comment": "" if check.fits else _comment(check, cut, language),
    }


def _comment(check: _Check, cut: bool, language: str) -> str:
    key = f"stars of {check.source}" if check.kind == "stars" else check.kind
    low, high = (f"{end:.4g}" for end in check.implied)
    mark = check.printed or sentence("no stars", language)
    said = sentence(key, language, printed=mark, low=low, high=high)
    where = ", ".join(filter(None, (check.model, check.term)))
    after = sentence("cut", language) if cut else ""
    return (f"{where}: " if where else "") + said + after


def _hint(
    found: Sequence[_Check],
    entries: Sequence[Entry],
    brackets: str,
    models: Any,
    language: str,
) -> str:
    """Whether the brackets read otherwise would fit without exception."""
    wrong = sum(not check.fits for check in found)
    if not wrong or not any(entry.stars for entry in entries):
        return ""
    for other in get_args(Brackets):
        prefix = f"{brackets}("
        if other == brackets or any(e.quantity.startswith(f"{other}(") for e in entries):
            continue
        turned = [
            Entry(e.model, f"{other}({e.quantity.removeprefix(prefix)}", e.given, e.stars)
            if e.quantity.startswith(prefix)
            else e
            for e in entries
        ]
        if all(check.fits for model in models(turned) for check in _checks(model)):
            return sentence(f"hint {other}", language)
    return ""


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise DataError(
            f"The findings are not worded in {language!r}.",
            variable="language",
            value=language,
            remedy=suggest(language, LANGUAGES),
        )
