"""What an audit finds, in words: English, Chinese and Russian."""

from __future__ import annotations

from collections.abc import Mapping

# What a finding rests on: arithmetic that does not come out, odds that are small, or nothing more
# than a fact to know.
ARITHMETIC, STATISTICAL, INFORMATION = "arithmetic", "statistical", "information"
BASES = (ARITHMETIC, STATISTICAL, INFORMATION)

BASIS_WORDS: Mapping[str, tuple[str, str, str]] = {
    ARITHMETIC: (ARITHMETIC, "算术关系", "арифметика"),
    STATISTICAL: (STATISTICAL, "统计可能性", "статистика"),
    INFORMATION: (INFORMATION, "仅供了解", "к сведению"),
}
SUMMARY: Mapping[str, tuple[str, str, str]] = {
    "kind": ("Kind", "类别", "Вид"),
    "basis": ("Basis", "依据", "Основание"),
    "findings": ("Findings", "发现数", "Находок"),
    "variables": ("Variables", "变量数", "Переменных"),
    "regions": ("Regions", "地区数", "Регионов"),
}

KINDS: Mapping[str, str] = {
    "identity": ARITHMETIC, "total": ARITHMETIC, "limits": ARITHMETIC, "vintage": ARITHMETIC,
    "claim": ARITHMETIC,
    "power of ten": STATISTICAL, "transposed digits": STATISTICAL, "swapped regions": STATISTICAL,
    "outlier": STATISTICAL, "break": STATISTICAL, "common break": STATISTICAL,
    "uneven year": STATISTICAL, "halved": STATISTICAL, "repeated value": STATISTICAL,
    "copied region": STATISTICAL, "copied year": STATISTICAL, "reversed years": STATISTICAL,
    "heaping": INFORMATION, "precision": INFORMATION,
}  # fmt: skip

KIND_WORDS: Mapping[str, tuple[str, str, str]] = {
    "identity": ("does not add up", "恒等式不成立", "тождество нарушено"),
    "total": (
        "regions do not sum to the total",
        "地区之和与合计不符",
        "сумма регионов не равна итогу",
    ),
    "limits": ("outside its limits", "超出可能范围", "вне допустимых пределов"),
    "vintage": ("two sources differ", "两个来源不一致", "источники расходятся"),
    "claim": ("printed claim contradicted", "与印刷说法矛盾", "противоречит напечатанному"),
    "power of ten": ("off by a power of ten", "相差10的幂", "ошибка на степень десяти"),
    "transposed digits": ("digits transposed", "数字颠倒", "переставлены цифры"),
    "swapped regions": ("two regions swapped", "两地区互换", "регионы переставлены"),
    "outlier": ("outlier", "异常值", "выброс"),
    "break": ("shift of level", "水平突变", "сдвиг уровня"),
    "common break": ("break in all regions", "全部地区同时突变", "сдвиг во всех регионах"),
    "uneven year": ("uneven changes in one year", "某年变化不均", "неравномерные изменения за год"),
    "halved": ("doubled or halved", "倍增或减半", "удвоение или падение вдвое"),
    "repeated value": ("repeated value", "数值重复", "повтор значения"),
    "copied region": ("series of another region", "与另一地区序列相同", "ряд другого региона"),
    "copied year": ("figures of another year", "与另一年份数据相同", "данные другого года"),
    "reversed years": ("years in reverse order", "年份颠倒", "обратный порядок лет"),
    "heaping": ("last digits heap", "末位数字堆积", "скопление последних цифр"),
    "precision": ("printed precision changes", "印刷精度变化", "меняется точность печати"),
}  # fmt: skip

# One pattern a kind and language; {where} is region and year.
SENTENCES: Mapping[str, tuple[str, str, str]] = {
    "identity": (
        "{where}: {label} is {value}; {rule} gives {expected} ({bounds} given "
        "the printed digits){hint}.",
        "{where}：{label}为{value}；按{rule}应为{expected}（按印刷位数为{bounds}）{hint}。",
        "{where}: {label} — {value}; по {rule} выходит {expected} (с учётом "
        "округления {bounds}){hint}.",
    ),
    "total": (
        "{where}: {label} of {count} regions adds up to {value}; the total is {expected}{hint}.",
        "{where}：{count}个地区的{label}之和为{value}；合计为{expected}{hint}。",
        "{where}: {label}, сумма по {count} регионам — {value}; итог — {expected}{hint}.",
    ),
    "limits": (
        "{where}: {label} is {value}, outside {bounds}.",
        "{where}：{label}为{value}，超出{bounds}。",
        "{where}: {label} — {value}, вне {bounds}.",
    ),
    "vintage": (
        "{where}: {label} is {value} here and {expected} in {other}, {percent} apart.",
        "{where}：{label}此处为{value}，{other}中为{expected}，相差{percent}。",
        "{where}: {label} — {value}, а в {other} — {expected}; расхождение {percent}.",
    ),
    "claim": (
        "{place}: “{label}”: printed {value}; {rule} gives {expected}{hint}.",
        "{place}：“{label}”：印为{value}；按{rule}应为{expected}{hint}。",
        "{place}: «{label}»: напечатано {value}; по {rule} выходит {expected}{hint}.",
    ),
    "power of ten": (
        "{where}: {label} is {value}, {ratio} times the {expected} that the other years lead to.",
        "{where}：{label}为{value}，是按其他年份推得的{expected}的{ratio}倍。",
        "{where}: {label} — {value} при ожидаемых по другим годам {expected}, отношение {ratio}.",
    ),
    "transposed digits": (
        "{where}: {label} is {value} where the years beside it lead to {expected}; with two digits "
        "exchanged, {other} would fit.",
        "{where}：{label}为{value}，按相邻年份应为{expected}；两位数字对调后的{other}相符。",
        "{where}: {label} — {value}, по соседним годам ожидается {expected}; с переставленными "
        "цифрами подошло бы {other}.",
    ),
    "swapped regions": (
        "{where}: {label} is {value} and in {other} {expected}; exchanged, both would fit{hint}.",
        "{where}：{label}为{value}，{other}为{expected}；互换后均相符{hint}。",
        "{where}: {label} — {value}, а в {other} — {expected}; если поменять "
        "местами, подошли бы оба{hint}.",
    ),
    "outlier": (
        "{where}: {label} is {value} where the years beside it lead to {expected}, a difference of "
        "{percent}.",
        "{where}：{label}为{value}，按相邻年份应为{expected}，相差{percent}。",
        "{where}: {label} — {value}, по соседним годам ожидается {expected}; разница {percent}.",
    ),
    "break": (
        "{where}: {label} changes to {value} where usual growth leads to {expected}, a difference "
        "of {percent}{hint}.",
        "{where}：{label}变为{value}，按通常增速应为{expected}，相差{percent}{hint}。",
        "{where}: {label} меняется до {value}; обычный рост дал бы {expected}, "
        "разница {percent}{hint}.",
    ),
    "common break": (
        "{where}: {label} changes by {value} in the median region, in other years by {expected}; "
        "{count} of the regions move that way.",
        "{where}：{label}的地区变化中位数为{value}，其他年份为{expected}；{count}的地区同向变动。",
        "{where}: {label}: медианное изменение по регионам {value}, в другие годы {expected}; "
        "в ту же сторону — {count} регионов.",
    ),
    "uneven year": (
        "{where}: the regions' changes of {label} scatter by {value}, in other "
        "years by {expected}.",
        "{where}：各地区{label}变化的离散度为{value}，其他年份为{expected}。",
        "{where}: разброс изменений по регионам, {label}: {value}, в другие годы {expected}.",
    ),
    "halved": (
        "{where}: {label} is {value} after {expected} the year before.",
        "{where}：{label}为{value}，上年为{expected}。",
        "{where}: {label} — {value} после {expected} годом ранее.",
    ),
    "repeated value": (
        "{where}: {label} is {value} in every year of {years}.",
        "{where}：{years}各年{label}均为{value}。",
        "{where}: {label} — {value} во все годы {years}.",
    ),
    "copied region": (
        "{place}, {years}: {label} is {ratio} times that of {other} in every year.",
        "{place}{years}年：各年{label}均为{other}的{ratio}倍。",
        "{place}, {years}: {label}, отношение к региону «{other}» во все годы {ratio}.",
    ),
    "copied year": (
        "{where}: {label} is {ratio} times that of {other} in {count} regions.",
        "{where}：{count}个地区的{label}为{other}年的{ratio}倍。",
        "{where}: {label}, отношение к {other} году {ratio}, регионов: {count}.",
    ),
    "reversed years": (
        "{place}, {years}: {label} goes from {expected} to {value}; in reverse order it would grow "
        "as in the other regions.",
        "{place}{years}年：{label}由{expected}变为{value}；年份倒排后与其他地区走势一致。",
        "{place}, {years}: {label} меняется от {expected} до {value}; в "
        "обратном порядке ряд рос бы, "
        "как в других регионах.",
    ),
    "heaping": (
        "{where}: {count} figures of {label} end in 0 at the last printed "
        "place, where a tenth would.",
        "{where}：{label}有{count}个数据在末位为0，通常约占十分之一。",
        "{where}: {label}: {count} значений оканчиваются на 0, обычно — десятая часть.",
    ),
    "precision": (
        "{label}, decimals: {count} in {years}, up to {other} in other years.",
        "{label}：{years}年为{count}位小数，其他年份最多{other}位。",
        "{label}: знаков после запятой {count} в {years}, в другие годы до {other}.",
    ),
}  # fmt: skip

# The same where the ratio is one.
SAME: Mapping[str, tuple[str, str, str]] = {
    "copied region": (
        "{place}, {years}: {label} is that of {other} in every year.",
        "{place}{years}年：各年{label}与{other}相同。",
        "{place}, {years}: {label} во все годы как в регионе «{other}».",
    ),
    "copied year": (
        "{where}: {label} is that of {other} in {count} regions.",
        "{where}：{count}个地区的{label}与{other}年相同。",
        "{where}: {label} как в {other} году, регионов: {count}.",
    ),
}

WHERE = {
    (True, True): ("{place}, {year}", "{place}{year}年", "{place}, {year} г."),
    (True, False): ("{place}", "{place}", "{place}"),
    (False, True): ("{year}", "{year}年", "{year} г."),
    (False, False): ("all regions", "全部地区", "все регионы"),
}

HINTS: Mapping[str, tuple[str, str, str]] = {
    "": ("", "", ""),
    "power": ("; a power of ten apart", "；相差10的幂", "; разница в степень десяти"),
    "digits": (
        "; it would hold with {was} read as {instead}",
        "；若将{was}读作{instead}则成立",
        "; выполнялось бы при чтении {was} как {instead}",
    ),
    "more": ("; a part is more than the whole", "；部分大于整体", "; часть больше целого"),
    "from then on": ("; from then on", "；此后各年亦然", "; и далее"),
    "last year": (
        "; whether it lasts is not yet known",
        "；是否持续尚不可知",
        "; сохранится ли, пока неизвестно",
    ),
    "comment": ("; {comment}", "；{comment}", "; {comment}"),
    "missing": (
        "; {n} regions without a figure",
        "；{n}个地区缺数据",
        "; без данных: {n} регионов",
    ),
}
