"""Model formulas in fixest's grammar.

::

    y ~ x1 + log(x2) | province + year | d ~ z1 + z2

Left of ``~`` the outcome (``c(y1, y2)`` for several), then regressors, then fixed effects to be
absorbed (``a^b`` for a combination, ``a[x]`` for a constant and a slope on x for each group,
``a[[x]]`` for the slope alone), then endogenous regressors and their instruments. Terms:
``L(x, 1)``, ``F(x, 1)``, ``D(x)`` lag, lead and difference by the calendar (``L(x, 0:2)`` for a
range), ``i(group, ref="East")`` dummies, ``a:b`` interaction, ``a*b`` with main effects,
``poly(x, 2)`` powers, ``sw() sw0() csw() csw0()`` stepwise alternatives, ``0`` or ``-1`` no
intercept. ``; weights = w`` (``frequency(n)`` for rows that stand for n equal ones) and
``; sample = year > 2012`` may follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

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
    names_in,
    parse_expression,
    too_deep,
    wrapped,
)
from panel.errors import FormulaError

_STEPWISE = ("sw", "sw0", "csw", "csw0")
SHIFTS = {"L": 1, "F": -1, "lag": 1, "lead": -1}
# Binding powers: a term keeps its parentheses where it binds no more tightly than a sum, an outcome
# where | would end it, a factor where it binds more weakly than an interaction.
_OUTCOME, _TERM, FACTOR = 3, 11, 14
Terms = tuple[str, ...]
Signed = list[tuple[int, str]]


@dataclass(frozen=True)
class Spec:
    """One model, as text in canonical spelling: ``parse(str(spec)) == spec``.

    Parameters
    ----------
    y : the outcome, an expression.
    x : terms of the right side; "0" among them means no intercept.
    absorb : fixed effects.
    endogenous, instruments : the terms of the third part.
    weights : expression of the weights.
    sample : condition a row must meet.
    """

    y: str
    x: Terms = ()
    absorb: Terms = ()
    endogenous: Terms = ()
    instruments: Terms = ()
    weights: str | None = None
    sample: str | None = None

    def __str__(self) -> str:
        parts = [f"{self.y} ~ {' + '.join(self.x) or '1'}"]
        if self.absorb or self.instruments:
            parts.append(" + ".join(self.absorb) or "0")
        if self.instruments:
            parts.append(f"{' + '.join(self.endogenous)} ~ {' + '.join(self.instruments)}")
        text = " | ".join(parts)
        for name in ("weights", "sample"):
            if getattr(self, name) is not None:
                text += f"; {name} = {getattr(self, name)}"
        return text

    @property
    def intercept(self) -> bool:
        """Whether a constant is estimated: not with fixed effects, not after ``0`` or ``-1``."""
        return "0" not in self.x and not self.absorb

    @property
    def frequency(self) -> str | None:
        """How many equal rows each stands for: n of the weights ``frequency(n)``."""
        node = parse_expression(self.weights or "1")
        counts = isinstance(node, Call) and node.function == "frequency"
        return str(node.arguments[0]) if counts and len(node.arguments) == 1 else None  # type: ignore[union-attr]

    @property
    def analytic(self) -> str | None:
        """The weights, unless they count rows."""
        return self.weights if self.frequency is None else None

    @property
    def terms(self) -> Terms:
        """The regressors without the marker of a missing intercept."""
        return tuple(t for t in self.x if t != "0")

    def with_(self, weights: str | None, sample: str | None) -> Spec:
        """The same model with weights or a (further) sample condition given apart from it."""
        if weights and self.weights:
            raise FormulaError(
                f"The formula has weights already.\n    {self}",
                variable=weights,
                value=self.weights,
                remedy="give weights once.",
            )
        if sample and self.sample:
            sample = f"({self.sample}) & ({sample})"
        return replace(
            self,
            weights=str(parse_expression(weights)) if weights else self.weights,
            sample=str(parse_expression(sample)) if sample else self.sample,
        )


def parts_of(effect: str) -> tuple[str, ...]:
    """Variables that a fixed effect or cluster combines: ``zone`` and ``year`` of ``zone^year``;
    those of its slopes follow.

    A name that holds ``^`` itself stands in backticks, as in a formula.
    """
    group, slope = slope_of(effect)
    found = [p.strip().strip("`") for p in re.findall(r"`[^`]+`|[^`^]+", group) if p.strip()]
    return (*found, *(sorted(names_in(parse_expression(slope))) if slope else ()))


def slope_of(effect: str) -> tuple[str, str | None]:
    """The groups and the variable of slopes, ``province`` and ``x`` of ``province[[x]]``; None for
    plain fixed effects."""
    if "[[" not in effect:
        return effect, None
    node = parse_expression(effect)
    if not isinstance(node, Slopes):  # a quoted name
        return effect, None
    return str(node.group), str(node.variables[0])


def parse(formula: str) -> Spec:
    """The model a formula stands for.

    Raises
    ------
    FormulaError : outside the grammar, or several models (``sw``, ``csw``, ``c(y1, y2)``).
    """
    specs = expand(formula)
    if len(specs) != 1:
        raise FormulaError(
            f"The formula stands for {len(specs)} models.\n    {formula}",
            variable=formula,
            remedy="estimate them all with panel.many(formula, frame).",
        )
    return specs[0]


def expand(formula: str) -> tuple[Spec, ...]:
    """All models of a formula with stepwise parts and several outcomes, in the order written.

    Raises
    ------
    FormulaError : outside the grammar.
    """
    if not isinstance(formula, str):
        raise FormulaError(
            f"A formula is a text, not {type(formula).__name__}.",
            variable="formula",
            value=formula,
            remedy='write it in quotes: "y ~ x | province + year".',
        )
    try:
        return _models(formula)
    except RecursionError as error:
        raise too_deep(formula) from error


@lru_cache(maxsize=256)
def _models(formula: str) -> tuple[Spec, ...]:
    parser = Parser(formula, logic=False)
    outcomes = _outcomes(parser)
    if not parser.at_op("~"):
        raise error_at(
            formula, parser.word.at, "A formula needs '~' between outcome and regressors.",
            'write for instance "y ~ x | province + year".',
        )  # fmt: skip
    parser.take("~")
    right = _alternatives(parser.expression(), parser, effects=False)
    absorb: list[Terms] = [()]
    third: list[tuple[Terms, Terms]] = [((), ())]
    if parser.at_op("|"):
        parser.take()
        node = parser.expression()
        if parser.at_op("~"):
            third = _instruments(node, parser)
        else:
            absorb = _alternatives(node, parser, effects=True)
            if parser.at_op("|"):
                parser.take()
                third = _instruments(parser.expression(), parser)
    options = _options(parser)
    return tuple(
        Spec(y, x, fe, *ends, options.get("weights"), options.get("sample"))
        for y, fe, ends, x in product(outcomes, absorb, third, right)
    )


def _outcomes(parser: Parser) -> tuple[str, ...]:
    node = parser.expression()
    several = isinstance(node, Call) and node.function == "c"
    outcomes = node.arguments if several else (node,)  # type: ignore[union-attr]
    return tuple(wrapped(outcome, _OUTCOME) for outcome in outcomes)


def _instruments(node: Node, parser: Parser) -> list[tuple[Terms, Terms]]:
    """The pairs of endogenous regressors and instruments that the third part stands for."""
    parser.take("~")
    endogenous = _alternatives(node, parser, effects=False)
    instruments = _alternatives(parser.expression(), parser, effects=False)
    for choices, what in ((endogenous, "endogenous regressor"), (instruments, "instrument")):
        if any(not terms or "0" in terms for terms in choices):
            raise FormulaError(
                f"The third part has no {what}.\n    {parser.text}",
                variable=what,
                remedy="write endogenous ~ instruments, stepwise with sw() or csw() but not from "
                "none, or leave the part out.",
            )
    return list(product(endogenous, instruments))


def _options(parser: Parser) -> dict[str, str]:
    found: dict[str, str] = {}
    while parser.at_op(";"):
        parser.take()
        name = parser.take()
        if name.text not in ("weights", "sample") or name.text in found:
            raise error_at(
                parser.text, name.at, f"{name.text!r} is not an option of a formula.",
                "after ';' write weights = ... or sample = ..., each once.",
            )  # fmt: skip
        parser.take("=")
        parser.logic = True
        found[name.text] = str(parser.expression())
    if parser.word.kind != "end":
        raise error_at(
            parser.text, parser.word.at, f"{parser.word.text!r} cannot stand here.",
            "a formula has the parts y ~ x | fixed effects | endogenous ~ instruments.",
        )  # fmt: skip
    return found


def _alternatives(node: Node, parser: Parser, *, effects: bool) -> list[Terms]:
    """The right sides (or sets of fixed effects) that the stepwise functions stand for."""
    choices: list[list[Signed]] = []
    for sign, part in _summands(node):
        if isinstance(part, Call) and part.function in _STEPWISE:
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
    if isinstance(node, Call) and node.function in (*_STEPWISE, "c"):
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
    if isinstance(node, Slopes):
        raise error_at(
            parser.text, parser.text.find("["), "Slopes of groups cannot stand here.",
            "they stand among the fixed effects: y ~ x | province[trend].",
        )  # fmt: skip
    if isinstance(node, Number) and node.text not in ("0", "1"):
        raise FormulaError(
            f"The number {node} is not a regressor.\n    {parser.text}",
            variable=str(node),
            remedy="only 0 (no intercept) and 1 may stand alone.",
        )
    return [wrapped(node, _TERM)]


def _is_crossing(node: Binary) -> bool:
    """Whether it is ``a * b``; ``2 * x`` is arithmetic."""
    return node.op == "*" and not any(isinstance(s, Number) for s in (node.left, node.right))


def _factors(node: Node, product: Node, parser: Parser) -> list[str]:
    """Terms of one side of an interaction, ``x`` and ``z`` of ``(x + z):w``."""
    signed = _signed(node, parser, effects=False)
    if any(sign < 0 or term in ("0", "1") for sign, term in signed):
        raise FormulaError(
            f"{product} is no product of terms.\n    {parser.text}",
            variable=str(product),
            remedy="write the terms of the interaction one by one.",
        )
    return [term for _, term in signed]


def _factor(term: str) -> str:
    return wrapped(parse_expression(term), FACTOR)


def _effects(node: Node, parser: Parser) -> list[str]:
    """One fixed effect, or the groups' constants and slopes that ``fe[x, z]`` stands for."""
    if not isinstance(node, Slopes):
        return [_effect(node, parser)]
    group = _effect(node.group, parser)
    slopes = [f"{group}[[{wrapped(v, _OUTCOME)}]]" for v in node.variables]
    return slopes if node.alone else [group, *slopes]


def _effect(node: Node, parser: Parser) -> str:
    """A fixed effect: a variable, or several combined with ``^``."""
    if isinstance(node, Name):
        return str(node)
    if isinstance(node, Binary) and node.op == "^":
        return f"{_effect(node.left, parser)}^{_effect(node.right, parser)}"
    raise FormulaError(
        f"{node} cannot be a fixed effect.\n    {parser.text}",
        variable=str(node),
        remedy="name a variable, or combine variables as in province^zone.",
    )


def _shifts(call: Call, parser: Parser) -> Sequence[str]:
    """``L(x, 0:2)`` as ``x``, ``L(x, 1)``, ``L(x, 2)``."""
    if not 1 <= len(call.arguments) <= 2 or call.options:
        raise error_at(
            parser.text, call.at, f"{call} needs a variable and a number of periods.",
            f"write {call.function}(x, 1) or {call.function}(x, 1:3).",
        )  # fmt: skip
    inner = call.arguments[0]
    steps = call.arguments[1] if len(call.arguments) == 2 else Number("1")
    if isinstance(steps, Binary) and steps.op == ":":
        first, last = _whole(steps.left, call, parser), _whole(steps.right, call, parser)
        periods = list(range(first, last + 1) if first <= last else range(first, last - 1, -1))
    else:
        periods = [_whole(steps, call, parser)]
    shifted = []
    for k in periods:
        if call.function == "D":
            shifted.append(f"D({inner}, {k})")
        else:
            back = k * SHIFTS[call.function]
            name = "L" if back > 0 else "F"
            shifted.append(f"{name}({inner}, {abs(back)})" if back else wrapped(inner, _TERM))
    return shifted


def _whole(node: Node, call: Call, parser: Parser) -> int:
    sign = -1 if isinstance(node, Unary) and node.op == "-" else 1
    number = node.operand if isinstance(node, Unary) else node
    if not isinstance(number, Number) or not number.text.isdigit():
        raise error_at(
            parser.text, call.at, f"{node} in {call} is not a whole number of periods.",
            f"write {call.function}(x, 1).",
        )  # fmt: skip
    return sign * int(number.text)
