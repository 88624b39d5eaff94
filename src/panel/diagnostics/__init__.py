"""Checks of printed figures: does what a document says follow from its other figures?"""

from panel.diagnostics.claims import ClaimsReport, check_claims
from panel.diagnostics.claimsfile import Claim, ClaimsFile, read_claims
from panel.diagnostics.facts import Cell, Fact

__all__ = [
    "Cell",
    "Claim",
    "ClaimsFile",
    "ClaimsReport",
    "Fact",
    "check_claims",
    "read_claims",
]
