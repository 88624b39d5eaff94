"""Output of PySAL on the shipped panel of Chinese provinces, stored in pysal.json.

Run where regpanel, inequality 1.1.2, giddy 2.3.8, esda 2.8.2 and libpysal 4.14.1 are installed.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from inequality.gini import Gini
from inequality.theil import Theil, TheilD

import panel

frame = panel.load("china")
wide = frame["gdp_per_person"].unstack()
zone = frame.data.zone.unstack().iloc[:, 0].to_numpy()


def inequality() -> dict:
    """Gini, Theil and its decomposition by zones, by year."""
    found = {}
    for year in wide:
        y = wide[year].to_numpy()
        parts = TheilD(y, zone)
        found[str(year)] = {
            "gini": float(Gini(y).g),
            "theil": float(Theil(y).T),
            "between": float(np.squeeze(parts.bg)),
            "within": float(np.squeeze(parts.wg)),
        }
    return found


if __name__ == "__main__":
    Path(__file__).with_suffix(".json").write_text(
        json.dumps({"inequality": inequality()}, indent=1)
    )
