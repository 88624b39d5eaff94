"""Two runs of a study, number by number."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from panel.errors import StudyError
from panel.study.digests import file_digest
from panel.study.manifest import read_manifest

Outcome = Literal["equal", "within tolerance", "differs", "other words", "only in a", "only in b"]
_BAD: tuple[Outcome, ...] = ("differs", "other words", "only in a", "only in b")
# A number as tables and texts print it: sign, thousands, decimals, exponent.
_NUMBER = re.compile(
    r"(?<![\w.])[-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\d)\.?)(?:[eE][-+]?\d+)?"
)
_FACTS = ("seed", "commit", "regpanel", "code", "python", "platform")
_MAPPINGS = ("parameters", "packages", "inputs")
# Files that hold numbers as text; those of other formats are made of the same numbers.
_READ = (".csv", ".md")


@dataclass(frozen=True, eq=False)
class RunComparison:
    """What two runs have in common and what not.

    Parameters
    ----------
    df : what is not equal: file, place, a, b, difference, relative, outcome.
    files : one row a file: numbers compared, how many equal, within tolerance, not; and whether
        the files are the same byte by byte.
    facts : what the manifests say of the runs where they differ: name, a, b.
    rtol, atol : a number agrees if it differs by at most ``atol + rtol |a|``.
    """

    df: pd.DataFrame
    files: pd.DataFrame
    facts: tuple[tuple[str, str, str], ...]
    rtol: float
    atol: float

    @property
    def ok(self) -> bool:
        """Whether all numbers agree within the tolerances, all words do, and no file is missing."""
        return not bool(self.df["outcome"].isin(_BAD).any())

    def __str__(self) -> str:
        counts = self.files[["numbers", "equal", "within"]].sum()
        lines = [
            f"{counts['numbers']} numbers in {int((self.files['numbers'] > 0).sum())} files: "
            f"{counts['equal']} equal, {counts['within']} within tolerance "
            f"(rtol {self.rtol:g}, atol {self.atol:g}), "
            f"{int((self.df['outcome'] == 'differs').sum())} differ"
        ]
        bad = self.df[self.df["outcome"].isin(_BAD)]
        lines += [_line(row) for row in bad.head(30).to_dict("records")]
        if len(bad) > 30:
            lines.append(f"  ... and {len(bad) - 30} more")
        lines += [f"{name}: {a} | {b}" for name, a, b in self.facts]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        head = escape(str(self).splitlines()[0])
        return f"<div><p>{head}</p>{self.df.head(100).to_html(border=0, index=False)}</div>"


def compare_runs(
    a: str | Path, b: str | Path, *, rtol: float = 1e-6, atol: float = 1e-9
) -> RunComparison:
    """Compare the outputs of two runs number by number, and what their manifests say.

    Every number of tables, of the data of figures and of texts is compared, and all words around
    them. Other formats of the same tables and figures are compared byte by byte, for information.

    Parameters
    ----------
    a, b : folders of studies, their ``out`` folders, or manifests.
    rtol, atol : tolerances. The default ones are far below what tables print and above the last
        digits in which machines differ.

    Raises
    ------
    StudyError : there is no run in one of the places, or a tolerance is negative.
    """
    for name, value in (("rtol", rtol), ("atol", atol)):
        if not 0 <= value < math.inf:
            raise StudyError(
                f"A tolerance cannot be {value!r}.", variable=name, value=value, remedy="give 1e-6."
            )
    first, second = _outputs(a), _outputs(b)
    told = [read_manifest(folder / "manifest.json") for folder in (first, second)]
    kept_back = {name for one in told for name in one.get("kept_back", ())}
    names = sorted({name for one in told for name in one.get("products", ())} - kept_back)
    rows: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    for name in names:
        found = list(_compared(name, first / name, second / name, rtol, atol))
        outcomes = [row["outcome"] for row in found]
        rows += [row for row in found if row["outcome"] != "equal"]
        files.append(
            {
                "file": name,
                "numbers": sum(o in ("equal", "within tolerance", "differs") for o in outcomes),
                "equal": outcomes.count("equal"),
                "within": outcomes.count("within tolerance"),
                "not": sum(o in _BAD for o in outcomes),
                "same_bytes": file_digest(first / name) == file_digest(second / name),
            }
        )
    columns = ["file", "place", "a", "b", "difference", "relative", "outcome"]
    counted = ["file", "numbers", "equal", "within", "not", "same_bytes"]
    return RunComparison(
        pd.DataFrame(rows, columns=columns),
        pd.DataFrame(files, columns=counted),
        tuple(_facts(*told)),
        rtol,
        atol,
    )


def _outputs(path: str | Path) -> Path:
    """The folder of outputs that a path stands for."""
    given = Path(path)
    for folder in (given / "out", given, given.parent):
        if (folder / "manifest.json").is_file():
            if not read_manifest(folder / "manifest.json").get("products"):
                break
            return folder
    raise StudyError(
        f"There is no finished run in {str(path)!r}.",
        variable="path",
        value=str(path),
        remedy="name the folder of a study that was run, its out folder, or a manifest.json.",
    )


def _facts(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in _FACTS:
        if a.get(name) != b.get(name):
            yield name, str(a.get(name, "")), str(b.get(name, ""))
    for group in _MAPPINGS:
        one, other = a.get(group, {}), b.get(group, {})
        for name in sorted({*one, *other}):
            if one.get(name) != other.get(name):
                yield f"{group}: {name}", str(one.get(name, "")), str(other.get(name, ""))


def _compared(name: str, a: Path, b: Path, rtol: float, atol: float) -> Iterator[dict[str, Any]]:
    """What is found in a file of both runs, an entry a number or a difference in words."""
    if a.is_file() != b.is_file():
        outcome: Outcome = "only in a" if a.is_file() else "only in b"
        yield _entry(name, "", "", "", outcome)
        return
    if not name.endswith(_READ) or not a.is_file():
        return
    cells, others = _cells(a), _cells(b)
    for at in dict.fromkeys((*cells, *others)):
        left, right = cells.get(at), others.get(at)
        place = _place(at, cells)
        if left is None or right is None:
            lonely: Outcome = "only in b" if left is None else "only in a"
            yield _entry(name, place, left or "", right or "", lonely)
            continue
        words, numbers = _parted(left)
        same_words, against = _parted(right)
        if words != same_words:
            yield _entry(name, place, left, right, "other words")
            continue
        for one, other in zip(numbers, against, strict=True):
            yield _number(name, place, one, other, rtol, atol)


def _cells(path: Path) -> dict[tuple[int, int], str]:
    """The texts of a file by row and column; a line that is no table's has column 0."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if path.suffix != ".csv":
        return {(i, 0): line for i, line in enumerate(text.splitlines(), start=1)}
    rows = csv.reader(io.StringIO(text))
    return {
        (i, j): cell for i, row in enumerate(rows, start=1) for j, cell in enumerate(row, start=1)
    }


def _place(at: tuple[int, int], cells: Mapping[tuple[int, int], str]) -> str:
    """Where something stands, with the label of its row."""
    row, column = at
    if not column:
        return f"line {row}"
    label = f" ({cells[row, 1]})" if column > 1 and cells.get((row, 1)) else ""
    return f"row {row}{label}, column {column}"


def _parted(text: str) -> tuple[str, list[str]]:
    """The words of a text, and the numbers between them."""
    return _NUMBER.sub("#", text), _NUMBER.findall(text)


def _number(name: str, place: str, a: str, b: str, rtol: float, atol: float) -> dict[str, Any]:
    if a == b:
        return _entry(name, place, a, b, "equal")
    x, y = (float(v.replace(",", "").replace("\u2212", "-")) for v in (a, b))
    difference = abs(x - y)
    relative = difference / abs(x) if x else math.inf if difference else 0.0
    near = difference <= atol + rtol * abs(x)
    found = _entry(name, place, a, b, "within tolerance" if near else "differs")
    return found | {"difference": difference, "relative": relative}


def _entry(name: str, place: str, a: str, b: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "file": name, "place": place, "a": a, "b": b,
        "difference": math.nan, "relative": math.nan, "outcome": outcome,
    }  # fmt: skip


def _line(row: Mapping[Any, Any]) -> str:
    where = f"  {row['file']}" + (f", {row['place']}" if row["place"] else "")
    if row["outcome"] in ("only in a", "only in b"):
        return f"{where}: {row['outcome']}"
    shown = [json.dumps(str(row[k])[:80], ensure_ascii=False).strip('"') for k in ("a", "b")]
    return f"{where}: {shown[0]} | {shown[1]}"
