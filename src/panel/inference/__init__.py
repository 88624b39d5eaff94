"""One file per covariance (a frozen value that turns an Estimate into a Cov), test or margin."""

from panel.inference.bootstrap import bootstrap_draws, cluster_bootstrap
from panel.inference.cluster import cluster
from panel.inference.conley import conley
from panel.inference.driscoll_kraay import driscoll_kraay
from panel.inference.hetero import hetero
from panel.inference.iid import iid
from panel.inference.jackknife import jackknife
from panel.inference.johnson_neyman import JohnsonNeyman, johnson_neyman
from panel.inference.margins import Margins
from panel.inference.multiple import MultipleTests, holm, romano_wolf, westfall_young
from panel.inference.newey_west import newey_west
from panel.inference.pcse import pcse
from panel.inference.predictions import predictions
from panel.inference.randomization import RandomizationTest, randomization_test
from panel.inference.wild import wild_bootstrap
from panel.inference.wild_anderson_rubin import WildAndersonRubin, wild_anderson_rubin
from panel.inference.wild_test import WildTest

__all__ = [
    "JohnsonNeyman",
    "Margins",
    "MultipleTests",
    "RandomizationTest",
    "WildAndersonRubin",
    "WildTest",
    "bootstrap_draws",
    "cluster",
    "cluster_bootstrap",
    "conley",
    "contrasts",
    "driscoll_kraay",
    "hetero",
    "holm",
    "iid",
    "jackknife",
    "johnson_neyman",
    "newey_west",
    "pcse",
    "predictions",
    "randomization_test",
    "romano_wolf",
    "slopes",
    "westfall_young",
    "wild_anderson_rubin",
    "wild_bootstrap",
]
