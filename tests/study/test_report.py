"""The report: one page that holds everything."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from panel.core.column import LANGUAGES
from panel.errors import StudyError
from panel.study.run import run_study
from panel.study.words import words_in

Write = Callable[..., Path]


class Page(HTMLParser):
    """Tags and attributes of a page, and whether every tag that is opened is closed."""

    alone = frozenset({"meta", "link", "img", "br", "hr", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.alone:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


FIGURE = """
@study.figure("figure1", title="A <rising> line")
def picture(frame):
    from matplotlib.figure import Figure as Sheet
    from panel.figures.figure import finished

    sheet = Sheet(figsize=(3, 2))
    sheet.subplots().plot([1, 2, 3])
    return finished(sheet, frame.data.reset_index(), "A line that rises")


@study.text("hostile", title="Hostile & co")
def hostile(frame):
    return "<script>alert(1)</script> and [a link](javascript:alert(1))"
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of the study with a figure and a hostile text."""
    folder = tmp_path_factory.mktemp("page") / "three"
    folder.mkdir()
    text = (Path(__file__).parent / "conftest.py").read_text(encoding="utf-8")
    study = text.split("'''")[1].replace(
        "seed=7", 'seed=7, authors=("A. Author",), abstract="Why."'
    )
    (folder / "study.py").write_text(study + FIGURE, encoding="utf-8")
    run = run_study(folder, workers=1)
    assert run.ok, [task.message for task in run.tasks]
    return run.report.read_text(encoding="utf-8")


def test_the_page_is_well_formed_and_says_its_language(page: str) -> None:
    parsed = Page(page)
    assert parsed.open == []
    assert parsed.all("html")[0]["lang"] == "en"
    ids = [a["id"] for _, a in parsed.found if "id" in a]
    assert len(ids) == len(set(ids))
    targets = [a["href"][1:] for a in parsed.all("a") if str(a["href"]).startswith("#")]
    assert set(targets) <= set(ids)


def test_the_page_needs_no_network(page: str) -> None:
    for tag, attributes in Page(page).found:
        for name in ("src", "href", "action"):
            assert str(attributes.get(name) or "#").startswith(("#", "data:")), (tag, attributes)
    assert not re.search(r"@import|url\((?!data:)", page)


def test_every_file_can_be_taken_from_the_page(page: str) -> None:
    links = {a["download"]: a["href"] for a in Page(page).all("a") if "download" in a}
    assert {"table1.docx", "table2.xlsx", "figure1.pdf", "figure1.csv", "draws.md"} <= set(links)
    content = base64.b64decode(str(links["table1.docx"]).partition(",")[2])
    assert content.startswith(b"PK")


def test_pictures_have_words_for_those_who_cannot_see_them(page: str) -> None:
    (picture,) = Page(page).all("img")
    assert picture["alt"] == "A line that rises"
    assert str(picture["src"]).startswith("data:image/svg+xml;base64,")


def test_what_authors_write_is_text_not_code(page: str) -> None:
    assert "A &lt;rising&gt; line" in page
    assert "Hostile &amp; co" in page
    assert "alert(1)</script>" not in page
    assert 'href="javascript' not in page


def test_the_main_table_comes_first_and_the_sample_is_named(page: str) -> None:
    assert page.index('id="table1"') < page.index('id="table2"')
    assert "3 regions, 2020-2021: 6 rows, a balanced panel." in page
    assert "A. Author" in page
    assert "Why." in page


def test_the_summary_counts(page: str) -> None:
    counts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd></div>", page))
    assert counts["Years"] == "2020–2021"
    assert (counts["Rows"], counts["Regions"]) == ("6", "3")
    assert (counts["Published figures"], counts["Missing"]) == ("11", "1")
    assert (counts["Tables"], counts["Figures"], counts["Texts"]) == ("2", "1", "2")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_each_language_are_complete(language: str) -> None:
    words, english = words_in(language), words_in("en")
    assert all(words.values())
    for key, said in english.items():
        assert set(re.findall(r"{\w+}", said)) == set(re.findall(r"{\w+}", words[key]))


def test_another_language_is_refused() -> None:
    with pytest.raises(StudyError, match="not written in 'fr'"):
        words_in("fr")


def test_a_chinese_report_is_chinese(write_study: Write) -> None:
    run = run_study(write_study(("seed=7", 'seed=7, language="zh"')), workers=1)
    text = run.report.read_text(encoding="utf-8")
    assert '<html lang="zh">' in text
    assert "3 个地区，2020-2021 年：6 行，平衡面板。" in text


def test_the_data_section_names_the_copy_that_was_read(write_study: Write) -> None:
    origin = 'Origin("f.csv", "x", "", "Office", "Yearbook", read_in="somebody/transcript")'
    given = ('name="three"', f'name="three", origins={{"x": {origin}}}')
    imported = (
        "import pandas as pd\n",
        "import pandas as pd\nfrom panel.core.column import Origin\n",
    )
    run = run_study(write_study(imported, given), workers=1)
    assert run.ok, [task.message for task in run.tasks]
    text = run.report.read_text(encoding="utf-8")
    assert re.search(r"Office, Yearbook.*read in somebody/transcript", text)
