"""Randomization inference: the estimate against those of reassigned treatments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from numbers import Integral
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from panel.core.absorber import IntArray
from panel.core.estimate import Estimate
from panel.core.frame import FloatArray
from panel.core.scores import Scores
from panel.core.terms import columns_of, variables_of
from panel.core.test import Test
from panel.errors import FormulaError, VcovError, suggest
from panel.inference.loadings import loadings, require_plain
from panel.kernels.groups import recode
from panel.kernels.lstsq import least_squares
from panel.kernels.seeds import require_seed

Statistic = Literal["coefficient", "t"]

# Numbers held at once in a batch of reassigned columns: 32 MB.
_BATCH = 4_000_000
# A reassigned column that keeps less than this share of its length is explained by the others.
_EXPLAINED = 1e-9


@dataclass(frozen=True, eq=False)
class RandomizationTest:
    """Result of a randomization test.

    Parameters
    ----------
    term : the coefficient.
    estimate, statistic : of the treatment as it was.
    p_value : ``(1 + c)/(1 + draws)``, c the draws whose statistic is at least as large in
        absolute value.
    draws : number of reassignments that have an estimate.
    coefficients, statistics : (draws,) of the reassigned treatments.
    settings : every choice that changes the result.
    seed : of the reassignments.
    notes : what a reader must know.
    """

    term: str
    estimate: float
    statistic: float
    p_value: float
    draws: int
    coefficients: FloatArray = field(repr=False)
    statistics: FloatArray = field(repr=False)
    settings: Mapping[str, Any]
    seed: int
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.coefficients.flags.writeable = self.statistics.flags.writeable = False

    @property
    def test(self) -> Test:
        """The test as every test is shown, without the draws."""
        how = f"{self.draws} reassignments of {self.settings['permute']}"
        null = f"{self.term} has no effect on anyone"
        name = "Randomization test"
        return Test(name, self.statistic, self.p_value, how, null, (), "two-sided", self.notes)

    def tidy(self) -> pd.DataFrame:
        """One row with broom's names."""
        row = {"term": self.term, "estimate": self.estimate, "statistic": self.statistic}
        return pd.DataFrame([row | {"p_value": self.p_value}])

    def __str__(self) -> str:
        low, high = np.quantile(self.coefficients, [0.025, 0.975])
        lines = [
            f"Randomization test of {self.term} ({self.settings['statistic']})",
            f"estimate = {self.estimate:.5g}, p = {self.p_value:.4g}",
            f"95% of {self.draws} reassignments of {self.settings['permute']} give coefficients "
            f"between {low:.5g} and {high:.5g}",
        ]
        return "\n".join([*lines, *self.notes])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def __getstate__(self) -> dict[str, Any]:
        plain = {"settings": dict(self.settings)}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain


def randomization_test(
    estimate: Estimate,
    term: str,
    *,
    permute: str | None = None,
    within: str | None = None,
    statistic: Statistic = "t",
    draws: int = 999,
    seed: int = 1,
) -> RandomizationTest:
    """Test that a treatment has no effect on anyone, by reassigning it (a placebo test).

    The treatment's values are exchanged between regions, each region keeping another's whole
    history, and the model is estimated again. Under the sharp null the outcome would have been the
    same, so that the estimate is one draw among the others.

    Parameters
    ----------
    estimate : by least squares, with or without fixed effects and weights.
    term : the coefficient of the treatment, which may stand in no other term.
    permute : the variable whose groups exchange their histories: the regions if left out, a
        coarser variable where treatment was assigned to groups of regions. ``"rows"`` shuffles
        values over rows, which ignores that treatment is persistent.
    within : a variable; exchanges are between groups of equal value only (strata).
    statistic : "t" by the covariance of the estimate, or the "coefficient" itself, which is
        quicker but less robust to unequal variances.
    draws : number of reassignments.
    seed : of the reassignments.

    Raises
    ------
    FormulaError : the term is no coefficient, or its variables stand in another term.
    VcovError : an unknown choice, histories that do not cover the years of one another, or not an
        estimate by least squares.

    References
    ----------
    Fisher (1935), The Design of Experiments; Young (2019), Quarterly J. of Economics 134;
    MacKinnon and Webb (2020), J. Econometrics 218; Phipson and Smyth (2010), Statistical
    Applications in Genetics and Molecular Biology 9, for the p-value.
    """
    _check(estimate, term, statistic, draws)
    unit = estimate.design.frame.unit if permute is None else permute
    orders = _reassigned(estimate, term, unit, within, draws, seed)
    if statistic == "t":
        found = np.concatenate([_refitted(estimate, term, c) for c in orders])
        own = float(estimate.tvalues[term])
    else:
        coefficients = np.concatenate([_coefficients(estimate, term, c) for c in orders])
        found, own = np.column_stack([coefficients, coefficients]), float(estimate.params[term])
    whole = found[np.isfinite(found).all(axis=1)]
    larger = int((np.abs(whole[:, 1]) >= abs(own) * (1 - 1e-9)).sum())  # ties but for rounding
    lost = len(found) - len(whole)
    notes = (f"{lost} of {draws} reassignments leave nothing to estimate from.",) if lost else ()
    settings = {"permute": unit, "within": within, "statistic": statistic}
    return RandomizationTest(
        term, float(estimate.params[term]), own, (1 + larger) / (1 + len(whole)), len(whole),
        whole[:, 0].copy(), whole[:, 1].copy(), MappingProxyType(settings), seed, notes,
    )  # fmt: skip


def _check(estimate: Estimate, term: str, statistic: str, draws: int) -> None:
    design = estimate.design
    if term not in estimate.names or term not in design.names:
        raise FormulaError(
            f"{term!r} is not a coefficient of the model.", variable=term,
            remedy=suggest(term, estimate.names),
        )  # fmt: skip
    made = {t: columns_of(t, design.frame) for t in design.spec.terms}
    home = next((t for t, columns in made.items() if term in columns), "")
    mine = variables_of(home) if home and design.derive is None else frozenset()
    shared = [t for t in made if t != home and mine & variables_of(t)]
    if not mine or len(made[home]) > 1 or shared:
        raise FormulaError(
            f"{term!r} cannot be reassigned by itself: it is made together with "
            f"{shared[0] if shared else 'other columns'!r}.",
            variable=term,
            remedy="test a model in which the treatment is one variable and stands in one term.",
        )
    if statistic not in get_args(Statistic):
        raise VcovError(
            f"The randomization test has no statistic {statistic!r}.", variable="statistic",
            value=statistic, remedy=suggest(str(statistic), get_args(Statistic)),
        )  # fmt: skip
    if isinstance(draws, bool) or not isinstance(draws, Integral) or draws < 1:
        raise VcovError(
            f"draws must be a whole number from 1, not {draws!r}.", variable="draws", value=draws,
            remedy="use 999.",
        )  # fmt: skip
    require_plain(estimate, "The randomization test")
    loadings(estimate, "the randomization test")


def _reassigned(
    estimate: Estimate, term: str, permute: str, within: str | None, draws: int, seed: int
) -> Iterator[FloatArray]:
    """Columns (n, batch) of the treatment as reassigned."""
    design, generator = estimate.design, np.random.default_rng(require_seed(seed))
    n, own = design.n, design.X[:, design.names.index(term)]
    step = max(1, _BATCH // n)
    if permute == "rows":
        source = own[:, None]
        groups, years = np.arange(n), np.zeros(n, dtype=np.int64)
    else:
        source, groups, years = _histories(estimate, term, permute)
    strata = _strata(estimate, within, groups, permute)
    for start in range(0, draws, step):
        orders = [_shuffled(strata, generator) for _ in range(min(step, draws - start))]
        columns = np.column_stack([source[order[groups], years] for order in orders])
        if bool(np.isnan(columns).any()):
            i, j = np.argwhere(np.isnan(columns))[0]
            donor = int(np.argmax(groups == orders[j][groups[i]]))
            raise VcovError(
                f"The history of {_named(estimate, donor)} has no value of {term!r} for the year "
                f"of {_named(estimate, int(i))}.",
                variable=term,
                remedy="use a balanced sample, or exchange within groups of the same years.",
            )
        yield columns


def _histories(
    estimate: Estimate, term: str, permute: str
) -> tuple[FloatArray, IntArray, IntArray]:
    """Values (groups, years), and the group and the year (n,) of each row."""
    design = estimate.design
    groups, times = design.groups(permute), design.time_numbers - design.time_numbers.min()
    values = design.X[:, design.names.index(term)]
    source = np.full((int(groups.max()) + 1, int(times.max()) + 1), np.nan)
    source[groups, times] = values
    if not np.array_equal(source[groups, times], values):
        at = int(np.argmax(source[groups, times] != values))
        raise VcovError(
            f"{term!r} differs within the group of {permute!r} and the year of "
            f"{_named(estimate, at)}, so that it was not assigned to these groups.",
            variable=permute,
            remedy="give permute= the groups that treatment was assigned to.",
        )
    return source, groups, times


def _strata(
    estimate: Estimate, within: str | None, groups: IntArray, permute: str
) -> list[IntArray]:
    """The groups (s,) that may exchange, by stratum."""
    number = int(groups.max()) + 1
    if within is None:
        return [np.arange(number)]
    codes = estimate.design.groups(within)
    of_group = np.zeros(number, dtype=np.int64)
    of_group[groups] = codes
    if not np.array_equal(of_group[groups], codes):
        at = int(np.argmax(of_group[groups] != codes))
        raise VcovError(
            f"{within!r} is not the same in all rows of the {permute!r} of {_named(estimate, at)}.",
            variable=within,
            remedy="give within= a variable that does not change inside the groups.",
        )
    codes, count = recode(of_group)
    return [np.flatnonzero(codes == s) for s in range(count)]


def _shuffled(strata: list[IntArray], generator: np.random.Generator) -> IntArray:
    order = np.empty(sum(map(len, strata)), dtype=np.int64)
    for members in strata:
        order[members] = generator.permutation(members)
    return order


def _named(estimate: Estimate, row: int) -> str:
    at = estimate.design.index[row]
    return ", ".join(map(str, at)) if isinstance(at, tuple) else str(at)


def _within(estimate: Estimate, columns: FloatArray) -> FloatArray:
    absorber = estimate.design.absorber
    return columns if absorber is None else absorber.residualize(columns)


def _coefficients(estimate: Estimate, term: str, columns: FloatArray) -> FloatArray:
    """Coefficients (m,) with the term replaced by each of ``columns`` (n, m)."""
    design = estimate.design
    root = np.ones(design.n) if design.w is None else np.sqrt(design.w)
    others = np.delete(design.X_within, design.names.index(term), axis=1) * root[:, None]
    basis = np.linalg.qr(others)[0]
    inside = _within(estimate, columns) * root[:, None]
    y = design.y_within * root
    inside, y = inside - basis @ (basis.T @ inside), y - basis @ (basis.T @ y)
    own, whole = (inside**2).sum(axis=0), ((columns * root[:, None]) ** 2).sum(axis=0)
    kept = own > _EXPLAINED**2 * whole
    return np.where(kept, (inside * y[:, None]).sum(axis=0) / np.where(kept, own, 1.0), np.nan)


def _refitted(estimate: Estimate, term: str, columns: FloatArray) -> FloatArray:
    """Coefficients and t statistics (m, 2) with the term replaced by each of ``columns`` (n, m)."""
    design, j = estimate.design, estimate.design.names.index(term)
    w = np.ones(design.n) if design.w is None else np.asarray(design.w)
    identified = np.isfinite(_coefficients(estimate, term, columns))
    found = np.full((columns.shape[1], 2), np.nan)
    within = _within(estimate, columns)
    for c in np.flatnonzero(identified):
        x, x_within = np.array(design.X), np.array(design.X_within)
        x[:, j], x_within[:, j] = columns[:, c], within[:, c]
        solved = least_squares(x_within, design.y_within, design.w)
        again = replace(
            estimate,
            names=design.names,
            coef=solved.coef,
            scores=Scores(x_within, w * solved.residual, solved.inverse),
            classical=solved.inverse * float(w @ solved.residual**2) / estimate.df_resid,
            residuals=solved.residual,
            design=replace(design, columns=tuple(x.T), X_within=x_within),
        )
        if (variance := float(again.cov.matrix[j, j])) > 0:
            found[c] = solved.coef[j], solved.coef[j] / np.sqrt(variance)
    return found
