"""From raw files to a frame: figures, units, rows and the origin of every cell."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import panel
from panel.core.frame import PanelFrame
from panel.errors import (
    CalendarError,
    DuplicateKeyError,
    NotNumericError,
    SourceError,
    UnitError,
    UnknownRegionError,
)
from panel.sources.assemble import assemble, load
from panel.sources.catalogue import data_root

VARIABLE = '\n[panels.test.variables.new]\nlabel = { en = "New" }\n'
FROM_ACCOUNTS = VARIABLE + 'file = "accounts.csv"\ncolumn = "产值(亿元)"\nunit = "亿元"\n'


@pytest.fixture(scope="module")
def china() -> PanelFrame:
    return load("china")


def raw_cell(path: str, region: str, year: str, column: str) -> float:
    """A published cell, read without the package's own readers."""
    with (data_root() / "raw" / path).open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        return next(float(r[column]) for r in rows if r["地区"] == region and r["年份"] == year)


# ---- the shipped panels --------------------------------------------------------------------


def test_china_is_balanced_and_has_every_province(china: PanelFrame) -> None:
    assert len(china) == 31 * 9
    assert china.report().balanced
    assert china.data.loc[("CN-JX", 2020), ["name_en", "name_zh", "name_ru"]].tolist() == [
        "Jiangxi",
        "江西省",
        "Цзянси",
    ]


def test_jiangxi_2022_equals_the_published_cells(china: PanelFrame) -> None:
    path = "china/nbs_accounts.csv"
    for name, column in (("gdp", "地区生产总值(亿元)"), ("industry_va", "工业增加值(亿元)")):
        published = raw_cell(path, "江西省", "2022", column)
        assert china[name]["CN-JX", 2022] == published  # no conversion, so exactly equal
    assert china["gdp"]["CN-JX", 2022] == 31568.1
    revenue = raw_cell("china/nbs_software.csv", "江西省", "2022", "软件业务收入(万元)")
    # One multiplication converts 万元 to 亿元.
    assert china["software_revenue"]["CN-JX", 2022] == pytest.approx(revenue / 1e4, rel=1e-15)


def test_shares_lie_between_0_and_1(china: PanelFrame) -> None:
    for name in ("industry_share", "tertiary_share", "thermal_share", "ecommerce_firm_share"):
        assert china[name].notna().all(), name
        assert china[name].between(0, 1).all(), name
    for name in ("digital_economy_share", "digital_core_share"):
        assert china[name].dropna().between(0, 100).all(), name


def test_computed_share_of_firms_agrees_with_the_published_one(china: PanelFrame) -> None:
    raw = pd.read_csv(data_root() / "raw" / "china" / "nbs_enterprise_informatization.csv")
    published = raw.set_index(["地区", "年份"])["有电子商务交易活动的企业数比重(%)"].dropna()
    table = china.data.reset_index().set_index(["name_zh", "year"])
    computed = 100 * table["ecommerce_firm_share"].loc[published.index]
    assert len(computed) == 31 * 8
    # The published share has one decimal.
    assert (computed - published).abs().max() <= 0.05


def test_who_is_missing(china: PanelFrame) -> None:
    table = china.data

    def missing(name: str) -> set[str]:
        return set(table.index.get_level_values(0)[table[name].isna()])

    assert missing("digital_index") == {"CN-XZ"}
    assert missing("green_index") == {"CN-NX", "CN-XJ"}
    assert missing("electricity_intensity") == {"CN-NX", "CN-XJ"}
    for name in ("industry_va", "informatization_index", "network_density", "thermal_share"):
        assert missing(name) == set(), name


def test_two_ways_to_count_zones(china: PanelFrame) -> None:
    by_province = china.data.xs(2020, level=1)
    assert by_province["zone"].value_counts().to_dict() == {
        "West": 12,
        "East": 10,
        "Central": 6,
        "Northeast": 3,
    }
    assert by_province["zone3"].value_counts().to_dict() == {"West": 12, "East": 11, "Central": 8}


def test_one_statement_a_province_and_year(china: PanelFrame) -> None:
    stations = china["g5_stations"]
    assert stations["CN-BJ", 2020] == 21086  # June, not the 26,000 of March
    assert stations["CN-JS", 2021] == 131000  # two of December: the one published later
    assert stations["CN-XZ", 2024] == 17881  # not "over 17,000"
    assert np.isnan(stations["CN-JX", 2021])  # only "over 60,000"
    origin = china.origin("g5_stations", "CN-JX", 2022)
    assert [o.publisher for o in origin.sources] == ["江西省通信管理局"]
    assert "archived copies" in origin.sources[0].read_in
    assert china.origin("g5_stations", "CN-JX", 2021).sources == ()


def test_digital_economy_keeps_to_one_scope(china: PanelFrame) -> None:
    share = china["digital_economy_share"].dropna()
    assert share["CN-JX", 2021] == 35.0
    assert "CN-BJ" not in share.index.get_level_values(0)  # another scope
    assert len(share) == 9


def test_nothing_shipped_is_interpolated() -> None:
    for name in ("china", "russia", "world"):
        frame = load(name)
        assert all(not column.filled for column in frame.columns.values())


def test_origin_of_a_published_cell(china: PanelFrame) -> None:
    origin = china.origin("industry_va", "CN-JX", 2022)
    (source,) = origin.sources
    assert source.file == "china/nbs_accounts.csv"
    assert source.column == "工业增加值(亿元)"
    assert source.unit == "亿元"
    assert "National Bureau of Statistics" in source.publisher
    assert "5th-census" in source.vintage
    assert source.licence
    assert source.read_in.startswith("lanyuanzhe1/tongjimodule data/0412/")
    assert f"read in {source.read_in}" in str(origin)


def test_origin_of_a_computed_cell(china: PanelFrame) -> None:
    origin = china.origin("electricity_intensity", "CN-JX", 2022)
    assert origin.expression == "electricity_use / gdp"
    assert [i.name for i in origin.inputs] == ["electricity_use", "gdp"]
    assert {o.file for o in origin.publications} == {
        "china/nbs_energy.csv",
        "china/nbs_accounts.csv",
    }


def test_origin_of_an_index_cell(china: PanelFrame) -> None:
    origin = china.origin("digital_index", "CN-JX", 2022)
    assert origin.expression.startswith("composite_index(broadband_density+, ")
    assert {o.file for o in origin.publications} == {
        "china/nbs_telecom.csv",
        "china/nbs_accounts.csv",
        "china/nbs_software.csv",
        "china/nbs_enterprise_informatization.csv",
    }
    assert "nearest official measure" in china.columns["digital_index"].note
    assert "5G" in china.columns["network_density"].note


def test_choosing_rows_changes_no_figure(china: PanelFrame) -> None:
    part = load("china", years=range(2018, 2021), regions=["江西", "Guizhou", "CN-BJ"])
    assert part.units == ("CN-BJ", "CN-GZ", "CN-JX")
    assert part.times == (2018, 2019, 2020)
    pd.testing.assert_frame_equal(part.data, china.data.loc[part.table.index])


def test_one_year_and_one_region_need_no_list() -> None:
    one = load("china", years=2020, regions="江西")
    assert one.table.index.tolist() == [("CN-JX", 2020)]
    assert load("china", years=np.int64(2020), regions="江西").times == (2020,)


@pytest.mark.parametrize("years", ["2020", ["2020"], 2020.0])
def test_years_are_whole_numbers(years: object) -> None:
    with pytest.raises(CalendarError, match="write 2020 without quotes"):
        load("china", years=years)


def test_earlier_years_come_from_the_earlier_file(china: PanelFrame) -> None:
    early = assemble(data_root() / "codebook.toml", years=range(2011, 2023))
    assert early.times == tuple(range(2011, 2023))
    assert early.origin("gdp", "CN-JX", 2012).sources[0].file.endswith("2011_2015.csv")
    assert early.origin("gdp", "CN-JX", 2018).sources[0].file.endswith("nbs_accounts.csv")
    assert np.isnan(early["industry_va"]["CN-HA", 2015])  # another vintage, so left out
    assert not np.isnan(early["industry_va"]["CN-HA", 2016])
    # The base year stays as published, and a year on it has grown as the index says.
    real, growth = early["gdp_real"], early["gdp_growth"]
    assert real["CN-JX", 2016] == early["gdp"]["CN-JX", 2016]
    assert real["CN-JX", 2017] == pytest.approx(
        real["CN-JX", 2016] * growth["CN-JX", 2017] / 100, rel=1e-14
    )
    pd.testing.assert_series_equal(
        early["digital_index"].dropna(),
        china["digital_index"].dropna().loc[lambda s: s.index.get_level_values(1) <= 2022],
    )


def test_russia_keeps_methods_apart() -> None:
    russia = load("russia")
    assert len(russia.units) == 85
    raw = pd.read_csv(data_root() / "raw" / "russia" / "rosstat_innovation_activity.csv")
    vologda = raw[raw["iso_3166_2"] == "RU-VLG"].set_index(["год", "методология"])
    activity = vologda["уровень_инновационной_активности_процент"]
    assert russia["innovation_oslo3"]["RU-VLG", 2017] == activity[2017, "Осло-3"]
    assert russia["innovation_oslo4"]["RU-VLG", 2017] == activity[2017, "Осло-4"]
    assert np.isnan(russia["innovation_oslo4"]["RU-VLG", 2019])
    assert russia["innovation_oslo4_2019"]["RU-VLG", 2019] == activity[2019, "Осло-4"]
    assert russia.data["district"].loc[("RU-VLG", 2016)] == "Northwestern"
    assert ("UA-43", 2013) not in russia.table.index  # Rosstat begins in 2014


def test_world_has_twelve_countries() -> None:
    world = load("world")
    assert len(world.units) == 12
    assert world["internet_users"]["CN", 2007] == 16.0


# ---- projects of one's own -----------------------------------------------------------------


def test_row_order_of_raw_files_does_not_matter(
    project: Callable[..., Path], accounts: str
) -> None:
    index = (
        '\n[panels.test.indices.both]\nlabel = { en = "I" }\nmethod = "entropy"\n'
        'indicators = { gdp = "+", va = "-" }\n'
    )
    header, *rows = accounts.splitlines()
    straight = assemble(project(index))
    random.Random(7).shuffle(rows)
    shuffled = assemble(project(index, raw="\n".join([header, *rows]) + "\n"))
    assert straight.fingerprint == shuffled.fingerprint
    pd.testing.assert_frame_equal(straight.data, shuffled.data)


EXPERT = {"gdp": 2.0, "va": 1.0, "population": 1.0}
LIMITS = {"gdp": (0, 100), "va": (20.0, 80.0), "population": (0, 90)}
PAIRS = {"gdp": {"va": 2, "population": 4}, "va": {"population": 2}}


@pytest.mark.parametrize(
    "settings",
    [
        {"weights": "entropy_weights(0.0001)"},
        {"weights": "entropy_weights()", "aggregate": "topsis()"},
        {"weights": "critic_weights()", "scale": "min_max('year')"},
        {"weights": "variation_weights()", "scale": "relative_to('mean')"},
        {"weights": "pca_weights(0.85)", "scale": "z_score()"},
        {"weights": "factor_weights()", "scale": "z_score(over='year')"},
        {"weights": "equal_weights()", "scale": "unit_length()"},
        {"weights": "equal_weights()", "scale": f"goalposts({LIMITS}, capped=False)"},
        {
            "weights": f"expert_weights({EXPERT})",
            "scale": "percentile_rank()",
            "aggregate": "grey_relational(rho=0.4)",
        },
        {
            "weights": f"ahp_weights({PAIRS}, 'geometric mean')",
            "scale": "min_max(interval=(0.01, 1.0))",
            "aggregate": "weighted_product()",
        },
        {
            "weights": f"combined_weights(entropy_weights(), expert_weights({EXPERT}), "
            "'linear', share=0.3)"
        },
    ],
    ids=lambda s: s["weights"].partition("(")[0],
)
@pytest.mark.parametrize("yearly", [False, True])
def test_an_index_has_every_setting_of_composite_index(
    project: Callable[..., Path], accounts: str, settings: dict[str, str], yearly: bool
) -> None:
    """As the same settings have it in Python, on the years of the index."""
    entry = "\n[panels.test.indices.built]\nlabel = { en = 'I' }\nyears = [2019, 2020]\n"
    entry += 'indicators = { gdp = "+", va = "+", population = "-" }\n'
    entry += "".join(f'{key} = """{text}"""\n' for key, text in settings.items())
    pairs = [f"CN-{code},{year}" for code in ("AH", "FJ") for year in (2019, 2020)]
    raw = accounts + "".join(f"{p},{50 + 7 * i},{60 - 9 * i},{30 + 4 * i * i}\n"
                             for i, p in enumerate(pairs))  # fmt: skip
    frame = assemble(project(entry + f"yearly = {str(yearly).lower()}\n", raw=raw))
    expected = panel.composite_index(
        frame.rows(lambda t: t.year <= 2020),
        {"gdp": "+", "va": "+", "population": "-"},
        yearly=yearly,
        **{key: eval(text, vars(panel) | {n: getattr(panel, n) for n in panel.__all__})
           for key, text in settings.items()},
    )  # fmt: skip
    found = frame["built"].dropna()
    pd.testing.assert_series_equal(found, expected.scores, check_names=False)
    assert frame.columns["built"].expression == expected.column.expression


def test_an_index_with_subsystems(project: Callable[..., Path]) -> None:
    entry = (
        '\n[panels.test.indices.whole]\nlabel = { en = "I", ru = "И" }\n'
        'indicators = { size = { gdp = "+", population = "-" }, value = { va = "+" } }\n'
        "weights = \"entropy_weights()\"\nbetween = \"expert_weights({'size': 3, 'value': 1})\"\n"
        'subsystems = { size = { en = "Size", zh = "规模" } }\n'
    )
    frame = assemble(project(entry))
    expected = panel.composite_index(
        frame,
        {"size": {"gdp": "+", "population": "-"}, "value": {"va": "+"}},
        weights=panel.entropy_weights(),
        between=panel.expert_weights({"size": 3, "value": 1}),
    )
    pd.testing.assert_series_equal(frame["whole"], expected.scores, check_names=False)
    pd.testing.assert_series_equal(frame["size"], expected.subsystems["size"])
    assert frame.label("size", "zh") == "规模"
    assert frame.label("value") == "value"
    assert frame.label("whole", "ru") == "И"
    assert frame.columns["size"].inputs == ("gdp", "population")


def test_an_index_that_cannot_be_built_is_named(project: Callable[..., Path]) -> None:
    entry = (
        '\n[panels.test.indices.whole]\nlabel = { en = "I" }\n'
        'indicators = { gdp = "+", va = "+" }\nweights = "equal_weights()"\n'
        'aggregate = "weighted_product()"\n'
    )
    with pytest.raises(SourceError, match=r"Index 'whole' of panel 'test': A weighted product"):
        assemble(project(entry))


def test_the_nation_is_no_province(project: Callable[..., Path]) -> None:
    frame = assemble(project())
    assert frame.units == ("CN-HB", "CN-JX")
    assert frame["gdp"].max() == 242


def test_regions_as_written_where_no_set_is_named(project: Callable[..., Path]) -> None:
    frame = assemble(project(replace=('regions = "CN"\n', "")))
    assert set(frame.units) == {"江西省", "湖北省", "全国"}
    assert "name_en" not in frame
    assert len(assemble(project(replace=('regions = "CN"\n', "")), regions=["全国"])) == 1
    with pytest.raises(UnknownRegionError, match="湖北省"):
        assemble(project(replace=('regions = "CN"\n', "")), regions=["湖北"])


def test_unknown_region_in_a_file(project: Callable[..., Path], accounts: str) -> None:
    with pytest.raises(UnknownRegionError, match=r"(?s)accounts.csv.*did you mean") as error:
        assemble(project(raw=accounts.replace("湖北省,2020", "胡北省,2020")))
    assert error.value.value == "胡北省"


def test_text_in_a_number_column(project: Callable[..., Path], accounts: str) -> None:
    with pytest.raises(NotNumericError, match=r"row 4, column '产值\(亿元\)': '约121'"):
        assemble(project(raw=accounts.replace("2021,121", "2021,约121")))


def test_time_that_is_no_year(project: Callable[..., Path], accounts: str) -> None:
    with pytest.raises(CalendarError, match="'2020年'"):
        assemble(project(raw=accounts.replace("江西省,2020", "江西省,2020年")))


def test_two_rows_for_one_key(project: Callable[..., Path], accounts: str) -> None:
    with pytest.raises(DuplicateKeyError, match="CN-JX, 2020"):
        assemble(project(raw=accounts.replace("江西省,2021", "江西,2020")))


def test_unit_that_measures_something_else(project: Callable[..., Path]) -> None:
    with pytest.raises(UnitError, match=r"population.*'млн руб.'.*'万人'"):
        assemble(project(replace=('unit = "万人"', 'unit = "млн руб."')))
    with pytest.raises(UnitError, match=r"new = gdp \+ population"):
        assemble(project(VARIABLE + 'unit = "元/人"\nexpr = "gdp + population"\n'))


def test_units_that_differ_from_row_to_row(project: Callable[..., Path], register: str) -> None:
    raw = "地区,年份,单位,产值(亿元)\n江西,2020,亿元,5\n湖北,2020,万亿元,2\n湖南,2020,万人,7\n"
    register = register.split("[file.columns")[0] + (
        '[file.columns."产值(亿元)"]\nunit_from = "单位"\n'
    )
    one = 'where = { "单位" = ["亿元", "万亿元"] }\n'
    column = 'column = "产值(亿元)"\n'

    def book(where: str) -> Path:
        path = project(raw=raw, register=register)
        text = path.read_text(encoding="utf-8").split("[panels.test.variables.va]")[0]
        path.write_text(text.replace(column, column + where), encoding="utf-8")
        return path

    frame = assemble(book(one))
    assert frame["gdp"].to_dict() == {("CN-HB", 2020): 20000.0, ("CN-JX", 2020): 5.0}
    with pytest.raises(UnitError, match="published in '万人'"):
        assemble(book(""))


def test_conditions_must_be_met_by_some_row(project: Callable[..., Path]) -> None:
    with pytest.raises(SourceError, match=r"(?s)no row has '江西' .*did you mean '江西省'"):
        assemble(project(FROM_ACCOUNTS + 'where = { "地区" = "江西" }\n'))
    with pytest.raises(SourceError, match="no column '区'"):
        assemble(project(FROM_ACCOUNTS + 'where = { "区" = "江西" }\n'))
    with pytest.raises(SourceError, match="gives no figure"):
        assemble(project(FROM_ACCOUNTS + "years = [1990, 1991]\n"))


def test_latest_statement(project: Callable[..., Path], accounts: str) -> None:
    latest = FROM_ACCOUNTS + 'latest_by = "增加值(亿元)"\n'

    def value(raw: str) -> float:
        book = project(latest, raw=raw)
        text = book.read_text(encoding="utf-8")
        kept = text[: text.index("[panels.test.variables.gdp]")] + latest
        book.write_text(kept, encoding="utf-8")
        return float(assemble(book)["new"]["CN-JX", 2021])

    assert value(accounts + "江西省,2021-12,130,56,55\n") == 130
    assert value(accounts + "江西省,2021-12,130,54,55\n") == 121
    with pytest.raises(DuplicateKeyError, match="equally late"):
        value(accounts + "江西省,2021-12,130,55,55\n")


def test_text_that_is_not_translated(project: Callable[..., Path]) -> None:
    zone = VARIABLE + 'text = true\nfile = "accounts.csv"\ncolumn = "产值(亿元)"\n'
    with pytest.raises(SourceError, match="'110', which is not translated"):
        assemble(project(zone + 'values = { 100 = "low" }\n'))


def test_gaps_stay_open_unless_the_codebook_says_otherwise(
    project: Callable[..., Path], accounts: str
) -> None:
    raw = accounts.replace("江西省,2020,110", "江西省,2020,—")
    ratio = VARIABLE + 'unit = "元/人"\nexpr = "gdp / population"\n'
    index = (
        '\n[panels.test.indices.both]\nlabel = { en = "I" }\nmethod = "entropy"\n'
        'indicators = { gdp = "+", va = "+" }\n'
    )
    open_ = assemble(project(ratio + index, raw=raw))
    assert np.isnan(open_["gdp"]["CN-JX", 2020])
    assert np.isnan(open_["new"]["CN-JX", 2020])
    assert not open_.columns["gdp"].filled

    unit = 'unit = "亿元"\nfile = "accounts.csv"\ncolumn = "产值(亿元)"\n'
    said = (unit, unit + 'interpolate = "linear"\n')
    filled = assemble(project(ratio + index, raw=raw, replace=said))
    assert filled["gdp"]["CN-JX", 2020] == 110.5
    cell = frozenset({("CN-JX", 2020)})
    for name in ("gdp", "new", "both"):  # what is computed from it is not published either
        assert filled.columns[name].filled == cell, name
        assert filled.origin(name, "CN-JX", 2020).filled
        assert not filled.origin(name, "CN-JX", 2021).filled
    assert not filled.columns["va"].filled
    assert filled.report().variables.loc["gdp", "filled"] == 1
    later = assemble(project(ratio + index, raw=raw, replace=said), years=[2021])
    assert not later.columns["gdp"].filled


def test_years_that_are_not_there(project: Callable[..., Path]) -> None:
    with pytest.raises(CalendarError, match="2019 to 2021"):
        assemble(project(), years=[2030])
    with pytest.raises(UnknownRegionError, match="no region 'Beijing'"):
        assemble(project(), regions=["Beijing"])


def test_register_without_a_region_column(project: Callable[..., Path], register: str) -> None:
    with pytest.raises(SourceError, match=r"which column of accounts\.csv is the region"):
        assemble(project(register=register.replace('region = "地区"\n', "")))


@pytest.mark.parametrize(
    ("panel_name", "variable", "scheme"),
    [
        ("china", "zone", "four_zones"),
        ("china", "zone3", "three_zones"),
        ("russia", "district", "federal_district"),
    ],
)
def test_groups_are_called_as_the_region_groups_are(
    panel_name: str, variable: str, scheme: str
) -> None:
    frame = panel.load(panel_name, years=2020)
    values = frame[variable].dropna().droplevel(1)
    for language in ("en", "zh", "ru"):
        shown = values.map(lambda v, k=language: frame.columns[variable].value_in(v, k))
        known = panel.region_groups(scheme, language=language)
        assert shown.to_dict() == known.reindex(shown.index).to_dict()
