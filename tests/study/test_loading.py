"""From a path to a study, and what is said when there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from panel.errors import PanelError, StudyError
from panel.study.loading import failure, read_study

Write = Callable[..., Path]


def test_a_study_is_named_by_its_folder_or_by_its_file(write_study: Write) -> None:
    folder = write_study()
    assert read_study(folder).study.title == "Three regions"
    assert read_study(folder / "study.py").folder == folder


def test_a_folder_without_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"There is no study\.py"):
        read_study(tmp_path)


def test_studies_nearby_are_suggested(write_study: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_study()
    monkeypatch.chdir(folder.parent)
    with pytest.raises(StudyError, match=f"did you mean '{folder.name}'"):
        read_study(folder.name[:-1])  # a slip of the pen
    (folder.parent.parent / "far").mkdir(exist_ok=True)
    (folder.parent.parent / "far" / "study.py").write_text("", encoding="utf-8")
    with pytest.raises(StudyError, match=folder.name):
        read_study(".")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "declares no study"),
        (
            "from panel.study import Study\na = Study('a', 'china'); b = Study('b', 'china')",
            "2 stu",
        ),
        ("from panel.study import Study\na = Study('a', 'china')", "declares nothing to make"),
    ],
)
def test_one_study_with_something_to_make_is_needed(
    write_study: Write, text: str, said: str
) -> None:
    with pytest.raises(StudyError, match=said):
        read_study(write_study(text=text))


def test_an_error_in_the_file_is_shown_with_its_line(write_study: Write) -> None:
    with pytest.raises(StudyError) as caught:
        read_study(write_study(text="a = 1\nb = a / 0\n"))
    assert "study.py, line 2, in <module>\n    b = a / 0" in str(caught.value)
    assert "ZeroDivisionError" in str(caught.value)


def test_a_syntax_error_is_shown_with_its_line(write_study: Write) -> None:
    with pytest.raises(StudyError, match=r"^study\.py, line 2\n    b = = 2\nSyntaxError"):
        read_study(write_study(text="a = 1\nb = = 2\n"))


def test_modules_beside_the_study_are_not_imported(write_study: Write) -> None:
    # A study is one file: a change elsewhere beside it could not be noticed.
    folder = write_study(text="import beside_the_study\n")
    (folder / "beside_the_study.py").write_text("x = 1\n")
    with pytest.raises(StudyError, match="ModuleNotFoundError"):
        read_study(folder)


def test_an_error_of_this_package_shows_no_lines_of_the_package() -> None:
    error = PanelError("Something.", remedy="Do this.")
    assert failure(error, Path("study.py")) == "PanelError: Something.\n  Remedy: Do this."
