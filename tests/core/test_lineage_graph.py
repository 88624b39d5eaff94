from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest

import panel
from panel.core.column import Adjustment, Origin
from panel.core.lineage_words import numerals
from panel.errors import DataError

ODD = 'R&D <"spending"> {a} #1'


@pytest.fixture
def frame() -> panel.PanelFrame:
    """Two regions, four years; gdp in 亿元 of a file in 万元; a chained volume and a share."""
    years = [2015, 2016, 2017, 2018]
    table = pd.DataFrame(
        {"region": ["a"] * 4 + ["b"] * 4, "year": years * 2,
         "gdp": [1.5, 2.0, 2.5, 3.0, 4.0, 4.5, 5.0, 5.5], "growth": 110.0,
         "real": 1.0, "share": 0.5, "odd": 7.0,
         "name_en": ["Alpha"] * 4 + ["Beta"] * 4, "name_zh": ["甲"] * 4 + ["乙"] * 4}
    )  # fmt: skip
    made = panel.PanelFrame.from_pandas(
        table, "region", "year",
        units={"gdp": "亿元", "growth": "上年=100"},
        labels={"gdp": {"en": "Product", "zh": "生产总值", "ru": "ВРП"}, "odd": ODD},
        origins={"gdp": Origin("g.csv", "GDP", "万元", "Office", "Book"),
                 "odd": Origin("o.csv", ODD, "", ODD)},
    )  # fmt: skip
    made = made.describe("real", expression="chain(gdp, growth, base=2016)",
                         inputs=("gdp", "growth"))  # fmt: skip
    made = made.describe("share", expression="gdp / real", inputs=("gdp", "real"))
    return made.describe("gdp", filled=frozenset({("b", 2016), ("b", 2017)}))


def cells(lineage):
    return [(part.name, part.key) for part in lineage.inputs]


def test_a_chained_volume_rests_on_its_base_year_and_the_growth_on_the_way(frame):
    assert cells(frame.origin("real", "a", 2018)) == [
        ("gdp", ("a", 2016)), ("growth", ("a", 2017)), ("growth", ("a", 2018)),
    ]  # fmt: skip
    assert cells(frame.origin("real", "a", 2015)) == [("gdp", ("a", 2016)), ("growth", ("a", 2016))]
    assert cells(frame.origin("real", "a", 2016)) == [("gdp", ("a", 2016))]
    assert cells(frame.origin("real")) == [("gdp", None), ("growth", None)]


def test_an_interpolated_figure_rests_on_the_published_ones_beside_it(frame):
    between = frame.origin("gdp", "b", 2017)
    assert cells(between) == [("gdp", ("b", 2015)), ("gdp", ("b", 2018))]
    assert between.sources == ()
    assert [o.file for o in between.publications] == ["g.csv"]
    late = frame.rows(lambda table: table.year == 2017).origin("gdp", "b", 2017)
    assert late.inputs == ()
    assert late.sources


def test_each_figure_stands_in_the_graph_once(frame):
    graph = frame.origin("share", "a", 2016).graph()
    texts = [" ".join(node.lines) for node in graph.nodes]
    assert len([t for t in texts if t.startswith("Product, Alpha, 2016")]) == 1
    assert [n.kind for n in graph.nodes].count("raw") == 1
    assert graph.nodes[0].kind == "cell"
    assert texts[0].startswith("share, Alpha, 2016: 0.5")
    # both the share and the chain take the one figure of gdp
    gdp = next(i for i, t in enumerate(texts) if t.startswith("Product"))
    assert len([edge for edge in graph.edges if edge[0] == gdp]) == 2
    assert "converted 万元 → 亿元" in texts
    assert any("a, 2016: 20,000 万元" in t for t in texts)


def test_every_node_leads_to_the_cell(frame):
    for name, region, year in (("share", "a", 2018), ("gdp", "b", 2017), ("year", "a", 2018)):
        graph = frame.origin(name, region, year).graph()
        reached = {0}
        for _ in graph.nodes:
            reached |= {a for a, b in graph.edges if b in reached}
        assert reached == set(range(len(graph.nodes)))


def test_the_picture_is_xml_whose_boxes_do_not_overlap(frame):
    graph = frame.origin("share", "a", 2018).graph("zh")
    root = ElementTree.fromstring(graph.svg)
    boxes = [
        tuple(float(r.get(k)) for k in ("x", "y", "width", "height"))
        for r in root.iter("{http://www.w3.org/2000/svg}rect")
    ]
    assert len(boxes) == len(graph.nodes)
    for i, (x, y, w, h) in enumerate(boxes):
        assert x >= 0
        assert x + w <= float(root.get("width"))
        assert y >= 0
        assert y + h <= float(root.get("height"))
        for x2, y2, w2, h2 in boxes[:i]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
    left = {i: box[0] for i, box in enumerate(boxes)}
    assert all(left[a] < left[b] for a, b in graph.edges)


def test_odd_letters_are_escaped(frame):
    graph = frame.origin("odd", "a", 2018).graph()
    ElementTree.fromstring(graph.svg)
    assert '<"spending">' not in graph.svg
    lines = graph.mermaid.splitlines()
    assert lines[0] == "flowchart LR"
    for line in lines[1:]:
        assert line.count('"') in (0, 2)  # the label's own quotes are entities
        assert "<" not in line.replace("<br>", "")


def test_adjustments_are_steps(frame):
    step = Adjustment("sum of a and b", frozenset({("a", 2018)}))
    cell = frame.describe("gdp", adjustments=(step,)).origin("gdp", "a", 2018)
    kinds = [(n.kind, n.lines[-1]) for n in cell.graph().nodes]
    assert ("step", "sum of a and b") in kinds
    assert "then sum of a and b" in cell.sentence()
    assert not any("30,000 万元" in text for _, text in kinds)  # the raw cell held another figure


def test_the_sentence_in_three_languages(frame):
    cell = frame.origin("gdp", "a", 2018)
    assert cell.sentence() == (
        "Product, Alpha, 2018: 3 × 100 million CNY; published by Office in Book; file g.csv, "
        "column GDP, converted from 30,000 万元."
    )
    assert cell.sentence("zh").startswith("甲2018年生产总值：3 亿元；由Office发布")
    assert cell.sentence("ru").startswith("ВРП, a, 2018 г.: 3 × 100 млн юаней; опубликовано")
    assert "interpolated, not published" in frame.origin("gdp", "b", 2016).sentence()
    assert frame.origin("growth", "a", 2018).sentence().endswith("no publication is on record.")
    with pytest.raises(DataError, match="language 'fr'"):
        cell.sentence("fr")
    with pytest.raises(DataError, match="language 'fr'"):
        cell.graph("fr")


def test_an_index_says_that_every_cell_counts():
    cell = panel.load("china").origin("digital_index", "Beijing", 2020)
    assert "over all regions and years of the panel" in cell.sentence()
    raw = [node for node in cell.graph().nodes if node.kind == "raw"]
    assert len(raw) == 5  # subscribers, population, revenue, sales, and product once


def test_russian_prints_decimal_commas_and_spaces():
    # "18,761.2" would be read as 18.761 there
    assert numerals("18,761.2 .. 0.5", "ru") == "18\u202f761,2 .. 0,5"
    assert numerals("+17.9 %", "ru") == "+17,9 %"
    assert numerals("18,761.2", "en") == numerals("18,761.2", "zh") == "18,761.2"
