# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4. Inference with few regions
#
# Clustered standard errors rest on *many* clusters. A panel has 31 provinces, or eight federal
# districts, or twelve countries; then they are too small, t statistics reject too often, and
# stars come cheap. This tour sets one estimate beside the covariances a referee may ask for, and
# shows what to do when clusters are really few.

# %%
import panel

frame = panel.load("china")
model = panel.ols(
    "log(electricity_intensity) ~ digital_index + log(population) | province + year",
    frame,
    vcov=panel.cluster("province"),
)
model

# %% [markdown]
# ## One estimate, many covariances
#
# The coefficients do not change, so there is no second fit: `with_vcov` gives a new value and
# leaves the first as it was.

# %%
covariances = {
    "iid": panel.iid(),
    "HC1": panel.hetero("HC1"),
    "Province": panel.cluster("province"),
    "CR2": panel.cluster("province", kind="CR2"),
    "Two-way": panel.cluster("province", "year"),
    "Driscoll-Kraay": panel.driscoll_kraay(lags=2),
}
panel.regtable({name: model.with_vcov(v) for name, v in covariances.items()}, keep="digital_index")

# %%
panel.coefplot(
    {name: model.with_vcov(v) for name, v in covariances.items()}, keep=["digital_index"]
)

# %% [markdown]
# iid and HC1 take nine years of one province for nine independent observations. Which is right is
# a question about the errors, and it can be asked:

# %%
panel.wooldridge_serial(model)

# %%
panel.weighted_cd(model)

# %% [markdown]
# The first rejects, the second does not. Errors that go together over the years of a province ask
# for clusters by province; errors that go together across provinces ask for Driscoll-Kraay or
# Conley. Two-way clusters with nine years count nine clusters: then t has eight degrees of
# freedom, and these are few.
#
# ## The wild bootstrap
#
# What `boottest` does in Stata: give the residuals of each cluster one random sign, under the
# null, again and again, and see how often the statistic comes out larger. It keeps its level with
# fewer clusters than the t test needs. The confidence set inverts the test. Compare its p-value
# with the t test's above.

# %%
test = panel.wild_bootstrap(model, "digital_index = 0", seed=1)
test

# %% [markdown]
# ## Really few: four zones
#
# Would it be safer to cluster by zone? There are four, and the t test now believes in an error
# sixteen times smaller:

# %%
zones = model.with_vcov(panel.cluster("zone"))
zones

# %% [markdown]
# Four clusters have only sixteen vectors of signs, so that the bootstrap's p-value moves in steps
# of 1/8. A zero means that no other vector gave a larger statistic: "below 1/8", and no more than
# that.

# %%
panel.wild_bootstrap(zones, "digital_index = 0", seed=1)

# %% [markdown]
# With so few clusters no method knows much. Larger clusters are not "more conservative" as such:
# they leave less to estimate the variance from.
#
# ## CR2 and its degrees of freedom
#
# Bell and McCaffrey's correction comes with degrees of freedom of its own, often far fewer than
# clusters less one. Here they are about two for the digital index: it moves much in very few
# provinces, and the 28 clusters count as three.

# %%
model.with_vcov(panel.cluster("province", kind="CR2"))

# %% [markdown]
# ## Is it one province?
#
# The jackknife leaves out one province at a time.

# %%
model.with_vcov(panel.jackknife("province"))

# %%
without = {
    name: panel.ols(
        model.formula, frame, vcov=panel.cluster("province"), sample=f'province != "{code}"'
    )
    for name, code in {"Beijing": "CN-BJ", "Shanghai": "CN-SH", "Qinghai": "CN-QH"}.items()
}
panel.coefplot(
    {"All": model} | {f"without {name}": m for name, m in without.items()}, keep=["digital_index"]
)

# %% [markdown]
# ## A placebo
#
# Give every province another one's whole history of the digital index, a thousand times. If the
# estimate were chance it would lie among the draws.

# %%
placebo = panel.randomization_test(model, "digital_index", draws=999, seed=1)
panel.placeboplot(placebo)

# %% [markdown]
# ## Several outcomes, several tests
#
# Three outcomes are three chances to find a star. Romano and Wolf's p-values allow for that, and
# for the outcomes' being correlated.

# %%
outcomes = ("log(industry_va)", "log(electricity_intensity)", "log(co2_intensity)")
models = [
    panel.ols(
        f"{y} ~ digital_index + log(population) | province + year",
        frame,
        vcov=panel.cluster("province"),
    )
    for y in outcomes
]
panel.romano_wolf(models, "digital_index", draws=999, seed=1)

# %% [markdown]
# ## What to report
#
# With thirty provinces: clusters by province, and the wild bootstrap's p-value beside them where
# a result is near a star. With a dozen: the wild bootstrap and CR2, and say how many clusters
# there are. Under ten: a placebo, and modesty.
#
# How often intervals hold the truth with 10, 31 and 100 regions is simulated in `docs/coverage.md`.
#
# **Next:** [publication](05_publication.ipynb).
