"""Resampling and many models: ours and peers, in one run.

Usage: python benchmarks/inference.py [--wildboottest PYTHON]

Three jobs on a balanced panel of 31 regions, 12 years, five regressors, and effects of regions
and years: 9,999 draws of the wild cluster bootstrap, 1,000 placebo assignments of a treatment, and
500 specifications. wildboottest needs older packages, and so an environment of its own, whose
interpreter is named by the option.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

REGRESSORS = [f"x{j}" for j in range(1, 6)]
RIGHT = " + ".join(REGRESSORS)
FORMULA = f"y ~ {RIGHT} | unit + year"

WILD = """
import sys, time, warnings, statistics
import pandas as pd, statsmodels.formula.api as smf
from wildboottest.wildboottest import wildboottest
warnings.simplefilter("ignore")
table = pd.read_csv(sys.argv[1])
model = smf.ols("y ~ {right} + C(unit) + C(year)", table)
def run(): return wildboottest(model, param="x1", cluster=table.unit, B=9999, seed=1, show=False)
run()
times = []
for _ in range(5):
    start = time.perf_counter(); run(); times.append(time.perf_counter() - start)
print(statistics.median(times))
"""


def data() -> pd.DataFrame:
    """A panel whose first regressor is a policy of ten regions from 2006 on."""
    rng = np.random.default_rng(31)
    unit, year = np.divmod(np.arange(31 * 12), 12)
    table = pd.DataFrame({"unit": unit, "year": 2000 + year})
    for name in REGRESSORS:
        table[name] = rng.normal(size=len(table))
    table["x1"] = ((unit < 10) & (year >= 6)).astype(float)
    table["y"] = table[REGRESSORS[1:]].sum(axis=1) + rng.normal(size=31)[unit]
    table["y"] += rng.normal(size=len(table))
    for j in range(1, 12):  # other measures of the outcome
        table[f"y{j}"] = table["y"] + rng.normal(size=len(table))
    return table


def seconds(work: Callable[[], Any], repeats: int = 5) -> float:
    """Median time of ``work``, once warmed up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def specifications() -> list[str]:
    """500 formulas: eleven outcomes, subsets of four controls, three sets of effects."""
    controls = [c for r in range(5) for c in itertools.combinations(REGRESSORS[1:], r)]
    effects = ("unit", "year", "unit + year")
    outcomes = [f"y{j}" for j in range(1, 12)]
    every = [
        f"{y} ~ {' + '.join(['x1', *c])} | {fe}"
        for y, c, fe in itertools.product(outcomes, controls, effects)
    ]
    return every[:500]


def refitted(table: pd.DataFrame, draws: int) -> list[float]:
    """Estimates by pyfixest with the units' histories of x1 exchanged, one fit a draw."""
    import pyfixest as pf

    rng, histories = np.random.default_rng(1), table["x1"].to_numpy().reshape(31, 12)
    found = []
    for _ in range(draws):
        placebo = table.assign(x1=histories[rng.permutation(31)].ravel())
        found.append(float(pf.feols(FORMULA, placebo).coef()["x1"]))
    return found


def wildboottest(python: str, table: pd.DataFrame) -> float:
    """Median time of wildboottest in another environment."""
    with tempfile.TemporaryDirectory() as folder:
        path, script = Path(folder) / "d.csv", Path(folder) / "run.py"
        table.to_csv(path, index=False)
        script.write_text(WILD.replace("{right}", RIGHT), encoding="utf-8")
        command = [python, str(script), str(path)]
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wildboottest", metavar="PYTHON", help="an interpreter that has it")
    given = parser.parse_args()

    import pyfixest as pf

    import panel

    table = data()
    frame = panel.PanelFrame.from_pandas(table, "unit", "year")
    model = panel.ols(FORMULA, frame, vcov=panel.cluster("unit"))
    names = specifications()
    by_unit = panel.cluster("unit")
    jobs: dict[str, dict[str, Callable[[], Any]]] = {
        "9,999 wild bootstrap draws": {
            "regpanel": lambda: panel.wild_bootstrap(model, "x1 = 0", draws=9999, seed=1),
        },
        "1,000 placebo assignments": {
            "regpanel": lambda: panel.randomization_test(
                model, "x1", statistic="coefficient", draws=1000
            ),
            "pyfixest, refitted": lambda: refitted(table, 1000),
        },
        "500 specifications": {
            "regpanel": lambda: [panel.ols(f, frame, vcov=by_unit).bse for f in names],
            "pyfixest": lambda: [pf.feols(f, table, vcov={"CRV1": "unit"}).se() for f in names],
        },
    }
    print("| job | program | median | ratio to regpanel |")
    print("|---|---|---|---|")
    for job, programs in jobs.items():
        times = {name: seconds(work, 3) for name, work in programs.items()}
        if given.wildboottest and "wild" in job:
            times["wildboottest"] = wildboottest(given.wildboottest, table)
        for name, taken in times.items():
            print(f"| {job} | {name} | {taken:.3f} s | {taken / times['regpanel']:.1f} |")


if __name__ == "__main__":
    main()
