"""Running a study: everything that has to be done, nothing else, and a manifest of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from panel.errors import StudyError
from panel.study.engine import Finished, Outcome, build
from panel.study.loading import StudyFile, read_study
from panel.study.locking import alone
from panel.study.manifest import provenance, remove_undeclared, write_manifest
from panel.study.plan import tasks_of
from panel.study.work import REPORT, Record, item_path, record_of

# A process needs some five seconds to start and load what it needs: it should have more to do.
_SECONDS_PER_WORKER = 12


@dataclass(frozen=True)
class TaskRun:
    """One task of a run.

    ``outcome`` is "running", "done", "up to date", "failed" or "not reached" (because a task it
    needs failed); in a plan it is "to do" or "up to date". ``seconds`` and ``peak_mb`` (memory
    of its process, in megabytes) are those of the last execution, in this run or before.
    """

    name: str
    outcome: Outcome
    seconds: float = 0.0
    message: str = ""
    reasons: tuple[str, ...] = ()
    printed: str = ""
    warnings: tuple[str, ...] = ()
    peak_mb: float = 0.0


@dataclass(frozen=True)
class StudyRun:
    """What a run did and made.

    Parameters
    ----------
    title : of the study.
    tasks : each with its outcome, in the order of declaration.
    products : the files of tasks that are done or up to date.
    stale : files of an earlier run, left by tasks that failed or were not reached.
    manifest, report : paths of ``manifest.json`` and ``report.html``; the report may be stale.
    main_name : of the main table; empty if the study has no table.
    main : the main table as text; empty if it was not made.
    """

    title: str
    tasks: tuple[TaskRun, ...]
    products: tuple[Path, ...]
    stale: tuple[Path, ...]
    manifest: Path
    report: Path
    main_name: str
    main: str

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return all(task.outcome in ("done", "up to date") for task in self.tasks)

    def count(self, outcome: Outcome) -> int:
        """How many tasks ended that way."""
        return sum(task.outcome == outcome for task in self.tasks)

    def __str__(self) -> str:
        done, current, n = self.count("done"), self.count("up to date"), len(self.tasks)
        if current == n:
            return f"nothing to do: {n} of {n} tasks up to date"
        parts = [f"{done} of {n} tasks done", f"{current} up to date" if current else ""]
        rest: tuple[Outcome, ...] = ("failed", "not reached")
        parts += [f"{self.count(outcome)} {outcome}" for outcome in rest if self.count(outcome)]
        return ", ".join(filter(None, parts))

    def __repr__(self) -> str:
        return f"StudyRun({self.title!r}: {self})"

    def _repr_html_(self) -> str:
        return (
            f"<p><b>{escape(self.title)}</b>: {escape(str(self))}</p><pre>{escape(self.main)}</pre>"
        )


def run_study(
    path: str | Path,
    *,
    workers: int | None = None,
    force: bool = False,
    told: Callable[[TaskRun], None] | None = None,
) -> StudyRun:
    """Make the tables, figures and the report of a study; only what is not up to date.

    A task is up to date if its data, the code of this package, the packages it computes with, its
    own function and its files are as they were when it was done. A task that fails leaves the
    others to be done; a run that is stopped or killed is taken up where it was.

    Parameters
    ----------
    path : folder of the study, or its ``study.py``.
    workers : processes; by default one for every twelve seconds that the tasks to be done took
        before (a task not done before counts as one second), at most one a processor. Results
        do not depend on it.
    force : do everything anew.
    told : called with each task as it begins ("running") and ends.

    Raises
    ------
    StudyError : the study is declared wrongly, another run of it is going on, its folder cannot
        be written, or the number of workers is no positive number.
    InstallationError : the extra ``study`` is not installed.
    """
    if workers is not None and workers < 1:
        raise StudyError(
            f"A run cannot have {workers} workers.",
            variable="workers",
            value=workers,
            remedy="leave it out, or give 1 or more.",
        )
    file = read_study(path)
    with alone(file.state):
        return _run(file, workers, force, told or (lambda _: None))


def _run(
    file: StudyFile, workers: int | None, force: bool, tell: Callable[[TaskRun], None]
) -> StudyRun:
    begun = datetime.now(UTC)
    facts = provenance(file)
    tasks = tasks_of(file, facts)
    planned = () if force else build(tasks, file.state, explain=True)
    pending = [task.name for task in tasks]
    if not force:
        pending = [task.name for task in planned if task.outcome == "to do"]
    finished = planned
    if pending:
        finished = build(
            tasks_of(file, facts),
            file.state,
            workers=workers or _worthwhile(pending, file),
            force=force,
            started=lambda name: tell(TaskRun(name, "running")),
            finished=lambda done: tell(_task_run(done, file)),
        )
    else:
        for done in planned:
            tell(_task_run(done, file))
    return _concluded(file, finished, begun)


def plan_study(path: str | Path) -> tuple[TaskRun, ...]:
    """What a run would do, and why: each task "to do" with its reasons, or "up to date".

    Raises
    ------
    StudyError : the study is declared wrongly.
    """
    file = read_study(path)
    planned = build(tasks_of(file, provenance(file)), file.state, explain=True)
    return _ordered([_task_run(task, file) for task in planned], file)


def clean_study(path: str | Path) -> Path:
    """Remove everything that runs of a study made; returns the removed folder.

    Raises
    ------
    StudyError : there is no study, or a run of it is going on.
    """
    file = read_study(path)
    with alone(file.state):
        pass
    shutil.rmtree(file.out, ignore_errors=True)
    return file.out


def _worthwhile(pending: list[str], file: StudyFile) -> int:
    """The number of processes that make a run shorter."""
    seconds = sum(record_of(name, file.state).seconds or 1.0 for name in pending)
    most = min(os.cpu_count() or 1, len(pending))
    return max(1, min(most, int(seconds // _SECONDS_PER_WORKER)))


def _task_run(done: Finished, file: StudyFile) -> TaskRun:
    executed = done.outcome in ("done", "failed")
    record = record_of(done.name, file.state)
    shown = record if executed else Record(seconds=record.seconds, peak_mb=record.peak_mb)
    return TaskRun(
        done.name,
        done.outcome,
        shown.seconds,
        done.message,
        done.reasons,
        shown.printed,
        shown.warnings,
        shown.peak_mb,
    )


def _ordered(tasks: list[TaskRun], file: StudyFile) -> tuple[TaskRun, ...]:
    """In the order of declaration: the frame, the items, the report."""
    order = {item.name: i for i, item in enumerate(file.study.items, start=1)}
    last = len(order) + 1
    return tuple(sorted(tasks, key=lambda t: 0 if t.name == "frame" else order.get(t.name, last)))


def _concluded(file: StudyFile, finished: tuple[Finished, ...], begun: datetime) -> StudyRun:
    tasks = _ordered([_task_run(done, file) for done in finished], file)
    current = {task.name for task in tasks if task.outcome in ("done", "up to date")}
    report = file.out / "report.html"
    files = {file.out / path: item.name for item in file.study.items for path in item.files}
    files = {path: name for path, name in (files | {report: REPORT}).items() if path.is_file()}
    made = tuple(path for path, name in files.items() if name in current)
    stale = tuple(path for path, name in files.items() if name not in current)
    main = file.study.main_table
    name, text = main.name if main else "", ""
    if main and name in current:
        text = json.loads(item_path(file, main).read_text(encoding="utf-8"))["text"]
    manifest = file.out / "manifest.json"
    run = StudyRun(file.study.title, tasks, made, stale, manifest, report, name, text)
    if run.count("up to date") < len(tasks) or not manifest.is_file():
        remove_undeclared(manifest, files)
        write_manifest(manifest, file, tasks, (made, stale), begun)
    return run
