"""Ugly yearbook files give exactly their figures, or say what is missing to read them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from panel.sources.yearbook import Yearbook, read_yearbook

sys.path.insert(0, str(Path(__file__).parent))
from corpus import CASES, Case


def read(case: Case, folder: Path) -> Yearbook:
    path = folder / case.name
    path.write_bytes(case.content)
    return read_yearbook(path, **case.options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_corpus(case: Case, tmp_path: Path) -> None:
    if case.needs and importlib.util.find_spec(case.needs) is None:
        pytest.skip(f"{case.needs} is not installed")
    if case.error is not None:
        with pytest.raises(case.error, match=case.match) as raised:
            read(case, tmp_path)
        assert type(raised.value) is case.error
        assert raised.value.remedy
        return
    book = read(case, tmp_path)
    table = book.table
    found = {
        (r["region"], r["year"], r["variable"]): None if r["value"] != r["value"] else r["value"]
        for r in table.to_dict("records")
    }
    assert found == case.expected
    units = dict(zip(table["variable"], table["unit"], strict=True))
    assert units | dict(case.units) == units
    assert tuple(dict.fromkeys(book.totals["name"])) == case.totals
    for (code, year), meaning in case.marks.items():
        row = table[(table["region"] == code) & (table["year"] == year)]
        assert meaning in row["meaning"].iloc[0]
    for code, footnote in case.footnotes.items():
        notes = table.loc[table["region"] == code, "footnote"]
        assert notes.str.contains(footnote, regex=False).any()
    for item, words in case.report.items():
        assert words in book.report[item]
