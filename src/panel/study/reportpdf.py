"""The report of a study on paper: a PDF, set by typst."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from panel.errors import InstallationError, StudyError
from panel.study.data import data_files, kept_frame
from panel.study.digests import file_digest
from panel.study.loading import StudyFile, read_study
from panel.study.locking import not_written
from panel.study.manifest import provenance
from panel.study.markdowntypst import from_markdown
from panel.study.report import described, placed, summarised
from panel.study.study import Item
from panel.study.words import words_in
from panel.study.work import frame_path, item_path, write
from panel.tables.typst import quote

# typst's own font first; then one for Chinese of each system.
_FONTS = ("Libertinus Serif", "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun")
_CHINESE = _FONTS[1:]
_HEAD = """\
#set page(paper: "a4", margin: (x: 20mm, y: 22mm), numbering: "1")
#set text(font: ({fonts}), size: 10pt, lang: "{language}")
#set par(justify: true)
#set heading(numbering: none)
#show figure.where(kind: table): set block(breakable: true)
#show figure.where(kind: table): set text(size: 8pt)
#show figure.where(kind: table): set par(justify: false)
#show figure.caption: set text(size: 9pt, weight: "bold")
#show figure.caption: set block(sticky: true)
#show raw: set text(size: 0.9em)
#set document(title: {title}, author: ({authors}), date: none)
"""


def report_pdf(path: str | Path, *, language: str = "") -> Path:
    """Set the report of a study, as its last run made it, as ``out/report.pdf``.

    The same tables as on the page, the figures as vectors. The source stands beside it as
    ``report.typ``, to be changed and set again by hand. The same run gives the same bytes.

    Parameters
    ----------
    path : of the study, its folder or its ``study.py``.
    language : of the report's own words, if not the study's: "en", "zh" or "ru".

    Returns
    -------
    The path of the PDF.

    Raises
    ------
    InstallationError : typst is not installed; ``report.typ`` is written all the same.
    StudyError : the study was not run, a file of the run is missing, a language the report is
        not written in, or typst could not set it: no Chinese font for a Chinese report.
    """
    file = read_study(Path(path))
    source = file.out / "report.typ"
    write(source, _source(file, language or file.study.language))
    typst = _typst()
    _check_fonts(typst, language or file.study.language)
    try:
        made = typst.compile(str(source), root=str(file.out), format="pdf", timestamp=0)
    except RuntimeError as error:  # of which typst's own error is a kind
        raise StudyError(
            f"typst could not set the report: {error}",
            variable="report.typ",
            remedy="look at the line it names in out/report.typ.",
        ) from error
    target = file.out / "report.pdf"
    try:
        target.write_bytes(made)
    except OSError as error:
        raise not_written(error) from error
    return target


def _typst() -> Any:
    try:
        import typst
    except ModuleNotFoundError as missing:
        raise InstallationError(
            "A PDF of the report is set by typst, which is not installed.",
            variable="typst",
            remedy='pip install "regpanel[pdf]"; or print out/report.html from a browser.',
        ) from missing
    return typst


def _check_fonts(typst: Any, language: str) -> None:
    if language == "zh" and not set(_CHINESE) & set(typst.Fonts().families()):
        raise StudyError(
            "No Chinese font is installed, so the PDF would show no Chinese.",
            variable="language",
            value=language,
            remedy=f"install one of {', '.join(_CHINESE)}.",
        )


def _source(file: StudyFile, language: str) -> str:
    """The report as typst. What authors write stands in strings, which hold no markup."""
    study, words = file.study, words_in(language)
    frame = _kept(file)
    first = study.main_table
    shown = placed([_shown(item, file) for item in study.items], first.name if first else "")
    fonts = ", ".join(map(quote, _FONTS))
    authors = "".join(f"{quote(author)}, " for author in study.authors)
    title = f'text(size: 17pt, weight: "bold", {quote(study.title)})'
    parts = [
        _HEAD.format(fonts=fonts, language=language, title=quote(study.title), authors=authors),
        f"#align(center, par(justify: false, {title}))",
    ]
    if study.authors:
        parts.append(f"#align(center, {quote(', '.join(study.authors))})")
    if study.abstract:
        parts.append(f"#pad(x: 12mm, y: 3mm, {quote(study.abstract)})")
    parts += [_pairs((words[k], v) for k, v in summarised(frame, study.items, language).items())]
    main = [shown["main"]] if shown["main"] else []
    for key, items in {"main": main, **{k: v for k, v in shown.items() if k != "main"}}.items():
        if items:
            parts += [f"= #{quote(words[key])}", *map(_item, items)]
    parts += _data(described(frame, language, words), words)
    return "\n\n".join([*parts, *_made(file, words)]) + "\n"


def _kept(file: StudyFile) -> Any:
    if not frame_path(file).is_file():
        raise StudyError(
            "The study was not run, so there is nothing to report.",
            variable="path",
            value=file.folder.name,
            remedy=f"regpanel run {file.folder.name}",
        )
    return kept_frame(frame_path(file))


def _shown(item: Item, file: StudyFile) -> dict[str, Any]:
    """What the run kept of an item."""
    try:
        kept = json.loads(item_path(file, item).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StudyError(
            f"{item.name!r} was not made, so it cannot be reported.",
            variable=item.name,
            remedy=f"regpanel run {file.folder.name}",
        ) from error
    told = {"name": item.name, "kind": item.kind, "title": item.title, "appendix": item.appendix}
    return {**told, **kept}


def _item(item: dict[str, Any]) -> str:
    if item["kind"] == "table":
        return str(item["typst"])
    if item["kind"] == "figure":
        picture = f'image("figures/{item["name"]}.svg", width: 90%, alt: {quote(item["alt"])})'
        return f"#figure({picture}, caption: {quote(item['title'])})"
    return f"== #{quote(item['title'])}\n\n{from_markdown(item['markdown'])}"


def _data(data: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
    """The sample, the sources, what to know of the figures and what is missing."""
    yield f"= #{quote(words['data'])}"
    yield f"#{quote(data['sample'])}"
    if data.get("sources"):
        yield f"== #{quote(words['sources'])}"
        lines = [(s["file"], "; ".join(p for p, _ in s["publications"]), s["terms"])
                 for s in data["sources"]]  # fmt: skip
        yield _grid(
            [words[k] for k in ("file", "publications", "terms")], lines, "(auto, 2fr, 1fr)"
        )
    if data.get("remarks"):
        yield f"== #{quote(words['remarks'])}"
        yield _pairs((f"{label} ({name})", note) for label, name, note in data["remarks"])
    if "missing" in data:
        yield f"== #{quote(words['missing_by_year'])}"
        counts = [(name, *(str(n or "") for n in row)) for name, row in data["missing"]]
        widths = f"(auto, {'auto, ' * len(data['years'])})"
        yield (
            _grid([words["variable"], *data["years"]], counts, widths)
            if counts
            else f"#{quote(words['none_missing'])}"
        )


def _made(file: StudyFile, words: dict[str, str]) -> Iterator[str]:
    told = provenance(file)
    packages = ", ".join(f"{name} {version}" for name, version in told["packages"].items())
    software = f"regpanel {told['regpanel']}, Python {told['python']} ({told['platform']})"
    inputs = {"study.py": file.path} | data_files(file)
    yield f"= #{quote(words['made'])}"
    yield _pairs([
        (words["commit"], told["commit"]),
        (words["seed"], str(told["seed"])),
        (words["software"], f"{software}, {packages}"),
    ])  # fmt: skip
    yield f"== #{quote(words['inputs'])}"
    lines = [(name, file_digest(path)) for name, path in inputs.items()]
    yield _grid([words["file"], "sha256"], lines, "(1fr, auto)")


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """A list of terms with what is to be said of each."""
    return "\n".join(f"#terms.item({quote(term)}, {quote(said)})" for term, said in pairs)


def _grid(head: Sequence[str], lines: Iterable[Sequence[str]], widths: str) -> str:
    """A plain table in small print."""
    header = ", ".join(f"strong({quote(word)})" for word in head)
    rows = "".join("  " + ", ".join(map(quote, line)) + ",\n" for line in lines)
    rules = "stroke: (x, y) => (bottom: 0.4pt + gray)"
    table = f"table(columns: {widths}, {rules},\n  table.header({header}),\n{rows})"
    return f"#{{\n  set text(size: 7.5pt)\n  set par(justify: false)\n  {table}\n}}"
