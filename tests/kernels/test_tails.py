"""Tails agree with scipy.stats, which is too slow to load for everyday use."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from panel.kernels import tails

VALUES = [0.0, 1e-3, 0.5, 1.96, 5.0, 40.0, 1e5, np.inf]


@pytest.mark.parametrize("df", [0.7, 1.0, 3.3, 30.0, 1e6])
@pytest.mark.parametrize("value", [*VALUES, -1.0, np.nan])
def test_above(value, df):
    np.testing.assert_equal(tails.t_both(value, df), 2 * stats.t.sf(abs(value), df))
    np.testing.assert_equal(tails.f_above(value, 3, df), stats.f.sf(value, 3, df))
    np.testing.assert_equal(tails.chi2_above(value, df), stats.chi2.sf(value, df))
    np.testing.assert_equal(tails.normal_above(value), stats.norm.sf(value))


@pytest.mark.parametrize("df", [0.7, 3.3, 30.0, np.inf])
@pytest.mark.parametrize("p", [0.5, 0.95, 0.995])
def test_quantiles(p, df):
    assert tails.t_quantile(p, df) == stats.t.ppf(p, df)


def test_several_degrees_of_freedom():
    df = np.array([2.5, 30.0])
    np.testing.assert_array_equal(tails.t_both(np.array([-2.0, 2.0]), df), 2 * stats.t.sf(2, df))


def test_chi_squared_of_no_degrees_of_freedom_is_not_defined():
    assert np.isnan(tails.chi2_above(1.0, 0))


def test_a_first_regression_does_not_load_them():
    code = (
        "import sys, panel; f = panel.load('china'); "
        "print(panel.ols('log(gdp) ~ log(population) | province + year', f, vcov='hetero')); "
        "sys.exit('scipy.stats' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
