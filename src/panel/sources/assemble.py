"""From raw files and a codebook to a PanelFrame with units, labels and the origin of every cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pandas as pd

from panel.core.column import Column, Origin
from panel.core.frame import PanelFrame
from panel.errors import CalendarError, DataError, SourceError, UnknownRegionError, suggest
from panel.indices.composite import composite_index
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.codebook import NAME_COLUMNS, Panel, Variable, name_labels, read_codebook
from panel.sources.derived import Keys, chained, computed, interpolated
from panel.sources.published import Figures, open_source, published
from panel.sources.recipes import Index
from panel.sources.regions import COUNTRIES_FILE, NAMES_FILE, crosswalk, resolve
from panel.sources.years import years_asked


def load(
    name: str,
    *,
    years: int | Iterable[int] | None = None,
    regions: str | Iterable[str] | None = None,
) -> PanelFrame:
    """A panel of the shipped data: "china", "russia" or "world".

    Parameters
    ----------
    name : of the panel in the shipped codebook.
    years, regions : rows to keep, as in :func:`assemble`.

    Notes
    -----
    The figures are their publishers': ``panel.citations(frame)`` lists them with their terms. CO2
    of Chinese provinces (``co2_apparent``, ``co2_sectoral``, ``co2_intensity``) is by CEADs, free
    for academic use with citation, and not to be passed on without asking them.

    Raises
    ------
    SourceError : the codebook has no such panel, or the shipped data are not there.
    ChecksumError : a raw file differs from the one that was registered.
    """
    return assemble(data_root() / "codebook.toml", years, panel=name, regions=regions)


def assemble(
    codebook: str | Path,
    years: int | Iterable[int] | None = None,
    panel: str | None = None,
    regions: str | Iterable[str] | None = None,
) -> PanelFrame:
    """The panel that a codebook declares, from the raw files beside it.

    Parameters
    ----------
    codebook : path of codebook.toml; sources.toml and the folder raw/ stand beside it.
    years : years to keep, ``range(2016, 2021)`` or ``[2016, 2020]`` (these two), or one year; the
        codebook's years if left out. A codebook may know more years than it shows:
        ``years=range(2011, 2023)`` reaches for them.
    panel : which panel of the codebook; its default one if left out.
    regions : names or codes of the regions to keep, in any usual spelling, or one of them; all if
        left out.

    Returns
    -------
    The frame. Choosing years or regions only selects rows: no figure depends on it, because
    growth chains and indices are computed on the whole panel before. A region and year without
    any published figure has no row.

    Raises
    ------
    SourceError : a mistake in the codebook or in sources.toml, named with its remedy.
    ChecksumError : a raw file differs from the one that was registered.
    UnitError : figures whose units cannot be converted, added or compared.
    UnknownRegionError, CalendarError : regions or years that are not there, or are no years.
    """
    book = read_codebook(Path(codebook))
    entry = book.panel(panel)
    source = open_source(read_catalogue(book.root), entry.regions)
    figures = {n: published(v, source) for n, v in entry.variables.items() if v.parts}
    frame = _frame(entry, figures)
    for index in entry.indices.values():
        frame = _with_index(frame, entry, index)
    return _selected(frame, entry, years, regions)


def _frame(entry: Panel, figures: dict[str, Figures]) -> PanelFrame:
    """All variables of the panel, in all years that any file has."""
    rows = _rows(entry, figures)
    values = _evaluator(entry, figures, rows)
    table, columns = _names(entry, rows)
    for name, variable in entry.variables.items():
        table[name], filled = values(name)
        columns[name] = Column(
            unit=variable.unit,
            labels=variable.label,
            origins=figures[name].origins if name in figures else (),
            expression=variable.expression or str(variable.chain or ""),
            inputs=variable.inputs,
            note=variable.note.get("en", ""),
            notes=variable.note,
            filled=filled,
            value_labels=variable.value_labels,
        )
    return PanelFrame(pd.DataFrame(table, index=rows), entry.unit, entry.time, columns, entry.name)


def _evaluator(
    entry: Panel, figures: dict[str, Figures], rows: pd.MultiIndex
) -> Callable[[str], tuple[pd.Series, Keys]]:
    """Gives the figures (n,) of a variable and its filled cells; each is computed once.

    A cell computed from a filled cell is not published either, so it counts as filled.
    """

    @cache
    def values(name: str) -> tuple[pd.Series, Keys]:
        variable = entry.variables[name]
        found = figures[name].on(rows) if name in figures else derived(variable)
        filled: Keys = frozenset().union(*(values(n)[1] for n in variable.inputs))
        if filled:
            filled &= frozenset(rows[found.notna()])
        if variable.interpolate:
            found, new = interpolated(found)
            filled |= new
        return found, filled

    def derived(variable: Variable) -> pd.Series:
        if variable.chain:
            level, growth = (values(n)[0] for n in variable.inputs)
            return chained(
                variable.chain, level, growth, entry.variables[variable.chain.growth].unit
            )
        return computed(variable, lambda n: (values(n)[0], entry.variables[n].unit))

    return values


def _rows(entry: Panel, figures: dict[str, Figures]) -> pd.MultiIndex:
    """Every region and year with a published number, sorted."""
    found = [
        f.values.index for name, f in figures.items()
        if f.values.index.nlevels == 2 and not entry.variables[name].text
    ]  # fmt: skip
    if not found:
        raise SourceError(
            f"Panel {entry.name!r} has no published number for any region and year.",
            variable=entry.name,
            remedy="declare a variable whose file has a region and a time column in sources.toml.",
        )
    keys = found[0].append(found[1:]).unique()
    return pd.MultiIndex.from_tuples(sorted(keys), names=[entry.unit, entry.time])


def _names(entry: Panel, rows: pd.MultiIndex) -> tuple[dict[str, pd.Series], dict[str, Column]]:
    """Text columns with the names of the regions, where the regions are known."""
    if not entry.regions:
        return {}, {}
    table, columns = {}, {}
    codes = rows.get_level_values(0)
    known = {code: crosswalk().regions[code] for code in codes.unique()}
    path = COUNTRIES_FILE if entry.regions == "world" else NAMES_FILE
    file = read_catalogue(data_root()).file(path)
    for language, name in NAME_COLUMNS.items():
        spelled = {code: getattr(region, language) for code, region in known.items()}
        table[name] = pd.Series(codes.map(spelled), index=rows)
        raw = file.column(language)
        origin = Origin(
            file.path,
            language,
            unit="",
            publisher=raw.publisher,
            publication=raw.publication,
            licence=file.terms,
            read_in=raw.read_in,
            title=file.title,
            read=raw.read,
        )
        columns[name] = Column(labels=name_labels(language), origins=(origin,))
    return table, columns


def _with_index(frame: PanelFrame, entry: Panel, index: Index) -> PanelFrame:
    """The frame with one composite index, standardised and weighted over the index's own years."""
    first, last = index.years or entry.years
    years = pd.Series(frame.time_numbers)
    try:
        built = composite_index(
            frame.rows(years.between(first, last).to_numpy()),
            index.indicators,
            weights=index.weights,
            between=index.between,
            scale=index.scale,
            aggregate=index.aggregate,
            yearly=index.yearly,
            name=index.name,
        )
    except DataError as error:
        raise SourceError(
            f"Index {index.name!r} of panel {entry.name!r}: {error.message}",
            variable=error.variable or index.name,
            value=error.value,
            remedy=error.remedy or "mend its entry in the codebook.",
        ) from error
    frame = built.assign_to(frame)
    for name, labels in {index.name: index.label, **index.subsystems}.items():
        found = "; ".join(filter(None, (index.note.get("en", ""), frame.columns[name].note)))
        notes = dict(index.note) | ({"en": found} if found else {})
        frame = frame.describe(name, unit="index", labels=labels, note=found, notes=notes)
    return frame


def _selected(
    frame: PanelFrame,
    entry: Panel,
    years: int | Iterable[int] | None,
    regions: str | Iterable[str] | None,
) -> PanelFrame:
    """The rows of those years and regions; marks of filled cells follow their rows."""
    shown = range(entry.years[0], entry.years[1] + 1)
    wanted = years_asked(shown if years is None else years)
    keep = pd.Series(frame.time_numbers, index=frame.table.index).isin(wanted)
    if not keep.any():
        raise CalendarError(
            f"Panel {entry.name!r} has no row in the years {list(wanted)}.",
            variable=entry.time,
            value=list(wanted),
            remedy=f"its files have {frame.times[0]} to {frame.times[-1]}.",
        )
    if regions is not None:
        names = (regions,) if isinstance(regions, str) else regions
        chosen = {_code(name, frame, entry) for name in names}
        keep &= frame.table.index.get_level_values(0).isin(chosen)
    selected = frame.rows(keep)
    there = frozenset(selected.table.index)
    for name, column in frame.columns.items():
        if column.filled:
            selected = selected.describe(name, filled=column.filled & there)
    return selected


def _code(name: str, frame: PanelFrame, entry: Panel) -> str:
    code = resolve(name, country=entry.regions, level=(0, 1)).code if entry.regions else name
    if code not in frame.units:
        raise UnknownRegionError(
            f"Panel {entry.name!r} has no region {name!r}.",
            variable="regions",
            value=name,
            remedy=suggest(name, map(str, frame.units)),
        )
    return code
