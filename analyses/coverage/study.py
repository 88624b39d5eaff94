"""How often intervals of 95 percent hold the true slope: a simulation, and its table and picture.

``simulate.py`` draws the samples and writes coverage.csv, which takes some minutes;
``regpanel run analyses/coverage`` makes the table and the figure from it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import seaborn as sns

import panel
from panel.study import Study

DESIGNS = {
    "serial": "Persistent x and errors",
    "few": "Policy in 3 regions",
    "common": "Common shocks",
}
METHODS = ("iid", "HC1", "CR1", "CR2", "CR3", "Wild", "Driscoll-Kraay")


def results() -> panel.PanelFrame:
    """Coverage by design and method (the unit) and number of regions (the time)."""
    table = pd.read_csv(Path(__file__).parent / "coverage.csv")
    table["case"] = table["design"] + ": " + table["method"]
    return panel.PanelFrame.from_pandas(table, "case", "regions", name="coverage")


study = Study(
    title="Coverage of 95 percent intervals with 10, 31 and 100 regions",
    data=results,
    inputs=("coverage.csv",),
    abstract=(
        "Panels of 12 years with effects of regions and years, 2,000 samples each. How often does "
        "an interval of 95 percent hold the true slope?"
    ),
)


@study.table("table1", title="Share of intervals that hold the true slope")
def coverage(frame):
    long = frame.data.reset_index()
    long["design"] = pd.Categorical(long["design"].map(DESIGNS), list(DESIGNS.values()))
    long["method"] = pd.Categorical(long["method"], METHODS)
    wide = long.pivot_table(
        index="method", columns=["design", "regions"], values="coverage", observed=True
    )
    return panel.Table.from_pandas(wide, digits=3)


@study.figure("figure1", title="Share of intervals that hold the true slope")
def picture(frame):
    long = frame.data.reset_index()
    error = 1.96 * np.sqrt(0.95 * 0.05 / long["samples"].iloc[0])
    grid = sns.catplot(
        long.assign(panel=long["design"].map(DESIGNS)), kind="point", x="coverage", y="method",
        hue="regions", col="panel", col_order=DESIGNS.values(), order=METHODS, dodge=0.5,
        palette="crest", markers=["o", "s", "D"], linestyle="none", markersize=5, height=3.4,
        aspect=0.85,
    )  # fmt: skip
    for axes in grid.axes.flat:
        axes.axvspan(0.95 - error, 0.95 + error, color="0.85", zorder=0)
        axes.axvline(0.95, color="0.4", linewidth=0.8, zorder=0)
        axes.set_xticks([0.7, 0.8, 0.9, 1.0])
    grid.set_titles("{col_name}").set_axis_labels("Coverage", "")
    grid.legend.set_title("Regions")
    worst = long.loc[long["coverage"].idxmin()]
    return panel.Figure(
        grid.figure,
        long[["design", "regions", "method", "coverage", "samples"]],
        "Coverage of seven kinds of 95 percent intervals in three designs with 10, 31 and 100 "
        f"regions. The lowest is {worst['coverage']:.3f}, of {worst['method']} in the design "
        f"{worst['design']!r} with {worst['regions']} regions.",
    )
