"""Jiangxi and Vologda side by side, and an audit of the figures that five documents print.

Each table and figure is one function; ``regpanel run analyses/jiangxi_vologda`` makes them all.
What was chosen, and what the audit finds, stands in README.md beside this file.
"""

from __future__ import annotations

from io import BytesIO

import pandas as pd

import panel
from panel.core.unit_words import unit_words
from panel.diagnostics import check_claims, read_claims
from panel.study import Study
from panel.tables.cells import Empty, Number, Row, Section, Span, Text

JIANGXI, VOLOGDA = "CN-JX", "RU-VLG"
FIGURES = "documents/figures.csv"
CLAIMS = "claims.toml"
DOCUMENTS = {
    "ma-cheplinskite-rumyantsev-2025": "Ma et al. 2025",
    "jiangxi-white-paper-2023": "Jiangxi white paper 2023",
    "zhang-2025": "Zhang 2025",
    "rui-2023": "Rui 2023",
    "wang-2025": "Wang 2025",
}
# Subjects of what the documents say of the two regions, each with words of its indicators' names;
# the first subject with a fitting word takes the indicator.
SUBJECTS = {
    "Structure": ("sector_share", "production_growth", "high_tech_share"),
    "Traditional industries": (
        *("metallurgy", "chemical", "forestry", "building_materials", "textile", "crude_steel"),
    ),
    "Promising industries": (
        *("promising", "strategic", "new_energy", "electronic", "aviation", "internet_of_things"),
        *("virtual_reality", "chip"),
    ),
    "Digital economy": ("digital", "informatization", "smart", "g5", "gigabit", "gdp_cagr"),
}
# Where the shipped panels can place the two: each variable in the documents' year, 2022, or in the
# last one before it.
PLACES = {
    JIANGXI: {
        **dict.fromkeys(("gdp", "gdp_per_person", "industry_share", "tertiary_share"), 2022),
        **dict.fromkeys(("digital_index", "broadband_density", "software_intensity"), 2022),
        **dict.fromkeys(("ecommerce_intensity", "network_density", "informatization_index"), 2022),
        **dict.fromkeys(("green_index", "electricity_intensity", "thermal_share"), 2022),
        "co2_intensity": 2022,
    },
    VOLOGDA: {
        "manufacturing_shipped": 2016,
        "innovation_oslo3": 2016,
        "innovation_oslo4_2019": 2022,
        "co2": 2019,
    },
}
# Variables of Jiangxi whose notes say what they stand for.
NOTED = ("digital_index", "network_density", "informatization_index", "green_index")


def regions() -> panel.PanelFrame:
    """Provinces, federal subjects and countries of the shipped panels in one frame."""
    exports = ["hightech_exports_share", "manufactures_exports_share"]
    frames = panel.load("china"), panel.load("russia"), panel.load("world").select(exports)
    table = pd.concat([f.table.rename_axis(["region", "year"]) for f in frames]).sort_index()
    columns = {name: column for f in frames for name, column in f.columns.items()}
    return panel.PanelFrame(table, "region", "year", columns, "shipped panels")


study = Study(
    title="Jiangxi and Vologda: two regions, and an audit of printed claims",
    data=regions,
    main="table3",
    inputs=(CLAIMS, f"../../data/raw/{FIGURES}"),
)


def printed_figures() -> pd.DataFrame:
    """The documents' figures as printed, with their place."""
    content = panel.read_catalogue(panel.data_root()).content(FIGURES)
    figures = pd.read_csv(BytesIO(content), dtype=str, keep_default_na=False)
    places = figures["document"].map(DOCUMENTS) + ", " + figures["place_in_document"]
    return figures.assign(place=places)


def spans(*words: str) -> tuple[Span, ...]:
    return tuple(Span(w) for w in words)


def shown(value: float, digits: int) -> Number:
    """A number with that many decimals, fewer if it has many digits before the point."""
    return Number(float(value), max(0, min(digits, 5 - len(f"{abs(value):.0f}"))))


@study.table("table1", title="The two regions in the documents")
def side_by_side():
    """One line an indicator and year, one column a region."""
    printed = printed_figures().query("region in [@JIANGXI, @VOLOGDA]")
    rows = {subject: [] for subject in SUBJECTS}
    for fact in printed.sort_values("year", kind="stable").to_dict("records"):
        name = fact["indicator"]
        subject = next(s for s, words in SUBJECTS.items() if any(w in name for w in words))
        value = Number(float(fact["value"]), len(fact["value"].partition(".")[2]))
        here = [value if fact["region"] == r else Empty() for r in (JIANGXI, VOLOGDA)]
        words = [Text(fact[key]) for key in ("unit", "year", "place", "note")]
        rows[subject].append(Row(worded(name), (*here, *words)))
    return panel.Table(
        header=(spans("", "Jiangxi", "Vologda", "Unit", "Year", "Where", "Remark"),),
        sections=tuple(Section(tuple(r), subject) for subject, r in rows.items()),
        notes=("The digits are those of the documents; table 3 says which of them fit together.",),
    )


def worded(indicator: str) -> str:
    """An indicator's name as words."""
    words = indicator.replace("g5", "5G").replace("_va_", "_value_added_").replace("_", " ")
    words = words.replace("cagr", "growth a year,").replace("gdp", "GDP")
    words = words.replace("2016 2021", "2016-2021")
    return words[0].upper() + words[1:]


@study.table("table2", title="The two regions among all regions of their country")
def places(frame):
    """Rank and quantile of each region among those that have a figure."""
    sections = []
    for region, variables in PLACES.items():
        country = peers(frame, region)
        rows = [place(country, region, name, year) for name, year in variables.items()]
        sections.append(Section(tuple(rows), country["name_en"].xs(region).iloc[0]))
    noted = [f"{frame.label(v)}: {frame.columns[v].note}" for v in (*NOTED, *PLACES[VOLOGDA])]
    order = (
        "Rank 1 is the largest figure; the quantile is the share of the other regions with a "
        "smaller one."
    )
    header = spans("", "Year", "Unit", "Figure", "Rank", "Of", "Quantile", "Median", "Largest in")
    return panel.Table((header,), tuple(sections), notes=(order, *noted))


def place(country, region, variable, year) -> Row:
    """One line of table 2."""
    figures = country[variable].xs(year, level="year").dropna()
    value, n = figures[region], len(figures)
    cells = (
        Text(str(year)),
        Text(unit_words(country.columns[variable].unit, "en")),
        shown(value, 3),
        Number(int((figures > value).sum()) + 1, 0),
        Number(n, 0),
        Number(float((figures < value).sum()) / (n - 1), 2),
        shown(figures.median(), 3),
        Text(country["name_en"].xs(year, level="year")[figures.idxmax()]),
    )
    return Row(country.label(variable), cells)


def peers(frame, region):
    """The regions of the same country."""
    return frame.rows(lambda table: table.region.str.startswith(region[:3]))


@study.table("table3", title="Printed claims recomputed")
def claims(frame):
    report = check_claims(printed_figures(), CLAIMS, frame)
    rows = {name: [] for name in DOCUMENTS.values()}
    for claim in report.table.to_dict("records"):
        document, _, where = claim["place"].partition(", ")
        rows[document].append(audited(claim, where))
    counted = ", ".join(f"{n} {verdict}" for verdict, n in report.counts.items() if n)
    return panel.Table(
        header=(spans("", "Where", "Printed", "Recomputed", "Verdict", "Comment"),),
        sections=tuple(Section(tuple(r), title) for title, r in rows.items() if r),
        notes=(
            f"{len(report.table)} claims: {counted}.",
            "Recomputed from the other figures as printed, each of which may differ by half a unit "
            "of its last digit. A claim agrees if what is recomputed rounds to the printed figure, "
            "agrees within rounding if some unrounded figures fit together, and contradicts if "
            "none do. Table 4 gives expressions, bounds and reasons.",
        ),
    )


def audited(claim, where) -> Row:
    """One line of table 3."""
    before = (where, f"{claim['printed']} {claim['unit']}")
    after = (claim["verdict"], claim["comment"])
    return Row(
        claim["claim"], (*map(Text, before), as_printed(claim, "recomputed"), *map(Text, after))
    )


def as_printed(claim, key) -> Number:
    """What is recomputed, with one digit more than what is printed."""
    return shown(claim[key], len(claim["printed"].partition(".")[2]) + 1)


@study.table("table4", title="How each claim was recomputed")
def reckonings(frame):
    """Expression, bounds and reason of each claim, with the figures it uses."""
    relations = {claim.name: claim.relation for claim in read_claims(CLAIMS).claims}
    rows = []
    for claim in check_claims(printed_figures(), CLAIMS, frame).table.to_dict("records"):
        low, high = (as_printed(claim, key).text() for key in ("low", "high"))
        sides = {"at most": f"at most {high}", "at least": f"at least {low}"}
        rows.append(
            {
                "Claim": claim["claim"],
                "Expression": claim["expression"],
                "Figures": claim["figures"],
                "Bounds": sides.get(relations[claim["claim"]], f"{low} to {high}") if low else "",
                "Why": claim["reason"],
            }
        )
    return panel.Table.from_pandas(pd.DataFrame(rows).set_index("Claim"))


@study.table("table5", title="Figures beside those of table 1 that the audit uses")
def sources(frame):
    file = read_claims(CLAIMS)
    facts = [f for f in file.facts if not f.missing] + [cell.fact(frame) for cell in file.cells]
    rows = [{"Figure": f.name, "As printed": str(f), "Where": f.place} for f in facts]
    return panel.Table.from_pandas(pd.DataFrame(rows).set_index("Figure"))


@study.figure("figure1", title="The digital-economy index: Jiangxi among the central provinces")
def digital(frame):
    return panel.trendplot(central(frame), "digital_index", highlight=[JIANGXI], band="range")


@study.figure("figure2", title="Industry's share of product: Jiangxi among the central provinces")
def industry(frame):
    return panel.trendplot(central(frame), "industry_share", highlight=[JIANGXI], band="range")


@study.figure("figure3", title="Shipped manufactures: Vologda among the northwestern regions")
def manufacturing(frame):
    there = northwest(frame).rows(lambda table: table.year <= 2016)
    return panel.trendplot(there, "manufacturing_shipped", highlight=[VOLOGDA])


@study.figure("figure4", title="CO2 emissions: Vologda among the northwestern regions")
def emissions(frame):
    there = northwest(frame).rows(lambda table: table.year.between(2010, 2019))
    return panel.trendplot(there, "co2", highlight=[VOLOGDA], band="range")


def central(frame):
    """The six central provinces of China."""
    return frame.rows(lambda table: (table.zone == "Central").to_numpy(dtype=bool))


def northwest(frame):
    """The regions of Russia's Northwestern federal district."""
    return frame.rows(lambda table: (table.district == "Northwestern").to_numpy(dtype=bool))
