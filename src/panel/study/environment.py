"""The software a study runs with, as a lock file and as facts of the machine."""

from __future__ import annotations

import ast
import os
import platform
import sys
from collections.abc import Iterable
from importlib import metadata
from typing import Any

from panel.study.digests import PACKAGES

# What the package and its command need beside what computes and writes.
_NEEDED = ("lazy-loader", "pytask", "pytask-parallel", "rich", "typer")


def locked(source: str) -> tuple[str, ...]:
    """Lines of a requirements file: what is installed of all that a study needs, by exact version.

    Parameters
    ----------
    source : text of ``study.py``, whose imports count beside the needs of this package.
    """
    installed = metadata.packages_distributions()
    named = [d for module in _imported(source) for d in installed.get(module, ())]
    waiting = [*PACKAGES, *_NEEDED, *(n for n in named if _plain(n) != "regpanel")]
    found: dict[str, str] = {}
    while waiting:
        name = _plain(waiting.pop())
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # an option that is not installed here is not needed either
        found[name] = f"{name}=={distribution.version}"
        waiting += _requirements(distribution.requires or ())
    return tuple(found[name] for name in sorted(found))


def _imported(source: str) -> set[str]:
    """Top-level names of the modules that a program imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"panel"}


def _requirements(texts: Iterable[str]) -> list[str]:
    """Names of the requirements that hold here, without those of extras."""
    from packaging.requirements import Requirement

    wanted = map(Requirement, texts)
    return [r.name for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})]


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def machine() -> dict[str, Any]:
    """What is known of this machine: system, processor, number of processors, memory in GB."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):  # Windows
        memory = 0.0
    return {
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "processors": os.cpu_count() or 1,
        "memory_gb": round(memory, 1),
    }
