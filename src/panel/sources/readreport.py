"""The record of everything that was guessed while a file was read."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import pandas as pd

from panel.core.summary import html_table


class Guess(NamedTuple):
    """One thing the file did not say outright: what it was taken for, and why."""

    item: str
    taken: str
    because: str
    place: str = ""


@dataclass(frozen=True)
class ReadReport:
    """Everything that was guessed, in the order in which it was decided.

    Parameters
    ----------
    name : of the file.
    guesses : one each; :attr:`df` has them as a table.
    """

    name: str
    guesses: tuple[Guess, ...]

    @property
    def df(self) -> pd.DataFrame:
        """One row a guess: item, taken, because, place."""
        return pd.DataFrame(self.guesses, columns=list(Guess._fields))

    def __getitem__(self, item: str) -> str:
        """What was taken for an item: ``report["encoding"]``; several are joined by "; ".

        Raises
        ------
        KeyError : nothing of that name was guessed.
        """
        found = [g.taken for g in self.guesses if g.item == item]
        if not found:
            raise KeyError(item)
        return "; ".join(dict.fromkeys(found))

    def __contains__(self, item: object) -> bool:
        return any(g.item == item for g in self.guesses)

    def __str__(self) -> str:
        width = max((len(g.item) for g in self.guesses), default=0)
        lines = [
            f"  {g.item:<{width}}  {g.taken}"
            + (f"  ({g.because}{f', {g.place}' if g.place else ''})" if g.because else "")
            for g in self.guesses
        ]
        return "\n".join([f"{self.name}: read as follows", *lines])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        body = html_table(self.df, index=False)
        return f"<div><p><b>{escape(self.name)}</b>: read as follows</p>{body}</div>"
