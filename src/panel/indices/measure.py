"""What a measure of regions and years gives: columns by (unit, time), with labels and lineage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from panel.core.frame import PanelFrame
from panel.core.headings import in_language
from panel.errors import DataError, suggest

Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, eq=False)
class Measure:
    """Figures by (unit, time) without a unit, in the frame's order, and how they came about.

    Parameters
    ----------
    name : of the measure.
    df : a column a figure, or a class in words (English); missing where an input is.
    labels : label by column and language ("en", "zh", "ru").
    words : the classes of a column by language: {"strong decoupling": {"zh": ..., "ru": ...}}.
    expression : the formula.
    inputs : variables it is computed from.
    n_missing : rows without a figure for want of an input.
    """

    name: str
    df: pd.DataFrame
    labels: Words
    expression: str
    inputs: tuple[str, ...]
    n_missing: int
    words: Words = field(default_factory=dict)

    def __getitem__(self, column: str) -> pd.Series:
        """One column, for ``frame.assign``.

        Raises
        ------
        DataError : no such column.
        """
        if column not in self.df:
            raise DataError(
                f"{self.name} has no {column!r}.", variable=column,
                remedy=suggest(column, map(str, self.df.columns)),
            )  # fmt: skip
        return self.df[column].copy()

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:attr:`df` with labels and classes in English ("en"), Chinese ("zh") or Russian ("ru").

        Raises
        ------
        DataError : another language.
        """
        in_language({}, language)
        table = self.df.copy()
        for column in table.select_dtypes(exclude="number"):
            table[column] = table[column].map(
                lambda word: self.words.get(word, {}).get(language, word), na_action="ignore"
            )
        known = {c: self.labels.get(str(c), {}) for c in table}
        return table.rename(
            columns={c: k.get(language) or k.get("en", c) for c, k in known.items()}
        )

    @property
    def ranks(self) -> pd.DataFrame:
        """Ranks of the figures within the year, 1 for the highest."""
        figures = self.df.select_dtypes("number")
        return figures.groupby(level=1).rank(ascending=False, method="min")

    def assign_to(self, frame: PanelFrame) -> PanelFrame:
        """``frame`` with the columns as variables that know how they were made.

        Raises
        ------
        DataError : the frame has a variable of that name.
        """
        for name in map(str, self.df.columns):
            if name in frame:
                raise DataError(
                    f"The frame has a variable {name!r} already.", variable=name,
                    remedy=f"assign it under another name: frame.assign(new=measure[{name!r}]).",
                )  # fmt: skip
            known = {"expression": self.expression, "inputs": self.inputs}
            frame = frame.assign(**{name: self.df[name]})
            frame = frame.describe(name, labels=dict(self.labels.get(name, {})), **known)
        return frame

    @property
    def _head(self) -> str:
        missing = f", {self.n_missing} missing for want of an input" if self.n_missing else ""
        return f"{self.name}: {self.expression}; {len(self.df)} rows{missing}"

    def __str__(self) -> str:
        return f"{self._head}\n{self.df.to_string(max_rows=12, float_format=lambda v: f'{v:.4f}')}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        table = self.df.to_html(border=0, max_rows=12, float_format=lambda v: f"{v:.4f}")
        return f"<div><p>{escape(self._head)}</p>{table}</div>"
