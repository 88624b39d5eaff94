"""Every sentence stands in three languages and names the same things in each."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from panel.core import wording
from panel.core.sample import Dropped
from panel.core.wording import sentence
from panel.errors import DataError


def named(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field}


@pytest.mark.parametrize("kind", wording._SENTENCES)
def test_all_languages_name_the_same_fields(kind: str) -> None:
    english, chinese, russian = wording._SENTENCES[kind]
    assert named(english) == named(chinese) == named(russian)


@pytest.mark.parametrize(
    "kind", [k for k in wording._SENTENCES if k not in ("of", "stop", "where", "and")]
)
def test_each_language_is_written_in_its_script(kind: str) -> None:
    english, chinese, russian = wording._SENTENCES[kind]
    assert not re.search(r"[^\x00-\x7f–’]", english)
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert re.search(r"[а-яё]", russian)


def test_what_was_left_out_is_said_in_the_language_of_the_table() -> None:
    note = Dropped("missing", 9, "", ("CN-XZ", 2016), ("CN-XZ",), (("term", "software"),))
    assert str(note) == "9 rows left out: software is missing (CN-XZ)"
    assert note.reason == "software is missing"
    words = {"software": "软件收入", "CN-XZ": "西藏"}
    assert note.said("zh", words.__getitem__, words.__getitem__) == "剔除9行：软件收入缺失（西藏）"
    assert note.said("ru") == "Исключено строк: 9; нет значения: software (CN-XZ)"
    column = Dropped("collinear", column="x")
    assert str(column) == "x left out: collinear with the regressors before it"
    assert column.said("zh") == "剔除x：与前面的解释变量共线"


def test_many_regions_are_counted_and_the_first_is_named() -> None:
    note = Dropped("singleton", 7, "", ("e", 2011), tuple("abcde"))
    assert str(note).endswith("(5 regions, first e, 2011)")
    assert note.said("zh").endswith("（5个地区，首个为e，2011）")


def test_another_language_is_refused() -> None:
    with pytest.raises(DataError, match="language 'fr'"):
        sentence("missing", "fr", term="x")
