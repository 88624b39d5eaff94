"""The README of a replication package, by the template of the Social Science Data Editors."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from panel.errors import InstallationError
from panel.study.datasets import DataFile
from panel.study.loading import StudyFile
from panel.study.study import Item

_TEMPLATE = Path(__file__).parent / "templates" / "package.md.j2"
_REGISTERS = ("codebook.toml", "sources.toml")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
# The classes of the template, and the seconds at which each ends.
_RUNTIMES: tuple[tuple[str, float], ...] = (
    *(("<10 minutes", 10 * _MINUTE), ("10-60 minutes", _HOUR), ("1-2 hours", 2 * _HOUR)),
    *(("2-8 hours", 8 * _HOUR), ("8-24 hours", _DAY), ("1-3 days", 3 * _DAY)),
    *(("3-14 days", 14 * _DAY), ("> 14 days", float("inf"))),
)


def readme(
    file: StudyFile,
    data: Sequence[DataFile],
    lock: Sequence[str],
    machine: Mapping[str, Any],
    manifest: Mapping[str, Any],
) -> str:
    """The README as Markdown.

    Sections and their order are those of the template README of the Social Science Data Editors
    (github.com/social-science-data-editors/template_README).

    Raises
    ------
    InstallationError : Jinja is not installed.
    """
    try:
        from jinja2 import Environment, StrictUndefined
    except ModuleNotFoundError as missing:
        raise InstallationError(
            "A replication package needs Jinja, which is not installed.",
            variable="jinja2",
            remedy='pip install "regpanel[study]"',
        ) from missing
    made = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"plain": _plain, "code": _code}
    used = [d for d in data if d.used and not d.place.endswith(_REGISTERS)]
    seconds = sum(task["seconds"] for task in manifest["tasks"])
    return made.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        study=file.study,
        data=[d for d in used if not d.names_regions],
        names=[d for d in used if d.names_regions],
        references=_references(used),
        registers=[d.place for d in data if d.used and d.place.endswith(_REGISTERS)],
        restricted=[d for d in used if not d.provided],
        terms=dict.fromkeys(d.raw.terms for d in used if d.raw is not None),
        lock=[line.split("==") for line in lock],
        machine=machine,
        manifest=manifest,
        seconds=seconds,
        peak_mb=max((task["peak_mb"] for task in manifest["tasks"]), default=0.0),
        runtimes=[(name, name == _runtime(seconds)) for name, _ in _RUNTIMES],
        seed_line=_line_of_study(file),
        randomness=[i.name for i in file.study.items if {"rng", "seed"} & set(i.wants)],
        items=[_mapped(item) for item in sorted(file.study.items, key=lambda i: i.appendix)],
    )


def _references(data: Sequence[DataFile]) -> list[str]:
    """The publications of figures, each once; not what was compiled for this package."""
    named = (p for d in data if not d.names_regions for p in d.publications)
    left_out = ("own compilation", "publishers as named")
    return list(dict.fromkeys(p for p in named if not p.startswith(left_out)))


def _runtime(seconds: float) -> str:
    return next(name for name, end in _RUNTIMES if seconds < end)


def _mapped(item: Item) -> dict[str, Any]:
    """Which lines of which program make an item."""
    code = inspect.unwrap(item.function)
    line = getattr(getattr(code, "__code__", None), "co_firstlineno", "")
    name = getattr(code, "__name__", "")
    return {"item": item, "function": name, "line": line, "file": item.files[0]}


def _line_of_study(file: StudyFile) -> int:
    """The line on which the study is declared, and the seed with it."""
    for node in ast.walk(ast.parse(file.source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(
                node.func, "id", ""
            )  # fmt: skip
            if name == "Study":
                seeds = [k.value.lineno for k in node.keywords if k.arg == "seed"]
                return seeds[0] if seeds else node.lineno
    return 1


def _plain(text: Any) -> str:
    """Text that Markdown shows as it is, in one line: nothing in it is markup or a table's end."""
    shown = escape(" ".join(str(text).split()), quote=False)
    return "".join(f"\\{c}" if c in "\\`*_[]|#" else c for c in shown)


def _code(text: Any) -> str:
    """Text in a code span of a table."""
    shown = " ".join(str(text).split()).replace("`", "'").replace("|", "\\|")
    return f"`{shown}`"
