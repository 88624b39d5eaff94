"""The words of the tables in English, Chinese and Russian."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from panel.core.column import LANGUAGES
from panel.errors import TableError, suggest

_WORDS = {
    # every table
    "notes": ("Notes: ", "注：", "Примечания: "),
    "yes": ("Yes", "是", "Да"),
    "no": ("No", "否", "Нет"),
    "table": ("Table {n}: {title}", "表{n}　{title}", "Таблица {n} — {title}"),
    "stars": ("{mark} p < {level}", "{mark} p < {level}", "{mark} p < {level}"),
    "interpolated": (
        "{variable}: {n} of {total} figures are interpolated, not published.",
        "{variable}：{total}个数据中有{n}个为插值，非公布值。",
        "{variable}: интерполировано значений {n} из {total}; они не публиковались.",
    ),
    "infinite": (
        "{variable}: infinite figures left out: {n}.",
        "{variable}：剔除{n}个无穷值。",
        "{variable}: исключено бесконечных значений: {n}.",
    ),
    # regressions
    "depvar": ("Dependent variable: {name}", "被解释变量：{name}", "Зависимая переменная: {name}"),
    "(Intercept)": ("Constant", "常数项", "Константа"),
    # parts of a coefficient: names of lines, and what is in brackets
    "part": ("{term}, {what}", "{term}，{what}", "{term}, {what}"),
    "one b": ("coefficient", "系数", "коэффициент"),
    "one se": ("standard error", "标准误", "стандартная ошибка"),
    "one t": ("t statistic", "t值", "t-статистика"),
    "one p": ("p-value", "p值", "p-значение"),
    "low": ("95% CI, lower limit", "95%置信区间下限", "нижняя граница 95% ДИ"),
    "high": ("95% CI, upper limit", "95%置信区间上限", "верхняя граница 95% ДИ"),
    "b": ("Coefficients", "系数", "коэффициенты"),
    "se": ("Standard errors", "标准误", "стандартные ошибки"),
    "t": ("t statistics", "t值", "t-статистики"),
    "p": ("p-values", "p值", "p-значения"),
    "ci": ("95% confidence intervals", "95%置信区间", "95% доверительные интервалы"),
    "in ()": ("{what} in parentheses", "括号内为{what}", "В скобках — {what}"),
    "in []": ("{what} in brackets", "方括号内为{what}", "В квадратных скобках — {what}"),
    "below": ("{what} below the coefficients", "系数下方为{what}", "Под коэффициентами — {what}"),
    "beside": (
        "{what} beside the coefficients",
        "系数旁为{what}",
        "Рядом с коэффициентами — {what}",
    ),
    "controls": ("Controls", "控制变量", "Контрольные переменные"),
    "some": ("Some", "部分", "Частично"),
    "all": ("All", "全部", "Все"),
    "fixed effect": ("{name} FE", "{name}固定效应", "Фикс. эффекты: {name}"),
    "method": ("Method", "估计方法", "Метод"),
    "covariance": ("Standard errors", "标准误", "Стандартные ошибки"),
    "clusters": ("Clusters ({name})", "聚类数（{name}）", "Кластеров ({name})"),
    "errors": (
        "Standard errors: {covariance}",
        "标准误：{covariance}",
        "Стандартные ошибки: {covariance}",
    ),
    "columns": (
        "Columns {columns}: {note}",
        "第{columns}列：{note}",
        "Столбцы {columns}: {note}",
    ),
    "column": (
        "Column {columns}: {note}",
        "第{columns}列：{note}",
        "Столбец {columns}: {note}",
    ),
    "outside": (
        "Rows left out, outside the sample: {listed}.",
        "剔除样本范围外的行：{listed}。",
        "Исключены строки вне выборки: {listed}.",
    ),
    # statistics of a model
    "nobs": ("Observations", "观测值", "Наблюдений"),
    "n_units": ("Regions", "地区数", "Регионов"),
    "n_times": ("Years", "年份数", "Лет"),
    "rsquared": ("R²", "R²", "R²"),
    "rsquared with effects": (
        "R² (overall, incl. fixed effects)",
        "R²（总体，含固定效应）",
        "R² (общий, с фикс. эффектами)",
    ),
    "rsquared_within": ("R² (within)", "R²（组内）", "R² (внутригрупповой)"),
    "rsquared_adj": ("Adjusted R²", "调整R²", "Скорр. R²"),
    "rsquared_adj with effects": (
        "Adjusted R² (overall, incl. fixed effects)",
        "调整R²（总体，含固定效应）",
        "Скорр. R² (общий, с фикс. эффектами)",
    ),
    "rsquared_adj_within": (
        "Adjusted R² (within)",
        "调整R²（组内）",
        "Скорр. R² (внутригр.)",
    ),
    "rsquared_pseudo": ("Pseudo R²", "伪R²", "Псевдо-R²"),
    "depvar_mean": (
        "Mean of dependent variable",
        "被解释变量均值",
        "Среднее зависимой переменной",
    ),
    "rmse": ("RMSE", "均方根误差", "Корень из СКО"),
    "fvalue": ("F statistic", "F统计量", "F-статистика"),
    "loglik": ("Log-likelihood", "对数似然值", "Лог-правдоподобие"),
    "aic": ("AIC", "AIC", "AIC"),
    "bic": ("BIC", "BIC", "BIC"),
    # statistics of instruments
    "first_stage_f": ("First-stage F", "第一阶段F统计量", "F первого шага"),
    "cragg_donald_f": ("Cragg–Donald F", "Cragg–Donald F统计量", "F Крэгга — Дональда"),
    "kp_f": (
        "Kleibergen–Paap rk Wald F",
        "Kleibergen–Paap rk Wald F统计量",
        "rk F Клейбергена — Паапа",
    ),
    "kp_lm": (
        "Kleibergen–Paap rk LM",
        "Kleibergen–Paap rk LM统计量",
        "rk LM Клейбергена — Паапа",
    ),
    "kp_lm_p": (
        "Underidentification, p-value",
        "不可识别检验（p值）",
        "Недоидентификация (p-значение)",
    ),
    "effective_f": ("Effective F", "有效F统计量", "Эффективная F"),
    "hansen_j": ("Sargan–Hansen J", "Sargan–Hansen J统计量", "J Саргана — Хансена"),
    "hansen_p": (
        "Overidentification, p-value",
        "过度识别检验（p值）",
        "Сверхидентификация (p-значение)",
    ),
    "ar_f": ("Anderson–Rubin F", "Anderson–Rubin F统计量", "F Андерсона — Рубина"),
    "ar_p": (
        "Anderson–Rubin, p-value",
        "Anderson–Rubin检验（p值）",
        "Критерий Андерсона — Рубина (p-значение)",
    ),
    # descriptive statistics
    "variable": ("Variable", "变量", "Переменная"),
    "unit": ("Unit", "单位", "Единица"),
    "n": ("N", "观测值", "N"),
    "missing": ("Missing", "缺失", "Пропусков"),
    "mean": ("Mean", "均值", "Среднее"),
    "sd": ("SD", "标准差", "Ст. откл."),
    "sd_between": ("SD between", "组间标准差", "Ст. откл. между регионами"),
    "sd_within": ("SD within", "组内标准差", "Ст. откл. внутри регионов"),
    "min": ("Min", "最小值", "Мин."),
    "max": ("Max", "最大值", "Макс."),
    "p50": ("Median", "中位数", "Медиана"),
    "percentile": ("P{q}", "P{q}", "P{q}"),
    "decomposition": (
        "SD between: of the {unit} means; SD within: of the deviations from them.",
        "组间标准差为各{unit}均值的标准差，组内标准差为相对于该均值离差的标准差。",
        "Ст. откл. между регионами — средних ({unit}); внутри — отклонений от них.",
    ),
    # balance and cross-tables
    "difference": ("Difference", "差异", "Разность"),
    "equality": ("Equal means", "均值相等", "Равенство средних"),
    "normalised": ("Normalised", "标准化差异", "Нормир."),
    "SE": ("SE", "标准误", "Ст. ошибка"),
    "F": ("F", "F", "F"),
    "total": ("Total", "合计", "Всего"),
    "normalised means": (
        "Normalised: difference over the root of the mean of the two variances.",
        "标准化差异：差异除以两组方差均值的平方根。",
        "Нормир.: разность, делённая на корень из среднего двух дисперсий.",
    ),
    "one cluster": (
        "No test where a group has one cluster only.",
        "仅含一个聚类的组不作检验。",
        "Без проверки там, где в группе один кластер.",
    ),
    "shares": ("Percent of {of}.", "占{of}的百分比。", "В процентах от: {of}."),
    "of row": ("the row", "行合计", "итог строки"),
    "of column": ("the column", "列合计", "итог столбца"),
    "of all": ("all observations", "全部观测", "все наблюдения"),
    "means of": ("Means of {name}.", "{name}的均值。", "Средние: {name}."),
    # correlations
    "pearson": ("Pearson correlations", "Pearson相关系数", "Корреляции Пирсона"),
    "spearman": (
        "Spearman rank correlations",
        "Spearman秩相关系数",
        "Корреляции Спирмена",
    ),
    "pairs": (
        "{method}, pairwise complete observations (N = {n}).",
        "{method}，成对完整观测（N = {n}）。",
        "{method} по парам полных наблюдений (N = {n}).",
    ),
    "independence": (
        "p-values treat the observations as independent.",
        "p值假定各观测相互独立。",
        "p-значения вычислены для независимых наблюдений.",
    ),
}

# The keys of a panel, where the frame has no label for them.
_KEYS = {
    "province": ("Province", "省份", "Провинция"),
    "region": ("Region", "地区", "Регион"),
    "city": ("City", "城市", "Город"),
    "country": ("Country", "国家", "Страна"),
    "zone": ("Zone", "区域", "Зона"),
    "firm": ("Firm", "企业", "Фирма"),
    "industry": ("Industry", "行业", "Отрасль"),
    "unit": ("Unit", "个体", "Объект"),
    "year": ("Year", "年份", "Год"),
    "quarter": ("Quarter", "季度", "Квартал"),
    "month": ("Month", "月份", "Месяц"),
}

# What a covariance is called in English, as a pattern, and in Chinese and Russian.
_COVARIANCES = (
    (r"clustered by (.+)", "按{0}聚类", "кластеризованные по: {0}"),
    (
        r"heteroskedasticity-robust \((.+)\)",
        "异方差稳健（{0}）",
        "устойчивые к гетероскедастичности ({0})",
    ),
    (r"heteroskedasticity-robust", "异方差稳健", "устойчивые к гетероскедастичности"),
    (
        r"Driscoll-Kraay \((\d+) lags?\)",
        "Driscoll–Kraay（{0}阶滞后）",
        "Дрисколла — Края (лагов: {0})",
    ),
    (r"Newey-West \((\d+) lags?\)", "Newey–West（{0}阶滞后）", "Ньюи — Уэста (лагов: {0})"),
    (r"iid", "同方差且独立", "классические"),
)


def _position(language: str) -> int:
    if language not in LANGUAGES:
        raise TableError(
            f"Tables have no words in language {language!r}.",
            variable="language",
            value=language,
            remedy=suggest(language, LANGUAGES),
        )
    return LANGUAGES.index(language)


def words(key: str, language: str, **parts: Any) -> str:
    """The entry ``key`` in that language, filled in with ``parts``.

    Raises
    ------
    TableError : tables do not speak the language.
    """
    text = _WORDS[key][_position(language)]
    return text.format(**parts) if parts else text


def known(key: str) -> bool:
    """Whether there are words for it."""
    return key in _WORDS


def key_words(name: str, language: str) -> str:
    """A key of the panel ("province") in that language; as it stands where it is none."""
    entry = _KEYS.get(name.lower())
    return entry[_position(language)] if entry else name


def covariance_words(label: str, language: str, name_of: Callable[[str], str]) -> str:
    """What a covariance is called; ``name_of`` gives the label of a cluster variable."""
    at = _position(language)
    for pattern, *translations in _COVARIANCES:
        match = re.fullmatch(pattern, label)
        if match and at:
            joint = "和" if language == "zh" else ", "
            parts = [joint.join(map(name_of, g.split(" and "))) for g in match.groups()]
            return translations[at - 1].format(*parts)
    return label
