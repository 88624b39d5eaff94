"""The audit of printed claims: does a printed figure follow from the other printed figures?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from math import isfinite
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from panel.core.expression import names_in, parse_expression
from panel.core.frame import PanelFrame
from panel.diagnostics.claimsfile import Claim, read_claims
from panel.diagnostics.facts import Fact, read_facts
from panel.diagnostics.ranges import Range, at_most, range_of, same_number
from panel.errors import (
    DuplicateKeyError,
    FormulaError,
    UnitError,
    UnknownVariableError,
    suggest,
)

Verdict = Literal[
    "agrees", "agrees within rounding", "contradicts", "units do not match", "cannot be checked"
]
VERDICTS: tuple[Verdict, ...] = (
    "agrees",
    "agrees within rounding",
    "contradicts",
    "units do not match",
    "cannot be checked",
)
_COLUMNS = (
    *("claim", "place", "printed", "expression", "low", "recomputed", "high"),
    *("unit", "verdict", "comment", "reason", "figures"),
)
_MOST_FACTS = 12  # 4096 corners
_LARGEST_SLIP = 12  # powers of ten: a yuan for a trillion
_AGAINST = {"equals": "what follows", "at most": "the most", "at least": "the least"}


@dataclass(frozen=True)
class ClaimsReport:
    """What became of each claim.

    Parameters
    ----------
    table : one row a claim with the columns claim, place, printed (as printed), expression, low,
        recomputed, high (in ``unit``), unit, verdict, comment, reason, figures (those that the
        expression uses). ``recomputed`` comes from the figures as printed; ``low`` and ``high``
        are its bounds, since they are rounded.
    """

    table: pd.DataFrame

    @property
    def counts(self) -> pd.Series:
        """How many claims got each verdict."""
        return self.table["verdict"].value_counts().reindex(VERDICTS, fill_value=0)

    def __str__(self) -> str:
        lines = [self._headline()]
        for row in self.table.to_dict("records"):
            place = f" ({row['place']})" if row["place"] else ""
            comment = f": {row['comment']}" if row["comment"] else ""
            lines += ["", f"{row['claim']}{place}", f"  {row['verdict']}{comment}"]
            if isfinite(row["recomputed"]):
                bounds = f"[{row['low']:.6g}, {row['high']:.6g}]"
                found = f"{row['expression']} = {row['recomputed']:.6g} {bounds}"
                lines.append(f"  printed {row['printed']} {row['unit']}; {found}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        shown = self.table.drop(columns="reason")
        body = shown.to_html(border=0, index=False, na_rep="", float_format=lambda v: f"{v:,.6g}")
        return f"<div><p>{escape(self._headline())}</p>{body}</div>"

    def _headline(self) -> str:
        counted = ", ".join(f"{n} {verdict}" for verdict, n in self.counts.items() if n)
        return f"{len(self.table)} claims: {counted}" if len(self.table) else "no claims"


def check_claims(
    facts: pd.DataFrame,
    claims: Sequence[Claim] | str | Path,
    frame: PanelFrame | None = None,
) -> ClaimsReport:
    """Recompute each claim from the other figures and compare.

    A printed figure stands for all numbers that are printed like it: 1.04 for 1.035 to 1.045. The
    expression of a claim is computed over these bounds (see :func:`panel.diagnostics.ranges.
    range_of`), so no tolerance has to be chosen. The verdicts:

    - agrees: computed from the figures as printed, it rounds to the printed figure;
    - agrees within rounding: some numbers that are printed like these fit together;
    - contradicts: no such numbers do. The comment says by how much, whether a power of ten is
      amiss (a billion for a trillion), whether digits were cut off instead of rounded, and which
      other reading agrees;
    - units do not match: what is computed does not measure what is printed, or adds what cannot
      be added;
    - cannot be checked: a figure is missing, and the comment says which.

    Parameters
    ----------
    facts : the printed figures: columns id, value (text, as printed), unit; perhaps place,
        qualifier ("about", "over", "under") and missing (why there is no figure).
    claims : the claims, or a TOML file of claims and of further facts (see
        :mod:`panel.diagnostics.claimsfile`).
    frame : the panel from which the file's cells are taken.

    Returns
    -------
    The report, one row a claim in their order.

    Raises
    ------
    UnknownVariableError : a claim names a fact that is not there; the message names both.
    DataError, DuplicateKeyError, UnitError : facts that cannot be read.
    FormulaError : an expression outside the grammar.
    SourceError : a mistake in the file of claims.
    """
    known: Mapping[str, Fact] = read_facts(facts)
    if isinstance(claims, (str, Path)):
        file = read_claims(claims)
        known, claims = file.merged(known, frame), file.claims
    name, times = Counter(c.name for c in claims).most_common(1)[0] if claims else ("", 1)
    if times > 1:
        raise DuplicateKeyError(
            f"{times} claims have the name {name!r}.",
            variable="name",
            value=name,
            remedy="give every claim a name of its own.",
        )
    rows = [_checked(claim, known) for claim in claims]
    return ClaimsReport(pd.DataFrame(rows, columns=list(_COLUMNS)))


def _checked(claim: Claim, facts: Mapping[str, Fact]) -> dict[str, Any]:
    """The row of one claim."""
    printed = _named(claim, claim.printed, facts)
    used = _used(claim, claim.expression, facts)
    found, verdict, comment = _judged(claim, printed, used)
    if verdict == "contradicts":
        comment = "; ".join(_comments(claim, printed, found, facts))
    return {
        "claim": claim.name,
        "place": printed.place,
        "printed": f"{printed.qualifier} {printed.printed}".strip(),
        "expression": claim.expression,
        "low": found.low,
        "recomputed": found.mid,
        "high": found.high,
        "unit": printed.unit,
        "verdict": verdict,
        "comment": comment,
        "reason": claim.reason,
        "figures": "; ".join(f"{name} = {fact}" for name, fact in used.items()),
    }


def _judged(claim: Claim, printed: Fact, used: Mapping[str, Fact]) -> tuple[Range, Verdict, str]:
    """Range of the expression, verdict, and why there is none."""
    missing = [f.missing for f in (printed, *used.values()) if f.missing]
    if missing:
        return Range(), "cannot be checked", "; ".join(missing)
    try:
        found = range_of(claim.expression, used, printed.unit)
    except UnitError as error:
        slip = "; the numbers agree, so one of the units may be misprinted"
        same = same_number(claim.expression, used, printed)
        return Range(), "units do not match", error.message.rstrip(".") + (slip if same else "")
    if not isfinite(found.mid):
        return Range(), "cannot be checked", f"{claim.expression} has no value"
    return found, _verdict(claim.relation, printed, found), ""


def _named(claim: Claim, name: str, facts: Mapping[str, Fact]) -> Fact:
    if name not in facts:
        raise UnknownVariableError(
            f"Claim {claim.name!r} uses the fact {name!r}, which is not there.",
            variable=claim.name,
            value=name,
            remedy=suggest(name, facts),
        )
    return facts[name]


def _used(claim: Claim, expression: str, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Facts that an expression uses, by name."""
    names = sorted(names_in(parse_expression(expression)))
    if len(names) > _MOST_FACTS:
        raise FormulaError(
            f"Claim {claim.name!r}: {expression!r} uses {len(names)} facts.",
            variable=claim.name,
            value=expression,
            remedy=f"a claim may use {_MOST_FACTS}; check a part of the sum by itself.",
        )
    return {name: _named(claim, name, facts) for name in names}


def _verdict(relation: str, printed: Fact, found: Range) -> Verdict:
    low, high = printed.bounds
    if relation == "at most":
        exact, possible = at_most(printed.value, found.mid), at_most(low, found.high)
    elif relation == "at least":
        exact, possible = at_most(found.mid, printed.value), at_most(found.low, high)
    else:
        exact = Range(found.mid, found.mid, found.mid).meets(printed.bounds)
        possible = found.meets(printed.bounds)
    return "agrees" if exact else "agrees within rounding" if possible else "contradicts"


def _comments(
    claim: Claim, printed: Fact, found: Range, facts: Mapping[str, Fact]
) -> Iterator[str]:
    """How far apart the two are, and what would bring them together."""
    if found.mid:
        yield _apart(printed.value / found.mid, _AGAINST[claim.relation])
    if claim.relation == "equals":
        yield from _slips(printed, found)
    for reading, expression in claim.readings.items():
        used = _used(claim, expression, facts)
        other, verdict, why = _judged(replace(claim, expression=expression), printed, used)
        if why:
            yield f"{reading}: {why}"
        else:
            holds = "" if verdict == "contradicts" else ": agrees"
            yield f"{other.mid:.4g} {reading}{holds}"


def _apart(ratio: float, what: str) -> str:
    """A ratio in words; a small difference in percent, so that 0.9998 does not read as 1."""
    if not 0.8 < ratio < 1.25:
        return f"{ratio:.3g} times {what}"
    return f"{abs(100 * (ratio - 1)):.2g} % too {'high' if ratio > 1 else 'low'}"


def _slips(printed: Fact, found: Range) -> Iterator[str]:
    """A power of ten by which a unit was mistaken; digits that were cut off."""
    if not found.bounded or printed.qualifier in ("over", "under"):
        return
    powers = [sign * k for k in range(1, _LARGEST_SLIP + 1) for sign in (-1, 1)]
    slip = next((abs(k) for k in powers if found.meets(printed.bounds, 10.0**k)), None)
    low, high = printed.bounds
    if slip and min(low * high, found.low * found.high) > 0:  # zero times any power fits
        yield f"unit slip: a factor of {10**slip}"
    if found.meets(printed.cut_off):
        yield "cut off, not rounded"
