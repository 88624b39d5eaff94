"""A new study runs as it stands, and its name leads nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from panel.errors import StudyError
from panel.study.loading import read_study
from panel.study.new import new_study


@pytest.mark.parametrize("name", ["my_paper", "数字 经济", "Цифровая-экономика 2"])
def test_a_name_in_any_script_names_a_study(name: str, tmp_path: Path) -> None:
    folder = new_study(name, tmp_path / "papers")
    assert folder == tmp_path / "papers" / name
    study = read_study(folder).study
    assert study.title.casefold() == name.replace("_", " ").replace("-", " ").casefold()
    assert {item.name for item in study.items} >= {"table1", "table2", "table3", "figure1"}
    assert f'regpanel run "{name}"' in (folder / "README.md").read_text(encoding="utf-8")
    assert (folder / ".gitignore").read_text() == "out/\n"


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", ".", "..", "../up", "/etc/x", "a/b", "a\\b", "C:x", ".hidden", "a\nb", "a\0b"),
        *('"""+__import__("os").system("x")+"""', "{{ 7*7 }}", "nul", "COM1", "x" * 101, "-rf"),
        *("a'b", "$(x)", "a;b", "<b>", " padded"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(StudyError, match="cannot name a study"):
        new_study(name, inside)
    assert [p.name for p in tmp_path.rglob("*")] == ["inside"]


def test_what_is_there_is_not_overwritten(tmp_path: Path) -> None:
    new_study("my_paper", tmp_path)
    (tmp_path / "my_paper" / "study.py").write_text("mine")
    with pytest.raises(StudyError, match="already"):
        new_study("my_paper", tmp_path)
    assert (tmp_path / "my_paper" / "study.py").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(StudyError, match="Permission denied"):
        new_study("my_paper", tmp_path)
