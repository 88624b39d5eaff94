"""Published results reproduced, number by number.

``regpanel run analyses/gallery`` recomputes every case of the folder ``cases`` and sets it beside
what was published. How cases are declared and added stands in docs/gallery.md.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import panel
from panel.study import Study
from panel.study.gallery import Dataset, read_cases
from panel.study.gallerypage import case_text, gallery_table

FOLDER = Path(__file__).parent
CASES = read_cases(FOLDER / "cases")
READ = [*FOLDER.glob("cases/_*.py"), *FOLDER.glob("peers/*.json")]
# A digest of what is declared stands among the defaults of each function, so that a run sees which
# cases have changed.
DECLARED = tuple(case.digest for case in CASES)


def data_sets(_declared=DECLARED):
    """Every data set that a case uses, with the package it comes from and what it holds."""
    rows = {}
    for read in dict.fromkeys(case.data for case in CASES):
        frame = read()
        source = read.source if isinstance(read, Dataset) else "written down in the case"
        rows[frame.name, source] = {
            "units": len(frame.units),
            "times": len(frame.times),
            "rows": len(frame),
            "fingerprint": frame.fingerprint[:12],
        }
    table = pd.DataFrame(rows).T.rename_axis(["data", "source"]).reset_index()
    return table.astype({"units": int, "times": int, "rows": int})


study = Study(
    title="Gallery: published results reproduced",
    data=data_sets,
    main="cases",
    abstract="Each case recomputes a published table, or the numbers of another program, from the "
    "same data. A number agrees if ours rounds to it at its last printed digit; what differs stays "
    "in, with the reason if it was found.",
    inputs=(
        *(path.relative_to(FOLDER).as_posix() for path in sorted(READ)),
        "../../tests/reference/nist/certified.json",
    ),
)


@study.table("cases", title="All cases")
def cases(_declared=DECLARED):
    return gallery_table([case.run() for case in CASES])


def declare(case):
    @study.text(case.name, title=case.title)
    def comparison(name=case.name, _declared=case.digest):
        return case_text(next(c for c in CASES if c.name == name).run())


for each in CASES:
    declare(each)


@study.table("data", title="Data sets")
def data(frame):
    return panel.Table.from_pandas(frame, index=False, digits=0)
