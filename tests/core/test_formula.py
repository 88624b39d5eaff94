"""The grammar of formulas: fixest's, with a canonical spelling that is read back as the same."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.core.formula import Spec, expand, parse, parts_of
from panel.errors import FormulaError

# ---- the canonical spelling -------------------------------------------------------------

variables = st.sampled_from(["x1", "x2", "gdp", "人口", "`增加值(亿元)`", "a.b", "log"])
calls = st.builds(
    "{}({}{})".format,
    st.sampled_from(["log", "I", "sqrt"]),
    variables,
    st.sampled_from(["", " / 2", " + z", "^2", " > 3"]),
)
shifts = st.builds(
    "{}({}, {})".format,
    st.sampled_from(["L", "F", "D", "lag", "lead", "l", "f", "d"]),
    variables,
    st.sampled_from(["1", "2", "0:2", "3:1", "0", "c(1, 3)", "c(-1, 0:2)", "lag=2", "lead=1:2"]),
)
levels = st.recursive(
    st.sampled_from(["2015", "-1", "-3:-1", "2.50", '"East"', "'it\"s'", "TRUE", "c(1, 4:6)"]),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda v: f"c({', '.join(v)})"),
    max_leaves=3,
)
bins = (
    st.sampled_from(['"bin::3"', '"!bin::2"', '"cut::3"'])
    | levels
    | st.builds(
        "{}({}{}, {}={})".format,
        st.sampled_from(["list", "."]),
        st.sampled_from(["", '"a b"=']),
        levels,
        st.sampled_from(["late", "`f(x)`", '"10"']),
        levels,
    )
)
categories = st.builds(
    "i({}{}{}{}{})".format,
    st.sampled_from(["zone", "factor_var=zone", "人口"]),
    st.sampled_from(
        ["", ", x1", ", 2015", ", c(2014, 2015)", ", i.zone", ", i(zone, 3)", ", x1, 3"]
    ),
    st.just("") | levels.map(", ref={}".format),
    st.just("") | levels.map(", keep={}".format),
    st.just("") | bins.map(", bin={}".format) | levels.map(", ref2={}".format),
)
atoms = variables | calls | shifts | categories | st.sampled_from(
    ["i(zone)", 'i(zone, ref="East")', "i(year, x1, ref=2015)", "poly(x1, 2)", "x1 == 2",
     "(x1 > 2 & x2 < 1)", "(x1 | x2)", "!x1", "x1 / x2", "2 * x1", "x1^2"]
)  # fmt: skip
compound = st.recursive(
    atoms,
    lambda inner: (
        st.builds("({}):({})".format, inner, inner)
        | st.builds("({})*({})".format, inner, inner)
        | st.builds("({} + {}):({})".format, inner, inner, inner)
    ),
    max_leaves=3,
)
sums = st.lists(compound, min_size=1, max_size=4).map(" + ".join)
rights = st.builds("{}{}".format, sums, st.sampled_from(["", " + 0", " - 1", " + 1"]))
effects = st.lists(
    st.sampled_from(
        [
            "province",
            "year",
            "zone^year",
            "`地 区`",
            "a^b^c",
            "y[x]",
            "a^b[x, log(z)]",
            "c[[`地 区`]]",
        ]
    ),
    max_size=3,
).map(lambda fe: " | " + " + ".join(fe) if fe else "")
options = st.builds(
    "{}{}".format,
    st.sampled_from(["", "; weights = w", "; weights = log(pop) + 1", "; weights = frequency(n)"]),
    st.sampled_from(
        ["", "; sample = year > 2012", '; sample = (zone == "East") | x1 > 2 & x2 < 3']
    ),
)
formulas = st.builds("{} ~ {}{}{}".format, atoms, rights, effects, options)


@given(formulas)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_formula_is_read_back_from_its_own_spelling(formula):
    try:
        specs = expand(formula)
    except FormulaError:  # an outcome such as L(y, 0:2) is refused when it is evaluated
        return
    for spec in specs:
        assert parse(str(spec)) == spec


@given(st.text(max_size=30).map("y ~ {}".format) | st.text(max_size=30))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_text_is_a_formula_or_an_error_of_ours(text):
    try:
        specs = expand(text)
    except FormulaError:
        return
    assert all(expand(str(s)) == (s,) for s in specs)


@pytest.mark.parametrize(
    ("formula", "spelling"),
    [
        ("y~x1+x2", "y ~ x1 + x2"),
        ("log(y) ~ x|province+year", "log(y) ~ x | province + year"),
        ("y ~ 1", "y ~ 1"), ("y ~ 0", "y ~ 0"), ("y ~ x - 1", "y ~ x + 0"),
        ("y ~ x + 0 + 1", "y ~ x"), ("y ~ x + z - x", "y ~ z"), ("y ~ x + x", "y ~ x"),
        ("y ~ a*b", "y ~ a + b + a:b"),
        ("y ~ a*b*c", "y ~ a + b + a:b + c + a:c + b:c + a:b:c"),
        ("y ~ (a + b):c", "y ~ a:c + b:c"), ("y ~ (a + b)*c", "y ~ a + b + c + a:c + b:c"),
        ("y ~ (a / b):c", "y ~ (a / b):c"), ("y ~ 2*x", "y ~ 2 * x"),
        ("y ~ (x | z)", "y ~ (x | z)"), ("(x | z) ~ w", "(x | z) ~ w"),
        ("y ~ z + (x == 2)", "y ~ z + (x == 2)"), ("y ~ (!x) + z", "y ~ (!x) + z"),
        ("y ~ L(x)", "y ~ L(x, 1)"), ("y ~ lag(x, 2)", "y ~ L(x, 2)"),
        ("y ~ lead(x)", "y ~ F(x, 1)"),
        ("y ~ L(x, -1)", "y ~ F(x, 1)"), ("y ~ L(x, 0:2)", "y ~ x + L(x, 1) + L(x, 2)"),
        ("y ~ F(x, 2:1)", "y ~ F(x, 2) + F(x, 1)"), ("y ~ L(x, -1:1)", "y ~ F(x, 1) + x + L(x, 1)"),
        ("y ~ D(x)", "y ~ D(x, 1)"), ("y ~ L(x, 1:2):z", "y ~ L(x, 1):z + L(x, 2):z"),
        ("y ~ l(x, c(1, 3))", "y ~ L(x, 1) + L(x, 3)"), ("y ~ d(x)", "y ~ D(x, 1)"),
        ("y ~ f(x, lead = c(1, 3:4))", "y ~ F(x, 1) + F(x, 3) + F(x, 4)"),
        ("y ~ L(x, c(0, -1))", "y ~ x + F(x, 1)"), ("y ~ D(x, lag = 2)", "y ~ D(x, 2)"),
        ("y ~ log(l(x))", "y ~ log(L(x))"),
        ("y ~ i(year, late, 2015)", "y ~ i(year, late, ref=2015)"),
        ("y ~ i(year, c(1, 3))", "y ~ i(year, ref=c(1, 3))"),
        ("y ~ i(keep = 3:6, factor_var = year)", "y ~ i(year, keep=3:6)"),
        ("y ~ i(year, i.zone, ref = 5, ref2 = 1)", "y ~ i(year, i(zone, ref=1), ref=5)"),
        ("y ~ i(year, bin = .(a = 1:2, 'b c' = 3))",
         'y ~ i(year, bin=list(a=1:2, "b c"=3))'),
        ("y ~ x | 0", "y ~ x"), ("y ~ x | a^b^c", "y ~ x | a^b^c"),
        ("y ~ x | d ~ z", "y ~ x | 0 | d ~ z"),
        ("y ~ x | fe | d1 + d2 ~ z1 + z2", "y ~ x | fe | d1 + d2 ~ z1 + z2"),
        ("y~x;weights=w;sample=a>1&b<2", "y ~ x; weights = w; sample = a > 1 & b < 2"),
        ("产出 ~ `增加值(亿元)` | 省份 + 年份", "产出 ~ `增加值(亿元)` | 省份 + 年份"),
        ("y ~ x\n  + z |\n  fe", "y ~ x + z | fe"),
    ],
)  # fmt: skip
def test_canonical_spelling(formula, spelling):
    assert str(parse(formula)) == spelling
    assert parse(spelling) == parse(formula)


def test_intercept():
    assert parse("y ~ x").intercept
    assert not parse("y ~ x - 1").intercept
    assert not parse("y ~ 0 + x").intercept
    assert not parse("y ~ x | province").intercept
    assert parse("y ~ 0 + x").terms == ("x",)


# ---- several models ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "models"),
    [
        ("y ~ sw(a, b)", ["y ~ a", "y ~ b"]),
        ("y ~ sw0(a, b)", ["y ~ 1", "y ~ a", "y ~ b"]),
        ("y ~ csw(a, b)", ["y ~ a", "y ~ a + b"]),
        ("y ~ x + csw0(a, b + c)", ["y ~ x", "y ~ x + a", "y ~ x + a + b + c"]),
        ("c(y1, y2) ~ x", ["y1 ~ x", "y2 ~ x"]),
        ("y ~ x | sw0(u, u + t)", ["y ~ x", "y ~ x | u", "y ~ x | u + t"]),
        ("y ~ csw(a, b) | csw0(u, t)",
         ["y ~ a", "y ~ a + b", "y ~ a | u", "y ~ a + b | u", "y ~ a | u + t",
          "y ~ a + b | u + t"]),
        ("y ~ sw(a, b) + sw(c, d)", ["y ~ a + c", "y ~ a + d", "y ~ b + c", "y ~ b + d"]),
    ],
)  # fmt: skip
def test_stepwise_formulas_stand_for_models_in_order(formula, models):
    assert [str(s) for s in expand(formula)] == models


def test_several_models_are_not_one():
    with pytest.raises(FormulaError, match="2 models") as caught:
        parse("y ~ sw(a, b)")
    assert "panel.many" in caught.value.remedy


def test_thousands_of_terms_are_a_formula():
    assert len(parse("y ~ " + " + ".join(f"x{i}" for i in range(3000))).x) == 3000


# ---- weights and samples given apart ----------------------------------------------------


def test_a_further_sample_narrows_the_formulas_own():
    spec = parse("y ~ x; sample = year > 2012 | old == 1").with_(None, 'zone == "East"')
    assert spec.sample == '(year > 2012 | old == 1) & zone == "East"'
    assert parse("y ~ x").with_("w", None) == Spec("y", ("x",), weights="w")


def test_weights_given_twice():
    with pytest.raises(FormulaError, match="has weights already"):
        parse("y ~ x; weights = w").with_("v", None)


def test_parts_of_an_effect():
    assert parts_of("zone^year") == ("zone", "year")
    assert parts_of("`地 区` ^ 年份") == ("地 区", "年份")
    assert parts_of("`a^b`") == ("a^b",)
    assert parts_of("区(名)") == ("区(名)",)


# ---- mistakes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("y", "needs '~'"), ("y ~", "ends"), ("~ x", "where a variable"), ("y ~ x |", "ends"),
        ("y ~ x | u | t", "Expected '~'"), ("y ~ x | log(u)", "cannot be a fixed effect"),
        ("y ~ x | u + 3", "cannot be a fixed effect"), ("y ~ 3", "not a regressor"),
        ("y ~ L(x, 1.5)", "whole number"), ("y ~ L(x, z)", "whole number"),
        ("y ~ L(x, c())", "whole number"), ("y ~ L(x, 1:2:3)", "whole number"),
        ("y ~ L(x, 1, lag=2)", "needs a variable"), ("y ~ L(x, k=2)", "needs a variable"),
        ("y ~ i()", "variable of categories"), ("y ~ i(a, b, 1, 2, 3, 4)", "variable of cat"),
        ("y ~ i(a, reff=1)", "not an option"), ("y ~ i(a, x, 1, ref=1)", "gives ref twice"),
        ("y ~ i(a, ref2=3)", "no second variable"),
        ("y ~ L()", "needs a variable"), ("y ~ L(x, 1, 2)", "needs a variable"),
        ("y ~ sw()", "nothing to step"), ("y ~ log(sw(a, b)) + sw(sw(a))", "inside another"),
        ("y ~ -sw(a, b)", "cannot be subtracted"), ("y ~ x ~ z", "cannot stand here"),
        ("y ~ x; colour = red", "not an option"),
        ("y ~ x; weights = a; weights = b", "not an option"),
        ("y ~ x | u | 1 ~ z", "no endogenous"), ("y ~ x | u | d ~ 0", "no instrument"),
        ("y ~ (a - b):c", "no product"), ("y ~ x:1", "no product"),
        ("y ~ x[1]", "cannot stand here"), ("y ~ x y", "cannot stand here"),
        ("y ~ " + "(" * 3000 + "x", "too deeply"), (["y", "x"], "is a text, not list"),
        (None, "is a text, not NoneType"), (("y", "x"), "is a text, not tuple"),
    ],
)  # fmt: skip
def test_mistakes_are_errors_with_a_remedy(formula, message):
    with pytest.raises(FormulaError, match=message) as caught:
        expand(formula)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("formula", "at"),
    [
        ("y ~ x + foo(x)", "foo"), ("y ~ x | sin(u)", "sin"), ("y ~ x; sample = mean(x)", "mean"),
        ("y ~ x | u:t", "u:t"), ("y ~ x + 3", "3"), ("y ~ z + x[2]:z", "x[2]"),
        ("y ~ x + (a - b):c", "a - b"), ("y ~ x; sample = u == 1 and t > 2", "and"),
        ('y ~ x; sample = zone %in% c("East")', "%in%"),
    ],
)  # fmt: skip
def test_mistakes_are_shown_at_their_place(formula, at):
    with pytest.raises(FormulaError) as caught:
        expand(formula)
    _, text, caret, *_ = str(caught.value).splitlines()
    assert text.strip() == formula
    assert caret.index("^") == text.index(at)


def test_words_and_functions_of_other_languages_have_a_remedy():
    for formula, remedy in [
        ("y ~ C(zone)", "i(zone)"), ("y ~ factor(zone)", "i(zone)"), ("y ~ lgo(x)", "'log'"),
        ("y ~ x; sample = u > 1 or t > 2", "write |"), ("y ~ x; sample = u and t", "write &"),
        ("y ~ x; sample = u = 1", "write =="),
        ("y ~ x; sample = zone in c(1)", "zone =="),
    ]:  # fmt: skip
        with pytest.raises(FormulaError) as caught:
            expand(formula)
        assert remedy in caught.value.remedy


@pytest.mark.parametrize("given", [pd.Series([1.0, 2.0]), 3, ["w"]])
def test_weights_and_sample_are_text(given):
    with pytest.raises(FormulaError, match="weights is a text"):
        parse("y ~ x").with_(given, None)
    with pytest.raises(FormulaError, match="sample is a text"):
        parse("y ~ x").with_(None, given)
