# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5. Publication: tables and figures that can be handed in
#
# Most of the time between a result and a submission goes into tables. Here a table is made from
# models, knows what its notes must say, and is written to Word, LaTeX, Excel, HTML or Markdown by
# the ending of the file's name: what `esttab`, `outreg2` and `asdoc` do together.

# %%
import tempfile
from pathlib import Path

import panel

frame = panel.load("china")
models = panel.many(
    "log(industry_va) ~ csw(digital_index, network_density, informatization_index, log(population))"
    " | province + year",
    frame,
    vcov=panel.cluster("province"),
)

# %% [markdown]
# ## Table 1: the data
#
# Units and labels come from the codebook, the standard deviation is split as by `xtsum`.

# %%
panel.describe_table(
    frame,
    ["industry_va", "digital_index", "network_density", "informatization_index", "population"],
    stats=("n", "mean", "sd", "sd_between", "sd_within", "min", "max"),
    title="Descriptive statistics",
)

# %%
panel.correlation_table(frame, ["industry_va", "digital_index", "network_density"])

# %% [markdown]
# ## Table 2: the regressions
#
# The outcome, the fixed effects, what the standard errors are, what the stars mean and how many
# rows were left out are always said: no setting can forget them.

# %%
table = panel.regtable(models, title="Industrial value added and the digital economy")
table

# %% [markdown]
# Show some terms, rename, choose the statistics:

# %%
panel.regtable(
    models,
    keep=("digital_index", "network_density"),
    labels={"digital_index": "Digital economy", "nobs": "N"},
    stats=("nobs", "n_units", "rsquared_within"),
    notes="Population is a control in column 4.",
)

# %% [markdown]
# ## The same table as journals want it
#
# `style=` takes the name of a preset or a `panel.Style` of your own: `"aer"` and `"econometrica"`
# without stars, `"cn"` in Chinese with t in brackets, `"gost"` for a Russian thesis.

# %%
panel.regtable(models, style="econometrica", keep=("digital_index", "network_density"))

# %%
panel.regtable(models, style="cn")

# %%
panel.regtable(models, style="gost")

# %% [markdown]
# ## Into the paper
#
# One call for each file; the numbers in Excel stay numbers.

# %%
with tempfile.TemporaryDirectory() as folder:
    saved = table.save_all(Path(folder) / "table2", ("docx", "tex", "xlsx", "html", "md"))
    print([path.name for path in saved])

# %% [markdown]
# LaTeX is booktabs with threeparttable, to be read with `\input`:

# %%
print(table.to_latex()[:600])

# %% [markdown]
# `.df` has the numbers themselves, unrounded, for whatever no table can do.

# %%
table.df.head(6)

# %% [markdown]
# ## Results of other packages in one table
#
# Estimates of statsmodels, linearmodels and pyfixest stand beside ours, one row for each term.

# %%
import numpy as np
import statsmodels.formula.api as smf

flat = frame.data.reset_index().assign(log_va=lambda t: np.log(t.industry_va))
rows = flat.dropna(subset="digital_index")
fit = smf.ols("log_va ~ digital_index + C(province) + C(year)", rows).fit(cov_type="HC1")
panel.regtable({"regpanel": models[0].with_vcov("HC1"), "statsmodels": fit}, keep="digital_index")

# %% [markdown]
# ## Figures
#
# Colours that colour-blind readers tell apart, and marks that survive a black and white print.
# `.save("figure.pdf")` writes vectors, with a description of the picture for readers who cannot
# see it.

# %%
outcomes = {
    "Industrial value added": "log(industry_va)",
    "Electricity intensity": "log(electricity_intensity)",
    "CO2 intensity": "log(co2_intensity)",
}
terms = "digital_index + network_density + informatization_index + log(population)"
figure = panel.coefplot(
    {
        name: panel.ols(f"{y} ~ {terms} | province + year", frame, vcov=panel.cluster("province"))
        for name, y in outcomes.items()
    },
    keep=["digital_index", "network_density", "informatization_index"],
)
figure

# %%
figure.alt

# %%
panel.regionmap(frame, "digital_index", year=2024, language="zh")

# %% [markdown]
# ## Robustness in one declaration
#
# Each variation is named once; the battery estimates all of them, for one table and one picture.

# %%
battery = panel.battery(
    f"log(electricity_intensity) ~ {terms} | province + year",
    frame,
    {
        "Without the four cities": {"drop": ["CN-BJ", "CN-TJ", "CN-SH", "CN-CQ"]},
        "From 2018": {"periods": (2018, 2024)},
        "Winsorised at 1%": {"winsorise": 0.01},
        "Last year's": {"lag": 1},
        "Driscoll-Kraay": {"vcov": panel.driscoll_kraay(lags=2)},
    },
    focus="digital_index",
    vcov=panel.cluster("province"),
)
panel.specplot(battery.estimates, battery.terms)

# %%
battery.table()

# %% [markdown]
# ## The whole paper at once
#
# When tables multiply, declare them as a *study*: one function a table, and `regpanel run` makes
# what has changed, with a report of one page and a manifest of every file. `docs/guide/study.md`
# shows how, and `analyses/china_digital_industry/study.py` is one.
#
# **Next:** [replicating a table](06_replication.ipynb).
