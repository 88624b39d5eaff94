from __future__ import annotations

import pandas as pd
import pytest

import panel
from panel.core.column import Origin
from panel.errors import DataError, UnknownVariableError


@pytest.fixture
def frame() -> panel.PanelFrame:
    table = pd.DataFrame(
        {"region": ["a", "a", "b", "b"], "year": [2015, 2016] * 2, "x": 1.0, "y": 2.0, "z": 3.0}
    )
    known = {"licence": "CC BY 4.0", "title": "Table 1", "read": "2024-05-01"}
    origins = {
        "x": (Origin("old.csv", "x", "", "R&D_Office", "Book {1}", times=(2014, 2015), **known),
              Origin("new.csv", "x", "", "Office", "Book 2", "second", times=(2016,), **known),
              Origin("none.csv", "x", "", "Office", times=(2010,))),
        "y": Origin("old.csv", "y", "", "R&D_Office", "Book {1}", **known),
    }  # fmt: skip
    made = panel.PanelFrame.from_pandas(table, "region", "year", origins=origins)
    return made.describe("z", expression="x / y", inputs=("x", "y"))


def test_one_entry_a_publication_and_file(frame):
    table = panel.citations(frame).df.set_index("file")
    assert list(table.index) == ["new.csv", "old.csv"]  # nothing of 2010 is in the frame
    assert table.loc["old.csv", "years"] == "2015-2016"
    assert table.loc["new.csv", "years"] == "2016"
    assert table.loc["old.csv", "variables"] == "x, y, z"
    assert table.loc["new.csv", "retrieved"] == "2024-05-01"


def test_years_are_those_with_a_figure(frame):
    ended = frame.assign(x=frame["x"].where(frame["x"].index.get_level_values(1) < 2016))
    column = frame.columns["x"]
    ended = ended.describe("x", origins=(column.origins[0], column.origins[1]))
    table = panel.citations(ended, ["x"]).df.set_index("file")
    assert dict(table["years"]) == {"old.csv": "2015"}  # no figure of 2016 is left


def test_of_some_variables_only(frame):
    assert list(panel.citations(frame, ["y"]).df["file"]) == ["old.csv"]
    with pytest.raises(UnknownVariableError, match="'yy'"):
        panel.citations(frame, ["yy"])


def test_text_in_three_languages(frame):
    entry = panel.citations(frame, ["y"])
    assert entry.text() == (
        "R&D_Office. Book {1} [data set]; data for 2015-2016; file old.csv; retrieved 2024-05-01; "
        "terms: CC BY 4.0."
    )
    assert "数据年份：2015-2016" in entry.text("zh")
    assert "дата обращения: 2024-05-01" in entry.text("ru")
    assert "<li>R&amp;D_Office." in entry._repr_html_()
    with pytest.raises(DataError, match="'de'"):
        entry.text("de")


def test_bibtex_escapes_what_latex_would_read(frame):
    text = panel.citations(frame, ["y"]).bibtex
    assert text.startswith("@misc{old,\n")
    assert r"author = {{R\&D\_Office}}" in text
    assert r"title = {{Book \{1\}}}" in text
    assert "urldate = {{2024-05-01}}" in text
    assert text.count("{") == text.count("}")


def test_keys_are_unique_and_every_raw_file_is_cited():
    china = panel.load("china")
    found = panel.citations(china)
    assert len({entry.key for entry in found.entries}) == len(found)
    files = {o.file for name in china for o in china.columns[name].origins if not o.times
             or set(o.times) & set(china.times)}  # fmt: skip
    assert {entry.file for entry in found.entries} == files
    assert all(e.publisher and e.licence for e in found.entries)
    assert all(e.retrieved for e in found.entries if e.file.startswith("china/"))


def test_a_panel_without_origins_says_so():
    table = pd.DataFrame({"region": ["a"], "year": [2015], "x": 1.0})
    found = panel.citations(panel.PanelFrame.from_pandas(table, "region", "year"))
    assert len(found) == 0
    assert found.bibtex == ""
    assert found.df.empty
    assert "no publication" in str(found)
    assert "no publication" in found._repr_html_()
