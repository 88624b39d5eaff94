"""What a study may declare."""

from __future__ import annotations

import pytest

from panel.errors import StudyError
from panel.study import Study


def plain(frame: object) -> None: ...


def with_year(frame: object, year: int) -> None: ...


def with_default(frame: object, year: int = 2020) -> None: ...


def declared() -> Study:
    study = Study(title="A paper", data="china")

    @study.table("table1", title="One")
    def one(frame): ...

    @study.figure("figure1", title="Two")
    def two(frame, rng): ...

    return study


def test_items_keep_the_order_of_declaration_and_know_their_files() -> None:
    one, two = declared().items
    assert (one.name, two.name) == ("table1", "figure1")
    assert one.files[:2] == ("tables/table1.tex", "tables/table1.docx")
    assert two.files == tuple(f"figures/figure1.{end}" for end in ("svg", "png", "pdf", "csv"))
    assert two.wants == ("frame", "rng")


def test_the_declared_function_stays_a_function() -> None:
    study = Study(title="A paper", data="china")

    @study.text("summary", title="Summary")
    def summary() -> str:
        return "as it was"

    assert summary() == "as it was"


def test_the_first_table_is_the_main_one_unless_another_is_named() -> None:
    study = declared()
    assert study.main_table == study.items[0]
    assert Study(title="A paper", data="china").main_table is None


def test_studies_do_not_share_items() -> None:
    declared()
    assert Study(title="Another", data="china").items == ()


@pytest.mark.parametrize("name", ["../table", "Table 1", "", "a/b", ".hidden"])
def test_a_name_that_cannot_be_a_file_name_is_refused(name: str) -> None:
    with pytest.raises(StudyError, match="cannot name a table"):
        Study(title="A paper", data="china").table(name, title="x")


def test_a_name_used_twice_is_refused() -> None:
    with pytest.raises(StudyError, match="two items called 'table1'"):
        declared().figure("table1", title="again")


def test_a_parameter_that_is_not_given_is_refused() -> None:
    study = Study(title="A paper", data="china")
    with pytest.raises(StudyError, match="wants 'year'") as caught:
        study.table("table1", title="x")(with_year)
    assert "frame, seed, rng" in str(caught.value)


def test_a_parameter_with_a_default_is_allowed() -> None:
    study = Study(title="A paper", data="china")
    study.table("table1", title="x")(with_default)
    assert study.items[0].wants == ("frame",)


def test_an_unknown_main_table_is_refused_with_suggestions() -> None:
    study = Study(title="A paper", data="china", main="tabel1")
    study.table("table1", title="x")(plain)
    with pytest.raises(StudyError, match="did you mean 'table1'"):
        _ = study.main_table


def test_parameters_are_given_to_the_functions_that_name_them() -> None:
    study = Study(title="A paper", data="china", parameters={"year": 2020, "names": ["a", "b"]})
    study.table("table1", title="x")(with_year)
    assert study.items[0].wants == ("frame", "year")
    assert study.parameters["names"] == ("a", "b")  # no task can change it for another


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"frame": 1}, "'frame' cannot name a parameter"),
        ({"a b": 1}, "'a b' cannot name a parameter"),
        ({"class": 1}, "'class' cannot name a parameter"),
        ({"x": {"a": 1}}, "which is no constant"),
        ({"x": [1, object]}, "which is no constant"),
        ({"x": float("nan")}, "which is no constant"),
    ],
)
def test_what_is_no_constant_is_refused_as_parameter(parameters: dict, said: str) -> None:
    with pytest.raises(StudyError, match=said):
        Study(title="A paper", data="china", parameters=parameters)


def test_data_may_take_parameters_and_nothing_else() -> None:
    Study(title="A paper", data=lambda start: start, parameters={"start": 2016})
    with pytest.raises(StudyError, match="'data' wants 'start'"):
        Study(title="A paper", data=lambda start: start)


def test_only_inputs_can_be_restricted() -> None:
    with pytest.raises(StudyError, match=r"did you mean 'secret\.csv'"):
        Study(title="A paper", data="china", inputs=("secret.csv",), restricted=("secrt.csv",))


def test_appendix_items_say_so() -> None:
    study = declared()
    study.table("a1", title="More", appendix=True)(plain)
    assert [item.appendix for item in study.items] == [False, False, True]
