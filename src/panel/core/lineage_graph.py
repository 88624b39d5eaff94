"""The origin of a cell as a graph: raw cells, steps, figures; as SVG and in Mermaid's notation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from panel.core.column import LANGUAGES, Origin
from panel.core.lineage import Lineage
from panel.core.lineage_words import converts, is_index, named, publication, raw_figure, word

Kind = Literal["raw", "step", "figure", "cell"]
# Fill and edge of each kind: they keep apart for colour-blind readers and in grey.
_COLOURS: dict[Kind, tuple[str, str]] = {
    "raw": ("#fdf3dd", "#b07a00"),
    "step": ("#ffffff", "#777777"),
    "figure": ("#e3eef8", "#0060a0"),
    "cell": ("#c3dcf2", "#003f6b"),
}
_WIDTH, _GAP_X, _GAP_Y = 250, 46, 14
_LINE, _PAD, _FONT = 16, 8, 12
_MOST_LINES = 5


@dataclass(frozen=True)
class Node:
    """A raw cell, a step, a figure on the way, or the cell asked for."""

    kind: Kind
    lines: tuple[str, ...]


@dataclass(frozen=True)
class LineageGraph:
    """The way from raw files to a cell.

    Parameters
    ----------
    nodes : the cell first, each figure once.
    edges : from node to node, as positions in ``nodes``, in the direction in which figures go.
    title : what the graph shows.
    """

    nodes: tuple[Node, ...]
    edges: tuple[tuple[int, int], ...]
    title: str

    @property
    def mermaid(self) -> str:
        """The graph in Mermaid's notation, for Markdown files."""
        shapes: dict[Kind, tuple[str, str]] = {
            "raw": ("[(", ")]"), "step": ("([", "])"), "figure": ("[", "]"), "cell": ("[", "]"),
        }  # fmt: skip
        lines = ["flowchart LR"]
        for i, node in enumerate(self.nodes):
            left, right = shapes[node.kind]
            text = "<br>".join(map(_quoted, node.lines))
            lines.append(f'  n{i}{left}"{text}"{right}')
        lines += [f"  n{a} --> n{b}" for a, b in self.edges]
        return "\n".join(lines)

    @property
    def svg(self) -> str:
        """The graph as SVG text that needs nothing else: raw cells left, the cell right."""
        layers = self._layers()
        wrapped = [_wrapped(node.lines) for node in self.nodes]
        heights = [_LINE * len(lines) + 2 * _PAD for lines in wrapped]
        tops = self._tops(layers, heights)
        deepest = max(layers)
        lefts = [10 + (deepest - layer) * (_WIDTH + _GAP_X) for layer in layers]
        width = 20 + (deepest + 1) * _WIDTH + deepest * _GAP_X
        height = 10 + max(t + h for t, h in zip(tops, heights, strict=True))
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" '
            f'width="{width}" height="{height:.0f}" font-family="sans-serif" '
            f'font-size="{_FONT}" role="img"><title>{escape(self.title)}</title>',
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
            'markerHeight="8" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#777777"/>'
            "</marker></defs>",
        ]
        for a, b in self.edges:
            x0, y0 = lefts[a] + _WIDTH, tops[a] + heights[a] / 2
            x1, y1 = lefts[b], tops[b] + heights[b] / 2
            bend = _GAP_X / 2
            parts.append(
                f'<path d="M{x0},{y0:.1f} C{x0 + bend},{y0:.1f} {x1 - bend},{y1:.1f} '
                f'{x1},{y1:.1f}" fill="none" stroke="#777777" marker-end="url(#tip)"/>'
            )
        for i, node in enumerate(self.nodes):
            parts.append(_box(node, wrapped[i], lefts[i], tops[i], heights[i]))
        return "".join(parts) + "</svg>"

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x:auto">{self.svg}</div>'

    def __repr__(self) -> str:
        raw = sum(node.kind == "raw" for node in self.nodes)
        return f"LineageGraph({self.title!r}: {len(self.nodes)} nodes, {raw} of them raw cells)"

    def _layers(self) -> list[int]:
        """Longest way from each node to the cell."""
        layers = [0] * len(self.nodes)
        for _ in self.nodes:
            for a, b in self.edges:
                layers[a] = max(layers[a], layers[b] + 1)
        return layers

    def _tops(self, layers: list[int], heights: list[int]) -> list[float]:
        """Upper ends of the boxes: each near the middle of those it is made of, none overlapping.

        Layers are placed from the one with most boxes: those nearer to the cell follow what goes
        into them, those farther away follow what they go into.
        """
        members = [[i for i, at in enumerate(layers) if at == k] for k in range(max(layers) + 1)]
        rooms = [sum(heights[i] + _GAP_Y for i in layer) for layer in members]
        widest = rooms.index(max(rooms))
        tops = [0.0] * len(self.nodes)
        order = (widest, *range(widest - 1, -1, -1), *range(widest + 1, len(members)))
        for k in order:
            near = {i: self._beside(i, k < widest) for i in members[k]} if k != widest else {}
            centre = {
                i: sum(tops[j] + heights[j] / 2 for j in js) / len(js)
                for i, js in near.items()
                if js
            }
            free = 10.0
            for i in sorted(members[k], key=lambda i: centre.get(i, 0.0)):
                tops[i] = max(free, centre.get(i, free) - heights[i] / 2)
                free = tops[i] + heights[i] + _GAP_Y
        return tops

    def _beside(self, node: int, inputs: bool) -> list[int]:
        """What goes into a node, or what it goes into."""
        if inputs:
            return [a for a, b in self.edges if b == node]
        return [b for a, b in self.edges if a == node]


def graph_of(cell: Lineage, language: str) -> LineageGraph:
    """The graph of a cell's lineage; figures that serve twice stand in it once."""
    nodes: list[Node] = []
    edges: dict[tuple[int, int], None] = {}
    known: dict[object, int] = {}

    def add(node: Node, *into: int) -> int:
        nodes.append(node)
        edges.update(dict.fromkeys((len(nodes) - 1, at) for at in into))
        return len(nodes) - 1

    def placed(one: Lineage) -> int:
        where = (one.name, one.key)
        if where not in known:
            kind: Kind = "figure" if nodes else "cell"
            last = known[where] = add(Node(kind, (named(one, language),)))
            for said in reversed(one.steps):
                done = said[LANGUAGES.index(language)]
                last = add(Node("step", (word("adjusting", language), done)), last)
            if one.inputs:
                last = add(Node("step", tuple(_made(one, language))), last)
            for part in one.inputs:
                edges[placed(part), last] = None
            for origin in one.sources:
                at = last
                if converts(one, origin):
                    change = f"{origin.unit} → {one.unit or '1'}"
                    at = add(Node("step", (word("converting", language), change)), last)
                add(Node("raw", _raw(one, origin, language)), at)
        return known[where]

    placed(cell)
    return LineageGraph(tuple(nodes), tuple(edges), named(cell, language))


def _made(one: Lineage, language: str) -> Iterator[str]:
    """Lines of the step that makes a figure from others."""
    if not one.expression:
        yield word("interpolating", language)
        return
    yield word("computing", language)
    yield one.expression
    if is_index(one):
        yield word("over all", language)


def _raw(one: Lineage, origin: Origin, language: str) -> tuple[str, ...]:
    """Lines of a raw cell."""
    where = f"{origin.file}: {origin.column}"
    row = f"{one.key[0]}, {one.key[1]}" if one.key else ""
    figure = raw_figure(one, origin, language)
    said = ": ".join(filter(None, (row, figure)))
    return tuple(filter(None, (where, said, publication(origin, language))))


def _quoted(text: str) -> str:
    """Text inside a quoted label of Mermaid, which reads entities and HTML there."""
    return escape(text, quote=True).replace("&quot;", "#quot;").replace("\n", " ")


def _wrapped(lines: tuple[str, ...]) -> list[tuple[str, int]]:
    """Lines that fit into a box, with the line of the node each belongs to.

    Chinese characters are as wide as the font is high, others a little over half of that.
    """
    room, found = _WIDTH - 2 * _PAD, []
    for k, line in enumerate(lines):
        pieces, piece, used = [], "", 0.0
        for part in _parts(line):
            width = sum(_FONT if ord(c) > 0x2E7F else 0.58 * _FONT for c in part)
            if used + width > room and piece:
                pieces.append(piece.strip())
                piece, used = "", 0.0
            piece, used = piece + part, used + width
        pieces.append(piece.strip())
        if len(pieces) > _MOST_LINES:
            pieces = [*pieces[: _MOST_LINES - 1], pieces[_MOST_LINES - 1][:-1] + "…"]
        found += [(text, k) for text in pieces]
    return found


def _parts(line: str) -> Iterator[str]:
    """Pieces of a line that stay together: words, single Chinese characters, bits of long names."""
    piece = ""
    for c in line:
        if piece and (ord(c) > 0x2E7F or piece[-1] in " /_-," or ord(piece[-1]) > 0x2E7F):
            yield piece
            piece = ""
        piece += c
        if len(piece) >= 30:
            yield piece
            piece = ""
    if piece:
        yield piece


def _box(node: Node, lines: list[tuple[str, int]], left: float, top: float, height: float) -> str:
    fill, edge = _COLOURS[node.kind]
    corner = 14 if node.kind == "step" else 3
    text = "".join(
        f'<text x="{left + _PAD}" y="{top + _PAD + _LINE * (i + 1) - 4:.1f}"'
        f"{' font-weight=' + chr(34) + 'bold' + chr(34) if node.kind == 'cell' else ''}>"
        f"{escape(line)}</text>"
        for i, (line, _) in enumerate(lines)
    )
    return (
        f"<g><title>{escape(chr(10).join(node.lines))}</title>"
        f'<rect x="{left}" y="{top:.1f}" width="{_WIDTH}" height="{height}" rx="{corner}" '
        f'fill="{fill}" stroke="{edge}"/>{text}</g>'
    )
