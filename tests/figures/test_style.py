from __future__ import annotations

import warnings
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb, to_rgba

from panel.core.frame import PanelFrame
from panel.errors import PanelWarning
from panel.figures import style
from panel.figures.corrplot import corrplot
from panel.figures.style import COLOURS, LINES, MARKERS, fonts_for, ink_on
from panel.figures.trendplot import trendplot

needs_chinese = pytest.mark.skipif(
    bool(fonts_for("江西")[1]), reason="no font with Chinese characters is installed"
)


def test_settings_of_the_user_are_left_as_they_were(frame: PanelFrame, tmp_path: Path) -> None:
    mpl.rcParams["font.size"] = 17.5
    before, red = dict(mpl.rcParams), to_rgb("r")
    corrplot(frame, ["output", "share"]).save(tmp_path / "a.svg")
    assert dict(mpl.rcParams) == before
    assert to_rgb("r") == red == (1.0, 0.0, 0.0)
    mpl.rcParams["font.size"] = 10.0


def test_colours_marks_and_lines_all_differ() -> None:
    assert len(set(COLOURS)) == len(set(MARKERS)) == len(set(map(str, LINES))) == len(COLOURS)


@pytest.mark.parametrize(("fill", "ink"), [("#ffffd9", "#000000"), ("#081d58", "#ffffff")])
def test_letters_stand_out_from_their_ground(fill: str, ink: str) -> None:
    assert ink_on(to_rgba(fill)) == ink


def test_latin_and_cyrillic_need_one_font() -> None:
    assert fonts_for("Industrial output, Выпуск промышленности") == (["DejaVu Sans"], "")


@needs_chinese
def test_chinese_text_gets_a_font_that_has_it(frame: PanelFrame) -> None:
    picture = trendplot(frame, "output", language="zh")
    fonts = picture.figure.axes[0].yaxis.label.get_fontfamily()
    drawn = frozenset().union(*(style.charmap(f) for f in fonts))
    assert {ord(c) for c in "工业产出亿元"} <= drawn


def test_the_font_is_chosen_by_its_characters_not_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = {"DejaVu Sans": "ab", "Noto Sans CJK SC": "江", "Unheard of": "江西"}
    monkeypatch.setattr(style, "installed_fonts", lambda: frozenset(drawn))
    monkeypatch.setattr(style, "charmap", lambda font: frozenset(map(ord, drawn[font])))
    assert fonts_for("a 江") == (["DejaVu Sans", "Noto Sans CJK SC"], "")
    assert fonts_for("西") == (["Unheard of"], "")
    assert fonts_for("ab省") == (["DejaVu Sans"], "省")


def test_a_missing_chinese_font_is_named_once(
    frame: PanelFrame, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(style, "installed_fonts", lambda: frozenset({"DejaVu Sans"}))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        trendplot(frame, "output", language="zh").save(tmp_path / "a.png")
    told = [w for w in caught if issubclass(w.category, PanelWarning)]
    assert len(told) == 1
    for part in ("Noto Sans CJK SC", "fonts-noto-cjk", "PingFang", "Microsoft YaHei", "SimHei"):
        assert part in str(told[0].message)
    assert Path(told[0].filename) == Path(__file__)  # points at the user's line
    assert not [w for w in caught if "Glyph" in str(w.message)]


def test_other_missing_characters_are_named(
    frame: PanelFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(style, "installed_fonts", lambda: frozenset({"DejaVu Sans"}))
    odd = frame.describe("output", labels={"en": "Output \N{TIBETAN LETTER KA}"})
    with pytest.warns(PanelWarning, match="install a font that has these characters"):
        trendplot(odd, "output")


@needs_chinese
def test_pdf_embeds_fonts_as_readers_expect(frame: PanelFrame, tmp_path: Path) -> None:
    latin = trendplot(frame, "share", language="en").save(tmp_path / "en.pdf").read_bytes()
    assert b"/CIDFontType2" in latin
    assert b"/Type3" not in latin
    chinese = trendplot(frame, "share", language="zh")
    expected = style.pdf_font_type(chinese.figure)
    written = chinese.save(tmp_path / "zh.pdf").read_bytes()
    assert (b"/Type3" in written) == (expected == 3)
