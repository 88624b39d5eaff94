"""Zip files of others stay in their folder, and bounded."""

from __future__ import annotations

import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from panel.errors import StudyError
from panel.study.extraction import extract


def zipped(path: Path, *entries: tuple[str, bytes], mode: int = 0o644) -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # zipfile warns of names used twice
        for name, content in entries:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return path


def test_files_come_out_as_they_went_in(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", ("p/study/数据.csv", b"1"), ("p/b", b"22"))
    made = extract(archive, tmp_path / "out")
    assert [p.relative_to(tmp_path / "out").as_posix() for p in made] == ["p/study/数据.csv", "p/b"]
    assert made[1].read_bytes() == b"22"


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "a/../../evil",
        "/etc/evil",
        "..\\evil",
        "C:evil",
        "a\\..\\..\\evil",
        "a\nb",
        "//x",
    ],
)
def test_a_name_that_leads_out_is_refused_before_anything_is_written(
    name: str, tmp_path: Path
) -> None:
    archive = zipped(tmp_path / "a.zip", ("good", b"1"), (name, b"1"))
    with pytest.raises(StudyError, match="leads out of the folder"):
        extract(archive, tmp_path / "in" / "out")
    assert [p.name for p in tmp_path.rglob("*")] == ["a.zip"]


def test_links_are_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", ("link", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777)
    with pytest.raises(StudyError, match="links are not unpacked"):
        extract(archive, tmp_path / "out")


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", ("Study.py", b"1"), ("study.py", b"2"))
    with pytest.raises(StudyError, match="twice"):
        extract(archive, tmp_path / "out")


def test_a_bomb_is_stopped_by_what_comes_out_of_it(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", ("bomb", bytes(5_000_000)))
    assert archive.stat().st_size < 10_000
    with pytest.raises(StudyError, match="more than 1000000 bytes"):
        extract(archive, tmp_path / "out", most_bytes=1_000_000)


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("panel.study.extraction.MOST_FILES", 2)
    archive = zipped(tmp_path / "a.zip", ("a", b""), ("b", b""), ("c", b""))
    with pytest.raises(StudyError, match="3 files"):
        extract(archive, tmp_path / "out")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no more", b"text"])
def test_what_is_no_zip_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(StudyError, match="no sound zip file"):
        extract(tmp_path / "a.zip", tmp_path / "out")


def test_damage_inside_is_found(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", ("a", b"some content, long enough to be deflated " * 9))
    content = bytearray(archive.read_bytes())
    content[40] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(StudyError, match="no sound zip file"):
        extract(archive, tmp_path / "out")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="There is no file"):
        extract(tmp_path / "none.zip", tmp_path / "out")
