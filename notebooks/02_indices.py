# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2. Composite indices
#
# "Digital economy" is no row of any yearbook. A composite index stands for it, and its three
# choices, how to standardise, how to weigh and how to add up, decide who is on top. This tour
# builds an index, looks inside, and asks how far the ranking can be trusted: work for which many
# papers use a spreadsheet or MATLAB, and which few of them show.

# %%
import panel

frame = panel.load("china")

# %% [markdown]
# ## The usual index
#
# The entropy-weight method gives an indicator more weight the more unevenly its values are
# spread. `"+"` marks indicators where more is better; nothing is assumed.

# %%
indicators = {"broadband_density": "+", "software_intensity": "+", "ecommerce_intensity": "+"}
index = panel.entropy_index(frame, indicators, name="digital")
index

# %% [markdown]
# Software over product takes by far the largest weight. It is the most *uneven* indicator, with
# Beijing far above all others, not the most important one: the method cannot know what is
# important. Rows without all indicators (Tibet has no software revenue) get no score, and are
# counted.
#
# ## Over the years and over the map
#
# Weights come from all region-years at once, so that scores of two years can be compared and a
# province can rise.

# %%
frame = index.assign_to(frame).describe("digital", labels={"en": "Digital index"})
panel.trendplot(frame, "digital", by="zone", highlight=["CN-BJ", "CN-GZ"])

# %%
panel.regionmap(frame, "digital", year=2024)

# %% [markdown]
# ## Each choice is a value
#
# Standardising, weighing and aggregating are three arguments, and any goes with any other.

# %%
variants = {
    "entropy, sum": index,
    "equal, sum": panel.composite_index(frame, indicators),
    "CRITIC, sum": panel.composite_index(frame, indicators, weights=panel.critic_weights()),
    "PCA, sum": panel.composite_index(frame, indicators, weights=panel.pca_weights()),
    "entropy, TOPSIS": panel.composite_index(
        frame, indicators, weights=panel.entropy_weights(), aggregate=panel.topsis()
    ),
}
panel.rank_comparison(variants)

# %% [markdown]
# ## How sure are the ranks?
#
# Which indicator carries the ranking? Leave one out at a time. Then draw weights and
# standardisations at random, as the OECD handbook recommends: the intervals say which differences
# in rank mean something.

# %%
panel.leave_one_out(index)

# %%
panel.index_uncertainty(index, scales=[panel.z_score()], leave_out=True, draws=300, seed=1)

# %% [markdown]
# If your result is about provinces near the middle of the table, where intervals are widest, say
# so in the paper. A regression on the index inherits its choices: try them as a robustness check.
#
# ## Do digital and green go together?
#
# Coupling coordination asks whether two subsystems are both high and near each other. Formulas
# differ between papers, and some in print are wrong: `docs/guide/indices.md` lists them. Here it
# is the usual one, with its named levels.

# %%
coordination = panel.coupling(frame, ["digital", "green_index"])
coordination

# %%
panel.regionmap(coordination.assign_to(frame), "coordination", year=2024)

# %% [markdown]
# What holds a province down? The obstacle degree is the share of each indicator in what is
# missing to the top.

# %%
panel.obstacles(index)

# %% [markdown]
# ## Does CO2 decouple from product?
#
# Tapio's elasticity compares growth rates. Take *real* product, since prices decouple everything.
# The CO2 figures are an academic estimate (CEADs), and end in 2022.

# %%
decoupling = panel.decoupling(frame, "co2_apparent", "gdp_real")
decoupling

# %%
states = decoupling.df["state"].dropna().groupby("year").value_counts().unstack().fillna(0)
states.astype(int).T

# %% [markdown]
# ## Where a score comes from
#
# An index is a computed figure, and like any other it can be asked.

# %%
frame.origin("digital", "CN-JX", 2022)

# %% [markdown]
# The weights as a table for a Chinese paper:

# %%
weights = index.weights[["entropy", "weight"]].rename(index=lambda name: frame.label(name, "zh"))
panel.Table.from_pandas(
    weights.rename(columns={"entropy": "信息熵", "weight": "权重"}).rename_axis("指标"),
    title="指标权重",
)

# %% [markdown]
# **Next:** [estimation](03_estimation.ipynb). All choices with their formulas and sources stand
# in `docs/guide/indices.md`.
