"""Declared studies: from ``study.py`` to tables, figures, a report and a manifest."""

from __future__ import annotations

from panel.study.study import Item, Study

__all__ = ["Item", "Study"]
