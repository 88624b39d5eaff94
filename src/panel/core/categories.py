"""Categories in formulas: what ``i()`` stands for, in fixest's spellings of it.

::

    i(zone, ref="East")                          dummies, one level left out
    i(year, treated, ref=c(2014, 2015))          interacted with a variable, two left out
    i(year, keep=2012:2015)                      these levels only
    i(year, bin="bin::3", ref=2010)              three years a dummy, named by the first
    i(zone, bin=list("inland"=c("Central", "West")))
    i(year, i(zone, ref="East"))                 both by category; fixest's i(year, i.zone, ref2=)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from panel.core.expression import Binary, Call, Name, Node, Number, Text, Unary, error_at
from panel.errors import FormulaError, suggest

if TYPE_CHECKING:
    from panel.core.frame import FloatArray, PanelFrame

_ARGUMENTS = ("factor_var", "var", "ref", "keep", "bin")
_OPTIONS = _ARGUMENTS[2:]
_SECOND = {f"{option}2": option for option in _OPTIONS}
_WHOLE = re.compile(r"-?\d+")
# A value as a name shows it, or all whole numbers of a range.
Item = str | range


def canonical(call: Call, text: str) -> Call:
    """``i(zone, x, ref=...)`` from any of fixest's spellings of it in the formula ``text``.

    Raises
    ------
    FormulaError : an argument that ``i()`` does not have, or one given twice.
    """
    given = _named(call, text)
    second = given.pop("var", None)
    if second is not None and _literal(second) and "ref" not in given:
        given["ref"], second = second, None  # i(year, 2015)
    inner = {_SECOND[option]: given.pop(option) for option in _SECOND if option in given}
    if isinstance(second, Name) and second.name.startswith("i."):
        second = Call("i", (Name(second.name.removeprefix("i.")),))
    if isinstance(second, Call) and second.function == "i":
        second = canonical(second, text)
        second = Call("i", second.arguments, (*second.options, *inner.items()))
    elif inner:
        raise error_at(
            text, call.at, f"{call} has no second variable of categories.",
            'write it with i() too: i(year, i(zone, ref="East")).',
        )  # fmt: skip
    arguments = (given.pop("factor_var"),) + (() if second is None else (second,))
    return Call("i", arguments, tuple((o, given[o]) for o in _OPTIONS if o in given), call.at)


def _named(call: Call, text: str) -> dict[str, Node]:
    """The arguments of ``i()`` by fixest's names of them."""
    if len(call.arguments) > len(_ARGUMENTS):
        raise _needs_variable(call)
    given: dict[str, Node] = dict(zip(_ARGUMENTS, call.arguments, strict=False))
    for option, node in call.options:
        if option not in (*_ARGUMENTS, *_SECOND):
            raise error_at(
                text, call.at, f"{option!r} is not an option of i().",
                'i() takes ref, keep and bin: i(zone, ref="East").',
            )  # fmt: skip
        if option in given:
            raise error_at(text, call.at, f"{call} gives {option} twice.", "give it once.")
        given[option] = node
    if "factor_var" not in given:
        raise _needs_variable(call)
    return given


def _needs_variable(call: Call) -> FormulaError:
    return FormulaError(
        f"{call} needs a variable of categories, and perhaps a variable to interact it with.",
        variable=str(call),
        remedy='write i(zone), i(zone, ref="East") or i(year, treated, ref=2015).',
    )


def _literal(node: Node) -> bool:
    if isinstance(node, Unary):
        return node.op == "-" and isinstance(node.operand, Number)
    if isinstance(node, Binary):
        return node.op == ":" and _literal(node.left) and _literal(node.right)
    return isinstance(node, (Number, Text)) or (isinstance(node, Call) and node.function == "c")


def dummies(call: Call, frame: PanelFrame, *, new: bool) -> dict[str, FloatArray]:
    """The dummies (n,) of the first variable of ``i()`` by name, ``zone::West``; missing where it
    is.

    Parameters
    ----------
    call : in canonical spelling.
    new : whether the frame may lack levels that the call names, as one of rows to predict.

    Raises
    ------
    FormulaError : no variable of categories, or levels that are none.
    """
    if not 1 <= len(call.arguments) <= 2 or not isinstance(call.arguments[0], Name):
        raise _needs_variable(call)
    name, options = call.arguments[0].name, dict(call.options)
    if strange := [option for option in options if option not in _OPTIONS]:
        raise FormulaError(
            f"{strange[0]!r} is not an option of i().", variable=str(call), value=strange[0],
            remedy='i() takes ref, keep and bin: i(zone, ref="East").',
        )  # fmt: skip
    values = frame[name]
    levels = {shown(level): [level] for level in sorted(values.dropna().unique())}
    if "bin" in options:
        levels = _binned(levels, options["bin"], call, new=new)
    left = list(levels)
    if "keep" in options:
        kept = set(_chosen(options["keep"], left, call, new=new))
        left = [label for label in left if label in kept]
    if "ref" in options:
        out = set(_chosen(options["ref"], list(levels), call, new=new))
        left = [label for label in left if label not in out]
    if not left and not new:
        raise FormulaError(
            f"{call} leaves none of the levels of {name!r}.", variable=str(call), value=name,
            remedy="leave out fewer levels, or keep more.",
        )  # fmt: skip
    missing = values.isna().to_numpy()
    return {
        f"{name}::{label}": np.where(missing, np.nan, _among(values, levels[label]))
        for label in left
    }


def reference(call: Call) -> str | None:
    """The level that ``i()`` leaves out, the first of several; None without one."""
    said = dict(call.options).get("ref")
    first = None if said is None else next(_items(said, call))
    return str(first[0]) if isinstance(first, range) else first


def shown(level: Any) -> str:
    """A level as the name of its dummy shows it."""
    whole = isinstance(level, float) and level.is_integer()
    return str(int(level)) if whole else str(level)


def _among(values: pd.Series, members: Sequence[Any]) -> FloatArray:
    found = values == members[0] if len(members) == 1 else values.isin(members)
    return np.asarray(found.to_numpy(float))


def _items(node: Node, call: Call) -> Iterator[Item]:
    """The values that ``"East"``, ``2015``, ``2012:2015`` or ``c()`` of these stand for."""
    if isinstance(node, Call) and node.function == "c" and node.arguments and not node.options:
        for argument in node.arguments:
            yield from _items(argument, call)
    elif isinstance(node, Binary) and _literal(node):
        first, last = (next(_items(side, call)) for side in (node.left, node.right))
        if not all(isinstance(end, str) and _WHOLE.fullmatch(end) for end in (first, last)):
            raise _no_values(node, call)
        low, high = int(str(first)), int(str(last))
        yield range(low, high + 1) if low <= high else range(low, high - 1, -1)
    elif isinstance(node, Text):
        if node.value.startswith("@"):
            raise _no_values(node, call)
        yield node.value
    elif _literal(node) and not isinstance(node, Call):
        text = str(node)
        yield text if _WHOLE.fullmatch(text) else shown(float(text))
    elif isinstance(node, Name):
        yield node.name
    else:
        raise _no_values(node, call)


def _no_values(node: Node, call: Call) -> FormulaError:
    return FormulaError(
        f"{node} in {call} does not name levels.", variable=str(call), value=str(node),
        remedy='name them: "East", 2015, c("East", "West") or 2012:2015.',
    )  # fmt: skip


def _chosen(node: Node, labels: Sequence[str], call: Call, *, new: bool) -> list[str]:
    """The ``labels`` that are named, in that order."""
    found: dict[str, None] = {}
    for item in _items(node, call):
        if isinstance(item, range):
            own = [v for v in labels if _WHOLE.fullmatch(v) and int(v) in item]
        else:
            own = [v for v in labels if v == item]
        if not own and not new:
            said = f"{item[0]}:{item[-1]}" if isinstance(item, range) else item
            raise FormulaError(
                f"{said!r} in {call} is not a level of the variable.", variable=str(call),
                value=said, remedy=suggest(said, labels),
            )  # fmt: skip
        found |= dict.fromkeys(own)
    return list(found)


def _binned(
    levels: Mapping[str, list[Any]], node: Node, call: Call, *, new: bool
) -> dict[str, list[Any]]:
    """The levels by the names of the groups that ``bin=`` makes of them, in their order."""
    if isinstance(node, Text):
        return _equal_bins(levels, node.value, call)
    labels, into = list(levels), {}
    for group, members in _groups(node):
        if group is None:  # called by its first value, which must occur
            first = next(_items(members, call))
            group = str(first[0]) if isinstance(first, range) else first
            _chosen(Text(group), labels, call, new=new)
        for label in _chosen(members, labels, call, new=new):
            if label in into:
                raise _ambiguous(label, call)
            into[label] = group
    found: dict[str, list[Any]] = {}
    for label, level in levels.items():
        group = into.get(label, label)
        if label not in into and group in into.values():
            raise _ambiguous(label, call)
        found.setdefault(group, []).extend(level)
    return found


def _ambiguous(label: str, call: Call) -> FormulaError:
    return FormulaError(
        f"{label!r} belongs to two groups in {call}.", variable=str(call), value=label,
        remedy="let each level stand once, and give groups names that no other level has.",
    )  # fmt: skip


def _groups(node: Node) -> Iterator[tuple[str | None, Node]]:
    """Names (None for none) and members of the groups of ``bin=c(...)`` or ``bin=list(...)``."""
    if not (isinstance(node, Call) and node.function == "list"):
        yield None, node
        return
    yield from ((None, members) for members in node.arguments)
    yield from node.options


def _equal_bins(levels: Mapping[str, list[Any]], text: str, call: Call) -> dict[str, list[Any]]:
    """Groups of so many whole numbers, called by the lowest that could be in them.

    fixest calls them by the lowest that is. That name, and all groups of ``"!bin::3"``, would
    depend on which levels there are, so that rows to predict would be grouped otherwise.
    """
    width = text.removeprefix("bin::")
    if width == text or not width.isdigit() or int(width) == 0:
        raise FormulaError(
            f'bin="{text}" in {call} is not a way of grouping here.', variable=str(call),
            value=text, remedy='write bin="bin::3" for three whole numbers a group, '
            'bin=list("early"=2010:2014, "late"=2015:2019) for groups of your own, or put the '
            "groups into the frame with pandas.cut.",
        )  # fmt: skip
    found: dict[str, list[Any]] = {}
    for label, (level,) in levels.items():
        if isinstance(level, (bool, np.bool_)) or not isinstance(level, (int, float, np.number)):
            raise FormulaError(
                f'bin="{text}" groups numbers, but {label!r} in {call} is none.',
                variable=str(call),
                value=label,
                remedy='name the levels: bin=c("East", "West").',
            )
        found.setdefault(shown(float(level) // int(width) * int(width)), []).append(level)
    return found
