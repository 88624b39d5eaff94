"""A picture, the figures behind it, and what it says to someone who cannot see it."""

from __future__ import annotations

import base64
import warnings
from dataclasses import dataclass
from html import escape
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure as Sheet

from panel.errors import FigureError, suggest
from panel.figures.style import pdf_font_type, print_style, set_fonts

# Metadata per format: the alternative text goes in, the date stays out, so that the same figure
# gives the same file.
_FORMATS = {
    ".png": ("Description", ()),
    ".svg": ("Title", ("Date",)),
    ".pdf": ("Subject", ("CreationDate",)),
}


@dataclass(frozen=True, eq=False, repr=False)
class Figure:
    """A finished picture.

    Parameters
    ----------
    figure : the matplotlib figure, to be changed further by whoever likes to.
    data : the numbers that are drawn, tidy.
    alt : alternative text for screen readers, in the language of the figure.
    """

    figure: Sheet
    data: pd.DataFrame
    alt: str

    def save(self, path: str | PathLike[str], *, dpi: float = 300) -> Path:
        """Write the picture as .png, .svg or .pdf, by extension; the same bytes every time.

        Parameters
        ----------
        path : the file; missing folders are made.
        dpi : dots per inch of a .png.

        Raises
        ------
        FigureError : another extension.
        """
        target = Path(path)
        suffix = target.suffix.lower()
        if suffix not in _FORMATS:
            raise FigureError(
                f"A figure cannot be written as {suffix or 'a file without extension'!r}.",
                variable="path",
                value=str(path),
                remedy=suggest(suffix, _FORMATS),
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(self._bytes(suffix, dpi))
        return target

    def _bytes(self, suffix: str, dpi: float) -> bytes:
        key, dates = _FORMATS[suffix]
        buffer: BinaryIO = BytesIO()
        metadata: dict[str, Any] = {key: self.alt, **dict.fromkeys(dates)}
        with print_style(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing")  # told when it was drawn
            mpl.rcParams["pdf.fonttype"] = pdf_font_type(self.figure)
            self.figure.savefig(buffer, format=suffix[1:], dpi=dpi, metadata=metadata)
        buffer.seek(0)
        return buffer.read()

    def __repr__(self) -> str:
        return f"Figure({self.alt})"

    def _repr_png_(self) -> bytes:
        return self._bytes(".png", 150)

    def _repr_html_(self) -> str:
        image = base64.b64encode(self._repr_png_()).decode("ascii")
        width = round(self.figure.get_figwidth() * 100)
        return (
            f'<img src="data:image/png;base64,{image}" alt="{escape(self.alt)}" '
            f'style="width:{width}px;max-width:100%;background:#fff">'
        )


def finished(figure: Sheet, data: pd.DataFrame, alt: str) -> Figure:
    """The picture with fonts that can draw its words; call it inside ``print_style``."""
    set_fonts(figure)
    return Figure(figure, data, alt)
