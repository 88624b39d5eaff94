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
from panel.study.locking import not_written
from panel.study.memory import forget_peak, peak_mb
from panel.study.study import Item

FRAME = "frame"
REPORT = "report"


@dataclass(frozen=True)
class Record:
    """What a task leaves behind beside its products.

    ``seconds`` taken, lines ``printed``, ``warnings``, and megabytes of memory at the peak of the
    process that did it.
    """

    seconds: float = 0.0
    printed: str = ""
    warnings: tuple[str, ...] = ()
    peak_mb: float = 0.0


def record_of(name: str, state: Path) -> Record:
    """The record of a task's last execution; an empty one if there is none that can be read."""
    try:
        text = (state / "records" / f"{name}.json").read_text(encoding="utf-8")
        values = json.loads(text)
        return Record(**values | {"warnings": tuple(values["warnings"])})
    except (OSError, ValueError, TypeError, KeyError):
        return Record()  # nothing depends on it: it is only told


def recorded(name: str, folder: Path, work: Callable[[StudyFile], None]) -> None:
    """Do the work of one task in the study's folder and keep a record of it.

    Raises
    ------
    StudyError : the work failed. The message shows the lines of ``study.py`` that led to it; the
        whole traceback stands in the study's ``out/.state/errors``.
    """
    begun = time.perf_counter()
    forget_peak()
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
            with contextlib.suppress(StudyError):  # a full disk must not hide what went wrong
                write(errors, traceback.format_exc())
            # The error itself may not survive the way between processes; its text does.
            raise StudyError(failure(error, file.path)) from None
        finally:
            texts = tuple(dict.fromkeys(str(w.message) for w in warned))
            seconds = round(time.perf_counter() - begun, 2)
            record = Record(seconds, printed.getvalue(), texts, peak_mb())
            with contextlib.suppress(StudyError):  # nothing depends on it
                write(file.state / "records" / f"{name}.json", json.dumps(asdict(record)))


def write(path: Path, text: str) -> None:
    """Write a text: all of the file or nothing of it.

    Raises
    ------
    StudyError : it cannot be written; what stood there before still does.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise not_written(error) from error


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
    given = {**file.study.parameters, "seed": file.study.seed}
    given["rng"] = generator(file.study.seed, name)
    if "frame" in item.wants:
        given["frame"] = kept_frame(frame_path(file))
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
    return {"html": below.to_html(), "typst": table.to_typst(), "text": str(table)}


def _figure(made: Any, item: Item, file: StudyFile) -> dict[str, Any]:
    from panel.figures.figure import Figure

    if not isinstance(made, Figure):
        raise _not_returned(made, item, "Figure", "panel.coefplot(...)")
    data = made.data.to_csv(index=False, lineterminator="\n")
    for path in item.files:
        if path.endswith(".csv"):
            write(file.out / path, "\ufeff" + data)  # the mark by which Excel knows UTF-8
        else:
            made.save(file.out / path)
    return {"alt": made.alt, "data": data}


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
