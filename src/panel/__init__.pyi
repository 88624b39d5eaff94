from .core.column import Column, Origin
from .core.estimate import Estimate
from .core.formula import Spec, expand, parse
from .core.frame import PanelFrame
from .core.vcov import Cov, SmallSample
from .diagnostics.claims import ClaimsReport, check_claims
from .errors import PanelError, PanelWarning
from .estimators.between import between
from .estimators.fama_macbeth import fama_macbeth
from .estimators.fgls import fgls
from .estimators.first_difference import first_difference
from .estimators.hausman_taylor import hausman_taylor
from .estimators.long_difference import long_difference
from .estimators.many import many
from .estimators.mundlak import mundlak
from .estimators.ols import ols
from .estimators.pooled import pooled
from .estimators.random_effects import random_effects
from .figures.coefplot import coefplot
from .figures.corrplot import corrplot
from .figures.figure import Figure
from .figures.regionmap import regionmap
from .figures.statusplot import statusplot
from .figures.trendplot import trendplot
from .indices.entropy import EntropyIndex, entropy_index
from .inference.cluster import cluster
from .inference.conley import conley
from .inference.driscoll_kraay import driscoll_kraay
from .inference.hetero import hetero
from .inference.iid import iid
from .inference.newey_west import newey_west
from .inference.pcse import pcse
from .sources.assemble import assemble, load
from .sources.catalogue import data_root, read_catalogue
from .sources.codebook import read_codebook
from .sources.reader import read_table
from .sources.regions import regions, resolve
from .study.run import run_study
from .study.study import Study
from .tables.correlation import correlation_table
from .tables.describe import describe_table
from .tables.regtable import regtable
from .tables.style import Style
from .tables.table import Table

__version__: str

__all__ = [
    "ClaimsReport",
    "Column",
    "Cov",
    "EntropyIndex",
    "Estimate",
    "Figure",
    "Origin",
    "PanelError",
    "PanelFrame",
    "PanelWarning",
    "SmallSample",
    "Spec",
    "Study",
    "Style",
    "Table",
    "assemble",
    "between",
    "check_claims",
    "cluster",
    "coefplot",
    "conley",
    "correlation_table",
    "corrplot",
    "data_root",
    "describe_table",
    "driscoll_kraay",
    "entropy_index",
    "expand",
    "fama_macbeth",
    "fgls",
    "first_difference",
    "hausman_taylor",
    "hetero",
    "iid",
    "load",
    "long_difference",
    "many",
    "mundlak",
    "newey_west",
    "ols",
    "parse",
    "pcse",
    "pooled",
    "random_effects",
    "read_catalogue",
    "read_codebook",
    "read_table",
    "regionmap",
    "regions",
    "regtable",
    "resolve",
    "run_study",
    "statusplot",
    "trendplot",
]
