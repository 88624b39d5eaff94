"""A new study that runs as it stands."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from panel.errors import StudyError
from panel.study.locking import not_written

_TEMPLATES = Path(__file__).parent / "templates"
_RESERVED = {"con", "prn", "aux", "nul", *(f"{p}{i}" for p in ("com", "lpt") for i in range(10))}


def new_study(name: str, folder: str | Path = ".") -> Path:
    """Write a study that runs, to be changed into one's own; returns its folder.

    Parameters
    ----------
    name : of the study's folder, in any script: letters, digits, spaces, - and _.
    folder : where the folder is made.

    Raises
    ------
    StudyError : a name that cannot be a folder's, one that is there already, or a place that
        cannot be written.
    """
    plain = unicodedata.normalize("NFC", name)
    letters = all(c.isalnum() or c in " -_" or unicodedata.combining(c) for c in plain)
    usable = 0 < len(plain.encode()) <= 100 and plain == plain.strip() and plain[0].isalnum()
    if not (letters and usable) or plain.casefold() in _RESERVED:
        raise StudyError(
            f"{name!r} cannot name a study: it becomes the name of its folder.",
            variable="name",
            value=name,
            remedy="use letters, digits, spaces, - and _, for instance my_paper; say where by "
            "the folder option.",
        )
    target = Path(folder) / plain
    title = plain.replace("_", " ").replace("-", " ").strip()
    title = title[0].upper() + title[1:]
    try:
        target.mkdir(parents=True)
        for source, made in (("study.py.txt", "study.py"), ("study.md.txt", "README.md")):
            text = (_TEMPLATES / source).read_text(encoding="utf-8")
            quoted = title if made == "README.md" else repr(title).replace("'", '"')
            (target / made).write_text(
                text.replace("TITLE", quoted).replace("NAME", plain), encoding="utf-8", newline="\n"
            )
        (target / ".gitignore").write_text("out/\n", encoding="utf-8")
    except FileExistsError as error:
        raise StudyError(
            f"There is something called {str(target)!r} already.",
            variable="name",
            value=name,
            remedy="choose another name, or remove it first.",
        ) from error
    except OSError as error:
        raise not_written(error) from error
    return target
