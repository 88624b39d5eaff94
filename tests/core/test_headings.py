"""Headings of results in three languages."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.headings import headed
from panel.core.test import Test
from panel.errors import DataError


def test_what_is_known_is_translated_and_the_rest_stays():
    table = pd.DataFrame({"a": [1.0], "b": [2.0]}, index=pd.Index([2020], name="year"))
    words = {"a": ("First", "第一", "Первый")}
    assert list(headed(table, words, "zh")) == ["第一", "b"]
    assert headed(table, words, "zh").index.name == "年份"
    assert headed(table, words).index.name == "year"
    assert list(table) == ["a", "b"]
    with pytest.raises(DataError, match="no headings in 'fr'") as caught:
        headed(table, words, "fr")
    assert caught.value.remedy


def test_a_test_is_called_by_its_name_in_papers():
    plain = Test("Hausman test", 3.2, 0.07, "chi2", "effects are random", (1.0,))
    assert plain.labelled("zh").iloc[0, 0] == "Hausman检验"
    assert plain.labelled("ru").iloc[0, 0] == "Тест Хаусмана"
    assert list(plain.labelled("ru")) == ["Тест", "Статистика", "Распределение", "p-значение"]
    assert list(plain.labelled())[-1] == "Null hypothesis"
    rare = Test("Some test", 3.2, 0.07, "chi2", "nothing")
    assert rare.labelled("zh").iloc[0, 0] == "Some test"


@pytest.fixture(scope="module")
def results():
    draw = np.random.default_rng(1)
    keys = [(f"p{i:02d}", 2010 + t) for i in range(24) for t in range(8)]
    data = pd.DataFrame(keys, columns=["province", "year"])
    data["zone"] = np.where(data["province"].str[1:].astype(int) % 2, "East", "West")
    for name in "xzv":
        data[name] = draw.normal(size=len(data))
    data["d"] = data["v"] + 0.5 * draw.normal(size=len(data))
    data["y"] = data["x"] + 0.3 * data["z"] + data["d"] + draw.normal(size=len(data))
    frame = panel.PanelFrame.from_pandas(data, "province", "year")
    short, full = panel.ols("y ~ x | province", frame), panel.ols("y ~ x + z | province", frame)
    return {
        "chow": panel.chow(full, "zone"),
        "wald": panel.wald(full, "x = z"),
        "oster": panel.oster(short, full),
        "permutation": panel.permutation_difference(full, "zone", draws=9),
        "compare": panel.compare({"x": "1.23 (0.4)", "nobs": "192"}, full),
        "weak": panel.weak_instruments(panel.iv("y ~ x | province | d ~ v", frame)),
        "hausman": panel.hausman(short, panel.random_effects("y ~ x", frame)),
    }


GROUPS = {"East", "West"}


@pytest.mark.parametrize("language", ["zh", "ru"])
@pytest.mark.parametrize(
    "name", ["chow", "wald", "oster", "permutation", "compare", "weak", "hausman"]
)
def test_every_heading_is_in_the_language(name, language, results):
    shown = results[name].labelled(language)
    letters = {"zh": r"[\u4e00-\u9fff]|R²", "ru": r"[\u0400-\u04ff]|R²"}[language]
    assert [c for c in shown if c not in GROUPS and not re.search(letters, c)] == []
    english = results[name].labelled()
    assert english.shape == shown.shape
    assert not english.columns.isin(["std_error", "p_value", "quantity", "verdict"]).any()
    panel.Table.from_pandas(shown).to_markdown()  # as a table of a paper


def test_words_in_the_cells_are_translated(results):
    assert list(results["oster"].labelled("zh").iloc[:, 0])[:2] == ["不含控制变量", "含控制变量"]
    assert set(results["compare"].labelled("ru")["Вывод"]) <= {"совпадает", "расходится", "нет"}
    assert "有效F统计量" in set(results["weak"].labelled("zh").iloc[:, 0])


def test_html_sets_words_left_and_numbers_with_few_digits(results):
    page = results["compare"]._repr_html_()
    assert '<td style="text-align:left">se(x)</td>' in page
    assert '<th scope="col" style="text-align:left">Verdict</th>' in page
    assert "<td>192</td>" in page
    numbers = re.findall(r"<td>(-?\d+\.\d+)</td>", results["weak"]._repr_html_())
    assert len(numbers) > 10
    assert max(len(re.sub(r"^0\.0*|\D", "", v)) for v in numbers) <= 4
