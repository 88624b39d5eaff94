"""Dummies of categories: levels left out, kept and grouped, in fixest's spellings."""

from __future__ import annotations

import re

import numpy as np
import pytest

import panel
from panel.core.categories import reference
from panel.core.expression import parse_expression
from panel.core.terms import columns_of
from panel.errors import FormulaError

YEARS = [f"year::{year}" for year in range(2010, 2018)]


def _names(term, frame):
    return [name.removeprefix("year::") for name in columns_of(term, frame)]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ("ref=c(2010, 2012)", "2011 2013 2014 2015 2016 2017"),
        ("ref=2010:2015", "2016 2017"), ("ref=2015:2010", "2016 2017"),
        ("ref=2000:2012", "2013 2014 2015 2016 2017"),
        ("keep=c(2010, 2016:2030)", "2010 2016 2017"),
        ("keep=2010:2013, ref=2010", "2011 2012 2013"),
        ('keep=c("2010", 2011.0)', "2010 2011"),
        ('bin="bin::3"', "2010 2013 2016"), ('bin="bin::4", ref=2012', "2008 2016"),
        ('bin="bin::1"', "2010 2011 2012 2013 2014 2015 2016 2017"),
        ("bin=2010:2014", "2010 2015 2016 2017"),
        ("bin=c(2012, 2010, 2011), ref=2012", "2013 2014 2015 2016 2017"),
        ("bin=list(2010:2011, late=c(2015:2017, 2014))", "2010 2012 2013 late"),
        ('bin=list("2009"=2010:2013, "b c"=2014:2017), keep="b c"', "b c"),
    ],
)  # fmt: skip
def test_levels_left_out_kept_and_grouped(options, left, frame):
    assert " ".join(_names(f"i(year, {options})", frame)) == left


def test_a_group_is_the_sum_of_its_dummies(frame):
    each = columns_of("i(year)", frame)
    grouped = columns_of('i(year, bin=list(early=2010:2013, "2016"=2016:2017))', frame)
    np.testing.assert_array_equal(grouped["year::early"], sum(each[y] for y in YEARS[:4]))
    np.testing.assert_array_equal(grouped["year::2016"], each[YEARS[6]] + each[YEARS[7]])
    np.testing.assert_array_equal(grouped["year::2014"], each[YEARS[4]])
    threes = columns_of('i(year, bin="bin::3")', frame)
    for name, values in threes.items():  # R's (x %/% 3) * 3
        own = np.floor(frame.array("year") / 3) * 3 == int(name.removeprefix("year::"))
        np.testing.assert_array_equal(values, own)


def test_interactions_have_the_same_options(frame):
    x = frame.array("x")
    by = columns_of("i(year, x, ref=c(2010, 2011), bin=2016:2017)", frame)
    assert list(by) == [f"year::{y}:x" for y in (2012, 2013, 2014, 2015, 2016)]
    np.testing.assert_array_equal(by["year::2016:x"], x * (frame.array("year") >= 2016))
    both = columns_of('i(year, i(zone, ref="East"), keep=2011:2012)', frame)
    assert list(both) == [f"year::{y}:zone::{z}" for y in (2011, 2012) for z in ("Central", "West")]
    zones = columns_of('i(zone, bin=list(inland=c("Central", "West")))', frame)
    np.testing.assert_array_equal(zones["zone::inland"], frame["zone"] != "East")
    assert list(zones) == ["zone::inland", "zone::East"]


def test_what_is_missing_is_in_no_group(frame):
    holes = frame.assign(zone=frame["zone"].where(frame["zone"] != "West"))
    made = columns_of('i(zone, bin=c("Central", "East"))', holes)
    assert (np.isnan(made["zone::Central"]) == (frame["zone"] == "West")).all()


def test_a_grouped_model_predicts_rows_that_lack_levels(frame):
    m = panel.ols('y ~ x + i(year, bin="bin::3", ref=2010) | province', frame)
    assert list(m.names) == ["x", "year::2013", "year::2016"]
    later = m.predict(frame.rows(lambda t: t.year == 2014))
    np.testing.assert_array_equal(later, m.predict(frame).loc[later.index])
    two = panel.ols("y ~ x + i(year, ref=c(2010, 2011)) | province", frame)
    early = two.predict(frame.rows(lambda t: t.year == 2011))
    np.testing.assert_array_equal(early, two.predict(frame).loc[early.index])


def test_fixest_spellings_are_one_model(frame):
    by_hand = frame.assign(late=(frame["year"] >= 2014).astype(float))
    one = panel.ols("y ~ x + i(year, bin=list(late=2014:2017), keep='late') | province", frame)
    two = panel.ols("y ~ x + late | province", by_hand)
    np.testing.assert_allclose(one.coef, two.coef, rtol=1e-13)
    for spelling in ("i(year, x, 2010)", "i(factor_var = year, var = x, ref = 2010)"):
        m = panel.ols(f"y ~ {spelling} | province", frame)
        assert m.formula == "y ~ i(year, x, ref=2010) | province"


@pytest.mark.parametrize(
    ("call", "said"),
    [("i(x)", None), ("i(x, ref='a')", "a"), ("i(x, ref=c(-1, -5))", "-1"),
     ("i(x, ref=3:5)", "3"), ("i(x, keep=3)", None)],
)  # fmt: skip
def test_the_reference_is_the_first_level_left_out(call, said):
    assert reference(parse_expression(call)) == said


def test_contrasts_and_event_plots_know_the_reference(frame):
    m = panel.ols("y ~ x + i(year, treated, ref=c(2013, 2010)) | province + year", frame)
    assert 2013 in set(panel.eventplot(m).data["period"])
    zones = panel.pooled("y ~ x + i(zone, ref=c('West', 'East'))", frame)
    assert all(t.endswith("West") for t in panel.contrasts(zones, "zone").tidy()["contrast"])


@pytest.mark.parametrize(
    ("term", "message", "remedy"),
    [
        ("i(year, ref=c(2010, 1999))", "'1999' in .* is not a level", "did you mean '2010'|2010"),
        ("i(year, keep=1990:1999)", "'1990:1999' in .* is not a level", "2010"),
        ("i(year, ref=2010:2017)", "none of the levels", "fewer"),
        ("i(zone, ref='@Ea')", "does not name levels", "name them"),
        ("i(zone, ref=log(x))", "does not name levels", "name them"),
        ("i(zone, ref=c())", "does not name levels", "name them"),
        ("i(year, keep='a':3)", "does not name levels", "name them"),
        ("i(year, bin='!bin::2')", "not a way of grouping", "bin::3"),
        ("i(year, bin='cut::3')", "not a way of grouping", "pandas.cut"),
        ("i(year, bin='bin::0')", "not a way of grouping", "bin::3"),
        ("i(zone, bin='bin::2')", "'Central' in .* is none", "name the levels"),
        ("i(year, bin=list(a=2010:2012, b=2012:2013))", "'2012' belongs to two", "once"),
        ("i(year, bin=list('2015'=2010:2012))", "'2015' belongs to two", "once"),
        ("i(year, bin=c(1999, 2010:2012))", "'1999' in .* is not a level", "2010"),
        ("i(year, bin=2005:2012)", "'2005' in .* is not a level", "2010"),
        ("i(year, reff=3)", "not an option", "ref, keep and bin"),
    ],
)  # fmt: skip
def test_levels_that_are_none(term, message, remedy, frame):
    with pytest.raises(FormulaError, match=message) as caught:
        columns_of(term, frame)
    assert re.search(remedy, caught.value.remedy)
