"""Yearbook tables as they come, to tidy figures with a record of everything that was guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from panel.core.column import Column, Origin
from panel.core.frame import PanelFrame
from panel.core.summary import html_table
from panel.errors import UnitError, UnknownVariableError, suggest
from panel.sources.codebook import NAME_COLUMNS, name_labels
from panel.sources.figures import Asked, figures_of
from panel.sources.files import Source, chosen, content_of, grids_of
from panel.sources.readreport import ReadReport
from panel.sources.regions import resolve


@dataclass(frozen=True)
class Yearbook:
    """A table read from a yearbook file.

    Parameters
    ----------
    name : of the file.
    table : one row a figure: region (code), name (as printed), year, variable, value, unit (of
        the frames), mark (what is printed instead of a number), meaning (of the mark), footnote,
        place (sheet and cell).
    totals : the same for rows of nations, districts and other sums, which are no regions; region
        is empty there.
    labels : name of each variable by language, as printed.
    units : unit of each variable, as printed.
    notes : the lines below the table.
    report : everything that was guessed.
    """

    name: str
    table: pd.DataFrame
    totals: pd.DataFrame
    labels: Mapping[str, Mapping[str, str]]
    units: Mapping[str, str]
    notes: tuple[str, ...]
    report: ReadReport
    title: str = field(default="")

    @property
    def df(self) -> pd.DataFrame:
        """The figures, a copy of one's own."""
        return self.table.copy()

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables, in the order of the file."""
        return tuple(self.labels)

    def to_frame(
        self,
        names: Mapping[str, str] | None = None,
        *,
        marks: Mapping[str, float] | None = None,
        unit: str = "region",
        time: str = "year",
        publisher: str = "",
    ) -> PanelFrame:
        """The figures as a panel, with units, labels and the file as origin.

        Parameters
        ----------
        names : variables by the name they are to have, {"地区生产总值": "gdp"}; all of them as
            printed if left out, otherwise only these.
        marks : numbers to put for marks, for instance {"…": 0}; without it a mark is missing.
        unit, time : names of the two keys.
        publisher : of the yearbook, for the origin.

        Raises
        ------
        UnknownVariableError : ``names`` has a variable, or ``marks`` a mark, that is not there, or
            ``names`` is empty.
        UnitError : a variable has several units.
        """
        names = {v: v for v in self.variables} if names is None else names
        if not names:
            raise UnknownVariableError(
                f"names takes no variable of {self.name}.",
                variable="names",
                value=names,
                remedy="leave it out for all of them: " + ", ".join(self.variables) + ".",
            )
        for given, known in ((names, self.variables), (marks or {}, set(self.table["mark"]))):
            for name in given:
                if name not in known:
                    raise UnknownVariableError(
                        f"{self.name} has no {name!r}.",
                        variable=name,
                        remedy=suggest(name, known),
                    )
        table = self.table[self.table["variable"].isin(list(names))]
        values = table["value"].where(table["value"].notna(), table["mark"].map(marks or {}))
        wide = (
            table.assign(value=values.astype(float), variable=table["variable"].map(names))
            .pivot_table(index=["region", "year"], columns="variable", values="value", dropna=False)
            .reindex(columns=list(names.values()))
        )
        present = pd.MultiIndex.from_frame(table[["region", "year"]].drop_duplicates())
        wide = wide.reindex(present).sort_index()
        wide.index = wide.index.set_names([unit, time])
        wide.columns.name = None
        columns = {new: self._column(old, publisher) for old, new in names.items()}
        codes = wide.index.get_level_values(0)
        for language, name in NAME_COLUMNS.items():
            spelled = {code: getattr(resolve(code), language) for code in codes.unique()}
            wide[name] = [spelled[code] for code in codes]
            columns[name] = Column(labels=name_labels(language))
        return PanelFrame(wide, unit, time, columns, self.title or self.name)

    def _column(self, variable: str, publisher: str) -> Column:
        units = self.table.loc[self.table["variable"] == variable, "unit"].unique()
        if len(units) > 1:
            raise UnitError(
                f"{variable!r} is printed in several units: {', '.join(units)}.",
                variable=variable,
                value=list(units),
                remedy="read the parts one by one and convert them, or correct the file.",
            )
        printed = self.units[variable]
        origin = Origin(self.name, variable, printed, publisher, publication=self.title)
        return Column(str(units[0]), self.labels[variable], (origin,))

    def __repr__(self) -> str:
        first, last = self.table["year"].min(), self.table["year"].max()
        return (
            f"Yearbook({self.name!r}: {self.table['region'].nunique()} regions, "
            f"{first if first == last else f'{first}-{last}'}, "
            f"{len(self.variables)} variables, "
            f"{int(self.table['value'].notna().sum())} figures, "
            f"{len(self.totals)} in totals set aside)"
        )

    def _repr_html_(self) -> str:
        head = html_table(self.table.head(8), index=False, na_rep="")
        return f"<div><p>{self!r}</p>{head}{self.report._repr_html_()}</div>"


def read_yearbook(
    path_or_buffer: Source,
    *,
    variable: str | None = None,
    unit: str | Mapping[str, str] | None = None,
    year: int | None = None,
    territory: str | None = None,
    sheet: str | int | Sequence[str | int] | None = None,
    encoding: str | None = None,
    decimal: Literal[".", ","] | None = None,
    aside: Sequence[str] = (),
) -> Yearbook:
    """Read a table of a statistical yearbook, however it is laid out.

    Regions may stand down or across, years in headings, in a column, in section lines or in the
    title, variables likewise; headings may have several rows; cells may carry notes. What the
    file does not say outright is guessed and put on record; what may be read in two ways is
    never guessed: the error names the argument that decides.

    Parameters
    ----------
    path_or_buffer : CSV or other delimited text, .xlsx, .xls, or an HTML table under such a name;
        the content decides, not the name.
    variable : name of the variable of a table that has one.
    unit : unit of the figures, or {variable: unit}; goes before what the file says.
    year : year of a table that names none.
    territory : what the table as a whole is of: the region of a table that has only one, or the
        country whose regions it has ("CN", "RU", "US", "EU"; "world" for countries) where names
        stand in several lists.
    sheet : name or position (from 0) of the sheet, or several to be read together.
    encoding : of a text file, where it cannot be detected.
    decimal : "." or ",", where the figures do not show it.
    aside : labels of rows and headings of columns that are to be left out.

    Returns
    -------
    The figures, the totals set aside, and the report.

    Raises
    ------
    SourceError : the file cannot be opened, or leaves something open (the variable names it).
    UnknownRegionError : a row of figures belongs to no known region.
    NotNumericError : a cell among figures is neither a number nor a known mark.
    DuplicateKeyError : two different figures for one region, year and variable.
    UnitError : some figures of a variable are percentages and others are not.
    InstallationError : the library for this kind of file is not installed.

    Notes
    -----
    Missing marks keep their meaning: in Chinese yearbooks "…" is a figure below the smallest unit
    and a blank is not available (preface of China's International Statistical Yearbook); nothing
    of it becomes a zero unless :meth:`Yearbook.to_frame` is told so. Formulas are never evaluated:
    what counts is the stored result.
    """
    asked = Asked(variable, unit, year, territory, decimal, frozenset(aside))
    content, name = content_of(path_or_buffer)
    grids, guesses = grids_of(content, name, encoding)
    sheets, more = chosen(grids, sheet, name)
    found = figures_of(sheets, asked)
    report = ReadReport(name, (*guesses, *more, *found.guesses))
    fields: dict[str, Any] = {"labels": found.labels, "units": found.units, "title": found.title}
    return Yearbook(name, found.table, found.totals, notes=found.notes, report=report, **fields)
