"""The label of the variable travels with every result, and tables follow the language."""

from __future__ import annotations

import pickle

import pytest

import panel


@pytest.fixture(scope="module")
def labelled(frame: panel.PanelFrame) -> panel.PanelFrame:
    return frame.describe("y", labels={"en": "Income", "zh": "收入", "ru": "Доход"})


@pytest.fixture(scope="module")
def ring(frame: panel.PanelFrame) -> panel.SpatialWeights:
    units = list(frame.units)
    return panel.neighbour_weights(zip(units, [*units[1:], units[0]], strict=True), units)


@pytest.fixture(scope="module")
def results(labelled, ring) -> dict[str, tuple]:
    """Results with what holds their variable's label."""
    found = {
        "measures": panel.inequality_measures(labelled, "y"),
        "sigma": panel.sigma_convergence(labelled, "y"),
        "densities": panel.densities(labelled, "y"),
        "kernel": panel.stochastic_kernel(labelled, "y"),
        "markov": panel.markov(labelled, "y"),
        "moran": panel.moran(labelled, "y", ring, permutations=9),
        "local": panel.local_moran(labelled, "y", ring, permutations=9),
        "spatial_markov": panel.spatial_markov(labelled, "y", ring, classes=2),
        "clubs": panel.convergence_clubs(labelled, "y + 9", trim=0.1),
    }  # fmt: skip
    return {name: (r, r.chain if name == "spatial_markov" else r) for name, r in found.items()}


NAMES = ["measures", "sigma", "densities", "kernel", "markov", "moran", "local", "spatial_markov",
         "clubs"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_label_is_there_in_three_languages(results, name):
    result, holder = results[name]
    more = " + 9" if name == "clubs" else ""  # of an expression the labels of its variables
    for language, text in (("en", "Income"), ("zh", "收入"), ("ru", "Доход")):
        assert holder.variable.text(language) == text + more
        assert text + more in result.title.text(language)
    assert result.title.text("zh") != result.title.en != result.title.text("ru")
    assert result.title.en in str(result)
    assert pickle.loads(pickle.dumps(holder)).variable == holder.variable


@pytest.mark.parametrize("name", NAMES)
def test_headings_follow_the_language(results, name):
    result, _ = results[name]
    for language, alphabet in (("zh", range(0x4E00, 0x9FFF)), ("ru", range(0x400, 0x4FF))):
        table = result.labelled(language)
        names = [n for n in (*table.index.names, *table) if n is not None]
        foreign = [c for c in map(str, names) if not any(ord(letter) in alphabet for letter in c)]
        assert not foreign, (language, foreign)
    with pytest.raises(panel.errors.DataError, match="no headings in 'de'"):
        result.labelled("de")


def test_titles_of_decompositions_are_in_three_languages(labelled):
    frame = labelled.describe("zone", labels={"en": "Zone", "zh": "地带", "ru": "Зона"})
    title = panel.dagum(frame, "y", "zone").title
    assert str(title) == "Gini coefficient (Dagum) of Income by Zone"
    assert title.text("zh") == "收入的Dagum基尼系数，按地带分组"
    assert panel.theil(frame, "y", "zone").title.text("ru") == "Индекс Тейла T: Доход, группы: Зона"
    other = panel.theil(frame, "y", "zone", alpha=2).title
    assert other.en == "Generalised entropy GE(2) of Income by Zone"


def test_groups_of_decompositions_are_called_by_the_labels_of_their_values(labelled):
    zones = {"a": {"zh": "东部", "ru": "Восток"}}
    frame = labelled.describe("zone", labels={"en": "Zone", "zh": "地带"}, value_labels=zones)
    first = frame.table["zone"].iloc[0]
    frame = frame.describe("zone", value_labels={first: zones["a"]})
    found = panel.dagum(frame, "y", "zone")
    assert found.labelled("zh", "groups")["地带"].iloc[0] == "东部"
    assert found.groups["zone"].iloc[0] == first  # the numbers' own table stays as it is
    pairs = found.labelled("zh", "pairs")
    assert {"地带（较高）", "地带（较低）", "相对经济影响"} <= {*pairs}
    assert "东部" in {*pairs["地带（较高）"], *pairs["地带（较低）"]}
    finer = panel.theil(frame, "y", ["zone", "zone^province"])
    assert {"组间：地带", "组间贡献率：地带"} <= {*finer.labelled("zh")}
    assert str(finer.labelled("ru", "groups").iloc[0, 1]).startswith("Восток, ")
    with pytest.raises(panel.errors.DataError, match="no table 'pair'"):
        found.labelled("en", "pair")


def test_a_standard_normal_statistic_is_called_z(results):
    moran = results["moran"][0]
    assert [moran.labelled(k).columns[4] for k in ("en", "zh", "ru")] == [
        "z statistic", "z值", "z-статистика",
    ]  # fmt: skip
    assert "statistic" in moran.df
    assert "z statistic" in moran._repr_html_()


def test_the_slope_of_the_log_t_test_is_translated(labelled):
    test = panel.log_t_test(labelled, "y + 9", trim=0.1)
    assert test.label == "z"
    assert list(test.labelled("zh")) == ["斜率", "标准误"]
    assert list(test.labelled("ru")) == ["Наклон", "Стандартная ошибка"]
