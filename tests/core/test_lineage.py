from __future__ import annotations

import pandas as pd
import pytest

import panel
from panel.core.column import Origin
from panel.errors import DataError, UnknownVariableError


@pytest.fixture
def traced() -> panel.PanelFrame:
    table = pd.DataFrame(
        {"region": ["a", "a", "b"], "year": [2015, 2016, 2016], "va": [1.0, 2.0, 3.0],
         "pop": [10.0, 10.0, 20.0], "share": [0.1, 0.2, 0.15]}
    )  # fmt: skip
    origins = {
        "va": (Origin("old.csv", "va", "亿元", "NBS", times=(2015,)),
               Origin("new.csv", "va", "亿元", "NBS", times=(2016,))),
        "pop": Origin("pop.csv", "people", "万人", "NBS"),
    }  # fmt: skip
    frame = panel.PanelFrame.from_pandas(table, "region", "year", {"va": "亿元"}, origins=origins)
    return frame.describe(
        "share", expression="va / pop", inputs=("va", "pop"), filled=frozenset({("a", 2015)})
    )


def test_a_cell_names_the_file_that_covers_its_year(traced):
    cell = traced.origin("va", "a", 2016)
    assert [o.file for o in cell.sources] == ["new.csv"]
    assert cell.value == 2.0
    assert "va of a, 2016 = 2.0 亿元" in str(cell)
    assert [o.file for o in traced.origin("va").sources] == ["old.csv", "new.csv"]


def test_a_computed_cell_leads_to_its_ingredients(traced):
    cell = traced.origin("share", "a", 2015)
    assert cell.expression == "va / pop"
    assert [o.file for o in cell.publications] == ["old.csv", "pop.csv"]
    assert cell.filled
    assert "interpolated" in str(cell)
    assert not traced.origin("share", "b", 2016).filled
    assert "<pre>" in cell._repr_html_()


def test_keys_have_an_origin_too(traced):
    assert traced.origin("region").note == "key of the panel"


def test_a_region_may_be_given_by_its_name():
    table = pd.DataFrame(
        {"region": ["CN-JX", "CN-GZ", "RU-AL", "RU-ALT", "RU-TUL"], "year": 2022, "va": 1.0,
         "name_en": ["Jiangxi", "Guizhou", "Altai Republic", "Altai Krai", "Tula Oblast"],
         "name_zh": ["江西省", "贵州省", None, None, None]}
    )  # fmt: skip
    frame = panel.PanelFrame.from_pandas(table, "region", "year")
    for name in ("CN-JX", "Jiangxi", "江西省", "江西"):
        assert frame.origin("va", name, 2022).key == ("CN-JX", 2022)
    assert frame.origin("va", "Tula", 2022).key == ("RU-TUL", 2022)
    with pytest.raises(DataError, match="did you mean 'Altai Krai'"):
        frame.origin("va", "Altai", 2022)  # one of two
    with pytest.raises(DataError, match="did you mean '江西省'"):
        frame.origin("va", "江西市", 2022)
    with pytest.raises(DataError, match="write 2022 without quotes"):
        frame.origin("va", "江西省", "2022")


def test_a_cell_needs_both_keys(traced):
    for key in (("a", None), (None, 2016)):
        with pytest.raises(DataError, match="give both, or neither"):
            traced.origin("va", *key)


def test_what_is_not_there_is_suggested(traced):
    with pytest.raises(UnknownVariableError, match="'vaa'"):
        traced.origin("vaa")
    with pytest.raises(DataError, match="no row for region 'c'") as caught:
        traced.origin("va", "c", 2016)
    assert "known names: a, b" in caught.value.remedy
    with pytest.raises(DataError, match="no row for region 'b', year 2015"):
        traced.origin("va", "b", 2015)
