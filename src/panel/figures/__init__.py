"""Pictures of panels and of results: one file a figure, one style for all of them.

This is the only layer that imports matplotlib and seaborn; the package above loads it when the
first figure is asked for.
"""

from __future__ import annotations

from importlib.util import find_spec

from panel.errors import InstallationError

for _library in ("matplotlib", "seaborn"):
    if find_spec(_library) is None:
        raise InstallationError(
            f"Figures need {_library}, which is not installed.",
            variable=_library,
            remedy='install the extra: pip install "regpanel[figures]".',
        )
