"""The command ``regpanel``: makes sure that ``panel`` is this project's, then runs it.

HoloViz ships another package that is imported as ``panel``. Where both are installed either may
be imported, so the check stands outside the package and imports neither.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib import metadata
from pathlib import Path


def conflict() -> str:
    """What stands in the way of importing this project's ``panel``, and the remedy; or ""."""
    found = importlib.util.find_spec("panel")
    folder = Path(found.origin).parent if found and found.origin else None
    if folder is None:
        return (
            "The package 'panel' of regpanel is not installed in this environment.\n"
            '  Remedy: pip install "regpanel[study]", or in its source folder: make setup'
        )
    # No other package under that name has a folder `kernels`.
    if (folder / "kernels").is_dir() and not _holoviz_installed():
        return ""
    return (
        f"HoloViz Panel and regpanel are both imported as 'panel'; here it is {folder}.\n"
        "  Remedy: pip uninstall panel holoviews hvplot, then reinstall regpanel;\n"
        "  or keep HoloViz where it is and install regpanel in a fresh environment."
    )


def _holoviz_installed() -> bool:
    """Whether a distribution called ``panel`` is installed: ours is called ``regpanel``."""
    try:
        metadata.distribution("panel")
    except metadata.PackageNotFoundError:
        return False
    return True


def main() -> int:
    """Run the command line of ``panel``; 2 if it cannot be run here."""
    message = conflict()
    if not message:
        try:
            from panel.cli import main as run
        except ModuleNotFoundError as missing:
            if missing.name not in ("typer", "rich"):
                raise
            message = (
                f"The command needs {missing.name}, which is not installed.\n"
                '  Remedy: pip install "regpanel[study]"'
            )
    if message:
        sys.stderr.write(f"regpanel: {message}\n")
        return 2
    return run()


if __name__ == "__main__":
    sys.exit(main())
