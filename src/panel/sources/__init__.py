"""Raw files, their provenance, region names and the codebook, assembled into a PanelFrame."""

from panel.sources.assemble import assemble, load
from panel.sources.boundaries import (
    DropRegion,
    MergeRegions,
    SplitRegion,
    SubtractRegions,
    harmonise,
    region_shares,
    russia_boundaries,
)
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.codebook import read_codebook
from panel.sources.matching import RegionMatch, match_regions
from panel.sources.micro import aggregate
from panel.sources.reader import ReadTable, read_table
from panel.sources.regions import Region, region_groups, regions, resolve

__all__ = [
    "DropRegion",
    "MergeRegions",
    "ReadTable",
    "Region",
    "RegionMatch",
    "SplitRegion",
    "SubtractRegions",
    "aggregate",
    "assemble",
    "data_root",
    "harmonise",
    "load",
    "match_regions",
    "read_catalogue",
    "read_codebook",
    "read_table",
    "region_groups",
    "region_shares",
    "regions",
    "resolve",
    "russia_boundaries",
]
