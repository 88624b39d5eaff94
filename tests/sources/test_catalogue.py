"""The register of raw files: complete, and no changed file passes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from panel.core.units import factor
from panel.errors import ChecksumError, SourceError
from panel.sources.assemble import assemble
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.reader import read_cells


def test_every_shipped_file_is_registered_and_unchanged() -> None:
    root = data_root()
    catalogue = read_catalogue(root)
    catalogue.verify()
    there = {p.relative_to(root / "raw").as_posix() for p in (root / "raw").rglob("*.csv")}
    assert there == set(catalogue.files)


def test_every_shipped_column_has_publisher_terms_and_a_known_unit() -> None:
    for file in read_catalogue(data_root()).files.values():
        assert file.terms, file.path
        assert file.columns, file.path
        for column in file.columns.values():
            assert column.publisher or column.publisher_from, (file.path, column.name)
            assert factor(column.unit, column.unit) == 1, (file.path, column.name)


def test_every_published_figure_says_in_which_copy_it_was_read() -> None:
    for file in read_catalogue(data_root()).files.values():
        for column in file.columns.values():
            own = column.publisher == "own compilation" and file.path.startswith("geo/")
            assert column.read_in or own, (file.path, column.name)


def test_every_column_of_numbers_is_described() -> None:
    root = data_root()
    for file in read_catalogue(root).files.values():
        cells = read_cells((root / "raw" / file.path).read_bytes(), file.path)
        for name in cells.columns.difference([*file.columns, file.region, file.time]):
            said = cells[name][cells[name] != ""]
            assert not said.str.fullmatch(r"-?[0-9.]+").all(), (file.path, name)


def test_changed_file_stops_with_both_checksums(project: Callable[..., Path]) -> None:
    codebook = project()
    raw = codebook.parent / "raw" / "accounts.csv"
    registered = read_catalogue(codebook.parent).file("accounts.csv").sha256
    raw.write_text(raw.read_text(encoding="utf-8").replace("121", "122"), encoding="utf-8")
    with pytest.raises(ChecksumError, match=r"accounts\.csv") as error:
        assemble(codebook)
    assert registered in error.value.message
    assert str(error.value.value) in error.value.message
    assert error.value.value != registered
    assert "restore the file" in str(error.value)
    assert f'sha256 = "{error.value.value}"' in str(error.value.remedy)


def test_a_file_without_checksum_shows_its_own(project: Callable[..., Path]) -> None:
    codebook = project()
    register = codebook.parent / "sources.toml"
    text = register.read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if one.startswith("sha256"))
    register.write_text(text.replace(f"{line}\n", "", 1), encoding="utf-8")
    with pytest.raises(SourceError, match=r"'sha256' of .* is missing") as error:
        assemble(codebook)
    assert line in str(error.value.remedy)
    register.write_text(text.replace(line, line.upper().replace("SHA", "sha")), encoding="utf-8")
    assert len(assemble(codebook))


def test_unregistered_file_tells_what_to_register(project: Callable[..., Path]) -> None:
    codebook = project(replace=('file = "accounts.csv"', 'file = "other.csv"'))
    with pytest.raises(SourceError, match=r"'other\.csv' is not registered") as error:
        assemble(codebook)
    assert "accounts.csv" in str(error.value.remedy)
    (codebook.parent / "raw" / "other.csv").write_bytes(b"")
    with pytest.raises(SourceError) as error:
        assemble(codebook)
    # sha256 of the empty file
    assert "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" in str(error.value)


def test_missing_file(project: Callable[..., Path]) -> None:
    codebook = project()
    (codebook.parent / "raw" / "accounts.csv").unlink()
    with pytest.raises(SourceError, match="registered but not there"):
        assemble(codebook)


def test_typo_in_the_register_is_suggested(project: Callable[..., Path]) -> None:
    codebook = project(register='[[file]]\npath = "a.csv"\nsha265 = "x"\n')
    with pytest.raises(SourceError, match="did you mean 'sha256'"):
        assemble(codebook)


def test_column_that_the_register_does_not_describe(project: Callable[..., Path]) -> None:
    codebook = project(replace=('column = "人口(万人)"', 'column = "人口"'))
    with pytest.raises(SourceError, match=r"did you mean '人口\(万人\)'"):
        assemble(codebook)


def test_data_folder_of_the_environment(
    project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REGPANEL_DATA", str(project().parent))
    assert data_root() == tmp_path
    monkeypatch.setenv("REGPANEL_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(SourceError, match="REGPANEL_DATA"):
        data_root()
