"""Stock and Yogo's critical values of the Cragg-Donald F statistic."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd


def stock_yogo(endogenous: int, instruments: int) -> pd.DataFrame:
    """Stock and Yogo's critical values of the Cragg-Donald F at the 5% level, errors iid.

    Weak are instruments for which 2SLS (Fuller's estimator) is biased by more than the share of
    the bias of least squares, or a nominal 5% Wald test of 2SLS (LIML) rejects a true hypothesis
    in more than that share of samples.

    Parameters
    ----------
    endogenous, instruments : how many there are; the tables go to 3 (bias of 2SLS) or 2, and 30.
    """
    table = _tables()
    columns = {
        "2SLS relative bias": "tsls_bias", "2SLS size": "tsls_size",
        "LIML size": "liml_size", "Fuller relative bias": "fuller_bias",
    }  # fmt: skip
    shares = (5, 10, 15, 20, 25, 30)

    def value(kind: str, share: int) -> float:
        name = f"{kind} {share} {endogenous}"
        known = name in table.columns and instruments in table.index
        return float(table[name].loc[instruments]) if known else np.nan

    return pd.DataFrame(
        {name: [value(kind, share) for share in shares] for name, kind in columns.items()},
        index=pd.Index([f"{share}%" for share in shares], name="share"),
    )


@cache
def _tables() -> pd.DataFrame:
    """Columns "kind share endogenous", rows by number of instruments."""
    with files("panel.diagnostics").joinpath("stock_yogo.csv").open() as file:
        return pd.read_csv(file, index_col="instruments")
