"""A battery is the same as estimating every specification by hand."""

from __future__ import annotations

import pickle
import time

import numpy as np
import pandas as pd
import pytest

import panel
from panel.errors import FormulaError, StudyError, UnknownRegionError
from panel.study.battery import Battery, battery

BASE = "y ~ x + z | region + year"
BY_REGION = panel.cluster("region")


@pytest.fixture(scope="module")
def frame() -> panel.PanelFrame:
    rng = np.random.default_rng(11)
    index = pd.MultiIndex.from_product(
        [[f"r{i:02}" for i in range(24)], range(2010, 2020)], names=["region", "year"]
    )
    n = len(index)
    table = pd.DataFrame(
        {"x": rng.normal(size=n), "z": rng.normal(size=n), "w": rng.uniform(1, 2, n)}, index
    )
    table["x2"] = table["x"] + 0.1 * rng.normal(size=n)
    table["iv"] = table["x"] + rng.normal(size=n)
    table["zone"] = [("East", "West")[int(r[1:]) % 2] for r, _ in index]
    table["y"] = np.exp(0.3 * table["x"] + 0.2 * table["z"] + rng.normal(size=n))
    return panel.PanelFrame.from_pandas(table, labels={"x": "Digital index"})


def by_hand(frame: panel.PanelFrame) -> dict[str, tuple[dict, panel.Estimate, str]]:
    table = frame.data
    low, high = table[["x", "y", "z"]].quantile(0.05), table[["x", "y", "z"]].quantile(0.95)
    drawn_in = frame.assign(**{v: table[v].clip(low[v], high[v]) for v in ("x", "y", "z")})
    few = "region != 'r00' & region != 'r07'"
    ols, by = panel.ols, {"vcov": BY_REGION}
    return {
        "drop": ({"drop": ["r00", "r07"]}, ols(BASE, frame, sample=few, **by), "x"),
        "drop years": ({"drop": [2010, "r00", 2015]},
                       ols(BASE, frame, sample="year != 2010 & region != 'r00' & year != 2015",
                           **by), "x"),
        "drop a zone": ({"drop": {"zone": "West", "year": [2011, 2012]}},
                        ols(BASE, frame, sample="zone == 'East' & year != 2011 & year != 2012",
                            **by), "x"),
        "years": ({"periods": (2012, 2016)},
                  ols(BASE, frame, sample="year >= 2012 & year <= 2016", **by), "x"),
        "sample": ({"sample": "z > 0"}, ols(BASE, frame, sample="z > 0", **by), "x"),
        "other": ({"replace": {"x": "x2"}}, ols("y ~ x2 + z | region + year", frame, **by), "x2"),
        "log": ({"replace": {"y": "log(y)"}}, ols("log(y) ~ x+z | region+year", frame, **by), "x"),
        "lag": ({"lag": 2}, ols("y ~ L(x, 2) + z | region + year", frame, **by), "L(x, 2)"),
        "none": ({"controls": ""}, ols("y ~ x | region + year", frame, **by), "x"),
        "more": ({"controls": "z + w"}, ols("y ~ x + z + w | region + year", frame, **by), "x"),
        "effects": ({"absorb": "region + zone^year"},
                    ols("y ~ x + z | region + zone^year", frame, **by), "x"),
        "weights": ({"weights": "w"}, ols(BASE, frame, weights="w", **by), "x"),
        "ends": ({"winsorise": 0.05}, ols(BASE, drawn_in, **by), "x"),
        "frame": ({"frame": lambda f: f.rows(lambda t: t.z > 0)},
                  ols(BASE, frame.rows(lambda t: t.z > 0), **by), "x"),
        "iid": ({"vcov": "iid"}, ols(BASE, frame), "x"),
        "poisson": ({"estimator": panel.poisson}, panel.poisson(BASE, frame, **by), "x"),
        "iv": ({"formula": "y ~ z | region + year | x ~ iv"},
               panel.iv("y ~ z | region + year | x ~ iv", frame, **by), "x"),
    }  # fmt: skip


def test_every_kind_of_change_is_what_one_would_write_by_hand(frame: panel.PanelFrame) -> None:
    cases = by_hand(frame)
    found = battery(BASE, frame, {n: c for n, (c, _, _) in cases.items()}, vcov=BY_REGION)
    assert list(found.estimates) == ["Baseline", *cases]
    rows = found.df.set_index("specification")
    for name, (_, model, term) in cases.items():
        assert found.terms[name] == term
        expected = model.tidy().set_index("term").loc[term]
        told = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
        # The same regressions on the same numbers; winsorised columns differ in the last digit.
        np.testing.assert_allclose(
            rows.loc[name, told].astype(float), expected[told].astype(float), rtol=1e-10
        )
        assert rows.loc[name, "nobs"] == model.nobs


def test_changes_of_one_variation_are_made_together(frame: panel.PanelFrame) -> None:
    change = {"lag": 1, "replace": {"x": "x2"}, "weights": "w", "sample": "z > -1"}
    found = battery(BASE, frame, {"all": change})
    model = panel.ols("y ~ L(x2, 1) + z | region + year", frame, weights="w", sample="z > -1")
    assert found.df["estimate"].iloc[1] == pytest.approx(model.params["L(x2, 1)"], rel=1e-12)


def test_crossing_combines_what_changes_different_things(frame: panel.PanelFrame) -> None:
    variations = {
        "from 2012": {"periods": (2012, 2019)},
        "to 2016": {"periods": (2010, 2016)},
        "iid": {"vcov": "iid"},
        "no control": {"controls": ""},
    }
    found = battery(BASE, frame, variations, vcov=BY_REGION, cross=True)
    assert len(found) == 3 * 2 * 2  # periods x covariance x controls
    df = found.df
    assert list(df.columns[:4]) == ["specification", "controls", "periods", "vcov"]
    assert not df.duplicated(["controls", "periods", "vcov"]).any()
    one = df[df["specification"] == "to 2016 + iid + no control"].iloc[0]
    model = panel.ols("y ~ x | region + year", frame, sample="year <= 2016")
    assert one["std_error"] == pytest.approx(model.bse["x"], rel=1e-12)
    assert (one["periods"], one["vcov"], one["controls"]) == ("to 2016", "iid", "no control")


def test_five_hundred_specifications_take_seconds(frame: panel.PanelFrame) -> None:
    variations = {f"from {y}": {"periods": (y, 2019)} for y in range(2011, 2015)}
    variations |= {f"without {u}": {"drop": u} for u in frame.units[:4]}
    variations |= {f"ends {s}": {"winsorise": s} for s in (0.01, 0.02, 0.05)}
    variations |= {"x2": {"replace": {"x": "x2"}}, "w": {"weights": "w"}, "iid": {"vcov": "iid"}}
    begun = time.perf_counter()
    found = battery(BASE, frame, variations, vcov=BY_REGION, cross=True)
    assert len(found.df) == 5 * 5 * 4 * 2 * 2 * 2
    # 800 models at 3 ms each; ten times that on a machine with much else to do.
    assert time.perf_counter() - begun < 25


def test_the_table_shows_the_coefficient_in_one_row(frame: panel.PanelFrame) -> None:
    found = battery(BASE, frame, {"lag": {"lag": 1}, "other": {"replace": {"x": "x2"}}})
    row = found.table().rows[0]
    assert row.label == "Digital index"
    assert all(cell.value is not None for cell in row.cells)
    alone = found.table(keep="x")
    assert [r.label for r in alone.sections[0].rows if r.label] == ["Digital index"]


def test_the_sentence_counts(frame: panel.PanelFrame) -> None:
    found = battery(BASE, frame, {"turned": {"replace": {"x": "w"}}, "iid": {"vcov": "iid"}})
    values = found.df["estimate"]
    same = int((np.sign(values) == np.sign(values[0])).sum())
    assert str(found).startswith("3 specifications of x: baseline")
    assert f"the sign of the baseline in {same}" in str(found)


def test_it_can_be_pickled(frame: panel.PanelFrame) -> None:
    found = battery(BASE, frame, {"iid": {"vcov": "iid"}})
    back = pickle.loads(pickle.dumps(found))
    assert isinstance(back, Battery)
    pd.testing.assert_frame_equal(back.df, found.df)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"smaple": "z > 0"}, StudyError, "did you mean 'sample'"),
        ({}, StudyError, "say what changes"),
        ("z > 0", StudyError, "say what changes"),
        ({"drop": ["r99"]}, StudyError, "'r99' is not a region or year"),
        ({"drop": 1999}, StudyError, "1999 is not a region or year"),
        ({"drop": []}, StudyError, "Nothing is left out"),
        ({"drop": {"zone": "Wets"}}, StudyError, "'zone' has no value 'Wets'"),
        ({"drop": {"zoen": "West"}}, StudyError, "'zoen'"),
        ({"periods": 2012}, StudyError, "first and the last year"),
        ({"periods": (2016, 2012)}, StudyError, "first and the last year"),
        ({"replace": {"q": "x2"}}, StudyError, "'q' is not in the model"),
        ({"lag": 0}, StudyError, "whole number from 1 on"),
        ({"lag": True}, StudyError, "whole number from 1 on"),
        ({"winsorise": 0.7}, StudyError, "between 0 and one half"),
        ({"estimator": "poisson"}, StudyError, "is no function"),
        ({"sample": "year > 2050"}, StudyError, "'odd' cannot be estimated: No row"),
        ({"controls": "q"}, StudyError, "'odd' cannot be estimated: Variable 'q'"),
        ({"formula": "y ~ z | region"}, StudyError, "no coefficient of 'x'"),
    ],
)
def test_what_cannot_be_varied_is_named(
    change: object, error: type[Exception], said: str, frame: panel.PanelFrame
) -> None:
    with pytest.raises(error, match=said):
        battery(BASE, frame, {"odd": change})  # type: ignore[dict-item]


def test_names_and_focus_are_checked(frame: panel.PanelFrame) -> None:
    with pytest.raises(StudyError, match="'Baseline' cannot name a variation"):
        battery(BASE, frame, {"Baseline": {"lag": 1}})
    with pytest.raises(FormulaError, match="'q' is not a regressor"):
        battery(BASE, frame, {}, focus="q")
    second = battery(BASE, frame, {"lag": {"lag": 1}}, focus="z")
    assert list(second.df["term"]) == ["z", "L(z, 1)"]


def test_a_missing_region_keeps_its_error_as_cause(frame: panel.PanelFrame) -> None:
    with pytest.raises(StudyError) as caught:
        battery(BASE, frame, {"odd": {"drop": "r99"}})
    assert isinstance(caught.value.__cause__, UnknownRegionError)


def test_regions_without_a_group_stay_when_a_group_is_dropped(frame: panel.PanelFrame) -> None:
    units = frame.table.index.get_level_values(0)
    some = frame.assign(zone=frame.data["zone"].mask(units == "r02"))
    found = battery(BASE, some, {"no West": {"drop": {"zone": "West"}}}).estimates["no West"]
    east = [u for u in frame.units if int(str(u)[1:]) % 2 == 0]
    assert sorted(set(found.design.index.get_level_values(0))) == east
    changing = frame.assign(zone=frame.data["zone"].where(frame.data["x"] > 0))
    with pytest.raises(StudyError, match="not the same in all years"):
        battery(BASE, changing, {"no West": {"drop": {"zone": "West"}}})


def test_regions_are_dropped_in_any_spelling() -> None:
    china = panel.load("china")
    model = "log(gdp) ~ computers | province + year"
    names = {"drop": ["Beijing", "上海", "Тяньцзинь", "CN-CQ"]}
    found = battery(model, china, {"names": names, "kind": {"drop": {"kind": "Municipality"}}})
    assert found.estimates["names"].nobs == found.estimates["kind"].nobs == 27 * 9
    assert found.df["estimate"][1] == found.df["estimate"][2]
    jilin = battery(model, china, {"drop": {"drop": ["吉林"]}}).estimates[
        "drop"
    ]  # no city is there
    assert jilin.nobs == 30 * 9


def test_the_table_and_the_picture_speak_the_language_of_the_style(
    frame: panel.PanelFrame,
) -> None:
    labelled = frame.describe("x", labels={"en": "Share", "zh": "比重", "ru": "Доля"})
    found = battery(BASE, labelled, {"lag": {"lag": 1}})
    for style, words in (("cn", ("比重", "基准模型")), ("gost", ("Доля", "Базовая модель"))):
        text = str(found.table(style=style))
        assert all(word in text for word in words)
        assert "Baseline" not in text
        assert "Share" not in text
    assert "Baseline" in str(found.table())
    assert set(found.plot(language="zh").data["lag"]) == {"基准模型", "lag"}


def test_too_many_combinations_are_refused(frame: panel.PanelFrame) -> None:
    kinds = ({"lag": k} for k in range(1, 30)), ({"weights": f"w + {k}"} for k in range(30))
    more = ({"controls": f"z + {k}*w"} for k in range(30))
    many = {str(i): c for i, c in enumerate([*kinds[0], *kinds[1], *more])}
    with pytest.raises(StudyError, match="more than 20000 combinations"):
        battery(BASE, frame, many, cross=True)


def test_the_curve_shows_every_specification_with_its_choices(frame: panel.PanelFrame) -> None:
    variations = {"lag": {"lag": 1}, "iid": {"vcov": "iid"}, "no control": {"controls": ""}}
    found = battery(BASE, frame, variations, vcov=BY_REGION, cross=True)
    drawn = found.plot().data
    assert drawn["estimate"].tolist() == sorted(found.df["estimate"])
    assert {"lag", "controls", "vcov"} <= set(drawn.columns)
