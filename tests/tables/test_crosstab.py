"""Cross-tables, held against pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.errors import TableError
from panel.tables.crosstab import cross_table


def test_counts_and_totals(frame: PanelFrame) -> None:
    table = cross_table(frame, "zone", "year")
    flat = frame.data.reset_index()
    expected = pd.crosstab(flat["zone"], flat["year"], margins=True)
    assert table.df.to_numpy().tolist() == expected.to_numpy().tolist()
    assert [s.words for s in table.header[1]] == ["Zone", *map(str, range(2015, 2020)), "Total"]
    assert [len(s.rows) for s in table.sections] == [2, 1]


@pytest.mark.parametrize(
    ("share", "normalize"), [("row", "index"), ("column", "columns"), ("all", "all")]
)
def test_shares(frame: PanelFrame, share: str, normalize: str) -> None:
    flat = frame.data.reset_index().iloc[:-4]
    data = PanelFrame.from_pandas(flat.set_index(["province", "year"]))
    table = cross_table(data, "zone", "year", share=share)
    expected = 100 * pd.crosstab(flat["zone"], flat["year"], normalize=normalize)
    # Percent of exact counts: one division each.
    assert table.df.iloc[:2, :-1].to_numpy(float) == pytest.approx(expected.to_numpy(), rel=1e-12)
    assert table.df.iloc[-1, -1] == 100
    assert table.notes[0].startswith("Percent of")


def test_means(frame: PanelFrame) -> None:
    table = cross_table(frame, "zone", "year", mean="density", style="gost")
    flat = frame.data.reset_index()
    expected = flat.pivot_table("density", "zone", "year", margins=True)
    assert table.df.to_numpy(float) == pytest.approx(expected.to_numpy(), rel=1e-12)
    assert table.notes[0] == "Средние: Плотность сети."
    assert table.look.rules == "box"


def test_values_may_be_renamed(frame: PanelFrame) -> None:
    table = cross_table(frame, "zone", "year", labels={"East": "E", "2015": "'15", "zone": "Zone"})
    assert table.rows[0].label == "E"
    assert [s.words for s in table.header[1]][:2] == ["Zone", "'15"]


def test_what_is_refused(frame: PanelFrame) -> None:
    with pytest.raises(TableError, match="share='rows' is not known"):
        cross_table(frame, "zone", "year", share="rows")
    with pytest.raises(TableError, match="A mean has no share"):
        cross_table(frame, "zone", "year", share="row", mean="density")
    empty = PanelFrame.from_pandas(frame.data.assign(none=float("nan")))
    with pytest.raises(TableError, match="No observation has both"):
        cross_table(empty, "none", "year")
    with pytest.raises(TableError, match="holds text"):
        cross_table(frame, "year", "zone", mean="zone")


def test_values_are_called_by_their_labels_in_the_language(frame: PanelFrame) -> None:
    named = frame.describe(
        "zone",
        value_labels={
            "East": {"zh": "东部", "ru": "Восток"},
            "West": {"zh": "西部", "ru": "Запад"},
        },
    )
    table = cross_table(named, "zone", "year", style="cn", labels={"West": "W"})
    assert [row.label for row in table.rows] == ["东部", "W", "合计"]
    assert "Восток" in [s.words for s in cross_table(named, "year", "zone", style="gost").header[1]]
