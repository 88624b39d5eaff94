"""Is the effect alike in all groups: estimates by group, and a test of their difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from panel.core.estimate import Estimate
from panel.core.expression import Binary, Name, Node, Number, Text, Unary, parse_expression
from panel.core.formula import Spec
from panel.core.frame import PanelFrame
from panel.core.labels import labelled, value_label
from panel.core.test import Test
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable
from panel.diagnostics.group_difference import grouping, interacted
from panel.diagnostics.hypotheses import wald
from panel.diagnostics.permutation import permutation_difference
from panel.errors import FormulaError, suggest
from panel.estimators.ols import ols
from panel.study.variations import canonical
from panel.tables.regtable import regtable
from panel.tables.style import preset
from panel.tables.table import Table

_OPPOSITE = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
_EQUAL = {
    "en": ("Equal coefficients of {focus} by {by}: {test}.", "; permutation test: p = {p}"),
    "zh": ("组间系数差异检验（{by}，{focus}）：{test}。", "；置换检验：p = {p}"),
    "ru": (
        "Равенство коэффициентов ({focus}) по группам ({by}): {test}.",
        "; перестановочный тест: p = {p}",
    ),
}


@dataclass(frozen=True, eq=False)
class Heterogeneity:
    """A coefficient by groups.

    Parameters
    ----------
    estimates : a regression for each group, by grouping and group.
    tests : by grouping, that all its groups have the same coefficient.
    permutations : by grouping of two groups, p-value of Fisher's permutation test, if asked for.
    focus : the coefficient looked at.
    """

    estimates: Mapping[tuple[str, str], Estimate]
    tests: Mapping[str, Test]
    permutations: Mapping[str, float]
    focus: str
    _plain: tuple[str, ...] = field(
        default=("estimates", "tests", "permutations"), init=False, repr=False
    )

    def __post_init__(self) -> None:
        for name in self._plain:
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __getstate__(self) -> dict[str, Any]:
        plain = {name: dict(getattr(self, name)) for name in self._plain}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    @property
    def df(self) -> pd.DataFrame:
        """One row a group: by, group, the coefficient as ``tidy()`` has it, nobs, and p-values of
        the difference: p_difference by Wald's test, p_permutation (missing if not asked for)."""
        parts = []
        for (by, group), model in self.estimates.items():
            row = model.tidy()
            row = row[row["term"] == self.focus]
            parts.append(
                row.assign(
                    by=by,
                    group=group,
                    nobs=model.nobs,
                    p_difference=self.tests[by].p_value,
                    p_permutation=self.permutations.get(by, np.nan),
                )
            )
        found = pd.concat(parts, ignore_index=True)
        return found[["by", "group", *(c for c in found.columns if c not in ("by", "group"))]]

    def table(
        self, groups: Mapping[str, str] | Sequence[str] | None = None, **options: Any
    ) -> Table:
        """One column a group, the tests of differences in the notes.

        Parameters
        ----------
        groups : the groups to show first, in order, ``["East", "Central", "West"]``, or what to
            call them, ``{"East": "东部", "Central": "中部"}``; others follow by their own names.
        options : of :func:`panel.regtable`; the notes are in the language of its style.

        Raises
        ------
        FormulaError : no such group.
        """
        notes, style = options.pop("notes", ()), preset(options.get("style"))
        own = [notes] if isinstance(notes, str) else list(notes)
        called = dict(groups) if isinstance(groups, Mapping) else dict.fromkeys(groups or (), "")
        known = [group for _, group in self.estimates]
        for group in called:
            if group not in known:
                raise FormulaError(
                    f"{group!r} is none of the groups.",
                    variable="groups", value=group, remedy=suggest(group, known),
                )  # fmt: skip
        place = {group: i for i, group in enumerate(called)}
        models: dict[str, Any] = {}
        for by, group in sorted(self.estimates, key=lambda k: place.get(k[1], len(place))):
            model = self.estimates[by, group]
            if group in (by, f"not ({by})"):  # a condition is a heading by itself
                models[called.get(group) or (by if group == by else _otherwise(by))] = model
            else:
                frame, language = model.design.frame, style.language
                name = called.get(group) or value_label(group, by, frame, language)
                over = models.setdefault(frame.label(by, language), {})
                over[group if name in over else name] = model  # two may have one label
        return regtable(models, notes=[*own, *self._notes(style.language)], **options)

    def _notes(self, language: str = "en") -> Iterable[str]:
        first = next(iter(self.estimates.values()))
        text, drawing = _EQUAL[language]
        for by, test in self.tests.items():
            drawn = self.permutations.get(by)
            plain = language == "en"  # as in df and in error messages
            more = drawing.format(p=f"{drawn:.3f}") if drawn is not None else ""
            found = f"{test.label} = {test.statistic:.2f}, p = {test.p_value:.3f}{more}"
            yield text.format(
                focus=self.focus if plain else first.label(self.focus, language),
                by=by if plain else labelled(by, first.design.frame, language),
                test=found.replace(".", ",") if language == "ru" else found,
            )

    def __str__(self) -> str:
        shown = self.df.to_string(index=False, float_format=lambda v: f"{v:.4g}")
        return "\n".join([shown, "", *self._notes()])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        body = self.df.to_html(border=0, index=False, float_format=lambda v: f"{v:.4g}")
        return f"<div>{body}<p>{'<br>'.join(map(escape, self._notes()))}</p></div>"


def heterogeneity(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    by: str | Iterable[str],
    *,
    focus: str | None = None,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    permutations: int = 0,
    seed: int = 1,
) -> Heterogeneity:
    """Least squares by groups, with tests that the groups have the same coefficient.

    Each group has a regression of its own, with all coefficients and fixed effects of its own. The
    test is Wald's on all groups in one regression with everything interacted
    (:func:`panel.interacted`), so that its covariance may cluster across groups.

    Parameters
    ----------
    formula : ``"y ~ x + controls | province + year"``; weights and sample may follow.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index.
    by : variables of groups, or conditions such as ``"year >= 2020"``; each makes its groups.
    focus : the coefficient compared; the first, if left out.
    vcov : a covariance; iid if left out.
    permutations : draws of Fisher's permutation test, for groupings of two groups; 0 for none.
    seed : of the permutations.

    Returns
    -------
    Heterogeneity

    Raises
    ------
    FormulaError : no such coefficient, no groups, or a coefficient that a group does not identify.
    EstimationError, VcovError : as for :func:`panel.ols` and :func:`panel.wald`.
    """
    spec = usable(as_spec(formula), "A comparison of groups", "fixed effects", "weights")
    data, covariance = as_frame(frame), as_vcov(vcov)
    whole = ols(spec, data, vcov=covariance)
    chosen = canonical(focus) if focus else next((n for n in whole.names if n != "(Intercept)"), "")
    if chosen not in whole.names:
        raise FormulaError(
            f"{focus!r} is not a coefficient of {spec}.",
            variable="focus",
            value=focus,
            remedy=suggest(str(focus), whole.names),
        )
    estimates, tests, drawn = {}, {}, {}
    for one in [by] if isinstance(by, str) else by:
        groups = _conditions(whole, one)
        for label, condition in groups.items():
            estimates[one, label] = ols(spec, data, vcov=covariance, sample=condition)
        tests[one] = _test(whole, one, chosen)
        if permutations and len(groups) == 2:
            found = permutation_difference(
                whole, one, terms=[chosen], draws=permutations, seed=seed
            ).table
            drawn[one] = float(found["p_value"].iloc[0])
    return Heterogeneity(estimates, tests, drawn, chosen)


def _conditions(whole: Estimate, by: str) -> dict[str, str]:
    """A sample condition for each group, by its label."""
    groups = grouping(whole, by)
    values = groups.frame[by].iloc[whole.design.rows]
    if by not in whole.design.frame and by not in (
        whole.design.frame.unit,
        whole.design.frame.time,
    ):
        condition = parse_expression(by)  # its groups are 0 and 1
        return {f"not ({by})": str(Unary("!", condition)), by: str(condition)}
    found = {}
    for label, value in zip(groups.labels, sorted(values.unique()), strict=True):
        node: Node = Text(value) if isinstance(value, str) else _number(float(value))
        found[label] = str(Binary("==", Name(by), node))
    return found


def _otherwise(by: str) -> str:
    """Where the condition does not hold: ``year < 2020`` for ``year >= 2020``."""
    node = parse_expression(by)
    if isinstance(node, Binary) and node.op in _OPPOSITE:
        return str(Binary(_OPPOSITE[node.op], node.left, node.right))
    return f"not ({by})"


def _number(value: float) -> Node:
    shown = Number(np.format_float_positional(abs(value), trim="-"))
    return Unary("-", shown) if value < 0 else shown


def _test(whole: Estimate, by: str, term: str) -> Test:
    together = interacted(whole, by)
    names = [f"{by}::{label}:{term}" for label in grouping(whole, by).labels]
    missing = [name for name in names if name not in together.names]
    if missing:
        raise FormulaError(
            f"The groups of {by!r} do not all identify {term!r}: {', '.join(missing)} is not "
            "among the coefficients.",
            variable=by,
            value=term,
            remedy="use fewer groups, or coarser fixed effects.",
        )
    return wald(together, [f"`{names[0]}` = `{other}`" for other in names[1:]])
