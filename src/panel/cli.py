"""The command ``regpanel``: arguments in, lines out; the work is done in ``panel.study``."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.status import Status

import panel
from panel.errors import PanelError

if TYPE_CHECKING:
    from panel.study.run import StudyRun, TaskRun

app = typer.Typer(
    help="Region-year panels: from yearbook files to a paper's tables.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
gallery = typer.Typer(help="Published results, reproduced digit by digit.", no_args_is_help=True)
app.add_typer(gallery, name="gallery")
StudyPath = Annotated[Path, typer.Argument(help="Folder of the study: the one with study.py.")]


@app.callback(invoke_without_command=True)
def about(
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
) -> None:
    """Nothing but the version."""
    if version:
        typer.echo(f"regpanel {panel.__version__}")
        raise typer.Exit


@app.command()
def run(
    path: StudyPath,
    workers: Annotated[
        int | None, typer.Option(help="Processes; chosen by the number of tasks if left out.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Do everything anew.")] = False,
) -> None:
    """Make the tables, figures and report of a study: only what is not up to date."""
    from panel.study.run import run_study

    console = Console(highlight=False, soft_wrap=True)
    try:
        with _progress(console) as told:
            done = run_study(path, workers=workers, force=force, told=told)
    except KeyboardInterrupt:
        console.print("stopped; the next run goes on from here")
        raise typer.Exit(130) from None
    console.print(f"\n{done.main or _without_main(done)}", markup=False)
    console.print(f"\n{done}", markup=False)
    for line in _files(done.products, done):
        console.print(f"  {line}", markup=False)
    console.print(f"  {_near(done.manifest)}", markup=False)
    if done.stale:
        console.print("of an earlier run, not made now:", style="red", markup=False)
    for line in _files(done.stale, done):
        console.print(f"  {line}", markup=False)
    if not done.ok:
        raise typer.Exit(1)


@app.command()
def status(
    path: StudyPath,
    graph: Annotated[
        bool, typer.Option("--graph", help="Print a picture of the tasks, for Mermaid.")
    ] = False,
) -> None:
    """Say which tasks of a study are up to date."""
    from panel.study.graph import task_graph
    from panel.study.loading import read_study
    from panel.study.run import plan_study

    tasks = plan_study(path)
    if graph:
        outcomes = {task.name: task.outcome for task in tasks}
        typer.echo(str(task_graph(read_study(path).study, outcomes)), nl=False)
        return
    for task in tasks:
        typer.echo(f"{task.outcome:<11} {task.name}")
    pending = sum(task.outcome == "to do" for task in tasks)
    typer.echo(f"{pending} of {len(tasks)} tasks to do" if pending else "everything is up to date")


@app.command()
def explain(path: StudyPath) -> None:
    """Say why tasks of a study have to be done."""
    from panel.study.run import plan_study

    pending = [task for task in plan_study(path) if task.outcome == "to do"]
    for task in pending:
        typer.echo(f"{task.name}: {'; '.join(task.reasons)}")
    if not pending:
        typer.echo("everything is up to date")


@app.command()
def clean(path: StudyPath) -> None:
    """Remove everything that runs of a study made."""
    from panel.study.run import clean_study

    typer.echo(f"removed {_near(clean_study(path))}")


@app.command()
def audit(
    path: StudyPath,
    out: Annotated[Path | None, typer.Option(help="A .csv file for all findings.")] = None,
) -> None:
    """Say which figures in the data of a study do not fit."""
    from panel.study.auditing import audit_study

    found = audit_study(path)
    typer.echo(str(found))
    if out is not None:
        found.df.to_csv(out, index=False, encoding="utf-8-sig")
        typer.echo(f"wrote {_near(out.resolve())}")


@app.command()
def pdf(
    path: StudyPath,
    language: Annotated[
        str, typer.Option(help="Of the report's own words, if not the study's: en, zh or ru.")
    ] = "",
) -> None:
    """Set the report of the last run on paper, with typst."""
    from panel.study.reportpdf import report_pdf

    typer.echo(_near(report_pdf(path, language=language)))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the study, as my_paper.")],
    folder: Annotated[Path, typer.Option(help="Where its folder is made.")] = Path(),
) -> None:
    """Write a study that runs, to be changed into one's own."""
    from panel.study.new import new_study

    made = _near(new_study(name, folder).resolve())
    typer.echo(f'wrote {made}\nnext: regpanel run "{made}"')


@app.command()
def diff(
    a: Annotated[Path, typer.Argument(help="A run: folder of a study, its out/, a manifest.")],
    b: Annotated[Path, typer.Argument(help="Another run.")],
    rtol: Annotated[float, typer.Option(help="Relative tolerance.")] = 1e-6,
    atol: Annotated[float, typer.Option(help="Absolute tolerance.")] = 1e-9,
) -> None:
    """Compare two runs number by number; the command fails if they differ."""
    from panel.study.runs import compare_runs

    found = compare_runs(a, b, rtol=rtol, atol=atol)
    typer.echo(str(found))
    if not found.ok:
        raise typer.Exit(1)


@app.command()
def package(
    path: StudyPath,
    out: Annotated[Path | None, typer.Option(help="The zip file; in out/ if left out.")] = None,
) -> None:
    """Write a replication package: a zip file with data, code, results and a README."""
    from panel.study.package import package_study

    made = package_study(path, out)
    typer.echo(f"{made}\nwrote {_near(made.path.resolve())}")
    typer.echo("next: complete what its README marks with TO DO")


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="The zip file of a replication package.")],
    offline: Annotated[
        bool, typer.Option("--offline", help="Run it with the packages installed here.")
    ] = False,
    rtol: Annotated[float, typer.Option(help="Relative tolerance.")] = 1e-6,
    atol: Annotated[float, typer.Option(help="Absolute tolerance.")] = 1e-9,
) -> None:
    """Run a replication package again and compare every number.

    A package is a program: verify one whose origin you trust.
    """
    from panel.study.verify import verify_package

    console = Console(highlight=False, soft_wrap=True)
    with Status("unpacking", console=console) as waiting:
        found = verify_package(
            path, fresh=not offline, rtol=rtol, atol=atol, told=lambda step: waiting.update(step)
        )
    console.print(str(found), markup=False, style=None if found.ok else "red")
    if not found.ok:
        raise typer.Exit(1)


@gallery.command()
def add(
    name: Annotated[str, typer.Argument(help="Name of the case, as baltagi-table-2-1.")],
    folder: Annotated[Path, typer.Option(help="Folder of cases.")] = Path("analyses/gallery/cases"),
) -> None:
    """Write the skeleton of a case: data, model, published numbers."""
    from panel.study.gallery import add_case

    typer.echo(f"wrote {_near(add_case(folder, name))}")


@contextmanager
def _progress(console: Console) -> Iterator[Callable[[TaskRun], None]]:
    """A line for each finished task; on a terminal also which ones are running."""
    running: dict[str, None] = {}

    def told(task: TaskRun) -> None:
        if task.outcome == "running":
            running[task.name] = None
        else:
            running.pop(task.name, None)
            _say(task, console)
        waiting.update(", ".join(running) or "waiting")

    with Status("reading the study", console=console) as waiting:
        yield told


def _say(task: TaskRun, console: Console) -> None:
    seconds = f"{task.seconds:8.1f} s" if task.outcome in ("done", "failed") else ""
    line = f"  {task.outcome:<11} {task.name:<24}{seconds}".rstrip()
    console.print(line, style="red" if task.outcome == "failed" else None, markup=False)
    below = [*task.message.splitlines(), *task.printed.splitlines()]
    below += [f"warning: {warning}" for warning in task.warnings]
    for text in below:
        console.print(f"      {text}", markup=False)


def _without_main(done: StudyRun) -> str:
    """What stands in place of the main table."""
    outcome = {task.name: task.outcome for task in done.tasks}.get(done.main_name)
    if outcome is None:
        return "the study has no table"
    return f"main table {done.main_name} {outcome}: there is no result to show"


def _files(paths: Sequence[Path], done: StudyRun) -> Iterator[str]:
    """Files of a run: a line a folder, then the report."""
    for folder in dict.fromkeys(p.parent for p in paths if p != done.report):
        names = dict.fromkeys(p.stem for p in paths if p.parent == folder)
        kinds = dict.fromkeys(p.suffix for p in paths if p.parent == folder)
        yield f"{_near(folder)}{os.sep}: {', '.join(names)} ({' '.join(kinds)})"
    if done.report in paths:
        yield str(_near(done.report))


def _near(path: Path) -> Path:
    """The path as seen from here, if it is below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def main() -> int:
    """Run the command line: 0 done, 1 something failed, 2 not understood, 130 stopped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # for consoles that lack Chinese or Russian
    try:
        app()
    except PanelError as error:
        typer.secho(f"regpanel: {error}", fg=typer.colors.RED, err=True)
        return 1
    return 0
