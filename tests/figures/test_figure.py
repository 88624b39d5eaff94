from __future__ import annotations

import pickle
from pathlib import Path

import pandas as pd
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure as Sheet

from panel.core.frame import PanelFrame
from panel.errors import FigureError
from panel.figures.figure import Figure
from panel.figures.regionmap import regionmap
from panel.figures.trendplot import trendplot


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf"])
def test_two_runs_write_the_same_bytes(frame: PanelFrame, tmp_path: Path, suffix: str) -> None:
    tiles = pd.DataFrame({"row": 0, "col": range(5)}, index=[*frame.units, "CN-NX"])
    first = regionmap(frame, "output", 2022, tiles).save(tmp_path / f"a{suffix}")
    again = regionmap(frame, "output", 2022, tiles).save(tmp_path / f"b{suffix}")
    assert first.read_bytes() == again.read_bytes()
    start = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF"}[suffix]
    assert first.read_bytes().startswith(start)


def test_saving_twice_writes_the_same_bytes(frame: PanelFrame, tmp_path: Path) -> None:
    picture = trendplot(frame, "output", by="zone")
    assert (
        picture.save(tmp_path / "a.svg").read_bytes()
        == picture.save(tmp_path / "b.svg").read_bytes()
    )


def test_folders_are_made_and_the_path_is_returned(frame: PanelFrame, tmp_path: Path) -> None:
    target = tmp_path / "图 1" / "trend.svg"
    assert trendplot(frame, "output").save(target) == target
    assert target.stat().st_size > 0


def test_alt_text_goes_into_the_file_and_the_page(frame: PanelFrame, tmp_path: Path) -> None:
    picture = trendplot(frame, "output")
    svg = picture.save(tmp_path / "a.svg").read_text(encoding="utf-8")
    assert f"<title>{picture.alt}</title>" in svg
    assert "<dc:date>" not in svg
    assert f'alt="{picture.alt}"' in picture._repr_html_()
    assert picture._repr_png_().startswith(b"\x89PNG")
    assert repr(picture) == f"Figure({picture.alt})"


def test_markup_in_a_label_stays_text(frame: PanelFrame, tmp_path: Path) -> None:
    odd = frame.describe("output", labels={"en": '"><script>$x_1$</script>'}, unit="")
    picture = trendplot(odd, "output")
    assert "<script>" not in picture._repr_html_()
    assert "<script>" not in picture.save(tmp_path / "a.svg").read_text(encoding="utf-8")


def test_unknown_format_is_refused(frame: PanelFrame, tmp_path: Path) -> None:
    with pytest.raises(FigureError, match=r"\.svg"):
        trendplot(frame, "output").save(tmp_path / "a.svgz")
    with pytest.raises(FigureError, match="without extension"):
        trendplot(frame, "output").save(tmp_path / "a")


def test_nothing_is_left_open_in_pyplot(frame: PanelFrame) -> None:
    trendplot(frame, "output")._repr_png_()
    assert pyplot.get_fignums() == []


def test_a_figure_survives_pickling(frame: PanelFrame, tmp_path: Path) -> None:
    picture = trendplot(frame, "output")
    copy = pickle.loads(pickle.dumps(picture))
    assert isinstance(copy, Figure)
    assert (
        copy.save(tmp_path / "a.png").read_bytes() == picture.save(tmp_path / "b.png").read_bytes()
    )


def test_a_figure_of_ones_own_can_be_saved(tmp_path):
    sheet = Sheet()
    sheet.subplots().set_title("A title")  # in matplotlib's own font, sans-serif
    Figure(sheet, pd.DataFrame({"x": [1]}), "A title").save(tmp_path / "own.pdf")
    assert (tmp_path / "own.pdf").read_bytes().startswith(b"%PDF")
