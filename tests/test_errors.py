"""Errors stay short whatever stands in the wrong place."""

from __future__ import annotations

import pytest

import panel
from panel.errors import DataError, PanelError, suggest


@pytest.fixture(scope="module")
def china() -> panel.PanelFrame:
    return panel.load("china")


def test_an_estimate_in_the_wrong_place_is_named_by_its_type(china: panel.PanelFrame) -> None:
    model = panel.ols("gdp ~ computers | province", china)
    for call in (
        lambda: panel.cluster(model),
        lambda: panel.hetero(model),
        lambda: panel.driscoll_kraay(model),
        lambda: panel.regtable(model, style=model),
        lambda: panel.beta_convergence(china, "gdp", periods=model),
    ):
        with pytest.raises(PanelError) as error:
            call()
        assert "Estimate" in error.value.message
        assert "\n" not in error.value.message
        assert len(error.value.message) < 200


def test_tables_and_series_are_named_by_their_type(china: panel.PanelFrame) -> None:
    for given, kind in ((china.data, "DataFrame"), (china["gdp"], "Series")):
        error = DataError(f"There is no style {given!r}.", value=given)
        assert error.message == f"There is no style an object of type {kind}."
        assert error.value is given
    lines = "several\nlines"
    assert lines in DataError(f"Text {lines}.", value=lines).message


def test_suggestions() -> None:
    assert suggest("gpd", ["gdp", "population"]) == "did you mean 'gdp'?"
    assert suggest("x", []) == "there are no names to choose from"
