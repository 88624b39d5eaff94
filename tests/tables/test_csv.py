"""Tables for machines."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from panel.tables.table import Table

CSV = """\
,(1),(2),(3)
Digital 100%,0.1234,-0.5,
"Digital 100%, standard error",0.0125,0.25,
Year FE,Yes,No,Yes
N,1270,99,12
# Digital & green
# Notes: Standard errors in parentheses. * p < 0.1, *** p < 0.01.
"""


def test_golden(small: Table) -> None:
    assert small.to_csv() == CSV


def test_pandas_reads_it_back_in_full_precision() -> None:
    df = pd.DataFrame({"x": [1 / 3, 1e-17], "n": [1, 2]}, index=["a", "b"])
    table = Table.from_pandas(df, notes=["A note, with a comma."])
    again = pd.read_csv(io.StringIO(table.to_csv()), comment="#", index_col=0)
    pd.testing.assert_frame_equal(again, df, check_exact=True, check_names=False)


def test_no_text_is_a_formula() -> None:
    table = Table.from_pandas(pd.DataFrame({"=1+1": ["@x", "-x", "+x", "＝x"]}), digits=1)
    lines = table.to_csv().splitlines()
    assert lines == [",'=1+1", "0,'@x", "1,'-x", "2,'+x", "3,'＝x"]


def test_the_file_opens_in_excel_as_utf8(small: Table, tmp_path: Path) -> None:
    assert small.save(tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf,(1)")
