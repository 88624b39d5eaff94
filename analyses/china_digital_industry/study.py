"""Digital economy, networks, informatization and industry in China's provinces, 2016-2024.

Each table and figure is one function; ``regpanel run analyses/china_digital_industry`` makes them
all. What was chosen, and why, stands in README.md beside this file.
"""

from __future__ import annotations

import pandas as pd

import panel
from panel.study import Study

# The three measures of the question, in the order in which they enter the columns.
MEASURES = ("digital_index", "network_density", "informatization_index")
STEPS = "csw(digital_index, network_density, informatization_index, log(population))"
FULL = "digital_index + network_density + informatization_index + log(population)"
EFFECTS = "province + year"
BY_PROVINCE = panel.cluster("province")
OVER_YEARS = panel.driscoll_kraay(lags=2)
OUTCOMES = ("industry_va", "electricity_intensity", "thermal_share", "co2_intensity", "green_index")
# Four cities among provinces; the spikes of e-commerce (Chongqing 2022, Shanghai 2023) are theirs.
PROVINCES_ONLY = (
    'name_en != "Beijing" & name_en != "Tianjin" & name_en != "Shanghai" & name_en != "Chongqing"'
)

study = Study(
    title="Digital economy, networks, informatization and industry in China's provinces",
    data="china",
    main="table2",
    abstract=(
        "Do a larger digital economy, denser networks and more informatized enterprises go with "
        "more industrial output and a greener one? Two-way fixed effects on official figures, "
        "and CO2 by CEADs, of 31 provinces, 2016-2024. Associations within provinces over time, "
        "not effects of policy."
    ),
)


@study.table("table1", title="Descriptive statistics")
def description(frame):
    return panel.describe_table(frame, [*OUTCOMES, *MEASURES, "population", "g5_density"])


@study.table("table2", title="Industrial value added and the digital economy")
def industry(frame):
    models = panel.many(
        f"log(industry_va) ~ {STEPS} | {EFFECTS}", frame, vcov=BY_PROVINCE
    )  # one more regressor a column
    driscoll_kraay = models[-1].with_vcov(OVER_YEARS)
    return panel.regtable([*models, driscoll_kraay])


@study.table("table3", title="Green metrics and the digital economy")
def green(frame):
    outcomes = "c(log(electricity_intensity), thermal_share, log(co2_intensity), green_index)"
    models = panel.many(f"{outcomes} ~ {FULL} | {EFFECTS}", frame, vcov=BY_PROVINCE)
    return panel.regtable(models)


@study.table("table4", title="The same estimates under six covariances")
def inference(frame):
    covariances = {
        "iid": panel.iid(),
        "HC1": panel.hetero("HC1"),
        "Province": BY_PROVINCE,
        "Province, CR2": panel.cluster("province", kind="CR2"),
        "Province and year": panel.cluster("province", "year"),
        "Driscoll-Kraay": OVER_YEARS,
    }
    industry = panel.ols(f"log(industry_va) ~ {FULL} | {EFFECTS}", frame)
    return panel.regtable({name: industry.with_vcov(v) for name, v in covariances.items()})


@study.table("table5", title="East, Centre and West")
def zones(frame):
    """The three zones apart, and all together with a test that the slopes are equal."""
    formula = f"log(industry_va) ~ {FULL} | {EFFECTS}"
    apart = panel.many(formula, frame, vcov=BY_PROVINCE, split="zone3")
    names = ("Central", "East", "West")  # the order in which split sorts them
    slopes = " + ".join(f'i(zone3, {m}, ref="East")' for m in MEASURES)
    together = panel.ols(
        f"log(industry_va) ~ {FULL} + {slopes} | province + zone3^year", frame, vcov=BY_PROVINCE
    )
    tests = [equal_slopes(together, measure) for measure in MEASURES]
    return panel.regtable(
        {**dict(zip(names, apart, strict=True)), "Together": together}, notes=tests
    )


def equal_slopes(model, measure):
    """A sentence with the F test that the slope of ``measure`` is the same in all zones."""
    differences = [n for n in model.names if n.startswith("zone3::") and n.endswith(f":{measure}")]
    test = panel.wald(model, [f"`{name}` = 0" for name in differences])
    return (
        f"Equal slopes of {measure} in the three zones: F({len(differences)}, {model.cov.df:g}) = "
        f"{test.statistic:.2f}, p = {test.p_value:.3f}."
    )


@study.table("table6", title="Robustness of industrial value added")
def robustness(frame):
    lagged = " + ".join(f"L({m}, 1)" for m in MEASURES) + " + log(population)"
    mobile = FULL.replace("digital_index", "digital_index_mobile")
    variants = {
        "Baseline": (FULL, None, EFFECTS),
        "Without cities": (FULL, PROVINCES_ONLY, EFFECTS),
        "From 2018": (FULL, "year >= 2018", EFFECTS),
        "Without 2024": (FULL, "year <= 2023", EFFECTS),
        "Mobile internet": (mobile, None, EFFECTS),
        "Last year's": (lagged, None, EFFECTS),
        "Zone-years": (FULL, None, "province + zone^year"),
    }
    models = {
        name: panel.ols(
            f"log(industry_va) ~ {terms} | {effects}", frame, vcov=BY_PROVINCE, sample=sample
        )
        for name, (terms, sample, effects) in variants.items()
    }
    return panel.regtable(models)


@study.table("table7", title="Official statements beside the measures used")
def statements(frame):
    """Where authorities state 5G stations or a digital share: do the measures move with them?"""
    pairs = {
        "g5_density": "network_density",
        "digital_economy_share": "digital_index",
    }
    rows = []
    for stated, used in pairs.items():
        both = frame.data[[stated, used]].dropna()
        years = both.index.get_level_values("year")
        rows.append(
            {
                "Official figure": frame.label(stated),
                "Measure used": frame.label(used),
                "Province-years": len(both),
                "Provinces": both.index.get_level_values("province").nunique(),
                "First year": str(years.min()),
                "Last year": str(years.max()),
                "Correlation": both[stated].corr(both[used]),
                "Rank correlation": both[stated].corr(both[used], method="spearman"),
            }
        )
    notes = [f"{frame.label(v)}: {frame.columns[v].note}" for p in pairs.items() for v in p]
    return panel.Table.from_pandas(pd.DataFrame(rows).set_index("Official figure"), notes=notes)


@study.table("table8", title="Weights of the composite indices")
def weights(frame):
    names = (*MEASURES, "green_index")
    declared = panel.read_codebook(panel.data_root() / "codebook.toml").panel("china").indices
    built = {name: panel.entropy_index(frame, declared[name].indicators) for name in names}
    table = pd.concat({frame.label(name): index.weights for name, index in built.items()})
    table = table.droplevel("indicator").set_index("label", append=True)
    table.index.names = ["Index", "Indicator"]
    notes = [f"{frame.label(name)}: {frame.columns[name].note}" for name in names]
    return panel.Table.from_pandas(
        table.rename(columns=str.capitalize).reset_index().set_index("Index"), notes=notes
    )


@study.table("table9", title="Correlations")
def correlations(frame):
    return panel.correlation_table(frame, [*OUTCOMES, *MEASURES])


@study.figure("figure1", title="Industrial value added by zone")
def industry_by_zone(frame):
    return panel.trendplot(frame, "industry_va", by="zone")


@study.figure("figure2", title="The digital-economy index by zone, with Jiangxi")
def digital_by_zone(frame):
    return panel.trendplot(frame, "digital_index", by="zone", highlight=["CN-JX"])


@study.figure("figure3", title="The digital-economy index by province, 2024")
def digital_map(frame):
    return panel.regionmap(frame, "digital_index", year=2024)


@study.figure("figure4", title="Estimates of the three measures, by outcome")
def coefficients(frame):
    outcomes = {
        "Industrial value added (log)": "log(industry_va)",
        "Electricity intensity (log)": "log(electricity_intensity)",
        "Thermal share": "thermal_share",
        "CO2 intensity (log)": "log(co2_intensity)",
    }
    models = {
        name: panel.ols(f"{outcome} ~ {FULL} | {EFFECTS}", frame, vcov=BY_PROVINCE)
        for name, outcome in outcomes.items()
    }
    return panel.coefplot(models, keep=list(MEASURES))


@study.figure("figure5", title="Which figures there are")
def status(frame):
    return panel.statusplot(frame, [*OUTCOMES, *MEASURES])
