"""The one place that talks to pytask: tasks and nodes by its protocols, and a quiet build."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from panel.errors import InstallationError, StudyError
from panel.study.data import kept_digest
from panel.study.digests import digest

try:
    import pytask
except ModuleNotFoundError as missing:
    raise InstallationError(
        "Running a study needs pytask, which is not installed.",
        variable="pytask",
        remedy='pip install "regpanel[study]"',
    ) from missing

Outcome = Literal["running", "done", "up to date", "to do", "failed", "not reached"]
_OUTCOMES: dict[str, Outcome] = {
    "SUCCESS": "done",
    "SKIP_UNCHANGED": "up to date",
    "WOULD_BE_EXECUTED": "to do",
    "FAIL": "failed",
    "SKIP_PREVIOUS_FAILED": "not reached",
}


@dataclass(kw_only=True)
class Fact:
    """Something a task depends on, known by its digest: a raw file, the code, the packages."""

    name: str
    digest: str
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """What pytask knows it by."""
        return digest("fact", self.name)

    def state(self) -> str:
        """Changes when the fact does."""
        return self.digest

    def load(self, is_product: bool = False) -> str:  # noqa: ARG002 - pytask's protocol
        """The digest."""
        return self.digest

    def save(self, value: Any) -> None:
        """Refused: a fact is an input, no task makes one (pytask's protocol asks for the verb)."""
        raise StudyError(f"The fact {self.name!r} cannot be saved: {value!r}.", variable=self.name)


@dataclass(kw_only=True)
class FrameNode:
    """The assembled frame on disk, known by the digest of what it holds."""

    name: str
    path: Path
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """What pytask knows it by."""
        return digest("frame", str(self.path))

    def state(self) -> str | None:
        """The digest at the head of the file; None if there is no file."""
        return kept_digest(self.path)

    def load(self, is_product: bool = False) -> Path:  # noqa: ARG002 - pytask's protocol
        """Its path: workers read the frame themselves."""
        return self.path

    def save(self, value: Any) -> None:
        """Refused: the task writes the file itself (pytask's protocol asks for the verb)."""
        raise StudyError(f"{self.name!r} is written by its task: {value!r}.", variable=self.name)


def product(path: Path, root: Path) -> Any:
    """A file that a task makes, known by its content; named relative to ``root``."""
    return pytask.PathNode(name=path.relative_to(root).as_posix(), path=path)


@dataclass(kw_only=True)
class StudyTask:
    """A step of a run, by pytask's protocol.

    Parameters
    ----------
    name : as shown ("table2").
    digest : of the function and the settings; the task is done again when it changes.
    function : does the work, without arguments; plain enough to be sent to another process.
    depends_on, produces : nodes.
    """

    name: str
    digest: str
    function: Callable[[], None]
    depends_on: dict[str, Any]
    produces: dict[str, Any]
    markers: list[Any] = field(default_factory=list)
    report_sections: list[tuple[str, str, str]] = field(default_factory=list)
    attributes: dict[Any, Any] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """What pytask knows it by."""
        return digest("task", self.name)

    def state(self) -> str:
        """Changes when the task has to be done again."""
        return self.digest

    def execute(self, **_: Any) -> None:
        """Do the work; it finds its inputs and products by itself."""
        self.function()


@dataclass(frozen=True)
class Finished:
    """How a task ended: its outcome, the error's message, and why it has (had) to be done."""

    name: str
    outcome: Outcome
    message: str = ""
    reasons: tuple[str, ...] = ()


class _Listener:
    """Tells a caller which tasks begin and end, by pytask's hooks."""

    def __init__(
        self, started: Callable[[str], None], finished: Callable[[Finished], None]
    ) -> None:
        self._started, self._finished = started, finished

    @pytask.hookimpl(tryfirst=True)
    def pytask_execute_task(self, task: StudyTask) -> None:
        self._started(task.name)

    @pytask.hookimpl(tryfirst=True)
    def pytask_execute_task_log_end(self, report: Any) -> None:
        self._finished(_finished(report))


def build(
    tasks: Sequence[StudyTask],
    root: Path,
    *,
    workers: int = 1,
    force: bool = False,
    explain: bool = False,
    started: Callable[[str], None] = lambda _: None,
    finished: Callable[[Finished], None] = lambda _: None,
) -> tuple[Finished, ...]:
    """Do what has to be done, or with ``explain`` only say what and why.

    Parameters
    ----------
    root : folder of pytask's own state.
    workers : processes; one stands for this process.

    Raises
    ------
    StudyError : the tasks cannot be put in order, or pytask cannot read its state.
    KeyboardInterrupt : the run was stopped; what was done is kept.
    """
    manager = pytask.get_plugin_manager()
    manager.register(_Listener(started, finished))
    pytask.storage.store(manager)
    settings = {o.name: o.default for c in pytask.cli.commands.values() for o in c.params}
    settings = {
        k: v for k, v in settings.items() if k not in inspect.signature(pytask.build).parameters
    }
    # "command" makes pytask take the plugin manager stored above, which knows our listener.
    settings |= {"command": "build", "root": root, "n_workers": workers}
    root.mkdir(parents=True, exist_ok=True)
    with _silenced() as said:
        session = pytask.build(
            tasks=cast("list[pytask.PTask]", list(tasks)),
            paths=[],
            force=force,
            explain=explain,
            capture=pytask.CaptureMethod.NO,
            editor_url_scheme="no_link",
            verbose=0,
            **settings,
        )
    reports = session.execution_reports
    if session.exit_code not in (pytask.ExitCode.OK, pytask.ExitCode.FAILED):
        raise StudyError(
            f"The run could not begin:\n{said.getvalue().strip()}",
            remedy="regpanel clean removes what is left of earlier runs; then run again.",
        )
    stopped = any(r.exc_info and isinstance(r.exc_info[1], KeyboardInterrupt) for r in reports)
    if stopped or len(reports) < len(tasks):
        raise KeyboardInterrupt
    return tuple(_finished(report) for report in reports)


@contextmanager
def _silenced() -> Iterator[io.StringIO]:
    """Collect what pytask prints: runs are shown by the caller."""
    said = io.StringIO()
    console = pytask.console
    before, jupyter = console.file, console.is_jupyter
    console.file, console.is_jupyter = said, False
    try:
        yield said
    finally:
        console.file, console.is_jupyter = before, jupyter


def _finished(report: Any) -> Finished:
    outcome = _OUTCOMES[report.outcome.name]
    error = report.exc_info[1] if report.exc_info and outcome == "failed" else None
    explanation = report.task.attributes.get("explanation")
    reasons = tuple(_reasons(explanation.reasons)) if explanation else ()
    return Finished(report.task.name, outcome, str(error or ""), reasons)


def _reasons(found: Sequence[Any]) -> Iterator[str]:
    """Why a task has to be done, in words."""
    if any(r.node_type == "source" and r.reason == "not_in_db" for r in found):
        yield "it was not made before"
        return
    for reason in found:
        match reason.node_type, reason.reason:
            case "source", _:
                yield "its function or title changed"
            case "task", _:
                yield f"{reason.node_name} has to be done first"
            case "product", "missing":
                yield f"{reason.node_name} is missing"
            case "product", _:
                yield f"{reason.node_name} was changed by other means"
            case _:
                yield f"{reason.node_name} changed"
