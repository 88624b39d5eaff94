"""Mistakes in a codebook are named by entry, key and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from panel.errors import SourceError
from panel.sources.assemble import assemble
from panel.sources.catalogue import data_root
from panel.sources.codebook import read_codebook

VARIABLE = '\n[panels.test.variables.new]\nlabel = { en = "New" }\n'
INDEX = '\n[panels.test.indices.new]\nlabel = { en = "New" }\n'
WEIGHED = 'indicators = { gdp = "+", va = "-" }\n'
EQUAL = 'weights = "equal_weights()"\n'
NESTED = EQUAL + 'indicators = { size = { gdp = "+" }, share = { va = "-" } }\n'


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (VARIABLE + 'expr = "gdp"\nuint = "亿元"\n', "did you mean 'unit'"),
        (VARIABLE + 'expr = "gpd / population"\n', "did you mean 'gdp'"),
        (VARIABLE + "expr = \"__import__('os')\"\n", "'__import__' may not be called"),
        (VARIABLE + 'expr = "1 + 2"\n', "uses no variable"),
        (VARIABLE + 'expr = "gdp /"\n', r"\[panels.test.variables.new\]"),
        (VARIABLE + 'expr = "new + gdp"\n', "computed from itself"),
        (VARIABLE, "says nothing about where the figures come from"),
        (VARIABLE + 'expr = "gdp"\nfile = "accounts.csv"\n', "has file and expr"),
        (VARIABLE + 'expr = "gdp"\nlatest_by = "x"\n', "'latest_by' is not known here"),
        (VARIABLE + 'file = "accounts.csv"\n', "key 'column' is missing"),
        (VARIABLE + 'expr = "gdp"\nunit = "亿圆"\n', "Unit '亿圆' is not known"),
        (VARIABLE + 'expr = "gdp"\ninterpolate = "spline"\n', "no way to interpolate"),
        (VARIABLE + 'expr = "gdp"\nnote = 3\n', "'note' is 3, not text in quotes"),
        (VARIABLE + "chain = {}\n", "key 'level' is missing"),
        (VARIABLE + "parts = []\n", "no parts"),
        (VARIABLE + 'file = "a"\ncolumn = "b"\nyears = [2021, 2019]\n', "first and the last year"),
        (VARIABLE + 'file = "a"\ncolumn = "b"\nvalues = { x = "y" }\n', "add text = true"),
        ('\n[panels.test.variables.year]\nlabel = { en = "Y" }\nexpr = "gdp"\n', "is taken"),
        ('\n[panels.test.variables.a-b]\nlabel = { en = "Y" }\nexpr = "gdp"\n', "in a formula"),
        ('\n[panels.test.variables.new]\nlabel = { zh = "新" }\nexpr = "gdp"\n', "English label"),
        (INDEX + 'method = "pca"\nindicators = { gdp = "+" }\n', 'method = "entropy"'),
        (INDEX + 'method = "entropy"\nindicators = { gdp = "up" }\n', "direction of 'gdp' is 'up'"),
        (INDEX + 'method = "entropy"\nindicators = { gpd = "+" }\n', "did you mean 'gdp'"),
        (INDEX + 'method = "entropy"\n', "no indicators"),
        (INDEX + WEIGHED + 'weights = "entropy"\n', "'entropy' is not known here"),
        (INDEX + WEIGHED + 'weights = "entropy_weights"\n', r"write entropy_weights\(\)"),
        (INDEX + WEIGHED + 'weights = "entropy_weights(2)"\n', "The shift 2 is not"),
        (INDEX + WEIGHED + 'weights = "entropy_weights(shfit=0)"\n', "its form is entropy_weights"),
        (INDEX + WEIGHED + 'weights = "topsis()"\n', "'topsis' is not known here"),
        (INDEX + WEIGHED + 'weights = "0.5"\n', "'0.5' is no way to do it"),
        (INDEX + WEIGHED + 'weights = "entropy_weights("\n', "not written as in Python"),
        (INDEX + WEIGHED + "weights = \"__import__('os')\"\n", "'__import__' is not known here"),
        (INDEX + WEIGHED + 'weights = "entropy_weights(1 if 1 else 0)"\n', "is no number"),
        (INDEX + WEIGHED + EQUAL + 'scale = "minmax()"\n', "'min_max'"),
        (INDEX + WEIGHED, "key 'weights' is missing"),
        (INDEX + WEIGHED + 'standardise = "pooled"\n', "goes with method"),
        (INDEX + WEIGHED + 'method = "entropy"\nscale = "z_score()"\n', "has method and scale"),
        (
            INDEX + WEIGHED + 'weights = "equal_weights()"\nbetween = "equal_weights()"\n',
            "no subsys",
        ),
        (
            INDEX + EQUAL + 'indicators = { a = { gdp = "+" }, va = "+" }\n',
            "Subsystem 'va'",
        ),
        (
            INDEX + EQUAL + 'indicators = { gdp = { va = "+" } }\n',
            "'gdp' is taken",
        ),
        (
            INDEX + NESTED + 'subsystems = { sise = { en = "Size" } }\n',
            "'sise' is not known here.\n.*did you mean 'size'",
        ),
        ('\n[panels.other]\nlabel = "O"\nunit = "u"\n', "'years' is missing"),
        ("\n[panels.test\n", "not valid TOML"),
    ],
)
def test_mistakes(project: Callable[..., Path], add: str, message: str) -> None:
    with pytest.raises(SourceError, match=message) as error:
        read_codebook(project(add))
    assert "codebook.toml" in error.value.message
    assert error.value.remedy


def test_a_label_is_english_or_stands_by_language(project: Callable[..., Path]) -> None:
    new = '\n[panels.test.variables.new]\nlabel = "R&D"\nunit = "亿元"\nexpr = "gdp"\n'
    frame = assemble(project(new))
    assert frame.label("new") == frame.label("new", "zh") == "R&D"
    bare = project('\n[panels.test.variables.new]\nexpr = "gdp"\n')
    with pytest.raises(SourceError, match="English label is missing") as error:
        assemble(bare)
    assert 'label = "..."' in str(error.value.remedy)


def test_a_circle_through_several_variables(project: Callable[..., Path]) -> None:
    circle = "".join(
        f'\n[panels.test.variables.{a}]\nlabel = {{ en = "x" }}\nexpr = "{b} + 1"\n'
        for a, b in (("p", "q"), ("q", "r"), ("r", "p"))
    )
    with pytest.raises(SourceError, match="computed from itself"):
        read_codebook(project(circle))


def test_two_files_for_one_year(project: Callable[..., Path]) -> None:
    part = '[[panels.test.variables.new.parts]]\nfile = "accounts.csv"\ncolumn = "x"\n'
    both = VARIABLE + part + "years = [2016, 2019]\n" + part
    with pytest.raises(SourceError, match=r"\[2019\] come from two files"):
        read_codebook(project(both + "years = [2019, 2020]\n"))
    with pytest.raises(SourceError, match="its own years"):
        read_codebook(project(both))


def test_panels_by_name(project: Callable[..., Path]) -> None:
    book = read_codebook(project())
    assert book.panel().name == "test"
    with pytest.raises(SourceError, match="did you mean 'test'"):
        book.panel("tset")
    other = '\n[panels.other]\nlabel = "O"\nunit = "u"\nyears = [1, 2]\n'
    with pytest.raises(SourceError, match="which panel is the default"):
        read_codebook(project(other)).panel()


def test_missing_codebook(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no file codebook\.toml"):
        read_codebook(tmp_path / "codebook.toml")


def test_estimates_of_co2_are_called_academic_and_their_maker_is_named() -> None:
    china = read_codebook(data_root() / "codebook.toml").panel("china")
    named = {**china.variables, **china.indices}
    for name in ("co2_apparent", "co2_sectoral", "co2_intensity", "green_index_co2"):
        assert "CEADs, an academic estimate, not official" in named[name].note["en"], name


def test_shipped_variables_are_labelled_in_three_languages() -> None:
    for panel in read_codebook(data_root() / "codebook.toml").panels.values():
        for entry in (*panel.variables.values(), *panel.indices.values()):
            assert set(entry.label) == {"en", "zh", "ru"}, (panel.name, entry.name)
            assert all(entry.label.values()), (panel.name, entry.name)


def test_shipped_notes_stand_in_three_languages() -> None:
    for panel in read_codebook(data_root() / "codebook.toml").panels.values():
        for entry in (*panel.variables.values(), *panel.indices.values()):
            assert set(entry.note) in (set(), {"en", "zh", "ru"}), (panel.name, entry.name)


def test_a_note_is_english_or_stands_by_language(project: Callable[..., Path]) -> None:
    variable = "\n[panels.test.variables.{}]\nlabel = {{ en = 'N' }}\nunit = '亿元'\n"
    variable += "expr = 'gdp'\nnote = {}\n"
    both = variable.format("one", "'Current prices.'") + variable.format(
        "two", "{ en = 'Current prices.', zh = '现价。' }"
    )
    frame = assemble(project(both))
    assert frame.columns["one"].note_in("zh") == "Current prices."
    assert frame.columns["two"].note_in("zh") == "现价。"
    assert frame.columns["two"].note == "Current prices."
    with pytest.raises(SourceError, match="the English note is missing"):
        read_codebook(project(variable.format("three", "{ zh = '现价。' }")))


def test_labels_of_values_are_of_values_that_there_are(project: Callable[..., Path]) -> None:
    entry = VARIABLE + 'text = true\nfile = "a"\ncolumn = "b"\nvalues = { x = "East" }\n'
    book = read_codebook(
        project(entry + 'value_labels = { East = { en = "East", zh = "东部" } }\n')
    )
    labels = next(iter(book.panels.values())).variables["new"].value_labels
    assert labels["East"]["zh"] == "东部"
    with pytest.raises(SourceError, match="'Eest' is no value of it"):
        read_codebook(project(entry + 'value_labels = { Eest = "东部" }\n'))
