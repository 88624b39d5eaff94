"""Robustness in one declaration: a model, its named variations, one table and one curve."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import stats as distributions

from panel.core.estimate import Estimate
from panel.core.formula import Spec
from panel.core.frame import PanelFrame
from panel.core.vcov import Vcov, as_vcov
from panel.core.verb import as_frame, as_spec
from panel.errors import FormulaError, PanelError, StudyError, suggest
from panel.estimators.iv import iv
from panel.estimators.ols import ols
from panel.study.variations import KINDS, Model, canonical, changed, winsorised
from panel.tables.regtable import regtable
from panel.tables.style import preset
from panel.tables.table import Table

if TYPE_CHECKING:
    from panel.figures.figure import Figure

BASELINE = "Baseline"
_BASELINES = {"en": BASELINE, "zh": "基准模型", "ru": "Базовая модель"}  # what is shown
_MOST = 20_000  # specifications; a slip of crossing many variations should not take all day
Change = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Battery:
    """Estimates of one coefficient under many specifications.

    Parameters
    ----------
    estimates : by the name of the specification; the first is the baseline.
    terms : the coefficient looked at in each: what stands in place of ``focus`` there.
    choices : what each specification varies: the name of the variation by kind of change.
    focus : the coefficient looked at.
    """

    estimates: Mapping[str, Estimate]
    terms: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    focus: str
    _plain: tuple[str, ...] = field(
        default=("estimates", "terms", "choices"), init=False, repr=False
    )

    def __post_init__(self) -> None:
        for name in self._plain:
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __getstate__(self) -> dict[str, Any]:
        plain = {name: dict(getattr(self, name)) for name in self._plain}
        return {k: getattr(self, k) for k in self.__dataclass_fields__} | plain

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.__post_init__()

    def __len__(self) -> int:
        return len(self.estimates)

    @cached_property
    def df(self) -> pd.DataFrame:
        """The data of a specification curve, with limits of 95 percent; see :meth:`tidy`."""
        return self.tidy()

    def tidy(self, alpha: float = 0.05) -> pd.DataFrame:
        """One row a specification: its name, a column for each kind of change that varies
        ("Baseline" or the name of the variation), and the coefficient: term, estimate, std_error,
        statistic, p_value, conf_low, conf_high of level ``1 - alpha``, and nobs."""
        kinds = self._kinds()
        rows = []
        for name, model in self.estimates.items():
            made = self.choices[name]
            row = {"specification": name} | {k: made.get(k, BASELINE) for k in kinds}
            rows.append(row | _coefficient(model, self.terms[name], alpha))
        return pd.DataFrame(rows)

    def table(self, **options: Any) -> Table:
        """One column a specification; the coefficients looked at share the first row.

        Parameters
        ----------
        options : of :func:`panel.regtable`; ``keep=battery.focus`` shows that coefficient alone.
        """
        language = preset(options.get("style")).language
        label = next(iter(self.estimates.values())).label(self.focus, language)
        names = dict.fromkeys(self.terms.values(), label)
        labels = {**names, **(options.pop("labels", None) or {})}
        keep = options.pop("keep", ())
        keep = (keep,) if isinstance(keep, str) else tuple(keep)
        shown = (*names, *keep) if keep else (*names, ".")
        if self.focus in keep:
            shown = (*names, *(k for k in keep if k != self.focus))
        return regtable(self._named(language), labels=labels, keep=shown, **options)

    def plot(self, **options: Any) -> Figure:
        """The specification curve: estimates in ascending order over what was chosen.

        Parameters
        ----------
        options : of :func:`panel.specplot`: alpha, language, title.
        """
        from panel.figures.specplot import specplot

        base = _BASELINES.get(options.get("language", "en"), BASELINE)
        rows = [[made.get(k, base) for k in self._kinds()] for made in self.choices.values()]
        choices = pd.DataFrame(rows, index=list(self.choices), columns=self._kinds())
        return specplot(dict(self.estimates), dict(self.terms), choices, **options)

    def _named(self, language: str) -> dict[str, Estimate]:
        """The estimates, with the baseline called so in that language."""
        base = _BASELINES[language]
        taken = base in self.estimates  # a variation may be called so
        return {base if k == BASELINE and not taken else k: m for k, m in self.estimates.items()}

    def _kinds(self) -> list[str]:
        """The kinds of change that vary."""
        return [k for k in KINDS if any(k in made for made in self.choices.values())]

    def __str__(self) -> str:
        df = self.df
        first, values = df["estimate"].iloc[0], df["estimate"]
        same = int(((values > 0) == (first > 0)).sum())
        clear = int((df["p_value"] < 0.05).sum())
        return (
            f"{len(df)} specifications of {self.focus}: baseline {first:.4g}, from "
            f"{values.min():.4g} to {values.max():.4g}, median {values.median():.4g}; the sign of "
            f"the baseline in {same}, significant at 5 percent in {clear}."
        )

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        shown = self.df.head(40).to_html(border=0, index=False, float_format=lambda v: f"{v:.4g}")
        return f"<div><p>{escape(str(self))}</p>{shown}</div>"


def battery(
    formula: str | Spec,
    frame: PanelFrame | pd.DataFrame,
    variations: Mapping[str, Change],
    *,
    focus: str | None = None,
    vcov: Vcov | str | Mapping[str, str] | None = None,
    cross: bool = False,
    unit: str | None = None,
    time: str | None = None,
) -> Battery:
    """Estimate a model and its variations, each as it is named::

        panel.battery(
            "log(y) ~ digital + log(population) | province + year",
            frame,
            {
                "Without municipalities": {"drop": {"kind": "Municipality"}},
                "Without 2020": {"drop": 2020},
                "From 2018": {"periods": (2018, 2024)},
                "Winsorised at 1%": {"winsorise": 0.01},
                "Mobile internet": {"replace": {"digital": "digital_mobile"}},
                "Last year's": {"lag": 1},
                "Driscoll-Kraay": {"vcov": panel.driscoll_kraay(lags=2)},
                "Poisson": {"estimator": panel.poisson, "replace": {"log(y)": "y"}},
            },
            vcov=panel.cluster("province"),
        )

    Parameters
    ----------
    formula : of the baseline; ``"; weights = w"`` and ``"; sample = year > 2012"`` may follow.
        Least squares, or instrumental variables where it has instruments.
    variations : by name, what is other than in the baseline:

        ========= =================================================================
        formula   another formula
        replace   variables or terms by what takes their place, ``{"x": "z"}``
        lag       the coefficient looked at, that many periods earlier
        controls  all regressors beside it, ``"a + b"``; ``""`` none
        absorb    fixed effects, ``"province + zone^year"``; ``""`` none
        weights   expression of weights; None for none
        sample    a (further) condition
        drop      what is left out: regions and years, ``["Beijing", 2020]``, or values of a
                  variable, ``{"zone": "West"}``
        periods   first and last year, ``(2016, 2020)``
        frame     a function from the frame to another one
        winsorise share drawn in at each end of the model's variables, 0.01
        estimator a function called with formula, frame and ``vcov=``
        vcov      a covariance
        ========= =================================================================

    focus : the coefficient looked at; the first endogenous regressor, else the first one.
    vcov : covariance of the baseline.
    cross : also all combinations of variations that change different things; those that change
        the same thing are alternatives. For a specification curve.
    unit, time : keys of a flat DataFrame.

    Returns
    -------
    Battery

    Raises
    ------
    StudyError : no such kind of change, a value it cannot take, or too many combinations; also a
        specification that cannot be estimated, named, with the reason.
    FormulaError : a formula outside the grammar, or no such coefficient.

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4, for specification curves.
    """
    data, spec, covariance = as_frame(frame, unit, time), as_spec(formula), as_vcov(vcov)
    changes = {str(name): _checked(str(name), change) for name, change in variations.items()}
    chosen = canonical(focus) if focus else next(iter((*spec.endogenous, *spec.terms)), "")
    if chosen not in (*spec.endogenous, *spec.terms):
        raise FormulaError(
            f"{focus!r} is not a regressor of {spec}.",
            variable="focus",
            value=focus,
            remedy=suggest(str(focus), (*spec.endogenous, *spec.terms)),
        )
    bench = _Bench(Model(spec, chosen), data, changes)
    estimates, terms, choices = {}, {}, {}
    for names in _combinations(changes, cross=cross):
        called = " + ".join(names) or BASELINE
        merged = {kind: value for name in names for kind, value in changes[name].items()}
        try:
            estimates[called], terms[called] = bench.estimate(names, merged, covariance)
        except PanelError as error:
            raise StudyError(
                f"Specification {called!r} cannot be estimated: {error}",
                variable="variations",
                value=called,
            ) from error
        choices[called] = {kind: name for name in names for kind in changes[name]}
    return Battery(estimates, terms, choices, chosen)


@dataclass(frozen=True)
class _Bench:
    """What specifications have in common, and what was made for some of them."""

    model: Model
    frame: PanelFrame
    changes: Mapping[str, Change]
    frames: dict[Any, PanelFrame] = field(default_factory=dict)
    fitted: dict[Any, Estimate] = field(default_factory=dict)

    def estimate(self, names: tuple[str, ...], change: Change, vcov: Vcov) -> tuple[Estimate, str]:
        """The estimate of a specification, and the coefficient looked at."""
        model = changed(self.model, change, self.frame)
        data = [n for n in names if {"frame", "winsorise"} & set(self.changes[n])]
        fitters = [n for n in names if "estimator" in self.changes[n]]
        key = (str(model.spec), *data, *fitters)
        covariance = as_vcov(change["vcov"]) if "vcov" in change else vcov
        if key in self.fitted:
            found = self.fitted[key].with_vcov(covariance)
        else:
            standard = iv if model.spec.instruments else ols
            fit: Callable[..., Estimate] = change.get("estimator", standard)
            found = fit(model.spec, self._frame(tuple(data), change, model), vcov=covariance)
            self.fitted[key] = found
        if model.focus not in found.names:
            raise FormulaError(
                f"The estimate has no coefficient of {model.focus!r}.",
                variable=model.focus,
                remedy=suggest(model.focus, found.names),
            )
        found.bse  # noqa: B018 - a covariance that cannot be had is told with the specification
        return found, model.focus

    def _frame(self, names: tuple[str, ...], change: Change, model: Model) -> PanelFrame:
        """The data of a specification; those that share them share what is computed of them."""
        if not names:
            return self.frame
        key = (names, model.spec) if "winsorise" in change else names
        if key not in self.frames:
            data = as_frame(change["frame"](self.frame)) if "frame" in change else self.frame
            if "winsorise" in change:
                data = winsorised(data, model.spec, change["winsorise"])
            self.frames[key] = data
        return self.frames[key]


def _coefficient(model: Estimate, term: str, alpha: float) -> dict[str, Any]:
    """A coefficient as ``tidy`` has it; ``tidy`` itself would make tables of all of them."""
    if not 0 < alpha < 1:
        model.conf_int(alpha)  # raises
    j = model.names.index(term)
    b, df = float(model.coef[j]), model.cov.df
    se = float(np.sqrt(model.cov.matrix[j, j]))
    t = b / se if se else np.nan
    wide = float(distributions.t.ppf(1 - alpha / 2, df)) * se
    p = float(2 * distributions.t.sf(abs(t), df))
    return {
        "term": term, "estimate": b, "std_error": se, "statistic": t, "p_value": p,
        "conf_low": b - wide, "conf_high": b + wide, "nobs": model.nobs,
    }  # fmt: skip


def _checked(name: str, change: Any) -> Change:
    if name == BASELINE or not name.strip():
        raise StudyError(
            f"{name!r} cannot name a variation.", variable="variations", value=name,
            remedy="give every variation a name that says what is other than in the baseline.",
        )  # fmt: skip
    if not isinstance(change, Mapping) or not change:
        raise StudyError(
            f"Variation {name!r} is {change!r}.", variable=name, value=change,
            remedy='say what changes and how: {"drop": ["Beijing"]}.',
        )  # fmt: skip
    for kind in change:
        if kind not in KINDS:
            raise StudyError(
                f"Variation {name!r} changes {kind!r}, which is no kind of change.",
                variable=name, value=kind, remedy=suggest(str(kind), KINDS),
            )  # fmt: skip
    for kind in ("frame", "estimator"):
        if kind in change and not callable(change[kind]):
            raise StudyError(
                f"The {kind} of variation {name!r} is no function.", variable=name,
                value=change[kind], remedy="give the function itself, as panel.poisson.",
            )  # fmt: skip
    return dict(change)


def _combinations(changes: Mapping[str, Change], *, cross: bool) -> list[tuple[str, ...]]:
    """The variations of each specification, fewest first, in the order declared."""
    if not cross:
        return [(), *((name,) for name in changes)]
    found: list[tuple[str, ...]] = [()]
    for name, change in changes.items():
        found += _extended(found, name, change, changes)
        if len(found) > _MOST:
            raise StudyError(
                f"The variations have more than {_MOST} combinations.", variable="cross",
                value=len(found), remedy="declare fewer, or leave cross=True out.",
            )  # fmt: skip
    return sorted(found, key=len)


def _extended(
    found: Iterable[tuple[str, ...]], name: str, change: Change, changes: Mapping[str, Change]
) -> list[tuple[str, ...]]:
    """Each combination with one more variation, where they change different things."""
    return [(*c, name) for c in found if not any(set(changes[n]) & set(change) for n in c)]
