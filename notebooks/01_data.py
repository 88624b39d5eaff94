# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1. Data: from yearbook figures to a panel
#
# In Stata you would import a dozen workbooks, rename columns, merge, and hope that "Jiangxi" is
# spelled the same in all of them. Here a *frame* is made in one call and stays a record of where
# each figure came from. This tour looks at the raw files first, then at two panels made of them:
# 31 provinces of China and the subjects of the Russian Federation.

# %%
import panel

# %% [markdown]
# ## What a raw file looks like
#
# Raw files are kept as they were published, names and units included. `read_yearbook` reads
# tables of statistical yearbooks however they are laid out, and reports everything it had to
# guess. Here it is given the shipped goods of Russian manufacturing, as Rosstat counts them.

# %%
raw = panel.data_root() / "raw"
rosstat = panel.read_yearbook(raw / "russia" / "rosstat_shipped_manufacturing.csv")
rosstat

# %% [markdown]
# The country and the federal districts are rows of the same file. They are set aside, so that no
# sum counts a region twice, and so that sums can be checked against them. What the regions add up
# to, over what is printed for Russia:

# %%
country = rosstat.totals.query("name == 'Российская Федерация'").set_index("year")["value"]
regions = rosstat.table.groupby("year")["value"].sum()
(regions / country).round(4).to_frame("sum of regions / Russia")

# %% [markdown]
# Names of regions are where merging by hand goes wrong. One region has many names, and some names
# stand for two regions; those are never guessed.

# %%
panel.match_regions(["江西", "江西省", "Jiangxi", "Цзянси", "Jilin", "Guizho"], country="china")

# %% [markdown]
# ## A panel from a codebook
#
# `assemble` makes a panel from a *codebook*: a text file that says which variables there are,
# with a unit, labels in three languages and the column or expression each one comes from. On the
# way it checks every file against its checksum and every unit against the others: adding yuan to
# roubles is an error. `panel.load("china")` is short for the first of these two lines.

# %%
china = panel.assemble(panel.data_root() / "codebook.toml", panel="china")
russia = panel.assemble(panel.data_root() / "codebook.toml", panel="russia")
china

# %%
russia

# %% [markdown]
# ## Ask any cell where it comes from
#
# This is what a spreadsheet cannot tell. A published figure leads to file, column, unit and
# publisher; a computed one to the figures it was computed from.

# %%
china.origin("gdp_per_person", "Jiangxi", 2022)

# %%
print(china.origin("co2_intensity", "Jiangxi", 2022).sentence("en"))

# %% [markdown]
# ## What is there, and what is not
#
# Look at the gaps before the first regression: a model can only use rows in which none of its
# variables is missing, and which provinces these are decides what you estimate.

# %%
china.select(["industry_va", "electricity_use", "software_revenue", "co2_apparent"]).report()

# %%
panel.statusplot(china, ["industry_va", "electricity_use", "software_revenue", "co2_apparent"])

# %% [markdown]
# Ningxia and Xinjiang publish no electricity use here, Tibet no software revenue and no CO2, and
# CO2 ends in 2022. In the Russian panel shipped goods end in 2016 with the old classification of
# industries, Crimea and Sevastopol begin in 2014, and the estimates of CO2 run from 2010 to 2019:
# a model of both has seven years at most.

# %%
panel.statusplot(russia, ["manufacturing_shipped", "co2"])

# %% [markdown]
# Methods change, too. Innovation activity is three variables, because the definitions of 2010,
# 2017 and 2019 cannot be chained; notes travel with the variables, into tables as well.

# %%
print(russia.columns["innovation_oslo4_2019"].note)

# %% [markdown]
# ## Audit before you estimate
#
# `audit` looks for figures that do not fit: jumps, powers of ten, repeats, copies, arithmetic that
# does not come out. What must hold is given as a rule; here that the regions add up to Russia. A
# finding says that figures do not fit together, not which of them is wrong.

# %%
total = panel.RegionalTotal("manufacturing_shipped", country)
panel.audit(russia, [total], variables=["manufacturing_shipped"])

# %%
found = panel.audit(china)
found.summary()

# %%
found.df.query("kind == 'outlier'")[["variable", "region", "year", "value", "expected"]]

# %% [markdown]
# Some of these are real (growth in Hubei in 2020), some come with a change of definition (mobile
# internet users of 2017), and some no reader should pass by: software revenue in Inner Mongolia is
# 25 times in 2021 what the years beside it lead to. The panel keeps figures as published; what to
# do about them is a choice that belongs in the paper. To pull in the tails, and keep a record of
# every cell that was touched:

# %%
cleaned = panel.winsorise(china, "software_intensity", 0.01, 0.99)
cleaned.columns["software_intensity"].steps[-1].df

# %% [markdown]
# ## Lags follow the calendar
#
# `L.x` in Stata knows the calendar because of `xtset`; in a spreadsheet a lag is the row above,
# also where that row is another region or a year is missing. Here a lag is last year of the same
# region or it is missing. The first year of each region has none:

# %%
china.lag("gdp").groupby("year").count().to_frame("regions with a lag")

# %% [markdown]
# ## Pictures of the panel
#
# Labels and units come from the codebook. Every picture keeps its numbers in `.data`.

# %%
panel.trendplot(china, "gdp_per_person", by="zone", highlight=["CN-JX"])

# %%
panel.regionmap(russia, "manufacturing_shipped", year=2016, language="ru")

# %% [markdown]
# ## Distributions over the years
#
# A mean hides whether regions draw together. Kernel densities show the whole distribution of
# product per person; the bandwidth is chosen for each year, and what would lie below zero is
# reflected.

# %%
panel.ridgeplot(panel.densities(china, "gdp_per_person", lower=0))

# %% [markdown]
# ## Whom to cite
#
# The publications behind a variable, ready for the data section of a paper (`.bibtex` for
# LaTeX).

# %%
panel.citations(china, ["industry_va", "software_revenue", "co2_apparent"])

# %% [markdown]
# ## When something is wrong
#
# Errors name the variable, the value and the remedy.

# %%
try:
    china.lag("gdp_per_preson")
except panel.PanelError as error:
    print(error)

# %% [markdown]
# **Next:** [indices](02_indices.ipynb). More on data in `docs/guide/data.md`, on reading files in
# `docs/guide/reading.md`, on a whole panel from raw files in `docs/guide/assembling.md`.
