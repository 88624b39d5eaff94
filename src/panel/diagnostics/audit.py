"""The audit of a panel: which figures do not fit their neighbours, their sums or their sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from panel.core.frame import PanelFrame
from panel.core.headings import headed, in_language
from panel.diagnostics.audit_copies import copies
from panel.diagnostics.audit_digits import digit_frame, digit_table, digits
from panel.diagnostics.audit_finding import Finding, Teller, table_of
from panel.diagnostics.audit_grid import grid_of
from panel.diagnostics.audit_identity import Identity
from panel.diagnostics.audit_jumps import jumps
from panel.diagnostics.audit_limits import limits
from panel.diagnostics.audit_words import BASES, BASIS_WORDS, KIND_WORDS, KINDS, SUMMARY
from panel.errors import DataError, NotNumericError

Rule = Callable[[PanelFrame], Iterable[Finding]]

_SHOWN = 200  # findings in the HTML of a notebook
# Notebooks put every cell on the right.
_LEFT = '<td style="text-align: left">'
# Of one cell the reading further to the front is told, those that follow from it are not.
_ORDER = tuple(KINDS)


@dataclass(frozen=True)
class Audit:
    """What an audit found.

    Parameters
    ----------
    name : the panel.
    findings : sorted by basis, kind, variable, region and year.
    checked : variables whose series were looked at.
    rules : rules that were tried, as text.
    digits : how printed digits spread, one row a variable: for information, see
        :func:`panel.diagnostics.audit_digits.digit_table`.
    """

    name: str
    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    rules: tuple[str, ...]
    digits: pd.DataFrame

    @property
    def df(self) -> pd.DataFrame:
        """One row a finding: kind, basis, variable, region, year, value, expected, size, unit,
        source, and a sentence in each language."""
        return table_of(self.findings)

    def summary(self) -> pd.DataFrame:
        """How many findings of each kind there are, in how many variables and regions."""
        rows = [
            {
                "kind": kind,
                "basis": KINDS[kind],
                "findings": len(some),
                "variables": len({f.variable for f in some}),
                "regions": len({f.region for f in some if f.region is not None}),
            }
            for kind in KINDS
            if (some := [f for f in self.findings if f.kind == kind])
        ]
        columns = ["kind", "basis", "findings", "variables", "regions"]
        return pd.DataFrame(rows, columns=columns)

    def labelled(self, language: str = "en") -> pd.DataFrame:
        """:meth:`summary` in the words of English ("en"), Chinese ("zh") or Russian ("ru").

        Raises
        ------
        DataError : another language.
        """
        words = {"kind": KIND_WORDS, "basis": BASIS_WORDS}
        said = {column: in_language(known, language) for column, known in words.items()}
        return headed(self.summary().replace(said), SUMMARY, language)

    def of(self, *kinds: str) -> tuple[Finding, ...]:
        """Findings of those kinds."""
        for kind in kinds:
            if kind not in KINDS:
                raise DataError(
                    f"{kind!r} is no kind of finding.",
                    variable="kinds",
                    value=kind,
                    remedy=f"kinds: {', '.join(KINDS)}.",
                )
        return tuple(f for f in self.findings if f.kind in kinds)

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        lines = [self._headline()]
        for basis in BASES:
            some = [f for f in self.findings if f.basis == basis]
            lines += ["", f"{basis} ({len(some)})"] if some else []
            lines += [f"  {f.title()}: {f.sentence()}" for f in some]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return self._headline()

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr>{_LEFT}{escape(KIND_WORDS[f.kind][0])}</td>{_LEFT}{escape(f.sentence())}</td>"
            f"{_LEFT}{escape(f.source)}</td></tr>"
            for f in self.findings[:_SHOWN]
        )
        more = len(self.findings) - _SHOWN
        left = f"<p>… and {more} more: see <code>.df</code></p>" if more > 0 else ""
        head = "<tr><th>kind</th><th>finding</th><th>source</th></tr>"
        return (
            f"<div><p><b>{escape(self._headline())}</b></p><table>{head}{rows}</table>{left}</div>"
        )

    def _headline(self) -> str:
        counted = [sum(f.basis == basis for f in self.findings) for basis in BASES]
        said = ", ".join(f"{n} {basis}" for n, basis in zip(counted, BASES, strict=True))
        return (
            f"audit of {self.name}: {len(self.checked)} series, {len(self.rules)} rules, "
            f"{len(self.findings)} findings ({said})"
        )


def audit(
    frame: PanelFrame,
    rules: Sequence[str | Rule] = (),
    variables: Iterable[str] | None = None,
) -> Audit:
    """Figures of a panel that do not fit.

    A finding says that figures do not fit together, not which of them is wrong, nor why.

    Parameters
    ----------
    frame : the panel.
    rules : what must hold: identities as text ("gdp = primary + secondary + tertiary", see
        :class:`Identity`), and :class:`Limits`, :class:`RegionalTotal`, :class:`OtherSource`,
        :class:`PrintedClaims`, or any function from a frame to findings.
    variables : whose series are looked at, beside the rules; all that were published (not computed
        from others) if left out, none if empty.

    Returns
    -------
    The findings: arithmetic that does not come out within the printed digits; figures and series
    that small odds speak against (outliers, breaks, powers of ten, exchanged digits or regions,
    repeats, copies, years in reverse); and what a reader should know (printed precision, heaped
    digits). Interpolated cells are left out.

    Raises
    ------
    UnknownVariableError, NotNumericError : a variable that is not there, or is text.
    FormulaError, UnitError : a rule that cannot be read, or compares what cannot be.
    """
    tried = [Identity(rule) if isinstance(rule, str) else rule for rule in rules]
    found = [finding for rule in tried for finding in rule(frame)]
    names = _published(frame) if variables is None else _numeric(frame, variables)
    rows = []
    for name in names:
        grid, tell = grid_of(frame, name), Teller(frame, name)
        for check in (limits, jumps, copies, digits):
            found += check(grid, tell)
        rows.append(digit_table(grid, name))
    said = tuple(rule if isinstance(rule, str) else _said(rule) for rule in rules)
    return Audit(
        frame.name, tuple(sorted(found, key=_place)), tuple(names), said, digit_frame(rows)
    )


def _published(frame: PanelFrame) -> list[str]:
    """Variables of numbers that were not computed from others of the frame."""
    return [n for n in frame if not frame.columns[n].expression and frame.array(n).dtype != object]


def _numeric(frame: PanelFrame, names: Iterable[str]) -> list[str]:
    chosen = list(frame.select(list(names)))
    for name in chosen:
        if frame.array(name).dtype == object:
            raise NotNumericError(
                f"Variable {name!r} holds text, not numbers.",
                variable=name,
                remedy="audit variables of numbers.",
            )
    return chosen


def _said(rule: Rule) -> str:
    name = getattr(rule, "__name__", None)  # of a function
    return str(rule) if name is None else str(name).replace("_", " ")


def _place(finding: Finding) -> tuple[object, ...]:
    return (
        BASES.index(finding.basis), _ORDER.index(finding.kind), finding.variable,
        str(finding.region or ""), str(finding.year or ""),
    )  # fmt: skip
