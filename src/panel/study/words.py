"""The words of the report in English, Chinese and Russian."""

from __future__ import annotations

from panel.core.column import LANGUAGES
from panel.errors import StudyError, suggest

_WORDS = {
    "contents": ("Contents", "目录", "Содержание"),
    "summary": ("Summary", "概要", "Сводка"),
    "skip": ("To the content", "跳到正文", "К содержанию"),
    "look": ("Look of the page", "页面显示", "Вид страницы"),
    "dark": ("Dark", "深色", "Тёмный вид"),
    "print": ("Print", "打印", "Печать"),
    "sort": ("Sort by this column", "按此列排序", "Сортировать по этому столбцу"),
    "table_of": ("Table", "表", "Таблица"),
    "n_regions": ("Regions", "地区数", "Регионов"),
    "n_years": ("Years", "年份", "Годы"),
    "n_rows": ("Rows", "行数", "Строк"),
    "n_figures": ("Published figures", "公布的数值", "Опубликованных значений"),
    "n_missing": ("Missing", "缺失", "Пропусков"),
    "n_filled": ("Interpolated", "插值", "Интерполировано"),
    "n_tables": ("Tables", "表格数", "Таблиц"),
    "n_pictures": ("Figures", "图数", "Рисунков"),
    "n_texts": ("Texts", "文字", "Текстов"),
    "appendix": ("Appendix", "附录", "Приложение"),
    "read_in": ("read in", "读自", "прочитано в"),
    "main": ("Main table", "主要结果", "Основная таблица"),
    "data": ("Data", "数据", "Данные"),
    "tables": ("Tables", "表格", "Таблицы"),
    "figures": ("Figures", "图", "Рисунки"),
    "texts": ("Notes of the study", "说明", "Пояснения"),
    "made": ("How it was made", "生成信息", "Как это получено"),
    "download": ("Download", "下载", "Скачать"),
    "copy_latex": ("Copy LaTeX", "复制 LaTeX", "Копировать LaTeX"),
    "copy_word": ("Copy for Word", "复制到 Word", "Копировать для Word"),
    "copy_csv": ("Copy CSV", "复制 CSV", "Копировать CSV"),
    "copied": ("Copied.", "已复制。", "Скопировано."),
    "failed": (
        "Could not be copied: download it instead.",
        "无法复制，请下载文件。",
        "Скопировать не удалось: скачайте файл.",
    ),
    "sample": (
        "{units} regions, {first}-{last}: {rows} rows, {balance}.",
        "{units} 个地区，{first}-{last} 年：{rows} 行，{balance}。",
        "{units} регионов, {first}-{last} гг.: {rows} строк, {balance}.",
    ),
    "plain_sample": (
        "{rows} rows, {columns} columns.",
        "{rows} 行，{columns} 列。",
        "{rows} строк, {columns} столбцов.",
    ),
    "balanced": ("a balanced panel", "平衡面板", "сбалансированная панель"),
    "unbalanced": ("an unbalanced panel", "非平衡面板", "несбалансированная панель"),
    "regions": ("Regions", "地区", "Регионы"),
    "status": (
        "Figures by region and year",
        "各地区各年份的数据情况",
        "Данные по регионам и годам",
    ),
    "sources": ("Sources", "数据来源", "Источники"),
    "file": ("File", "文件", "Файл"),
    "publications": ("Published in", "出处", "Опубликовано"),
    "several": ("{n} publications", "{n} 种出处", "публикаций: {n}"),
    "terms": ("Terms", "使用条款", "Условия"),
    "variables": ("Variables", "变量", "Переменные"),
    "variable": ("Variable", "变量", "Переменная"),
    "label": ("Label", "名称", "Название"),
    "unit": ("Unit", "单位", "Единица"),
    "published": ("Figures", "数值", "Значений"),
    "missing": ("Missing", "缺失", "Нет данных"),
    "filled": ("Interpolated", "插值", "Интерполировано"),
    "span": ("Years", "年份", "Годы"),
    "computed": ("Computed as", "计算方法", "Формула"),
    "remarks": ("What to know of the figures", "数据说明", "Что нужно знать о данных"),
    "missing_by_year": ("Missing figures by year", "各年份缺失数", "Пропуски по годам"),
    "none_missing": ("No figure is missing.", "无缺失数据。", "Пропусков нет."),
    "seed": ("Seed", "随机种子", "Начальное число"),
    "parameter": ("Parameter", "参数", "Параметр"),
    "commit": ("Commit", "提交", "Коммит"),
    "software": ("Software", "软件", "Программы"),
    "inputs": ("Inputs (sha256)", "输入文件 (sha256)", "Исходные файлы (sha256)"),
}


def words_in(language: str) -> dict[str, str]:
    """All words of the report in one language.

    Raises
    ------
    StudyError : a language that the report is not written in.
    """
    if language not in LANGUAGES:
        raise StudyError(
            f"The report is not written in {language!r}.",
            variable="language",
            value=language,
            remedy=suggest(language, LANGUAGES),
        )
    return {key: said[LANGUAGES.index(language)] for key, said in _WORDS.items()}
