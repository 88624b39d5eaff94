"""Tables through the programs that typeset them, in each language and preset."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from panel.tables.cells import Number, Numbers, Row, Section, Span, Text
from panel.tables.saving import save_tables
from panel.tables.style import PRESETS, Look
from panel.tables.table import Table

NASTY = r"\input{/etc/passwd} $x_1^2$ & 100% #1 {~} <b>|\\ ` ' \" ]"


def every_kind(language: str, look: Look, words: str) -> Table:
    """All that a writer may meet: spans, panels, marks, intervals, words that look like code."""
    both = Numbers((Number(0.5, 3, "**"), Numbers((Number(0.1), Number(0.9)), "[]")))
    rows = (Row(words, (both, Number(1234.5, 1, "†a"))), Row("[*]", (Text(NASTY), Number(0.0))))
    return Table(
        header=((Span(), Span(words * 3, 2)), (Span(NASTY), Span("(1)"), Span("[2]"))),
        sections=(Section(rows, NASTY), Section(rows)),
        title=f"{words} {NASTY}",
        notes=(NASTY, f"† p < 0.1; {words}."),
        language=language,
        look=look,
    )


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    words = {"en": "Digital index", "zh": "数字经济指数", "ru": "Индекс цифровизации"}
    return {
        name: every_kind(style.language, style.look, words[style.language])
        for name, style in PRESETS.items()
    }


@pytest.mark.parametrize(
    ("program", "languages"), [("pdflatex", ("en", "ru")), ("xelatex", ("zh",))]
)
def test_latex_compiles(
    tables: dict[str, Table], tmp_path: Path, program: str, languages: tuple[str, ...]
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    chosen = {name: t for name, t in tables.items() if t.language in languages}
    path = save_tables(chosen, tmp_path / "t.tex", standalone=True)
    assert f"% !TeX program = {program}\n" in path.read_text("utf-8")
    needs = [
        "booktabs.sty",
        "threeparttable.sty",
        "ctex.sty" if "zh" in languages else "t2acmr.fd",
    ]
    if any(not _found(file) for file in needs):
        pytest.skip(f"LaTeX lacks one of {', '.join(needs)}")
    command = [program, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", path.name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-2000:]
    assert b"Missing character" not in done.stdout


def _found(file: str) -> bool:
    done = subprocess.run(["kpsewhich", file], capture_output=True, timeout=60, check=False)
    return done.returncode == 0


def test_typst_compiles(tables: dict[str, Table], tmp_path: Path) -> None:
    typst = pytest.importorskip("typst")
    path = save_tables(tables, tmp_path / "t.typ")
    assert typst.compile(str(path)).startswith(b"%PDF")
