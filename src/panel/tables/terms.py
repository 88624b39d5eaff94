"""Which terms of the models a table shows, in what order, under which names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from panel.errors import TableError, suggest
from panel.tables.models import INTERCEPT, ModelColumn

Patterns = str | Sequence[str]
# Names, or patterns of names, and what they are called; a pattern's groups fill \1, \2 ...
Labels = Mapping[str | re.Pattern[str], str]


def patterns(given: Patterns) -> tuple[str, ...]:
    """One pattern or several."""
    return (given,) if isinstance(given, str) else tuple(given)


def every_term(columns: Sequence[ModelColumn]) -> tuple[str, ...]:
    """All terms in the order in which models have them, the constant last."""
    every = dict.fromkeys(term for column in columns for term in column.terms)
    return tuple(sorted(every, key=lambda term: term == INTERCEPT))


def chosen(every: Sequence[str], keep: Patterns, drop: Patterns) -> tuple[str, ...]:
    """The terms to show, in order; the constant last unless a pattern of ``keep`` names it.

    Raises
    ------
    TableError : a pattern that fits no term, or no term left.
    """
    shown = every
    if keep:
        shown = tuple(dict.fromkeys(t for p in patterns(keep) for t in matching(p, every)))
    hidden = {t for pattern in patterns(drop) for t in matching(pattern, every)}
    left = tuple(term for term in shown if term not in hidden)
    if not left:
        raise TableError(
            "No coefficient is left to show.",
            variable="drop",
            value=drop,
            remedy=f"drop fewer of {', '.join(every)}." if every else "call fewer terms controls.",
        )
    return left


def matching(pattern: str, terms: Sequence[str]) -> list[str]:
    """Terms that a pattern fits: the one of exactly that name, else those it is found in.

    Raises
    ------
    TableError : it fits none.
    """
    if pattern in terms:  # log(x) is a name, although it is a regular expression as well
        return [pattern]
    try:
        found = [term for term in terms if re.search(pattern, term)]
    except re.error as error:
        raise TableError(
            f"{pattern!r} is neither a term nor a regular expression: {error}.",
            variable="keep, drop or controls",
            value=pattern,
            remedy=suggest(pattern, terms),
        ) from error
    if not found:
        raise TableError(
            f"No term fits {pattern!r}.",
            variable="keep, drop or controls",
            value=pattern,
            remedy=suggest(pattern, terms),
        )
    return found


def named(name: str, labels: Labels) -> str | None:
    """What ``labels`` call a name, or None: the entry of that name, else the first pattern that
    fits all of it.

    Raises
    ------
    TableError : the words for a pattern name a group that it does not have.
    """
    if name in labels:
        return labels[name]
    for pattern, words in labels.items():
        match = pattern.fullmatch(name) if isinstance(pattern, re.Pattern) else None
        if match:
            try:
                return match.expand(words)
            except (re.error, IndexError) as error:
                raise TableError(
                    f"{words!r} cannot be filled in from {name!r}: {error}.",
                    variable="labels",
                    value=words,
                    remedy=r"write \1 for the first group of the pattern.",
                ) from error
    return None
