"""How often intervals of 95 percent hold the true slope, by simulation; writes coverage.csv.

Usage: python analyses/coverage/simulate.py [--samples 2000]     (about ten minutes on two cores)

Every sample is a panel of N regions and 12 years, ``y = 0 x + a_i + c_t + u``, estimated with
effects of regions and years. The seed of a sample is its number, so that no result depends on the
number of processes.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import os
from pathlib import Path

import numpy as np
import pandas as pd

import panel

YEARS = 12
REGIONS = (10, 31, 100)
DESIGNS = ("serial", "few", "common")
DRAWS = 399
COVARIANCES = {
    "iid": panel.iid(),
    "HC1": panel.hetero("HC1"),
    "CR1": panel.cluster("region"),
    "CR2": panel.cluster("region", kind="CR2"),
    "CR3": panel.cluster("region", kind="CR3"),
    "Driscoll-Kraay": panel.driscoll_kraay(),
}
TARGET = Path(__file__).parent / "coverage.csv"


def sample(design: str, regions: int, number: int) -> pd.DataFrame:
    """One panel.

    serial : x and u are first-order autoregressions (0.7) within regions.
    few : x is a policy in three regions in the second half; u as before.
    common : x and u also have a factor each, common to all regions with weights of their own.
    """
    rng = np.random.default_rng([DESIGNS.index(design), regions, number])
    x, u = (_persistent(rng, regions) for _ in range(2))
    if design == "few":
        x = np.zeros((regions, YEARS))
        x[:3, YEARS // 2 :] = 1.0
    if design == "common":
        x += 2 * rng.normal(1, 1, (regions, 1)) * rng.normal(size=YEARS)
        u += 2 * rng.normal(1, 1, (regions, 1)) * rng.normal(size=YEARS)
    region, year = np.divmod(np.arange(regions * YEARS), YEARS)
    return pd.DataFrame({"region": region, "year": 2001 + year, "x": x.ravel(), "y": u.ravel()})


def _persistent(rng: np.random.Generator, regions: int) -> np.ndarray:
    shocks = rng.normal(size=(regions, YEARS))
    shocks[:, 0] /= np.sqrt(1 - 0.7**2)  # the first year is like all others
    for t in range(1, YEARS):
        shocks[:, t] += 0.7 * shocks[:, t - 1]
    return shocks


def covered(given: tuple[str, int, int]) -> dict[str, float]:
    """Whether each interval of one sample holds 0, and its length."""
    _, regions, number = given
    frame = panel.PanelFrame.from_pandas(sample(*given), "region", "year")
    model = panel.ols("y ~ x | region + year", frame)
    found: dict[str, float] = {}
    for name, vcov in COVARIANCES.items():
        low, high = model.with_vcov(vcov).conf_int().loc["x"]
        found |= {name: float(low <= 0 <= high), f"{name} length": high - low}
    weights = "webb" if regions < 12 else "rademacher"
    wild = panel.wild_bootstrap(
        model, "x = 0", cluster="region", draws=DRAWS, weights=weights, seed=number
    )
    return found | {"Wild": float(wild.test.p_value > 0.05)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=2000)
    samples = parser.parse_args().samples
    rows = []
    with multiprocessing.Pool(os.cpu_count()) as pool:
        for design, regions in itertools.product(DESIGNS, REGIONS):
            numbers = ((design, regions, j) for j in range(samples))
            means = pd.DataFrame(pool.map(covered, numbers, chunksize=50)).mean()
            rows += [
                {
                    "design": design,
                    "regions": regions,
                    "method": method,
                    "coverage": round(float(means[method]), 4),
                    "length": round(float(means.get(f"{method} length", np.nan)), 4),
                    "samples": samples,
                }
                for method in (*COVARIANCES, "Wild")
            ]
    pd.DataFrame(rows).to_csv(TARGET, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
