"""Direct and indirect effects in linear models with fixed effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from panel.core.build import build
from panel.core.clusters import cluster_coefficients, resampled, resampled_variable
from panel.core.design import Design
from panel.core.estimate import Estimate
from panel.core.formula import Spec, parse
from panel.core.frame import FloatArray, PanelFrame
from panel.core.least_squares import fit
from panel.core.scores import Scores
from panel.core.terms import columns_of
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec, usable
from panel.errors import FormulaError, VcovError, suggest
from panel.estimators.mediated_effects import Mediation
from panel.kernels.lstsq import least_squares

_WHAT = "The bootstrap of indirect effects"


def mediation(
    formula: str | Spec,
    mediators: str | Sequence[str],
    frame: PanelFrame | pd.DataFrame,
    *,
    treatment: str | None = None,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    bootstrap: Vcov | None = None,
    unit: str | None = None,
    time: str | None = None,
) -> Mediation:
    """How much of an effect goes through mediators, by linear equations with fixed effects.

    With the same controls and effects in all equations,

        y_it = c' x_it + sum_j b_j m_jit + ...,     m_jit = a_j x_it + ...,

    the direct effect is c', the indirect effect ``sum_j a_j b_j``, and the total effect their sum,
    which is exactly the coefficient of x without the mediators on the same rows. All equations use
    the rows that have every variable. Standard errors are by the delta method from the influence
    functions of all equations at once, so that any covariance allows for errors that are correlated
    between equations as well as within clusters.

    Parameters
    ----------
    formula : of the outcome without mediators, ``"y ~ x + controls | province + year"``;
        ``"; weights = w"`` and ``"; sample = year > 2012"`` may follow.
    mediators : one or several terms of one column each, ``"log(patents)"``.
    frame : a PanelFrame, or a DataFrame with a (unit, time) index or with ``unit`` and ``time``.
    treatment : the regressor x; the first one, if left out.
    vcov : a covariance (``panel.cluster("province")``) or fixest's spelling; iid if left out. Its
        small-sample factor counts the parameters of the outcome equation.
    bootstrap : ``panel.cluster_bootstrap("province", draws=999)``, for percentile limits; all
        equations are estimated on the same draws.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Mediation, whose ``effects`` and ``paths`` are estimates.

    Notes
    -----
    The effects are causal under sequential ignorability: given controls and fixed effects,
    treatment is as good as random, and given these and treatment so is each mediator; no
    confounder of mediator and outcome may be affected by treatment. The first may be arranged by
    design, the second never follows from it. Effects must also be linear and alike, without an
    interaction of treatment and mediator. Where mediators affect one another the indirect effect
    of all together stands, but not its parts. The share has no meaning where direct and indirect
    effect have opposite signs, and is imprecise where the total effect is.

    Raises
    ------
    FormulaError : instruments, no such treatment, or a mediator that is not one column or is in the
        formula already.
    EmptySampleError, AbsorbedError : as for :func:`panel.ols`.
    VcovError : ``bootstrap`` is no cluster bootstrap, or no draw identifies the coefficients.
    DegreesOfFreedomError : one cluster to draw.

    References
    ----------
    Baron and Kenny (1986), J. Personality and Social Psychology 51; Imai, Keele and Tingley (2010),
    Psychological Methods 15, for the assumptions; Sobel (1982), Sociological Methodology 13;
    Aroian (1947), Annals of Mathematical Statistics 18; Goodman (1960), J. American Statistical
    Association 55; Preacher and Hayes (2008), Behavior Research Methods 40, for several mediators.
    """
    spec = usable(as_spec(formula), "Mediation", "fixed effects", "weights")
    data, covariance = as_frame(frame, unit, time), as_vcov(vcov)
    terms = _terms(spec, mediators, data)
    drawn = () if bootstrap is None else (resampled_variable(bootstrap, _WHAT),)
    needs = (*covariance.needs, *drawn)
    design = build(replace(spec, x=(*spec.x, *terms)), data, needs=needs)
    name = _treatment(design, terms, treatment)
    paths = _paths(fit(design, covariance), name, terms)
    lost = build(spec, data, needs=needs).n - design.n
    rows = "row is" if lost == 1 else "rows are"
    notes = (f"{lost} {rows} left out where a mediator is missing.",) if lost else ()
    effects = _effects(paths, terms)
    found = Mediation(
        effects, paths, name, terms, lost, np.empty((0, len(effects.coef))), {}, notes
    )
    return found if bootstrap is None else _bootstrapped(found, bootstrap)


def _terms(spec: Spec, mediators: str | Sequence[str], frame: PanelFrame) -> tuple[str, ...]:
    """The mediators in canonical spelling."""
    given = (mediators,) if isinstance(mediators, str) else tuple(mediators)
    found = [parse(f"y ~ {m}").x for m in given]
    for text, terms in zip(given, found, strict=True):
        if len(terms) != 1 or terms == ("0",) or list(columns_of(terms[0], frame)) != [terms[0]]:
            raise FormulaError(
                f"The mediator {text!r} is not one column.", variable=text,
                remedy='give several in a list: ["m1", "log(m2)"].',
            )  # fmt: skip
    names = tuple(t for terms in found for t in terms)
    taken = {spec.y, *spec.x}
    for j, mediator in enumerate(names):
        if mediator in taken or mediator in names[:j]:
            raise FormulaError(
                f"The mediator {mediator!r} stands in the model already.", variable=mediator,
                remedy="give the formula without mediators, and each mediator once.",
            )  # fmt: skip
    if not names:
        raise FormulaError(
            "There is no mediator.", variable="mediators", remedy='give one: "log(patents)".'
        )
    return names


def _treatment(design: Design, mediators: Sequence[str], given: str | None) -> str:
    known = [n for n in design.names if n not in (*mediators, "(Intercept)")]
    if given is None and not known:
        raise FormulaError(
            f"{design.spec} has no regressor beside the mediators.", variable="treatment",
            remedy='write "y ~ x | province + year".',
        )  # fmt: skip
    name = known[0] if given is None else given
    for term, there in ((name, known), *((m, design.names) for m in mediators)):
        if term not in there:
            reasons = [f"{d}. " for d in design.dropped if d.column == term]
            raise FormulaError(
                f"{term!r} is not among the regressors that are left. {''.join(reasons)}".strip(),
                variable=term, remedy=None if reasons else suggest(term, known),
            )  # fmt: skip
    return name


def _paths(outcome: Estimate, treatment: str, mediators: tuple[str, ...]) -> Estimate:
    """The coefficients c', b and a with their joint influence functions."""
    design = outcome.design
    own, at = _equation(design, treatment, mediators)
    x, w = design.X_within[:, own], design.w
    weight = np.ones(design.n) if w is None else np.asarray(w)
    chosen = [design.names.index(n) for n in (treatment, *mediators)]
    solved = [least_squares(x, design.X_within[:, j], w) for j in chosen[1:]]
    errors = np.column_stack([s.residual for s in solved])  # (n, J)
    inverse = solved[0].inverse
    lever = (x @ inverse[:, at]) * weight
    k = len(mediators)
    absorbed = design.absorber.rank if design.absorber else 0
    classical = np.zeros((1 + 2 * k, 1 + 2 * k))  # the equations' residuals are orthogonal
    classical[: k + 1, : k + 1] = outcome.classical[np.ix_(chosen, chosen)]
    variance = (errors * weight[:, None]).T @ errors / (design.n - len(own) - absorbed)
    classical[k + 1 :, k + 1 :] = variance * inverse[at, at]
    y = outcome.depvar
    names = (f"{treatment} -> {y}", *(f"{m} -> {y}" for m in mediators))
    return replace(
        outcome,
        names=(*names, *(f"{treatment} -> {m}" for m in mediators)),
        coef=np.concatenate([outcome.coef[chosen], [s.coef[at] for s in solved]]),
        scores=Scores(np.column_stack([outcome.influence[:, chosen], errors * lever[:, None]])),
        classical=classical,
        method="Mediation",
    )


def _equation(design: Design, treatment: str, mediators: Sequence[str]) -> tuple[list[int], int]:
    """Columns of the mediators' equations, and the place of the treatment among them."""
    own = [j for j, n in enumerate(design.names) if n not in mediators]
    return own, [design.names[j] for j in own].index(treatment)


def _effects(paths: Estimate, mediators: tuple[str, ...]) -> Estimate:
    """The effects as functions of the paths, by the delta method."""
    k = len(mediators)
    b, a = paths.coef[1 : k + 1], paths.coef[k + 1 :]
    values = _values(paths.coef[None, :1], b[None], a[None])[0]
    via = np.hstack([np.zeros((k, 1)), np.diag(a), np.diag(b)])
    direct, indirect = np.eye(1, 1 + 2 * k)[0], via.sum(axis=0)
    total, share = direct + indirect, values[-1]
    ratio = (indirect - share * total) / values[0]
    parts = [f"indirect via {m}" for m in mediators] if k > 1 else []
    names = ("total", "direct", "indirect", *parts, "share")
    rows = [total, direct, indirect, *(via if k > 1 else ()), ratio]
    return replace(paths.map(np.array(rows), names), coef=values)


def _values(direct: FloatArray, b: FloatArray, a: FloatArray) -> FloatArray:
    """The effects (draws, q) from paths (draws, 1), (draws, J) and (draws, J)."""
    via = a * b
    indirect = via.sum(axis=1, keepdims=True)
    total = direct + indirect
    parts = via if via.shape[1] > 1 else via[:, :0]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.hstack([total, direct, indirect, parts, indirect / total])


def _bootstrapped(found: Mediation, bootstrap: Vcov) -> Mediation:
    """The effects in samples of clusters drawn with replacement."""
    design = found.paths.design
    codes, times = resampled(design, bootstrap, _WHAT)
    solved = least_squares(design.X_within, design.y_within, design.w)
    outcome = cluster_coefficients(design, solved.coef, codes, times, _WHAT)
    own, at = _equation(design, found.treatment, found.mediators)
    x = np.ascontiguousarray(design.X_within[:, own])
    a = []
    for mediator in found.mediators:
        m = design.X_within[:, design.names.index(mediator)].copy()
        equation = replace(design, X_within=x, y_within=m)
        coef = least_squares(x, m, design.w).coef
        a.append(cluster_coefficients(equation, coef, codes, times, _WHAT)[:, at])
    chosen = [design.names.index(n) for n in (found.treatment, *found.mediators)]
    paths = outcome[:, chosen]
    values = _values(paths[:, :1], paths[:, 1:], np.column_stack(a))
    whole = values[np.isfinite(values).all(axis=1)]
    lost, draws = len(values) - len(whole), len(values)
    if len(whole) < 2:
        raise VcovError(
            f"{len(whole)} of {draws} draws identify the coefficients.", variable="bootstrap",
            remedy="leave out terms that vary in few clusters.",
        )  # fmt: skip
    notes = (*found.notes, f"{lost} of {draws} draws do not identify the coefficients.")
    notes = notes if lost else found.notes
    return replace(found, draws=whole, settings=bootstrap.settings, notes=notes)
