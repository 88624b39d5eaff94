"""The audit of a study's data."""

from __future__ import annotations

import contextlib
from pathlib import Path

from panel.core.frame import PanelFrame
from panel.diagnostics.audit import Audit, audit
from panel.errors import StudyError
from panel.study.data import assembled
from panel.study.loading import read_study


def audit_study(path: str | Path) -> Audit:
    """Figures in the data of a study that do not fit; see :func:`panel.audit`.

    Raises
    ------
    StudyError : there is no study, or its data are a DataFrame, which says nothing of units and
        regions.
    """
    file = read_study(path)
    with contextlib.chdir(file.folder):
        frame = assembled(file)
    if not isinstance(frame, PanelFrame):
        raise StudyError(
            "The data of the study are a DataFrame, which cannot be audited.",
            variable="data",
            remedy="return panel.PanelFrame.from_pandas(df, unit=..., time=...) from its function.",
        )
    return audit(frame)
