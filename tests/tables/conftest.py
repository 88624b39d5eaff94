"""A small table with everything a writer must manage, and a small panel."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from panel.core.frame import PanelFrame
from panel.tables.cells import Empty, Number, Row, Section, Span, Text
from panel.tables.table import Table

NAN = float("nan")


@pytest.fixture
def small() -> Table:
    """Two outcomes over three columns; stars, brackets, words, counts, marks of every format."""
    return Table(
        header=(
            (Span(), Span("Output_a & b", 2), Span("CO2 <t>")),
            (Span(), Span("(1)"), Span("(2)"), Span("(3)")),
        ),
        sections=(
            Section(
                (
                    Row("Digital 100%", (Number(0.1234, 3, "***"), Number(-0.5, 3, "*"), Empty())),
                    Row(
                        "",
                        (
                            Number(0.0125, 3, brackets="()"),
                            Number(0.25, 3, brackets="()"),
                            Number(NAN, 3, brackets="()"),
                        ),
                        "Digital 100%, standard error",
                    ),
                )
            ),
            Section((Row("Year FE", (Text("Yes"), Text("No"), Text("Yes"))),)),
            Section((Row("N", (Number(1270, 0), Number(99, 0), Number(12, 0))),)),
        ),
        title="Digital & green",
        notes=("Standard errors in parentheses.", "* p < 0.1, *** p < 0.01."),
    )


@pytest.fixture
def frame() -> PanelFrame:
    """Six provinces in five years; density is an interpolated substitute, index computed of it."""
    rng = np.random.default_rng(3)
    index = pd.MultiIndex.from_product(
        [[f"P{i}" for i in range(6)], range(2015, 2020)], names=["province", "year"]
    )
    density = rng.normal(5, 1, len(index))
    output = np.exp(rng.normal(8, 1, len(index)))
    zone = np.where(index.get_level_values(0) < "P3", "East", "West")
    table = pd.DataFrame(
        {"output": output, "density": density, "index": density / 10, "zone": zone}, index=index
    )
    frame = PanelFrame.from_pandas(
        table,
        units={"output": "亿元"},
        labels={
            "output": {"en": "Industrial output", "zh": "工业产出", "ru": "Выпуск"},
            "density": {"en": "Network density", "zh": "网络密度", "ru": "Плотность сети"},
            "index": {"en": "Digital index"},
        },
    )
    frame = frame.describe(
        "density",
        note="nearest official measure to 5G density.",
        filled=frozenset({("P0", 2015), ("P1", 2016), ("P9", 2015)}),
    )
    return frame.describe("index", expression="density / 10", inputs=("density",))
