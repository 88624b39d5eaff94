"""Weights and scores by pymcdm, pyDecision, scikit-criteria and factor_analyzer, for tests/indices.

Run in an environment with pymcdm 1.4.0, pyDecision 5.1.8, scikit-criteria 0.10 and factor_analyzer
0.5.1. The data, tai.csv, are the first 23 countries of table A.2 in OECD and JRC (2008), Handbook
on Constructing Composite Indicators; less is taken to be better for exports and schooling, so that
both directions occur, but for vector normalisation: pymcdm turns costs round in another way.
"""

import contextlib
import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pymcdm
from factor_analyzer import calculate_bartlett_sphericity, calculate_kmo
from pyDecision.algorithm import ahp_method, critic_method, gra_method
from skcriteria.preprocessing.weighters import critic_weights

here = Path(__file__).parent
data = pd.read_csv(here / "tai.csv", index_col="country")
x = data.to_numpy()
types = np.array([-1 if name in ("exports", "schooling") else 1 for name in data])
low, high = x.min(axis=0), x.max(axis=0)
z = np.where(types > 0, (x - low) / (high - low), (high - x) / (high - low))
weights = np.arange(1, 9) / 36
sides = ["max" if t > 0 else "min" for t in types]
pairs = np.array(  # example of R mathmodels
    [[1, 1 / 2, 4, 3, 3], [2, 1, 7, 5, 5], [1 / 4, 1 / 7, 1, 1 / 2, 1 / 3],
     [1 / 3, 1 / 5, 2, 1, 1], [1 / 3, 1 / 5, 3, 1, 1]]
)  # fmt: skip

minmax = pymcdm.normalizations.minmax_normalization
vector = pymcdm.normalizations.vector_normalization
with contextlib.redirect_stdout(io.StringIO()):
    grey = gra_method(x, sides, weights, epsilon=0.5, graph=False)
    eigen, eigen_ratio = ahp_method(pairs, wd="me")
    geometric, geometric_ratio = ahp_method(pairs, wd="g")
kmo_each, kmo = calculate_kmo(data)
chi2, p = calculate_bartlett_sphericity(data)
found = {
    "critic_pymcdm": pymcdm.weights.critic_weights(z),
    "critic_pydecision": critic_method(x, sides),
    "critic_skcriteria": critic_weights(z, types * 0 + 1),
    "entropy_pymcdm_shift_0.01": pymcdm.weights.entropy_weights(z + 0.01),
    "topsis_pymcdm_minmax": pymcdm.methods.TOPSIS(minmax)(x, weights, types),
    "topsis_pymcdm_vector": pymcdm.methods.TOPSIS(vector)(x, weights, np.ones(8)),
    "grey_pydecision": grey * len(x),  # it divides the grade by the number of rows
    "ahp_eigenvector": eigen, "ahp_eigenvector_ratio": eigen_ratio,
    "ahp_geometric": geometric, "ahp_geometric_ratio": geometric_ratio,
    "kmo": kmo, "kmo_each": kmo_each, "bartlett": chi2, "bartlett_pvalue": p,
}  # fmt: skip
plain = {k: np.asarray(v).tolist() for k, v in found.items()}
(here / "peers.json").write_text(json.dumps(plain, indent=1) + "\n")
