from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import DataError, FormulaError, IdentificationError, PanelError


@pytest.fixture
def data() -> pd.DataFrame:
    draw = np.random.default_rng(0)
    keys = [(f"p{i}", 2010 + t) for i in range(9) for t in range(6)]
    table = pd.DataFrame(keys, columns=["p", "t"])
    table["地区(带)"] = np.array(["东", "中", "西"])[table.p.str[1:].astype(int) % 3]
    table["code"] = 1.5 - (table.p.str[1:].astype(int) % 2)
    table["late"] = table.t >= 2013
    table[["x", "z", "y", "y2"]] = draw.normal(size=(len(table), 4))
    return table


def many(formula, data, **settings):
    return panel.many(formula, data, unit="p", time="t", **settings)


def test_models_in_the_order_written(data):
    models = many("c(y, y2) ~ csw(x, z) | sw0(p, p + t)", data, vcov={"CRV1": "p"})
    assert [m.formula for m in models] == [
        f"{y} ~ {x}{fe}" for y in ("y", "y2") for fe in ("", " | p", " | p + t")
        for x in ("x", "x + z")
    ]  # fmt: skip
    assert all(m.cov.label == "clustered by p" for m in models)


def test_one_model_is_a_tuple_of_one(data):
    models = many("y ~ x", data)
    assert isinstance(models, tuple)
    assert len(models) == 1


def test_each_part_of_a_split_is_its_own_sample(data):
    for split in ("地区(带)", "code", "late", "t"):
        models = many("y ~ x", data, split=split)
        groups = data.groupby(split)
        assert len(models) == groups.ngroups
        for model, (value, part) in zip(models, groups, strict=True):
            alone = panel.ols("y ~ x", part, unit="p", time="t")
            np.testing.assert_allclose(model.coef, alone.coef, rtol=1e-12)
            assert model.nobs == len(part), value


def test_a_split_narrows_samples_given_before(data):
    models = many("y ~ x; sample = z > 0", data, sample="t > 2010", split="late")
    expected = [data[(data.z > 0) & (data.t > 2010) & (data.late == v)] for v in (False, True)]
    assert [m.nobs for m in models] == [len(e) for e in expected]
    assert models[0].formula == "y ~ x; sample = z > 0 & t > 2010 & late == 0"


def test_weights_hold_for_every_model(data):
    models = many("y ~ sw(x, z)", data.assign(w=data.x**2 + 1), weights="w")
    assert all(m.method == "WLS" for m in models)


def test_mistakes(data):
    with pytest.raises(DataError, match="no values to split by"):
        many("y ~ x", data.assign(none=np.nan), split="none")
    with pytest.raises(PanelError, match="'nope'"):
        many("y ~ x", data, split="nope")
    with pytest.raises(DataError, match="cannot be compared"):
        many("y ~ x", data.assign(day=pd.Timestamp("2020-01-01")), split="day")


def test_a_model_for_every_quarter(data):
    quarters = data.assign(t=pd.PeriodIndex.from_ordinals(data.t, freq="Q"))
    by_quarter, by_number = (many("y ~ x", d, split="t") for d in (quarters, data))
    assert by_quarter[0].formula == f'y ~ x; sample = t == "{quarters.t.min()}"'
    for one, other in zip(by_quarter, by_number, strict=True):
        np.testing.assert_array_equal(one.coef, other.coef)


def test_instruments_step_as_every_other_part(data):
    draw = np.random.default_rng(2)
    noise = draw.normal(size=(len(data), 4))
    data[["d", "d2", "q", "q2"]] = noise + data[["x", "z", "x", "z"]].to_numpy()
    models = many("c(y, y2) ~ csw0(late) | sw(p, t) | sw(d, d2) ~ csw(q, q2)", data, vcov="HC1")
    assert [m.formula for m in models] == [
        f"{y} ~ {x} | {fe} | {d} ~ {q}" for y in ("y", "y2") for fe in ("p", "t")
        for d in ("d", "d2") for q in ("q", "q + q2") for x in ("1", "late")
    ]  # fmt: skip
    for model in models[::5]:
        alone = panel.iv(model.formula, data, vcov="HC1", unit="p", time="t")
        np.testing.assert_array_equal(model.coef, alone.coef)
        assert model.method == "2SLS"
        assert model.cov.label == alone.cov.label


def test_steps_of_endogenous_regressors_may_join(data):
    formula = "y ~ 1 | p | csw(d, d2) ~ q + q2"
    noise = np.random.default_rng(3).normal(size=(len(data), 4))
    data[["d", "d2", "q", "q2"]] = noise + data[["x", "z", "x", "z"]].to_numpy()
    for method, name in ((panel.liml(), "LIML"), (panel.fuller(4), "Fuller (4)")):
        models = many(formula, data, method=method, split="late")
        assert [m.names for m in models] == [("d",), ("d", "d2")] * 2
        assert {m.method for m in models} == {name}
        assert [m.design.spec.sample for m in models] == ["late == 0"] * 2 + ["late == 1"] * 2
        part = data[data.late]
        alone = panel.iv("y ~ 1 | p | d + d2 ~ q + q2", part, method=method, unit="p", time="t")
        np.testing.assert_allclose(models[-1].coef, alone.coef, rtol=1e-9)


def test_mistakes_with_instruments(data):
    with pytest.raises(FormulaError, match="no instruments"):
        many("y ~ csw(x, z)", data, method=panel.liml())
    for third in ("sw0(x) ~ z", "x ~ csw0(z)"):
        with pytest.raises(FormulaError, match="third part has no"):
            many(f"y ~ 1 | p | {third}", data)
    with pytest.raises(IdentificationError, match="for 2 endogenous"):
        many("y ~ 1 | p | csw(x, y2) ~ z", data)
    with pytest.raises(PanelError, match="not a method"):
        many("y ~ 1 | p | x ~ z", data, method="liml")
