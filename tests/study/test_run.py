"""Runs: what is made, what is not made again, what happens to what fails."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from panel.errors import StudyError
from panel.study.digests import file_digest
from panel.study.locking import alone
from panel.study.run import StudyRun, TaskRun, clean_study, plan_study, run_study

Write = Callable[..., Path]


def done(run: StudyRun) -> set[str]:
    return {task.name for task in run.tasks if task.outcome == "done"}


def hashes(run: StudyRun) -> dict[str, str]:
    return {path.name: file_digest(path) for path in run.products}


def test_a_run_makes_every_file_and_says_so(write_study: Write) -> None:
    told: list[TaskRun] = []
    run = run_study(write_study(), workers=1, told=told.append)
    names = ["frame", "table1", "table2", "draws", "report"]
    assert [task.name for task in run.tasks] == names
    assert str(run) == "5 of 5 tasks done"
    assert {p.suffix for p in run.products if p.stem == "table1"} == {
        *(".tex", ".docx", ".xlsx", ".html", ".md", ".csv")
    }
    assert all(path.stat().st_size > 0 for path in (*run.products, run.manifest, run.report))
    assert run.main.startswith("Description")
    assert sorted(t.name for t in told if t.outcome == "running") == sorted(names)
    assert sorted(t.name for t in told if t.outcome == "done") == sorted(names)


def test_a_second_run_does_nothing_and_says_so(folder: Path) -> None:
    manifest = (folder / "out" / "manifest.json").read_text()
    run = run_study(folder)
    assert str(run) == "nothing to do: 5 of 5 tasks up to date"
    assert run.main.startswith("Description")
    assert (folder / "out" / "manifest.json").read_text() == manifest


def test_a_forced_run_makes_the_same_files_anew(folder: Path) -> None:
    before = hashes(run_study(folder))
    run = run_study(folder, workers=1, force=True)
    assert len(done(run)) == 5
    assert hashes(run) == before


def test_the_number_of_workers_changes_neither_files_nor_messages(write_study: Write) -> None:
    folder = write_study(("frame.data.groupby(level=0).mean()", 'frame["gdp"]'))
    serial = run_study(folder, workers=1)
    parallel = run_study(folder, workers=2, force=True)
    assert hashes(parallel) == hashes(serial)
    assert [t.message for t in parallel.tasks] == [t.message for t in serial.tasks]
    assert parallel.count("failed") == 1


def test_what_a_failed_task_left_before_is_no_product(folder: Path, write_study: Write) -> None:
    write_study(("described(frame), digits", 'frame["gdp"], digits'))
    run = run_study(folder, workers=1)
    assert run.main == ""
    assert {path.stem for path in run.products} == {"table2", "draws"}
    assert {path.stem for path in run.stale} == {"table1", "report"}
    manifest = json.loads(run.manifest.read_text(encoding="utf-8"))
    assert {Path(name).stem for name in manifest["products"]} == {"table2", "draws"}
    assert {Path(name).stem for name in manifest["stale"]} == {"table1", "report"}
    mended = run_study(write_study(), workers=1)
    assert (mended.stale, mended.ok) == ((), True)


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (("groupby(level=0).mean()", "groupby(level=0).sum()"), {"table2", "report"}),
        (("DIGITS = 2", "DIGITS = 3"), {"table1", "report"}),
        (('title="Means"', 'title="Averages"'), {"table2", "report"}),
        (("seed=7", "seed=8"), {"draws", "report"}),
        (('title="Three regions"', 'title="3 regions"'), {"report"}),
        (("7.0]", "8.0]"), {"frame", "table1", "table2", "report"}),
        (("def data():", "def data():\n    # as published"), set()),
    ],
)
def test_only_what_a_change_touches_is_done_again(
    folder: Path, write_study: Write, change: tuple[str, str], again: set[str]
) -> None:
    run = run_study(write_study(change), workers=1)
    # "draws" gets the new data too, but counts rows only: its file stays, the task runs.
    assert done(run) - ({"draws"} if "frame" in again else set()) == again


def test_data_that_are_assembled_anew_but_equal_remake_nothing_else(
    folder: Path, write_study: Write
) -> None:
    change = ("table = pd.DataFrame(", "table = pd.DataFrame(data=")
    assert done(run_study(write_study(change), workers=1)) == {"frame"}


def test_a_deleted_or_edited_file_is_made_again(folder: Path) -> None:
    (folder / "out" / "tables" / "table2.docx").unlink()
    (folder / "out" / "tables" / "table1.tex").write_text("edited")
    reasons = {task.name: task.reasons for task in plan_study(folder)}
    assert reasons["table2"] == ("out/tables/table2.docx is missing",)
    assert reasons["table1"] == ("out/tables/table1.tex was changed by other means",)
    # The report is not: the files are made as they were.
    assert done(run_study(folder, workers=1)) == {"table1", "table2"}


def test_a_plan_says_what_has_to_be_done_and_why(write_study: Write) -> None:
    folder = write_study()
    (first, *rest) = plan_study(folder)
    assert (first.outcome, first.reasons) == ("to do", ("it was not made before",))
    assert all(task.outcome == "to do" for task in rest)


def test_a_plan_names_only_what_is_not_up_to_date(folder: Path, write_study: Write) -> None:
    write_study(("DIGITS = 2", "DIGITS = 3"))
    plan = {task.name: task for task in plan_study(folder)}
    assert plan["table1"].reasons == ("its function or title changed",)
    assert plan["report"].reasons == ("table1 has to be done first",)
    assert plan["table2"].outcome == "up to date"


def test_a_failure_shows_its_lines_and_leaves_the_rest_to_be_done(
    folder: Path, write_study: Write
) -> None:
    write_study(
        ("frame.data.groupby(level=0).mean()", 'frame["gdp"]'), ("DIGITS = 2", "DIGITS = 3")
    )
    run = run_study(folder, workers=1)
    by_name = {task.name: task for task in run.tasks}
    assert not run.ok
    assert by_name["table1"].outcome == "done"
    assert by_name["report"].outcome == "not reached"
    message = by_name["table2"].message
    assert re.search(r"study\.py, line \d+, in means\n    .*frame\[\"gdp\"\]", message)
    assert "UnknownVariableError: Variable 'gdp' is not in the frame" in message
    assert "Remedy:" in message
    assert "panel/core" not in message
    assert "Traceback" in (folder / "out" / ".state" / "errors" / "table2.txt").read_text()
    assert str(run) == "1 of 5 tasks done, 2 up to date, 1 failed, 1 not reached"


def test_what_was_repaired_is_done_and_nothing_else(write_study: Write) -> None:
    bad = ("frame.data.groupby(level=0).mean()", 'frame["gdp"]')
    run_study(write_study(bad), workers=1)
    assert done(run_study(write_study(), workers=1)) == {"table2", "report"}


def test_prints_and_warnings_of_a_function_are_passed_on(folder: Path, write_study: Write) -> None:
    lines = 'import warnings; warnings.warn("take care"); print("here")\n    '
    write_study(("return Table.from_pandas(desc", lines + "return Table.from_pandas(desc"))
    run = run_study(folder, workers=1)
    (task,) = (task for task in run.tasks if task.name == "table1")
    assert (task.printed, task.warnings) == ("here\n", ("take care",))


def test_what_a_function_returns_has_to_be_of_its_kind(folder: Path, write_study: Write) -> None:
    write_study(("return Table.from_pandas(described(frame), digits=DIGITS)", "return 3"))
    run = run_study(folder, workers=1)
    (message,) = (task.message for task in run.tasks if task.name == "table1")
    assert "returned int instead of a Table" in message


def test_files_of_an_item_that_is_declared_no_more_are_removed(
    folder: Path, write_study: Write
) -> None:
    text = (folder / "study.py").read_text()
    shorter = text[: text.index('@study.text("draws"')]
    assert (folder / "out" / "texts" / "draws.md").is_file()
    run_study(write_study(text=shorter), workers=1)
    assert not (folder / "out" / "texts" / "draws.md").exists()
    assert (folder / "out" / "tables" / "table1.tex").is_file()


def test_a_run_leaves_nothing_outside_its_folder(folder: Path) -> None:
    assert sorted(p.name for p in folder.iterdir()) == ["out", "study.py"]


def test_a_broken_record_of_earlier_runs_is_explained(folder: Path) -> None:
    (folder / "out" / ".state" / "pytask.lock").write_text("][")
    with pytest.raises(StudyError, match="regpanel clean"):
        run_study(folder)
    clean_study(folder)
    assert run_study(folder, workers=1).ok


@pytest.mark.parametrize("workers", [0, -1])
def test_workers_are_counted_from_one(write_study: Write, workers: int) -> None:
    with pytest.raises(StudyError, match=f"cannot have {workers} workers"):
        run_study(write_study(), workers=workers)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system cannot kill like that")
def test_a_killed_run_is_taken_up_where_it_was(write_study: Write) -> None:
    # Waits for one item to be finished, then kills the process in the middle of another.
    kill = (
        "import os, pathlib, signal\n"
        "    done = pathlib.Path('out/.state/pytask.lock.journal')\n"
        "    flag = pathlib.Path('killed')\n"
        "    if not flag.exists() and done.exists() and len(done.read_text().splitlines()) > 1:\n"
        "        flag.touch()\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n    "
    )
    folder = write_study(
        ("return Table.from_pandas(desc", kill + "return Table.from_pandas(desc"),
        ("return Table.from_pandas(frame", kill + "return Table.from_pandas(frame"),
    )
    command = "from panel.study.run import run_study; run_study('three', workers=1)"
    killed = subprocess.run([sys.executable, "-c", command], cwd=folder.parent, check=False)
    assert killed.returncode == -signal.SIGKILL
    before = {task.name for task in plan_study(folder) if task.outcome == "up to date"}
    assert "frame" in before
    run = run_study(folder, workers=1)
    assert run.ok
    assert done(run) == {task.name for task in run.tasks} - before
    assert len(done(run)) < 5


def test_a_stopped_run_is_taken_up_where_it_was(write_study: Write) -> None:
    stop = ("return Table.from_pandas(frame", "raise KeyboardInterrupt\n    return (frame")
    with pytest.raises(KeyboardInterrupt):
        run_study(write_study(stop), workers=1)
    plan = {task.name: task.outcome for task in plan_study(write_study())}
    assert plan["frame"] == "up to date"
    assert plan["table2"] == "to do"


def test_a_run_works_in_a_folder_with_spaces_and_chinese(write_study: Write) -> None:
    folder = write_study()
    moved = folder.rename(folder.with_name("数字 经济"))
    run = run_study(moved, workers=1)
    assert run.ok
    assert os.path.basename(run.report.parents[1]) == "数字 经济"


def test_a_changed_parameter_remakes_what_takes_it(write_study: Write) -> None:
    given = ("seed=7)", 'seed=7, parameters={"digits": 2, "year": 2020})')
    takes = ("def description(frame):", "def description(frame, digits):")
    used = ("digits=DIGITS", "digits=digits")
    assert run_study(write_study(given, takes, used), workers=1).ok
    text = (write_study(given, takes, used) / "study.py").read_text()
    run = run_study(write_study(('"digits": 2', '"digits": 3'), text=text), workers=1)
    assert done(run) == {"table1", "report"}
    manifest = json.loads(run.manifest.read_text(encoding="utf-8"))
    assert manifest["parameters"] == {"digits": 3, "year": 2020}
    # 3 and 3.0 print alike in no table of ours, so they are told apart.
    run = run_study(write_study(('"digits": 2', '"digits": True'), text=text), workers=1)
    assert "table1" in done(run)


def test_data_that_take_a_parameter_are_made_again_with_it(write_study: Write) -> None:
    given = ("seed=7)", 'seed=7, parameters={"last": 7.0})')
    takes = ("def data():", "def data(last):")
    used = ("5.0, 7.0]", "5.0, last]")
    assert run_study(write_study(given, takes, used), workers=1).ok
    more = ('"last": 7.0', '"last": 8.0')
    text = (write_study(given, takes, used) / "study.py").read_text()
    assert {"frame", "table1", "table2"} <= done(run_study(write_study(more, text=text), workers=1))


def test_each_task_tells_its_time_and_memory(folder: Path) -> None:
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    # An interpreter with pandas holds more than 20 MB, and a tiny study less than 2 GB.
    assert all(20 < task["peak_mb"] < 2000 for task in manifest["tasks"])
    assert all(task["seconds"] >= 0 for task in manifest["tasks"])


def test_damaged_states_are_made_again(folder: Path) -> None:
    before = hashes(run_study(folder))
    state = folder / "out" / ".state"
    frame = state / "frame.pickle"
    frame.write_bytes(frame.read_bytes()[:-20])
    (state / "records" / "table1.json").write_text("{")
    (state / "items" / "table2.json").write_text("{")
    (folder / "out" / "manifest.json").write_text("[")
    reasons = {task.name: task.reasons for task in plan_study(folder)}
    assert reasons["frame"] == ("the assembled data is missing",)
    run = run_study(folder, workers=1)
    assert run.ok
    assert {"frame", "table2"} <= done(run)
    assert hashes(run) == before


def test_two_runs_at_once_are_told_apart(folder: Path) -> None:
    with alone(folder / "out" / ".state"):
        for verb in (run_study, clean_study):
            with pytest.raises(StudyError, match=rf"Another run .* \(process {os.getpid()}\)"):
                verb(folder)
        assert len(plan_study(folder)) == 5  # looking on is allowed
    assert run_study(folder).ok


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_full_disk_loses_nothing(folder: Path, write_study: Write) -> None:
    # A limit on the size of files fails as a full disk does: in the middle of writing.
    write_study(("7.0]", "8.0]"))
    before = {p: p.read_bytes() for p in (folder / "out").rglob("*.tex")}
    lines = (
        "import resource, sys; from panel.study.run import run_study\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))\n"
        "try: print([t.message for t in run_study('three', workers=1).tasks if t.message])\n"
        "except Exception as e: print(type(e).__name__, e)"
    )
    told = subprocess.run(
        [sys.executable, "-c", lines], cwd=folder.parent, capture_output=True, text=True, check=True
    )
    assert "Traceback" not in told.stderr, told.stderr
    assert "File too large" in told.stdout
    assert "free some space" in told.stdout
    assert {p: p.read_bytes() for p in (folder / "out").rglob("*.tex")} == before
    assert run_study(folder, workers=1).ok


def test_a_folder_that_cannot_be_written_is_named(
    write_study: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_study()

    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patch:  # permissions do not stop a superuser
        patch.setattr(Path, "mkdir", refused)
        with pytest.raises(StudyError, match="Permission denied") as caught:
            run_study(folder)
    assert "three/out/.state" in str(caught.value).replace("\\", "/")
    assert "copy the study to a folder" in str(caught.value)
