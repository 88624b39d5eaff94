"""What a table reads of a fitted model, whichever package fitted it.

Results of this package are read by their protocol, those of statsmodels, linearmodels and
pyfixest by the attributes they have, and any other by maketables' hooks. No package is imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from panel.core.expression import Binary, Name, Number, Text, parse_expression
from panel.core.formula import parts_of
from panel.core.frame import FloatArray
from panel.core.identification import STATISTICS
from panel.core.labels import value_label
from panel.core.wording import sentence
from panel.errors import TableError

INTERCEPT = "(Intercept)"
_INTERCEPTS = ("Intercept", "const", INTERCEPT)


@dataclass(frozen=True, eq=False)
class ModelColumn:
    """One model as a column of a table.

    Parameters
    ----------
    terms : names of the k coefficients; the constant is ``(Intercept)``.
    estimates, std_errors, p_values : (k,).
    depvar : the outcome.
    labels : readable names of terms, outcome, fixed effects and clusters, where the model has them.
    fixed_effects : what was absorbed.
    covariance : what the covariance is called, "clustered by province".
    clusters : number of clusters by variable.
    stats : "nobs", "rsquared" (fixed effects included), "rsquared_within" and so on.
    method : what the estimator is called.
    notes : sentences the table must carry.
    limits : (k, 2) of 95 percent confidence intervals, where the model has them.
    group : the variable that the sample was split by, and its value, where it was.
    outside : where it has a sample, the sentence of ``notes`` on the rows outside it, their number,
        and the condition.
    """

    terms: tuple[str, ...]
    estimates: FloatArray
    std_errors: FloatArray
    p_values: FloatArray
    depvar: str
    labels: Mapping[str, str] = field(default_factory=dict)
    fixed_effects: tuple[str, ...] = ()
    covariance: str = ""
    clusters: Mapping[str, int] = field(default_factory=dict)
    stats: Mapping[str, float] = field(default_factory=dict)
    method: str = ""
    notes: tuple[str, ...] = ()
    limits: FloatArray | None = None
    group: tuple[str, str] | None = None
    outside: tuple[str, int, str] | None = None

    def __post_init__(self) -> None:
        terms = tuple(INTERCEPT if t in _INTERCEPTS else str(t) for t in self.terms)
        object.__setattr__(self, "terms", terms)
        for name in ("labels", "clusters", "stats"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        if self.limits is None:
            object.__setattr__(self, "limits", np.full((len(terms), 2), np.nan))
        for name in ("estimates", "std_errors", "p_values", "limits"):
            array = np.asarray(getattr(self, name), dtype=np.float64).copy()
            if array.shape != ((len(terms), 2) if name == "limits" else (len(terms),)):
                raise TableError(
                    f"The model has {len(terms)} terms, but its {name} have shape {array.shape}.",
                    variable=name,
                    value=array.shape,
                    remedy="give a model with one equation and one coefficient a term.",
                )
            array.flags.writeable = False
            object.__setattr__(self, name, array)


def read_model(model: Any, language: str = "en", wanted: Sequence[str] = ()) -> ModelColumn:
    """The column of a fitted model.

    Parameters
    ----------
    language : of its labels and notes.
    wanted : statistics of instruments to work out: see core.identification.STATISTICS.

    Raises
    ------
    TableError : nothing that can be read as a fitted model.
    """
    if isinstance(model, ModelColumn):
        return model
    package = type(model).__module__.partition(".")[0]
    readers: Mapping[str, Callable[[Any], ModelColumn]] = {
        "statsmodels": _statsmodels,
        "linearmodels": _linearmodels,
        "pyfixest": _pyfixest,
    }
    if all(hasattr(model, a) for a in ("names", "params", "bse", "pvalues", "cov", "stats")):
        return _ours(model, language, wanted)
    if package in readers and hasattr(model, "tidy" if package == "pyfixest" else "params"):
        return readers[package](model)
    if hasattr(model, "__maketables_coef_table__"):
        return _hooks(model)
    raise TableError(
        f"A {type(model).__name__} cannot be read as a fitted model.",
        variable="models",
        value=type(model).__name__,
        remedy="give results of this package, statsmodels, linearmodels or pyfixest, or of one "
        "with maketables' hooks; several models go in a list or a dict.",
    )


def _ours(model: Any, language: str, wanted: Sequence[str]) -> ModelColumn:
    stats = dict(model.stats)
    if getattr(getattr(model, "design", None), "instruments", ()):
        stats |= {key: STATISTICS[key](model) for key in wanted if key in STATISTICS}
    if hasattr(model, "fvalue"):
        stats["fvalue"] = model.fvalue
    if hasattr(model, "design"):
        stats["depvar_mean"] = float(np.average(model.design.y, weights=model.design.w))
    if not model.fixed_effects:  # nothing to be within
        stats = {key: value for key, value in stats.items() if not key.endswith("_within")}
    groups = {part for a in (*model.fixed_effects, *model.cov.clusters) for part in parts_of(a)}
    group = _group(model, language)
    groups |= {group[0]} if group else set()
    labels = {name: model.label(name, language) for name in (*model.names, *sorted(groups))}
    labels[model.depvar] = model.depvar_label(language)
    notes = tuple(model.notes_in(language) if hasattr(model, "notes_in") else model.notes)
    return ModelColumn(
        terms=tuple(model.names),
        estimates=model.params.to_numpy(),
        std_errors=model.bse.to_numpy(),
        p_values=model.pvalues.to_numpy(),
        depvar=model.depvar,
        labels={name: label for name, label in labels.items() if label != name},
        fixed_effects=tuple(model.fixed_effects),
        covariance=model.cov.label,
        clusters=model.cov.clusters,
        stats=stats,
        method=model.method,
        notes=notes,
        limits=np.asarray(model.conf_int()) if hasattr(model, "conf_int") else None,
        group=group,
        outside=_outside(model, notes, language),
    )


def _outside(model: Any, notes: Sequence[str], language: str) -> tuple[str, int, str] | None:
    for dropped in model.design.dropped if hasattr(model, "design") else ():
        if dropped.kind == "sample":
            text = dict(dropped.fields)["text"]
            said = sentence("sample", language, text=text)
            return next(((n, dropped.rows, text) for n in notes if said in n), None)
    return None


def _group(model: Any, language: str) -> tuple[str, str] | None:
    """The last condition of the sample if it names one value: ``zone == "East"``; and what the
    value is called."""
    sample = model.design.spec.sample if hasattr(model, "design") else None
    node = parse_expression(sample) if sample else None
    while isinstance(node, Binary) and node.op == "&":
        node = node.right
    if not isinstance(node, Binary) or node.op != "==" or not isinstance(node.left, Name):
        return None
    name, right = node.left.name, node.right
    if not isinstance(right, Text | Number):
        return None
    value = right.value if isinstance(right, Text) else right.text
    return name, value_label(value, name, model.design.frame, language)


# ---- statsmodels ---------------------------------------------------------------------------


def _statsmodels(model: Any) -> ModelColumn:
    names = {
        "rsquared": "rsquared",
        "rsquared_adj": "rsquared_adj",
        "rsquared_pseudo": "prsquared",
        "fvalue": "fvalue",
    }
    stats = {
        key: float(getattr(model, name)) for key, name in names.items() if hasattr(model, name)
    }
    kind, groups = str(getattr(model, "cov_type", "")), {}
    if kind == "cluster":
        groups = _clusters(model.cov_kwds["groups"])
    lags = getattr(model, "cov_kwds", {}).get("maxlags")
    return ModelColumn(
        terms=tuple(model.model.exog_names),
        estimates=np.asarray(model.params),
        std_errors=np.asarray(model.bse),
        p_values=np.asarray(model.pvalues),
        depvar=str(model.model.endog_names),
        covariance=_covariance(kind, groups, lags),
        clusters=groups,
        stats=stats | {"nobs": float(model.nobs)},
        method=type(model.model).__name__,
        limits=np.asarray(model.conf_int()),
    )


# ---- linearmodels --------------------------------------------------------------------------


def _linearmodels(model: Any) -> ModelColumn:
    data = model.model.dependent
    estimator = getattr(getattr(model, "_deferred_cov", None), "__self__", None)
    kind = str(getattr(model, "cov_type", getattr(model, "_cov_type", "")))
    groups: dict[str, int] = {}
    if kind.lower() == "clustered":
        config = getattr(model, "cov_config", {})
        given = config.get("clusters", getattr(estimator, "_clusters", None))
        groups = _clusters(given, _panel_keys(data))
    return ModelColumn(
        terms=tuple(map(str, model.params.index)),
        estimates=model.params.to_numpy(),
        std_errors=model.std_errors.to_numpy(),
        p_values=model.pvalues.to_numpy(),
        depvar=str((getattr(data, "vars", None) or data.cols)[0]),
        fixed_effects=_linearmodels_effects(model, data),
        covariance=_covariance(kind, groups, getattr(estimator, "_bandwidth", None)),
        clusters=groups,
        stats=_linearmodels_stats(model),
        method=type(model.model).__name__,
        limits=model.conf_int().to_numpy(),
    )


def _linearmodels_effects(model: Any, data: Any) -> tuple[str, ...]:
    """Names of the absorbed effects; entity and time by the names of the index."""
    index = list(getattr(getattr(data, "index", None), "names", ())) or ["entity", "time"]
    names = {"Entity": str(index[0] or "entity"), "Time": str(index[-1] or "time")}
    effects = [names.get(e, e) for e in getattr(model, "included_effects", ())]
    absorbed = getattr(model.model, "_absorb", None)
    return (*effects, *map(str, getattr(absorbed, "columns", ())))


def _linearmodels_stats(model: Any) -> dict[str, float]:
    """Statistics under this package's names.

    With effects, linearmodels' ``rsquared`` is what they leave (its ``rsquared_within`` takes out
    the entities only) and ``rsquared_inclusive`` is that of the whole fit.
    """
    stats = {"nobs": float(model.nobs)}
    if getattr(model, "included_effects", ()):
        stats |= {"rsquared": model.rsquared_inclusive, "rsquared_within": model.rsquared}
    elif hasattr(model, "absorbed_rsquared"):
        stats |= {"rsquared": model.rsquared, "rsquared_within": model.absorbed_rsquared}
    elif type(model.model).__name__ == "RandomEffects":
        stats |= {
            "rsquared": model.rsquared_overall,
            "rsquared_within": model.rsquared_within,
        }
    else:
        stats["rsquared"] = model.rsquared
    f = getattr(model, "f_statistic_robust", getattr(model, "f_statistic", None))
    if f is not None:
        stats["fvalue"] = float(f.stat)
    return {key: float(value) for key, value in stats.items()}


def _panel_keys(data: Any) -> dict[str, FloatArray]:
    """Entity and time numbers (n,) of a linearmodels panel, to recognise clusters by."""
    if not hasattr(data, "entity_ids"):
        return {}
    names = [str(n or d) for n, d in zip(data.index.names, ("entity", "time"), strict=True)]
    return {names[0]: np.ravel(data.entity_ids), names[1]: np.ravel(data.time_ids)}


# ---- pyfixest ------------------------------------------------------------------------------


def _pyfixest(model: Any) -> ModelColumn:
    names = {
        "nobs": "_N",
        "rsquared": "_r2",
        "rsquared_within": "_r2_within",
        "rsquared_adj": "_adj_r2",
        "rsquared_adj_within": "_adj_r2_within",
        "rsquared_pseudo": "_pseudo_r2",
        "rmse": "_rmse",
        "fvalue": "_f_statistic",
    }
    found = {key: getattr(model, name, None) for key, name in names.items()}
    stats = {key: float(value) for key, value in found.items() if value is not None}
    groups: dict[str, int] = {}
    if getattr(model, "_is_clustered", False):  # the frame holds their intersection as well
        groups = _clusters(model._cluster_df[list(model._clustervar)])
    kind = str(getattr(model, "_vcov_type_detail", ""))
    return ModelColumn(
        terms=tuple(map(str, model.coef().index)),
        estimates=model.coef().to_numpy(),
        std_errors=model.se().to_numpy(),
        p_values=model.pvalue().to_numpy(),
        depvar=str(model._depvar),
        fixed_effects=_parts(model._fixef),
        covariance=_covariance("cluster" if groups else kind, groups, getattr(model, "_lag", None)),
        clusters=groups,
        stats=stats,
        method={"feols": "OLS", "fepois": "Poisson"}.get(str(model._method), str(model._method))
        if not getattr(model, "_is_iv", False)
        else "IV",
        limits=model.confint().to_numpy(),
    )


# ---- any other -----------------------------------------------------------------------------


def _hooks(model: Any) -> ModelColumn:
    """A model that maketables can show: coefficients b, se and p by term."""
    table = model.__maketables_coef_table__
    keys = {"nobs": "N", "rsquared": "r2", "rsquared_adj": "adj_r2", "rsquared_within": "r2_within"}
    stat = getattr(model, "__maketables_stat__", lambda _: None)
    found = {key: stat(name) for key, name in keys.items()}
    effects = getattr(model, "__maketables_fixef_string__", None)
    info = getattr(model, "__maketables_vcov_info__", None) or {}
    return ModelColumn(
        terms=tuple(map(str, table.index)),
        estimates=table["b"].to_numpy(),
        std_errors=table["se"].to_numpy(),
        p_values=table["p"].to_numpy(),
        depvar=str(getattr(model, "__maketables_depvar__", "")),
        fixed_effects=_parts(effects),
        covariance=str(info.get("vcov_type", "")),
        stats={key: float(value) for key, value in found.items() if value is not None},
        method=type(model).__name__,
        limits=table[["ci95l", "ci95u"]].to_numpy() if "ci95l" in table else None,
    )


def _parts(joined: str | None) -> tuple[str, ...]:
    """The names in "a + b"; none in None."""
    return tuple(part.strip() for part in joined.split("+")) if joined else ()


def _clusters(given: Any, keys: Mapping[str, FloatArray] | None = None) -> dict[str, int]:
    """Number of clusters by variable, from the grouping variables (n,) or (n, m) themselves."""
    if isinstance(given, pd.Series):
        given = given.to_frame(given.name if given.name is not None else "cluster")
    if not isinstance(given, pd.DataFrame):
        array = np.asarray(given)
        given = pd.DataFrame(array if array.ndim == 2 else array[:, None])
        given.columns = [
            _recognised(given.iloc[:, j].to_numpy(), keys or {}, f"cluster {j + 1}")
            for j in range(given.shape[1])
        ]
    return {str(name): int(given[name].nunique()) for name in given.columns}


def _recognised(codes: FloatArray, keys: Mapping[str, FloatArray], otherwise: str) -> str:
    """Name of the key that groups rows as ``codes`` (n,) do."""
    for name, key in keys.items():
        if len(key) == len(codes):
            pairs = len(set(zip(codes.tolist(), key.tolist(), strict=True)))
            if pairs == len(np.unique(codes)) == len(np.unique(key)):
                return name
    return otherwise


def _covariance(kind: str, groups: Mapping[str, int], lags: float | None) -> str:
    """A package's name of a covariance in this package's words."""
    name = kind.lower()
    if groups:
        return "clustered by " + " and ".join(groups)
    if name in ("nonrobust", "unadjusted", "homoskedastic", "iid"):
        return "iid"
    if name in ("robust", "heteroskedastic", "hetero"):
        return (
            "heteroskedasticity-robust (HC1)" if name == "hetero" else "heteroskedasticity-robust"
        )
    if re.fullmatch(r"hc[0-3]", name):
        return f"heteroskedasticity-robust ({kind.upper()})"
    if name in ("driscoll-kraay", "hac-groupsum", "dk"):
        return _with_lags("Driscoll-Kraay", lags)
    if name in ("hac", "newey-west", "nw"):
        return _with_lags("Newey-West", lags)
    return kind


def _with_lags(name: str, lags: float | None) -> str:
    if lags is None:
        return name
    return f"{name} ({lags:.0f} {'lag' if lags == 1 else 'lags'})"
