"""Names of a whole column matched with regions, and every decision kept."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from panel.core.summary import html_table
from panel.errors import UnknownRegionError, suggest
from panel.sources.crosswalk import Region
from panel.sources.regions import candidates, crosswalk, near_names, spelling, told_apart
from panel.sources.spelling import folded, unordered

_UNDECIDED = ("ambiguous", "unknown", "missing")


@dataclass(frozen=True)
class RegionMatch:
    """How the names of a column were read.

    Parameters
    ----------
    decisions : one row a distinct name: name, rows (how often it stands in the column), code ("" if
        undecided), region (English name), how, scope, candidates, suggestions. ``how`` is "code",
        "name" (a whole name), "stem" (without "oblast" or 省), "answer" (given by the user),
        "others" (one of several candidates, as the other names of the column tell), "ambiguous"
        (several candidates), "unknown" (with suggestions) or "missing".
    """

    decisions: pd.DataFrame

    @property
    def undecided(self) -> pd.DataFrame:
        """The decisions that are still to be made."""
        return self.decisions[self.decisions["how"].isin(_UNDECIDED)]

    @property
    def df(self) -> pd.DataFrame:
        """The decisions as a table of one's own."""
        return self.decisions.copy()

    @property
    def mapping(self) -> dict[str, str]:
        """Code by name.

        Raises
        ------
        UnknownRegionError : a name is undecided.
        """
        if len(open_ := self.undecided):
            first = open_.iloc[0]
            raise UnknownRegionError(
                f"{len(open_)} name(s) are undecided; the first is {first['name']!r}, "
                f"{first['how']}.",
                variable="region",
                value=first["name"],
                remedy="decide in answers=, for instance "
                f"{{{first['name']!r}: {(first['candidates'] or ('CN-JX',))[0]!r}}}; "
                "match.undecided lists candidates and suggestions.",
            )
        return dict(zip(self.decisions["name"], self.decisions["code"], strict=True))

    def codes(self, names: Iterable[object]) -> list[str]:
        """Code of each name of the column, in order.

        Raises
        ------
        UnknownRegionError : a name is undecided, or was not matched.
        """
        known, given = self.mapping, [spelling(name) for name in names]
        if strangers := [name for name in given if name not in known]:
            raise UnknownRegionError(
                f"{strangers[0]!r} is not among the names that were matched.",
                variable="region",
                value=strangers[0],
                remedy="match the whole column.",
            )
        return [known[name] for name in given]

    def __repr__(self) -> str:
        counts = ", ".join(f"{n} {how}" for how, n in self.decisions["how"].value_counts().items())
        lines = [f"RegionMatch({len(self.decisions)} names: {counts or 'none'})"]
        if len(self.undecided):
            lines.append(_listed(self.undecided).to_string(index=False))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return html_table(_listed(self.decisions), index=False)


def _listed(decisions: pd.DataFrame) -> pd.DataFrame:
    """The decisions with their candidates and suggestions as text."""
    columns = ["candidates", "suggestions"]
    return decisions.assign(**{c: [", ".join(found) for found in decisions[c]] for c in columns})


def match_regions(
    names: Iterable[object],
    *,
    country: str = "",
    level: int | Iterable[int] | None = None,
    on: str | int | datetime.date | None = None,
    variant: str = "",
    answers: Mapping[str, str] | None = None,
) -> RegionMatch:
    """The regions that the names of a column mean, with every decision on record.

    A name that may mean two regions is decided by the other names or not at all: 吉林 is a province
    among provinces, and "Moscow" the city beside "Moscow Oblast". Otherwise it stays undecided, as
    a name that is nearly right does, with candidates and suggestions, until ``answers`` says what
    it means.

    Parameters
    ----------
    names : a column of names or codes, with repetitions.
    country, level, on, variant : what is known of all of them, as in ``panel.resolve``.
    answers : code by name, for the names that only the user can decide.

    Raises
    ------
    UnknownRegionError : an answer is no code, or answers a name that does not occur.
    """
    said = pd.Series([_spelled(name) for name in names], dtype=object)
    counts = said.value_counts(sort=False, dropna=False)
    limits = {"country": country, "level": level, "on": on, "variant": variant}
    given = dict(answers or {})
    for name, code in given.items():
        _check_answer(name, code, said)
    meant = {str(n): candidates(str(n), **limits) for n in counts.index if n}  # type: ignore[arg-type]
    told = told_apart(meant)
    rows = [
        {"name": name, "rows": int(n)}
        | _decided(str(name), given.get(str(name), ""), meant.get(str(name), ()), told, limits)
        for name, n in counts.items()
    ]
    columns = ["name", "rows", "code", "region", "how", "scope", "candidates", "suggestions"]
    return RegionMatch(pd.DataFrame(rows, columns=columns))


def _spelled(name: object) -> str:
    try:
        return spelling(name)
    except UnknownRegionError:  # a missing name is a row of the log, not the end of the work
        return ""


def _check_answer(name: str, code: str, said: pd.Series) -> None:
    known = crosswalk().regions
    if code not in known or not (said == name).any():
        wrong, among = (name, said.unique()) if code in known else (code, known)
        raise UnknownRegionError(
            f"answers: {wrong!r} is {'not among the names' if code in known else 'no code'}.",
            variable="answers",
            value=wrong,
            remedy=suggest(wrong, map(str, among)),
        )


def _decided(
    name: str,
    answer: str,
    found: Sequence[Region],
    told: Mapping[str, Region],
    limits: Mapping[str, object],
) -> dict[str, object]:
    row = dict.fromkeys(("code", "region", "scope"), "")
    if not name:
        return {**row, "how": "missing", "candidates": (), "suggestions": ()}
    codes = tuple(r.code for r in found)
    if answer:
        chosen, how = crosswalk().regions[answer], "answer"
    elif len(found) == 1:
        chosen, how = found[0], _how(name, found[0])
    elif name in told:
        chosen, how = told[name], "others"
    else:
        near = () if found else _near(name, limits)
        how = "ambiguous" if found else "unknown"
        return {**row, "how": how, "candidates": codes, "suggestions": near}
    row = {"code": chosen.code, "region": chosen.label(), "scope": chosen.scope}
    return {**row, "how": how, "candidates": codes, "suggestions": ()}


def _how(name: str, region: Region) -> str:
    known = (region.code, region.gb2260, region.okato, region.oktmo, region.alpha3)
    codes = {folded(c) for c in (*known, region.eurostat, region.postal, *region.local_codes) if c}
    if folded(name) in codes:
        return "code"
    keys = {key for n in region.names for key in (folded(n), unordered(n)) if key}
    return "name" if {folded(name), unordered(name)} & keys else "stem"


def _near(name: str, limits: Mapping[str, object]) -> tuple[str, ...]:
    spellings = near_names(limits["country"], limits["level"])  # type: ignore[arg-type]
    by_key = {folded(s): s for s in spellings}
    close = difflib.get_close_matches(folded(name), by_key, n=3, cutoff=0.7)
    return tuple(by_key[c] for c in close)
