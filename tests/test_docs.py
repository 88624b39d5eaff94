"""The documentation: its links lead somewhere, its Python is Python, its names are there."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import panel
from panel.core.terms import columns_of

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("analyses/*/README.md")])
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchor(heading: str) -> str:
    """The name under which a heading can be linked to."""
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    return {anchor(h) for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    for link in _LINK.findall(text):
        if re.match(r"https?:|mailto:", link):
            continue
        path, _, part = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{name(page)} links to {link}, which is not there"
        if part and target.suffix == ".md":
            assert part in anchors(target), f"{name(page)} links to {link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_python_examples_are_python(page: Path) -> None:
    for language, code in _FENCED.findall(page.read_text(encoding="utf-8")):
        if language == "python" and ">>>" not in code:
            ast.parse(code)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_names_in_examples_are_there(page: Path) -> None:
    for language, code in _FENCED.findall(page.read_text(encoding="utf-8")):
        for used in re.findall(r"(?<!from )\bpanel\.(\w+)", code) if language == "python" else ():
            assert hasattr(panel, used), f"{name(page)}: panel.{used}"


def test_verbs_of_the_equivalences_are_there() -> None:
    text = (ROOT / "docs/equivalences.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ((?:\\\||[^|])*) \|", text, re.MULTILINE)
    calls = {v for cell in cells for v in re.findall(r"`(?:\w+=)?(\w+)\(", cell)}
    listed = {v for c in cells if re.fullmatch(r"(`\w+`(, )?)+", c) for v in re.findall(r"\w+", c)}
    verbs = calls | listed  # a name among words may be a field of a result
    assert {"ols", "driscoll_kraay", "honda"} <= verbs
    assert [verb for verb in sorted(verbs) if not hasattr(panel, verb)] == []


@pytest.mark.parametrize("page", ["from_stata", "from_r"])
def test_spellings_of_the_crib_pages_run(page: str, tmp_path: Path, monkeypatch: Any) -> None:
    """Each call in the last column, from top to bottom, on the data that the page makes."""
    monkeypatch.chdir(tmp_path)  # tables are saved
    text = (ROOT / f"docs/guide/{page}.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for language, code in _FENCED.findall(text):
        exec(code if language == "python" else "", names)
    rows = re.findall(r"^\| `.* \| (.*) \|$", text, re.MULTILINE)
    calls = [c for row in rows for c in re.findall(r"`([^`]*[(.][^`]*)`", row.replace(r"\|", "|"))]
    assert len(calls) >= 40
    for call in calls:
        if re.match(r"panel\.\w+\(|[a-z]+\.\w+|[a-z]+ = panel", call):
            exec(call, names)


def test_formulas_of_the_guide_are_read() -> None:
    text = (ROOT / "docs/guide/formulas.md").read_text(encoding="utf-8")
    china = panel.load("china")
    x, z = np.log(china["industry_va"]), china["digital_index"]
    frame = panel.PanelFrame.from_pandas(
        china.data.assign(x=x, z=z).loc[:, ["x", "z", "zone3"]].rename_axis(["id", "year"])
    )
    terms, algebra = text.split("## What R users")
    cells = re.findall(r"^\| (`.*?`) \| ", terms, re.MULTILINE)
    rights = [c for cell in cells for c in re.findall("`([^`]+)`", cell)]
    rows = re.findall(r"^\| `.*\|$", algebra, re.MULTILINE)
    rights += [row.split(" | ")[3].strip("`") for row in rows]
    assert len(rights) >= 30
    for right in rights:
        terms_of = panel.parse(f"x ~ {right}").terms
        assert all(columns_of(term, frame) for term in terms_of), right
    for spelling in re.findall(r"`([a-z]\w*\([^`]*\))`", terms.split("fixest's other")[1]):
        assert panel.parse(f"y ~ {spelling}")


def test_the_changelog_names_every_export() -> None:
    said = set(re.findall(r"`(\w+)`", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")))
    assert sorted(set(panel.__all__) - {"__version__"} - said) == []


def part_of_the_site(stem: str) -> Any:
    """A module that MkDocs loads."""
    spec = importlib.util.spec_from_file_location(stem, ROOT / f"docs/api/{stem}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_navigation_names_each_page_once() -> None:
    named = re.findall(r"- (\S+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    made = {f"api/{layer}.md" for layer in part_of_the_site("pages").LAYERS}
    assert made <= set(named)
    there = {page.relative_to(ROOT / "docs").as_posix() for page in ROOT.glob("docs/**/*.md")}
    decisions = {page for page in there if page.startswith("decisions/")}
    assert set(named) - made == there - decisions
    assert sorted(named) == sorted(set(named))


def test_the_reference_has_every_export() -> None:
    pages = part_of_the_site("pages").exports()
    names = [name for layer in pages.values() for name in layer]
    assert sorted(names) == sorted(set(panel.__all__) - {"__version__"})


def test_docstrings_become_lists() -> None:
    given = """Mean, see :func:`panel.ols`.

    Parameters
    ----------
    x, y : ``"a"``, or
        nothing.
    z : more

    Returns
    -------
    The mean.
    """
    assert part_of_the_site("docstrings").markdown(given) == (
        'Mean, see `panel.ols`.\n\n**Parameters**\n\n- `x`, `y`: ``"a"``, or nothing.\n- `z`: more'
        "\n\n**Returns**\n\nThe mean."
    )
