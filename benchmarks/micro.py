"""Ten million firm rows to a region-year panel: seconds and peak memory, ours and pandas'.

Usage: python benchmarks/micro.py [--rows ROWS] [--folder FOLDER]

The rows are generated (31 regions, 20 years, a sum, a weighted mean, a share, a median and a
concentration index). Every program runs in a process of its own; its peak is that of the whole
process, interpreter and libraries included. Needs duckdb.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MEASURES = {
    "output": "sum(output)",
    "wage": "mean(wage, weights=people)",
    "exporters": "share(export > 0)",
    "typical": "median(output)",
    "concentration": "herfindahl(output)",
}
ROWS = """
SELECT 'R' || lpad(CAST(hash(i) % 31 AS VARCHAR), 2, '0') AS region,
       2000 + CAST(hash(i + 1) % 20 AS INTEGER) AS year,
       CAST(hash(i + 2) % 100000 AS DOUBLE) / 7 AS output,
       CAST(hash(i + 3) % 900 AS DOUBLE) / 11 AS wage,
       CAST(1 + hash(i + 4) % 500 AS DOUBLE) AS people,
       CASE WHEN hash(i + 5) % 4 = 0 THEN CAST(hash(i + 6) % 5000 AS DOUBLE) ELSE 0 END AS export
FROM range({rows}) t(i)
"""


def generate(rows: int, folder: Path) -> None:
    import duckdb

    with duckdb.connect(":memory:", config={"memory_limit": "500MB"}) as con:
        for file, form in (("firms.parquet", "parquet"), ("firms.csv", "csv, HEADER")):
            con.execute(f"COPY ({ROWS.format(rows=rows)}) TO '{folder / file}' (FORMAT {form})")


def ours(file: Path) -> float:
    import panel

    frame = panel.aggregate(file, by=("region", "year"), measures=MEASURES, memory="600MB")
    return float(frame.data["output"].sum())


def pandas(file: Path) -> float:
    import pandas as pd

    rows = pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file)
    rows["product"] = rows["wage"] * rows["people"]
    rows["exports"] = rows["export"] > 0
    rows["square"] = rows["output"] ** 2
    groups = rows.groupby(["region", "year"])
    table = groups[["output", "product", "people", "square"]].sum()
    table["wage"] = table["product"] / table["people"]
    table["exporters"] = groups["exports"].mean()
    table["typical"] = groups["output"].median()
    table["concentration"] = table["square"] / table["output"] ** 2
    return float(table["output"].sum())


PROGRAMS = {"regpanel": ours, "pandas": pandas}


def measured(program: str, file: Path) -> dict[str, float]:
    start = time.perf_counter()
    total = PROGRAMS[program](file)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3  # Linux counts in kB
    return {"seconds": seconds, "peak": peak, "total": total}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one[0], Path(given.one[1]))))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        generate(given.rows, Path(folder))
        print(f"{given.rows:,} rows")
        for file in ("firms.parquet", "firms.csv"):
            path = Path(folder) / file
            for program in PROGRAMS:
                command = [sys.executable, __file__, "--one", program, str(path)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                found = json.loads(done.stdout)
                print(
                    f"{file} ({path.stat().st_size / 1e6:.0f} MB), {program}: "
                    f"{found['seconds']:.1f} s, peak {found['peak']:.0f} MB, "
                    f"sum {found['total']:.6g}"
                )


if __name__ == "__main__":
    main()
