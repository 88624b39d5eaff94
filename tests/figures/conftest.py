"""A small panel whose means, quartiles and gaps can be computed by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from panel.core.frame import PanelFrame


@pytest.fixture
def frame() -> PanelFrame:
    """Four provinces; Tibet has no row in 2021, Jiangxi no output in 2022; no year 2023."""
    rows = [
        ("CN-BJ", 2020, "East", 10.0, 1.0),
        ("CN-BJ", 2021, "East", 12.0, 2.0),
        ("CN-BJ", 2022, "East", 14.0, 3.5),
        ("CN-BJ", 2024, "East", 16.0, 4.0),
        ("CN-GD", 2020, "East", 30.0, 3.0),
        ("CN-GD", 2021, "East", 32.0, 2.5),
        ("CN-GD", 2022, "East", 34.0, 1.0),
        ("CN-GD", 2024, "East", 40.0, 0.5),
        ("CN-JX", 2020, "Central", 20.0, 5.0),
        ("CN-JX", 2021, "Central", 22.0, 6.0),
        ("CN-JX", 2022, "Central", None, 7.0),
        ("CN-JX", 2024, "Central", 28.0, 8.0),
        ("CN-XZ", 2020, "West", 40.0, 2.0),
        ("CN-XZ", 2022, "West", 42.0, 1.0),
        ("CN-XZ", 2024, "West", 44.0, 3.0),
    ]
    return PanelFrame.from_pandas(
        pd.DataFrame(rows, columns=["province", "year", "zone", "output", "share"]),
        unit="province",
        time="year",
        units={"output": "亿元", "share": "percent"},
        labels={
            "output": {"en": "Industrial output", "zh": "工业产出", "ru": "Выпуск"},
            "share": {"en": "Digital share", "zh": "数字占比", "ru": "Доля"},
        },
        name="small",
    )
