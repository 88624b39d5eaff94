"""The report of a study: one HTML page that holds everything and needs no network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from panel.core.frame import PanelFrame
from panel.errors import InstallationError
from panel.study.data import data_files, kept_frame
from panel.study.digests import file_digest
from panel.study.loading import StudyFile
from panel.study.study import FORMATS, Item
from panel.study.words import words_in
from panel.study.work import frame_path, item_path, write

_TYPES = {
    "tex": "application/x-tex",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "md": "text/markdown",
    "csv": "text/csv",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
}
_TEMPLATES = Path(__file__).parent / "templates"


def write_report(provenance: dict[str, Any], file: StudyFile) -> None:
    """Write ``report.html`` from what the other tasks of the run made.

    Raises
    ------
    InstallationError : Jinja or markdown-it is not installed.
    StudyError : a language that the report is not written in.
    """
    write(file.out / "report.html", page(provenance, file, file.study.language))


def page(provenance: dict[str, Any], file: StudyFile, language: str) -> str:
    """The report as a page, its own words in ``language``.

    The page may run its own script and nothing else: the policy of content that it carries names
    the script by its hash. What authors write is text on it, whatever it holds.
    """
    study, words = file.study, words_in(language)
    shown = [_shown(item, file) for item in study.items]
    first = study.main_table
    frame = kept_frame(frame_path(file))
    inputs = {"study.py": file.path} | data_files(file)
    script = _part("report.js")
    return str(
        _template().render(
            study=study,
            language=language,
            words=words,
            style=_part("report.css"),
            script=script,
            script_hash=_integrity(script),
            summary=summarised(frame, study.items, language),
            data=described(frame, language, words),
            provenance=provenance,
            inputs={name: file_digest(path) for name, path in inputs.items()},
            **placed(shown, first.name if first else ""),
        )
    )


def placed(shown: list[dict[str, Any]], first: str) -> dict[str, Any]:
    """The items by section of the page: the main table alone, and the appendix last."""
    others = [s for s in shown if s["name"] != first]
    body = [s for s in others if not s["appendix"]]
    return {
        "main": next((s for s in shown if s["name"] == first), None),
        **{f"{kind}s": [s for s in body if s["kind"] == kind] for kind in FORMATS},
        "appendix": [s for s in others if s["appendix"]],
    }


def _part(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _integrity(script: str) -> str:
    """The hash by which a policy of content knows a script."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _template() -> Any:
    try:
        from jinja2 import Environment, StrictUndefined
    except ModuleNotFoundError as missing:
        raise InstallationError(
            "The report needs Jinja, which is not installed.",
            variable="jinja2",
            remedy='pip install "regpanel[study]"',
        ) from missing
    made = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return made.from_string(_part("report.html.j2"))


def _shown(item: Item, file: StudyFile) -> dict[str, Any]:
    """What the page shows of an item, and its files as links that hold their content."""
    kept = json.loads(item_path(file, item).read_text(encoding="utf-8"))
    links = {path.rpartition(".")[2]: _link(file.out / path) for path in item.files}
    told = {"name": item.name, "kind": item.kind, "title": item.title, "appendix": item.appendix}
    shown = {**told, "links": links, **kept}
    if item.kind == "text":
        shown["html"] = _markdown(kept["markdown"])
    return shown


def _link(path: Path) -> str:
    return _encoded(path.suffix[1:], path.read_bytes())


def _encoded(kind: str, content: bytes) -> str:
    return f"data:{_TYPES[kind]};base64,{base64.b64encode(content).decode('ascii')}"


def _markdown(text: str) -> str:
    """HTML of Markdown; HTML inside it is shown as text, not used."""
    try:
        from markdown_it import MarkdownIt
    except ModuleNotFoundError as missing:
        raise InstallationError(
            "Texts of a study need markdown-it, which is not installed.",
            variable="markdown-it-py",
            remedy='pip install "regpanel[study]"',
        ) from missing
    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def summarised(frame: Any, items: Iterable[Item], language: str) -> dict[str, str]:
    """The numbers of the summary, by the word that names them; those that are zero are left out."""
    kinds = Counter(item.kind for item in items)
    made = {"n_tables": kinds["table"], "n_pictures": kinds["figure"], "n_texts": kinds["text"]}
    found: dict[str, int] = {"n_rows": len(frame)}
    years = ""
    if isinstance(frame, PanelFrame):
        report = frame.report()
        known = report.variables
        years = f"{frame.times[0]}–{frame.times[-1]}"
        found |= {"n_regions": report.n_units, "n_figures": int(known["figures"].sum())}
        found |= {"n_missing": int(known["missing"].sum()), "n_filled": int(known["filled"].sum())}
    apart = "\u00a0" if language == "ru" else ","
    texts = {key: f"{n:,}".replace(",", apart) for key, n in (found | made).items() if n}
    return ({"n_years": years} if years else {}) | texts


def described(frame: Any, language: str, words: dict[str, str]) -> dict[str, Any]:
    """The data section: the sample, the sources, the variables and what is missing."""
    if not isinstance(frame, PanelFrame):
        rows, columns = frame.shape
        return {"sample": words["plain_sample"].format(rows=rows, columns=columns)}
    report = frame.report(language)
    sample = words["sample"].format(
        units=report.n_units,
        first=frame.times[0],
        last=frame.times[-1],
        rows=report.n_rows,
        balance=words["balanced" if report.balanced else "unbalanced"],
    )
    gaps = report.missing[report.missing.sum(axis=1) > 0]
    return {
        "sample": sample,
        "regions": _regions(frame, language),
        "status": report.status_svg(),
        "sources": list(_sources(frame)),
        "variables": list(_variables(frame, report.variables, language)),
        "remarks": [
            (frame.label(n, language), n, c.note_in(language))
            for n, c in frame.columns.items()
            if c.note
        ],
        "years": [str(t) for t in gaps.columns],
        "missing": [
            (name, [int(n) for n in row])
            for name, row in zip(gaps.index, gaps.to_numpy(), strict=True)
        ],
    }


def _regions(frame: PanelFrame, language: str) -> list[str]:
    """The regions by name, where the panel knows their names in that language."""
    names = f"name_{language}"
    if names not in frame:
        return [str(unit) for unit in frame.units]
    known = frame[names].groupby(level=0).first()
    return [str(known.get(unit, unit)) for unit in frame.units]


def _sources(frame: PanelFrame) -> Iterator[dict[str, Any]]:
    """Each file once, with the publications its figures were taken from and the copies read."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    terms: dict[str, str] = {}
    for name in frame.columns:
        for origin in frame.origin(name).publications:
            vintage = f" ({origin.vintage})" if origin.vintage else ""
            said = ", ".join(filter(None, (origin.publisher, origin.publication))) + vintage
            found.setdefault(origin.file, {})[said, origin.read_in] = None
            terms[origin.file] = origin.licence
    for file, publications in sorted(found.items()):
        yield {"file": file, "publications": sorted(publications), "terms": terms[file]}


def _variables(frame: PanelFrame, known: Any, language: str) -> Iterator[dict[str, Any]]:
    for name, row in known.iterrows():
        column = frame.columns[name]
        first, last = row["first"], row["last"]
        yield {
            "name": name,
            "label": frame.label(name, language),
            "unit": column.unit,
            "published": int(row["figures"]),
            "missing": int(row["missing"]),
            "filled": int(row["filled"]),
            "span": "" if first is None else f"{first}-{last}",
            "computed": column.expression,
        }
