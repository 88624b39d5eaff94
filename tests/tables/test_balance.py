"""Balance of groups, held against regressions on dummies."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from panel.core.frame import PanelFrame
from panel.errors import TableError
from panel.estimators.ols import ols
from panel.inference.cluster import cluster
from panel.tables.balance import balance_table
from panel.tables.style import Style
from panel.tables.table import Table


@pytest.fixture
def panel_of_groups(frame: PanelFrame) -> PanelFrame:
    """The small panel with a group that varies within regions, and three that do not."""
    data = frame.data
    number = data.index.get_level_values(0).str[1].astype(int)
    data = data.assign(
        late=(data.index.get_level_values(1) > 2016).astype(int),
        third=np.array(["a", "b", "c"])[number // 2],
        lone=np.where(number == 0, "one", "rest"),
    )
    data.iloc[3, data.columns.get_loc("density")] = np.nan
    data.iloc[5, data.columns.get_loc("density")] = np.inf
    return PanelFrame.from_pandas(data)


def row(table: Table, label: str) -> list[float]:
    return [float(v) for v in table.df.loc[label]]


@pytest.mark.parametrize(("clusters", "vcov"), [("unit", cluster("province")), (None, "hetero")])
def test_two_groups_are_a_regression_on_a_dummy(
    panel_of_groups: PanelFrame, clusters: str | None, vcov: object
) -> None:
    table = balance_table(panel_of_groups, ["density"], "late", cluster=clusters)
    mean0, sd0, mean1, sd1, gap, error, p, normal = row(table, "density")
    finite = panel_of_groups.data.replace(np.inf, np.nan)
    model = ols("density ~ late", PanelFrame.from_pandas(finite), vcov=vcov)  # type: ignore[arg-type]
    # The same sums in another order: differences of rounding only.
    assert gap == pytest.approx(model.params["late"], rel=1e-10)
    assert error == pytest.approx(model.bse["late"], rel=1e-10)
    assert p == pytest.approx(model.pvalues["late"], rel=1e-8)
    parts = finite.groupby("late")["density"]
    assert [mean0, mean1] == pytest.approx(parts.mean().tolist(), rel=1e-12)
    assert [sd0, sd1] == pytest.approx(parts.std().tolist(), rel=1e-12)
    assert normal == pytest.approx(gap / math.sqrt((sd0**2 + sd1**2) / 2), rel=1e-12)
    assert row(table, "Observations")[0] == 12


def test_three_groups_are_a_joint_test_of_dummies(panel_of_groups: PanelFrame) -> None:
    table = balance_table(panel_of_groups, ["output"], "third")
    f, p = row(table, "output")[-2:]
    model = ols("output ~ i(third, ref='a')", panel_of_groups, vcov=cluster("province"))
    assert f == pytest.approx(model.fvalue, rel=1e-8)  # both solve a system of two equations
    assert p == pytest.approx(stats.f.sf(f, 2, 5), rel=1e-12)
    assert [s.words for s in table.header[0]] == ["", "a", "b", "c", "Equal means"]


def test_a_group_of_one_cluster_is_not_tested(panel_of_groups: PanelFrame) -> None:
    table = balance_table(panel_of_groups, ["output"], "lone")
    gap, error, p, _ = row(table, "output")[-4:]
    assert math.isfinite(gap)
    assert math.isnan(error)
    assert math.isnan(p)
    assert "No test where a group has one cluster only." in table.notes


def test_a_constant_has_no_test(panel_of_groups: PanelFrame) -> None:
    constant = panel_of_groups.data.assign(one=2.0)
    table = balance_table(PanelFrame.from_pandas(constant), ["one"], "late")
    gap, error, p, normal = row(table, "one")[-4:]
    assert gap == error == 0
    assert math.isnan(p)
    assert math.isnan(normal)


def test_stars_notes_and_words(panel_of_groups: PanelFrame) -> None:
    table = balance_table(panel_of_groups, ["density"], "late", style=Style("zh", stars=(0.999,)))
    assert table.rows[0].cells[4].text().endswith("*")
    assert any("聚类" in note for note in table.notes)
    assert any("无穷" in note for note in table.notes)
    assert [s.words for s in table.header[1]][-4:] == ["差异", "标准误", "p值", "标准化差异"]


def test_all_variables_leave_out_the_group_itself(panel_of_groups: PanelFrame) -> None:
    labels = [r.label for r in balance_table(panel_of_groups, None, "late").rows]
    assert labels == ["output", "density", "index", "Observations"]


def test_one_group_is_refused(panel_of_groups: PanelFrame) -> None:
    data = panel_of_groups.data.assign(same="x")
    with pytest.raises(TableError, match="'same' has 1 value"):
        balance_table(PanelFrame.from_pandas(data), ["output"], "same")
    empty = PanelFrame.from_pandas(data.assign(same=pd.Series(np.nan, index=data.index)))
    with pytest.raises(TableError, match="has 0 value"):
        balance_table(empty, ["output"], "same")


def test_groups_are_called_by_the_labels_of_their_values(frame: PanelFrame) -> None:
    named = frame.describe(
        "zone",
        value_labels={
            "East": {"zh": "东部", "ru": "Восток"},
            "West": {"zh": "西部", "ru": "Запад"},
        },
    )
    table = balance_table(named, ["density"], "zone", style="gost")
    assert [span.words for span in table.header[0]][1:3] == ["Восток", "Запад"]
