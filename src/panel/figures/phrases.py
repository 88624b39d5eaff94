"""Every phrase of the figures in English, Chinese and Russian: a table, so longer than a module."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str, str]] = {
    "quartiles": ("Interquartile range", "四分位距", "Межквартильный размах"),
    "range": ("Minimum to maximum", "最小值至最大值", "От минимума до максимума"),
    "mean": ("Mean of {n} regions", "{n}个地区均值", "Среднее по регионам (n = {n})"),
    "group": (
        "{group}: mean of {n} regions",
        "{group}：{n}个地区均值",
        "{group}: среднее (n = {n})",
    ),
    "interval": (
        "Estimate and {level}% confidence interval",
        "估计值及{level}%置信区间",
        "Оценка и {level}%-й доверительный интервал",
    ),
    "in year": ("{what}, {year}", "{what}，{year}年", "{what}, {year}"),
    "no figure": ("No figure: {which}", "无数据：{which}", "Нет данных: {which}"),
    "no tile": ("Not on the grid: {which}", "未列入格网：{which}", "Вне сетки: {which}"),
    "regions": ("{n} regions", "{n}个地区", "регионов {n}"),
    "complete": ("Complete", "完整", "Все данные"),
    "n of k": ("{n} of {k} variables", "{k}个变量中的{n}个", "Показателей: {n} из {k}"),
    "share there": (
        "Share of {k} variables that have a figure",
        "{k}个变量中有数据的比例",
        "Доля показателей с данными (всего {k})",
    ),
    "variables": ("{n} variables", "{n}个变量", "показателей: {n}"),
    "nothing": ("A row without figures", "有记录无数据", "Строка без данных"),
    "no row": ("No row", "无记录", "Нет строки"),
    "correlation": (
        "Pearson correlation ({n} rows)",
        "皮尔逊相关系数（{n}行）",
        "Корреляция Пирсона (n = {n})",
    ),
    "alt trend": (
        "Line chart of {what}, {first} to {last}. {lines}.",
        "{what}折线图，{first}—{last}年。{lines}。",
        "Линейный график: {what}, {first}–{last}. {lines}.",
    ),
    "alt line": (
        "{series}: from {start} to {end}",
        "{series}：从{start}到{end}",
        "{series}: от {start} до {end}",
    ),
    "alt map": (
        "Tile map of {what}: {n} regions, from {low} ({lowest}) to {high} ({highest}).",
        "格网地图：{what}。{n}个地区，从{low}（{lowest}）到{high}（{highest}）。",
        "Плиточная карта: {what}; регионов: {n}, от {low} ({lowest}) до {high} ({highest}).",
    ),
    "alt coefficients": (
        "Coefficient plot of {terms} in {models} with {level}% confidence intervals. {finding}.",
        "系数图：{terms}；模型：{models}；{level}%置信区间。{finding}。",
        "График коэффициентов: {terms}; модели: {models}; {level}%-е доверительные интервалы. "
        "{finding}.",
    ),
    "alt excludes": (
        "Intervals that exclude zero: {cases}",
        "不含零的区间：{cases}",
        "Интервалы без нуля: {cases}",
    ),
    "alt none excludes": (
        "Every interval includes zero",
        "所有区间均包含零",
        "Все интервалы содержат ноль",
    ),
    "alt status": (
        "Share of {what} that have figures, by region and year, {first} to {last}: {complete} "
        "cells complete, {partly} partly missing, {none} without a row.",
        "{what}中有数据的比例（地区×年份，{first}—{last}年）：完整{complete}格，部分缺失{partly}格，"
        "无记录{none}格。",
        "Доля показателей с данными ({what}) по регионам и годам, {first}–{last}: полных ячеек "
        "{complete}, неполных {partly}, без строки {none}.",
    ),
    "alt correlation": (
        "Heat map of the correlations of {what} over {n} rows; the strongest is {r} "
        "between {a} and {b}.",
        "{what}的相关系数热图（{n}行）；最强的是{a}与{b}之间的{r}。",
        "Тепловая карта корреляций: {what} (строк: {n}); самая сильная {r}: {a} и {b}.",
    ),
    "effect": ("Effect", "效应", "Эффект"),
    "significant": ("Significant", "显著", "Значимо"),
    "rows": ("Rows", "行数", "Строк"),
    "limits": (
        "{level}% confidence limits",
        "{level}%置信限",
        "{level}%-е доверительные границы",
    ),
    "bounds": (
        "Bounds of significance (Johnson–Neyman)",
        "显著性边界（Johnson–Neyman）",
        "Границы значимости (Джонсон–Нейман)",
    ),
    "effect of": (
        "Effect of {variable} on {outcome}",
        "{variable}对{outcome}的效应",
        "Эффект: {variable} → {outcome}",
    ),
    "slope of": (
        "Marginal effect of {variable} on {outcome}, {level}% limits",
        "{variable}对{outcome}的边际效应及{level}%置信限",
        "Предельный эффект: {variable} → {outcome}, границы {level}%",
    ),
    "contrast of": (
        "Difference in {outcome} by {variable}, {level}% limits",
        "{outcome}因{variable}之差及{level}%置信限",
        "Разность: {outcome} по {variable}, границы {level}%",
    ),
    "prediction of": (
        "Predicted {outcome}, {level}% limits",
        "{outcome}的预测值及{level}%置信限",
        "Прогноз: {outcome}, границы {level}%",
    ),
    "index of": (
        "linear index of {what}",
        "{what}的线性指标",
        "линейный индекс: {what}",
    ),
    "given others": (
        "{what}, given the other variables",
        "{what}（剔除其他变量）",
        "{what} при прочих переменных",
    ),
    "slope": (
        "Slope {b} (standard error {se}, {p})",
        "斜率{b}（标准误{se}，{p}）",
        "Наклон {b} (стандартная ошибка {se}, {p})",
    ),
    "fitted": ("Fitted value", "拟合值", "Расчётное значение"),
    "residual": ("Residual", "残差", "Остаток"),
    "standardised": ("Standardised residual", "标准化残差", "Стандартизованный остаток"),
    "normal quantile": (
        "Quantile of the normal distribution",
        "正态分布分位数",
        "Квантиль нормального распределения",
    ),
    "no group": ("No group", "未分组", "Без группы"),
    "period axis": (
        "{variable} (reference: {base})",
        "{variable}（基期：{base}）",
        "{variable} (база: {base})",
    ),
    "pretrend": (
        "no effect before the onset: {test}",
        "事前各期效应为零：{test}",
        "нет эффекта до начала: {test}",
    ),
    "no leads": (
        "no period before the onset to test",
        "无可检验的事前各期",
        "до начала нет периодов для проверки",
    ),
    "no joint test": (
        "no joint test of {q} periods: the covariance has too low a rank",
        "{q}个事前各期无法联合检验：协方差矩阵秩不足",
        "нет совместной проверки периодов ({q}): ранг ковариации мал",
    ),
    "alt event": (
        "Event study of {models}, periods {first} to {last}, reference {base}, {level}% confidence "
        "intervals. {finding}. {tests}.",
        "事件研究图：{models}，第{first}期至第{last}期，基期{base}，{level}%置信区间。{finding}。{tests}。",
        "Событийный анализ: {models}, периоды {first}…{last}, база {base}, {level}%-е "
        "доверительные интервалы. {finding}. {tests}.",
    ),
    "alt margins": (
        "{what}, along {along}. {lines}.",
        "{what}，沿{along}。{lines}。",
        "{what}; по оси: {along}. {lines}.",
    ),
    "alt interaction": (
        "Effect of {variable} on {outcome} along {moderator}: from {start} at {low} to {end} at "
        "{high}; bounds of significance: {bounds}; significant in {share}% of the rows.",
        "{variable}对{outcome}的效应随{moderator}变化：从{low}处的{start}到{high}处的{end}；"
        "显著性边界：{bounds}；{share}%的行显著。",
        "Эффект: {variable} → {outcome} в зависимости от {moderator}: от {start} при {low} до "
        "{end} при {high}; границы значимости: {bounds}; значим в {share}% строк.",
    ),
    "alt added": (
        "Added-variable plot of {y} on {x}, {n} rows. {slope}.",
        "{y}对{x}的附加变量图，{n}行。{slope}。",
        "График добавленной переменной: {y} по {x}, строк: {n}. {slope}.",
    ),
    "alt residuals": (
        "Residuals of {what} against fitted values and normal quantiles, {n} rows; {beyond} lie "
        "beyond three standard deviations, the farthest at {largest}.",
        "{what}的残差对拟合值与正态分位数图，{n}行；超出三倍标准差的有{beyond}行，最远为{largest}倍。",
        "Остатки ({what}) против расчётных значений и нормальных квантилей, строк: {n}; за тремя "
        "стандартными отклонениями: {beyond}, самый дальний: {largest}.",
    ),
    "linear fit": ("Linear fit, slope {b}", "线性拟合，斜率{b}", "Линейная модель, наклон {b}"),
    "quantile bins": (
        "Means in {bins} quantile bins ({n} rows)",
        "{bins}个分位数组均值（{n}行）",
        "Средние в квантильных группах: {bins} (строк: {n})",
    ),
    "adjusted": (
        "{bins}, at the means of {others}",
        "{bins}，控制{others}（取均值）",
        "{bins}, при средних: {others}",
    ),
    "alt binned": (
        "Binned scatter plot of {y} by {x}: {bins} bins of {n} rows; slope of the linear "
        "fit {slope}.",
        "{y}对{x}的分组散点图：{n}行分为{bins}组；线性拟合斜率{slope}。",
        "Групповой график: {y} по {x}; групп: {bins}, строк: {n}; наклон линейной модели {slope}.",
    ),
    "outcome": ("Outcome", "被解释变量", "Зависимая переменная"),
    "fixed effects": ("Fixed effects", "固定效应", "Фиксированные эффекты"),
    "sample": ("Sample", "样本", "Выборка"),
    "weights": ("Weights", "权重", "Веса"),
    "estimator": ("Estimator", "估计方法", "Метод оценки"),
    "covariance": ("Standard errors", "标准误", "Стандартные ошибки"),
    "none": ("none", "无", "нет"),
    "all rows": ("all rows", "全部", "все строки"),
    "excludes zero": (
        "Interval excludes zero ({n})",
        "区间不含零（{n}）",
        "Интервал без нуля ({n})",
    ),
    "includes zero": (
        "Interval includes zero ({n})",
        "区间含零（{n}）",
        "Интервал содержит ноль ({n})",
    ),
    "models sorted": (
        "{n} models by their estimate",
        "{n}个模型（按估计值排序）",
        "Модели по величине оценки (всего {n})",
    ),
    "coefficient of": (
        "Coefficient of {what}, {level}% interval",
        "{what}的系数及{level}%区间",
        "Коэффициент: {what}, интервал {level}%",
    ),
    "alt curve": (
        "Specification curve of {n} models: estimates from {low} to {high}, median {median}; "
        "intervals above zero in {positive}, below zero in {negative}.",
        "{n}个模型的设定曲线：估计值从{low}到{high}，中位数{median}；区间大于零的{positive}个，"
        "小于零的{negative}个。",
        "Кривая спецификаций, моделей: {n}; оценки от {low} до {high}, медиана {median}; интервал "
        "выше нуля: {positive}, ниже нуля: {negative}.",
    ),
    "placebos": ("{n} placebo estimates", "{n}次安慰剂估计", "Оценок плацебо: {n}"),
    "estimate p": ("Estimate {b}, {p}", "估计值{b}，{p}", "Оценка {b}, {p}"),
    "density": ("Density", "密度", "Плотность"),
    "alt placebo": (
        "Density of {n} placebo estimates of {what}, 95% of them between {low} and {high}. "
        "{estimate}.",
        "{what}的{n}次安慰剂估计密度图，其中95%位于{low}与{high}之间。{estimate}。",
        "Плотность оценок плацебо ({what}), всего {n}; 95% из них между {low} и {high}. "
        "{estimate}.",
    ),
    "threshold": ("Threshold", "门槛值", "Порог"),
    "ratio": ("Likelihood ratio", "似然比", "Отношение правдоподобия"),
    "critical": (
        "Critical value {c} ({level}%)",
        "临界值{c}（{level}%）",
        "Критическое значение {c} ({level}%)",
    ),
    "threshold set": (
        "Threshold {g}, {level}% set within {low} to {high}",
        "门槛值{g}，{level}%置信集位于{low}至{high}之内",
        "Порог {g}, множество {level}% в пределах {low}…{high}",
    ),
    "alt threshold": (
        "Likelihood ratio over {n} values of {what}; zero at {g}, the {level}% confidence set "
        "lies within {low} to {high}.",
        "{what}的{n}个取值的似然比；在{g}处为零，{level}%置信集位于{low}至{high}之内。",
        "Отношение правдоподобия по значениям ({what}), всего {n}; ноль при {g}, доверительное "
        "множество {level}% в пределах {low}…{high}.",
    ),
    "initial": ("Initial level", "初始水平", "Начальный уровень"),
    "growth": (
        "Growth a year over {periods} years, logarithmic",
        "{periods}年间年均对数增长",
        "Логарифмический рост в год за период (лет: {periods})",
    ),
    "alt convergence": (
        "Growth over {periods} years against the initial level, {n} points. {slope}.",
        "{periods}年增长对初始水平散点图，{n}个点。{slope}。",
        "Рост за период (лет: {periods}) против начального уровня, точек: {n}. {slope}.",
    ),
    "all": ("All", "全部", "Все"),
    "no shape": ("Without an outline: {which}", "无轮廓：{which}", "Без контура: {which}"),
    "alt polygons": (
        "Map of {what}: {n} regions, from {low} ({lowest}) to {high} ({highest}).",
        "地图：{what}。{n}个地区，从{low}（{lowest}）到{high}（{highest}）。",
        "Карта: {what}; регионов: {n}, от {low} ({lowest}) до {high} ({highest}).",
    ),
    "cluster HH": ("HH: high among high", "HH：高—高", "HH: высокий среди высоких"),
    "cluster LL": ("LL: low among low", "LL：低—低", "LL: низкий среди низких"),
    "cluster HL": ("HL: high among low", "HL：高—低", "HL: высокий среди низких"),
    "cluster LH": ("LH: low among high", "LH：低—高", "LH: низкий среди высоких"),
    "not significant": ("Not significant", "不显著", "Незначимо"),
    "clusters in year": (
        "Local clusters of {what}, {year} (p ≤ {level})",
        "{what}的局部集聚，{year}年（p ≤ {level}）",
        "Локальные кластеры: {what}, {year} (p ≤ {level})",
    ),
    "alt clusters": (
        "{what}, {n} regions. {cases}.",
        "{what}，{n}个地区。{cases}。",
        "{what}; регионов: {n}. {cases}.",
    ),
    "moran": ("Moran’s I = {i}", "莫兰指数I = {i}", "Индекс Морана I = {i}"),
    "deviations": (
        "{what}, standard deviations from the mean",
        "{what}（标准化）",
        "{what}, в стандартных отклонениях от среднего",
    ),
    "neighbours": (
        "The same of the neighbours, weighted",
        "邻近地区的加权值",
        "То же у соседей, взвешенно",
    ),
    "alt moran": (
        "Moran scatter plot of {what}, {n} regions; Moran’s I {i}; regions by quadrant: {counts}.",
        "{what}的莫兰散点图，{n}个地区；莫兰指数{i}；各象限地区数：{counts}。",
        "Диаграмма Морана: {what}; регионов: {n}; индекс Морана {i}; по квадрантам: {counts}.",
    ),
    "density of": (
        "{what} (density by year, on one scale)",
        "{what}（各年密度，同一尺度）",
        "{what} (плотность по годам, общий масштаб)",
    ),
    "alt ridges": (
        "Densities of {what} in {n} years from {first} to {last}; the mode is {start} in {first} "
        "and {end} in {last}.",
        "{what}{n}个年份的密度图，{first}至{last}年；众数{first}年为{start}，{last}年为{end}。",
        "Плотности ({what}), лет: {n}, с {first} по {last}; мода {start} в {first} и {end} "
        "в {last}.",
    ),
    "conditional": ("Conditional density", "条件密度", "Условная плотность"),
    "now": ("{what}, t", "{what}，t", "{what}, t"),
    "later": ("{what}, t + {step}", "{what}，t + {step}", "{what}, t + {step}"),
    "alt contours": (
        "Contours of the density of {what} at t + {step} given its value at t, {n} pairs; {up}% of "
        "them rise.",
        "{what}在t + {step}期对t期的条件密度等高线图，{n}对观测，其中{up}%上升。",
        "Линии уровня условной плотности ({what}) в t + {step} при значении в t; пар: {n}, из них "
        "растут {up}%.",
    ),
    "probability": ("Probability (moves)", "转移概率（次数）", "Вероятность (переходов)"),
    "class now": ("Class, t", "类别，t", "Класс, t"),
    "class later": ("Class, t + {step}", "类别，t + {step}", "Класс, t + {step}"),
    "alt markov": (
        "Transition probabilities of {what} between {k} classes from t to t + {step}, {n} moves. "
        "Probability to stay by class: {stay}.",
        "{what}在{k}个类别间从t到t + {step}的转移概率，共{n}次。各类别停留概率：{stay}。",
        "Вероятности переходов ({what}) между классами: {k}, от t к t + {step}, переходов: {n}. "
        "Вероятность остаться: {stay}.",
    ),
    "shares of": (
        "Shares in percent, {where}",
        "占比（%），{where}",
        "Доли в процентах, {where}",
    ),
    "alt structure": (
        "Shares, {where}, {first} to {last}. {lines}.",
        "{where}，{first}—{last}年的构成。{lines}。",
        "Структура, {where}, {first}–{last}. {lines}.",
    ),
    "weight": ("Weight", "权重", "Вес"),
    "alt index": (
        "{what}: mean of the regions from {start} in {first} to {end} in {last}. Weights: "
        "{weights}.",
        "{what}：地区均值从{first}年的{start}到{last}年的{end}。权重：{weights}。",
        "{what}: среднее по регионам от {start} в {first} до {end} в {last}. Веса: {weights}.",
    ),
    "grey mean": (
        "Grey: mean of all regions",
        "灰线：全部地区均值",
        "Серым: среднее по всем регионам",
    ),
    "own scales": (
        "Every region on a scale of its own; the number is its last figure",
        "各地区纵轴不同；数字为最后一年数值",
        "У каждого региона свой масштаб; число — последнее значение",
    ),
    "alt multiples": (
        "{what} in {n} regions, {first} to {last}, a panel each. Least change: {least}; "
        "most: {most}.",
        "{n}个地区{what}分图，{first}—{last}年。变化最小：{least}；最大：{most}。",
        "{what} по регионам ({n}), {first}–{last}. Наименьшее изменение: {least}; "
        "наибольшее: {most}.",
    ),
}
