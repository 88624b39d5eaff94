"""Model formulas in fixest's grammar.

::

    y ~ x1 + log(x2) | province + year | d ~ z1 + z2

Left of ``~`` the outcome (``c(y1, y2)`` for several), then regressors, then fixed effects to be
absorbed (``a^b`` for a combination, ``a[x]`` for a constant and a slope on x for each group,
``a[[x]]`` for the slope alone), then endogenous regressors and their instruments. Terms:
``L(x, 1)``, ``F(x, 1)``, ``D(x)`` lag, lead and difference by the calendar (``L(x, 0:2)`` for a
range, ``L(x, c(1, 3))`` for several), ``i(group, ref="East")`` dummies (``core.categories``),
``a:b`` interaction, ``a*b`` with main effects, ``poly(x, 2)`` powers, ``sw() sw0() csw() csw0()``
stepwise alternatives, ``0`` or ``-1`` no intercept. ``; weights = w`` (``frequency(n)`` for rows
that stand for n equal ones) and ``; sample = year > 2012`` may follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product

from panel.core.evaluation import ELEMENTARY
from panel.core.expansion import OUTCOME, SHIFTS, STEPWISE, Terms, alternatives
from panel.core.expression import (
    OTHER_NAMES,
    Call,
    Node,
    Parser,
    Slopes,
    error_at,
    misplaced,
    names_in,
    parse_expression,
    too_deep,
    wrapped,
)
from panel.core.fields import fields_as_html
from panel.errors import FormulaError, suggest

_FUNCTIONS = frozenset(
    {*ELEMENTARY, *SHIFTS, *STEPWISE, *OTHER_NAMES, "D", "i", "poly", "c", "list", "frequency"}
)


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

    _repr_html_ = fields_as_html

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
        for option, given in (("weights", weights), ("sample", sample)):
            if given is not None and not isinstance(given, str):
                raise FormulaError(
                    f"{option} is a text, not {type(given).__name__}.",
                    variable=option, value=type(given).__name__,
                    remedy='name columns of the data: weights="population", sample="year > 2012".',
                )  # fmt: skip
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
    _check_functions(parser)
    outcomes = _outcomes(parser)
    if not parser.at_op("~"):
        raise error_at(
            formula, parser.word.at, "A formula needs '~' between outcome and regressors.",
            'write for instance "y ~ x | province + year".',
        )  # fmt: skip
    parser.take("~")
    right = alternatives(parser.expression(), parser, effects=False)
    absorb: list[Terms] = [()]
    third: list[tuple[Terms, Terms]] = [((), ())]
    if parser.at_op("|"):
        parser.take()
        node = parser.expression()
        if parser.at_op("~"):
            third = _instruments(node, parser)
        else:
            absorb = alternatives(node, parser, effects=True)
            if parser.at_op("|"):
                parser.take()
                third = _instruments(parser.expression(), parser)
    options = _options(parser)
    return tuple(
        Spec(y, x, fe, *ends, options.get("weights"), options.get("sample"))
        for y, fe, ends, x in product(outcomes, absorb, third, right)
    )


def _check_functions(parser: Parser) -> None:
    for j, (word, following) in enumerate(pairwise(parser.words)):
        if word.kind != "name" or following.text != "(" or word.text in _FUNCTIONS:
            continue
        remedy = suggest(word.text, _FUNCTIONS)
        if word.text in ("C", "factor"):
            remedy = f"for dummies write i({parser.words[j + 2].text}) among the regressors."
        raise error_at(
            parser.text, word.at, f"Function {word.text!r} may not be called in a formula.",
            f"{remedy} Compute anything else with pandas and put it into the frame.",
        )  # fmt: skip


def _outcomes(parser: Parser) -> tuple[str, ...]:
    node = parser.expression()
    several = isinstance(node, Call) and node.function == "c"
    outcomes = node.arguments if several else (node,)  # type: ignore[union-attr]
    return tuple(wrapped(outcome, OUTCOME) for outcome in outcomes)


def _instruments(node: Node, parser: Parser) -> list[tuple[Terms, Terms]]:
    """The pairs of endogenous regressors and instruments that the third part stands for."""
    parser.take("~")
    endogenous = alternatives(node, parser, effects=False)
    instruments = alternatives(parser.expression(), parser, effects=False)
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
        remedy = "a formula has the parts y ~ x | fixed effects | endogenous ~ instruments."
        raise misplaced(parser, remedy)
    return found
