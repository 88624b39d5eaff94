"""Raw files, their provenance, region names and the codebook, assembled into a PanelFrame.

Files as they come
    yearbook reads a table: files (workbook, delimited) open it, grid and cells hold it, framing,
    layout (axes), headers, columns and figures take it apart (rules, unittext, wording), and
    readreport says what was guessed. reader reads tidy ones; datasets and sql other programs' data;
    merging sets a table beside a frame.
Statistics services
    connectors.
Registers
    catalogue of raw files, codebook of variables (entries, recipes), published figures of each.
Regions
    regions, crosswalk, matching (spelling), neighbours; boundaries that change (regionrules,
    boundarysets).
The panel
    assemble (derived, years, measures); micro (microwords) from firms to regions.
Changes on the record
    cleaning, filling, conversion of units, prices, currency.
"""

from panel.sources.assemble import assemble, load
from panel.sources.boundaries import harmonise, region_shares
from panel.sources.boundarysets import nuts_boundaries, nuts_changes, russia_boundaries
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.codebook import read_codebook
from panel.sources.matching import RegionMatch, match_regions
from panel.sources.micro import aggregate
from panel.sources.reader import ReadTable, read_table
from panel.sources.regionrules import (
    DropRegion,
    MergeRegions,
    ReassignRegions,
    SplitRegion,
    SubtractRegions,
)
from panel.sources.regions import Region, region_groups, regions, resolve

__all__ = [
    "DropRegion",
    "MergeRegions",
    "ReadTable",
    "ReassignRegions",
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
    "nuts_boundaries",
    "nuts_changes",
    "read_catalogue",
    "read_codebook",
    "read_table",
    "region_groups",
    "region_shares",
    "regions",
    "resolve",
    "russia_boundaries",
]
