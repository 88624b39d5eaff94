"""The report as a PDF."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from panel.errors import InstallationError, StudyError
from panel.study.reportpdf import report_pdf
from panel.study.run import run_study

Write = Callable[..., Path]
HOSTILE = "title='#eval(1) $x$ \" </title>'"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that was run, its title hostile."""
    made = tmp_path_factory.mktemp("set") / "three"
    made.mkdir()
    text = (Path(__file__).parent / "conftest.py").read_text(encoding="utf-8")
    study = text.split("'''")[1].replace('title="Three regions"', HOSTILE)
    (made / "study.py").write_text(study, encoding="utf-8")
    run = run_study(made, workers=1)
    assert run.ok, [task.message for task in run.tasks]
    return made


def test_the_same_run_gives_the_same_bytes(folder: Path) -> None:
    pytest.importorskip("typst")
    first = report_pdf(folder)
    assert first == folder / "out" / "report.pdf"
    content = first.read_bytes()
    assert content.startswith(b"%PDF")
    assert report_pdf(folder).read_bytes() == content


def test_the_source_holds_every_item_as_strings(folder: Path) -> None:
    pytest.importorskip("typst")
    report_pdf(folder, language="ru")
    source = (folder / "out" / "report.typ").read_text(encoding="utf-8")
    assert source.count("kind: table,") == 2
    assert '#"Основная таблица"' in source
    assert r'"#eval(1) $x$ \" </title>"' in source
    assert "#eval(1)" not in source.replace('"#eval(1)', "")


def test_without_typst_the_source_is_written_and_the_way_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = folder / "out" / "report.typ"
    source.unlink(missing_ok=True)
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InstallationError, match=r"regpanel\[pdf\]"):
        report_pdf(folder)
    assert source.is_file()


def test_a_study_must_have_been_run(write_study: Write) -> None:
    with pytest.raises(StudyError, match="was not run"):
        report_pdf(write_study())


def test_another_language_is_refused(folder: Path) -> None:
    with pytest.raises(StudyError, match="not written in 'fr'"):
        report_pdf(folder, language="fr")
