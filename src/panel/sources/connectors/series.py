"""Observations of a table with named dimensions, put together as variables by region and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from panel.errors import ServiceError, suggest
from panel.sources.connectors.query import Published, Query, Reading, table, unit_of


@dataclass(frozen=True)
class Code:
    """A code of a dimension and its label."""

    code: str
    label: str


@dataclass(frozen=True)
class Observation:
    """One figure: its code by dimension, its value as published and its flag."""

    codes: Mapping[str, Code]
    value: str
    flag: str = ""


@dataclass(frozen=True)
class Roles:
    """What dimensions stand for.

    Parameters
    ----------
    region, time : the two keys.
    unit : the unit of measurement; it counts among the dimensions that tell variables apart.
    aside : those that describe the region or the table, and tell no variables apart.
    language : of the labels.
    """

    region: str
    time: str
    unit: str
    aside: frozenset[str] = frozenset()
    language: str = "en"


def assembled(
    observations: Sequence[Observation],
    roles: Roles,
    query: Query,
    subject: str,
    *,
    title: str,
    vintage: str,
    publisher: str = "",
) -> Reading:
    """The variables of a table: one for each combination of codes that occurs.

    They are named by the codes in which they differ, joined by "_", and by the table's code if
    there is only one.

    Raises
    ------
    ServiceError : there is no observation, no such dimension, or a variable has two units.
    """
    if not observations:
        raise ServiceError(
            f"{subject}: there is no figure for {query}.",
            variable=query.dataset,
            remedy="ask for other years, regions or codes.",
        )
    names = list(observations[0].codes)
    for role in (roles.region, roles.time):
        if role not in names:
            raise ServiceError(
                f"{subject}: the table has no dimension {role!r}.",
                variable=role,
                remedy=f"it has {', '.join(names)}; take a table by region and year.",
            )
    apart = [n for n in names if n not in {roles.region, roles.time} | roles.aside]
    differing = [n for n in apart if len({o.codes[n].code for o in observations}) > 1]
    rows: list[tuple[str, ...]] = []
    variables: dict[str, Published] = {}
    for one in observations:
        name = "_".join(one.codes[n].code for n in differing) or query.dataset
        said = _published(one, differing, roles, title)
        if variables.setdefault(name, said).unit != said.unit:
            raise ServiceError(
                f"{subject}: {name} is published in {variables[name].unit!r} and in {said.unit!r}.",
                variable=name,
                value=said.unit,
                remedy="ask for one of them, by regions or by codes.",
            )
        region = one.codes[roles.region]
        year = one.codes[roles.time].code
        rows.append((name, region.code, region.label, year, one.value, one.flag))
    return Reading(table(rows), variables, title, vintage, publisher)


def chosen(
    observations: Iterable[Observation], filters: Mapping[str, Sequence[str]], subject: str
) -> list[Observation]:
    """The observations whose codes or labels are among those of the filters.

    Raises
    ------
    ServiceError : a dimension or a code that does not occur.
    """
    left = list(observations)
    for name, allowed in filters.items():
        dimensions = left[0].codes if left else {}
        if name not in dimensions:
            raise ServiceError(
                f"{subject}: the table has no dimension {name!r}.",
                variable="filters",
                value=name,
                remedy=suggest(name, dimensions),
            )
        there = {text for o in left for text in (o.codes[name].code, o.codes[name].label)}
        for text in allowed:
            if text not in there:
                raise ServiceError(
                    f"{subject}: no figure has {text!r} in the dimension {name!r}.",
                    variable="filters",
                    value=text,
                    remedy=suggest(text, there),
                )
        left = [o for o in left if {o.codes[name].code, o.codes[name].label} & set(allowed)]
    return left


def _published(one: Observation, differing: Sequence[str], roles: Roles, title: str) -> Published:
    labels = [one.codes[n].label for n in differing]
    unit = one.codes[roles.unit].label if roles.unit in one.codes else ""
    label = f"{title}: {', '.join(labels)}" if labels else title
    return Published(unit_of(unit), {roles.language: label})
