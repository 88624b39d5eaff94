"""Output of spreg on Anselin's Columbus data, stored under "spreg" in spatial_growth.json.

Run where spreg 1.9.0 is installed, after spatial_growth.R, whose data it takes.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from libpysal.weights import W
from spreg import OLS, ML_Error, ML_Lag

path = Path(__file__).with_suffix(".json")
stored = json.loads(path.read_text())
data = stored["columbus"]["data"]
neighbours = stored["columbus"]["neighbours"]
w = W({i: [j - 1 for j in near] for i, near in enumerate(neighbours)}, silence_warnings=True)
w.transform = "r"
y = np.array(data["CRIME"])[:, None]
x = np.column_stack([data["INC"], data["HOVAL"]])

found = {}
for name, model in {
    "lag": ML_Lag(y, x, w, epsilon=1e-14),
    "error": ML_Error(y, x, w, epsilon=1e-14),
    "durbin": ML_Lag(y, x, w, slx_lags=1, epsilon=1e-14),
}.items():
    found[name] = {
        "betas": model.betas.ravel().tolist(),
        "loglik": float(np.squeeze(model.logll)),
        "aic": float(model.aic),
        "rsquared": float(model.pr2_e if hasattr(model, "pr2_e") else model.pr2),
        "errors": np.sqrt(np.diag(model.vm))[: len(model.betas)].tolist(),
    }
ols = OLS(y, x, w=w, spat_diag=True)
found["tests"] = {
    "error": ols.lm_error, "lag": ols.lm_lag, "robust_error": ols.rlm_error,
    "robust_lag": ols.rlm_lag, "both": ols.lm_sarma,
}  # fmt: skip
found["tests"] = {k: [float(np.squeeze(v)) for v in pair] for k, pair in found["tests"].items()}
stored["spreg"] = found
path.write_text(json.dumps(stored) + "\n")
