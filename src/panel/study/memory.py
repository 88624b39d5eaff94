"""How much memory a task took at its peak."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

_PROC = Path("/proc/self")


def forget_peak() -> None:
    """Let the peak of this process begin anew: Linux can, elsewhere it stays that of all tasks."""
    with contextlib.suppress(OSError):
        (_PROC / "clear_refs").write_text("5")


def peak_mb() -> float:
    """Megabytes (1e6 bytes) that this process held in memory at its peak; 0 if nobody knows."""
    with contextlib.suppress(OSError):
        for line in (_PROC / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) * 1024 / 1e6, 1)
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return 0.0
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(used * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)
