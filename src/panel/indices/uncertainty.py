"""Monte Carlo over the choices behind an index: how sure are the ranks, and what unsettles them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from panel.core.frame import FloatArray, IntArray
from panel.errors import DataError
from panel.indices.aggregate import Aggregate
from panel.indices.composite import CompositeIndex
from panel.indices.indicators import complete_rows
from panel.indices.standardise import Scale
from panel.kernels.seeds import require_seed


@dataclass(frozen=True, eq=False)
class IndexUncertainty:
    """How ranks vary with the choices behind an index.

    Parameters
    ----------
    name : of the index.
    ranks : by (unit, time): rank by the index itself; mean, median, low and high rank over the
        draws; share of draws with the index's own rank.
    sensitivity : a row an uncertain choice: first_order, the share of the variance of the mean
        shift in rank that it makes alone, and total, with its interactions.
    mean_shift : mean over draws of the mean absolute shift in rank.
    draws, level, seed : the settings.
    """

    name: str
    ranks: pd.DataFrame
    sensitivity: pd.DataFrame
    mean_shift: float
    draws: int
    level: float
    seed: int

    @property
    def df(self) -> pd.DataFrame:
        """The ranks."""
        return self.ranks.copy()

    @property
    def _head(self) -> str:
        return (
            f"Ranks by {self.name!r} in {self.draws} draws (seed {self.seed}), {self.level:.0%} "
            f"intervals; a rank shifts by {self.mean_shift:.2f} on average"
        )

    def __str__(self) -> str:
        ranks = self.ranks.to_string(max_rows=12, float_format=lambda v: f"{v:.2f}")
        parts = self.sensitivity.to_string(float_format=lambda v: f"{v:.3f}")
        return f"{self._head}\n{ranks}\n\n{parts}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        parts = self.sensitivity.to_html(border=0, float_format=lambda v: f"{v:.3f}")
        ranks = self.ranks.to_html(border=0, max_rows=12, float_format=lambda v: f"{v:.2f}")
        return f"<div><p>{escape(self._head)}</p>{parts}{ranks}</div>"


def index_uncertainty(
    index: CompositeIndex,
    *,
    concentration: float | None = 1.0,
    scales: Sequence[Scale] = (),
    aggregates: Sequence[Aggregate] = (),
    leave_out: bool = False,
    draws: int = 1000,
    level: float = 0.9,
    seed: int = 0,
) -> IndexUncertainty:
    """Ranks where weights, standardisation, aggregation and the choice of indicators are random.

    Parameters
    ----------
    index : as it was built; subsystems weighted for themselves count with the weights that result.
    concentration : weights are drawn from a Dirichlet distribution with parameters
        ``concentration m w_j``, whose mean is the index's weights w; with 1 and equal weights it is
        uniform over all weights, larger numbers stay closer. None keeps the weights.
    scales, aggregates : other ways than the index's own, each as likely as it.
    leave_out : leave one of the m indicators out, each with probability 1/(m + 1).
    draws : n of each of the two samples; the model is run n (k + 2) times for k uncertain choices.
    level : of the rank intervals.
    seed : of the random numbers.

    Returns
    -------
    IndexUncertainty, with first-order and total sensitivity indices of the mean absolute shift in
    rank. Their sampling error is some hundredths at 1000 draws, so that small ones can be negative.

    Raises
    ------
    DataError : nothing that varies, weights that are not positive, or figures that one of the
        scales or aggregates cannot take.

    References
    ----------
    Saisana, Saltelli and Tarantola (2005), Journal of the Royal Statistical Society A 168; OECD and
    JRC (2008), Handbook, step 7; estimators by Saltelli et al. (2010), Computer Physics
    Communications 181, and Jansen (1999), ibid. 117.
    """
    _checked(concentration, draws, level)
    _require_kinds(scales, aggregates)
    rows, complete, *_ = complete_rows(index.inputs, index.recipe.indicators, index.name)
    z = [scale(rows) for scale in (index.recipe.scale, *scales)]
    model = _Model(
        z, (index.recipe.aggregate, *aggregates), rows.names, rows.times,
        _blocks(rows.times, index.recipe.yearly), leave_out,
    )  # fmt: skip
    weights = index.weights["weight"].to_numpy(dtype=np.float64)
    sources = _sources(model, concentration, weights)
    draw = np.random.default_rng(require_seed(seed))
    a, b = (_sample(draw, draws, model, concentration, weights) for _ in range(2))
    reference = index.ranks.to_numpy(dtype=np.float64)[complete]
    ranks = model.ranks(a)  # (n, draws)
    parts = _sensitivity(model, (a, b), ranks, reference, sources)
    tail = (1 - level) / 2
    low, median, high = np.quantile(ranks, [tail, 0.5, 1 - tail], axis=1)
    table = pd.DataFrame(
        {
            "rank": reference, "mean": ranks.mean(axis=1), "median": median, "low": low,
            "high": high, "same": (ranks == reference[:, None]).mean(axis=1),
        },
        index=index.scores.index[complete],
    )  # fmt: skip
    shift = float(_shift(ranks, reference).mean())
    return IndexUncertainty(index.name, table, parts, shift, draws, level, seed)


def _sensitivity(
    model: _Model,
    samples: tuple[dict[str, Any], dict[str, Any]],
    ranks: FloatArray,
    reference: FloatArray,
    sources: list[str],
) -> pd.DataFrame:
    """First-order and total indices of the shift in rank; ``ranks`` are the first sample's."""
    a, b = samples
    fa, fb = _shift(ranks, reference), _shift(model.ranks(b), reference)
    both = np.concatenate([fa, fb])
    variance, centred = both.var(), fb - both.mean()  # centred, first-order indices vary less
    found = {}
    for source in sources:
        fi = _shift(model.ranks(a | {source: b[source]}), reference)
        first, total = (centred * (fi - fa)).mean(), ((fa - fi) ** 2).mean() / 2
        found[source] = (first / variance, total / variance) if variance > 0 else (np.nan, np.nan)
    table = pd.DataFrame.from_dict(found, orient="index", columns=["first_order", "total"])
    return table.rename_axis("source")


@dataclass(frozen=True, eq=False)
class _Model:
    """Ranks as a function of weights (draws, m), and of numbers of scale, aggregate and the
    indicator left out (m for none), each (draws,)."""

    z: list[FloatArray]
    aggregates: tuple[Aggregate, ...]
    names: tuple[str, ...]
    times: IntArray
    blocks: list[Any]
    leave_out: bool

    def ranks(self, sample: dict[str, Any]) -> FloatArray:
        """Ranks within years (n, draws)."""
        draws = len(sample["scale"])
        scores = np.empty((len(self.times), draws))
        for d in range(draws):
            kept = [j for j in range(len(self.names)) if j != sample["left out"][d]]
            w = _positive(sample["weights"][d][kept])
            aggregate = self.aggregates[sample["aggregate"][d]]
            names = tuple(self.names[j] for j in kept)
            for block in self.blocks:
                z = self.z[sample["scale"][d]][np.ix_(block, kept)]
                scores[block, d] = aggregate(z, w, names)
        ranks = np.empty_like(scores)
        # To twelve digits, as a sum of the same terms in another order is the same score.
        scores = np.round(scores / np.abs(scores).max(axis=0), 12)
        for t in np.unique(self.times):
            rows = self.times == t
            ranks[rows] = pd.DataFrame(-scores[rows]).rank(method="min")
        return ranks


def _positive(weights: FloatArray) -> FloatArray:
    """Weights (m,) scaled to add up to one."""
    total = weights.sum()
    if total == 0:
        raise DataError(
            "A draw gave all weight to the indicator that is left out.", variable="concentration",
            remedy="raise concentration=, or keep all indicators.",
        )  # fmt: skip
    return np.asarray(weights / total)


def _blocks(times: IntArray, yearly: bool) -> list[Any]:
    """Rows that are aggregated together."""
    if yearly:
        return [np.flatnonzero(times == t) for t in np.unique(times)]
    return [np.arange(len(times))]


def _sources(model: _Model, concentration: float | None, weights: FloatArray) -> list[str]:
    """Names of the choices that vary."""
    if concentration is not None and (weights <= 0).any():
        j = int(np.argmin(weights))
        raise DataError(
            f"The weight of {model.names[j]!r} is {weights[j]:.4g}; draws around it need more than "
            "zero.",
            variable=model.names[j], value=float(weights[j]),
            remedy="keep the weights: concentration=None.",
        )  # fmt: skip
    vary = {
        "weights": concentration is not None and len(weights) > 1, "scale": len(model.z) > 1,
        "aggregate": len(model.aggregates) > 1, "left out": model.leave_out and len(weights) > 1,
    }  # fmt: skip
    found = [name for name, does in vary.items() if does]
    if not found:
        raise DataError(
            "Nothing varies between the draws.", variable="concentration", value=concentration,
            remedy="let weights vary, or give scales=, aggregates= or leave_out=True.",
        )  # fmt: skip
    return found


def _sample(
    draw: np.random.Generator,
    draws: int,
    model: _Model,
    concentration: float | None,
    weights: FloatArray,
) -> dict[str, Any]:
    m = len(weights)
    fixed = np.broadcast_to(weights, (draws, m))
    none = np.full(draws, m)
    return {
        "weights": fixed
        if concentration is None
        else draw.dirichlet(concentration * m * weights, draws),
        "scale": draw.integers(0, len(model.z), draws),
        "aggregate": draw.integers(0, len(model.aggregates), draws),
        "left out": draw.integers(0, m + 1, draws) if model.leave_out and m > 1 else none,
    }


def _shift(ranks: FloatArray, reference: FloatArray) -> FloatArray:
    """Mean absolute shift in rank (draws,)."""
    return np.asarray(np.abs(ranks - reference[:, None]).mean(axis=0))


def _require_kinds(scales: Sequence[Scale], aggregates: Sequence[Aggregate]) -> None:
    for name, values, kind in (("scales", scales, Scale), ("aggregates", aggregates, Aggregate)):
        if not isinstance(values, Sequence) or not all(isinstance(v, kind) for v in values):
            raise DataError(
                f"{name}= is {values!r}.", variable=name, value=values,
                remedy="give a list such as [panel.z_score()] or [panel.topsis()].",
            )  # fmt: skip


def _checked(concentration: float | None, draws: int, level: float) -> None:
    fine = concentration is None or (np.isfinite(concentration) and concentration > 0)
    whole = isinstance(draws, (int, np.integer)) and not isinstance(draws, bool) and draws >= 2
    if not (fine and whole and 0 < level < 1):
        name, value = (
            ("concentration", concentration) if not fine else
            ("draws", draws) if not whole else ("level", level)
        )  # fmt: skip
        raise DataError(
            f"{name} = {value!r} is not possible.", variable=name, value=value,
            remedy="give concentration above 0 (or None), two draws or more, a level such as 0.9.",
        )  # fmt: skip
