"""Designs with instruments: first stages, columns, and covariances of moments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.build import build
from panel.core.formula import parse
from panel.core.instruments import (
    asymptotic,
    moment_covariance,
    on_instruments,
    parts,
    require_weights,
    residual_df,
)

FORMULA = "y ~ x | region | d1 + d2 ~ z1 + z2 + z3"


@pytest.fixture
def frame() -> panel.PanelFrame:
    draw = np.random.default_rng(0)
    keys = [(f"r{i}", 2000 + t) for i in range(8) for t in range(6)]
    table = pd.DataFrame(keys, columns=["region", "year"])
    for name in ("y", "x", "d1", "d2", "z1", "z2", "z3"):
        table[name] = draw.normal(size=len(table))
    table["w"] = draw.uniform(1, 3, size=len(table))
    return panel.PanelFrame.from_pandas(table, "region", "year")


def test_a_design_keeps_regressors_and_instruments_apart(frame):
    design = build(parse(FORMULA.replace("| region", "| 0")), frame)
    assert design.names == ("(Intercept)", "d1", "d2", "x")
    assert design.endogenous == ("d1", "d2")
    assert design.instruments == ("z1", "z2", "z3")
    np.testing.assert_array_equal(design.Z, frame.data[["z1", "z2", "z3"]])
    with pytest.raises(ValueError, match="read-only"):
        design.Z[0, 0] = 1.0
    missing = frame.assign(z2=frame["z2"].where(frame["x"] < 1))
    short = build(parse(FORMULA), missing)
    assert short.n == int((frame["x"] < 1).sum())
    assert any("z2 is missing" in str(d) for d in short.dropped)


def test_regressions_on_the_instruments(frame):
    design = build(parse(FORMULA.replace("| region", "| 0")), frame)
    first = on_instruments(design, "d2")
    assert first.names == ("(Intercept)", "z1", "z2", "z3", "x")
    assert str(first.spec) == "d2 ~ z1 + z2 + z3 + x"
    np.testing.assert_array_equal(first.y, frame.data["d2"])
    assert on_instruments(design).spec.y == "y"
    assert residual_df(first) == 48 - 5
    with pytest.raises(panel.errors.FormulaError, match="no instruments"):
        on_instruments(first)
    with pytest.raises(panel.errors.FormulaError, match="no instruments"):
        parts(first)


def test_columns_are_orthogonal_to_effects_and_exogenous_regressors(frame):
    design = build(parse(FORMULA + "; weights = w"), frame)
    columns = parts(design)
    root = np.sqrt(frame.data["w"].to_numpy())
    dummies = pd.get_dummies(frame.data.reset_index()["region"], dtype=float).to_numpy()
    others = np.column_stack([dummies, frame.data["x"]]) * root[:, None]
    for values in (columns.outcome[:, None], columns.endogenous, columns.q2):
        assert np.abs(others.T @ values).max() < 1e-12
    np.testing.assert_allclose(columns.q.T @ columns.q, np.eye(4), atol=1e-13)


def test_moment_covariances_are_sums_of_products(frame):
    design = build(parse(FORMULA), frame)
    draw = np.random.default_rng(1)
    z, v = draw.normal(size=(48, 2)), draw.normal(size=(48, 3))
    products = np.array([np.kron(b, a) for a, b in zip(z, v, strict=True)])
    plain = moment_covariance(design, panel.hetero("HC1"), z, v).matrix
    np.testing.assert_allclose(plain, products.T @ products, rtol=1e-12)
    small = moment_covariance(design, panel.hetero("HC1"), z, v, small=True)
    df = 48 - 3 - 8
    np.testing.assert_allclose(small.matrix, plain * 48 / df, rtol=1e-12)
    assert small.df == df
    iid = moment_covariance(design, panel.iid(), z, v).matrix
    np.testing.assert_allclose(iid, np.kron(v.T @ v / 48, z.T @ z), rtol=1e-12)
    summed = pd.DataFrame(products).groupby(np.repeat(np.arange(8), 6)).sum().to_numpy()
    clustered = moment_covariance(design, panel.cluster("region"), z, v).matrix
    np.testing.assert_allclose(clustered, summed.T @ summed, rtol=1e-12)


@pytest.mark.parametrize(
    ("vcov", "bare"),
    [
        (panel.hetero("HC3"), panel.hetero("HC0")),
        (panel.cluster("region", kind="CR2"), panel.cluster("region", kind="CR0")),
        (panel.cluster("region", small="areg"), panel.cluster("region", kind="CR0")),
        (panel.driscoll_kraay(2), panel.driscoll_kraay(2, small="none")),
        (panel.iid(), panel.iid()),
    ],
)
def test_corrections_for_small_samples_are_taken_off(vcov, bare):
    assert asymptotic(vcov) == bare


def test_a_singular_covariance_cannot_weigh():
    scaled = np.diag([1e-12, 1.0, 1e12])
    assert require_weights(scaled) is scaled
    with pytest.raises(panel.errors.VcovError, match="3 moments has rank 1 only"):
        require_weights(np.ones((3, 3)))
