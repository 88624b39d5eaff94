"""Spatial beta convergence: spatialreg's and spreg's numbers, simulated truth, clear errors."""

from __future__ import annotations

import doctest
import json
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.inequality.spatial_beta import spatial_convergence

REFERENCE = Path(__file__).parents[1] / "reference"
STORED = json.loads((REFERENCE / "spatial_growth.json").read_text())


@pytest.fixture(scope="module")
def provinces() -> panel.PanelFrame:
    """China's provinces in 2016 and 2022, as R had them."""
    table = pd.read_csv(REFERENCE / "spatial_growth.csv")
    years = [table.assign(year=year, income=table[which])
             for year, which in ((2016, "first"), (2022, "last"))]  # fmt: skip
    return panel.PanelFrame.from_pandas(pd.concat(years), "region", "year")


@pytest.fixture(scope="module")
def borders() -> panel.SpatialWeights:
    return panel.contiguity("china", links=("land", "strait"))


@pytest.fixture(scope="module")
def columbus() -> tuple[panel.PanelFrame, panel.SpatialWeights]:
    """Anselin's data as growth: crime over one year on income as the log level."""
    data = STORED["columbus"]["data"]
    crime, income = np.array(data["CRIME"]), np.array(data["INC"])
    table = pd.DataFrame({"u": range(1, 50), "HOVAL": data["HOVAL"]})
    years = [table.assign(t=0, y=np.exp(income)), table.assign(t=1, y=np.exp(income + crime))]
    pairs = [(i, j) for i, near in enumerate(STORED["columbus"]["neighbours"], 1) for j in near]
    frame = panel.PanelFrame.from_pandas(pd.concat(years), "u", "t")
    return frame, panel.neighbour_weights(pairs, range(1, 50))


def assert_same(found: panel.SpatialConvergence, stored: dict) -> None:
    """R's search leaves 1e-8 of rho, and what depends on it moves with it."""
    names = [n.split("::")[-1] for n in found.estimate.names[:-1]]
    spelled = {
        "(Intercept)": "(Intercept)", "level": "L(log(income), 6)",
        "industry_share": "L(industry_share, 6)", "lag.level": "W(L(log(income), 6))",
        "lag.industry_share": "W(L(industry_share, 6))", "INC": "L(log(y), 1)",
        "HOVAL": "L(HOVAL, 1)", "lag.INC": "W(L(log(y), 1))", "lag.HOVAL": "W(L(HOVAL, 1))",
    }  # fmt: skip
    at = [names.index(spelled.get(n, n.removeprefix("factor(zone)"))) for n in stored["names"]]
    np.testing.assert_allclose(found.estimate.coef[at], stored["coef"], rtol=1e-6)
    np.testing.assert_allclose(found.estimate.coef[-1], stored["rho"], rtol=1e-6)
    bse = found.estimate.bse.to_numpy()
    np.testing.assert_allclose(bse[[*at, -1]], stored["se"], rtol=1e-6)
    for name in ("loglik", "aic", "aic_ols"):  # flat at the maximum
        assert found.estimate.stats[name] == pytest.approx(stored[name], rel=1e-11), name
    assert found.estimate.stats["variance"] == pytest.approx(stored["variance"], rel=1e-6)
    if isinstance(stored.get("impact_se"), list):  # R's own derivatives are good to 1e-9
        parts = [part.split(" ") for part in stored["impacts"]]
        wanted = [f"{i}({spelled[v]})" for v, i in parts if v in spelled]
        kept = [v in spelled for v, _ in parts]
        for values, expected in (
            (found.impacts.params, list(stored["impacts"].values())),
            (found.impacts.bse, stored["impact_se"]),
        ):
            np.testing.assert_allclose(values[wanted], np.array(expected)[kept], rtol=1e-6)


@pytest.mark.parametrize("model", ["lag", "error"])
def test_absolute_convergence_of_china_is_spatialregs(provinces, borders, model):
    found = spatial_convergence(provinces, "income", borders, model=model)
    assert_same(found, STORED["china"][model])
    b, t = found.estimate.coef[1], 6
    assert found.speed.params["speed"] == pytest.approx(-np.log(1 + b * t) / t, rel=1e-12)
    error = found.estimate.bse.iloc[1] / (1 + b * t)
    assert found.speed.bse["speed"] == pytest.approx(error, rel=1e-12)


@pytest.mark.parametrize("model", ["durbin", "durbin_error"])
def test_conditional_convergence_of_china_is_spatialregs(provinces, borders, model):
    found = spatial_convergence(
        provinces, "income", borders, model=model, controls=["industry_share"]
    )
    assert_same(found, STORED["china"][model])


def test_groups_are_dummies_that_are_not_lagged(provinces, borders):
    found = spatial_convergence(
        provinces, "income", borders, model="durbin", effects=["zone"]
    ).estimate
    stored = STORED["china"]["zones"]
    # The same model with another constant: R leaves Central out, we what depends on others.
    assert found.stats["loglik"] == pytest.approx(stored["loglik"], rel=1e-11)
    for ours, theirs in (("L(log(income), 6)", "level"), ("W(L(log(income), 6))", "lag.level")):
        at = stored["names"].index(theirs)
        assert found.params[ours] == pytest.approx(stored["coef"][at], rel=1e-6)
        assert found.bse[ours] == pytest.approx(stored["se"][at], rel=1e-6)
    assert sum("::" in n for n in found.names) == 3
    assert not any(n.startswith("W(zone") for n in found.names)


@pytest.mark.parametrize("model", ["lag", "error", "durbin", "durbin_error"])
def test_columbus_is_spatialregs_and_spregs(columbus, model):
    frame, w = columbus
    found = spatial_convergence(frame, "y", w, model=model, controls=["HOVAL"])
    assert_same(found, STORED["columbus"]["standardised"][model])
    peer = STORED["spreg"].get(model)
    if peer is not None:  # its search leaves 1e-8 of rho too
        np.testing.assert_allclose(found.estimate.coef, peer["betas"], rtol=1e-6)
        np.testing.assert_allclose(found.estimate.bse, peer["errors"], rtol=1e-6)
        assert found.estimate.rsquared == pytest.approx(peer["rsquared"], rel=1e-6)
        # AIC there does not count the variance, nor lambda.
        uncounted = 4 if model == "error" else 2
        assert found.estimate.stats["aic"] == pytest.approx(peer["aic"] + uncounted, rel=1e-10)


def test_linear_impacts_are_those_printed_by_spatialreg(columbus):
    stored = STORED["columbus"]["standardised"]["durbin_error"]
    frame, w = columbus
    found = spatial_convergence(frame, "y", w, model="durbin_error", controls=["HOVAL"]).impacts
    for part in ("direct", "indirect", "total"):
        names = [f"{part}(L(log(y), 1))", f"{part}(L(HOVAL, 1))"]
        np.testing.assert_allclose(found.params[names], stored["impacts"][part], rtol=1e-6)
        # This version of spatialreg divides the residual sum of squares by n - k here.
        errors = np.array(stored["impact_se"][part]) * np.sqrt((49 - 5) / 49)
        np.testing.assert_allclose(found.bse[names], errors, rtol=1e-6)


def test_every_digit_of_the_durbin_error_model_printed_in_spatialregs_manual(columbus):
    """ML_models, summary(COL.SDEM.eig)."""
    frame, w = columbus
    found = spatial_convergence(frame, "y", w, model="durbin_error", controls=["HOVAL"]).estimate
    printed = [73.545133, -1.051673, -0.275608, -1.156711, 0.111691]
    assert found.coef.round(6)[:-1].tolist() == printed
    errors = [8.783543, 0.319514, 0.091151, 0.578629, 0.198993]
    assert found.bse.round(6).tolist()[:-1] == errors
    assert (round(found.params["lambda"], 5), round(found.bse["lambda"], 5)) == (0.42540, 0.15842)
    assert round(found.stats["loglik"], 4) == -181.5846
    assert (round(found.stats["aic"], 2), round(found.stats["aic_ols"], 2)) == (377.17, 380.16)


@pytest.fixture(scope="module")
def lattice() -> panel.SpatialWeights:
    """400 places on a torus, each with four neighbours."""
    places = [(i, j) for i in range(20) for j in range(20)]
    pairs = [((i, j), near) for i, j in places for near in (((i + 1) % 20, j), (i, (j + 1) % 20))]
    return panel.neighbour_weights([(str(a), str(b)) for a, b in pairs], map(str, places))


def test_truth_of_a_simulation_is_found(lattice):
    draw = np.random.default_rng(5)
    level, e = draw.normal(size=400), 0.01 * draw.normal(size=400)
    growth = np.linalg.solve(np.eye(400) - 0.6 * lattice.matrix, 0.02 - 0.03 * level + e)
    table = pd.DataFrame({"u": lattice.regions * 2, "t": np.repeat([0, 1], 400),
                          "y": np.exp(np.append(level, level + growth))})  # fmt: skip
    found = spatial_convergence(panel.PanelFrame.from_pandas(table, "u", "t"), "y", lattice)
    names = ["L(log(y), 1)", "rho"]
    z = (found.estimate.params[names] - [-0.03, 0.6]) / found.estimate.bse[names]
    assert np.abs(z).max() < 3  # standard errors
    total = found.by_impact("total")
    assert total.estimate.params[total.term] == pytest.approx(-0.03 / 0.4, rel=0.1)
    plain = panel.beta_convergence(panel.PanelFrame.from_pandas(table, "u", "t"), "y")
    assert found.estimate.stats["aic"] < found.estimate.stats["aic_ols"] - 50
    assert panel.spatial_tests(plain.estimate, lattice).robust_lag.rejects(0.001)


def test_order_and_number_of_regions_in_the_weights_do_not_matter(provinces, borders):
    expected = spatial_convergence(provinces, "income", borders, model="durbin")
    mixed = list(np.random.default_rng(0).permutation(borders.regions))
    again = spatial_convergence(provinces, "income", borders.select(mixed), model="durbin")
    np.testing.assert_allclose(again.estimate.coef, expected.estimate.coef, rtol=1e-9)
    some = provinces.data.drop(index=["CN-BJ", "CN-XZ"], level=0)
    fewer = spatial_convergence(some, "income", borders)
    assert fewer.weights.regions == tuple(r for r in sorted(borders.regions)
                                          if r not in ("CN-BJ", "CN-XZ"))  # fmt: skip
    as_table = spatial_convergence(some, "income", fewer.weights.df)
    np.testing.assert_allclose(as_table.estimate.coef, fewer.estimate.coef, rtol=1e-9)


def test_a_constant_factor_of_the_weights_divides_rho(provinces, borders):
    raw = panel.contiguity("china", links=("land", "strait"), standardise=False)
    thrice = panel.matrix_weights(3 * raw.df, standardise=False)
    one, three = (spatial_convergence(provinces, "income", w) for w in (raw, thrice))
    assert three.estimate.params["rho"] == pytest.approx(one.estimate.params["rho"] / 3, rel=1e-9)
    np.testing.assert_allclose(three.impacts.coef, one.impacts.coef, rtol=1e-9)
    np.testing.assert_allclose(three.impacts.bse, one.impacts.bse, rtol=1e-8)


def test_robust_covariances_and_predictions_are_refused(provinces, borders):
    found = spatial_convergence(provinces, "income", borders)
    for vcov in ("hetero", {"CRV1": "zone"}, "HC3"):
        for estimate in (found.estimate, found.impacts, found.speed):
            with pytest.raises(panel.errors.VcovError, match="different regions"):
                _ = estimate.with_vcov(vcov).bse
    for wrong in (
        lambda e: e.predict(provinces), lambda e: panel.slopes(e, found.beta.term),
        panel.predictions,
    ):  # fmt: skip
        with pytest.raises(panel.errors.EstimationError, match="spatial model"):
            wrong(found.estimate)
    with pytest.raises(panel.errors.PanelError):
        panel.avplot(found.estimate, found.beta.term)
    fitted = found.estimate.fittedvalues + found.estimate.resid
    np.testing.assert_allclose(fitted, found.estimate.design.y, rtol=1e-12)


def test_is_shown_in_three_languages_and_in_tables(provinces, borders):
    frame = provinces.describe("income", labels={"en": "Income", "zh": "收入", "ru": "Доход"})
    found = spatial_convergence(frame, "income", borders, model="error")
    assert found.df.index.tolist() == [
        "L(log(income), 6)", "lambda", "speed", "half_life", "direct_impact", "indirect_impact",
        "total_impact",
    ]  # fmt: skip
    assert found.df.loc["indirect_impact"].isna().all()
    assert found.df.loc["total_impact", "estimate"] == found.estimate.coef[1]
    assert {"空间误差系数λ", "总效应", "L(log(收入), 6)"} <= set(found.labelled("zh").index)
    assert "Пространственная ошибка λ" in found.labelled("ru").index
    assert "Spatial error λ" in found._repr_html_()
    assert "AIC" in str(found)
    plain = panel.beta_convergence(frame, "income")
    shown = str(panel.regtable([plain.estimate, found.estimate], stats=["nobs", "loglik", "aic"]))
    assert {"lambda", "Log-likelihood", "AIC"} <= {
        line.split("  ")[0] for line in shown.split("\n")
    }
    assert pickle.loads(pickle.dumps(found)).df.equals(found.df)


def test_says_what_is_wrong(provinces, borders):
    def fails(error: type, match: str, frame=provinces, variable="income", weights=borders, **more):
        with pytest.raises(error, match=match):
            spatial_convergence(frame, variable, weights, **more)

    e = panel.errors
    fails(e.DataError, "CN-HI has no neighbour", weights=panel.contiguity("china"))
    less = borders.select([r for r in borders.regions if r != "CN-TJ"])
    fails(e.UnknownRegionError, "no region 'CN-TJ'", weights=less)
    fails(e.DataError, "same regions as rows", weights=borders.df.to_numpy())
    fails(e.EstimationError, "no spatial model 'sar'", model="sar")
    fails(e.CalendarError, "no growth in one year", sample="year == 2016")
    fails(e.AbsorbedError, "constant explains", frame=provinces.assign(v=provinces["year"] * 1.0),
          variable="v")  # fmt: skip
    fails(e.DataError, "not positive", variable="income - 10")
    fails(e.UnknownVariableError, "nope", controls=["nope"])
    draw, regions = np.random.default_rng(0), borders.regions
    noise = {f"z{j}": draw.normal(size=62) for j in range(28)}
    fails(e.DegreesOfFreedomError, "31 regions cannot carry 31 parameters",
          frame=provinces.assign(**noise), controls=[*noise])  # fmt: skip
    everyone = pd.DataFrame(1.0 - np.eye(31), regions, regions)
    fails(e.ConvergenceError, "no maximum", weights=everyone)
    with pytest.raises(e.EstimationError, match="no convergence by 'indirect'"):
        spatial_convergence(provinces, "income", borders).by_impact("indirect")


def test_what_depends_on_others_is_left_out_and_said(provinces, borders):
    def fitted(*controls: str) -> panel.SpatialConvergence:
        return spatial_convergence(provinces, "income", borders, model="durbin", controls=controls)

    found, plain = fitted("industry_share", "industry_share*2"), fitted("industry_share")
    np.testing.assert_allclose(found.estimate.coef, plain.estimate.coef, rtol=1e-9)
    assert any("collinear" in note for note in found.notes)


def test_example_of_the_guide_prints_what_it_says():
    page = Path(__file__).parents[2] / "docs" / "guide" / "inequality.md"
    text = page.read_text(encoding="utf-8").replace("```", "\n")  # ends an example
    example = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    assert example.examples
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(example).failed == 0
