"""Currencies by date: a variable in another currency, at annual rates or purchasing power."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from panel.core.column import Column, Origin
from panel.core.frame import FloatArray, PanelFrame
from panel.core.steps import figures
from panel.core.unit_words import unit_words
from panel.core.units import currencies, magnitude, quantity
from panel.core.verb import as_frame
from panel.errors import CalendarError, DataError, UnitError, suggest
from panel.sources.catalogue import data_root, read_catalogue
from panel.sources.conversion import filled_of, free, with_column
from panel.sources.reader import read_cells

_FILE = "world/exchange_rates.csv"
_IN_WORDS = {"en": "{label}, {to}", "zh": "{label}（{to}）", "ru": "{label}, {to}"}


@dataclass(frozen=True, eq=False)
class Rates:
    """Rates of currencies by time.

    Parameters
    ----------
    df : units of each currency (columns, ISO codes) that a unit of one of them, or of any common
        base, costs in each year (rows). Cross rates are quotients.
    label : what they are, for the record.
    origins : where they were published.
    """

    df: pd.DataFrame
    label: str = "rates of the user's own"
    origins: tuple[Origin, ...] = ()

    def between(self, source: str, target: str, times: pd.Index) -> FloatArray:
        """Units of ``source`` that one of ``target`` costs at each of ``times`` (n,).

        Raises
        ------
        DataError : no such currency.
        """
        for code in (source, target):
            if code not in self.df.columns:
                raise DataError(
                    f"{self.label} have no {code}.",
                    variable="rates",
                    value=code,
                    remedy=f"{suggest(code, map(str, self.df.columns))} Give a table of your own "
                    "with a column for each of the two currencies.",
                )
        known = self.df[[source, target]].astype(float).reindex(times)
        return np.asarray(known[source] / known[target])

    def __repr__(self) -> str:
        return f"{self.label}\n{self.df.to_string(max_rows=12)}"

    def _repr_html_(self) -> str:
        return f"<div><p>{self.label}</p>{self.df.to_html(border=0, max_rows=12)}</div>"


def exchange_rates() -> Rates:
    """Official exchange rates, averages of the year, per US dollar: CNY, RUB, EUR, GBP.

    Source: World Bank, World Development Indicators, PA.NUS.FCRF (``data/sources.toml``).

    Raises
    ------
    SourceError, ChecksumError : the shipped file is not there, or changed.
    """
    return _shipped("PA.NUS.FCRF", "USD", "official exchange rates, averages of the year")


def ppp_rates() -> Rates:
    """Purchasing power parities of the whole product per international dollar (INT): CNY, RUB.

    Source: World Bank, World Development Indicators, PA.NUS.PPP (``data/sources.toml``).

    Raises
    ------
    SourceError, ChecksumError : the shipped file is not there, or changed.
    """
    return _shipped("PA.NUS.PPP", "INT", "purchasing power parities of gross domestic product")


def convert_currency(
    frame: PanelFrame,
    name: str,
    to: str,
    *,
    rates: Rates | pd.DataFrame | None = None,
    into: str = "",
) -> PanelFrame:
    """The frame with a variable in another currency, each year at that year's rate.

    Parameters
    ----------
    to : the unit wanted, with its currency: "USD", "billion USD", "USD/人", "billion INT".
    rates : :func:`exchange_rates` if left out, :func:`ppp_rates`, or a table of one's own: years
        by currency codes, see :class:`Rates`.
    into : name of the new variable; ``name`` and the code of the currency if left out.

    Returns
    -------
    New frame; the variable leads back to the old one and to the rates. Convert what is at current
    prices: a volume at the rates of each year would mix prices of all years.

    Raises
    ------
    UnitError : the variable has no currency, or ``to`` measures something else.
    CalendarError : figures in years without a rate.
    DataError : rates without the currency, or that are not positive; a name that is taken.
    NotNumericError, UnknownVariableError : no variable of numbers.
    """
    known = as_frame(frame)
    known.select([name])
    column, values = known.columns[name], figures(known, name)
    (source, power), (target, _) = _currency(name, column.unit), _currency("to", to)
    into = into or f"{name}_{target.lower()}"
    free(known, into)
    table = exchange_rates() if rates is None else rates
    table = Rates(table) if isinstance(table, pd.DataFrame) else table
    price = table.between(source, target, known.table.index.get_level_values(1))
    _check(known, name, values, price, table)
    measured = quantity(values / price**power, column.unit)
    measured = measured / quantity(1.0, f"{source}/{target}") ** power
    converted = np.asarray(magnitude(measured, to, what=name), dtype=np.float64)
    said = {k: _IN_WORDS[k].format(label=v, to=unit_words(to, k)) for k, v in column.labels.items()}
    new = Column(
        unit=to,
        labels=said,
        origins=table.origins,
        expression=f"convert_currency({name}, {to}; {table.label})",
        inputs=(name,),
        filled=filled_of(known, (name,), converted),
    )
    return with_column(known, into, converted, new)


def _currency(name: str, unit: str) -> tuple[str, float]:
    """The one currency of a unit, and its power."""
    found = currencies(unit)
    if len(found) != 1:
        what = "several currencies" if found else "no currency"
        raise UnitError(
            f"{name!r} is in {unit!r}, which has {what}.",
            variable=name,
            value=unit,
            remedy='give the variable its unit by frame.describe(name, unit="亿元"), and write the '
            'unit wanted as "USD", "billion USD" or "USD/人".',
        )
    return next(iter(found.items()))


def _check(
    frame: PanelFrame, name: str, values: FloatArray, price: FloatArray, rates: Rates
) -> None:
    """Stop at a figure without a rate, or at a rate that is none."""
    lost = ~np.isnan(values) & ~np.isfinite(price)
    if lost.any():
        years = sorted(set(frame.table.index.get_level_values(1)[lost]))
        shown = ", ".join(map(str, years[:6])) + (", ..." if len(years) > 6 else "")
        raise CalendarError(
            f"{name!r} has figures in {shown}, for which there is no rate ({rates.label}).",
            variable=name,
            value=years,
            remedy="leave those years out by frame.rows(...), or give rates= that have them.",
        )
    if (price <= 0).any():
        raise DataError(
            f"A rate of {price[price <= 0][0]:g} is no price of a currency.",
            variable="rates",
            value=float(price[price <= 0][0]),
            remedy="rates are units of each currency per unit of a common one, all positive.",
        )


@lru_cache(maxsize=2)
def _shipped(column: str, base: str, label: str) -> Rates:
    """One column of the shipped file, by year and currency."""
    catalogue = read_catalogue(data_root())
    file = catalogue.file(_FILE)
    cells = read_cells(catalogue.content(_FILE), _FILE)
    cells = cells[cells[column] != ""]
    keys = [cells["year"].astype(int), cells["currency"]]
    table = cells[column].astype(float).groupby(keys).first().unstack()  # noqa: PD010
    raw = file.column(column)
    origin = Origin(
        _FILE, column, raw.unit, raw.publisher, raw.publication, raw.vintage, file.terms,
        raw.note, read_in=raw.read_in, title=file.title, read=raw.read,
    )  # fmt: skip
    return Rates(table.assign(**{base: 1.0}), label, (origin,))
