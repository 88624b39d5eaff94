"""The publications behind a panel's figures, as a list of data citations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from html import escape
from typing import Any

import pandas as pd

from panel.core.column import LANGUAGES, Origin
from panel.core.frame import PanelFrame
from panel.errors import DataError, suggest

_WORDS = {
    "years": ("data for {}", "数据年份：{}", "данные за {}"),
    "file": ("file {}", "文件{}", "файл {}"),
    "read_in": ("read in {}", "转录自{}", "прочитано в {}"),
    "retrieved": ("retrieved {}", "访问日期：{}", "дата обращения: {}"),
    "licence": ("terms: {}", "使用条款：{}", "условия: {}"),
    "dataset": ("[data set]", "[DS]", "[набор данных]"),
}
# What BibTeX and LaTeX read as commands.
_SPECIAL = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "$": r"\$",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """One publication that figures were taken from.

    Parameters
    ----------
    key : a short name for it, unique in its list.
    publisher, title, vintage, licence : as the register of raw files has them; ``title`` is the
        publication's name.
    years : first and last year of the figures used ("2016-2024"); empty if they hold for all.
    file : the raw file they stand in, and ``holds`` what that file is called.
    read_in : the copy they were read in, where that is not the publication itself.
    retrieved : the day on which they were read.
    variables : names of the variables that rest on it.
    """

    key: str
    publisher: str
    title: str
    vintage: str
    years: str
    file: str
    holds: str
    read_in: str
    retrieved: str
    licence: str
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Citations:
    """Data citations of a panel, by publisher and file."""

    entries: tuple[Citation, ...]

    @property
    def df(self) -> pd.DataFrame:
        """One row a citation."""
        rows = [{f.name: getattr(e, f.name) for f in fields(e)} for e in self.entries]
        table = pd.DataFrame(rows, columns=[f.name for f in fields(Citation)])
        return table.assign(variables=[", ".join(e.variables) for e in self.entries])

    @property
    def bibtex(self) -> str:
        """Entries of kind ``@misc``; the text stands in braces, so that no letter is changed."""
        return "\n\n".join(map(_bibtex, self.entries)) + ("\n" if self.entries else "")

    def text(self, language: str = "en") -> str:
        """One line a citation.

        Raises
        ------
        DataError : a language other than en, zh, ru.
        """
        if language not in LANGUAGES:
            raise DataError(
                f"There are no words in the language {language!r}.",
                variable="language",
                value=language,
                remedy=suggest(language, LANGUAGES),
            )
        return "\n".join(_line(entry, LANGUAGES.index(language)) for entry in self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __str__(self) -> str:
        return self.text() or "no publication is on record"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(line)}</li>" for line in self.text().splitlines())
        return f"<ol>{items}</ol>" if items else f"<p>{escape(str(self))}</p>"


def citations(frame: PanelFrame, names: Iterable[str] | None = None) -> Citations:
    """The publications behind a panel, or behind some of its variables.

    Parameters
    ----------
    frame : a panel whose columns know their origins, as ``panel.load`` and ``panel.assemble``
        make it. Publications of regions and years that it does not have are left out.
    names : the variables; all if left out.

    Raises
    ------
    UnknownVariableError : no such variable.
    """
    found: dict[tuple[str, ...], list[tuple[Origin, str]]] = {}
    for name in frame.names if names is None else names:
        for origin in frame.origin(name).publications:
            if _used(origin, name, frame):
                what = (origin.publisher, origin.publication, origin.vintage, origin.file)
                found.setdefault(what, []).append((origin, name))
    taken: set[str] = set()
    entries = [_citation(parts, frame, taken) for _, parts in sorted(found.items())]
    return Citations(tuple(entries))


def _used(origin: Origin, name: str, frame: PanelFrame) -> bool:
    """Whether the frame has a region of the origin, and the variable a figure in its years."""
    here = not origin.regions or not set(origin.regions).isdisjoint(frame.units)
    return here and (not origin.times or bool(_times(origin, name, frame)))


def _citation(parts: list[tuple[Origin, str]], frame: PanelFrame, taken: set[str]) -> Citation:
    first = parts[0][0]
    years = sorted({t for o, name in parts for t in _times(o, name, frame)})
    span = f"{years[0]}" + (f"-{years[-1]}" if len(years) > 1 else "") if years else ""
    return Citation(
        key=_key(first, taken),
        publisher=first.publisher,
        title=first.publication or first.title or first.file,
        vintage=first.vintage,
        years=span,
        file=first.file,
        holds=first.title,
        read_in=", ".join(dict.fromkeys(o.read_in for o, _ in parts if o.read_in)),
        retrieved=first.read,
        licence=first.licence,
        variables=tuple(dict.fromkeys(name for _, name in parts)),
    )


def _times(origin: Origin, name: str, frame: PanelFrame) -> set[Any]:
    """Years that an origin is known to hold, and in which the variable has a figure."""
    there = frame.table.index[frame[name].notna()].get_level_values(1)
    return set(there) & set(origin.times or frame.times)


def _key(origin: Origin, taken: set[str]) -> str:
    """The file's name, numbered where several publications stand in it."""
    stem = re.sub(r"\W+", "-", origin.file.rpartition("/")[2].rpartition(".")[0] or origin.file)
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    taken.add(key)
    return key


def _line(entry: Citation, at: int) -> str:
    """Publisher. Title (vintage) [data set], years; file; read in; retrieved; terms."""
    vintage = f" ({entry.vintage})" if entry.vintage else ""
    head = f"{entry.publisher or '?'}. {entry.title}{vintage} {_WORDS['dataset'][at]}"
    said = {
        key: getattr(entry, key) for key in ("years", "file", "read_in", "retrieved", "licence")
    }
    return "; ".join([head, *(_WORDS[k][at].format(v) for k, v in said.items() if v)]) + "."


def _bibtex(entry: Citation) -> str:
    note = "; ".join(
        _WORDS[key][0].format(value)
        for key in ("years", "file", "read_in", "licence")
        if (value := getattr(entry, key))
    )
    title = entry.title + (f" ({entry.vintage})" if entry.vintage else "")
    lines = {"author": entry.publisher, "title": title, "note": note, "urldate": entry.retrieved}
    body = [f"  {k} = {{{{{v.translate(_SPECIAL)}}}}}," for k, v in lines.items() if v]
    return "\n".join([f"@misc{{{entry.key},", *body, "}"])
