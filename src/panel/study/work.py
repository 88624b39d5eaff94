"""What the tasks of a run do. Each works from paths alone, so that any process can do it."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from panel.errors import StudyError
from panel.study.data import assembled, keep_frame, kept_frame
from panel.study.loading import StudyFile, failure, read_study
from panel.study.study import Item

FRAME = "frame"
REPORT = "report"


@dataclass(frozen=True)
class Record:
    """What a task leaves behind beside its products: seconds taken, lines printed, warnings."""

    seconds: float = 0.0
    printed: str = ""
    warnings: tuple[str, ...] = ()


def record_of(name: str, state: Path) -> Record:
    """The record of a task's last execution; an empty one if there is none."""
    path = state / "records" / f"{name}.json"
    if not path.is_file():
        return Record()
    values = json.loads(path.read_text(encoding="utf-8"))
    return Record(values["seconds"], values["printed"], tuple(values["warnings"]))


def recorded(name: str, folder: Path, work: Callable[[StudyFile], None]) -> None:
    """Do the work of one task in the study's folder and keep a record of it.

    Raises
    ------
    StudyError : the work failed. The message shows the lines of ``study.py`` that led to it; the
        whole traceback stands in the study's ``out/.state/errors``.
    """
    begun = time.perf_counter()
    printed = io.StringIO()
    file = read_study(folder)
    errors = file.state / "errors" / f"{name}.txt"
    errors.unlink(missing_ok=True)
    with contextlib.chdir(folder), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("default")
        try:
            with contextlib.redirect_stdout(printed):
                work(file)
        except Exception as error:
            write(errors, traceback.format_exc())
            # The error itself may not survive the way between processes; its text does.
            raise StudyError(failure(error, file.path)) from None
        finally:
            texts = tuple(dict.fromkeys(str(w.message) for w in warned))
            record = Record(round(time.perf_counter() - begun, 2), printed.getvalue(), texts)
            write(file.state / "records" / f"{name}.json", json.dumps(asdict(record)))


def write(path: Path, text: str) -> None:
    """Write a text: all of the file or nothing of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)


def frame_path(file: StudyFile) -> Path:
    """Where the assembled frame is kept."""
    return file.state / "frame.pickle"


def item_path(file: StudyFile, item: Item) -> Path:
    """Where the report finds what it shows of an item."""
    return file.state / "items" / f"{item.name}.json"


def assemble_frame(file: StudyFile) -> None:
    """Assemble the data and keep the frame."""
    path = frame_path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    keep_frame(assembled(file), path)


def make_item(name: str, file: StudyFile) -> None:
    """Call the function of one item and write its files.

    Raises
    ------
    StudyError : it returned something other than a table, a figure or a text.
    """
    (item,) = (item for item in file.study.items if item.name == name)
    given = {"frame": kept_frame(frame_path(file))} if "frame" in item.wants else {}
    given |= {"seed": file.study.seed, "rng": generator(file.study.seed, name)}
    made = item.function(**{want: given[want] for want in item.wants})
    if item.kind == "text":
        shown = _text(made, item, file)
    else:
        shown = (_table if item.kind == "table" else _figure)(made, item, file)
    write(item_path(file, item), json.dumps(shown, ensure_ascii=False, indent=1))


def generator(seed: int, name: str) -> np.random.Generator:
    """The random numbers of one item: its own, whatever else the study holds."""
    own = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return np.random.default_rng([seed, own])


def _table(made: Any, item: Item, file: StudyFile) -> dict[str, Any]:
    from panel.tables.table import Table

    if not isinstance(made, Table):
        raise _not_returned(made, item, "Table", "panel.regtable(...)")
    table = made if made.title else made.with_(title=item.title)
    for path in item.files:
        table.save(file.out / path)
    # The report has the declared title as a heading above the table.
    below = table.with_(title="") if table.title == item.title else table
    return {"html": below.to_html(), "text": str(table)}


def _figure(made: Any, item: Item, file: StudyFile) -> dict[str, Any]:
    from panel.figures.figure import Figure

    if not isinstance(made, Figure):
        raise _not_returned(made, item, "Figure", "panel.coefplot(...)")
    for path in item.files:
        made.save(file.out / path)
    return {"alt": made.alt, "data": made.data.to_csv(index=False)}


def _text(made: Any, item: Item, file: StudyFile) -> dict[str, Any]:
    if not isinstance(made, str):
        raise _not_returned(made, item, "text", "a string of Markdown")
    for path in item.files:
        write(file.out / path, made.strip() + "\n")
    return {"markdown": made}


def _not_returned(made: Any, item: Item, wanted: str, example: str) -> StudyError:
    return StudyError(
        f"The function of {item.name!r} returned {type(made).__name__} instead of a {wanted}.",
        variable=item.name,
        value=type(made).__name__,
        remedy=f"let it return {example}.",
    )
