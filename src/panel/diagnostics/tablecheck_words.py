"""What is said of a printed table that does not fit, in English, Chinese and Russian."""

from __future__ import annotations

from panel.core.column import LANGUAGES

_SENTENCES = {
    "headline": (
        "{n} checks, {wrong} of which do not fit.",
        "共检查 {n} 项，其中 {wrong} 项不一致。",
        "Проверок: {n}, из них не сходится: {wrong}.",
    ),
    "no stars": ("no stars", "无星号", "без звёздочек"),
    "cut": (
        " It fits if digits were cut off instead of rounded.",
        "若尾数是截去而非四舍五入，则一致。",
        " Сходится, если знаки отброшены, а не округлены.",
    ),
    "se": (
        "the standard error is printed as {printed}, but cannot be below zero.",
        "标准误印为 {printed}，但标准误不能为负。",
        "стандартная ошибка напечатана как {printed}, но она не может быть отрицательной.",
    ),
    "p range": (
        "p is printed as {printed}, but lies between 0 and 1.",
        "p 值印为 {printed}，但 p 值应在 0 与 1 之间。",
        "p напечатано как {printed}, но p лежит между 0 и 1.",
    ),
    "t": (
        "t is printed as {printed}, but the coefficient over its error is {low} to {high}.",
        "t 值印为 {printed}，但系数除以标准误应在 {low} 与 {high} 之间。",
        "t напечатано как {printed}, но отношение коэффициента к его ошибке — от {low} до {high}.",
    ),
    "p of ratio": (
        "p is printed as {printed}, but the coefficient and its error give {low} to {high}.",
        "p 值印为 {printed}，但由系数与标准误应得 {low} 至 {high}。",
        "p напечатано как {printed}, но по коэффициенту и его ошибке — от {low} до {high}.",
    ),
    "p of t": (
        "p is printed as {printed}, but t gives {low} to {high}.",
        "p 值印为 {printed}，但由 t 值应得 {low} 至 {high}。",
        "p напечатано как {printed}, но по t — от {low} до {high}.",
    ),
    "stars of ratio": (
        "{printed}, but by the coefficient and its error p is {low} to {high}.",
        "{printed}，但由系数与标准误，p 值应在 {low} 与 {high} 之间。",
        "{printed}, но по коэффициенту и его ошибке p — от {low} до {high}.",
    ),
    "stars of t": (
        "{printed}, but by t p is {low} to {high}.",
        "{printed}，但由 t 值，p 值应在 {low} 与 {high} 之间。",
        "{printed}, но по t значение p — от {low} до {high}.",
    ),
    "stars of p": (
        "{printed}, but p is printed as {low} to {high}.",
        "{printed}，但所印 p 值为 {low} 至 {high}。",
        "{printed}, но напечатанное p — от {low} до {high}.",
    ),
    "stars of limits": (
        "{printed}, but by the limits p is {low} to {high}.",
        "{printed}，但由置信区间，p 值应在 {low} 与 {high} 之间。",
        "{printed}, но по границам интервала p — от {low} до {high}.",
    ),
    "order": (
        "the lower limit {printed} is above the upper one.",
        "置信区间下限 {printed} 高于上限。",
        "нижняя граница {printed} выше верхней.",
    ),
    "middle": (
        "the coefficient is printed as {printed}, but the middle of its limits is {low} to {high}.",
        "系数印为 {printed}，但置信区间的中点在 {low} 与 {high} 之间。",
        "коэффициент напечатан как {printed}, но середина интервала — от {low} до {high}.",
    ),
    "width": (
        "the standard error is printed as {printed}, but the limits give {low} to {high}.",
        "标准误印为 {printed}，但由置信区间应得 {low} 至 {high}。",
        "стандартная ошибка напечатана как {printed}, но по границам — от {low} до {high}.",
    ),
    "nobs": (
        "{printed} observations are no whole number.",
        "观测值个数 {printed} 不是正整数。",
        "число наблюдений {printed} не целое.",
    ),
    "rsquared": (
        "R² is printed as {printed}, but cannot be above 1.",
        "R² 印为 {printed}，但不能大于 1。",
        "R² напечатан как {printed}, но не может быть больше 1.",
    ),
    "adjusted order": (
        "the adjusted R² {printed} is above R², which is at most {high}.",
        "调整 R² {printed} 高于 R²（至多 {high}）。",
        "скорректированный R² {printed} больше R² (не более {high}).",
    ),
    "adjusted": (
        "the adjusted R² is printed as {printed}, but R² and the observations give {low} to "
        "{high} at the nearest number of regressors.",
        "调整 R² 印为 {printed}，但由 R² 与观测值个数，在最接近的解释变量个数下，"
        "应在 {low} 与 {high} 之间。",
        "скорректированный R² напечатан как {printed}, но по R² и числу наблюдений при ближайшем "
        "числе регрессоров — от {low} до {high}.",
    ),
    "hint se": (
        "Everything fits if the numbers in brackets are standard errors.",
        "若括号内为标准误，则全部一致。",
        "Всё сходится, если в скобках стоят стандартные ошибки.",
    ),
    "hint t": (
        "Everything fits if the numbers in brackets are t statistics.",
        "若括号内为 t 值，则全部一致。",
        "Всё сходится, если в скобках стоят t-статистики.",
    ),
    "hint p": (
        "Everything fits if the numbers in brackets are p-values.",
        "若括号内为 p 值，则全部一致。",
        "Всё сходится, если в скобках стоят p-значения.",
    ),
}


def sentence(key: str, language: str, **values: object) -> str:
    """A sentence with its values in place."""
    return _SENTENCES[key][LANGUAGES.index(language)].format(**values)
