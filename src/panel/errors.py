"""Errors that name the variable, the value and the remedy.

PanelError
├── DataError                 the figures or their keys
│   ├── DuplicateKeyError     two rows for one region and year
│   ├── MissingKeyError       a row without region or year
│   ├── UnknownVariableError  a name that the frame does not have
│   ├── UnknownRegionError    a region nobody knows (with suggestions)
│   ├── NotNumericError       text in a column of numbers
│   ├── UnitError             quantities that cannot be added or compared
│   ├── CalendarError         years that are no years
│   ├── SourceError           a raw file or a codebook entry that is missing or wrong
│   ├── ServiceError          a statistics service that cannot be reached, or has no such figures
│   └── ChecksumError         a raw file that differs from the one that was registered
├── FormulaError              a formula or expression outside the grammar
├── EstimationError           a model that cannot be estimated on this sample
│   ├── EmptySampleError      no row is left
│   ├── AbsorbedError         the fixed effects leave nothing to explain, or to explain it with
│   ├── DegreesOfFreedomError fewer rows than parameters, or too few clusters
│   ├── IdentificationError   instruments that do not identify the endogenous regressors
│   └── ConvergenceError      an iteration that did not reach its tolerance
├── VcovError                 a covariance that the model or the sample cannot give
├── TableError                a table that cannot be built or written
├── FigureError               a picture that cannot be drawn
├── StudyError                a study that is declared or run wrongly
└── InstallationError         a missing extra, or another package under the name ``panel``

PanelWarning                  something the user should know that does not stop the work
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class PanelError(Exception):
    """Base of all errors of this package.

    Parameters
    ----------
    message : what is wrong, in one sentence.
    variable : the variable, column, term or option it concerns.
    value : the offending value.
    remedy : what the user can do about it, in one sentence.
    """

    def __init__(
        self,
        message: str,
        *,
        variable: str | None = None,
        value: Any = None,
        remedy: str | None = None,
    ) -> None:
        message = _brief(message, value)
        super().__init__(message if remedy is None else f"{message}\n  Remedy: {remedy}")
        self.message = message
        self.variable = variable
        self.value = value
        self.remedy = remedy


def _brief(message: str, value: Any) -> str:
    """The message with a table or an estimate, in the place of a name or number, as its type."""
    if type(value).__module__ == "builtins":
        return message
    kind = f"an object of type {type(value).__name__}"
    for text in (repr(value), str(value)):
        if "\n" in text:
            message = message.replace(repr(text), kind).replace(text, kind)
    return message


class DataError(PanelError):
    """The figures or their keys."""


class DuplicateKeyError(DataError):
    """Two rows for one region and year."""


class MissingKeyError(DataError):
    """A row without region or year."""


class UnknownVariableError(DataError):
    """A name that the frame does not have."""


class UnknownRegionError(DataError):
    """A region nobody knows."""


class NotNumericError(DataError):
    """Text in a column of numbers."""


class UnitError(DataError):
    """Quantities that cannot be added or compared."""


class CalendarError(DataError):
    """Years that are no years."""


class SourceError(DataError):
    """A raw file or a codebook entry that is missing or wrong."""


class ServiceError(DataError):
    """A statistics service that cannot be reached, or has no such figures."""


class ChecksumError(DataError):
    """A raw file that differs from the one that was registered."""


class FormulaError(PanelError):
    """A formula or expression outside the grammar; shows the place."""


class EstimationError(PanelError):
    """A model that cannot be estimated on this sample."""


class EmptySampleError(EstimationError):
    """No row is left."""


class AbsorbedError(EstimationError):
    """The fixed effects leave nothing to explain, or to explain it with."""


class DegreesOfFreedomError(EstimationError):
    """Fewer rows than parameters, or too few clusters."""


class IdentificationError(EstimationError):
    """Instruments that do not identify the endogenous regressors."""


class ConvergenceError(EstimationError):
    """An iteration that did not reach its tolerance."""


class VcovError(PanelError):
    """A covariance that the model or the sample cannot give."""


class TableError(PanelError):
    """A table that cannot be built or written."""


class FigureError(PanelError):
    """A picture that cannot be drawn."""


class StudyError(PanelError):
    """A study that is declared or run wrongly."""


class InstallationError(PanelError):
    """A missing extra, or another package under the name ``panel``."""


class PanelWarning(UserWarning):
    """Something the user should know that does not stop the work."""


def suggest(name: str, known: Iterable[str], *, n: int = 3) -> str:
    """Sentence with the closest known names, for the remedy of an error.

    >>> suggest("industy", ["industry_va", "gdp"])
    "did you mean 'industry_va'?"
    """
    known = sorted({str(k) for k in known})
    folded = {k.casefold(): k for k in known}
    close = difflib.get_close_matches(str(name).casefold(), folded, n=n, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(repr(folded[c]) for c in close) + "?"
    shown = ", ".join(known[:12]) + (f", ... ({len(known)} in all)" if len(known) > 12 else "")
    return f"known names: {shown}" if known else "there are no names to choose from"
