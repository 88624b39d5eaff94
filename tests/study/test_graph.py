"""The picture of a study's tasks."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from panel.errors import StudyError
from panel.study.graph import task_graph
from panel.study.study import Study


def declared(title: str = "One") -> Study:
    study = Study(
        title="A paper", data="china", inputs=("extra.csv",), parameters={"k": 2, "unused": 3}
    )

    @study.table("table1", title=title)
    def one(frame, k): ...

    @study.text("words", title="说明")
    def two(): ...

    return study


def test_arrows_lead_from_what_is_used_to_what_is_made() -> None:
    graph = declared().graph()
    assert set(graph.edges) == {
        ("source data", "frame"),
        ("source extra.csv", "frame"),
        ("frame", "table1"),
        ("source k", "table1"),
        ("table1", "report"),
        ("words", "report"),
    }
    assert [node.label for node in graph.nodes if node.kind == "source"] == [
        *("china", "extra.csv", "k = 2")
    ]


def test_mermaid_names_every_box_and_arrow() -> None:
    graph = task_graph(declared(), {"table1": "to do", "frame": "up to date"})
    text = graph.to_mermaid()
    assert text.startswith("flowchart LR\n")
    assert text.count("-->") == len(graph.edges)
    assert text.count('["') == len(graph.nodes)
    assert "class n4 to_do" in text
    assert str(graph) == text


def test_titles_cannot_break_out_of_the_picture() -> None:
    evil = '"]; click n0 "javascript:alert(1)" <script>alert(1)</script>'
    graph = declared(evil).graph()
    line = next(line for line in graph.to_mermaid().splitlines() if "table1" in line)
    inner = line[line.index('["') + 2 : line.rindex('"]')]
    assert not set(inner) & set('"<>`')
    ElementTree.fromstring(graph.to_svg())  # well-formed
    assert "<script" not in graph.to_svg()


def test_the_picture_holds_all_its_boxes() -> None:
    root = ElementTree.fromstring(task_graph(declared(), {"table1": "failed"}).to_svg())
    name = "{http://www.w3.org/2000/svg}"
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    boxes = root.findall(f"{name}g/{name}rect")
    assert len(boxes) == 7
    for box in boxes:
        x, y, w, h = (float(box.attrib[k]) for k in ("x", "y", "width", "height"))
        assert 0 <= x < x + w <= width
        assert 0 <= y < y + h <= height


def test_it_is_written_by_extension(tmp_path: Path) -> None:
    graph = declared().graph()
    assert graph.save(tmp_path / "tasks.svg").read_text().startswith("<svg")
    assert graph.save(tmp_path / "tasks.mmd").read_text() == str(graph)
    with pytest.raises(StudyError, match=r"'\.png'"):
        graph.save(tmp_path / "tasks.png")
