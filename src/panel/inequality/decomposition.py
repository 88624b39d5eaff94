"""Inequality within and between groups of regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd

from panel.core.column import LANGUAGES
from panel.core.formula import parts_of
from panel.core.frame import FloatArray, IntArray, PanelFrame
from panel.core.labels import Label, label_of, value_label
from panel.errors import DataError, suggest
from panel.inequality.observed import Bound, Observed, observed, require_several
from panel.inequality.wording import as_html, as_text, by_row, headed, heading
from panel.kernels import inequality as kernel
from panel.kernels.groups import nested

_TABLES = ("df", "groups", "pairs")


@dataclass(frozen=True, eq=False)
class Decomposition:
    """An index of inequality and its parts by year.

    Parameters
    ----------
    title : what was decomposed by which index, in three languages.
    df : one row a year: total, its parts, which add up to it, and their shares of it.
    groups : one row a year and group: n regions, population (share of the weights), share (of the
        total of the variable), mean, the index within the group, and its contribution.
    pairs : one row a year and pair of groups, for Dagum's decomposition: Gini coefficient between
        them, relative affluence, and what they contribute; empty for others.
    notes : what a reader must know of rows and settings.
    groupings : labels of the groupings, from coarse to fine.
    members : labels of the finest one's groups.
    """

    title: Label
    df: pd.DataFrame
    groups: pd.DataFrame
    pairs: pd.DataFrame
    notes: tuple[str, ...] = ()
    groupings: Mapping[str, Label] = field(default_factory=dict)
    members: Mapping[Any, Label] = field(default_factory=dict)

    def tidy(self) -> pd.DataFrame:
        """One row a year and part."""
        parts = self.df[[c for c in self.df if not str(c).endswith("_share")]]
        return by_row(parts, "part")

    def labelled(
        self, language: str = "en", table: Literal["df", "groups", "pairs"] = "df"
    ) -> pd.DataFrame:
        """:attr:`df`, or another of the tables, with headings and names of groups in English
        ("en"), Chinese ("zh") or Russian ("ru").

        Raises
        ------
        DataError : another language or table.
        """
        if table not in _TABLES:
            raise DataError(
                f"A decomposition has no table {table!r}.", variable="table", value=table,
                remedy=suggest(str(table), _TABLES),
            )  # fmt: skip
        found = headed(getattr(self, table), language)
        named = {group: label.text(language) for group, label in self.members.items()}
        heads: dict[str, str] = {}
        for name, label in self.groupings.items():
            by = label.text(language)
            heads |= {f"between {name}": heading("between by", language, by=by),
                      f"between {name}_share": heading("between by, share", language, by=by),
                      f"{name}_a": heading("richer", language, by=by),
                      f"{name}_b": heading("poorer", language, by=by), name: by}  # fmt: skip
            for column in {name, f"{name}_a", f"{name}_b"} & {*found}:
                found[column] = found[column].map(lambda g: named.get(g, g))
        return found.rename(columns=heads)

    def __str__(self) -> str:
        return as_text(str(self.title), self.df, self.notes)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(str(self.title), self.labelled(), self.notes)


def dagum(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    groups: str,
    *,
    weights: str | None = None,
    sample: str | None = None,
) -> Decomposition:
    """Dagum's decomposition of the Gini coefficient by groups of regions, year by year.

    ``G = G_w + G_nb + G_t``: inequality within groups, net between them, and transvariation, which
    is there because groups overlap (a region of the poorer group is richer than one of the richer
    group). Where groups do not overlap, relative affluence is one and transvariation zero.

    Parameters
    ----------
    variable : an expression of values not below zero, ``"gdp / population"``.
    groups : variable of groups ("zone"), or several joined by ``^``.
    weights, sample : as for :func:`panel.inequality_measures`.

    Returns
    -------
    Decomposition; ``pairs`` has G_jh ("gini") and D_jh ("affluence") of every pair, the richer
    group first, and its parts of G_nb ("between") and G_t ("transvariation").

    Raises
    ------
    DataError : a value below zero, a row without a group, one group only or none of two
        regions, or a year with one region.
    EmptySampleError, UnknownVariableError, NotNumericError, FormulaError : from the expressions.

    References
    ----------
    Dagum (1997), "A new approach to the decomposition of the Gini income inequality ratio",
    Empirical Economics 22.
    """
    data = observed(frame, variable, weights=weights, sample=sample, bound="nonnegative",
                    purpose="the Gini coefficient")  # fmt: skip
    codes, names = _groups(data, groups)
    totals, members, pairs = [], [], []
    for year, at in _years(data):
        key = {data.frame.time: year}
        present, local = np.unique(codes[at], return_inverse=True)
        found = kernel.dagum(data.x[at], data.w[at], local.astype(np.int64), len(present))
        labels = [names[g] for g in present]
        totals.append(
            key | _with_shares(found.total, {"within": found.within, "between": found.between,
                                             "transvariation": found.transvariation})
        )  # fmt: skip
        within = np.diag(found.pairs)
        own = within * found.population * found.share
        members += _members(key, groups, labels, np.bincount(local), found, within, own)
        pairs += _pairs(key, groups, labels, found)
    return Decomposition(
        _title(data, [groups], "Gini coefficient (Dagum)", "Dagum基尼系数",
               "Коэффициент Джини (Дагум)"),
        pd.DataFrame(totals).set_index(data.frame.time),
        pd.DataFrame(members).rename(columns={"index": "gini"}), pd.DataFrame(pairs),
        _notes(data, weights), {groups: label_of(groups, data.frame)}, _called(data, groups),
    )  # fmt: skip


def theil(
    frame: PanelFrame | pd.DataFrame,
    variable: str,
    groups: str | Sequence[str],
    *,
    alpha: float = 1.0,
    weights: str | None = None,
    sample: str | None = None,
) -> Decomposition:
    """Theil's index, or another generalised entropy, within and between groups, year by year.

    ``GE = sum_g p_g^(1 - alpha) s_g^alpha GE_g + GE(group means)``, p the groups' shares of the
    weights and s of the total of the variable. With nested groups what is between finer ones within
    coarser ones stands apart.

    Parameters
    ----------
    variable : an expression of positive values (zero is possible for alpha above 0).
    groups : variable of groups, or several from coarse to fine, each within one of those before:
        ``("zone", "cluster")``.
    alpha : 1 for Theil's T, 0 for Theil's L (mean log deviation), 2 for half the squared
        coefficient of variation.
    weights, sample : as for :func:`panel.inequality_measures`.

    Returns
    -------
    Decomposition; ``df`` has "between" for one grouping, and for several ``between zone`` and so
    on. ``groups`` is of the finest grouping.

    Raises
    ------
    DataError : a value below zero (or zero), a row without a group, one group only or none
        of two regions, groups that are not nested, or a year with one region.
    EmptySampleError, UnknownVariableError, NotNumericError, FormulaError : from the expressions.

    References
    ----------
    Theil (1967), Economics and Information Theory; Shorrocks (1984), Econometrica 52; Akita
    (2003), Annals of Regional Science 37, for nested groups.
    """
    levels = (groups,) if isinstance(groups, str) else tuple(groups)
    _require_number(alpha)
    bound: Bound = "nonnegative" if alpha > 0 else "positive"
    data = observed(frame, variable, weights=weights, sample=sample, bound=bound,
                    purpose=f"the generalised entropy GE({alpha:g})")  # fmt: skip
    coded = _nested(data, levels)
    totals, members = [], []
    for year, at in _years(data):
        key = {data.frame.time: year}
        x, w = data.x[at], data.w[at]
        smoothed = [_group_means(x, w, codes[at]) for codes, _ in coded]
        steps = [float(kernel.entropy(m, w, alpha)) for m in smoothed]
        whole = float(kernel.entropy(x, w, alpha))
        parts = {"within": whole - steps[-1], _between(levels, 0): steps[0]}
        parts |= {_between(levels, j + 1): b - a for j, (a, b) in enumerate(pairwise(steps))}
        totals.append(key | _with_shares(whole, parts))
        members += _entropies(key, levels[-1], coded[-1], at, data, alpha)
    names = {
        1.0: ("Theil's T", "泰尔指数T", "Индекс Тейла T"),
        0.0: ("Theil's L", "泰尔指数L", "Индекс Тейла L"),
    }
    other = ("Generalised entropy", "广义熵指数", "Обобщённая энтропия")
    index = names.get(float(alpha), tuple(f"{word} GE({alpha:g})" for word in other))
    return Decomposition(
        _title(data, levels, *index), pd.DataFrame(totals).set_index(data.frame.time),
        pd.DataFrame(members), pd.DataFrame(), _notes(data, weights),
        {level: label_of(level, data.frame) for level in levels}, _called(data, levels[-1]),
    )  # fmt: skip


# ---- groups ----------------------------------------------------------------------------


def _groups(data: Observed, name: str) -> tuple[IntArray, tuple[Any, ...]]:
    """Group numbers (n,) of the rows, and what they stand for."""
    codes, names = data.frame.groups(name)
    codes = codes[data.rows]
    if bool((codes < 0).any()):
        at = data.frame.table.index[data.rows[int(np.argmax(codes < 0))]]
        raise DataError(
            f"{name!r} is missing for {at[0]}, {at[1]}.", variable=name, value=at,
            remedy="complete it, or leave such rows out with sample=.",
        )  # fmt: skip
    if len(np.unique(codes)) < 2:
        raise DataError(
            f"All rows are in one group of {name!r}, {names[codes[0]]}.", variable=name,
            value=names[codes[0]], remedy="give a variable of two groups or more.",
        )  # fmt: skip
    years = data.frame.groups(data.frame.time)[0][data.rows]
    if len(np.unique(np.column_stack([years, codes]), axis=0)) == len(codes):
        raise DataError(
            f"No group of {name!r} has two regions in one year.", variable=name,
            remedy="give a variable that groups the regions, such as a zone.",
        )  # fmt: skip
    return codes, tuple(map(_joint, names))


def _joint(group: Any) -> Any:
    """A group of groupings joined by ``^`` as one text."""
    return ", ".join(map(str, group)) if isinstance(group, tuple) else group


def _called(data: Observed, name: str) -> dict[Any, Label]:
    """Labels of the groups of a grouping."""
    parts, found = parts_of(name), {}
    for group in data.frame.groups(name)[1]:
        values = group if isinstance(group, tuple) else (group,)
        pairs = list(zip(values, parts, strict=True))
        found[_joint(group)] = Label(
            *(", ".join(value_label(v, p, data.frame, k) for v, p in pairs) for k in LANGUAGES)
        )
    return found


def _nested(data: Observed, levels: Sequence[str]) -> list[tuple[IntArray, tuple[Any, ...]]]:
    if not levels:
        raise DataError(
            "There is no grouping.", variable="groups", remedy='give a variable such as "zone".'
        )
    coded = [_groups(data, name) for name in levels]
    for j in range(len(levels) - 1):
        for _, at in data.years():
            if not nested(coded[j + 1][0][at], coded[j][0][at]):
                raise DataError(
                    f"A group of {levels[j + 1]!r} lies in several of {levels[j]!r}.",
                    variable=levels[j + 1], value=levels[j],
                    remedy="give groupings from coarse to fine; join them with ^ if names repeat.",
                )  # fmt: skip
    return coded


def _years(data: Observed) -> list[tuple[Any, IntArray]]:
    found = list(data.years())
    for year, at in found:
        require_several(at, year, data)
        if not data.x[at].any():
            raise DataError(
                f"{data.variable!r} is zero everywhere in {year}.", variable=data.variable,
                value=0.0, remedy=f"leave that {data.frame.time} out with sample=.",
            )  # fmt: skip
    return found


def _group_means(x: FloatArray, w: FloatArray, codes: IntArray) -> FloatArray:
    """The weighted mean of its group for each row (n,)."""
    n = int(codes.max()) + 1
    weight = np.bincount(codes, weights=w, minlength=n)
    return np.asarray((np.bincount(codes, weights=w * x, minlength=n)[codes]) / weight[codes])


def _title(data: Observed, groups: Sequence[str], en: str, zh: str, ru: str) -> Label:
    what, by = data.label, [label_of(g, data.frame) for g in groups]
    return Label(
        f"{en} of {what} by {' and '.join(g.en for g in by)}",
        f"{what.zh}的{zh}，按{'、'.join(g.zh for g in by)}分组",
        f"{ru}: {what.ru}, группы: {', '.join(g.ru for g in by)}",
    )


# ---- rows of the tables ----------------------------------------------------------------


def _between(levels: Sequence[str], j: int) -> str:
    return "between" if len(levels) == 1 else f"between {levels[j]}"


def _with_shares(total: float, parts: dict[str, float]) -> dict[str, float]:
    shares = {f"{k}_share": v / total if total > 0 else np.nan for k, v in parts.items()}
    return {"total": total} | parts | shares


def _members(
    key: dict[str, Any], group: str, labels: list[Any], counts: IntArray, found: kernel.Dagum,
    within: FloatArray, contribution: FloatArray,
) -> list[dict[str, Any]]:  # fmt: skip
    return [
        key | {
            group: label, "n": int(counts[j]), "population": found.population[j],
            "share": found.share[j], "mean": found.means[j], "index": within[j],
            "contribution": contribution[j],
        }
        for j, label in enumerate(labels)
    ]  # fmt: skip


def _pairs(
    key: dict[str, Any], group: str, labels: list[Any], found: kernel.Dagum
) -> list[dict[str, Any]]:
    rows = []
    for j in range(len(labels)):
        for h in range(j):
            rich, poor = (j, h) if found.means[j] >= found.means[h] else (h, j)
            p, s = found.population, found.share
            part = found.pairs[j, h] * (p[j] * s[h] + p[h] * s[j])
            rows.append(key | {
                f"{group}_a": labels[rich], f"{group}_b": labels[poor],
                "gini": found.pairs[j, h], "affluence": found.affluence[j, h],
                "between": part * found.affluence[j, h],
                "transvariation": part * (1 - found.affluence[j, h]),
            })  # fmt: skip
    return rows


def _entropies(
    key: dict[str, Any], group: str, coded: tuple[IntArray, tuple[Any, ...]], at: IntArray,
    data: Observed, alpha: float,
) -> list[dict[str, Any]]:  # fmt: skip
    codes, names = coded
    x, w = data.x[at], data.w[at]
    rows = []
    for g in np.unique(codes[at]):
        mine = codes[at] == g
        p = float(w[mine].sum() / w.sum())
        s = float((w * x)[mine].sum() / (w * x).sum())
        # A group in which all is zero has no spread and, for alpha above 0, no weight.
        index = float(kernel.entropy(x[mine], w[mine], alpha)) if s > 0 else 0.0
        rows.append(key | {
            group: names[g], "n": int(mine.sum()), "population": p, "share": s,
            "mean": float(kernel.mean(x[mine], w[mine])), "index": index,
            "contribution": p ** (1 - alpha) * s**alpha * index if s > 0 else 0.0,
        })  # fmt: skip
    return rows


def _notes(data: Observed, weights: str | None) -> tuple[str, ...]:
    weighted = (f"Weighted by {data.frame.label(weights)}.",) if weights is not None else ()
    return (*data.notes, *weighted)


def _require_number(alpha: float) -> None:
    if isinstance(alpha, bool) or not isinstance(alpha, (int, float)) or not np.isfinite(alpha):
        raise DataError(
            f"alpha must be a number, not {alpha!r}.", variable="alpha", value=alpha,
            remedy="give 1 for Theil's T or 0 for Theil's L.",
        )  # fmt: skip
