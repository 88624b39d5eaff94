"""Transition probabilities between classes as a heat map."""

from __future__ import annotations

from typing import Any, Protocol

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba

from panel.core.labels import Label
from panel.errors import FigureError
from panel.figures.figure import Figure, finished
from panel.figures.maps import class_words
from panel.figures.style import HATCH, PALE, SEQUENTIAL, WIDTH, ink_on, print_style, sheet
from panel.figures.wording import NumberTicks, checked_language, number_words, words, wrapped


class Chain(Protocol):
    """What ``panel.markov`` returns."""

    @property
    def variable(self) -> Label:
        """Label of the variable."""

    @property
    def df(self) -> pd.DataFrame:
        """Probabilities (k, k)."""

    @property
    def counts(self) -> pd.DataFrame:
        """Moves (k, k)."""

    @property
    def limits(self) -> pd.DataFrame:
        """Upper limits of classes 1 to k - 1: one row pooled, or one a year."""

    @property
    def step(self) -> int:
        """Years between start and end."""


def markovplot(
    chain: Chain, *, what: str | None = None, language: str = "en", title: str | None = None
) -> Figure:
    """Probabilities of moving from a class (row) to another (column), with the moves behind them.

    Parameters
    ----------
    chain : of ``panel.markov``.
    what : text of the variable; its label if left out.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have from, to, probability (missing where nobody starts) and moves.

    Raises
    ------
    FigureError : something that is no Markov chain.
    """
    checked_language(language)
    if not all(
        isinstance(getattr(chain, a, None), pd.DataFrame) for a in ("df", "counts", "limits")
    ):
        raise FigureError(
            f"A {type(chain).__name__} has no transition probabilities.",
            variable="chain",
            remedy='pass what panel.markov(frame, "gdp_per_person") returns.',
        )
    p, counts = chain.df.to_numpy(dtype=float), chain.counts.to_numpy()
    label = what or chain.variable.text(language)
    k = len(p)
    with print_style():
        side = min(0.85, 4.6 / k)  # inches a cell
        figure, axes = sheet(min(WIDTH, side * k + 1.9), side * k + 1.2)
        _draw(axes, p, counts, side, language)
        names = _names(chain, language)
        axes.set_xticks(np.arange(k) + 0.5, [wrapped(n, 14) for n in names])
        axes.set_yticks(np.arange(k) + 0.5, names)
        axes.set_xlabel(words("class later", language, step=chain.step))
        axes.set_ylabel(words("class now", language))
        axes.set_title(title if title is not None else wrapped(label, 60))
        data = pd.DataFrame(
            {
                "from": np.repeat(chain.counts.index, k), "to": np.tile(chain.counts.columns, k),
                "probability": p.ravel(), "moves": counts.ravel().astype(int),
            }
        )  # fmt: skip
        return finished(figure, data, _alt(chain, p, label, language))


def _draw(
    axes: Axes, p: np.ndarray[Any, Any], counts: np.ndarray[Any, Any], side: float, language: str
) -> None:
    """Cells with probability, and moves in brackets; rows nobody starts from are hatched."""
    shades = LinearSegmentedColormap.from_list("", mpl.colormaps[SEQUENTIAL](np.linspace(0, 0.9)))
    k = len(p)
    axes.add_patch(
        mpl.patches.Rectangle((0, 0), k, k, facecolor=PALE, hatch=HATCH, edgecolor="#ffffff")
    )
    mesh = axes.pcolormesh(
        np.ma.masked_invalid(p), cmap=shades, vmin=0, vmax=1, edgecolors="#ffffff", linewidth=1.0
    )
    size = min(8.0, 68 * side / 4.2)
    for (i, j), value in np.ndenumerate(p):
        if np.isfinite(value):
            ink = ink_on(to_rgba(tuple(mesh.to_rgba(value))))
            text = f"{number_words(value, language, 2)}\n({counts[i, j]:.0f})"
            axes.text(j + 0.5, i + 0.5, text, size=size, color=ink, ha="center", va="center")
    axes.invert_yaxis()
    axes.set_aspect("equal")
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    bar = axes.figure.colorbar(mesh, ax=axes, shrink=0.7, label=words("probability", language))
    bar.ax.yaxis.set_major_formatter(NumberTicks(language))


def _names(chain: Any, language: str) -> list[str]:
    """Classes by their limits where these are the same in all years, else by number."""
    numbers = [str(c) for c in chain.counts.index]
    if len(chain.limits) != 1:
        return numbers
    limits = tuple(float(v) for v in chain.limits.iloc[0])
    texts = class_words(limits, pd.Series(limits, dtype=float), language)
    return [f"{n}: {t}" for n, t in zip(numbers, texts, strict=True)]


def _alt(chain: Any, p: np.ndarray[Any, Any], label: str, language: str) -> str:
    stay = [
        f"{c}: {number_words(v, language, 2)}"
        for c, v in zip(chain.counts.index, np.diag(p), strict=True)
        if np.isfinite(v)
    ]
    return words(
        "alt markov", language, what=label, k=len(p), n=int(chain.counts.to_numpy().sum()),
        step=chain.step, stay="; ".join(stay),
    )  # fmt: skip
