"""What a gallery's page shows: one table of all cases, and each case number by number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from panel.diagnostics.compare import Comparison
from panel.study.gallery import GRADES, CaseRun, Dataset
from panel.tables.cells import Cell, Number, Row, Section, Span, Text
from panel.tables.table import Table

_MEASURES = {
    "coef": "Number", "se": "s.e.", "t": "t", "p": "p", "low": "Lower", "high": "Upper",
}  # fmt: skip
_MEASURED = re.compile(r"(se|t|p|low|high)\((.*)\)")


def gallery_table(runs: Sequence[CaseRun]) -> Table:
    """One line a case, by grade, with the counts of cases, numbers, digits and verdicts below.

    Columns: what was published; printed numbers that agree, of how many; digits of these; numbers
    of other programs that agree, of how many; verdict; seconds.
    """
    by_grade = {g: [run for run in runs if run.case.grade == g] for g in GRADES}
    sections = [
        Section(tuple(map(_case_row, some)), f"{grade}: {GRADES[grade]}")
        for grade, some in by_grade.items()
        if some
    ]
    head = ("", "Published", "Numbers", "Digits", "Programs", "Verdict", "Seconds")
    return Table((tuple(map(Span, head)),), tuple(sections), notes=_counts(runs))


def _case_row(run: CaseRun) -> Row:
    printed, peers = run.printed, run.peers.values()
    words = (
        run.case.paper,
        _share(printed.count("agrees"), len(printed.table)),
        _share(printed.agreed, printed.digits),
        _share(sum(c.count("agrees") for c in peers), sum(len(c.table) for c in peers)),
        run.short,
    )
    cells: list[Cell] = [*map(Text, words), Number(run.seconds, 1)]
    return Row(run.case.title, tuple(cells), name=run.case.name)


def _share(part: int, whole: int) -> str:
    return f"{part:,}/{whole:,}" if whole else ""


def _counts(runs: Sequence[CaseRun]) -> tuple[str, ...]:
    printed = [run.printed for run in runs]
    peers = [c for run in runs for c in run.peers.values()]
    agree, numbers = sum(c.count("agrees") for c in printed), sum(len(c.table) for c in printed)
    agreed, digits = sum(c.agreed for c in printed), sum(c.digits for c in printed)
    same, theirs = sum(c.count("agrees") for c in peers), sum(len(c.table) for c in peers)
    explained = sum(run.ok and run.red > 0 for run in runs)
    return (
        f"{len(runs)} cases: {sum(run.ok and not run.red for run in runs)} agree throughout, "
        f"{explained} but for numbers that differ for a reason given, "
        f"{sum(not run.ok for run in runs)} differ.",
        f"Printed numbers: {agree:,} of {numbers:,} agree to every printed digit; {agreed:,} of "
        f"{digits:,} digits.",
        f"Numbers of other programs: {same:,} of {theirs:,} agree within the tolerance.",
    )


def case_text(run: CaseRun) -> str:
    """A case in Markdown: what may be said of it, where it was published, the printed numbers with
    ours below, what differs and why, and a line for each model of another program."""
    case = run.case
    data = case.data if isinstance(case.data, Dataset) else "written down in the case"
    parts = [
        f"**{run.verdict[0].upper()}{run.verdict[1:]}.** Published: {case.reference}. "
        + (f"Read in: {case.source}. " if case.source else "")
        + f"Data: {data}. Time: {run.seconds:.1f} s.",
        case.note,
    ]
    parts += [*_models(run.printed), _differing(run.printed)]
    if run.peers:
        parts += ["**Other programs**", _peers(run)]
        parts += map(_differing, run.peers.values())
    return "\n\n".join(filter(None, parts))


def _models(comparison: Comparison) -> Iterator[str]:
    """The printed table of each model: a line as printed, and ours below it."""
    for model, rows in comparison.table.groupby("model", sort=False):
        placed = [_MEASURED.fullmatch(q) or ("", "coef", q) for q in rows["quantity"]]
        rows = rows.assign(measure=[p[1] for p in placed], term=[p[2] for p in placed])
        shown = [m for m in _MEASURES if m in set(rows["measure"])]
        yield f"**{model}**"
        terms = rows.groupby("term", sort=False)
        lines = [line for _, term in terms for line in _pair(term, shown)]
        yield _table(["", *(_MEASURES[m] for m in shown), "Digits", "Verdict"], lines)


def _pair(rows: pd.DataFrame, shown: Sequence[str]) -> Iterator[list[str]]:
    """A term's numbers as printed, with the verdict, and ours."""
    by_measure = {row["measure"]: row for row in rows.to_dict("records")}
    cells = [by_measure.get(m) for m in shown]
    verdict = "agrees" if (rows["verdict"] == "agrees").all() else "❌ **differs**"
    digits = _share(int(rows["agreed"].sum()), int(rows["digits"].sum()))
    published = [str(c["printed"]) if c else "" for c in cells]
    ours = [f"{c['ours']:.{max(c['digits'] + 3, 5)}g}" if c else "" for c in cells]
    yield [f"`{rows['term'].iloc[0]}`", *published, digits, verdict]
    yield ["ours", *ours, "", ""]


def _differing(comparison: Comparison) -> str:
    """A list of what does not agree."""
    rows = comparison.table[comparison.table["verdict"] != "agrees"].to_dict("records")
    return "\n".join(
        f"- ❌ {row['model']}, `{row['quantity']}` **{row['verdict']}**: published "
        f"{row['printed']}, ours {row['ours']:.12g}; {row['remark']}."
        for row in rows
    )


def _peers(run: CaseRun) -> str:
    """One line a model of each program."""
    lines = [
        [
            program,
            str(model),
            _share(int((rows["verdict"] == "agrees").sum()), len(rows)),
            str(rows["agreed"].min()),
        ]
        for program, comparison in run.peers.items()
        for model, rows in comparison.table.groupby("model", sort=False)
    ]
    return _table(["Program", "Model", "Numbers that agree", "Digits at least"], lines)


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table, words to the left and the rest to the right; blanks that do not break keep
    the columns apart."""
    rule = [":--", *["--:"] * (len(head) - 1)]
    body = [[line[0], *(f"&nbsp;&nbsp;{cell}" for cell in line[1:])] for line in (head, *lines)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (body[0], rule, *body[1:]))
