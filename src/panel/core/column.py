"""What is known of a column beside its numbers: unit, labels, where the figures come from."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from panel.core.categories import shown
from panel.core.fields import fields_as_html
from panel.errors import UnknownVariableError, suggest

if TYPE_CHECKING:
    from panel.core.steps import Step

Labels = str | Mapping[str, str]
LANGUAGES = ("en", "zh", "ru")


@dataclass(frozen=True)
class Origin:
    """Where published figures stand.

    ``read_in`` names the copy they were read in, where that is not the publication itself.
    ``title`` says what the file holds and ``read`` on which day it was read, both for its citation.
    ``times`` and ``regions`` limit the origin to some years and regions where a series is pieced
    together from several publications; empty means all of the column.
    """

    file: str
    column: str
    unit: str
    publisher: str
    publication: str = ""
    vintage: str = ""
    licence: str = ""
    note: str = ""
    times: tuple[Any, ...] = ()
    regions: tuple[Hashable, ...] = ()
    read_in: str = ""
    title: str = ""
    read: str = ""

    def covers(self, time: Any, region: Hashable = None) -> bool:
        """Whether the origin holds for that year (and region, if one is given)."""
        here = region is None or not self.regions or region in self.regions
        return here and (not self.times or time in self.times)

    def __str__(self) -> str:
        where = f"{self.file}, column {self.column!r}"
        what = f"{self.publisher}, {self.publication}" if self.publication else self.publisher
        unit = f" [{self.unit}]" if self.unit else ""
        vintage = f" ({self.vintage})" if self.vintage else ""
        read_in = f"; read in {self.read_in}" if self.read_in else ""
        return f"{where}{unit}: {what}{vintage}{read_in}"


@dataclass(frozen=True)
class Adjustment:
    """What was done to some cells of a column after they were published.

    ``text`` says it ("sum of RU-PER-OBL and RU-KOP-AO"), ``keys`` are the (unit, time) of the
    cells, ``words`` the text in the order of ``LANGUAGES``, where there are others than English.
    """

    text: str
    keys: frozenset[tuple[Hashable, Any]]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """Metadata of one variable; the numbers stand in the frame.

    Parameters
    ----------
    unit : unit of measurement as printed ("亿元", "percent"); empty for a pure number.
    labels : text by language ("en", "zh", "ru").
    origins : the publications the figures were taken from.
    expression : the formula, if the column was computed from others of the frame.
    inputs : names of the columns it was computed from.
    note : what a reader must know, for instance that it is the nearest official measure.
    notes : the note in other languages ("zh", "ru").
    filled : (unit, time) keys of cells that were interpolated rather than published.
    adjustments : what was done to cells when regions were brought to other boundaries.
    steps : what was done to cells in cleaning, first to last.
    value_labels : what a category or code is called, by value and language.
    """

    unit: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    expression: str = ""
    inputs: tuple[str, ...] = ()
    note: str = ""
    filled: frozenset[tuple[Hashable, Any]] = frozenset()
    adjustments: tuple[Adjustment, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    value_labels: Mapping[Any, Mapping[str, str]] = field(default_factory=dict)

    _repr_html_ = fields_as_html

    def __post_init__(self) -> None:
        # By the text of a value, as the name of its dummy has it.
        values = {shown(v): _by_language(labels) for v, labels in self.value_labels.items()}
        object.__setattr__(self, "labels", _by_language(self.labels))
        object.__setattr__(self, "value_labels", MappingProxyType(values))
        object.__setattr__(self, "notes", MappingProxyType(dict(self.notes)))

    def __reduce__(self) -> tuple[Any, ...]:  # a mapping proxy does not pickle
        made = (self.unit, dict(self.labels), self.origins, self.expression, self.inputs)
        done = (self.note, self.filled, self.adjustments, dict(self.notes), self.steps)
        return (Column, (*made, *done, {v: dict(of) for v, of in self.value_labels.items()}))

    @property
    def record(self) -> tuple[Adjustment | Step, ...]:
        """All that was done to its cells: changes of boundaries, then steps of cleaning."""
        return (*self.adjustments, *self.steps)

    @property
    def label(self) -> str:
        """The English label, or the first there is; empty if none was given."""
        return _english(self.labels)

    def label_in(self, language: str) -> str:
        """The label in that language, else the English one."""
        return self.labels.get(language) or self.label

    def note_in(self, language: str) -> str:
        """The note in that language, else the English one."""
        return self.notes.get(language) or self.note

    def value_in(self, value: Any, language: str = "en") -> str:
        """What a value is called in that language, else in English, else the value as text."""
        called = self.value_labels.get(text := shown(value), {})
        return called.get(language) or _english(called) or text

    def with_(self, **changes: Any) -> Column:
        """The same column with some entries changed; a new note loses the old translations."""
        if "note" in changes:
            changes = {"notes": {}} | changes
        return replace(self, **changes)


def _by_language(labels: Labels) -> Mapping[str, str]:
    """Text by language, of which one text is English."""
    return MappingProxyType({"en": labels} if isinstance(labels, str) else dict(labels))


def _english(labels: Mapping[str, str]) -> str:
    return labels.get("en") or next(iter(labels.values()), "")


def described(
    names: Sequence[str],
    units: Mapping[str, str],
    labels: Mapping[str, Labels],
    origins: Mapping[str, Origin | Sequence[Origin]],
    value_labels: Mapping[str, Mapping[Any, Labels]],
) -> dict[str, Column]:
    """Columns by name, from what is given of some of them.

    Raises
    ------
    UnknownVariableError : something is given for a name that is not there.
    """
    given = {"units": units, "labels": labels, "origins": origins, "value_labels": value_labels}
    for what, of in given.items():
        for name in of:
            if name not in names:
                raise UnknownVariableError(
                    f"{what} names column {name!r}, which the data do not have.",
                    variable=name,
                    remedy=suggest(name, names),
                )
    columns = {}
    for name in names:
        origin = origins.get(name, ())
        columns[name] = Column(
            unit=units.get(name, ""),
            labels=_by_language(labels.get(name, {})),
            origins=(origin,) if isinstance(origin, Origin) else tuple(origin),
            value_labels={v: _by_language(of) for v, of in value_labels.get(name, {}).items()},
        )
    return columns
