"""Fisher's permutation test of a difference of coefficients between two groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from numbers import Integral
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from panel.core.absorber import IntArray
from panel.core.clusters import cluster_coefficients
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.diagnostics.group_difference import Grouping, grouping
from panel.diagnostics.residuals import require_levels
from panel.diagnostics.wording import labelled
from panel.errors import EstimationError, FormulaError, suggest
from panel.kernels.groups import nested
from panel.kernels.seeds import require_seed

_TEST = "The permutation test"
_BATCH = 500  # draws at once; the labels of a batch are drawn one after the other
_TIE = 1e-9  # differences this close, relatively, are equal but for rounding


@dataclass(frozen=True, eq=False)
class PermutationTest:
    """Differences of coefficients between two groups, and their permutation p-values.

    Parameters
    ----------
    table : one row a coefficient: term, its value in each group, estimate (first less second),
        p_value (two-sided), p_greater and p_less (one-sided), p_empirical.
    groups : the two groups.
    differences : (draws, k), of exchanged labels.
    draws : number of permutations that identify all coefficients.
    settings : every choice that changes the result.
    seed : of the permutations.
    notes : what a reader must know.
    """

    table: pd.DataFrame = field(repr=False)
    groups: tuple[str, str]
    differences: FloatArray = field(repr=False)
    draws: int
    settings: Mapping[str, Any]
    seed: int
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.differences.flags.writeable = False
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    def tidy(self) -> pd.DataFrame:
        """The table (a copy)."""
        return self.table.copy()

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """The table with headings in English, Chinese or Russian.

        Raises
        ------
        DataError : another language.
        """
        return labelled(self.table, language)

    def _head(self) -> str:
        first, second = self.groups
        return (
            f"Permutation test of {self.settings['by']}: {first} less {second}, {self.draws} "
            f"permutations over {self.settings['permute']}"
        )

    def __str__(self) -> str:
        shown = self.table.to_string(index=False, float_format=lambda v: f"{v:.5g}")
        return "\n".join([self._head(), "", shown, *self.notes])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        body = self.labelled().to_html(border=0, index=False, float_format=lambda v: f"{v:.5g}")
        foot = "<br>".join(map(escape, self.notes))
        return f"<div><p><b>{escape(self._head())}</b></p>{body}<p>{foot}</p></div>"

    def __getstate__(self) -> dict[str, Any]:
        plain = {"settings": dict(self.settings)}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()


def permutation_difference(
    estimate: Estimate,
    by: str,
    *,
    terms: Iterable[str] | None = None,
    groups: Sequence[str] | None = None,
    permute: str | None = None,
    draws: int = 999,
    seed: int = 1,
) -> PermutationTest:
    """Test that two groups have the same coefficients, by exchanging the labels of the groups.

    The model is estimated in each group, with fixed effects of its own, and again for labels that
    are shuffled: as many regions as before are called East, but which ones is drawn. Under the
    hypothesis that the groups do not differ, the difference found is one draw among the others.
    The draws come from sums over regions, so that a thousand take well under a second.

    Parameters
    ----------
    estimate : by ``panel.ols`` or ``panel.pooled``, of both groups together.
    by : a variable with two groups, or a condition such as ``"year >= 2015"``.
    terms : coefficients to compare; all but the constant, if left out.
    groups : which two, and in which order, where the variable has more; the difference is the
        first less the second, and other rows are left out.
    permute : the variable whose groups have one label and exchange it: the regions, or the years
        where the label follows them, if left out. ``"rows"`` shuffles labels over rows, which
        ignores that rows of a region belong together.
    draws, seed : number of permutations, and the start of their random numbers.

    Returns
    -------
    PermutationTest. With D the difference, D* those of the permutations and B their number,
    ``p_value`` is (1 + #{|D*| >= |D|})/(1 + B), ``p_greater`` and ``p_less`` are
    (1 + #{D* >= D})/(1 + B) and (1 + #{D* <= D})/(1 + B). ``p_empirical`` is what the Stata command
    ``bdiff`` prints: c = #{D* >= D}/B, or 1 - c if c is above one half; it is one-sided in the
    direction found, and can be 0.

    Raises
    ------
    FormulaError : ``by`` has no two groups, or a term is no coefficient.
    EstimationError : not plain least squares, labels that differ inside what is permuted, a group
        that does not identify the coefficients, or draws that is no whole number from 1.

    Notes
    -----
    What is tested is that the whole distribution is the same in both groups: different variances
    or regressors count too, which :func:`panel.chow` with a robust covariance allows for.

    References
    ----------
    Fisher (1935), The Design of Experiments; Efron and Tibshirani (1993), An Introduction to the
    Bootstrap, chapter 15; Phipson and Smyth (2010), Statistical Applications in Genetics and
    Molecular Biology 9, for the added one.
    """
    require_levels(estimate, _TEST)
    if isinstance(draws, bool) or not isinstance(draws, Integral) or draws < 1:
        raise EstimationError(
            f"draws must be a whole number from 1, not {draws!r}.", variable="draws", value=draws,
            remedy="use 999.",
        )  # fmt: skip
    columns = _columns(estimate, terms)
    found = grouping(estimate, by)
    pair = _pair(found, groups)
    clusters, name = _clusters(estimate, found, permute)
    label = np.full(int(clusters.max()) + 1, -1)  # 0 and 1 for the two groups, -1 for others
    label[clusters] = np.select([found.codes == pair[0], found.codes == pair[1]], [0, 1], -1)
    own = _by_group(estimate, clusters, [label])[:, :, columns][0]
    _identified(estimate, own, columns, [found.labels[p] for p in pair])
    drawn = _by_group(estimate, clusters, _shuffled(label, int(draws), seed))[:, :, columns]
    differences = drawn[:, 0] - drawn[:, 1]
    whole = differences[np.isfinite(differences).all(axis=1)]
    if not len(whole):
        raise EstimationError(
            f"None of {draws} permutations identifies the coefficients.", variable=name,
            remedy="use fewer regressors or fixed effects, or compare fewer terms.",
        )  # fmt: skip
    lost = len(differences) - len(whole)
    notes = (f"{lost} of {draws} permutations leave nothing to estimate from.",) if lost else ()
    labels = (found.labels[pair[0]], found.labels[pair[1]])
    settings = {"by": by, "groups": labels, "permute": name, "draws": int(draws)}
    table = _table([estimate.names[j] for j in columns], labels, own, whole)
    return PermutationTest(table, labels, whole, len(whole), settings, seed, notes)


def _columns(estimate: Estimate, terms: Iterable[str] | None) -> list[int]:
    slopes = [n for n in estimate.names if n != "(Intercept)"]
    chosen = slopes if terms is None else [terms] if isinstance(terms, str) else list(terms)
    for term in chosen:
        if term not in estimate.names:
            raise FormulaError(
                f"{term!r} is not a coefficient of the model.", variable=term,
                remedy=suggest(term, estimate.names),
            )  # fmt: skip
    if not chosen:
        raise FormulaError(
            "There is no coefficient to compare.", variable="terms", remedy='give terms=["x"].'
        )
    return [estimate.names.index(t) for t in chosen]


def _pair(found: Grouping, groups: Sequence[str] | None) -> tuple[int, int]:
    """Numbers of the two groups."""
    chosen = found.labels if groups is None else tuple(map(str, groups))
    if len(chosen) != 2 or chosen[0] == chosen[1]:
        raise FormulaError(
            f"Two groups of {found.name!r} are compared, not {len(chosen)}: {', '.join(chosen)}.",
            variable="groups", value=chosen, remedy='give groups=("East", "West").',
        )  # fmt: skip
    for label in chosen:
        if label not in found.labels:
            raise FormulaError(
                f"{label!r} is not a group of {found.name!r}.", variable="groups", value=label,
                remedy=suggest(label, found.labels),
            )  # fmt: skip
    return found.labels.index(chosen[0]), found.labels.index(chosen[1])


def _clusters(estimate: Estimate, found: Grouping, permute: str | None) -> tuple[IntArray, str]:
    """Codes (n,) of what is permuted, and its name."""
    design = estimate.design
    if permute == "rows":
        return np.arange(design.n), "rows"
    keys = (design.frame.unit, design.frame.time)
    for name in keys if permute is None else (permute,):
        codes = design.groups(name)
        if nested(codes, found.codes):
            return codes, name
    shown = " and ".join(keys) if permute is None else permute
    raise EstimationError(
        f"{found.name!r} changes inside the groups of {shown}, so that these have no one label.",
        variable=found.name, value=permute,
        remedy='give permute= the variable that it follows, or permute="rows".',
    )  # fmt: skip


def _shuffled(label: IntArray, draws: int, seed: int) -> Iterator[IntArray]:
    """Labels exchanged among those that have one."""
    generator = np.random.default_rng(require_seed(seed))
    taking_part = np.flatnonzero(label >= 0)
    for _ in range(draws):
        exchanged = label.copy()
        exchanged[taking_part] = generator.permutation(label[taking_part])
        yield exchanged


def _by_group(estimate: Estimate, clusters: IntArray, labels: Iterable[IntArray]) -> FloatArray:
    """Coefficients (draws, 2, k) of both groups; NaN where a group does not identify them."""

    def memberships() -> Iterator[FloatArray]:
        batch: list[IntArray] = []
        for label in labels:
            batch += [label == 0, label == 1]
            if len(batch) >= 2 * _BATCH:
                yield np.array(batch, dtype=np.float64)
                batch.clear()
        if batch:
            yield np.array(batch, dtype=np.float64)

    found = cluster_coefficients(estimate.design, estimate.coef, clusters, memberships(), _TEST)
    return found.reshape(-1, 2, found.shape[1])


def _identified(
    estimate: Estimate, own: FloatArray, columns: list[int], labels: Sequence[str]
) -> None:
    """Stop unless both groups identify the coefficients."""
    for values, label in zip(own, labels, strict=True):
        if not bool(np.isfinite(values).all()):
            raise EstimationError(
                f"The rows of {label!r} do not identify the coefficients of "
                f"{', '.join(estimate.names)}.",
                variable=label, value=[estimate.names[j] for j in columns],
                remedy="leave out regressors that do not vary there, or use coarser effects.",
            )  # fmt: skip


def _table(
    terms: Sequence[str], labels: Sequence[str], own: FloatArray, drawn: FloatArray
) -> pd.DataFrame:
    difference, count = own[0] - own[1], len(drawn)
    tie = _TIE * np.abs(difference)
    greater = (drawn >= difference - tie).sum(axis=0)
    less = (drawn <= difference + tie).sum(axis=0)
    larger = (np.abs(drawn) >= np.abs(difference) - tie).sum(axis=0)
    share = greater / count
    return pd.DataFrame(
        {
            "term": list(terms),
            labels[0]: own[0],
            labels[1]: own[1],
            "estimate": difference,
            "p_value": (1 + larger) / (1 + count),
            "p_greater": (1 + greater) / (1 + count),
            "p_less": (1 + less) / (1 + count),
            "p_empirical": np.where(share > 0.5, 1 - share, share),
        }
    )
