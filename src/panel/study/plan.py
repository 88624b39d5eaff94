"""From a study to the tasks of a run: what each depends on and what it makes."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable
from functools import partial
from typing import Any

from panel.study.data import data_files
from panel.study.digests import code_digest, digest, file_digest, function_digest, versions
from panel.study.engine import Fact, FrameNode, StudyTask, product
from panel.study.loading import StudyFile
from panel.study.report import write_report
from panel.study.study import Item, wanted
from panel.study.work import (
    FRAME,
    REPORT,
    assemble_frame,
    frame_path,
    item_path,
    make_item,
    recorded,
)


def tasks_of(file: StudyFile, provenance: dict[str, Any]) -> list[StudyTask]:
    """All tasks of a study: the frame, one for each item, the report.

    Parameters
    ----------
    provenance : facts about the run that the report states; it is made anew when they change.
    """
    frame = FrameNode(name="the assembled data", path=frame_path(file))
    code = Fact(name="the code of panel", digest=code_digest())
    packages = Fact(
        name="a package",
        digest=digest(platform.python_version(), *(f"{k} {v}" for k, v in versions().items())),
    )
    shared = [code, packages]
    files = [Fact(name=n, digest=file_digest(p)) for n, p in data_files(file).items()]
    inputs = [fact for fact in files if fact.name in file.study.inputs]
    return [
        StudyTask(
            name=FRAME,
            digest=_frame_digest(file),
            function=partial(recorded, FRAME, file.folder, assemble_frame),
            depends_on={"facts": [*files, *shared]},
            produces={"frame": frame},
        ),
        *(_item_task(item, file, [frame, *inputs, *shared]) for item in file.study.items),
        _report_task(file, frame, provenance),
    ]


def _item_task(item: Item, file: StudyFile, depends_on: list[Any]) -> StudyTask:
    paths = [*(file.out / path for path in item.files), item_path(file, item)]
    return StudyTask(
        name=item.name,
        digest=_item_digest(item, file),
        function=partial(recorded, item.name, file.folder, partial(make_item, item.name)),
        depends_on={"facts": depends_on},
        produces={"files": [product(path, file.folder) for path in paths]},
    )


def _report_task(file: StudyFile, frame: FrameNode, provenance: dict[str, Any]) -> StudyTask:
    study = file.study
    parts = [
        product(path, file.folder)
        for item in study.items
        for path in (*(file.out / f for f in item.files), item_path(file, item))
    ]
    told = [study.title, study.abstract, study.language, study.main, *study.authors]
    told += [f"{i.kind} {i.name} {i.title} {i.appendix}" for i in study.items]
    facts = Fact(
        name="the commit, the code or a package", digest=digest(repr(sorted(provenance.items())))
    )
    return StudyTask(
        name=REPORT,
        digest=digest(*told),
        function=partial(recorded, REPORT, file.folder, partial(write_report, provenance)),
        depends_on={"facts": [frame, *parts, facts]},
        produces={"page": product(file.out / "report.html", file.folder)},
    )


def _frame_digest(file: StudyFile) -> str:
    data = file.study.data
    if not callable(data):
        return digest("data", str(data))
    own = function_digest(file.source, file.path, data, _study_name(file))
    return digest(own, *_parameters(file, wanted(data, file.study.parameters)))


def _item_digest(item: Item, file: StudyFile) -> str:
    seed = str(file.study.seed) if {"seed", "rng"} & set(item.wants) else ""
    own = function_digest(file.source, file.path, item.function, _study_name(file))
    told = [item.kind, item.name, item.title, seed, *item.files, own]
    return digest(*told, *_parameters(file, item.wants))


def _parameters(file: StudyFile, names: Iterable[str]) -> list[str]:
    """The parameters among the names, with their values: 1, 1.0 and True are told apart."""
    values = file.study.parameters
    return [f"{name} {json.dumps(values[name])}" for name in names if name in values]


def _study_name(file: StudyFile) -> str:
    """What the study is called in its ``study.py``."""
    return next(name for name, value in vars(file.module).items() if value is file.study)
