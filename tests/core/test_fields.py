"""Settings and other values as they show themselves in a notebook."""

from __future__ import annotations

from dataclasses import fields
from html.parser import HTMLParser

import pytest

import panel
from panel.core.fields import fields_as_html


def cells(html: str) -> dict[str, str]:
    """The rows of the table: name and text."""
    found: list[str] = []

    class Reader(HTMLParser):
        inside = False

        def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
            self.inside = tag in ("th", "td") or (self.inside and tag in ("br", "pre"))
            if tag in ("th", "td"):
                found.append("")

        def handle_endtag(self, tag: str) -> None:
            self.inside = self.inside and tag not in ("th", "td")

        def handle_data(self, data: str) -> None:
            if self.inside:
                found[-1] += data

    Reader().feed(html)
    return dict(zip(found[::2], found[1::2], strict=True))


VALUES = [
    panel.iid(), panel.hetero("HC3"), panel.cluster("province", "year"), panel.driscoll_kraay(2),
    panel.newey_west(1), panel.conley(cutoff_km=500, lat="lat", lon="lon"), panel.pcse(),
    panel.jackknife("province"), panel.cluster_bootstrap("province"), panel.SmallSample(),
    panel.tsls(), panel.liml(), panel.fuller(), panel.gmm(), panel.cue(), panel.parse("y ~ x | id"),
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda v: type(v).__name__)
def test_every_field_that_says_something_has_a_row(value):
    shown = cells(value._repr_html_())
    said = [f.name for f in fields(value) if getattr(value, f.name) not in (None, ())]
    assert list(shown) == said
    assert all(shown.values())
    assert type(value).__name__ in value._repr_html_()


def test_a_clustered_covariance():
    shown = cells(panel.cluster("province")._repr_html_())
    assert shown == {
        "variables": "province",
        "kind": "CR1",
        "small": "SmallSample(counted='nonnested', scale=True, groups='min')",
        "target": "equal",
    }


def test_what_an_estimate_gives(frame):
    estimate = panel.ols("y ~ x + z", frame, vcov=panel.cluster("province"))
    provenance = cells(estimate.provenance._repr_html_())
    assert provenance["formula"] == "y ~ x + z"
    assert provenance["dropped"] == "1 row left out: z is missing (p00)"
    assert "python: 3" in provenance["versions"]
    assert "seed" not in provenance
    cov = cells(estimate.cov._repr_html_())
    assert cov["df"] == "11"
    assert cov["clusters"] == "province: 12"
    assert f"{estimate.cov.matrix[0, 0]:.5f}"[:6] in cov["matrix"]
    assert cells(frame.columns["x"]._repr_html_()) == {}


def test_of_many_cells_the_first_are_named():
    filled = frozenset(("p00", year) for year in range(2000, 2030))
    shown = cells(panel.Column(unit="CNY", filled=filled)._repr_html_())
    assert shown["unit"] == "CNY"
    assert shown["filled"].endswith("... (30 in all)")
    assert shown["filled"].count("p00") == 12


def test_text_is_no_markup():
    html = fields_as_html(panel.parse("y ~ I(x < 2)"))
    assert "x &lt; 2" in html
    assert "x < 2" not in html
