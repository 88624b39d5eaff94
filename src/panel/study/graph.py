"""Picture of a study's tasks: what is made from what, as Mermaid text and as SVG."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal
from unicodedata import east_asian_width

from panel.errors import StudyError, suggest
from panel.study.locking import not_written
from panel.study.study import Study

Kind = Literal["source", "frame", "item", "report"]
_COLUMNS: dict[Kind, int] = {"source": 0, "frame": 1, "item": 2, "report": 3}
# Light enough for black letters on all of them, and told apart by their borders in grey print.
_FILLS: Mapping[str, tuple[str, str]] = {
    "up to date": ("#e3f1e3", "0"),
    "done": ("#e3f1e3", "0"),
    "to do": ("#fdf3d0", "5 3"),
    "failed": ("#f8d7d3", "2 2"),
    "not reached": ("#eeeeee", "2 2"),
    "": ("#eef2f8", "0"),
}
_BOX, _ROW, _GAP, _LETTER = 30, 44, 70, 7.2  # heights and widths in pixels


@dataclass(frozen=True)
class Node:
    """One box: ``name`` is unique, ``label`` is shown, ``outcome`` colours it ("" plain)."""

    name: str
    label: str
    kind: Kind
    outcome: str = ""


@dataclass(frozen=True)
class TaskGraph:
    """Boxes, and arrows from what is used to what is made of it.

    ``str()`` gives Mermaid, which GitHub, GitLab and JupyterLab draw; a notebook shows the SVG.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]

    def to_mermaid(self) -> str:
        """The graph in Mermaid's language."""
        number = {node.name: f"n{i}" for i, node in enumerate(self.nodes)}
        lines = ["flowchart LR"]
        lines += [f'  {number[n.name]}["{_entity(n.label)}"]' for n in self.nodes]
        lines += [f"  {number[a]} --> {number[b]}" for a, b in self.edges]
        for outcome in dict.fromkeys(n.outcome for n in self.nodes if n.outcome):
            fill, dash = _FILLS[outcome]
            name = outcome.replace(" ", "_")
            lines.append(f"  classDef {name} fill:{fill},stroke:#555,stroke-dasharray:{dash}")
            chosen = [number[n.name] for n in self.nodes if n.outcome == outcome]
            lines.append(f"  class {','.join(chosen)} {name}")
        return "\n".join(lines) + "\n"

    def to_svg(self) -> str:
        """The graph as an SVG picture: four columns, from sources to the report."""
        columns = [[n for n in self.nodes if _COLUMNS[n.kind] == c] for c in range(4)]
        widths = [max((_width(n.label) for n in column), default=0.0) for column in columns]
        tallest = max(map(len, columns))
        place: dict[str, tuple[float, float, float]] = {}
        x = 10.0
        for column, width in zip(columns, widths, strict=True):
            top = 10 + (tallest - len(column)) * _ROW / 2
            place |= {n.name: (x, top + i * _ROW, width) for i, n in enumerate(column)}
            x += width + (_GAP if column else 0)
        total, height = x - _GAP + 10, 10 + tallest * _ROW
        parts = [_arrow(place[a], place[b]) for a, b in self.edges]
        parts += [_box(node, place[node.name]) for node in self.nodes]
        body = "\n".join(parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{total:g}" height="{height:g}" '
            f'viewBox="0 0 {total:g} {height:g}" role="img" font-family="sans-serif" '
            f'font-size="13"><title>Tasks of the study</title>'
            f'<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
        )

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture as .svg, or as .mmd with Mermaid's text.

        Raises
        ------
        StudyError : another extension, or a file that cannot be written.
        """
        target = Path(path)
        writers = {".svg": self.to_svg, ".mmd": self.to_mermaid}
        if target.suffix not in writers:
            raise StudyError(
                f"A picture of tasks cannot be written as {target.suffix!r}.",
                variable="path",
                value=str(path),
                remedy=suggest(target.suffix, writers),
            )
        try:
            target.write_text(writers[target.suffix](), encoding="utf-8", newline="\n")
        except OSError as error:
            raise not_written(error) from error
        return target

    def __str__(self) -> str:
        return self.to_mermaid()

    def _repr_html_(self) -> str:
        return self.to_svg()


def task_graph(study: Study, outcomes: Mapping[str, str] | None = None) -> TaskGraph:
    """The tasks of a study, coloured by their outcomes if these are given by name."""
    told = outcomes or {}
    data = study.data
    shown = f"{getattr(data, '__name__', 'data')}()" if callable(data) else str(data)
    used = dict.fromkeys(name for item in study.items for name in item.wants)
    nodes = [Node("source data", shown, "source")]
    nodes += [Node(f"source {name}", name, "source") for name in study.inputs]
    constants = [name for name in study.parameters if name in used]
    nodes += [
        Node(f"source {name}", f"{name} = {study.parameters[name]}", "source") for name in constants
    ]
    nodes.append(Node("frame", "frame", "frame", told.get("frame", "")))
    edges = [("source data", "frame"), *((f"source {name}", "frame") for name in study.inputs)]
    for item in study.items:
        nodes.append(Node(item.name, f"{item.name}: {item.title}", "item", told.get(item.name, "")))
        edges += [("frame", item.name)] if "frame" in item.wants else []
        edges += [(f"source {name}", item.name) for name in item.wants if name in constants]
        edges.append((item.name, "report"))
    nodes.append(Node("report", "report.html", "report", told.get("report", "")))
    return TaskGraph(tuple(nodes), tuple(edges))


def _entity(text: str) -> str:
    """Text inside Mermaid's quotes; its own characters and line ends written as entities."""
    shown = " ".join(text.split())
    return "".join(c if c not in '"#<>&;`\\' else f"#{ord(c)};" for c in shown)


def _width(text: str) -> float:
    """Pixels of a box around the text; Chinese letters are twice as wide as Latin ones."""
    return 20 + _LETTER * sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _box(node: Node, place: tuple[float, float, float]) -> str:
    x, y, width = place
    fill, dash = _FILLS.get(node.outcome, _FILLS[""])
    told = f"<title>{escape(node.outcome)}</title>" if node.outcome else ""
    return (
        f'<g>{told}<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{_BOX}" rx="4" '
        f'fill="{fill}" stroke="#555" stroke-dasharray="{dash}"/>'
        f'<text x="{x + 10:g}" y="{y + 20:g}">{escape(node.label)}</text></g>'
    )


def _arrow(start: tuple[float, float, float], end: tuple[float, float, float]) -> str:
    x1, y1 = start[0] + start[2], start[1] + _BOX / 2
    x2, y2 = end[0], end[1] + _BOX / 2
    bend = (x2 - x1) / 2
    return (
        f'<path d="M{x1:g},{y1:g} C{x1 + bend:g},{y1:g} {x2 - bend:g},{y2:g} {x2:g},{y2:g}" '
        f'fill="none" stroke="#999"/><path d="M{x2 - 7:g},{y2 - 4:g} L{x2:g},{y2:g} '
        f'L{x2 - 7:g},{y2 + 4:g}" fill="none" stroke="#777"/>'
    )
