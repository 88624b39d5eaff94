"""Two runs compared number by number."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from panel.errors import StudyError
from panel.study.runs import _parted, compare_runs


@pytest.fixture
def other(folder: Path, tmp_path: Path) -> Path:
    """A copy of the run."""
    return Path(shutil.copytree(folder, tmp_path / "other"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_run_is_equal_to_itself(folder: Path, other: Path) -> None:
    found = compare_runs(folder, other / "out")
    assert found.ok
    assert found.df.empty
    assert found.facts == ()
    assert found.files["numbers"].sum() == found.files["equal"].sum() > 20
    assert bool(found.files["same_bytes"].all())


def test_a_number_that_differs_is_named_with_its_place(folder: Path, other: Path) -> None:
    change(other / "out" / "tables" / "table2.csv", "3.5", "3.6")
    found = compare_runs(folder, other)
    assert not found.ok
    (row,) = found.df.to_dict("records")
    assert (row["file"], row["a"], row["b"]) == ("tables/table2.csv", "3.5", "3.6")
    assert row["place"] == "row 3 (b), column 2"
    assert row["difference"] == pytest.approx(0.1)
    assert "tables/table2.csv, row 3 (b), column 2: 3.5 | 3.6" in str(found)


def test_tolerances_are_stated_and_used(folder: Path, other: Path) -> None:
    change(other / "out" / "tables" / "table2.csv", "3.5", "3.5000000001")
    found = compare_runs(folder, other)
    assert found.ok
    assert found.files["within"].sum() == 1
    assert "rtol 1e-06, atol 1e-09" in str(found)
    assert not compare_runs(folder, other, rtol=0, atol=0).ok
    assert compare_runs(folder, other, rtol=0, atol=1e-3).ok


def test_words_and_missing_files_count(folder: Path, other: Path) -> None:
    change(other / "out" / "texts" / "draws.md", "Drawn", "Taken")
    (other / "out" / "tables" / "table1.csv").unlink()
    found = compare_runs(folder, other)
    assert not found.ok
    assert sorted(found.df["outcome"]) == ["only in a", "other words"]


def test_what_the_manifests_say_is_told(folder: Path, other: Path) -> None:
    manifest = other / "out" / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["packages"]["numpy"] = "0.1"
    told["seed"] = 8
    manifest.write_text(json.dumps(told), encoding="utf-8")
    found = compare_runs(folder, manifest)
    assert found.ok  # the numbers are the same
    assert ("seed", "7", "8") in found.facts
    assert any(name == "packages: numpy" and b == "0.1" for name, _, b in found.facts)


def test_no_run_and_no_tolerance_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no finished run"):
        compare_runs(folder, tmp_path)
    (tmp_path / "manifest.json").write_text("[" * 100_000)  # nested beyond reading
    with pytest.raises(StudyError, match="no finished run"):
        compare_runs(folder, tmp_path)
    with pytest.raises(StudyError, match="cannot be -1"):
        compare_runs(folder, folder, rtol=-1)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0.3***", ["0.3"]),
        ("(-0.220)", ["-0.220"]),
        ("\u22121,234.5", ["\u22121,234.5"]),
        ("2016-2024", ["2016", "2024"]),
        ("p = 1.5e-3, n = 12", ["1.5e-3", "12"]),
        ("table1 of r00", []),
        ("nothing - at all.", []),
    ],
)
def test_numbers_are_told_from_words(text: str, numbers: list[str]) -> None:
    assert _parted(text)[1] == numbers
