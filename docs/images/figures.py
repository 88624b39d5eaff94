"""Draw the pictures of docs/guide/figures.md: ``python docs/images/figures.py``.

Shipped data where they will do; simulated ones, which say so, where a treatment is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

import panel

FOLDER = Path(__file__).parent / "figures"
CHINA, RUSSIA = panel.load("china"), panel.load("russia")
WEIGHTS = panel.contiguity("china", links=("land", "strait"))
BY_PROVINCE = panel.cluster("province")


def simulated() -> panel.PanelFrame:
    """Forty regions, 18 of which are treated in 2014; the effect grows and depends on skills."""
    rng = np.random.default_rng(1)
    region, year = np.repeat(np.arange(40), 12), np.tile(np.arange(2008, 2020), 40)
    treated, skills = (region < 18).astype(float), rng.normal(2.0, 1.0, 480)
    digital = rng.normal(size=480)
    effect = treated * (year >= 2014) * (0.4 + 0.25 * (year - 2014))
    df = pd.DataFrame(
        {
            "region": region, "year": year, "treated": treated, "skills": skills,
            "since": np.where(treated > 0, year - 2014, -1), "digital": digital,
            "output": effect + digital * (0.4 * skills - 0.6) + rng.normal(size=480),
        }
    )  # fmt: skip
    labels = {
        "since": {"en": "Years since the start, simulated", "zh": "距开始年数，模拟"},
        "digital": {"en": "Digital index", "zh": "数字指数"},
        "skills": {"en": "Skills (simulated)", "zh": "人力资本（模拟）"},
        "output": {"en": "Output", "zh": "产出"},
    }
    return panel.PanelFrame.from_pandas(df, "region", "year", labels=labels)


SIMULATED = simulated()


def coefplot() -> panel.Figure:
    formula = "log(industry_va) ~ digital_index + log(population) + structure"
    models = {
        "Pooled": panel.pooled(formula, CHINA, vcov=BY_PROVINCE),
        "Years": panel.ols(f"{formula} | year", CHINA, vcov=BY_PROVINCE),
        "Provinces and years": panel.ols(f"{formula} | province + year", CHINA, vcov=BY_PROVINCE),
    }
    groups = {"Digital economy": ["digital_index"], "Others": ["log(population)", "structure"]}
    return panel.coefplot(models, keep=groups)


def eventplot() -> panel.Figure:
    formula = "output ~ i(since, treated, ref=-1) | region + year"
    models = {
        "By region": panel.ols(formula, SIMULATED, vcov=panel.cluster("region")),
        "Robust": panel.ols(formula, SIMULATED, vcov="hetero"),
    }
    return panel.eventplot(models)


def interactionplot() -> panel.Figure:
    model = panel.ols("output ~ digital*skills | region + year", SIMULATED)
    return panel.interactionplot(panel.johnson_neyman(model, "digital", "skills"))


def marginsplot() -> panel.Figure:
    formula = "log(industry_va) ~ poly(digital_index, 2) + log(population) | province + year"
    model = panel.ols(formula, CHINA, vcov=BY_PROVINCE)
    at = {"digital_index": [0.05, 0.1, 0.2, 0.3, 0.4, 0.5]}
    return panel.marginsplot(panel.slopes(model, "digital_index", at=at), language="ru")


def binscatter() -> panel.Figure:
    formula = "log(industry_va) ~ digital_index + log(population) | year"
    return panel.binscatter(formula, CHINA)


def avplot() -> panel.Figure:
    formula = "log(industry_va) ~ digital_index + log(population) | province + year"
    model = panel.ols(formula, CHINA, vcov=BY_PROVINCE)
    return panel.avplot(model, "log(population)")


def residualplot() -> panel.Figure:
    model = panel.ols("log(industry_va) ~ digital_index + log(population) | year", CHINA)
    return panel.residualplot(model, by="zone")


def specplot() -> panel.Figure:
    models = {}
    controls = ["log(population)", "structure", "log(cable)"]
    for chosen in product([False, True], repeat=len(controls)):
        terms = ["digital_index", *(c for c, yes in zip(controls, chosen, strict=True) if yes)]
        for outcome, effects in product(
            ("log(industry_va)", "log(gdp)"), ("province", "province + year")
        ):
            formula = f"{outcome} ~ {' + '.join(terms)} | {effects}"
            models[formula] = panel.ols(formula, CHINA, vcov=BY_PROVINCE)
    return panel.specplot(models, "digital_index")


def placeboplot() -> panel.Figure:
    after = SIMULATED.assign(after=SIMULATED["treated"] * (SIMULATED["year"] >= 2014))
    model = panel.ols("output ~ after | region + year", after, vcov=panel.cluster("region"))
    return panel.placeboplot(panel.randomization_test(model, "after", draws=999), language="zh",
                             what="处理 × 之后（模拟）")  # fmt: skip


def thresholdplot() -> panel.Figure:
    skills, digital = SIMULATED["skills"], SIMULATED["digital"]
    frame = SIMULATED.assign(output=SIMULATED["output"] + 1.5 * digital * (skills > 2.2))
    gamma = np.quantile(skills, np.linspace(0.1, 0.9, 161))
    rows = []
    for g in gamma:
        split = frame.assign(above=digital * (skills > g))
        rows.append(panel.ols("output ~ digital + above | region + year", split).stats["rss"])
    rss = np.array(rows)
    lr = len(frame) * (rss - rss.min()) / rss.min()
    return panel.thresholdplot(pd.DataFrame({"gamma": gamma, "lr": lr}), what="Skills (simulated)")


def statusplot() -> panel.Figure:
    names = ["industry_va", "electricity_use", "software_revenue", "co2_apparent"]
    return panel.statusplot(CHINA, names)


def trendplot() -> panel.Figure:
    return panel.trendplot(CHINA, "digital_index", by="zone3")


def regionplot() -> panel.Figure:
    return panel.regionplot(CHINA, "digital_index", order="level", language="zh")


def corrplot() -> panel.Figure:
    return panel.corrplot(CHINA, ["industry_va", "digital_index", "green_index", "co2_intensity"])


def regionmap() -> panel.Figure:
    return panel.regionmap(RUSSIA, "manufacturing_shipped", 2016, classes=5, language="ru")


def polygonmap() -> panel.Figure:
    features = [
        {"id": code, "geometry": {"type": "Polygon", "coordinates": [cell]}}
        for code, cell in nearest_cells().items()
    ]
    return panel.polygonmap(CHINA, "digital_index", 2022, {"features": features}, classes=5)


def nearest_cells() -> dict[str, list[list[float]]]:
    """The places in a box that are nearer to a province's capital than to any other: no borders."""
    table = pd.read_csv(panel.data_root() / "raw/geo/china_regions.csv", index_col="iso_3166_2")
    capitals = table[["经度", "纬度"]]
    cells = {}
    for code, own in capitals.iterrows():
        cell = np.array([[75.0, 18.0], [135.0, 18.0], [135.0, 53.0], [75.0, 53.0]])
        for other in capitals.drop(index=code).to_numpy():
            cell = nearer(cell, own.to_numpy(), other)
        cells[str(code)] = [*cell.tolist(), cell[0].tolist()]
    return cells


def nearer(cell: np.ndarray, own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """What of a convex cell (n, 2) is nearer to ``own`` than to ``other``."""
    side = (cell - (own + other) / 2) @ (own - other)
    kept = []
    for i in range(len(cell)):
        if side[i - 1] * side[i] < 0:
            share = side[i - 1] / (side[i - 1] - side[i])
            kept.append(cell[i - 1] + share * (cell[i] - cell[i - 1]))
        if side[i] >= 0:
            kept.append(cell[i])
    return np.array(kept)


def moranplot() -> panel.Figure:
    return panel.moranplot(CHINA, "gdp_per_person", WEIGHTS, 2022)


def lisamap() -> panel.Figure:
    local = panel.local_moran(CHINA, "gdp_per_person", WEIGHTS, sample="year == 2022")
    return panel.lisamap(local, 2022, alpha=0.1)


def ridgeplot() -> panel.Figure:
    found = panel.densities(CHINA, "gdp_per_person/10000", lower=0)
    return panel.ridgeplot(found, what="人均地区生产总值（万元）", language="zh")


def contourplot() -> panel.Figure:
    kernel = panel.stochastic_kernel(CHINA, "log(gdp_per_person)", step=3)
    return panel.contourplot(kernel, what="log(product per person)")


def markovplot() -> panel.Figure:
    return panel.markovplot(panel.markov(RUSSIA, "co2", classes=4), what="CO2", language="ru")


def convergenceplot() -> panel.Figure:
    return panel.convergenceplot(panel.beta_convergence(CHINA, "gdp_per_person"))


def alluvialplot() -> panel.Figure:
    rest = CHINA["gdp"] - CHINA["industry_va"] - CHINA["tertiary_va"]
    frame = CHINA.assign(rest=rest).describe("rest", unit="亿元")
    labels = {"rest": "Agriculture and construction"}
    parts = ["rest", "industry_va", "tertiary_va"]
    return panel.alluvialplot(frame, parts, region="CN-JX", labels=labels)


def indexplot() -> panel.Figure:
    indicators = ["broadband_density", "mobile_internet_density", "computers", "websites"]
    index = panel.entropy_index(CHINA, dict.fromkeys(indicators, "+"))
    return panel.indexplot(index, what="Digital-economy index")


PICTURES: tuple[Callable[[], panel.Figure], ...] = (
    coefplot, eventplot, interactionplot, marginsplot, specplot, placeboplot, thresholdplot,
    binscatter, avplot, residualplot, statusplot, corrplot, trendplot, regionplot, regionmap,
    polygonmap, moranplot, lisamap, ridgeplot, contourplot, markovplot, convergenceplot,
    alluvialplot, indexplot,
)  # fmt: skip


def main() -> None:
    for draw in PICTURES:
        draw().save(FOLDER / f"{draw.__name__}.png", dpi=100)


if __name__ == "__main__":
    main()
