"""Whatever is in a file: a table with figures of the file, or an error that says what to do."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.errors import PanelError, SourceError
from panel.sources import files, grid, workbook
from panel.sources.grid import grid_of
from panel.sources.yearbook import read_yearbook

CELLS = st.sampled_from(
    [*("", "", "", "北京", "天津", "Москва", "Beijing", "Georgia", "全国", "东部", "地区", "年份"),
     *("2019", "2020年", "2020", "1.5", "12,345", "1 234,5", "…", "-", "x", "①", "(5)", "12%"),
     *("单位：亿元", "地区生产总值(亿元)", "GDP", "注：①", "亿元", "в том числе:", "续表", "text"),
     *("1", "Unit: %", "110000", "指标", "备注", "#工业", "2019-12-31", "\n", '"', "value")]
)  # fmt: skip
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=9)


@settings(max_examples=80, deadline=None)
@given(TABLES, st.sampled_from(["\t", ";", ","]))
def test_any_table(rows: list[list[str]], delimiter: str) -> None:
    content = "\n".join(delimiter.join(row) for row in rows).encode()
    try:
        book = read_yearbook(content, year=2018, variable="v")
    except PanelError as error:
        if not error.remedy:
            raise
    else:
        assert len(book.table) > 0
        assert not book.table.duplicated(["region", "year", "variable"]).any()
        assert str(book.report)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<table"])
)
def test_any_bytes(content: bytes, start: bytes) -> None:
    with pytest.raises(PanelError) as raised:
        read_yearbook(start + content)
    assert raised.value.remedy


def test_an_archive_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "LARGEST_UNPACKED", 10_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 20_000)
    with pytest.raises(SourceError, match="unpacks to"):
        read_yearbook(out.getvalue())


def test_a_file_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 10)
    with pytest.raises(SourceError, match="a table may have"):
        read_yearbook(io.BytesIO(b"x" * 20))


def test_spans_that_claim_a_huge_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_CELLS", 20_000)
    monkeypatch.setattr(grid, "MOST_CELLS", 20_000)
    cell = b"<td rowspan=1000 colspan=1000>1</td>"
    rows = b"<tr>" + cell * 9 + b"</tr>" + b"<tr></tr>" * 10
    with pytest.raises(SourceError, match="may have 20,000 cells"):
        read_yearbook(b"<table>" + rows + b"</table>")


def test_a_sheet_of_too_many_cells() -> None:
    with pytest.raises(SourceError, match="3,000,000 rows"):
        grid_of([["1"]] * 3_000_000)


@pytest.mark.parametrize("source", ["https://example.org/a.csv", "/dev/zero", "..", 5])
def test_what_is_no_file(source: object) -> None:
    with pytest.raises(SourceError):
        read_yearbook(source)  # type: ignore[arg-type]
