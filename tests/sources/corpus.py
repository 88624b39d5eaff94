"""Ugly files, made on the spot: each with the exact figures it holds, or the error it must raise.

The figures are numbers of a formula, not statistics of anything. Generators are deterministic;
``CASES`` lists every file with its name.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from panel import errors

Rows = Sequence[Sequence[Any]]
Figures = dict[tuple[str, int, str], float | None]

CHINA = {"北京": "CN-BJ", "天津": "CN-TJ", "河北": "CN-HE", "山西": "CN-SX"}
RUSSIA = {
    "Белгородская область": "RU-BEL",
    "г. Москва": "RU-MOW",
    "Респ. Татарстан": "RU-TA",
    "Алтайский край": "RU-ALT",
}
YEARS = (2019, 2020, 2021)
GDP, VA = "地区生产总值", "工业增加值"
GRP = "Валовой региональный продукт"


@dataclass(frozen=True)
class Case:
    """A file and what reading it must give.

    ``expected`` has value (None for a cell without figure) by (code, year, variable); ``units``
    those of the frame; ``totals`` the labels set aside; ``marks`` meaning by (code, year);
    ``footnotes`` a part of the footnote by code; ``report`` words that the report has by item.
    """

    name: str
    content: bytes
    expected: Figures = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    error: type[Exception] | None = None
    match: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    totals: tuple[str, ...] = ()
    marks: Mapping[tuple[str, int], str] = field(default_factory=dict)
    footnotes: Mapping[str, str] = field(default_factory=dict)
    report: Mapping[str, str] = field(default_factory=dict)
    needs: str = ""


def number(region: int, year: int, variable: int = 0) -> float:
    """A figure with one decimal and no accidental year among its kind."""
    return round(3000 + 1234.5 * region + 17.3 * (year - 2000) + 0.1 * variable, 1)


def figures(
    regions: Mapping[str, str], years: Iterable[int] = YEARS, variables: Sequence[str] = (GDP,)
) -> Figures:
    return {
        (code, year, name): number(i, year, v)
        for i, code in enumerate(regions.values())
        for year in years
        for v, name in enumerate(variables)
    }


# ---- how numbers are printed --------------------------------------------------------------


def english(x: float) -> str:
    return f"{x:,.1f}"


def russian(x: float) -> str:
    return f"{x:,.1f}".replace(",", " ").replace(".", ",")


def nbsp(x: float) -> str:
    return russian(x).replace(" ", "\u00a0")


def german(x: float) -> str:
    return f"{x:,.1f}".translate(str.maketrans(",.", ".,"))


def swiss(x: float) -> str:
    return f"{x:,.1f}".replace(",", "’")


def bare(x: float) -> str:
    return f"{x:.1f}"


def full_width(x: float) -> str:
    return bare(x).translate({i: i + 0xFEE0 for i in range(0x21, 0x7F)})


# ---- kinds of files -----------------------------------------------------------------------


def text(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    def cell(value: Any) -> str:
        shown = "" if value is None else str(value)
        quoted = delimiter in shown or '"' in shown or "\n" in shown
        return '"' + shown.replace('"', '""') + '"' if quoted else shown

    return "\n".join(delimiter.join(map(cell, row)) for row in rows).encode(encoding)


def xlsx(
    sheets: Mapping[str, Rows] | Rows,
    merge: Sequence[str] = (),
    change: Callable[[Any], None] | None = None,
) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        for area in merge:
            sheet.merge_cells(area)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: Rows, merge: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Table")
    taken = {(a, c) for a, _, c, _ in merge}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None and (r, c) not in taken:
                sheet.write(r, c, value)
    for top, bottom, left, right in merge:
        sheet.write_merge(top, bottom, left, right, rows[top][left])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def html(rows: Rows, encoding: str = "gb18030") -> bytes:
    body = "".join(
        "<tr>" + "".join(c if str(c).startswith("<td") else f"<td>{c}</td>" for c in row) + "</tr>"
        for row in rows
    )
    page = f"<html><head><meta charset=gb2312></head><body><table border=1>{body}</table></body>"
    return page.encode(encoding)


# ---- layouts ------------------------------------------------------------------------------


def wide(
    regions: Mapping[str, str] = CHINA,
    years: Sequence[int] = YEARS,
    shown: Callable[[float], Any] = bare,
    above: Rows = (("表3-9 地区生产总值",), ("单位：亿元",)),
    head: Callable[[int], Any] = str,
    corner: str = "地区",
) -> list[list[Any]]:
    """Regions down, years across."""
    lines = [list(row) for row in above]
    lines.append([corner, *(head(y) for y in years)])
    for i, name in enumerate(regions):
        lines.append([name, *(shown(number(i, y)) for y in years)])
    return lines


def two_headers(regions: Mapping[str, str] = CHINA, years: Sequence[int] = (2019, 2020)) -> Rows:
    """Years above variables; the year stands once, as a merged heading saved as CSV."""
    rows: list[list[Any]] = [
        ["地区", *(cell for y in years for cell in (f"{y}年", ""))],
        ["", *(cell for _ in years for cell in (f"{GDP}(亿元)", f"{VA}(亿元)"))],
    ]
    for i, name in enumerate(regions):
        rows.append([name, *(bare(number(i, y, v)) for y in years for v in (0, 1))])
    return rows


def long(regions: Mapping[str, str] = CHINA, continued: bool = False) -> list[list[Any]]:
    """A row for each region and year; ``continued`` leaves repeated names blank."""
    rows: list[list[Any]] = [["地区", "年份", f"{GDP}(亿元)"]]
    for i, name in enumerate(regions):
        for j, y in enumerate(YEARS):
            rows.append([name if j == 0 or not continued else "", y, bare(number(i, y))])
    return rows


def variables_wide(regions: Mapping[str, str] = CHINA) -> list[list[Any]]:
    """Regions down, variables across, one year in the title."""
    rows: list[list[Any]] = [["分地区主要指标（2020年）"], ["地区", f"{GDP}(亿元)", f"{VA}(亿元)"]]
    for i, name in enumerate(regions):
        rows.append([name, bare(number(i, 2020)), bare(number(i, 2020, 1))])
    return rows


def turned(rows: Rows, above: int = 0) -> list[list[Any]]:
    """The table with rows as columns, below its first lines."""
    return [list(r) for r in rows[:above]] + [list(r) for r in zip(*rows[above:], strict=True)]


def changed(rows: Rows, cells: Mapping[tuple[int, int], Any]) -> list[list[Any]]:
    new = [list(row) for row in rows]
    for (r, c), value in cells.items():
        new[r][c] = value
    return new


TWO = figures(CHINA, (2019, 2020), (GDP, VA))
ONE_YEAR = figures(CHINA, (2020,), (GDP, VA))
PLAIN = figures(CHINA)
RUS = figures(RUSSIA, variables=(GRP,))
RU_ABOVE = (("Валовой региональный продукт",), ("(млн рублей)",))
YUAN = {GDP: "亿元"}
YUAN2 = {GDP: "亿元", VA: "亿元"}


def rus(shown: Callable[[float], Any] = russian, **options: Any) -> list[list[Any]]:
    return wide(RUSSIA, shown=shown, above=RU_ABOVE, corner="", **options)


def without(expected: Figures, *keys: tuple[str, int]) -> Figures:
    return {k: None if k[:2] in keys else v for k, v in expected.items()}


def layouts() -> Iterable[Case]:
    yield Case("wide.csv", text(wide()), PLAIN, units=YUAN, report={"orientation": "down"})
    yield Case(
        "years_down.csv",
        text(turned(wide(), 2)),
        PLAIN,
        units=YUAN,
        report={"orientation": "across"},
    )
    yield Case("two_headers.csv", text(two_headers()), TWO, units=YUAN2)
    yield Case("two_headers_turned.csv", text(turned(two_headers())), TWO, units=YUAN2)
    yield Case("long.csv", text(long()), PLAIN, units=YUAN, report={"year column": "年份"})
    likely = [
        ["地区", "年份", "企业数(个)"],
        ["北京", 2019, 2020],
        ["", 2020, 2021],
        ["天津", 2019, 1950],
        ["", 2020, 1949],
    ]
    yield Case(
        "figures_like_years.csv",
        text(likely),
        {
            ("CN-BJ", 2019, "企业数"): 2020,
            ("CN-BJ", 2020, "企业数"): 2021,
            ("CN-TJ", 2019, "企业数"): 1950,
            ("CN-TJ", 2020, "企业数"): 1949,
        },
    )
    counts = [["企业数"], ["地区", 2019, 2020], ["全国", 2000, 1999], ["北京", 2019, 2020]]
    yield Case(
        "totals_like_years.csv",
        text(counts),
        totals=("全国",),
        expected={("CN-BJ", 2019, "企业数"): 2019, ("CN-BJ", 2020, "企业数"): 2020},
    )
    only_codes = [
        ["代码", *YEARS],
        *(
            [c[0], *r[1:]]
            for c, r in zip(
                (("110000",), ("120000",), ("130000",), ("140000",)), wide()[3:], strict=True
            )
        ),
    ]
    yield Case("only_codes.csv", text([["地区生产总值(亿元)"], *only_codes]), PLAIN, units=YUAN)
    yield Case("long_continued.csv", text(long(continued=True)), PLAIN, units=YUAN)
    yield Case(
        "variables_wide.csv", text(variables_wide()), ONE_YEAR, units=YUAN2, report={"year": "2020"}
    )
    yield Case(
        "variables_down.csv",
        text(
            [
                ["2020年分地区主要指标"],
                ["指标", *CHINA],
                [f"{GDP}(亿元)", *(bare(number(i, 2020)) for i in range(4))],
                [f"{VA}(亿元)", *(bare(number(i, 2020, 1)) for i in range(4))],
            ]
        ),
        ONE_YEAR,
        units=YUAN2,
    )
    swapped = [["地区", f"{GDP}(亿元)", "", f"{VA}(亿元)", ""], ["", *("2019", "2020") * 2]]
    swapped += [
        [n, *(bare(number(i, y, v)) for v in (0, 1) for y in (2019, 2020))]
        for i, n in enumerate(CHINA)
    ]
    yield Case("variables_over_years.csv", text(swapped), TWO, units=YUAN2)
    tidy = [["region", "year", "variable", "unit", "value"]]
    tidy += [
        [n, y, v, "亿元", bare(number(i, y, k))]
        for i, n in enumerate(CHINA)
        for y in (2019, 2020)
        for k, v in enumerate((GDP, VA))
    ]
    yield Case("long_variables.csv", text(tidy), TWO, units=YUAN2)
    melted = [["地区", "指标", "2019年", "2020年"]]
    melted += [
        [n, f"{v}(亿元)", *(bare(number(i, y, k)) for y in (2019, 2020))]
        for i, n in enumerate(CHINA)
        for k, v in enumerate((GDP, VA))
    ]
    yield Case("region_variable_rows.csv", text(melted), TWO, units=YUAN2)
    methods = [["регион", "уровень", "год", "методология", "доля, %"]]
    methods += [
        [n, "субъект", y, m, russian(number(i, y, k))]
        for i, n in enumerate(RUSSIA)
        for k, (y, m) in enumerate(((2019, "Осло-3"), (2019, "Осло-4"), (2020, "Осло-4")))
    ]
    by_method = {
        (c, y, f"Осло-{m} / доля"): number(i, y, k)
        for i, c in enumerate(RUSSIA.values())
        for k, (y, m) in enumerate(((2019, 3), (2019, 4), (2020, 4)))
    }
    yield Case(
        "long_methods.csv",
        text(methods, ";"),
        by_method,
        units={"Осло-3 / доля": "percent"},
        report={"column set aside": "уровень"},
    )
    stacked: list[list[Any]] = [["分地区工业（亿元）"], ["地区", *YEARS]]
    for k, v in enumerate((GDP, VA)):
        stacked.append([v])
        stacked += [[n, *(bare(number(i, y, k)) for y in YEARS)] for i, n in enumerate(CHINA)]
    yield Case(
        "sections_of_variables.csv",
        text(stacked),
        figures(CHINA, YEARS, (GDP, VA)),
        units=YUAN2,
        report={"sections": VA},
    )
    by_year: list[list[Any]] = [["地区", f"{GDP}(亿元)", f"{VA}(亿元)"]]
    for y in (2019, 2020):
        by_year.append([f"{y}年"])
        by_year += [[n, bare(number(i, y)), bare(number(i, y, 1))] for i, n in enumerate(CHINA)]
    yield Case("sections_of_years.csv", text(by_year), TWO, units=YUAN2)
    again = wide(years=(2019, 2020))
    again += [["续表"], *wide(years=(2021,), above=())]
    yield Case("continued_below.csv", text(again), PLAIN, units=YUAN)
    first, second = (dict(list(CHINA.items())[a:b]) for a, b in ((0, 2), (2, 4)))
    left, right = wide(first, above=()), wide(second, above=())
    for row, name in zip(right[1:], second, strict=True):
        row[1:] = [bare(PLAIN[second[name], y, GDP]) for y in YEARS]
    yield Case(
        "side_by_side.csv",
        text([["地区生产总值(亿元)"], *([*a, *b] for a, b in zip(left, right, strict=True))]),
        PLAIN,
        units=YUAN,
    )
    yield Case(
        "stata_wide.csv",
        text(
            [
                ["province", "gdp_2019", "gdp_2020"],
                *(
                    [c, *(bare(number(i, y)) for y in (2019, 2020))]
                    for i, c in enumerate(CHINA.values())
                ),
            ]
        ),
        figures(CHINA, (2019, 2020), ("gdp",)),
    )
    bureau = [
        ["数据库：分省年度数据"],
        ["指标：地区生产总值(亿元)"],
        ["时间：最近3年"],
        *wide(above=(), head=lambda y: f"{y}年"),
        ["数据来源：国家统计局"],
    ]
    yield Case("bureau_export.csv", text(bureau, encoding="gb18030"), PLAIN, units=YUAN)
    province = [
        ["地区：江西省"],
        ["指标", "2019年", "2020年"],
        *(
            [f"{v}(亿元)", *(bare(number(0, y, k)) for y in (2019, 2020))]
            for k, v in enumerate((GDP, VA))
        ),
    ]
    jiangxi = figures({"江西": "CN-JX"}, (2019, 2020), (GDP, VA))
    yield Case("one_province.csv", text(province), jiangxi, units=YUAN2)
    yield Case(
        "one_province_years_down.csv",
        text(turned(province, 1)),
        jiangxi,
        units=YUAN2,
    )
    yield Case("one_province_given.csv", text(province[1:]), jiangxi, {"territory": "江西"})
    yield Case(
        "one_province_unnamed.csv",
        text(province[1:]),
        error=errors.SourceError,
        match="names no region",
    )


def headings() -> Iterable[Case]:
    for name, head in {
        "year_sign": lambda y: f"{y}年", "year_end": lambda y: f"{y}年末",
        "full_width": lambda y: full_width(y)[:4], "footnoted": lambda y: f"{y}①",
        "lost_raised": lambda y: f"{y}1)", "provisional": lambda y: f"{y} (p)",
        "chinese": lambda y: {2019: "二〇一九年", 2020: "二〇二〇年", 2021: "二○二一年"}[y],
    }.items():  # fmt: skip
        yield Case(f"years_{name}.csv", text(wide(head=head)), PLAIN, units=YUAN)
    yield Case(
        "years_russian.csv", text(rus(head=lambda y: f"{y} г."), ";"), RUS, units={GRP: "млн руб."}
    )
    spaced = {" ".join(n): c for n, c in CHINA.items()}
    yield Case("inner_spaces.csv", text(wide(spaced)), PLAIN, units=YUAN)
    both = dict(
        zip(
            ("北京 Beijing", "天津(Tianjin)", "河北 Hebei", "Shanxi 山西"),
            CHINA.values(),
            strict=True,
        )
    )
    yield Case("bilingual_names.csv", text(wide(both)), PLAIN, units=YUAN)
    marked = dict(zip(("北京①", "天津*", "河北¹⁾", "山西1)"), CHINA.values(), strict=True))
    yield Case(
        "footnoted_names.csv",
        text([*wide(marked), ["注：①修订数。"], ["* 初步核算数。"]]),
        PLAIN,
        units=YUAN,
        footnotes={"CN-BJ": "① 修订数", "CN-TJ": "* 初步核算数", "CN-SX": "1)"},
    )
    lost = dict(
        zip(
            ("Белгородская область1", "г. Москва2)", "Респ. Татарстан¹", "Алтайский край"),
            RUSSIA.values(),
            strict=True,
        )
    )
    yield Case("lost_raised_names.csv", text(wide(lost, shown=russian, above=RU_ABOVE), ";"), RUS)
    districts = rus()
    districts.insert(3, ["Российская Федерация", *("9 999,9",) * 3])
    districts.insert(4, ["Центральный федеральный округ", *("8 888,8",) * 3])
    districts.insert(5, ["в том числе:"])
    yield Case(
        "districts.csv",
        text(districts, ";"),
        RUS,
        units={GRP: "млн руб."},
        totals=("Российская Федерация", "Центральный федеральный округ"),
    )
    national = wide()
    national[3:3] = [["全 国", *("99999.9",) * 3], ["东部地区"]]
    national += [["合计", *("88888.8",) * 3], ["不分地区", *("1.1",) * 3]]
    yield Case(
        "totals.csv",
        text(national),
        PLAIN,
        totals=("全 国", "合计", "不分地区"),
        report={"totals set aside": "全 国"},
    )
    okrugs = {"Архангельская область": "RU-ARK", "Ненецкий автономный округ": "RU-NEN",
              "Архангельская область без АО": "RU-ARK"}  # fmt: skip
    table = wide(okrugs, shown=russian, above=RU_ABOVE, corner="")
    yield Case(
        "okrugs.csv",
        text(table, ";"),
        {(c, y, GRP): number(i, y) for i, c in ((1, "RU-NEN"), (2, "RU-ARK")) for y in YEARS},
        totals=("Архангельская область",),
    )
    two = [
        ["地区\nRegion", "地区生产总值\nGross Regional Product\n(亿元)"],
        *([n, bare(number(i, 2020))] for i, n in enumerate(CHINA)),
    ]
    yield Case(
        "bilingual_headings.xlsx", xlsx(two), figures(CHINA, (2020,)), {"year": 2020}, units=YUAN
    )
    rows = [
        ["地区", "Region", "人均GDP(元/人)"],
        *(
            [n, e, bare(number(i, 2020))]
            for i, (n, e) in enumerate(
                zip(CHINA, ("Beijing", "Tianjin", "Hebei", "Shanxi"), strict=True)
            )
        ),
    ]
    yield Case(
        "two_name_columns.csv",
        text(rows),
        figures(CHINA, (2020,), ("人均GDP",)),
        {"year": 2020},
        units={"人均GDP": "元/人"},
    )
    nation = text([["指标", "2019年", "2020年"], ["国内生产总值(亿元)", "1.5", "2.5"]])
    yield Case(
        "nation.csv",
        nation,
        {("CN", 2019, "国内生产总值"): 1.5, ("CN", 2020, "国内生产总值"): 2.5},
        {"territory": "CN"},
    )
    one = text([["State", "2020"], ["Georgia", "1.5"]])
    yield Case(
        "georgia.csv",
        one,
        options={"variable": "v"},
        error=errors.SourceError,
        match="names no region",
    )
    yield Case(
        "georgia_given.csv",
        one,
        {("US-GA", 2020, "v"): 1.5},
        {"variable": "v", "territory": "US"},
        report={"country": "US"},
    )
    flows = [
        ["出发", "到达", "人数"],
        ["北京", "天津", "1.5"],
        ["天津", "北京", "2.5"],
        ["河北", "山西", "3.5"],
    ]
    yield Case(
        "flows.csv",
        text(flows),
        error=errors.SourceError,
        match="No region has a row",
        options={"year": 2020},
    )
    yield Case(
        "name_columns_differ.csv",
        text(changed(rows, {(3, 1): "Shanghai"})),
        error=errors.SourceError,
        match="stands beside",
        options={"year": 2020},
    )
    codes = [
        ["序号", "行政区划代码", "地区", "2020年"],
        *([i + 1, f"{11 + i}0000", n, bare(number(i, 2020))] for i, n in enumerate(CHINA)),
    ]
    yield Case(
        "codes_and_order.csv",
        text([["地区生产总值(亿元)"], *codes]),
        figures(CHINA, (2020,)),
        units=YUAN,
        report={"column set aside": "行政区划代码"},
    )
    numbered = [["", *YEARS], ["А", "1", "2", "3"], *rus()[3:]]
    yield Case("numbered_columns.csv", text([*RU_ABOVE, *numbered], ";"), RUS)
    shares = [
        ["地区", "#工业(亿元)", "年均增长"],
        *([n, bare(number(i, 2020)), "1.5"] for i, n in enumerate(CHINA)),
    ]
    yield Case(
        "of_which.csv",
        text(shares),
        figures(CHINA, (2020,), ("工业",)),
        {"year": 2020, "aside": ["年均增长"]},
        units={"工业": "亿元"},
        report={"of which": "工业"},
    )
    growth = [[*r, "1.5"] for r in wide(above=())]
    growth[0][-1] = "年均增长"
    yield Case(
        "column_without_year.csv",
        text([["地区生产总值(亿元)"], *growth]),
        PLAIN,
        report={"columns set aside": "年均增长"},
    )
    remarks = [[*r, "甲" if k == 3 else ""] for k, r in enumerate(wide())]
    remarks[2][-1] = "备注"
    yield Case("note_column.csv", text(remarks), PLAIN, footnotes={"CN-BJ": "甲"})


def numbers() -> Iterable[Case]:
    compared = {
        "2020 г. в % к 2019 г.": "в % к 2019 г.",
        "2020年为2019年的%": "为2019年的%",
        "2020 as % of 2019": "as % of 2019",
    }
    for k, (head, called) in enumerate(compared.items()):
        beside = [["Регион", "2019", "2020", head], ["Белгородская область", "1,5", "2,5", "104,1"]]
        beside.append(["Алтайский край", "4,5", "5,5", "110,2"])
        yield Case(
            f"year_compared_with_{k}.csv",
            text([["ВРП, млн руб."], *beside], ";"),
            {
                ("RU-BEL", 2019, "ВРП"): 1.5, ("RU-BEL", 2020, "ВРП"): 2.5,
                ("RU-BEL", 2020, called): 104.1, ("RU-ALT", 2019, "ВРП"): 4.5,
                ("RU-ALT", 2020, "ВРП"): 5.5, ("RU-ALT", 2020, called): 110.2,
            },
            units={"ВРП": "млн руб.", called: "percent"},
        )  # fmt: skip
    alone = [
        ["Регион", "2019", "2020", "в % к 2019"],
        ["Белгородская область", "1,5", "2,5", "104,1"],
    ]
    alone.append(["Алтайский край", "4,5", "5,5", "110,2"])
    yield Case(
        "compared_with_alone.csv",
        text([["ВРП, млн руб."], *alone], ";"),
        {
            (c, y, "ВРП"): v
            for c, vs in (("RU-BEL", (1.5, 2.5)), ("RU-ALT", (4.5, 5.5)))
            for y, v in zip((2019, 2020), vs, strict=True)
        },
        report={"columns set aside": "в % к 2019"},
    )
    units = [["地区生产总值"], ["地区", "2019年(亿元)", "2020年(亿元)"]]
    units += [["北京", "1.5", "2.5"], ["天津", "4.5", "5.5"]]
    yield Case(
        "units_beside_years.csv",
        text(units),
        {
            ("CN-BJ", 2019, GDP): 1.5, ("CN-BJ", 2020, GDP): 2.5,
            ("CN-TJ", 2019, GDP): 4.5, ("CN-TJ", 2020, GDP): 5.5,
        },
        units=YUAN,
    )  # fmt: skip
    held = [["地区", "国有股50%以上企业数"], ["北京", "15"], ["天津", "25"]]
    held_by = "国有股50%以上企业数"
    yield Case(
        "percent_in_a_name.csv",
        text(held),
        {("CN-BJ", 2020, held_by): 15, ("CN-TJ", 2020, held_by): 25},
        {"year": 2020},
        units={held_by: ""},
    )
    for k, line in enumerate(
        (
            "地区生产总值（2015年价格，亿元）",
            "GDP (2015=100)",
            "GRP at 2010 prices",
            "ВРП в ценах 2016 г.",
            "中国统计年鉴—2021 GDP",
            "GDP (2022-03-01)",
            "ВРП на 1 января 2021 г.",
        )
    ):
        base = [[line], ["地区", "数值"], ["北京", "1.5"], ["天津", "2.5"]]
        yield Case(
            f"year_of_base_{k}.csv", text(base), error=errors.SourceError, match="which year"
        )
    for shown in (english, swiss, bare, full_width):
        yield Case(f"numbers_{shown.__name__}.csv", text(wide(shown=shown)), PLAIN, units=YUAN)
    for shown in (russian, nbsp, german):
        yield Case(
            f"numbers_{shown.__name__}.csv",
            text(rus(shown), ";"),
            RUS,
            report={"decimal mark": ","},
        )
    yield Case("decimal_commas_quoted.csv", text(rus()), RUS)
    negative = {
        (3, 1): "(12.5)",
        (3, 2): "（12.5）",
        (3, 3): "−12.5",
        (4, 1): "- 7.5",
        (4, 2): "12.5①",
        (4, 3): "12.5 1)",
        (5, 1): "*12.5",
        (5, 2): "12.5 p",
    }
    expected = PLAIN | {("CN-BJ", y, GDP): -12.5 for y in YEARS}
    expected |= {
        ("CN-TJ", 2019, GDP): -7.5,
        ("CN-TJ", 2020, GDP): 12.5,
        ("CN-TJ", 2021, GDP): 12.5,
        ("CN-HE", 2019, GDP): 12.5,
        ("CN-HE", 2020, GDP): 12.5,
    }
    yield Case(
        "negatives_and_marks.csv",
        text(changed(wide(), negative)),
        expected,
        footnotes={"CN-TJ": "①", "CN-HE": "*"},
    )
    whole = wide(shown=lambda x: f"{x:,.0f}")
    rounded = {k: float(round(v)) for k, v in PLAIN.items() if v is not None}
    yield Case(
        "thousands_or_decimals.csv",
        text(whole),
        error=errors.SourceError,
        match="thousands or decimals",
    )
    yield Case("thousands_decided.csv", text(whole), rounded, {"decimal": "."})
    three = {k: v / 1000 for k, v in rounded.items()}
    yield Case("decimals_decided.csv", text(whole), three, {"decimal": ","})
    yield Case(
        "two_decimal_marks.csv",
        text(changed(wide(), {(3, 1): "12,5"})),
        error=errors.NotNumericError,
        match="decimal comma",
    )
    yield Case(
        "wrong_groups.csv",
        text(changed(wide(), {(3, 1): "12,34,567"})),
        error=errors.NotNumericError,
        match="not a number",
    )
    yield Case(
        "text_among_figures.csv",
        text(changed(wide(), {(4, 2): "约30"})),
        error=errors.NotNumericError,
        match="C5: '约30'",
    )
    yield Case(
        "note_or_decimal.csv",
        text(changed(wide(), {(4, 2): "12.51)"})),
        error=errors.NotNumericError,
        match=r"12.51\)",
    )
    yield Case(
        "unquoted_thousands.csv",
        text(wide()).replace(b"3328.7", b"3,328.7"),
        error=errors.SourceError,
        match="without a heading",
    )
    percent = wide(shown=lambda x: f"{x}%", above=(("工业增加值增长率",),))
    yield Case(
        "percent_signs.csv",
        text(percent),
        figures(CHINA, variables=("工业增加值增长率",)),
        units={"工业增加值增长率": "percent"},
    )
    yield Case(
        "percent_mixed.csv",
        text(changed(wide(above=(("x y",),)), {(2, 1): "5%"})),
        error=errors.UnitError,
        match="1 of 12 figures",
    )
    yield Case(
        "powers_of_ten.csv",
        text(changed(wide(), {(3, 1): "1.5E+04"})),
        PLAIN | {("CN-BJ", 2019, GDP): 15000.0},
        report={"rounded by a program": "B4"},
    )


def marks() -> Iterable[Case]:
    meanings = {"…": "below the smallest unit", "...": "below the smallest unit", "-": "none",
                "—": "none", "": "not available", "n.a.": "not available", "x": "not applicable",
                "#DIV/0!": "formula", "<0.1": "bound", "…①": "below the smallest unit"}  # fmt: skip
    for k, (mark, meaning) in enumerate(meanings.items()):
        yield Case(
            f"mark_{k}.csv",
            text(changed(wide(), {(4, 2): mark})),
            without(PLAIN, ("CN-TJ", 2020)),
            marks={("CN-TJ", 2020): meaning},
        )
    yield Case(
        "mark_russian.csv",
        text(changed(rus(), {(3, 2): "…", (4, 2): "н/д"}), ";"),
        without(RUS, ("RU-BEL", 2020), ("RU-MOW", 2020)),
        marks={("RU-BEL", 2020): "not available", ("RU-MOW", 2020): "not available"},
    )
    yield Case(
        "blank_region.csv",
        text(changed(wide(), {(6, c): "" for c in (1, 2, 3)})),
        without(PLAIN, *(("CN-SX", y) for y in YEARS)),
    )
    yield Case(
        "blank_year.csv",
        text(changed(wide(), {(r, 3): "" for r in range(3, 7)})),
        without(PLAIN, *((c, 2021) for c in CHINA.values())),
    )


def units() -> Iterable[Case]:
    for k, (name, unit) in enumerate(
        (
            ("GRP (RMB 100 million)", "RMB 100 million"),
            ("GRP, billion CNY", "billion CNY"),
            ("ВРП на душу, тыс. руб./чел.", "тыс. руб./чел."),
        )
    ):
        line = [["Region", name], ["Beijing", "1.5"], ["Tianjin", "2.5"]]
        called = name.split(",")[0].split(" (")[0]
        yield Case(
            f"units_of_words_{k}.csv",
            text(line, ";"),
            {("CN-BJ", 2020, called): 1.5, ("CN-TJ", 2020, called): 2.5},
            {"year": 2020},
            units={called: unit},
        )
    for k, (line, unit) in enumerate({
        "单位：亿元": "亿元", "计量单位:万元": "万元", "(100 million yuan)": "亿元",
        "Unit: 10 000 yuan": "万元", "Единица измерения: млн руб.": "млн руб.",
        "в миллиардах рублей": "млрд руб.", "单位：亿元 (100 million yuan)": "亿元",
        "(в основных ценах; рублей)": "руб.", "单位：头": "头",
    }.items()):  # fmt: skip
        rows = wide(above=((GDP,), (line,)))
        yield Case(f"unit_line_{k}.csv", text(rows), PLAIN, units={GDP: unit})
    yield Case(
        "unit_corner.csv", text(wide(above=((GDP,),), corner="单位：亿元")), PLAIN, units=YUAN
    )
    yield Case("unit_title.csv", text(wide(above=((f"{GDP}（亿元）",),))), PLAIN, units=YUAN)
    yield Case(
        "unit_far_right.csv", text(wide(above=(("", GDP, "", "单位：亿元"),))), PLAIN, units=YUAN
    )
    row = [
        ["地区", GDP, "年末人口"],
        ["", "亿元", "万人"],
        *([n, bare(number(i, 2020)), bare(number(i, 2020, 1))] for i, n in enumerate(CHINA)),
    ]
    yield Case(
        "unit_row.csv",
        text(row),
        figures(CHINA, (2020,), (GDP, "年末人口")),
        {"year": 2020},
        units={GDP: "亿元", "年末人口": "万人"},
    )
    yield Case(
        "unit_given.csv", text(wide(above=((GDP,),))), PLAIN, {"unit": "万元"}, units={GDP: "万元"}
    )
    yield Case(
        "units_two.csv",
        text([["单位：亿元、万人"], *changed(row, {(1, 1): "", (1, 2): ""})]),
        error=errors.SourceError,
        match="several units",
        options={"year": 2020},
    )


def encodings() -> Iterable[Case]:
    for codec in ("utf-8-sig", "utf-16", "utf-16-le", "gb18030"):
        yield Case(
            f"china_{codec}.csv",
            text(wide(), encoding=codec),
            PLAIN,
            report={"encoding": codec.removesuffix("-sig")},
        )
    for codec in ("utf-8", "cp1251", "koi8-r"):
        yield Case(f"russia_{codec}.csv", text(rus(), ";", codec), RUS, report={"encoding": codec})
    short = "Beijing,1\xa0234\n".encode("cp1252")
    yield Case("encoding_unclear.csv", short, error=errors.SourceError, match="tell its encoding")
    yield Case(
        "encoding_wrong.csv",
        text(wide()),
        options={"encoding": "ascii"},
        error=errors.SourceError,
        match="cannot be decoded",
    )
    for name, mark in {"tab": "\t", "semicolon": ";", "bar": "|"}.items():
        yield Case(
            f"delimiter_{name}.txt",
            text(wide(shown=english), mark),
            PLAIN,
            report={"delimiter": name},
        )
    yield Case("delimiter_tilde.txt", text(wide(), "~"), PLAIN, report={"delimiter": "~"})
    yield Case("sep_line.csv", b"sep=;\n" + text(wide(), ";"), PLAIN)


def workbooks() -> Iterable[Case]:
    typed = [
        [
            float(c) if k and c.replace(".", "").isdigit() and "." in c else c
            for k, c in enumerate(r)
        ]
        for r in wide()
    ]
    yield Case("typed.xlsx", xlsx(typed), PLAIN, units=YUAN)
    yield Case(
        "merged_title.xlsx",
        xlsx(typed, ["A1:D1", "A2:D2"]),
        PLAIN,
        report={"merged cells": "2 areas"},
    )
    yield Case("merged_headers.xlsx", xlsx(two_headers(), ["A1:A2", "B1:C1", "D1:E1"]), TWO)
    yield Case(
        "merged_regions.xlsx",
        xlsx(long(continued=True), [f"A{r}:A{r + 2}" for r in (2, 5, 8, 11)]),
        PLAIN,
    )
    yield Case(
        "merged_figures.xlsx", xlsx(typed, ["B4:C4"]), error=errors.SourceError, match="merged area"
    )

    def hide(book: Any) -> None:
        book["Sheet1"].row_dimensions[5].hidden = True
        book["Sheet1"].column_dimensions["C"].hidden = True

    yield Case(
        "hidden_rows.xlsx", xlsx(typed, change=hide), PLAIN, report={"hidden": "row 5, column C"}
    )

    def dates(book: Any) -> None:
        import datetime

        for c, y in enumerate(YEARS):
            book["Sheet1"].cell(3, c + 2).value = datetime.datetime(y, 12, 31)

    yield Case("date_headings.xlsx", xlsx(typed, change=dates), PLAIN)

    def percents(book: Any) -> None:
        for row in book["Sheet1"].iter_rows(min_row=2, min_col=2):
            for cell in row:
                cell.value, cell.number_format = cell.value / 100, "0.0%"

    share = [["工业占比", *YEARS], *typed[3:]]
    yield Case(
        "percent_format.xlsx",
        xlsx(share, change=percents),
        figures(CHINA, variables=("工业占比",)),
        units={"工业占比": "percent"},
    )

    def in_thousands(shown_as: str, times: float) -> bytes:
        def change(book: Any) -> None:
            for row in book["Sheet1"].iter_rows(min_row=4, min_col=2):
                for cell in row:
                    cell.value, cell.number_format = round(cell.value * times, 1), shown_as

        return xlsx(typed, change=change)

    yield Case(
        "thousands_format.xlsx",
        in_thousands("#,##0.0,", 1000),
        PLAIN,
        units=YUAN,
        report={"numbers in thousands": "B4, C4"},
    )
    yield Case("millions_format.xlsx", in_thousands("0.0,,;[Red]-0.0,,", 1e6), PLAIN)
    # A format that says itself what it shows leaves the heading's unit to the stored number.
    yield Case("thousands_format_named.xlsx", in_thousands('#,##0.0,"千"', 1), PLAIN)
    yield Case("thousands_separated.xlsx", in_thousands("#,##0.0_);(#,##0.0)", 1), PLAIN)

    def raised(book: Any) -> None:
        from openpyxl.cell.rich_text import CellRichText, TextBlock
        from openpyxl.cell.text import InlineFont

        note = TextBlock(InlineFont(vertAlign="superscript"), "1")
        book["Sheet1"]["B4"].value = CellRichText(["3328.7", note])

    yield Case("raised_digit.xlsx", xlsx(typed, change=raised), PLAIN, footnotes={"CN-BJ": "¹"})
    yield Case(
        "formula.xlsx",
        xlsx(changed(typed, {(3, 1): "=1+1"})),
        error=errors.SourceError,
        match="no stored result",
    )
    sheets = {
        str(y): [["地区", f"{GDP}(亿元)"], *([n, number(i, y)] for i, n in enumerate(CHINA))]
        for y in YEARS
    }
    yield Case("sheets.xlsx", xlsx(sheets), error=errors.SourceError, match="3 sheets with tables")
    yield Case("sheet_chosen.xlsx", xlsx(sheets), figures(CHINA, (2020,)), {"sheet": "2020"})
    yield Case("sheets_joined.xlsx", xlsx(sheets), PLAIN, {"sheet": ["2019", "2020", "2021"]})
    yield Case(
        "sheet_unknown.xlsx",
        xlsx(sheets),
        options={"sheet": "2022"},
        error=errors.SourceError,
        match="no sheet '2022'",
    )

    def stray(book: Any) -> None:
        from openpyxl.styles import Font

        book["Sheet1"].cell(1_048_576, 9).font = Font(bold=True)

    yield Case("formatted_to_the_end.xlsx", xlsx(typed, change=stray), PLAIN)

    def far(book: Any) -> None:
        book["Sheet1"].cell(1_048_576, 9).value = "x"

    yield Case(
        "huge_sheet.xlsx", xlsx(typed, change=far), error=errors.SourceError, match="1,048,576 rows"
    )
    yield Case("saved_as.xls", html(wide()), PLAIN, units=YUAN, report={"kind": "HTML"})
    spans = two_headers()
    spanned = [
        [
            "<td rowspan=2>地区</td>",
            *(f"<td colspan=2>{y}年<sup>①</sup></td>" for y in (2019, 2020)),
        ],
        spans[1][1:],
        *spans[2:],
    ]
    yield Case("spans.xls", html(spanned), TWO, units=YUAN2)
    yield (
        Case("excel_97.xls", xls(typed), PLAIN, needs="xlrd")
        if _has("xlwt")
        else Case("skipped.xls", b"", needs="xlwt")
    )
    entity = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(typed))) as old, zipfile.ZipFile(entity, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part == "xl/workbook.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "b">]>' + data
            new.writestr(part, data)
    yield Case("entities.xlsx", entity.getvalue(), error=errors.SourceError, match="entities")
    yield Case("torn.xlsx", xlsx(typed)[:900], error=errors.SourceError, match="cannot be opened")


def _has(module: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(module) is not None


def mistakes() -> Iterable[Case]:
    for k, years in enumerate(
        (("2010-2011", "2011-2012"), ("2010/11", "2011/12"), ("2010 — 2011年", "2011至2012年"))
    ):
        period = [
            ["地区生产总值（亿元）"],
            ["地区", *years],
            ["北京", "1.5", "2.5"],
            ["天津", "4.5", "5.5"],
        ]
        for options in ({}, {"year": 2011}):
            yield Case(
                f"periods_{k}_{len(options)}.csv",
                text(period),
                options=options,
                error=errors.SourceError,
                match="is a period of several years",
            )
    cities = [["Население, тыс. чел."], ["Регион", "2019"], ["г. Белгород", "391,6"]]
    cities += [["г. Воронеж", "1 054,1"], ["Курская область", "1 107,0"]]
    yield Case(
        "cities_among_oblasts.csv",
        text(cities, ";"),
        error=errors.UnknownRegionError,
        match="'г. Белгород'",
    )
    spans = [["Регион", "Период", "Урожай, тыс. т"]]
    spans += [[n, p, "1,5"] for n in RUSSIA for p in ("2010-2011 гг.", "2011-2012 гг.")]
    yield Case(
        "periods_down.csv", text(spans, ";"), error=errors.SourceError, match="'2010-2011 гг.'"
    )
    for name, cells in {"ranges": ("1.5/2.5", "4.5-5.5"), "about": ("约1.5", "4.5左右")}.items():
        lost = [["地区生产总值（亿元）"], ["地区", "2019", "2020"], ["北京", cells[0], "2.5"]]
        lost.append(["天津", cells[1], "5.5"])
        yield Case(f"column_of_{name}.csv", text(lost), error=errors.NotNumericError, match="B3: ")
    yield Case(
        "unknown_region.csv",
        text(wide({**CHINA, "北金": "?"})),
        error=errors.UnknownRegionError,
        match="A8: a row of figures has the label '北金'",
    )
    yield Case(
        "nuts.tsv",
        text(
            [["geo\\TIME", "2019 ", "2020 "], ["DE1", "12.5 ", "13.5 p"], ["DE2", "22.5 b", ": "]],
            "\t",
        ),
        {
            ("DE1", 2019, "gdp"): 12.5,
            ("DE1", 2020, "gdp"): 13.5,
            ("DE2", 2019, "gdp"): 22.5,
            ("DE2", 2020, "gdp"): None,
        },
        {"variable": "gdp"},
        footnotes={"DE1": "p"},
        report={"country": "EU"},
    )
    dollars = "GDP (current US$)"
    bank = [
        ["Last Updated Date", "2024-06-28"],
        [],
        ["Country Name", "Country Code", "Indicator Name", "2019 [YR2019]", "2020 [YR2020]"],
        ["France", "FRA", dollars, "2.5", ".."],
        ["Germany", "DEU", dollars, "3.5", "4.5"],
        ["World", "WLD", dollars, "9.5", "9.5"],
    ]
    yield Case(
        "world_bank.csv",
        text(bank),
        {
            ("FR", 2019, dollars): 2.5,
            ("FR", 2020, dollars): None,
            ("DE", 2019, dollars): 3.5,
            ("DE", 2020, dollars): 4.5,
        },
        totals=("World",),
    )
    yield Case(
        "raised_title.csv", text(wide(above=(("地区生产总值¹⁾（亿元）",),))), PLAIN, units=YUAN
    )
    corps = {**CHINA, "新疆生产建设兵团": "?"}
    yield Case(
        "unknown_region_aside.csv", text(wide(corps)), PLAIN, {"aside": ["新疆生产建设兵团"]}
    )
    yield Case(
        "no_year.csv", text(variables_wide()[1:]), error=errors.SourceError, match="which year"
    )
    yield Case("year_given.csv", text(variables_wide()[1:]), ONE_YEAR, {"year": 2020})
    yield Case("no_variable.csv", text(wide(above=())), error=errors.SourceError, match="what its")
    yield Case(
        "variable_given.csv",
        text(wide(above=())),
        figures(CHINA, variables=("gdp",)),
        {"variable": "gdp"},
    )
    yield Case(
        "year_needless.csv",
        text(wide()),
        options={"year": 2020},
        error=errors.SourceError,
        match="says itself which years",
    )
    yield Case(
        "region_needless.csv",
        text(wide()),
        options={"territory": "江西"},
        error=errors.SourceError,
        match="names its regions itself",
    )
    twice = wide({**CHINA, "北京市": "CN-BJ"})
    yield Case(
        "region_twice.csv", text(twice), error=errors.DuplicateKeyError, match="stands twice"
    )
    same = [*wide(), wide()[3]]
    yield Case("region_repeated.csv", text(same), PLAIN)
    yield Case(
        "no_table.csv",
        "编者说明\n本年鉴收录全国数据。\n".encode(),
        error=errors.SourceError,
        match="no table",
    )
    yield Case(
        "only_totals.csv",
        text([["地区", *YEARS], ["全国", 1.5, 2.5, 3.5]]),
        error=errors.SourceError,
        match="names no region",
        options={"variable": "x"},
    )
    yield Case("empty.csv", b" \n", error=errors.SourceError, match="is empty")
    yield Case("paper.csv", b"%PDF-1.7 ...", error=errors.SourceError, match="is a PDF")
    yield Case(
        "georgia_us.csv",
        text([["State", "2020"], ["Georgia", "1.5"], ["Texas", "2.5"], ["Ohio", "3.5"]]),
        {("US-GA", 2020, "v"): 1.5, ("US-TX", 2020, "v"): 2.5, ("US-OH", 2020, "v"): 3.5},
        {"variable": "v"},
        report={"country": "US"},
    )
    yield Case(
        "georgia_world.csv",
        text([["Country", "2020"], ["Georgia", "1.5"], ["France", "2.5"], ["Россия", "3.5"]]),
        {("GE", 2020, "v"): 1.5, ("FR", 2020, "v"): 2.5, ("RU", 2020, "v"): 3.5},
        {"variable": "v"},
    )


CASES = tuple(
    case
    for family in (
        layouts, headings, numbers, marks, units, encodings, workbooks, mistakes
    )
    for case in family()
)  # fmt: skip
