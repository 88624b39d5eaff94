"""Region-year panels: from yearbook files to the paper's tables.

Every public name stands in ``__all__`` and loads its layer at first use, so that
``import panel`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "panel.core.frame": ("PanelFrame",),
    "panel.core.column": ("Column", "Origin"),
    "panel.core.estimate": ("Estimate",),
    "panel.core.formula": ("Spec", "parse", "expand"),
    "panel.core.vcov": ("Cov", "SmallSample"),
    "panel.estimators.ols": ("ols",),
    "panel.estimators.many": ("many",),
    "panel.indices": ("EntropyIndex", "entropy_index"),
    "panel.sources": (
        "assemble",
        "data_root",
        "load",
        "read_catalogue",
        "read_codebook",
        "read_table",
        "regions",
        "resolve",
    ),
    "panel.inference": ("cluster", "driscoll_kraay", "hetero", "iid"),
    "panel.errors": ("PanelError", "PanelWarning"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Column",
    "Cov",
    "EntropyIndex",
    "Estimate",
    "Origin",
    "PanelError",
    "PanelFrame",
    "PanelWarning",
    "SmallSample",
    "Spec",
    "__version__",
    "assemble",
    "cluster",
    "data_root",
    "driscoll_kraay",
    "entropy_index",
    "expand",
    "hetero",
    "iid",
    "load",
    "many",
    "ols",
    "parse",
    "read_catalogue",
    "read_codebook",
    "read_table",
    "regions",
    "resolve",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'panel' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


if TYPE_CHECKING:
    from panel.core.column import Column, Origin
    from panel.core.estimate import Estimate
    from panel.core.formula import Spec, expand, parse
    from panel.core.frame import PanelFrame
    from panel.core.vcov import Cov, SmallSample
    from panel.errors import PanelError, PanelWarning
    from panel.estimators.many import many
    from panel.estimators.ols import ols
    from panel.indices import EntropyIndex, entropy_index
    from panel.inference import cluster, driscoll_kraay, hetero, iid
    from panel.sources import (
        assemble,
        data_root,
        load,
        read_catalogue,
        read_codebook,
        read_table,
        regions,
        resolve,
    )
