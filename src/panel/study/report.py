"""The report of a study: one HTML page that holds everything and needs no network."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from panel.core.frame import PanelFrame
from panel.errors import InstallationError
from panel.study.data import data_files, kept_frame
from panel.study.digests import file_digest
from panel.study.loading import StudyFile
from panel.study.study import Item
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
_TEMPLATE = Path(__file__).parent / "templates" / "report.html.j2"


def write_report(provenance: dict[str, Any], file: StudyFile) -> None:
    """Write ``report.html`` from what the other tasks of the run made.

    Raises
    ------
    InstallationError : Jinja or markdown-it is not installed.
    StudyError : a language that the report is not written in.
    """
    study, words = file.study, words_in(file.study.language)
    shown = [_shown(item, file) for item in study.items]
    main = study.main_table
    inputs = {"study.py": file.path} | data_files(file)
    page = _template().render(
        study=study,
        words=words,
        main=next((s for s in shown if main and s["name"] == main.name), None),
        tables=[s for s in shown if s["kind"] == "table" and s["name"] != (main and main.name)],
        figures=[s for s in shown if s["kind"] == "figure"],
        texts=[s for s in shown if s["kind"] == "text"],
        data=_data(kept_frame(frame_path(file)), study.language, words),
        provenance=provenance,
        inputs={name: file_digest(path) for name, path in inputs.items()},
    )
    write(file.out / "report.html", page)


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
    return made.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def _shown(item: Item, file: StudyFile) -> dict[str, Any]:
    """What the page shows of an item, and its files as links that hold their content."""
    kept = json.loads(item_path(file, item).read_text(encoding="utf-8"))
    links = {path.rpartition(".")[2]: _link(file.out / path) for path in item.files}
    shown = {"name": item.name, "kind": item.kind, "title": item.title, "links": links, **kept}
    if item.kind == "table":
        shown["latex"] = (file.out / item.files[0]).read_text(encoding="utf-8")
    if item.kind == "figure":
        shown["links"]["csv"] = _encoded("csv", kept["data"].encode())
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


def _data(frame: Any, language: str, words: dict[str, str]) -> dict[str, Any]:
    """The data section: the sample, the sources, the variables and what is missing."""
    if not isinstance(frame, PanelFrame):
        rows, columns = frame.shape
        return {"sample": words["plain_sample"].format(rows=rows, columns=columns)}
    report = frame.report()
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
