"""Reading ``study.py``: from a path to the study it declares."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from panel.errors import PanelError, StudyError, suggest
from panel.study.study import Study

FILE = "study.py"


@dataclass(frozen=True)
class StudyFile:
    """A study and where it is declared.

    Parameters
    ----------
    study : as declared.
    folder : the study's folder; ``out`` below it holds everything that is made.
    source : text of ``study.py``.
    module : what ``study.py`` defines.
    """

    study: Study
    folder: Path
    source: str
    module: ModuleType

    @property
    def path(self) -> Path:
        """``study.py`` itself."""
        return self.folder / FILE

    @property
    def out(self) -> Path:
        """Folder of everything that is made."""
        return self.folder / "out"

    @property
    def state(self) -> Path:
        """Folder of what the next run needs to know."""
        return self.out / ".state"


def read_study(path: str | Path) -> StudyFile:
    """The study declared in a folder, or in its ``study.py``.

    Raises
    ------
    StudyError : there is no such file, it does not run, or it declares no study or several.
    """
    folder = Path(path).resolve()
    folder = folder.parent if folder.name == FILE else folder
    file = folder / FILE
    if not file.is_file():
        raise StudyError(
            f"There is no {FILE} in {folder}.",
            variable="path",
            value=str(path),
            remedy=f"name the folder of a study, one that holds a {FILE}{_near(folder)}",
        )
    source = file.read_text(encoding="utf-8")
    module = _executed(file, source)
    found = {id(value): value for value in vars(module).values() if isinstance(value, Study)}
    if len(found) != 1:
        raise StudyError(
            f"{file} declares {'no study' if not found else f'{len(found)} studies'}.",
            variable="study",
            remedy="write one: study = Study(title=..., data=...).",
        )
    (study,) = found.values()
    if not study.items:
        raise StudyError(
            f"The study in {file} declares nothing to make.",
            variable="study",
            remedy="declare a table above a function: @study.table('table1', title='...').",
        )
    _ = study.main_table  # raises if there is no such table
    return StudyFile(study, folder, source, module)


def _near(folder: Path) -> str:
    """Studies in that folder, or else below its ``analyses``, or else beside it, for the remedy of
    an error."""
    for place in (folder, folder / "analyses", folder.parent, Path("analyses").resolve()):
        if near := [_short(file.parent) for file in place.glob(f"*/{FILE}")]:
            return f"; {suggest(_short(folder), near)}"
    return "."


def _short(folder: Path) -> str:
    """As one would type it from here."""
    here = Path.cwd()
    return (folder.relative_to(here) if folder.is_relative_to(here) else folder).as_posix()


def _executed(file: Path, source: str) -> ModuleType:
    """The module of a study; its name differs from that of every other study."""
    name = f"_study_{hashlib.sha256(str(file).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        exec(compile(source, str(file), "exec", dont_inherit=True), vars(module))
    except Exception as error:
        raise StudyError(failure(error, file)) from error
    return module


def failure(error: BaseException, file: Path) -> str:
    """What went wrong, with the lines of ``file`` that led to it.

    An error of this package explains itself, and so does one of syntax; of any other the line
    where it arose is shown too.
    """
    steps = traceback.extract_tb(error.__traceback__)
    shown = [step for step in steps if Path(step.filename) == file]
    explained = isinstance(error, (PanelError, SyntaxError))
    if steps and steps[-1] not in shown and not explained:
        shown.append(steps[-1])
    lines = [
        f"{Path(step.filename).name}, line {step.lineno}, in {step.name}\n    {step.line}"
        for step in shown
    ]
    if isinstance(error, SyntaxError):
        where = Path(error.filename or FILE).name
        lines.append(f"{where}, line {error.lineno}\n    {(error.text or '').strip()}")
        return "\n".join([*lines, f"{type(error).__name__}: {error.msg}"])
    return "\n".join([*lines, f"{type(error).__name__}: {error}"])
