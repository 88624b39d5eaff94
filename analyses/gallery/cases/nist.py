"""Least squares at the limits of double precision: NIST's certified values."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

import panel
from panel.study.gallery import Case, Peer

FOLDER = Path(__file__).parents[3] / "tests" / "reference" / "nist"
CERTIFIED = json.loads((FOLDER / "certified.json").read_text(encoding="utf-8"))
FORMULAS = {
    "norris": "y ~ x", "pontius": "y ~ poly(x, 2)", "noint1": "y ~ 0 + x", "noint2": "y ~ 0 + x",
    "longley": "y ~ x1 + x2 + x3 + x4 + x5 + x6", "filip": "y ~ poly(x, 10)",
    "wampler1": "y ~ poly(x, 5)", "wampler2": "y ~ poly(x, 5)", "wampler3": "y ~ poly(x, 5)",
    "wampler4": "y ~ poly(x, 5)", "wampler5": "y ~ poly(x, 5)",
}  # fmt: skip
# Digits that double precision leaves: a set costs as many as its condition number has, and twice
# as many where residuals are large beside it.
HARD = {"filip": 6.5, "wampler4": 7.0, "wampler5": 5.0}


def stacked():
    """All sets, one below the other."""
    tables = [
        pd.read_csv(FOLDER / f"{name}.csv").astype(float).assign(set=name) for name in FORMULAS
    ]
    table = pd.concat(tables, ignore_index=True)
    return panel.PanelFrame.from_pandas(
        table.assign(row=range(len(table)), year=0), "row", "year", name="NIST's linear sets"
    )


def fits(frame):
    return {n: panel.ols(f, frame, sample=f"set == '{n}'") for n, f in FORMULAS.items()}


def certified(name: str) -> dict[str, float]:
    values, formula = CERTIFIED[name], FORMULAS[name]
    terms = [] if "~ 0" in formula else ["(Intercept)"]
    if "poly" in formula:
        degree = len(values["estimate"]) - 1
        terms += ["x", *(f"x^{power}" for power in range(2, degree + 1))]
    else:
        terms += formula.partition("~")[2].replace("0 + ", "").split(" + ")
    terms = [term.strip() for term in terms]
    errors = {f"se({t})": v for t, v in zip(terms, values["error"], strict=True)}
    found = dict(zip(terms, values["estimate"], strict=True)) | errors
    return found | {"sigma": values["sigma"], "rsquared": values["rsquared"]}


linear = Case(
    name="nist-linear",
    title="NIST's eleven linear problems",
    paper="NIST certified values",
    reference="National Institute of Standards and Technology, Statistical Reference Datasets, "
    "linear regression",
    grade="A",
    data=stacked,
    models=fits,
    peers=[
        Peer("NIST (9 digits)", {n: certified(n) for n in FORMULAS if n not in HARD}, 1e-9),
        *(Peer(f"NIST ({d:g} digits)", {n: certified(n)}, 10.0**-d) for n, d in HARD.items()),
    ],
    note="Certified to fifteen digits; how many double precision can keep depends on the problem.",
)
