# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3. Estimation: fixed effects, random effects, instruments
#
# Do a larger digital economy, denser networks and more informatized enterprises go with more
# industrial output? This tour estimates it in the ways a referee will ask for. In Stata the first
# model would be
#
# ```stata
# reghdfe ln_industry digital_index ln_pop, absorb(province year) vce(cluster province)
# ```
#
# The results are associations within provinces over time, not effects of policy.

# %%
import panel

frame = panel.load("china")
by_province = panel.cluster("province")

# %% [markdown]
# ## A formula has parts
#
# Outcome `~` regressors `|` fixed effects. Functions, lags and interactions are written in the
# formula, so there is no `gen ln_pop = ln(pop)`. Fixed effects are taken out exactly.

# %%
model = panel.ols(
    "log(industry_va) ~ digital_index + log(population) | province + year", frame, vcov=by_province
)
model

# %% [markdown]
# Tibet is not in it (no software revenue), which the notes say. What the fixed effects do to the
# regressor is worth a look: without them the comparison is between provinces, with them it is
# within provinces over time, and both signs and sizes may change.

# %%
rhs = "log(industry_va) ~ digital_index + log(population)"
models = {
    "Pooled": panel.ols(rhs, frame, vcov=by_province),
    "Between": panel.between(rhs, frame),
    "Random": panel.random_effects(rhs, frame, vcov=by_province),
    "Within": panel.ols(f"{rhs} | province", frame, vcov=by_province),
    "Two-way": model,
}
panel.regtable(models)

# %%
panel.coefplot(models, keep=["digital_index"])

# %% [markdown]
# Do a few rows make the slope? The added-variable plot shows outcome and regressor with everything
# else taken out, and names the rows that stand apart.

# %%
panel.avplot(model, "digital_index")

# %% [markdown]
# ## Fixed or random?
#
# The classical Hausman test needs errors that are homoskedastic and uncorrelated, which yearly
# figures of provinces never are. Mundlak's form of it takes clusters. A small p-value speaks for
# fixed effects.

# %%
panel.mundlak_test(models["Random"])

# %% [markdown]
# ## Many columns at once
#
# `csw` adds one regressor a column, `sw0` does it for fixed effects; `split=` estimates groups
# apart.

# %%
steps = panel.many(
    "log(industry_va) ~ csw(digital_index, network_density, informatization_index, log(population))"
    " | province + year",
    frame,
    vcov=by_province,
)
panel.regtable(steps)

# %% [markdown]
# ## Do groups differ?
#
# A star in the East and none in the West is not a difference. Test the difference itself:

# %%
panel.chow(model, "zone3", terms=["digital_index"], effects="common")

# %% [markdown]
# ## An effect that depends on something
#
# Does electricity use per product fall more with a digital economy where there is much industry?
# With `a*b` in the formula the coefficient of `a` is its slope where `b` is zero, which nobody
# wants to know. `slopes` gives what Stata's `margins, dydx()` does, and Johnson and Neyman's
# interval where the effect is significant.

# %%
interaction = panel.ols(
    "log(electricity_intensity) ~ digital_index*industry_share + log(population) | province + year",
    frame,
    vcov=by_province,
)
panel.slopes(interaction, "digital_index", at={"industry_share": [0.2, 0.3, 0.4]})

# %%
effect = panel.johnson_neyman(interaction, "digital_index", "industry_share")
panel.interactionplot(effect)

# %% [markdown]
# ## Dynamics
#
# `L(x, 1)` is last year's value by the calendar, `L(x, 0:2)` three terms at once. A lagged
# outcome beside fixed effects is biased in short panels (Nickell, 1981); with nine years keep to
# lagged regressors.

# %%
lags = panel.ols(
    "log(industry_va) ~ L(digital_index, 0:2) + log(population) | province + year",
    frame,
    vcov=by_province,
)
panel.linear(lags, {"long run": "digital_index + L(digital_index, 1) + L(digital_index, 2)"})

# %% [markdown]
# ## Instruments
#
# The third part of the formula names what is endogenous and its instruments. Lags stand here to
# show the steps; whether last year's digital economy affects output only through this year's is
# an assumption that no test checks.

# %%
iv = panel.iv(
    "log(industry_va) ~ log(population) | province + year"
    " | digital_index ~ L(digital_index, 1) + L(digital_index, 2)",
    frame,
    vcov=by_province,
)
panel.regtable([model, iv], stats=["nobs", "first_stage_f", "effective_f", "hansen_p", "ar_p"])

# %%
panel.weak_instruments(iv)

# %% [markdown]
# The Anderson-Rubin set keeps its level however weak the instruments are:

# %%
panel.anderson_rubin(iv)

# %% [markdown]
# ## Not only least squares
#
# Poisson with fixed effects (`ppmlhdfe`) keeps zeros, and does not bend under heteroskedasticity
# as a log-linear model does.

# %%
panel.poisson(
    "industry_va ~ digital_index + log(population) | province + year", frame, vcov=by_province
)

# %% [markdown]
# ## Could something omitted explain it?
#
# Oster's delta asks how strongly what is not observed would have to go with the regressor.

# %%
short = panel.ols("log(industry_va) ~ digital_index | province + year", frame)
panel.oster(short, model)

# %% [markdown]
# ## Where instruments, GMM and quantiles are explained
#
# `docs/guide/instruments.md`, `docs/guide/margins.md`, `docs/guide/mechanisms.md`; the spelling
# of Stata's and R's commands in `docs/guide/from_stata.md` and `docs/guide/from_r.md`.
#
# **Next:** [inference with few regions](04_few_regions.ipynb).
