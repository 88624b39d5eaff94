"""Tables as Markdown."""

from __future__ import annotations

import pytest

from panel.tables.markdown import escape
from panel.tables.table import Table

MARKDOWN = r"""**Digital & green**

|  | Output\_a & b<br>(1) | Output\_a & b<br>(2) | CO2 \<t><br>(3) |
| :--- | :---: | :---: | :---: |
| Digital 100% | 0.123\*\*\* | -0.500\* |  |
|  | (0.013) | (0.250) |  |
| Year FE | Yes | No | Yes |
| N | 1,270 | 99 | 12 |

*Notes:* Standard errors in parentheses. \* p < 0.1, \*\*\* p < 0.01.
"""


def test_golden(small: Table) -> None:
    assert small.to_markdown() == MARKDOWN


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a|b", r"a\|b"),
        ("<script>", r"\<script>"),
        ("p < 0.1 & q", "p < 0.1 & q"),
        ("&lt;", r"\&lt;"),
        ("[x](y)", r"\[x\](y)"),
        ("`x_1`", r"\`x\_1\`"),
        ("$x$ \\", r"\$x\$ \\"),
    ],
)
def test_markup_is_made_plain(text: str, escaped: str) -> None:
    assert escape(text) == escaped
