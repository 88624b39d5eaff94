"""Two-way fixed effects with clustered errors: ours and peers, in one run.

Usage: python benchmarks/fixed_effects.py [--largest ROWS]
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

SIZES = ((31, 12), (3_000, 20), (100_000, 10), (1_000_000, 10))
REGRESSORS = [f"x{j}" for j in range(1, 6)]
RIGHT = " + ".join(REGRESSORS)
STATUS = Path("/proc/self/status")


def data(units: int, years: int) -> pd.DataFrame:
    """A panel with a tenth of its rows missing at random (seed fixed by its size)."""
    rng = np.random.default_rng(units * years)
    unit, year = np.divmod(np.arange(units * years), years)
    keep = rng.uniform(size=len(unit)) < 0.9
    table = pd.DataFrame({"unit": unit[keep], "year": 2000 + year[keep]})
    effect = rng.normal(size=units)[table["unit"]] + rng.normal(size=years)[table["year"] - 2000]
    for name in REGRESSORS:
        table[name] = rng.normal(size=len(table)) + 0.5 * effect
    table["y"] = table[REGRESSORS].sum(axis=1) + effect + rng.normal(size=len(table))
    return table


def ours(table: pd.DataFrame) -> Callable[[], Any]:
    import panel

    frame = panel.PanelFrame.from_pandas(table, "unit", "year")
    formula, vcov = f"y ~ {RIGHT} | unit + year", panel.cluster("unit")

    def run() -> Any:
        # A frame of its own each time, so that nothing cached on the frame is counted as speed.
        fresh = panel.PanelFrame(frame.table, frame.unit, frame.time, frame.columns)
        return panel.ols(formula, fresh, vcov=vcov).bse

    return run


def pyfixest(table: pd.DataFrame) -> Callable[[], Any]:
    import pyfixest as pf

    return lambda: pf.feols(f"y ~ {RIGHT} | unit + year", table, vcov={"CRV1": "unit"}).se()


def linearmodels(table: pd.DataFrame) -> Callable[[], Any]:
    from linearmodels import PanelOLS

    indexed = table.set_index(["unit", "year"])
    formula = f"y ~ {RIGHT} + EntityEffects + TimeEffects"

    def run() -> Any:
        model = PanelOLS.from_formula(formula, indexed)
        return model.fit(cov_type="clustered", cluster_entity=True).std_errors

    return run


PROGRAMS = {"regpanel": ours, "pyfixest": pyfixest, "linearmodels": linearmodels}

FIXEST = """
suppressMessages(library(fixest)); d <- read.csv(commandArgs(TRUE)[1])
run <- function() se(feols(y ~ {right} | unit + year, d, vcov = ~unit))
run(); times <- replicate(as.integer(commandArgs(TRUE)[2]), system.time(run())[["elapsed"]])
cat(median(times))
"""


def measured(program: str, units: int, years: int, repeats: int) -> dict[str, float]:
    """Median seconds and peak memory (MB above the data) of one program, in this process.

    A panel a quarter as large goes first, so that what a program loads when it is first used counts
    neither.
    """
    PROGRAMS[program](data(max(units // 4, SIZES[0][0]), years))()
    table = data(units, years)
    run = PROGRAMS[program](table)
    before = memory_now()
    run()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    peak = memory_peak() - before
    size = table.memory_usage(index=False).sum() / 1e6
    return {"seconds": statistics.median(seconds), "peak": peak, "input": float(size)}


def memory_now() -> float:
    """Resident memory (MB); on Linux the peak is counted anew from here, elsewhere from before."""
    if not STATUS.exists():
        return memory_peak()
    Path("/proc/self/clear_refs").write_text("5")
    return status("VmRSS")


def memory_peak() -> float:
    """Most resident memory (MB)."""
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return status("VmHWM")


def status(name: str) -> float:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return float(line.split()[1]) * 1.024e-3  # of 1,024 bytes


def in_process(program: str, units: int, years: int, repeats: int) -> dict[str, float]:
    """The same in a process of its own, so that no program pays for another's memory."""
    command = [sys.executable, __file__, "--one", program, str(units), str(years), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def fixest(units: int, years: int, repeats: int) -> float | None:
    """Median seconds of R's fixest, None where it is not installed."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        csv, script = Path(folder) / "d.csv", Path(folder) / "run.R"
        data(units, years).to_csv(csv, index=False)
        script.write_text(FIXEST.replace("{right}", RIGHT))
        done = subprocess.run(
            ["Rscript", str(script), str(csv), str(repeats)], capture_output=True, text=True
        )
        return float(done.stdout) if done.returncode == 0 else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=10_000_000, help="most rows")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        program, units, years, repeats = given.one
        print(json.dumps(measured(program, int(units), int(years), int(repeats))))
        return
    print("| rows | program | median | ratio to regpanel | peak above input | peak / input |")
    print("|---|---|---|---|---|---|")
    for units, years in SIZES:
        if units * years > given.largest:
            continue
        repeats = 30 if units * years < 10_000 else 5 if units * years < 500_000 else 3
        results = {p: in_process(p, units, years, repeats) for p in PROGRAMS}
        base = results["regpanel"]["seconds"]
        for program, r in results.items():
            print(
                f"| {units:,} x {years} | {program} | {r['seconds'] * 1e3:,.1f} ms | "
                f"{r['seconds'] / base:.2f} | {r['peak']:,.0f} MB | {r['peak'] / r['input']:.2f} |"
            )
        if (seconds := fixest(units, years, repeats)) is not None:
            ratio = seconds / base
            print(f"| {units:,} x {years} | R fixest | {seconds * 1e3:,.1f} ms | {ratio:.2f} | | |")


if __name__ == "__main__":
    main()
