"""Tests of weak instruments: what holds without a peer, and printed critical values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.diagnostics.stock_yogo import stock_yogo
from panel.diagnostics.weak_instruments import weak_instruments
from panel.estimators.iv import iv
from panel.estimators.ols import ols
from panel.kernels.effective_f import critical_value, worst_bias

ONE = "y ~ x | region + year | d1 ~ z1 + z2 + z3"
TWO = "y ~ x | region + year | d1 + d2 ~ z1 + z2 + z3 + z4"


@pytest.fixture(scope="module")
def data() -> panel.PanelFrame:
    """A panel of 15 regions and 8 years with instruments of middling strength."""
    draw = np.random.default_rng(7)
    table = pd.DataFrame(
        [(f"r{i}", 2000 + t) for i in range(15) for t in range(8)], columns=["region", "year"]
    )
    for name in ("z1", "z2", "z3", "z4", "x", "u", "v"):
        table[name] = draw.normal(size=len(table))
    table["zone"] = table.region.str[-1] + table.x.gt(0).astype(str)
    table["d1"] = 0.4 * table.z1 + 0.2 * table.z2 + table.u + 0.5 * table.v
    table["d2"] = 0.5 * table.z3 - 0.3 * table.z4 - 0.5 * table.u + table.v
    table["y"] = table.d1 + table.x + table.u * (1 + table.z1**2) / 2
    return panel.PanelFrame.from_pandas(table, "region", "year")


VCOVS = [
    panel.iid(),
    panel.hetero("HC1"),
    panel.cluster("region"),
    panel.driscoll_kraay(1),
    panel.cluster("region", "zone"),
]


@pytest.mark.parametrize("vcov", VCOVS, ids=lambda v: type(v).__name__)
def test_with_one_instrument_all_f_statistics_are_the_first_stage_t_squared(vcov, data):
    formula = "y ~ x | region + year | d1 ~ z1"
    found = weak_instruments(iv(formula, data, vcov=vcov))
    first = ols("d1 ~ z1 + x | region + year", data, vcov=vcov)
    assert found.kleibergen_paap == pytest.approx(first.tvalues["z1"] ** 2, rel=1e-10)
    assert found.effective_f == pytest.approx(found.kleibergen_paap, rel=1e-10)
    plain = first.with_vcov("iid").tvalues["z1"] ** 2
    assert found.cragg_donald == pytest.approx(plain, rel=1e-10)


@pytest.mark.parametrize("vcov", VCOVS[:3], ids=lambda v: type(v).__name__)
def test_with_one_endogenous_regressor_the_rk_statistic_is_the_first_stage_f(vcov, data):
    estimate = iv(ONE, data, vcov=vcov)
    first = ols("d1 ~ z1 + z2 + z3 + x | region + year", data, vcov=vcov)
    joint = first.map(np.eye(4)[:3], ["z1", "z2", "z3"])
    assert weak_instruments(estimate).kleibergen_paap == pytest.approx(joint.fvalue, rel=1e-10)


def test_under_constant_variance_rk_is_cragg_donald_and_anderson(data):
    found = weak_instruments(iv(TWO, data))
    assert found.kleibergen_paap == pytest.approx(found.cragg_donald, rel=1e-10)
    assert found.underidentification.name == "Anderson LM"
    n, count, df = 120, 4, 120 - 5 - 22
    share = found.cragg_donald * count / df / (1 + found.cragg_donald * count / df)
    assert found.underidentification.statistic == pytest.approx(n * share, rel=1e-10)


@pytest.mark.parametrize("vcov", VCOVS[:3], ids=lambda v: type(v).__name__)
def test_statistics_do_not_depend_on_units_or_bases(vcov, data):
    first = weak_instruments(iv(TWO, data, vcov=vcov))
    turned = data.assign(
        d1=3 * data["d1"] - data["d2"] + data["x"], d2=data["d2"] / 100,
        z1=data["z1"] + data["z2"], z2=1e4 * data["z2"] - 2 * data["x"],
    )  # fmt: skip
    second = weak_instruments(iv(TWO, turned, vcov=vcov))
    for name in ("cragg_donald", "kleibergen_paap"):
        assert getattr(second, name) == pytest.approx(getattr(first, name), rel=1e-9)
    assert second.underidentification.statistic == pytest.approx(
        first.underidentification.statistic, rel=1e-9
    )
    one, other = (weak_instruments(iv(ONE, frame, vcov=vcov)) for frame in (
        data, data.assign(z1=data["z1"] * 50, y=data["y"] / 9, d1=data["d1"] * 1e3)
    ))  # fmt: skip
    assert other.effective_f == pytest.approx(one.effective_f, rel=1e-9)
    np.testing.assert_allclose(other.critical_values, one.critical_values, rtol=1e-6)


def test_small_sample_corrections_are_those_of_the_covariance(data):
    corrected = weak_instruments(iv(ONE, data, vcov=panel.cluster("region")))
    bare = weak_instruments(iv(ONE, data, vcov=panel.cluster("region", kind="CR0")))
    # 120 rows, 15 clusters; 4 slopes, 8 years and the constant of the nested regions.
    factor = 119 / (120 - 4 - 8) * 15 / 14
    assert bare.kleibergen_paap == pytest.approx(corrected.kleibergen_paap * factor, rel=1e-10)
    assert bare.underidentification.statistic == corrected.underidentification.statistic


def test_prints_stock_and_yogos_tables():
    # Stock and Yogo (2005), tables 5.1 (bias of 2SLS), 5.2 (size of 2SLS), 5.3 (Fuller's bias),
    # 5.4 (size of LIML).
    one = stock_yogo(1, 3)
    assert list(one["2SLS relative bias"].dropna()) == [13.91, 9.08, 6.46, 5.39]
    assert list(one["2SLS size"].dropna()) == [22.30, 12.83, 9.54, 7.80]
    assert list(one["LIML size"].dropna()) == [6.46, 4.36, 3.69, 3.32]
    assert list(one["Fuller relative bias"].dropna()) == [9.61, 7.90, 6.61, 5.60]
    assert stock_yogo(1, 1)["2SLS size"].dropna().tolist() == [16.38, 8.96, 6.66, 5.53]
    assert stock_yogo(2, 30)["2SLS size"]["10%"] == 63.51
    assert stock_yogo(3, 30)["2SLS relative bias"]["5%"] == 20.27
    assert stock_yogo(4, 9).isna().all(axis=None)
    assert stock_yogo(1, 31).isna().all(axis=None)


@pytest.mark.parametrize("endogenous", [1, 2, 3])
def test_critical_values_change_smoothly_with_the_number_of_instruments(endogenous):
    # A slip in a figure would show as a jump; only LIML's rejection rates have kinks.
    table = pd.concat({k: stock_yogo(endogenous, k) for k in range(1, 31)})
    for kind in ("2SLS relative bias", "2SLS size", "Fuller relative bias"):
        for share in ("5%", "10%", "15%", "20%", "25%", "30%"):
            values = table[kind].xs(share, level=1).dropna().to_numpy()[11:]
            bends = np.abs(np.diff(values, 2))
            assert (bends <= 0.03 + 0.004 * values[1:-1]).all(), (kind, share)


@pytest.mark.parametrize(
    ("tau", "alpha", "printed"),
    [(0.05, 0.05, "37.42"), (0.1, 0.05, "23.11"), (0.2, 0.05, "15.06"), (0.1, 0.1, "19.75")],
)
def test_prints_montiel_olea_and_pfluegers_thresholds_for_one_instrument(tau, alpha, printed):
    # Montiel Olea and Pflueger (2013), table 1; 23.1 is the threshold that papers quote.
    assert f"{critical_value(np.eye(1), 1 / tau, alpha):.2f}" == printed


@pytest.mark.parametrize("count", [2, 3, 5, 12])
def test_worst_biases_are_known_for_constant_variance(count):
    # W = Omega x I: the bias of 2SLS is at most 1 - 2/l, that of LIML 1/l, at |correlation| one.
    omega = np.array([[2.0, 0.7], [0.7, 1.5]])
    worst = worst_bias(np.kron(omega, np.eye(count)), omega)
    assert worst.tsls == pytest.approx(max(1 - 2 / count, 2 / count - 1), abs=1e-9)
    assert worst.liml == pytest.approx(1 / count, rel=1e-9)


def test_worst_bias_is_a_maximum_over_slopes():
    draw = np.random.default_rng(2)
    root = draw.normal(size=(8, 8))
    w, omega = root @ root.T, np.array([[3.0, -1.0], [-1.0, 2.0]])
    w1, w12, w2 = w[:4, :4], (w[:4, 4:] + w[4:, :4]) / 2, w[4:, 4:]
    worst = worst_bias(w, omega)
    largest = 0.0
    for b in np.tan(np.linspace(-1.57, 1.57, 4001)):
        s12, s1 = w12 - b * w2, w1 - 2 * b * w12 + b * b * w2
        roots = np.linalg.eigvalsh(s12)
        for c in (roots[0], roots[-1]):
            bias = abs(np.trace(s12) - 2 * c) / np.sqrt(np.trace(s1) * np.trace(w2))
            largest = max(largest, bias)
    assert largest <= worst.tsls + 1e-12
    assert worst.tsls == pytest.approx(largest, rel=1e-5)  # the grid is coarse
    assert worst.liml > 0


def test_it_reads_as_text_and_as_a_table(data):
    found = weak_instruments(iv(ONE, data, vcov=panel.cluster("region")))
    text = str(found)
    assert "Kleibergen-Paap rk Wald F" in text
    assert "clustered by region" in text
    assert "2SLS relative bias" in text
    assert f"Effective F = {found.effective_f:.5g}" in text
    assert list(found.tidy()["statistic"])[-1] == "Effective F"
    assert "<table" in found._repr_html_()
    assert "Effective F" not in str(weak_instruments(iv(TWO, data)))


def test_says_what_it_cannot_do(data):
    with pytest.raises(panel.errors.FormulaError, match="The model has no instruments"):
        weak_instruments(ols("y ~ d1 + x | region", data))
    with pytest.raises(panel.errors.EstimationError, match="between 0 and 1"):
        weak_instruments(iv(ONE, data), alpha="0.05")
    zoned = data.assign(half=(data["z4"] > 0).astype(int))
    with pytest.raises(panel.errors.VcovError):
        weak_instruments(iv(ONE, zoned, vcov=panel.cluster("half")))
