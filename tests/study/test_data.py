"""The data of a study: what they rest on, and the frame as it is kept between tasks."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from panel.core.column import Origin
from panel.core.frame import PanelFrame
from panel.errors import ChecksumError, StudyError
from panel.study.data import (
    assembled,
    data_files,
    frame_digest,
    keep_frame,
    kept_digest,
    kept_frame,
)
from panel.study.loading import read_study

Write = Callable[..., Path]

CSV = "region,year,output\nnorth,2020,1\nnorth,2021,2\nsouth,2020,3\nsouth,2021,4\n"
REGISTER = """
[[file]]
path = "output.csv"
sha256 = "{sha256}"
title = "Output"
region = "region"
time = "year"
terms = "cite the publisher"
publisher = "Office"
publication = "Yearbook"

[file.columns.output]
unit = "t"
"""
CODEBOOK = """
[panels.small]
label = "Small"
unit = "region"
years = [2020, 2021]

[panels.small.variables.output]
label = { en = "Output" }
unit = "t"
file = "output.csv"
column = "output"
"""


@pytest.fixture
def own_codebook(write_study: Write) -> Path:
    """A study whose data stand in a codebook of its own."""
    folder = write_study(("data=data", 'data="figures/codebook.toml"'))
    (folder / "figures" / "raw").mkdir(parents=True)
    (folder / "figures" / "raw" / "output.csv").write_text(CSV)
    sha256 = hashlib.sha256(CSV.encode()).hexdigest()
    (folder / "figures" / "sources.toml").write_text(REGISTER.format(sha256=sha256))
    (folder / "figures" / "codebook.toml").write_text(CODEBOOK)
    return folder


def small(**changes: object) -> PanelFrame:
    table = pd.DataFrame({"r": ["a", "b"], "t": [1, 1], "x": [1.0, 2.0]})
    frame = PanelFrame.from_pandas(
        table,
        unit="r",
        time="t",
        units={"x": "t"},
        labels={"x": {"en": "X", "zh": "甲"}},
        origins={"x": Origin("x.csv", "x", "t", "Office")},
    )
    return frame.describe("x", **changes) if changes else frame


def test_a_codebook_of_ones_own_names_its_files(own_codebook: Path) -> None:
    file = read_study(own_codebook)
    assert list(data_files(file)) == [
        "figures/codebook.toml",
        "figures/sources.toml",
        "figures/raw/output.csv",
        "data/codebook.toml",
        "data/sources.toml",
    ]
    assert assembled(file)["output"].tolist() == [1, 2, 3, 4]


def test_a_raw_file_that_was_changed_stops_the_assembly(own_codebook: Path) -> None:
    (own_codebook / "figures" / "raw" / "output.csv").write_text(CSV.replace("4", "5"))
    with pytest.raises(ChecksumError, match=r"output\.csv"):
        assembled(read_study(own_codebook))


def test_a_shipped_panel_rests_on_the_files_of_its_variables(write_study: Write) -> None:
    named = set(data_files(read_study(write_study(("data=data", 'data="russia"')))))
    assert {"data/codebook.toml", "data/sources.toml", "data/raw/geo/region_names.csv"} <= named
    assert any("russia/" in name for name in named)
    assert not any("china/nbs" in name for name in named)


def test_a_function_may_read_all_shipped_files_and_the_inputs(write_study: Write) -> None:
    file = read_study(write_study(("seed=7", 'seed=7, inputs=("extra.csv",)')))
    found = data_files(file)
    assert found["extra.csv"] == file.folder / "extra.csv"
    assert {name.split("/")[2] for name in found if name.startswith("data/raw/")} >= {
        "china",
        "russia",
    }


def test_a_function_has_to_return_a_frame(write_study: Write) -> None:
    with pytest.raises(StudyError, match="returned int"):
        assembled(read_study(write_study(("data=data", "data=lambda: 3"))))


@pytest.mark.parametrize("frame", [small(), small().table])
def test_a_kept_frame_is_the_frame(frame: object, tmp_path: Path) -> None:
    path = tmp_path / "frame.pickle"
    assert kept_digest(path) is None
    keep_frame(frame, path)
    back = kept_frame(path)
    assert frame_digest(back) == frame_digest(frame) == kept_digest(path)
    assert type(back) is type(frame)
    if isinstance(back, PanelFrame):
        pd.testing.assert_frame_equal(back.table, small().table)
        assert back.origin("x").publications == small().origin("x").publications
        assert back.label("x", "zh") == "甲"


@pytest.mark.parametrize(
    "other",
    [
        small(note="a note"),
        small(filled=frozenset({("a", 1)})),
        small(unit="kg"),
        small().rows([True, False]),
        small(labels={"en": "Y"}),
    ],
)
def test_a_frame_that_says_something_else_has_another_digest(other: PanelFrame) -> None:
    assert frame_digest(other) != frame_digest(small())


def test_the_digest_does_not_depend_on_the_process() -> None:
    # Sets of texts are ordered by a hash that differs from process to process.
    lines = (
        "import pandas as pd; from panel.core.frame import PanelFrame;"
        "from panel.study.data import frame_digest;"
        "t = pd.DataFrame({'r': list('abcd'), 't': 1, 'x': 1.0});"
        "f = PanelFrame.from_pandas(t, unit='r', time='t');"
        "f = f.describe('x', filled=frozenset((r, 1) for r in 'abcd'));"
        "print(frame_digest(f))"
    )
    other = subprocess.run(
        [sys.executable, "-c", lines],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "1"},
    )
    table = pd.DataFrame({"r": list("abcd"), "t": 1, "x": 1.0})
    frame = PanelFrame.from_pandas(table, unit="r", time="t")
    frame = frame.describe("x", filled=frozenset((r, 1) for r in "abcd"))
    assert other.stdout.strip() == frame_digest(frame)
