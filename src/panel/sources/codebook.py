"""The codebook: which variables a panel has, and how each is taken or computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from panel.core.evaluation import ELEMENTARY
from panel.core.expression import Call, Name, Node, parse_expression, walk
from panel.core.units import factor
from panel.errors import FormulaError, SourceError, UnitError, suggest
from panel.sources.entries import Entry, read_toml
from panel.sources.recipes import Index, read_index

NAME_COLUMNS = {"en": "name_en", "zh": "name_zh", "ru": "name_ru"}
_NAME_LABELS = {"en": "Name ({})", "zh": "名称（{}）", "ru": "Название ({})"}
_PART_KEYS = ("file", "column", "years", "where", "latest_by")
_VARIABLE_KEYS = ("label", "unit", "note", "interpolate", "value_labels")
# Keys that may stand beside each way to say where figures come from.
_WAYS = {
    "file": ("text", "values", *_PART_KEYS),
    "parts": ("text", "values", "parts"),
    "expr": ("expr",),
    "chain": ("chain",),
}


def name_labels(language: str) -> dict[str, str]:
    """Labels of the column of the regions' names in a language."""
    return {of: label.format(language) for of, label in _NAME_LABELS.items()}


@dataclass(frozen=True)
class Part:
    """Figures of one column of one raw file.

    Parameters
    ----------
    file, column : where they stand.
    years : first and last year to take; None takes all.
    where : texts that other columns of the row must hold, by column ("" is an empty cell).
    latest_by : of several rows for a region and year, take the one latest by these columns.
    """

    file: str
    column: str
    years: tuple[int, int] | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    latest_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chain:
    """A volume series: the ``level`` of year ``base``, moved on by yearly ``growth``."""

    level: str
    growth: str
    base: int

    def __str__(self) -> str:
        return f"chain({self.level}, {self.growth}, base={self.base})"


@dataclass(frozen=True)
class Variable:
    """One variable: published (``parts``), computed (``expression``) or chained (``chain``).

    ``values`` translates the published text of a text variable, and ``value_labels`` says what its
    values, or those of a code, are called in each language. ``interpolate`` is "linear" where
    gaps between published years are to be filled, else empty.
    """

    name: str
    label: Mapping[str, str]
    unit: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    text: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    expression: str = ""
    chain: Chain | None = None
    interpolate: str = ""
    value_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def node(self) -> Node:
        """Syntax tree of the expression."""
        return parse_expression(self.expression)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the variables it is computed from, in the order they are written."""
        if self.chain:
            return (self.chain.level, self.chain.growth)
        if not self.expression:
            return ()
        return tuple(dict.fromkeys(n.name for n in walk(self.node) if isinstance(n, Name)))


@dataclass(frozen=True)
class Panel:
    """One panel: its keys, its years and its variables, in the codebook's order.

    ``regions`` names the set whose names are resolved ("CN", "RU", "world"); if empty, regions
    are taken as they are written in the files.
    """

    name: str
    label: str
    unit: str
    time: str
    years: tuple[int, int]
    regions: str
    variables: Mapping[str, Variable]
    indices: Mapping[str, Index]


@dataclass(frozen=True)
class Codebook:
    """All panels of one codebook; ``root`` is its folder, ``default`` the panel taken unnamed."""

    root: Path
    default: str
    panels: Mapping[str, Panel]

    def panel(self, name: str | None = None) -> Panel:
        """The panel of that name, or the default one.

        Raises
        ------
        SourceError : the codebook has no such panel.
        """
        wanted = name or self.default
        if wanted in self.panels:
            return self.panels[wanted]
        what = f"has no panel {wanted!r}" if wanted else "does not say which panel is the default"
        raise SourceError(
            f"The codebook {what}.",
            variable="panel",
            value=name,
            remedy=suggest(wanted, self.panels),
        )


def read_codebook(path: str | Path) -> Codebook:
    """The codebook of a TOML file; the guide ``docs/guide/data.md`` explains its grammar.

    Raises
    ------
    SourceError : an entry is wrong; the message names the entry, the key and the remedy.
    """
    path = Path(path)
    top = read_toml(path)
    top.only("default", "panels")
    entries = top.table("panels")
    panels = {name: _panel(name, entries.table(name)) for name in entries.values}
    default = top.text("default", next(iter(panels)) if len(panels) == 1 else "")
    if default and default not in panels:
        raise top.error(f"there is no panel {default!r}.", "default", suggest(default, panels))
    return Codebook(path.parent, default, MappingProxyType(panels))


def _panel(name: str, entry: Entry) -> Panel:
    entry.only("label", "unit", "time", "regions", "years", "variables", "indices")
    years = entry.span("years")
    if years is None:
        raise entry.error("key 'years' is missing.", "years", "add years = [first, last].")
    tables, indices = entry.table("variables"), entry.table("indices")
    variables = {v: _variable(v, tables.table(v)) for v in tables.values}
    found = Panel(
        name=name,
        label=entry.text("label"),
        unit=entry.text("unit"),
        time=entry.text("time", "year"),
        years=years,
        regions=entry.text("regions", ""),
        variables=MappingProxyType(variables),
        indices=MappingProxyType({i: read_index(i, indices.table(i)) for i in indices.values}),
    )
    _check_names(found, entry)
    for variable in found.variables.values():
        if variable.expression:
            _check_expression(variable.expression, tables.table(variable.name))
    for variable in found.variables.values():
        _check_inputs(variable, found, tables.table(variable.name))
    for index in found.indices.values():
        for indicator in index.variables:
            _check_input(indicator, "indicators", found, indices.table(index.name))
    return found


def _variable(name: str, entry: Entry) -> Variable:
    _check_variable(entry)
    values, chain, called = (entry.table(k) for k in ("values", "chain", "value_labels"))
    return Variable(
        name=name,
        label=MappingProxyType(entry.labels()),
        unit=entry.text("unit", ""),
        note=MappingProxyType(entry.words("note")),
        text=entry.flag("text"),
        values=MappingProxyType({k: values.text(k) for k in values.values}),
        parts=_parts(entry),
        expression=entry.text("expr", ""),
        chain=Chain(chain.text("level"), chain.text("growth"), chain.whole("base"))
        if "chain" in entry
        else None,
        interpolate=entry.text("interpolate", ""),
        value_labels=MappingProxyType({v: called.labels(v) for v in called.values}),
    )


def _check_variable(entry: Entry) -> None:
    """Raise unless the entry says in exactly one way where its figures come from."""
    ways = [key for key in _WAYS if key in entry]
    if len(ways) != 1:
        said = "says nothing" if not ways else f"has {' and '.join(ways)}"
        raise entry.error(
            f"it {said} about where the figures come from.",
            ways[1] if ways else "file",
            "give exactly one of: file and column, parts, expr, chain.",
        )
    entry.only(*_VARIABLE_KEYS, *_WAYS[ways[0]])
    entry.table("chain").only("level", "growth", "base")
    try:
        factor(entry.text("unit", ""), entry.text("unit", ""))
    except UnitError as error:
        raise entry.error(error.message, "unit", error.remedy or "mend it.") from error
    if entry.text("interpolate", "") not in ("", "linear"):
        raise entry.error(
            f"{entry.text('interpolate')!r} is no way to interpolate.",
            "interpolate",
            'write interpolate = "linear", or leave it out.',
        )
    if "values" in entry and not entry.flag("text"):
        raise entry.error("it translates values but is not text.", "values", "add text = true.")
    known = set(entry.table("values").values.values())
    for value in entry.table("value_labels").values:
        if known and value not in known:
            raise entry.error(
                f"{value!r} is no value of it.", "value_labels", suggest(value, known)
            )


def _parts(entry: Entry) -> tuple[Part, ...]:
    if "file" in entry:
        return (_part(entry),)
    for table in entry.tables("parts"):
        table.only(*_PART_KEYS)
    parts = tuple(_part(table) for table in entry.tables("parts"))
    if "parts" in entry and not parts:
        raise entry.error("it has no parts.", "parts", "add a table [[...parts]] for each file.")
    taken: set[int] = set()
    for part in parts if len(parts) > 1 else ():
        years = set(range(part.years[0], part.years[1] + 1)) if part.years else set()
        if not years or years & taken:
            what = (
                f"years {sorted(years & taken)} come from two files" if years else "years are open"
            )
            raise entry.error(
                f"part {part.file}: {what}.",
                "parts",
                "give every part its own years, so that no figure is chosen silently.",
            )
        taken |= years
    return parts


def _part(entry: Entry) -> Part:
    where = entry.table("where")
    return Part(
        file=entry.text("file"),
        column=entry.text("column"),
        years=entry.span("years"),
        where=MappingProxyType({k: where.texts(k) for k in where.values}),
        latest_by=entry.texts("latest_by"),
    )


def _check_names(panel: Panel, entry: Entry) -> None:
    taken = {panel.unit, panel.time} | (set(NAME_COLUMNS.values()) if panel.regions else set())
    subsystems = [s for index in panel.indices.values() for s in index.subsystems]
    for name in (*panel.variables, *panel.indices, *subsystems):
        if name in taken:
            raise entry.error(f"the name {name!r} is taken.", name, "choose another name.")
        if not name.isidentifier():
            raise entry.error(
                f"{name!r} cannot be written in a formula.", name, "use letters, digits and _."
            )
        taken.add(name)


def _check_inputs(variable: Variable, panel: Panel, entry: Entry) -> None:
    key = "chain" if variable.chain else "expr"
    for name in variable.inputs:
        _check_input(name, key, panel, entry)
    met, following = set(), set(variable.inputs)
    while following:
        met |= following
        further = (panel.variables[f].inputs for f in following if f in panel.variables)
        following = {n for inputs in further for n in inputs} - met
    if variable.name in met:
        raise entry.error("it is computed from itself.", key, "break the circle.")


def _check_expression(text: str, entry: Entry) -> None:
    try:
        nodes = tuple(walk(parse_expression(text)))
    except FormulaError as error:
        raise entry.error(f"expr: {error.message}", "expr", error.remedy or "mend it.") from error
    for node in nodes:
        if isinstance(node, Call) and node.function not in ELEMENTARY:
            remedy = suggest(node.function, ELEMENTARY)
            raise entry.error(f"{node.function!r} may not be called.", "expr", remedy)
    if not any(isinstance(node, Name) for node in nodes):
        raise entry.error("expr uses no variable.", "expr", "write for instance gdp / population.")


def _check_input(name: str, key: str, panel: Panel, entry: Entry) -> None:
    numeric = {n for n, v in panel.variables.items() if not v.text}
    if name not in numeric:
        what = "is text" if name in panel.variables else "is not a variable of the panel"
        raise entry.error(f"{name!r} {what}.", key, suggest(name, numeric))
