"""One style for every figure: sizes, colours, marks and fonts that survive print.

The colours are those of Okabe and Ito (2008, "Color Universal Design"), which colour-blind
readers tell apart; markers, line styles and hatches carry the same distinction in black and white.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import seaborn
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Sheet
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

from panel.errors import PanelWarning
from panel.figures.wording import ems

WIDTH = 6.3  # inches: the text block of an A4 or Letter page with usual margins
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
HATCH = "////"  # what is missing
GREY, PALE = "#767676", "#ececec"
SEQUENTIAL, DIVERGING = "YlGnBu", "vlag"  # lightness says the size, so grey prints work

# DejaVu Sans comes with matplotlib and has Latin and Cyrillic, so those pictures are the same on
# every machine. The others have Chinese: Linux first, then Windows, then macOS.
_FONTS = (
    "DejaVu Sans",
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    "Microsoft YaHei", "SimHei", "DengXian",
    "PingFang SC", "Hiragino Sans GB", "Heiti SC", "Heiti TC", "STHeiti", "Arial Unicode MS",
    "Noto Sans CJK JP",
)  # fmt: skip
_CHINESE = (
    "install Noto Sans CJK SC (Debian and Ubuntu: apt install fonts-noto-cjk; Fedora: "
    "google-noto-sans-cjk-fonts); macOS ships PingFang SC and Windows Microsoft YaHei or SimHei"
)
_RC: dict[Any, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.0,
    "axes.labelsize": 8.0,
    "axes.titlesize": 9.0,
    "axes.titlelocation": "left",
    "figure.titlesize": 9.0,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
    "lines.linewidth": 1.4,
    "lines.markersize": 4.0,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "hatch.linewidth": 0.5,
    "figure.dpi": 150.0,
    "savefig.dpi": 300.0,
    "savefig.bbox": None,
    "svg.fonttype": "path",  # the same letters on every machine
    "svg.hashsalt": "regpanel",  # the same file from the same figure
}


@contextmanager
def print_style() -> Iterator[None]:
    """Our settings inside the block; the user's own are back after it."""
    with mpl.rc_context():
        # color_codes would redefine "r", "g", "b" for the whole process, outside rcParams.
        seaborn.set_theme(context="paper", style="ticks", color_codes=False)
        mpl.rcParams.update(_RC)  # after set_theme, which resets fonts
        yield


def sheet(width: float, height: float) -> tuple[Sheet, Axes]:
    """An empty sheet of that size in inches with one set of axes; pyplot does not see it."""
    figure = Sheet(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def sheets(
    width: float, height: float, rows: int, columns: int = 1, **how: Any
) -> tuple[Sheet, list[Axes]]:
    """The same with several sets of axes, row by row; ``how`` as for ``Figure.subplots``."""
    figure = Sheet(figsize=(width, height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, **how)
    return figure, list(axes.flat)


def look(position: int) -> tuple[str, str, bool]:
    """Colour, marker and whether it is filled, of the first, second ... of several: 98 differ."""
    k = position % len(COLOURS)
    marker = MARKERS[(k + position // len(COLOURS)) % len(MARKERS)]
    return COLOURS[k], marker, k % 2 == 0


def legend_below(figure: Sheet, axes: Axes) -> None:
    """The legend under the axes, where it hides no data; none if nothing has a label."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        columns = legend_columns(labels, 72 * figure.get_figwidth())
        figure.legend(handles, labels, loc="outside lower center", ncols=columns)


def legend_columns(labels: list[str], points: float) -> int:
    """How many entries of a legend stand beside one another in so many points."""
    # Mark, gap and space between columns take about five more units of the font size.
    widest = mpl.rcParams["legend.fontsize"] * (5 + max(map(ems, labels)))
    return max(1, min(len(labels), int(points / widest)))


def fitting_size(texts: Iterable[str], points: float, largest: float) -> float:
    """Font size, at most ``largest``, at which every text is no wider than that many points."""
    widest = max(map(ems, texts), default=0.0)
    return min(largest, points / widest) if widest > 0 else largest


def ink_on(fill: tuple[float, ...]) -> str:
    """Black or white, whichever stands out from the colour (red, green, blue from 0 to 1).

    Source: contrast ratio and relative luminance as defined by WCAG 2.2; both inks have the same
    contrast at a luminance of 0.179.
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in fill[:3]]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if luminance > 0.179 else "#ffffff"


def installed_fonts() -> frozenset[str]:
    """Names of the fonts that matplotlib finds; its last-resort font draws boxes, so without it."""
    names = font_manager.fontManager.get_font_names()
    return frozenset(n for n in names if "Last Resort" not in n)


@lru_cache(maxsize=64)
def charmap(font: str) -> frozenset[int]:
    """Code points that an installed font can draw."""
    return frozenset(_font(font).get_charmap())


def _font(name: str) -> FT2Font:
    # In a list: alone, the text is read as a pattern, in which the hyphen of sans-serif is a sign.
    return font_manager.get_font(font_manager.findfont(font_manager.FontProperties(family=[name])))


def fonts_for(text: str) -> tuple[list[str], str]:
    """Installed fonts that together draw the text, in order, and the characters none of them has.

    A font counts by what its character map holds, not by its name.
    """
    installed = installed_fonts()
    preferred = [f for f in _FONTS if f in installed]
    others = sorted(installed - set(preferred))
    left = {c for c in text if c.isprintable() and not c.isspace()}
    chosen: list[str] = []
    for font in preferred + others:
        if not left:
            break
        if found := {c for c in left if ord(c) in charmap(font)}:
            chosen.append(font)
            left -= found
    return chosen or preferred[:1], "".join(sorted(left))


def pdf_font_type(figure: Sheet) -> int:
    """42 (whole TrueType outlines, as journals want) unless a font has cubic ones, then 3.

    matplotlib writes the cubic outlines of Noto Sans CJK as if they were TrueType, which some
    readers of PDF refuse.
    """
    names = {name for text in figure.findobj(Text) for name in text.get_fontfamily()}
    tables = (_font(name).get_sfnt_table("maxp") for name in sorted(names))
    # Version 0.5 of this table says cubic outlines (OpenType specification, "maxp").
    return 3 if any(table is not None and table["version"][0] < 1 for table in tables) else 42


def lay_out(figure: Sheet) -> None:
    """Give everything its place; what fonts lack is said once, by :func:`set_fonts`."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.draw_without_rendering()


def set_fonts(figure: Sheet) -> None:
    """Give every text of the figure fonts that can draw it; warn if there are none."""
    lay_out(figure)  # puts the words on the axes
    texts = figure.findobj(Text)
    fonts, missing = fonts_for("".join(t.get_text() for t in texts))
    for text in texts:
        text.set_fontfamily(fonts)
    if missing:
        chinese = any(0x2E80 <= ord(c) <= 0x9FFF or 0xFF00 <= ord(c) <= 0xFFEF for c in missing)
        warnings.warn(
            f"No installed font can draw {missing[:12]!r}"
            f"{' and others' if len(missing) > 12 else ''}; the picture shows boxes instead. "
            f"Remedy: {_CHINESE if chinese else 'install a font that has these characters'}.",
            PanelWarning,
            stacklevel=4,
        )
