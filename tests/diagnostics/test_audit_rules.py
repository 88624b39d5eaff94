"""Rules of the audit: arithmetic within the printed digits, totals, second sources, claims."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.column import Origin
from panel.errors import (
    DataError,
    FormulaError,
    NotNumericError,
    UnitError,
    UnknownVariableError,
)

UNITS = {"gdp": "亿元", "primary": "亿元", "secondary": "亿元", "tertiary": "亿元",
         "population": "万人", "per_person": "元/人", "share": "%", "growth": "%"}  # fmt: skip


def frame_of(rows: dict[str, list[float]], years=None, **origins: Origin) -> panel.PanelFrame:
    count = len(next(iter(rows.values())))
    years = years or list(range(2015, 2015 + count))
    table = pd.DataFrame({"region": "a", "year": years, **rows})
    units = {k: v for k, v in UNITS.items() if k in rows}
    return panel.PanelFrame.from_pandas(table, "region", "year", units=units, origins=origins)


def check(rule: str | panel.Identity, **columns: float) -> tuple[panel.Finding, ...]:
    """Findings in one row."""
    frame = frame_of({k: [v] for k, v in columns.items()})
    return panel.audit(frame, [rule], variables=[]).findings


PERSON = "per_person = gdp / population"
SUM = "gdp = primary + secondary + tertiary"


@pytest.mark.parametrize(
    ("gdp", "parts", "holds"),
    [
        (100.1, (20.1, 30.2, 49.8), True),
        # each of four figures may be off by 0.05, so sums may differ by 0.2 but not by 0.3
        (100.3, (20.1, 30.2, 49.8), True),
        (100.4, (20.1, 30.2, 49.8), False),
        (99.9, (20.1, 30.2, 49.8), True),
        (99.8, (20.1, 30.2, 49.8), False),
        # 100 is taken as printed to the unit: off by 0.5
        (100, (20.1, 30.2, 50.3), True),
        (100, (20.1, 30.2, 50.4), False),
    ],
)
def test_sums_within_the_printed_digits(gdp, parts, holds):
    found = check(
        SUM, gdp=gdp, **dict(zip(("primary", "secondary", "tertiary"), parts, strict=True))
    )
    assert bool(found) is not holds


def test_rounding_by_exact_arithmetic():
    """Figures that are rounded from exact ones never give a finding; one more than rounding
    explains always does."""
    draw = np.random.default_rng(7)
    for _ in range(80):
        digits = int(draw.integers(0, 4))
        exact = [Fraction(int(v), 10**6) for v in draw.integers(1, 10**10, 3)]
        printed = [round(float(v), digits) for v in exact]
        total = round(float(sum(exact)), digits)
        parts = dict(zip(("primary", "secondary", "tertiary"), printed, strict=True))
        assert not check(SUM, gdp=total, **parts)
        # printed digits may end in zeros, which widens what rounding explains by a power of ten
        off = round(total + 5 * 10.0**-digits, digits)
        if all(round(v, digits) != round(v, digits - 1) for v in (*printed, off)):
            assert check(SUM, gdp=off, **parts)


@pytest.mark.parametrize(
    ("rule", "columns", "holds"),
    [
        # 1000 亿元 over 500 万人 are 20,000 yuan a person
        (PERSON, {"per_person": 20000, "gdp": 1000.4, "population": 500}, True),
        (PERSON, {"per_person": 21000, "gdp": 1000.4, "population": 500}, False),
        ("share = secondary / gdp", {"share": 33.3, "secondary": 33.31, "gdp": 100.02}, True),
        ("share = secondary / gdp", {"share": 33.4, "secondary": 33.31, "gdp": 100.02}, False),
        ("primary + secondary <= gdp", {"primary": 30.1, "secondary": 69.9, "gdp": 99.9}, True),
        ("primary + secondary <= gdp", {"primary": 30.1, "secondary": 70.1, "gdp": 99.9}, False),
        ("gdp >= primary", {"primary": 30.1, "gdp": 30.2}, True),
        ("gdp >= primary", {"primary": 31.1, "gdp": 30.2}, False),
    ],
)  # fmt: skip
def test_ratios_and_bounds_mind_units(rule, columns, holds):
    assert bool(check(rule, **columns)) is not holds


def test_growth_against_the_end_points():
    """105.1 / 100.1 is 1.04995 and, with half a unit either way, between 1.0489 and 1.0510."""
    for printed, years in ((5.0, []), (5.1, []), (4.9, []), (5.3, [2016]), (4.7, [2016])):
        frame = frame_of({"gdp": [100.1, 105.1], "growth": [np.nan, printed]})
        found = panel.audit(frame, ["growth = gdp / L(gdp) - 1"], variables=[]).findings
        assert [f.year for f in found] == years, printed
    frame = frame_of({"gdp": [100.1, 105.1], "growth": [np.nan, 50.0]}, years=[2015, 2017])
    assert not panel.audit(frame, ["growth = gdp / L(gdp) - 1"], variables=[]).findings
    (finding,) = panel.audit(frame, ["growth = gdp / L(gdp, 2) - 1"], variables=[]).findings
    assert finding.year == 2017


def test_the_same_figure_twice_is_one_figure():
    """x / x is 1 whatever x is; taken as two roundings it would lie between 0.6 and 1.7."""
    assert not check("gdp / gdp = 1", gdp=2)
    assert check("gdp / gdp = 1.2", gdp=2)


def test_what_would_make_it_hold():
    (slip,) = check(SUM, gdp=1001.0, primary=20.1, secondary=30.2, tertiary=49.8)
    assert "a power of ten apart" in slip.sentence()
    (digits,) = check(SUM, gdp=4519.3, primary=120.1, secondary=1530.2, tertiary=2896.3)
    assert "would hold with" not in digits.sentence()  # no exchange does
    (digits,) = check(SUM, gdp=4591.3, primary=120.1, secondary=1530.2, tertiary=2869.0)
    assert "it would hold with 4591.3 read as 4519.3" in digits.sentence()
    (more,) = check("primary <= gdp", primary=120.1, gdp=80.2)
    assert "a part is more than the whole" in more.sentence()


def test_what_a_finding_says():
    origin = Origin("book.csv", "GDP", "亿元", "Office")
    rows = {"gdp": [100.4], "primary": [20.1], "secondary": [30.2], "tertiary": [49.8]}
    (finding,) = panel.audit(frame_of(rows, gdp=origin), [SUM], variables=[]).findings
    assert (finding.kind, finding.basis) == ("identity", "arithmetic")
    assert (finding.variable, finding.region, finding.year) == ("gdp", "a", 2015)
    assert (finding.value, finding.expected) == (100.4, pytest.approx(100.1, rel=1e-12))
    assert finding.size == pytest.approx(0.3 / 0.2, rel=1e-6)  # the slack of the arithmetic
    assert finding.source == "book.csv, GDP"
    assert "gives 100.1 × 100 million CNY (99.95 .. 100.25 given" in finding.sentence()


def test_tolerance_beside_rounding():
    columns = {"gdp": 110.4, "primary": 20.1, "secondary": 30.2, "tertiary": 49.8}
    assert check(SUM, **columns)
    assert check(panel.Identity(SUM, within=0.1), **columns)
    assert not check(panel.Identity(SUM, within=0.11), **columns)


def test_rules_that_cannot_be_read():
    for text in ("gdp", "gdp = ", "gdp = primary = tertiary", "1 = 2", "gdp == primary"):
        with pytest.raises(FormulaError):
            panel.Identity(text)
    for within in (-0.1, float("nan"), float("inf")):
        with pytest.raises(FormulaError, match="is no share"):
            panel.Identity(SUM, within=within)
    with pytest.raises(UnknownVariableError, match="'gpd'"):
        check("gpd = gdp", gdp=1.0)
    with pytest.raises(UnitError):
        check("gdp = population", gdp=1.0, population=2.0)
    with pytest.raises(FormulaError, match="no lag"):
        check("gdp = L(gdp + primary)", gdp=1.0, primary=2.0)
    with pytest.raises(UnknownVariableError, match="only keys"):
        check("year = year", gdp=1.0)
    many = {f"x{i}": 1.0 for i in range(11)}
    with pytest.raises(FormulaError, match="11 figures"):
        check(f"gdp = {' + '.join(many)}", gdp=11.0, **many)
    text = panel.PanelFrame.from_pandas(
        pd.DataFrame({"region": ["a"], "year": [2015], "gdp": ["many"], "x": [1.0]}),
        "region",
        "year",
    )
    with pytest.raises(NotNumericError, match="'gdp' holds text"):
        panel.audit(text, ["gdp = x"])


# ---- totals ----------------------------------------------------------------------------


@pytest.fixture
def three() -> panel.PanelFrame:
    table = pd.DataFrame(
        {"region": list("abc") * 2, "year": [2015] * 3 + [2016] * 3,
         "gdp": [10.1, 20.2, 30.3, 11.1, 21.1, np.nan]}
    )  # fmt: skip
    return panel.PanelFrame.from_pandas(table, "region", "year", units={"gdp": "亿元"})


@pytest.mark.parametrize(
    ("total", "holds"), [(60.6, True), (60.8, True), (60.9, False), (60.4, True), (60.3, False)]
)
def test_regions_add_up_to_the_total(three, total, holds):
    """Three figures and the total may each be off by 0.05."""
    found = panel.audit(three, [panel.RegionalTotal("gdp", {2015: total})], variables=[]).findings
    assert bool(found) is not holds
    if found:
        assert (found[0].value, found[0].expected) == (pytest.approx(60.6), total)
        assert "of 3 regions adds up to 60.6" in found[0].sentence()


def test_a_total_of_which_regions_are_missing_is_not_exceeded(three):
    rule = panel.RegionalTotal("gdp", {2016: 50.3, 2017: 1.0})
    assert not panel.audit(three, [rule], variables=[]).findings
    (finding,) = panel.audit(
        three, [panel.RegionalTotal("gdp", {2016: 31.9})], variables=[]
    ).findings
    assert "1 regions without a figure" in finding.sentence()
    near = panel.RegionalTotal("gdp", {2015: 61.5}, within=0.02)
    assert not panel.audit(three, [near], variables=[]).findings


# ---- a second source -------------------------------------------------------------------


def test_two_sources_differ_by_more_than_rounding(three):
    other = three.data.assign(gdp=[10.1, 11.1, 20.25, np.nan, 30.6, 5.0]) * 1e-4
    second = panel.PanelFrame.from_pandas(other, units={"gdp": "万亿元"}, name="second")
    (finding,) = panel.audit(three, [panel.OtherSource(second)], variables=[]).findings
    assert (finding.kind, finding.region, finding.year) == ("vintage", "c", 2015)
    # each figure may be off by half a unit of its last digit: 0.05 and 0.05
    assert finding.size == pytest.approx(0.3 / 0.1, rel=1e-6)
    assert "in second, -0.98 % apart" in finding.sentence()
    assert not panel.audit(three, [panel.OtherSource(second, within=0.02)], variables=[]).findings


def test_a_second_source_under_another_name(three):
    table = three.data.rename(columns={"gdp": "first"}) * 2
    second = panel.PanelFrame.from_pandas(table, units={"first": "亿元"})
    rule = panel.OtherSource(second, {"gdp": "first"})
    assert len(panel.audit(three, [rule], variables=[])) == 5
    with pytest.raises(DataError, match="no variable of numbers in common"):
        panel.audit(three, [panel.OtherSource(second)])
    people = panel.PanelFrame.from_pandas(table, units={"first": "万人"})
    with pytest.raises(UnitError):
        panel.audit(three, [panel.OtherSource(people, {"gdp": "first"})])


# ---- claims and rules of one's own -----------------------------------------------------


def test_printed_claims(three):
    from panel.diagnostics import Claim

    facts = pd.DataFrame(
        {"id": ["total", "part", "rest"], "value": ["1.60", "1.0", "0.4"], "unit": "tn CNY",
         "place": "p. 3"}
    )  # fmt: skip
    claims = (
        Claim("parts add up", "total", "part + rest"),
        Claim("a part is no more than the whole", "part", "total", relation="at most"),
    )
    (finding,) = panel.audit(three, [panel.PrintedClaims(facts, claims)], variables=[]).findings
    assert (finding.kind, finding.variable) == ("claim", "parts add up")
    assert (finding.value, finding.expected) == (1.6, pytest.approx(1.4))
    assert finding.sentence().startswith("p. 3: “parts add up”: printed 1.60 tn CNY; part + rest")


def test_a_rule_of_ones_own(three):
    def never(frame):
        return ()

    audit = panel.audit(three, [never, SUM.replace("primary + secondary + tertiary", "gdp")])
    assert audit.rules == ("never", "gdp = gdp")
    assert not audit.findings
