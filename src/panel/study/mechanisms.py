"""Through what does an effect go: one mediation for each of several mechanisms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from panel.core.formula import Spec
from panel.core.frame import PanelFrame
from panel.core.vcov import Vcov
from panel.core.verb import as_frame
from panel.errors import StudyError
from panel.estimators.mediated_effects import Mediation
from panel.estimators.mediation import mediation
from panel.tables.regtable import regtable
from panel.tables.style import preset
from panel.tables.table import Table


@dataclass(frozen=True, eq=False)
class Mechanisms:
    """Mediations by the name of the mechanism, each with one mediator."""

    mediations: Mapping[str, Mediation]

    def __post_init__(self) -> None:
        object.__setattr__(self, "mediations", MappingProxyType(dict(self.mediations)))

    def __getstate__(self) -> dict[str, Any]:
        return {"mediations": dict(self.mediations)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    @property
    def df(self) -> pd.DataFrame:
        """One row an effect and path of each mechanism: mechanism, part ("effect" or "path"), and
        the columns of ``tidy()``."""
        parts = []
        for name, found in self.mediations.items():
            for part, table in (("effect", found.tidy()), ("path", found.paths.tidy())):
                table.insert(0, "part", part)
                table.insert(0, "mechanism", name)
                parts.append(table)
        return pd.concat(parts, ignore_index=True)

    def table(self, **options: Any) -> Table:
        """One column a mechanism: total, direct and indirect effect and the share mediated;
        ``options`` of :func:`panel.regtable`."""
        language = preset(options.get("style")).language
        first = next(iter(self.mediations.values()))
        labels = {**first.labels(language), **(options.pop("labels", None) or {})}
        models = {name: found.effects for name, found in self.mediations.items()}
        return regtable(models, labels=labels, **options)

    def __str__(self) -> str:
        return str(self.table())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return self.table().to_html()


def mechanisms(
    formula: str | Spec,
    mediators: Mapping[str, str] | Sequence[str],
    frame: PanelFrame | pd.DataFrame,
    *,
    treatment: str | None = None,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    bootstrap: Vcov | None = None,
) -> Mechanisms:
    """Direct and indirect effects through several mediators, one at a time.

    Parameters
    ----------
    mediators : one term each, ``"log(patents)"``, by the name of the mechanism; or a list of terms.
    formula, frame, treatment, vcov, bootstrap : as for :func:`panel.mediation`, which says what
        has to hold for the effects to be causal.

    Returns
    -------
    Mechanisms

    Raises
    ------
    StudyError : no mediator.
    Others as :func:`panel.mediation`.
    """
    given = [mediators] if isinstance(mediators, str) else mediators
    named = dict(given) if isinstance(given, Mapping) else {m: m for m in given}
    if not named:
        raise StudyError(
            "There is no mediator.",
            variable="mediators",
            remedy='give one or several: {"Innovation": "log(patents)"}.',
        )
    data = as_frame(frame)
    return Mechanisms(
        {
            name: mediation(
                formula, term, data, treatment=treatment, vcov=vcov, bootstrap=bootstrap
            )
            for name, term in named.items()
        }
    )
