"""The words of the tables."""

from __future__ import annotations

import string

import pytest

from panel.errors import TableError
from panel.tables.words import _KEYS, _WORDS, covariance_words, key_words, words


def test_every_entry_says_the_same_in_three_languages() -> None:
    for key, entry in (_WORDS | _KEYS).items():
        fields = [{f for _, f, _, _ in string.Formatter().parse(text) if f} for text in entry]
        assert len(entry) == 3, key
        assert fields[0] == fields[1] == fields[2], key


def test_a_language_that_is_not_spoken_is_named() -> None:
    with pytest.raises(TableError, match="'de'"):
        words("notes", "de")


@pytest.mark.parametrize(
    ("label", "chinese", "russian"),
    [
        ("clustered by province", "按省份聚类", "кластеризованные по: Провинция"),
        (
            "clustered by province and year",
            "按省份和年份聚类",
            "кластеризованные по: Провинция, Год",
        ),
        (
            "heteroskedasticity-robust (HC1)",
            "异方差稳健（HC1）",
            "устойчивые к гетероскедастичности (HC1)",
        ),
        ("Driscoll-Kraay (2 lags)", "Driscoll–Kraay（2阶滞后）", "Дрисколла — Края (лагов: 2)"),
        ("iid", "同方差且独立", "классические"),
        ("some other kind", "some other kind", "some other kind"),
    ],
)
def test_covariances_are_translated(label: str, chinese: str, russian: str) -> None:
    assert covariance_words(label, "en", str) == label
    assert covariance_words(label, "zh", lambda n: key_words(n, "zh")) == chinese
    assert covariance_words(label, "ru", lambda n: key_words(n, "ru")) == russian
