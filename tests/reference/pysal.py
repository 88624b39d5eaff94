"""Output of PySAL on the shipped panel of Chinese provinces, stored in pysal.json.

Run where regpanel, inequality 1.1.2, giddy 2.3.8, esda 2.8.2 and libpysal 4.14.1 are installed.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from esda import Moran, Moran_Local
from giddy.ergodic import mfpt, steady_state
from giddy.markov import Homogeneity_Results, Markov, Spatial_Markov
from giddy.mobility import markov_mobility
from inequality.gini import Gini
from inequality.theil import Theil, TheilD
from libpysal.weights import W

import panel

frame = panel.load("china")
wide = frame["gdp_per_person"].unstack()
zone = frame.data.zone.unstack().iloc[:, 0].to_numpy()


def inequality() -> dict:
    """Gini, Theil and its decomposition by zones, by year."""
    found = {}
    for year in wide:
        y = wide[year].to_numpy()
        parts = TheilD(y, zone)
        found[str(year)] = {
            "gini": float(Gini(y).g),
            "theil": float(Theil(y).T),
            "between": float(np.squeeze(parts.bg)),
            "within": float(np.squeeze(parts.wg)),
        }
    return found


def classes(breaks: str) -> np.ndarray:
    """Quartile 0..3 of each province and year, a limit in the class below."""
    y = wide.to_numpy()
    share = [0.25, 0.5, 0.75]
    if breaks == "pooled":
        return np.searchsorted(np.quantile(y, share), y)
    return np.column_stack([np.searchsorted(np.quantile(c, share), c) for c in y.T])


def markov() -> dict:
    """Transitions; the long run where all classes lead to one another."""
    found = {}
    for breaks in ("pooled", "by_year"):
        chain = Markov(classes(breaks), summary=False)
        found[breaks] = {"transitions": chain.transitions.tolist(), "p": chain.p.tolist()}
    found["by_year"] |= {
        "steady_state": steady_state(chain.p).tolist(),
        "fmpt": mfpt(chain.p).tolist(),
        "mobility": {m: float(markov_mobility(chain.p, measure=m)) for m in ("P", "D", "L2")},
    }
    return found


def homogeneity() -> dict:
    """Moves that start before 2020 against later ones."""
    codes = classes("by_year")
    at = list(wide).index(2020)
    parts = [Markov(c, summary=False).transitions for c in (codes[:, : at + 1], codes[:, at:])]
    test = Homogeneity_Results(parts)
    return {name: float(getattr(test, name)) for name in ("Q", "Q_p_value", "LR", "dof")}


def queen() -> W:
    """Provinces that share a border, and Hainan with Guangdong; rows standardised."""
    borders = panel.contiguity("china", links=("land", "strait"))
    w = W({r: list(borders.neighbours(r)) for r in borders.regions}, id_order=list(wide.index))
    w.transform = "r"
    return w


def moran() -> dict:
    """Global statistics by year, local ones of 2020."""
    w, found = queen(), {}
    for year in wide:
        one = Moran(wide[year].to_numpy(), w, permutations=0)
        found[str(year)] = {k: float(getattr(one, k)) for k in ("I", "EI", "VI_rand", "p_rand")}
    local = Moran_Local(wide[2020].to_numpy(), w, permutations=99, seed=1)
    return {"years": found, "quadrant": local.q.tolist(), "local": local.Is.tolist()}


def spatial_markov() -> dict:
    """Moves by the neighbours' tercile, of quartiles pooled over the years."""
    share = [0.25, 0.5, 0.75]
    y = wide.to_numpy()
    lag = queen().sparse @ y
    found = Spatial_Markov(
        y,
        queen(),
        k=4,
        m=3,
        fixed=True,
        cutoffs=np.quantile(y, share),
        lag_cutoffs=np.quantile(lag, [1 / 3, 2 / 3]),
    )
    return {"T": found.T.tolist()} | {
        k: float(getattr(found, k)) for k in ("Q", "Q_p_value", "LR", "dof_hom")
    }


if __name__ == "__main__":
    Path(__file__).with_suffix(".json").write_text(
        json.dumps(
            {
                "inequality": inequality(),
                "markov": markov(),
                "homogeneity": homogeneity(),
                "moran": moran(),
                "spatial_markov": spatial_markov(),
            },
            indent=1,
        )
    )
