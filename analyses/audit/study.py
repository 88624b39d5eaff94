"""An audit of the shipped panels and of the figures that five documents print.

``regpanel run analyses/audit`` makes the tables; ``python analyses/audit/study.py`` writes
docs/audit.md. The rules stand below; what a finding means stands in docs/guide/audit.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

import pandas as pd

import panel
from panel.diagnostics.audit_finding import Teller
from panel.diagnostics.audit_words import BASES, KIND_WORDS
from panel.diagnostics.printed import Printed
from panel.sources.catalogue import Catalogue
from panel.study import Study

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "audit.md"
CLAIMS = ROOT / "analyses" / "jiangxi_vologda" / "claims.toml"
DOCUMENTS = {
    "ma-cheplinskite-rumyantsev-2025": "Ma et al. 2025",
    "jiangxi-white-paper-2023": "Jiangxi white paper 2023",
    "zhang-2025": "Zhang 2025",
    "rui-2023": "Rui 2023",
    "wang-2025": "Wang 2025",
}
# Columns of raw files that the panels do not take over, by the names they get here.
COMPOSITION = "china/gdp_composition_2015.csv"
ACCOUNTS = "china/nbs_accounts_2011_2015.csv"
FIRMS = "china/nbs_enterprise_informatization.csv"
STATIONS = "china/facts_5g_base_stations.csv"
COUNTED = ["数值(原文)", "座(derived)"]
SHIPPED = "russia/rosstat_shipped_manufacturing.csv"
SECTORS = {
    "primary": "第一产业占GDP比重(%)",
    "secondary": "第二产业占GDP比重(%)",
    "tertiary": "第三产业占GDP比重(%)",
    "industry": "工业占GDP比重(%)",
    "construction": "建筑业占GDP比重(%)",
}
CHINA = (
    "industry_va + tertiary_va <= gdp",
    "industry_va <= secondary_va",
    "secondary_va <= gdp",
    "thermal_generation <= generation",
    "it_service_revenue <= software_revenue",
    "ecommerce_firm_share_printed = firms_ecommerce / firms",
    panel.Identity("gdp / L(gdp) = gdp_growth", within=0.15),
    panel.Limits("thermal_share", 0, 1),
)
PARTS = ("primary + secondary + tertiary = 1", "industry + construction = secondary")
MOST = 12  # findings of one kind and variable that the page shows one by one


@cache
def catalogue() -> Catalogue:
    return panel.read_catalogue(panel.data_root())


@cache
def cells(path: str) -> pd.DataFrame:
    """A raw file as text."""
    return pd.read_csv(BytesIO(catalogue().content(path)), dtype=str, keep_default_na=False)


def raw(path: str, columns: dict[str, str]) -> panel.PanelFrame:
    """Columns of a raw file, by new names, as a frame of provinces and years."""
    file = catalogue().file(path)
    table = cells(path)
    provinces = [panel.resolve(name, country="CN") for name in table[file.region]]
    keys = {
        "province": [p.code for p in provinces],
        "year": table[file.time].astype(int),
        "name_en": [p.en for p in provinces],
        "name_zh": [p.zh for p in provinces],
        "name_ru": [p.ru for p in provinces],
    }
    known = {new: file.column(old) for new, old in columns.items()}
    figures = {new: pd.to_numeric(table[old].replace("", None)) for new, old in columns.items()}
    origins = {
        new: panel.Origin(
            path, c.name, c.unit, c.publisher, c.publication, c.vintage, read_in=c.read_in
        )
        for new, c in known.items()
    }
    units = {new: c.unit for new, c in known.items()}
    return panel.PanelFrame.from_pandas(
        pd.DataFrame(keys | figures), "province", "year", units, origins=origins, name=path
    )


def china() -> panel.PanelFrame:
    """The panel of provinces from 2011 on, with two columns more for its arithmetic."""
    frame = panel.assemble(panel.data_root() / "codebook.toml", range(2011, 2025), "china")
    more = {
        "secondary_va": (ACCOUNTS, "第二产业增加值(亿元)"),
        "ecommerce_firm_share_printed": (FIRMS, "有电子商务交易活动的企业数比重(%)"),
    }
    for name, (path, column) in more.items():
        part = raw(path, {name: column})
        known = part.columns[name]
        frame = frame.assign(**{name: part[name]})
        frame = frame.describe(name, unit=known.unit, origins=known.origins)
    return frame


def composition() -> panel.PanelFrame:
    """Sectors' shares of 2015 as first released, in percent of product."""
    return raw(COMPOSITION, SECTORS)


def first_release(frame: panel.PanelFrame) -> Iterator[panel.Finding]:
    """Industry's share of 2015 in the panel against the first release."""
    of_2015 = frame.rows(lambda table: table.year == 2015)
    yield from panel.OtherSource(composition(), {"industry_share": "industry"})(of_2015)


def statements(frame: panel.PanelFrame) -> Iterator[panel.Finding]:
    """Counts of 5G stations of a province that are below a count of the same month or before, by
    more than the rounding of the two."""
    table = cells(STATIONS)
    table = table[(table["level"] == "province") & (table["限定词"] == "")]
    counts = table.assign(
        count=pd.to_numeric(table["座(derived)"]),
        half=[half(*r) for r in table[COUNTED].to_numpy()],
    )
    tell = Teller(frame, "g5_stations")
    for name, group in counts.groupby("地区"):
        code, most = panel.resolve(name, country="CN").code, None
        for row in group.sort_values(["截至", "count"], ascending=[True, False]).to_dict("records"):
            if most is None or row["count"] >= most["count"]:
                most = row
            elif row["count"] + row["half"] < most["count"] - most["half"]:
                size = (most["count"] - row["count"]) / (most["half"] + row["half"])
                yield tell.find(
                    "vintage", (code, int(row["截至"][:4])), row["count"], most["count"], size,
                    other=f"{most['发布机构']}, {most['截至']}",
                    place=f"{name} ({row['发布机构']}, {row['截至']})",
                )  # fmt: skip


def half(printed: str, derived: str) -> float:
    """Half a unit of the last printed digit, in stations: 5,000 for 13 of 10,000."""
    number = Printed(printed)
    return 0.5 * 10.0**number.place * float(derived) / float(number.number)


def federal_totals(frame: panel.PanelFrame) -> Iterator[panel.Finding]:
    """Shipped goods: federal subjects against the figure of the federation."""
    rows = cells(SHIPPED).query("уровень == 'страна'")
    totals = dict(zip(rows["год"].astype(int), rows.iloc[:, -1].astype(float), strict=True))
    yield from panel.RegionalTotal("manufacturing_shipped", totals)(frame)


def printed_figures() -> pd.DataFrame:
    """The documents' figures as printed, with their place."""
    figures = cells("documents/figures.csv")
    places = figures["document"].map(DOCUMENTS) + ", " + figures["place_in_document"]
    return figures.assign(place=places)


def shipped() -> panel.PanelFrame:
    """Provinces, federal subjects and countries in one frame, for the documents' claims."""
    frames = [panel.load(name) for name in ("china", "russia", "world")]
    exports = ["hightech_exports_share", "manufactures_exports_share"]
    frames[2] = frames[2].select(exports)
    table = pd.concat([f.table.rename_axis(["region", "year"]) for f in frames]).sort_index()
    columns = {name: column for f in frames for name, column in f.columns.items()}
    return panel.PanelFrame(table, "region", "year", columns, "documents")


@cache
def audits() -> dict[str, panel.Audit]:
    """Every audit by its title."""
    claims = panel.PrintedClaims(printed_figures(), CLAIMS)
    return {
        "China, 31 provinces": panel.audit(china(), (*CHINA, first_release, statements)),
        "China, composition of product in 2015": panel.audit(composition(), PARTS, variables=[]),
        "Russia, federal subjects": panel.audit(panel.load("russia"), (federal_totals,)),
        "Twelve countries": panel.audit(panel.load("world")),
        "Five documents": panel.audit(shipped(), (claims,), variables=[]),
    }


study = Study(
    title="An audit of the shipped figures",
    data=shipped,
    main="summary",
    inputs=("../jiangxi_vologda/claims.toml", "../../data/raw/documents/figures.csv"),
)


@study.table("summary", title="What the audits find, by kind")
def summary():
    tables = [a.summary().assign(panel=title) for title, a in audits().items()]
    return panel.Table.from_pandas(pd.concat(tables).set_index(["panel", "kind"]))


@study.table("findings", title="Every finding")
def findings():
    tables = [a.df.assign(panel=title) for title, a in audits().items()]
    shown = ["panel", "kind", "basis", "sentence_en", "source"]
    return panel.Table.from_pandas(pd.concat(tables)[shown].set_index("panel"))


# ---- the page --------------------------------------------------------------------------

HEAD = """# What the audit finds in the shipped figures

This page is written by `python analyses/audit/study.py`; a test compares the two. What each kind
of finding means, and what it does not, stands in [the guide](guide/audit.md). A finding says that
figures do not fit each other or the years and regions beside them. It says neither which of them is
wrong nor why: it may be an event, a change of definition (the codebook notes some) or a slip in
the publication or in the transcriptions named in `data/sources.toml`. Nothing was changed
on account of the findings.
"""


def page() -> str:
    """Text of docs/audit.md."""
    parts = [HEAD]
    for title, found in audits().items():
        parts += [f"## {title}\n", counted(found), *sections(title, found)]
    return "\n".join(parts).rstrip() + "\n"


def counted(found: panel.Audit) -> str:
    """What was looked at, and a table of the findings by kind."""
    rules = "; ".join(f"`{rule}`" for rule in found.rules)
    series = f"{len(found.checked)} series were looked at." if found.checked else ""
    lines = [" ".join(filter(None, (series, f"Rules: {rules}." if rules else ""))) + "\n"]
    if not len(found):
        return "\n".join([*lines, "Nothing was found.\n"])
    lines += ["| Kind | Basis | Findings | Variables | Regions |", "|---|---|---:|---:|---:|"]
    for row in found.summary().to_dict("records"):
        numbers = " | ".join(str(row[k]) for k in ("findings", "variables", "regions"))
        lines.append(f"| {KIND_WORDS[row['kind']][0]} | {row['basis']} | {numbers} |")
    return "\n".join(lines) + "\n"


def sections(title: str, found: panel.Audit) -> Iterator[str]:
    """The findings, by basis and kind."""
    for basis in BASES:
        some = [f for f in found.findings if f.basis == basis]
        if some:
            yield f"### {title}: {basis}\n"
        for kind, group in groupby(some, key=lambda f: f.kind):
            yield f"**{KIND_WORDS[kind][0].capitalize()}**\n"
            yield "\n".join(lines(group)) + "\n"


def lines(group: Iterable[panel.Finding]) -> Iterator[str]:
    """One line a finding; of many about one variable, the largest."""
    for _, same in groupby(group, key=lambda f: f.variable if f.kind != "claim" else ""):
        rows = list(same)
        many = len(rows) > MOST and rows[0].kind != "claim"
        shown = sorted(rows, key=lambda f: -abs(f.size))[:MOST] if many else rows
        for one in sorted(shown, key=rows.index):
            source = f" `{one.source}`" if one.source and one.kind != "claim" else ""
            yield f"- {escaped(one.sentence())}{source}"
        if many:
            yield f"- … and {len(rows) - MOST} more of {rows[0].variable}."


def escaped(text: str) -> str:
    """Text in which Markdown reads no marks."""
    return text.replace("*", r"\*").replace("_", r"\_").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
