"""The report in a browser: what its script does, and that nothing else runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from panel.study.run import run_study

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium is installed")

STUDY = """
import numpy as np
import pandas as pd
from panel.core.frame import PanelFrame
from panel.study import Study
from panel.tables.cells import Number, Row, Section, Span, Text
from panel.tables.table import Table

EVIL = "<img src=x onerror=problems.push(1)>"
WIDE = "行 \\u2212 ряд"


def data():
    table = pd.DataFrame({"region": ["A", "B"] * 2, "year": [1, 1, 2, 2], "x": [1, 2, 3, np.nan]})
    return PanelFrame.from_pandas(table, "region", "year", labels={"x": EVIL})


study = Study(title=f"</title><script>problems.push(2)</script>{EVIL}", data=data,
              authors=("<b>A</b>",), abstract=EVIL)


@study.table("table1", title=f'"{EVIL}')
def table1(frame):
    rows = [Row(n, (Number(v, 1), Text(t))) for n, v, t in
            (("one", -1200.5, "=A1"), (EVIL, 30.0, ""), (WIDE, 9.0, "b"), ("nine", -3.0, "a"))]
    head = tuple(map(Span, ("Name", "Number", "Word")))
    note = "</textarea><script>problems.push(3)</script>"
    return Table((head,), (Section(tuple(rows)),), notes=(note,))


@study.table("table2", title="Two lines a term", appendix=True)
def table2(frame):
    below = Row("", (Number(0.5, 2),), name="x, error")
    rows = Section((Row("x", (Number(1.0, 2),)), below, Row("N", (Number(4),))))
    return Table(((Span(""), Span("(1)")),), (rows,))


@study.text("words", title="Words")
def words(frame):
    return "<script>problems.push(4)</script> [x](javascript:problems.push(5))"
"""

LISTEN = """<script>
window.problems = [];
addEventListener("error", (e) => problems.push(String(e.message)));
addEventListener("unhandledrejection", (e) => problems.push(String(e.reason)));
console.error = (...said) => problems.push(said.join(" "));
window.copies = [];
// Reading a blob takes real time, which the browser's virtual clock does not wait for.
window.Blob = class { constructor(parts) { this.said = parts.join(""); } };
window.ClipboardItem = class { constructor(kinds) { this.kinds = kinds; } };
Object.defineProperty(navigator, "clipboard", { value: {
  writeText: async (text) => { copies.push(text); },
  write: async ([item]) => { copies.push(item.kinds["text/html"].said); },
} });
</script>"""

CLICKS = """<script>(async () => {
const found = { problems };
const all = (selector) => [...document.querySelectorAll(selector)];
const names = () => all("#table1 tbody th[scope=row]").map((cell) => cell.textContent);
const heads = document.querySelectorAll("#table1 thead th > button");
found.heads = heads.length;
found.declared = names();
heads[1].click(); found.up = names();
found.said = heads[1].closest("th").getAttribute("aria-sort");
heads[1].click(); found.down = names();
heads[1].click(); found.back = names();
heads[2].click(); found.words = names();
found.torn = document.querySelectorAll("#table2 th > button").length;
for (const kind of ["tex", "word", "csv"]) {
  document.querySelector(`#table1 button[data-copy=${kind}]`).click();
  await new Promise((done) => setTimeout(done, 50));
}
found.copies = copies;
found.told = document.getElementById("Said").textContent;
const paper = () => getComputedStyle(document.body).backgroundColor;
const theme = document.getElementById("Theme");
found.light = paper();
theme.click(); found.dark = paper(); found.pressed = theme.getAttribute("aria-pressed");
theme.click(); found.again = paper();
found.links = all("a[href]").map((a) => a.getAttribute("href").slice(0, 5));
found.injected = document.querySelectorAll("main img, h1 img, article script, h1 script").length;
const out = document.createElement("pre"); out.id = "Found";
out.textContent = JSON.stringify(found);
document.body.append(out);
})();</script>"""


def opened(path: Path) -> str:
    """The page after its scripts have run."""
    command = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={path.parent / 'profile'}", "--virtual-time-budget=5000"]
    done = subprocess.run([*command, path.as_uri()], capture_output=True, timeout=60, check=True)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a study whose every text is hostile."""
    folder = tmp_path_factory.mktemp("hostile") / "study"
    folder.mkdir()
    (folder / "study.py").write_text(STUDY, encoding="utf-8")
    run = run_study(folder, workers=1)
    assert run.ok, [task.message for task in run.tasks]
    return run.report.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(page: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What clicks on the page do; its policy, which forbids these very scripts, is taken off."""
    freed = re.sub(r"<meta http-equiv[^>]*>", LISTEN, page, count=1)
    path = tmp_path_factory.mktemp("clicked") / "page.html"
    path.write_text(freed.replace("</body>", f"{CLICKS}</body>"), encoding="utf-8")
    dumped = re.search(r'<pre id="Found">(.*?)</pre>', opened(path), re.DOTALL)
    assert dumped
    marks = {"&lt;": "<", "&gt;": ">", "&nbsp;": "\u00a0", "&amp;": "&"}
    text = re.sub("|".join(marks), lambda mark: marks[mark[0]], dumped[1])
    made: dict[str, Any] = json.loads(text)
    return made


def test_nothing_fails_and_nothing_hostile_runs(found: dict[str, Any]) -> None:
    assert found["problems"] == []
    assert found["injected"] == 0
    assert set(found["links"]) <= {"data:"} | {link for link in found["links"] if link[0] == "#"}


def test_columns_sort_by_number_by_word_and_back(found: dict[str, Any]) -> None:
    one, evil, wide, nine = found["declared"]
    assert found["heads"] == 3
    assert found["up"] == [one, nine, wide, evil]
    assert found["said"] == "ascending"
    assert found["down"] == [evil, wide, nine, one]
    assert found["back"] == found["declared"]
    assert found["words"] == [one, nine, wide, evil]  # =A1, a, b; what is empty comes last


def test_a_coefficient_is_not_torn_from_its_error(found: dict[str, Any]) -> None:
    assert found["torn"] == 0


def test_tables_are_copied_whole(found: dict[str, Any]) -> None:
    latex, word, csv = found["copies"]
    assert r"\begin{tabular}" in latex
    assert word.count("<tr") == 5
    assert "border-top:1.5pt solid" in word
    assert "<button" not in word
    assert "<script" not in word
    assert "<img" not in word
    assert "-1200.5" in csv
    assert "行 − ряд" in csv
    assert "'=A1" in csv  # no formula in a spreadsheet
    assert found["told"] == "Copied."


def test_the_page_is_light_or_dark_as_wished(found: dict[str, Any]) -> None:
    assert found["light"] == "rgb(255, 255, 255)"
    assert found["dark"] != found["light"]
    assert found["pressed"] == "true"
    assert found["again"] == found["light"]


def test_the_policy_lets_the_own_script_run_and_no_other(page: str, tmp_path: Path) -> None:
    other = "<script>document.documentElement.dataset.other = 'ran'</script></body>"
    (tmp_path / "page.html").write_text(page.replace("</body>", other), encoding="utf-8")
    html = re.search(r"<html[^>]*>", opened(tmp_path / "page.html"))
    assert html
    assert 'class="live"' in html[0]
    assert "data-other" not in html[0]


@pytest.mark.skipif("AXE" not in os.environ, reason="AXE does not name a file axe.min.js")
def test_the_page_keeps_the_rules_of_accessibility(page: str, tmp_path: Path) -> None:
    """WCAG 2.2 AA, by axe-core (npm install axe-core)."""
    axe = Path(os.environ["AXE"]).read_text(encoding="utf-8")
    levels = [f"wcag{version}{level}" for version in ("2", "21", "22") for level in ("a", "aa")]
    asked = f"axe.run(document, {{ runOnly: {json.dumps(levels)} }})"
    told = "document.body.dataset.broken = found.violations.map((rule) => rule.id).join(' ')"
    scripts = f"<script>{axe}</script><script>{asked}.then((found) => {{ {told} }})</script>"
    freed = re.sub(r"<meta http-equiv[^>]*>", "", page, count=1)
    tested = freed.replace("</body>", f"{scripts}</body>")
    (tmp_path / "page.html").write_text(tested, encoding="utf-8")
    assert 'data-broken=""' in opened(tmp_path / "page.html")
