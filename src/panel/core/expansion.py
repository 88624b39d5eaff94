"""From the sums that a formula's parts are to the terms of each model they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from panel.core.categories import canonical
from panel.core.expression import (
    Binary,
    Call,
    Name,
    Node,
    Number,
    Parser,
    Slopes,
    Unary,
    error_at,
    parse_expression,
    place,
    wrapped,
)

STEPWISE = ("sw", "sw0", "csw", "csw0")
SHIFTS = {"L": 1, "F": -1}
_PERIODS_ARE = ("lag", "lead")  # fixest's names of their second argument
# Binding powers: a term keeps its parentheses where it binds no more tightly than a sum, an outcome
# where | would end it, a factor where it binds more weakly than an interaction.
OUTCOME, _TERM, FACTOR = 3, 11, 14
Terms = tuple[str, ...]
Signed = list[tuple[int, str]]


def alternatives(node: Node, parser: Parser, *, effects: bool) -> list[Terms]:
    """The right sides (or sets of fixed effects) that the stepwise functions stand for."""
    choices: list[list[Signed]] = []
    for sign, part in _summands(node):
        if isinstance(part, Call) and part.function in STEPWISE:
            if sign < 0:
                raise error_at(parser.text, part.at, f"{part} cannot be subtracted.", "drop the -.")
            choices.append(_steps(part, parser, effects=effects))
        else:
            choices.append([[(sign, t) for t in _expanded(part, parser, effects=effects)]])
    found = [_collected(chain) for chain in product(*choices)]
    return [tuple(t for t in terms if t != "0") for terms in found] if effects else found


def _steps(call: Call, parser: Parser, *, effects: bool) -> list[Signed]:
    if not call.arguments or call.options:
        raise error_at(parser.text, call.at, f"{call} has nothing to step through.", "give terms.")
    each = [_signed(a, parser, effects=effects) for a in call.arguments]
    if call.function.startswith("c"):
        each = [[t for step in each[: k + 1] for t in step] for k in range(len(each))]
    return [[], *each] if call.function.endswith("0") else each


def _signed(node: Node, parser: Parser, *, effects: bool) -> Signed:
    """Terms of a sum without stepwise parts, each with +1 (add) or -1 (take away)."""
    return [
        (sign, term)
        for sign, part in _summands(node)
        for term in _expanded(part, parser, effects=effects)
    ]


def _collected(chain: Iterable[Signed]) -> Terms:
    """Union of terms in order; a negative one takes its like away, 1 and 0 settle the intercept."""
    found: dict[str, None] = {}
    for sign, term in (t for signed in chain for t in signed):
        if term in ("0", "1"):
            without = (term == "0") == (sign > 0)
            found.pop("0", None)
            found |= {"0": None} if without else {}
        elif sign < 0:
            found.pop(term, None)
        else:
            found[term] = None
    return tuple(found)


def _summands(node: Node, sign: int = 1) -> list[tuple[int, Node]]:
    found: list[tuple[int, Node]] = []
    while isinstance(node, Binary) and node.op in "+-":  # a sum leans to the left, perhaps far
        found = _summands(node.right, sign if node.op == "+" else -sign) + found
        node = node.left
    if isinstance(node, Unary) and node.op == "-":
        return _summands(node.operand, -sign) + found
    return [(sign, node), *found]


def _expanded(node: Node, parser: Parser, *, effects: bool) -> Sequence[str]:
    if isinstance(node, Call) and node.function in (*STEPWISE, "c"):
        raise error_at(
            parser.text, node.at, f"{node.function}() stands inside another term.",
            "use it as a summand of its own.",
        )  # fmt: skip
    if effects:
        return ["0"] if node == Number("0") else _effects(node, parser)
    if isinstance(node, Binary) and (node.op == ":" or _is_crossing(node)):
        left, right = _factors(node.left, node, parser), _factors(node.right, node, parser)
        products = [f"{_factor(a)}:{_factor(b)}" for a in left for b in right]
        return products if node.op == ":" else [*left, *right, *products]
    if isinstance(node, Call) and node.function in (*SHIFTS, "D"):
        return _shifts(node, parser)
    if isinstance(node, Call) and node.function == "i":
        return [str(canonical(node, parser.text))]
    if isinstance(node, Slopes):
        raise error_at(
            parser.text, place(node), "Slopes of groups cannot stand here.",
            "they stand among the fixed effects: y ~ x | province[trend].",
        )  # fmt: skip
    if isinstance(node, Number) and node.text not in ("0", "1"):
        raise error_at(
            parser.text, place(node), f"The number {node} is not a regressor.",
            "only 0 (no intercept) and 1 may stand alone.",
        )  # fmt: skip
    return [wrapped(node, _TERM)]


def _is_crossing(node: Binary) -> bool:
    """Whether it is ``a * b``; ``2 * x`` is arithmetic."""
    return node.op == "*" and not any(isinstance(s, Number) for s in (node.left, node.right))


def _factors(node: Node, product: Node, parser: Parser) -> list[str]:
    """Terms of one side of an interaction, ``x`` and ``z`` of ``(x + z):w``."""
    signed = _signed(node, parser, effects=False)
    if any(sign < 0 or term in ("0", "1") for sign, term in signed):
        raise error_at(
            parser.text, place(product), f"{product} is no product of terms.",
            "write the terms of the interaction one by one.",
        )  # fmt: skip
    return [term for _, term in signed]


def _factor(term: str) -> str:
    return wrapped(parse_expression(term), FACTOR)


def _effects(node: Node, parser: Parser) -> list[str]:
    """One fixed effect, or the groups' constants and slopes that ``fe[x, z]`` stands for."""
    if not isinstance(node, Slopes):
        return [_effect(node, parser)]
    group = _effect(node.group, parser)
    slopes = [f"{group}[[{wrapped(v, OUTCOME)}]]" for v in node.variables]
    return slopes if node.alone else [group, *slopes]


def _effect(node: Node, parser: Parser) -> str:
    """A fixed effect: a variable, or several combined with ``^``."""
    if isinstance(node, Name):
        return str(node)
    if isinstance(node, Binary) and node.op == "^":
        return f"{_effect(node.left, parser)}^{_effect(node.right, parser)}"
    raise error_at(
        parser.text, place(node), f"{node} cannot be a fixed effect.",
        "name a variable, or combine variables as in province^zone.",
    )  # fmt: skip


def _shifts(call: Call, parser: Parser) -> Sequence[str]:
    """``L(x, 0:2)`` as ``x``, ``L(x, 1)``, ``L(x, 2)``."""
    options = dict(call.options)
    steps = [*call.arguments[1:], *(options.pop(name, None) for name in _PERIODS_ARE)]
    given = [node for node in steps if node is not None]
    if not call.arguments or len(given) > 1 or options:
        raise error_at(
            parser.text, call.at, f"{call} needs a variable and a number of periods.",
            f"write {call.function}(x, 1), {call.function}(x, 1:3) or {call.function}(x, c(1, 3)).",
        )  # fmt: skip
    inner = call.arguments[0]
    shifted = []
    for k in _periods(given[0], call, parser) if given else [1]:
        if call.function == "D":
            shifted.append(f"D({inner}, {k})")
        else:
            back = k * SHIFTS[call.function]
            name = "L" if back > 0 else "F"
            shifted.append(f"{name}({inner}, {abs(back)})" if back else wrapped(inner, _TERM))
    return shifted


def _periods(node: Node, call: Call, parser: Parser) -> Sequence[int]:
    """The whole numbers that ``2``, ``0:2`` or ``c(1, 3)`` stand for."""
    if isinstance(node, Call) and node.function == "c" and node.arguments and not node.options:
        return [k for argument in node.arguments for k in _periods(argument, call, parser)]
    if isinstance(node, Binary) and node.op == ":":
        first, last = (_whole(side, call, parser) for side in (node.left, node.right))
        return range(first, last + 1) if first <= last else range(first, last - 1, -1)
    return [_whole(node, call, parser)]


def _whole(node: Node, call: Call, parser: Parser) -> int:
    sign = -1 if isinstance(node, Unary) and node.op == "-" else 1
    number = node.operand if isinstance(node, Unary) else node
    if not isinstance(number, Number) or not number.text.isdigit():
        raise error_at(
            parser.text, call.at, f"{node} in {call} is not a whole number of periods.",
            f"write {call.function}(x, 1).",
        )  # fmt: skip
    return sign * int(number.text)
