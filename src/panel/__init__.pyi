from .core.citations import Citations, citations
from .core.column import Column, Origin
from .core.estimate import Estimate
from .core.formula import Spec, expand, parse
from .core.frame import PanelFrame
from .core.spatial_weights import (
    SpatialWeights,
    distance_weights,
    matrix_weights,
    nearest_weights,
    neighbour_weights,
)
from .core.steps import Step, compare_steps
from .core.test import Test
from .core.vcov import Cov, SmallSample
from .diagnostics.anderson_rubin import anderson_rubin
from .diagnostics.audit import Audit, audit
from .diagnostics.audit_finding import Finding
from .diagnostics.audit_identity import Identity
from .diagnostics.audit_limits import Limits
from .diagnostics.audit_sources import OtherSource, PrintedClaims, RegionalTotal
from .diagnostics.claims import ClaimsReport, check_claims
from .diagnostics.compare import Comparison, compare
from .diagnostics.cross_section import breusch_pagan_cd, frees, pesaran_cd, scaled_lm, weighted_cd
from .diagnostics.effects import (
    breusch_pagan_lm,
    effects_f,
    gourieroux_holly_monfort,
    honda,
    king_wu,
)
from .diagnostics.group_difference import chow, interacted
from .diagnostics.hausman import hausman, hausman_bootstrap, hausman_robust, mundlak_test
from .diagnostics.heteroskedasticity import modified_wald
from .diagnostics.homogeneity import pesaran_yamagata
from .diagnostics.hypotheses import linear, nonlinear, wald
from .diagnostics.oster import oster
from .diagnostics.oster_bounds import OsterBounds
from .diagnostics.overidentification import (
    difference_in_hansen,
    endogeneity,
    overidentification,
    wu_hausman,
)
from .diagnostics.permutation import PermutationTest, permutation_difference
from .diagnostics.serial import (
    baltagi_li,
    bera_sosa_yoon,
    born_breitung,
    born_breitung_hr,
    wooldridge_serial,
)
from .diagnostics.spatial import SpatialTests, spatial_tests
from .diagnostics.specification import Collinearity, collinearity, reset
from .diagnostics.suest import suest
from .diagnostics.tablecheck import TableCheck, check_table
from .diagnostics.weak_instruments import weak_instruments
from .errors import PanelError, PanelWarning
from .estimators.between import between
from .estimators.fama_macbeth import fama_macbeth
from .estimators.fgls import fgls
from .estimators.first_difference import first_difference
from .estimators.first_stage import first_stage
from .estimators.hausman_taylor import hausman_taylor
from .estimators.iv import iv
from .estimators.iv_methods import cue, fuller, gmm, liml, tsls
from .estimators.logit import logit
from .estimators.long_difference import long_difference
from .estimators.many import many
from .estimators.mediated_effects import Mediation
from .estimators.mediation import mediation
from .estimators.mundlak import mundlak
from .estimators.ols import ols
from .estimators.poisson import poisson
from .estimators.pooled import pooled
from .estimators.quantile import quantile
from .estimators.random_effects import random_effects
from .figures.alluvialplot import alluvialplot
from .figures.avplot import avplot
from .figures.binscatter import binscatter
from .figures.coefplot import coefplot
from .figures.contourplot import contourplot
from .figures.convergenceplot import convergenceplot
from .figures.corrplot import corrplot
from .figures.eventplot import eventplot
from .figures.figure import Figure
from .figures.indexplot import indexplot
from .figures.interactionplot import interactionplot
from .figures.lisamap import lisamap
from .figures.marginsplot import marginsplot
from .figures.markovplot import markovplot
from .figures.moranplot import moranplot
from .figures.placeboplot import placeboplot
from .figures.polygonmap import polygonmap
from .figures.regionmap import regionmap
from .figures.regionplot import regionplot
from .figures.residualplot import residualplot
from .figures.ridgeplot import ridgeplot
from .figures.specplot import specplot
from .figures.statusplot import statusplot
from .figures.thresholdplot import thresholdplot
from .figures.trendplot import trendplot
from .indices.aggregate import grey_relational, topsis, weighted_product, weighted_sum
from .indices.components import factor_weights, pca_weights
from .indices.composite import CompositeIndex, composite_index
from .indices.coupling import coupling, relative_development
from .indices.decoupling import decoupling
from .indices.entropy import entropy_index
from .indices.measure import Measure
from .indices.obstacles import obstacles
from .indices.pairwise import ahp_weights
from .indices.robustness import RankComparison, leave_one_out, rank_comparison
from .indices.rotemberg import RotembergWeights, rotemberg_weights
from .indices.shift_share import ShiftShare, shift_share
from .indices.shift_share_errors import ShiftShareErrors, shift_share_errors
from .indices.specialisation import diversity, location_quotients, specialisation
from .indices.standardise import (
    goalposts,
    min_max,
    percentile_rank,
    relative_to,
    unit_length,
    z_score,
)
from .indices.structure import (
    structural_change,
    structure_rationalisation,
    structure_upgrading,
    tertiary_ratio,
)
from .indices.uncertainty import IndexUncertainty, index_uncertainty
from .indices.weighting import (
    combined_weights,
    critic_weights,
    entropy_weights,
    equal_weights,
    expert_weights,
    variation_weights,
)
from .inequality.beta import BetaConvergence, beta_convergence
from .inequality.clubs import Clubs, convergence_clubs, log_t_test
from .inequality.decomposition import Decomposition, dagum, theil
from .inequality.densities import Densities, StochasticKernel, densities, stochastic_kernel
from .inequality.measures import Inequality, inequality_measures
from .inequality.sigma import SigmaConvergence, sigma_convergence
from .inequality.spatial import Moran, SpatialMarkov, local_moran, moran, spatial_markov
from .inequality.spatial_beta import SpatialConvergence, spatial_convergence
from .inequality.transitions import Markov, markov, markov_test
from .inference.bootstrap import bootstrap_draws, cluster_bootstrap
from .inference.cluster import cluster
from .inference.conley import conley
from .inference.driscoll_kraay import driscoll_kraay
from .inference.hetero import hetero
from .inference.iid import iid
from .inference.jackknife import jackknife
from .inference.johnson_neyman import JohnsonNeyman, johnson_neyman
from .inference.margins import Margins
from .inference.multiple import MultipleTests, holm, romano_wolf, westfall_young
from .inference.newey_west import newey_west
from .inference.pcse import pcse
from .inference.predictions import predictions
from .inference.randomization import RandomizationTest, randomization_test
from .inference.slopes import contrasts, slopes
from .inference.wild import wild_bootstrap
from .inference.wild_anderson_rubin import WildAndersonRubin, wild_anderson_rubin
from .inference.wild_test import WildTest
from .sources.assemble import assemble, load
from .sources.boundaries import harmonise, region_shares
from .sources.boundarysets import nuts_boundaries, nuts_changes, russia_boundaries
from .sources.catalogue import data_root, read_catalogue
from .sources.cleaning import hp_trend, moving_average, trim, winsorise
from .sources.codebook import read_codebook
from .sources.connectors.download import Download, download
from .sources.connectors.eurostat import eurostat
from .sources.connectors.nbs import nbs
from .sources.connectors.oecd import oecd
from .sources.connectors.query import Query
from .sources.connectors.rosstat import rosstat
from .sources.connectors.worldbank import world_bank
from .sources.conversion import compute, convert
from .sources.currency import Rates, convert_currency, exchange_rates, ppp_rates
from .sources.datasets import read_frame, read_sql
from .sources.filling import impute_mean, impute_neighbours, impute_regression, interpolate, splice
from .sources.matching import RegionMatch, match_regions
from .sources.merging import merge
from .sources.micro import aggregate
from .sources.neighbours import contiguity
from .sources.prices import chain_index, chain_volume, constant_prices, implicit_deflator, rebase
from .sources.reader import read_table
from .sources.regionrules import (
    DropRegion,
    MergeRegions,
    ReassignRegions,
    SplitRegion,
    SubtractRegions,
)
from .sources.regions import Region, region_groups, regions, resolve
from .sources.yearbook import Yearbook, read_yearbook
from .study.auditing import audit_study
from .study.battery import Battery, battery
from .study.heterogeneity import Heterogeneity, heterogeneity
from .study.mechanisms import Mechanisms, mechanisms
from .study.new import new_study
from .study.package import Package, package_study
from .study.reportpdf import report_pdf
from .study.run import run_study
from .study.runs import RunComparison, compare_runs
from .study.study import Study
from .study.verify import Verification, verify_package
from .tables.balance import balance_table
from .tables.correlation import correlation_table
from .tables.crosstab import cross_table
from .tables.describe import describe_table
from .tables.regtable import regtable
from .tables.saving import save_tables
from .tables.stack import stack_tables
from .tables.style import Look, Style, use_style
from .tables.table import Table

__version__: str

__all__ = [
    "Audit",
    "Battery",
    "BetaConvergence",
    "Citations",
    "ClaimsReport",
    "Clubs",
    "Collinearity",
    "Column",
    "Comparison",
    "CompositeIndex",
    "Cov",
    "Decomposition",
    "Densities",
    "Download",
    "DropRegion",
    "Estimate",
    "Figure",
    "Finding",
    "Heterogeneity",
    "Identity",
    "IndexUncertainty",
    "Inequality",
    "JohnsonNeyman",
    "Limits",
    "Look",
    "Margins",
    "Markov",
    "Measure",
    "Mechanisms",
    "Mediation",
    "MergeRegions",
    "Moran",
    "MultipleTests",
    "Origin",
    "OsterBounds",
    "OtherSource",
    "Package",
    "PanelError",
    "PanelFrame",
    "PanelWarning",
    "PermutationTest",
    "PrintedClaims",
    "Query",
    "RandomizationTest",
    "RankComparison",
    "Rates",
    "ReassignRegions",
    "Region",
    "RegionMatch",
    "RegionalTotal",
    "RotembergWeights",
    "RunComparison",
    "ShiftShare",
    "ShiftShareErrors",
    "SigmaConvergence",
    "SmallSample",
    "SpatialConvergence",
    "SpatialMarkov",
    "SpatialTests",
    "SpatialWeights",
    "Spec",
    "SplitRegion",
    "Step",
    "StochasticKernel",
    "Study",
    "Style",
    "SubtractRegions",
    "Table",
    "TableCheck",
    "Test",
    "Verification",
    "WildAndersonRubin",
    "WildTest",
    "Yearbook",
    "__version__",
    "aggregate",
    "ahp_weights",
    "alluvialplot",
    "anderson_rubin",
    "assemble",
    "audit",
    "audit_study",
    "avplot",
    "balance_table",
    "baltagi_li",
    "battery",
    "bera_sosa_yoon",
    "beta_convergence",
    "between",
    "binscatter",
    "bootstrap_draws",
    "born_breitung",
    "born_breitung_hr",
    "breusch_pagan_cd",
    "breusch_pagan_lm",
    "chain_index",
    "chain_volume",
    "check_claims",
    "check_table",
    "chow",
    "citations",
    "cluster",
    "cluster_bootstrap",
    "coefplot",
    "collinearity",
    "combined_weights",
    "compare",
    "compare_runs",
    "compare_steps",
    "composite_index",
    "compute",
    "conley",
    "constant_prices",
    "contiguity",
    "contourplot",
    "contrasts",
    "convergence_clubs",
    "convergenceplot",
    "convert",
    "convert_currency",
    "correlation_table",
    "corrplot",
    "coupling",
    "critic_weights",
    "cross_table",
    "cue",
    "dagum",
    "data_root",
    "decoupling",
    "densities",
    "describe_table",
    "difference_in_hansen",
    "distance_weights",
    "diversity",
    "download",
    "driscoll_kraay",
    "effects_f",
    "endogeneity",
    "entropy_index",
    "entropy_weights",
    "equal_weights",
    "eurostat",
    "eventplot",
    "exchange_rates",
    "expand",
    "expert_weights",
    "factor_weights",
    "fama_macbeth",
    "fgls",
    "first_difference",
    "first_stage",
    "frees",
    "fuller",
    "gmm",
    "goalposts",
    "gourieroux_holly_monfort",
    "grey_relational",
    "harmonise",
    "hausman",
    "hausman_bootstrap",
    "hausman_robust",
    "hausman_taylor",
    "hetero",
    "heterogeneity",
    "holm",
    "honda",
    "hp_trend",
    "iid",
    "implicit_deflator",
    "impute_mean",
    "impute_neighbours",
    "impute_regression",
    "index_uncertainty",
    "indexplot",
    "inequality_measures",
    "interacted",
    "interactionplot",
    "interpolate",
    "iv",
    "jackknife",
    "johnson_neyman",
    "king_wu",
    "leave_one_out",
    "liml",
    "linear",
    "lisamap",
    "load",
    "local_moran",
    "location_quotients",
    "log_t_test",
    "logit",
    "long_difference",
    "many",
    "marginsplot",
    "markov",
    "markov_test",
    "markovplot",
    "match_regions",
    "matrix_weights",
    "mechanisms",
    "mediation",
    "merge",
    "min_max",
    "modified_wald",
    "moran",
    "moranplot",
    "moving_average",
    "mundlak",
    "mundlak_test",
    "nbs",
    "nearest_weights",
    "neighbour_weights",
    "new_study",
    "newey_west",
    "nonlinear",
    "nuts_boundaries",
    "nuts_changes",
    "obstacles",
    "oecd",
    "ols",
    "oster",
    "overidentification",
    "package_study",
    "parse",
    "pca_weights",
    "pcse",
    "percentile_rank",
    "permutation_difference",
    "pesaran_cd",
    "pesaran_yamagata",
    "placeboplot",
    "poisson",
    "polygonmap",
    "pooled",
    "ppp_rates",
    "predictions",
    "quantile",
    "random_effects",
    "randomization_test",
    "rank_comparison",
    "read_catalogue",
    "read_codebook",
    "read_frame",
    "read_sql",
    "read_table",
    "read_yearbook",
    "rebase",
    "region_groups",
    "region_shares",
    "regionmap",
    "regionplot",
    "regions",
    "regtable",
    "relative_development",
    "relative_to",
    "report_pdf",
    "reset",
    "residualplot",
    "resolve",
    "ridgeplot",
    "romano_wolf",
    "rosstat",
    "rotemberg_weights",
    "run_study",
    "russia_boundaries",
    "save_tables",
    "scaled_lm",
    "shift_share",
    "shift_share_errors",
    "sigma_convergence",
    "slopes",
    "spatial_convergence",
    "spatial_markov",
    "spatial_tests",
    "specialisation",
    "specplot",
    "splice",
    "stack_tables",
    "statusplot",
    "stochastic_kernel",
    "structural_change",
    "structure_rationalisation",
    "structure_upgrading",
    "suest",
    "tertiary_ratio",
    "theil",
    "thresholdplot",
    "topsis",
    "trendplot",
    "trim",
    "tsls",
    "unit_length",
    "use_style",
    "variation_weights",
    "verify_package",
    "wald",
    "weak_instruments",
    "weighted_cd",
    "weighted_product",
    "weighted_sum",
    "westfall_young",
    "wild_anderson_rubin",
    "wild_bootstrap",
    "winsorise",
    "wooldridge_serial",
    "world_bank",
    "wu_hausman",
    "z_score",
]
