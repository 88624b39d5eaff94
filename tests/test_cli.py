"""The command line: what it prints and how it ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import panel
from panel.cli import app, main

STUDY = """
import pandas as pd
from panel.core.frame import PanelFrame
from panel.study import Study
from panel.tables.table import Table


def data():
    table = pd.DataFrame({"region": ["a", "b"], "year": [2020, 2020], "x": [1.0, 2.0]})
    return PanelFrame.from_pandas(table, unit="region", time="year")


study = Study(title="Two regions", data=data)


@study.table("table1", title="The figures of two regions")
def figures(frame):
    print("[bold]as printed[/bold]")
    return Table.from_pandas(frame.data)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "two"
    made.mkdir()
    (made / "study.py").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return made


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_run_from_first_to_last_word(folder: Path) -> None:
    first = call("run", "two", "--workers", "1")
    assert first.exit_code == 0, first.output
    assert "  done        table1" in first.output
    assert "[bold]as printed[/bold]" in first.output
    assert "The figures of two regions" in first.output
    assert "3 of 3 tasks done" in first.output
    assert "two/out/tables/: table1 (.tex .docx" in first.output.replace("\\", "/")
    assert "report.html" in first.output
    again = call("run", "two")
    assert "nothing to do: 3 of 3 tasks up to date" in again.output
    assert "The figures of two regions" in again.output
    assert call("status", "two").output.endswith("everything is up to date\n")
    (folder / "study.py").write_text(STUDY.replace('"x": [1.0', '"x": [3.0'), encoding="utf-8")
    assert "to do       frame" in call("status", "two").output
    assert "frame: its function or title changed" in call("explain", "two").output
    assert "removed" in call("clean", "two").output
    assert [path.name for path in folder.iterdir()] == ["study.py"]


def test_a_failed_task_is_shown_and_the_command_fails(folder: Path) -> None:
    (folder / "study.py").write_text(STUDY.replace("frame.data)", "frame['y'])"), encoding="utf-8")
    done = call("run", "two", "--workers", "1")
    assert done.exit_code == 1
    assert "  failed      table1" in done.output
    assert "return Table.from_pandas(frame['y'])" in done.output
    assert "UnknownVariableError" in done.output
    assert "1 of 3 tasks done, 1 failed, 1 not reached" in done.output


def test_a_failed_main_table_is_not_shown_with_its_old_numbers(folder: Path) -> None:
    assert call("run", "two", "--workers", "1").exit_code == 0
    (folder / "study.py").write_text(STUDY.replace("frame.data)", "frame['y'])"), encoding="utf-8")
    done = call("run", "two", "--workers", "1")
    assert "The figures of two regions" not in done.output
    made, old = done.output.replace("\\", "/").split("of an earlier run, not made now:")
    assert "main table table1 failed: there is no result" in made
    assert "two/out/manifest.json" in made
    assert "tables/" not in made
    assert "report.html" not in made.partition("1 not reached")[2]
    assert "two/out/tables/: table1 (.tex" in old
    assert "two/out/report.html" in old


def test_a_stopped_run_says_that_it_can_go_on(folder: Path) -> None:
    stop = STUDY.replace('print("[bold]as printed[/bold]")', "raise KeyboardInterrupt")
    (folder / "study.py").write_text(stop, encoding="utf-8")
    done = call("run", "two", "--workers", "1")
    assert done.exit_code == 130
    assert "the next run goes on from here" in done.output


def test_an_error_is_a_line_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["regpanel", "run", str(tmp_path)])
    assert main() == 1
    said = capsys.readouterr().err
    assert said.startswith("regpanel: There is no study.py in")
    assert "Remedy: name the folder of a study" in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--version"], 0, f"regpanel {panel.__version__}"),
        (["run"], 2, "Missing argument"),
        (["rnu", "x"], 2, "No such command"),
        (["--help"], 0, "explain"),
    ],
)
def test_usage(arguments: list[str], code: int, said: str) -> None:
    done = call(*arguments)
    assert done.exit_code == code
    assert said in done.output


def test_gallery_add_writes_a_case(folder: Path) -> None:
    done = call("gallery", "add", "my-table-1", "--folder", "cases")
    assert done.exit_code == 0, done.output
    assert "cases/my_table_1.py" in done.output
    assert Path("cases/my_table_1.py").is_file()
    again = call("gallery", "add", "my-table-1", "--folder", "cases")
    assert isinstance(again.exception, panel.errors.StudyError)


def test_status_draws_the_tasks(folder: Path) -> None:
    drawn = call("status", "two", "--graph")
    assert drawn.output.startswith("flowchart LR")
    assert "table1" in drawn.output
    assert "to_do" in drawn.output


def test_diff_fails_where_numbers_differ(folder: Path) -> None:
    assert call("run", "two", "--workers", "1").exit_code == 0
    shutil.copytree(folder, folder.parent / "other")
    same = call("diff", "two", "other")
    assert same.exit_code == 0
    assert "0 differ" in same.output
    table = folder.parent / "other" / "out" / "tables" / "table1.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("2", "3"), encoding="utf-8")
    other = call("diff", "two", "other")
    assert other.exit_code == 1
    assert "tables/table1.csv" in other.output
    assert call("diff", "two", "other", "--atol", "2000").exit_code == 0


def test_a_package_is_written_and_verified(folder: Path) -> None:
    early = call("package", "two")
    assert isinstance(early.exception, panel.errors.StudyError)
    assert call("run", "two", "--workers", "1").exit_code == 0
    made = call("package", "two", "--out", "two.zip")
    assert made.exit_code == 0, made.output
    assert "wrote two.zip" in made.output
    assert "TO DO" in made.output
    done = call("verify", "two.zip", "--offline")
    assert done.exit_code == 0, done.output
    assert "two.zip: reproduced" in done.output


def test_new_writes_a_study_and_says_how_to_run_it(folder: Path) -> None:
    made = call("new", "my_paper")
    assert made.output == 'wrote my_paper\nnext: regpanel run "my_paper"\n'
    assert (folder.parent / "my_paper" / "study.py").is_file()
    assert isinstance(call("new", "../up").exception, panel.errors.StudyError)


def test_audit_looks_at_the_data_of_a_study(folder: Path) -> None:
    found = call("audit", "two", "--out", "found.csv")
    assert found.exit_code == 0, found.output
    assert found.output.startswith("audit of ")
    assert Path("found.csv").read_text(encoding="utf-8-sig").startswith("kind,")


def test_pdf_sets_the_report(folder):
    pytest.importorskip("typst")
    assert call("run", "two").exit_code == 0
    result = call("pdf", "two")
    assert result.exit_code == 0
    assert (folder / "out" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "report.pdf" in result.output
