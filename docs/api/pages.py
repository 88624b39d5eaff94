"""A page for each layer of the package, from the docstrings of what it exports; links made to fit.

MkDocs calls the functions of this file while it builds the site.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
WORKER = Path(__file__).with_name("worker.js")
SHIM = '<script src="https://unpkg.com/iframe-worker/shim"></script>'
_BAR = re.compile(r"`[^`]*`")
EXPORT = re.compile(r"^from \.(\w+)[\w.]* import (?:\((.*?)\)|(.+?))$", re.MULTILINE | re.DOTALL)
LAYERS = {
    "core": "Frames, formulas, estimates",
    "sources": "Data",
    "indices": "Indices",
    "inequality": "Inequality and convergence",
    "estimators": "Estimators",
    "inference": "Covariances, bootstraps, margins",
    "diagnostics": "Tests and checks",
    "tables": "Tables",
    "figures": "Figures",
    "study": "Studies",
    "errors": "Errors",
}


def exports() -> dict[str, list[str]]:
    """Public names by layer, as __init__.pyi lists them."""
    stub = (ROOT / "src/panel/__init__.pyi").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {layer: [] for layer in LAYERS}
    for layer, many, one in EXPORT.findall(stub):
        found[layer] += re.findall(r"\w+", many or one)
    return {layer: sorted(names, key=str.casefold) for layer, names in found.items()}


def on_config(config: Any) -> Any:
    """Pages that mkdocs.yml does not name come last."""
    docs, named = ROOT / "docs", str(config.nav)
    pages = sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md"))
    if more := [page for page in pages if f"'{page}'" not in named]:
        config.nav.append({"More": more})
    return config


def on_files(files: Files, config: Any) -> Files:
    """Adds the pages of the API."""
    for layer, names in exports().items():
        text = [f"# {LAYERS[layer]}", *(f"::: panel.{name}" for name in names)]
        files.append(File.generated(config, f"api/{layer}.md", content="\n\n".join(text) + "\n"))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Links out of the documentation become names of files, and bars in tables bars."""
    folder = (ROOT / "docs" / page.file.src_uri).parent

    def outward(link: re.Match[str]) -> str:
        target = (folder / link[2].partition("#")[0]).resolve()
        inside = "://" in link[2] or target.is_relative_to(ROOT / "docs")
        if inside or not target.is_relative_to(ROOT):
            return link[0]
        path = target.relative_to(ROOT).as_posix()
        return f"`{path}`" if link[1].strip("`") == path else f"{link[1]} (`{path}`)"

    text = re.sub(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)", outward, markdown)
    return re.sub(r"^\|.*$", lambda row: _BAR.sub(_plain, row[0]), text, flags=re.MULTILINE)


def on_post_page(output: str, **_: Any) -> str:
    """The theme would fetch a script from the network for the search; ours stands in the page."""
    return _offline(output)


def on_post_template(output_content: str, **_: Any) -> str:
    """The same on the page that says that there is no such page."""
    return _offline(output_content)


def _offline(output: str) -> str:
    return output.replace(SHIM, f"<script>\n{WORKER.read_text(encoding='utf-8')}</script>")


def _plain(code: re.Match[str]) -> str:
    return code[0].replace(r"\|", "|")
