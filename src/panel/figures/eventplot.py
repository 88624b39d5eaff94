"""Effects by time to treatment, with a joint test of the periods before it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from panel.core.estimate import Estimate
from panel.core.test import Test, chi2_test, f_test, quadratic_form
from panel.errors import FigureError, VcovError, suggest
from panel.figures.figure import Figure, finished
from panel.figures.models import Coefficients, checked_alpha, coefficient_table, named_models
from panel.figures.style import GREY, WIDTH, legend_below, look, print_style, sheet
from panel.figures.wording import (
    NumberTicks,
    checked_language,
    joined,
    p_words,
    significant,
    words,
    wrapped,
)

# A dummy of a whole number, perhaps interacted: rel::-2, rel::-2:treated.
_TERM = re.compile(r"(?P<of>[^:]+)::(?P<period>-?\d+)(?P<by>:[^:].*)?")


def eventplot(
    models: Coefficients | Sequence[Coefficients] | Mapping[str, Coefficients],
    variable: str | None = None,
    *,
    reference: int | None = None,
    onset: int | None = None,
    alpha: float = 0.05,
    language: str = "en",
    title: str | None = None,
) -> Figure:
    """Event study: coefficients of ``i(rel, treated, ref=-1)`` by period, with intervals.

    The legend tells of each model the Wald test that all coefficients before the onset are zero,
    by the covariance and degrees of freedom of the model.

    Parameters
    ----------
    models : one result, several (named (1), (2), ...), or {name: result}.
    variable : the variable of the periods, "rel", or with the one that it is interacted with,
        "rel:treated"; needed if the models have several.
    reference : the period left out, drawn at zero; if left out, what ``ref=`` in the formula of
        the first model says, and -1 for results without a formula.
    onset : the first period that may have an effect; if left out, 0 for periods relative to the
        treatment and the period after the reference for years. Periods before it are tested.
    alpha : 0.05 draws 95% intervals, each period for itself.
    language : "en", "zh" or "ru".
    title : none if left out.

    Returns
    -------
    Figure whose data have the columns model, period, estimate, conf_low, conf_high, and of the
    test pretrend_statistic, pretrend_p (missing where it cannot be computed) and pretrend (as
    printed).

    Raises
    ------
    FigureError : no model, no such terms, several variables to choose from, a reference that has a
        coefficient, or an alpha outside (0, 1).

    References
    ----------
    Freyaldenhoven, Hansen, Perez Perez and Shapiro (2021), NBER Working Paper 29170.
    """
    checked_language(language)
    level = checked_alpha(alpha)
    named = named_models(models)
    table = coefficient_table(named, alpha, {}, language)
    family = _family(table["term"], variable)
    periods = _periods(table, family)
    base = _reference(next(iter(named.values())), family, periods, reference)
    first = onset if onset is not None else (0 if periods["period"].min() < 0 else base + 1)
    data = pd.concat(
        [
            _with_reference(own, base).assign(**_pretrend(named[str(name)], own, first, language))
            for name, own in periods.groupby("model", sort=False)
        ],
        ignore_index=True,
    ).drop(columns=["term", "label"])
    with print_style():
        figure, axes = sheet(WIDTH, 3.4)
        axes.axhline(0.0, color=GREY, linewidth=0.8, zorder=0)
        axes.axvline(first - 0.5, color=GREY, linewidth=0.8, linestyle="--", zorder=0)
        for position, (name, own) in enumerate(data.groupby("model", sort=False)):
            label = str(own["pretrend"].iloc[0])
            label = label if len(named) == 1 else f"{name}: {label}"
            _draw(axes, own, base, position, len(named), label)
        label_of = getattr(next(iter(named.values())), "label", lambda t, _language: t)
        axes.set_xlabel(wrapped(_axis(label_of(family[0], language), base, language), 80))
        axes.set_ylabel(words("interval", language, level=level))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(NumberTicks(language))
        if title is not None:
            axes.set_title(title)
        legend_below(figure, axes)
        return finished(figure, data, _alt(data, base, level, language))


def _family(terms: pd.Series, variable: str | None) -> tuple[str, str]:
    """The variable of the periods and what it is interacted with (":treated", or nothing)."""
    found = {(m["of"], m["by"] or ""): None for t in terms if (m := _TERM.fullmatch(t))}
    if not found:
        raise FigureError(
            "No model has coefficients by period.",
            variable="models",
            remedy='estimate them with i(rel, treated, ref=-1), or i(year, treated, ref="2015").',
        )
    chosen = [f for f in found if variable in (None, f[0], f[0] + f[1])]
    if len(chosen) == 1:
        return chosen[0]
    names = [of + by for of, by in found]
    raise FigureError(
        f"The models have coefficients by period of {joined(names, 'en')}."
        if variable is None or chosen
        else f"The models have no coefficients by period of {variable!r}.",
        variable="variable",
        value=variable,
        remedy=f"choose one: variable={names[0]!r}."
        if variable is None or chosen
        else suggest(variable, names),
    )


def _periods(table: pd.DataFrame, family: tuple[str, str]) -> pd.DataFrame:
    matches = [_TERM.fullmatch(term) for term in table["term"]]
    own = [m is not None and (m["of"], m["by"] or "") == family for m in matches]
    period = [int(m["period"]) for m, mine in zip(matches, own, strict=True) if m and mine]
    return table[own].assign(period=period).sort_values("period", kind="stable")


def _reference(
    model: Any, family: tuple[str, str], periods: pd.DataFrame, given: int | None
) -> int:
    """The period left out."""
    call = rf"i\({re.escape(family[0])}\s*,[^)]*ref\s*=\s*(?:c\()?\"?(-?\d+)"
    said = re.search(call, str(getattr(model, "formula", "")))
    base = given if given is not None else int(said[1]) if said else -1
    if (periods["period"] == base).any():
        raise FigureError(
            f"Period {base} has a coefficient, so that it is not the reference.",
            variable="reference",
            value=base,
            remedy="give the period that was left out: reference=.",
        )
    return base


def _with_reference(own: pd.DataFrame, base: int) -> pd.DataFrame:
    row = {"model": own["model"].iloc[0], "period": base, "estimate": 0.0}
    return pd.concat([own, pd.DataFrame([row])]).sort_values("period")


def _pretrend(model: Any, own: pd.DataFrame, first: int, language: str) -> dict[str, Any]:
    """Wald test that the coefficients before the first period are zero, and its text."""
    terms = list(own.loc[own["period"] < first, "term"])
    nothing = {"pretrend_statistic": np.nan, "pretrend_p": np.nan}
    if not terms:
        return nothing | {"pretrend": words("no leads", language)}
    try:
        test = _wald(model, terms)
    except VcovError:  # fewer clusters than periods: said, as nothing can be computed
        return nothing | {"pretrend": words("no joint test", language, q=len(terms))}
    text = f"{test.label} = {significant(test.statistic, language)}, "
    return {
        "pretrend_statistic": test.statistic,
        "pretrend_p": test.p_value,
        "pretrend": words("pretrend", language, test=text + p_words(test.p_value, language)),
    }


def _wald(model: Any, terms: list[str]) -> Test:
    null, q = "coefficients before the onset are zero", len(terms)
    if not isinstance(model, Estimate):
        b, v = model.params[terms], model.cov_params().loc[terms, terms]
        statistic = quadratic_form(b.to_numpy(), v.to_numpy(), "of the model")
        return chi2_test("Wald test", statistic, q, null)
    rows = np.eye(len(model.names))[[model.names.index(t) for t in terms]]
    before = model.map(rows, terms)
    statistic = quadratic_form(before.coef, before.cov.matrix, before.cov.label)
    return f_test("Wald test", statistic / q, (q, before.cov.df_joint), null)


def _axis(label: str, base: int, language: str) -> str:
    return words("period axis", language, variable=label, base=_shown(base))


def _draw(axes: Axes, own: pd.DataFrame, base: int, position: int, models: int, label: str) -> None:
    colour, marker, filled = look(position)
    beside = (position - (models - 1) / 2) * 0.6 / max(models, 2)
    x, y = own["period"].to_numpy() + beside, own["estimate"].to_numpy()
    whiskers = np.vstack([y - own["conf_low"], own["conf_high"] - y])
    axes.errorbar(
        x, y, yerr=whiskers, fmt=marker, color=colour, capsize=2.0, elinewidth=1.0, capthick=1.0,
        markerfacecolor=colour if filled else "#ffffff", label=label,
    )  # fmt: skip
    at = own["period"].to_numpy() == base
    axes.plot(x[at], y[at], marker, color=colour, markerfacecolor="#ffffff", zorder=3)


def _shown(period: int) -> str:
    """A period, or a year without separators, with a minus sign."""
    return str(period).replace("-", "\N{MINUS SIGN}")


def _alt(data: pd.DataFrame, base: int, level: str, language: str) -> str:
    clear = data[(data["conf_low"] > 0) | (data["conf_high"] < 0)]
    cases = [
        f"{model}: {joined([_shown(p) for p in own['period']], language)}"
        for model, own in clear.groupby("model", sort=False)
    ]
    tests = data.drop_duplicates("model")
    return words(
        "alt event",
        language,
        models=joined(list(tests["model"]), language),
        first=_shown(data["period"].min()),
        last=_shown(data["period"].max()),
        base=_shown(base),
        level=level,
        finding=words("alt excludes", language, cases="; ".join(cases))
        if cases
        else words("alt none excludes", language),
        tests="; ".join(
            f"{m}: {t}" for m, t in zip(tests["model"], tests["pretrend"], strict=True)
        ),
    )
