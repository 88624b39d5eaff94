"""A replication package: what is in it, what is not, and that it reproduces its numbers."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from panel.errors import StudyError
from panel.study.digests import file_digest
from panel.study.environment import locked
from panel.study.extraction import extract
from panel.study.loading import read_study
from panel.study.package import package_study
from panel.study.run import run_study
from panel.study.verify import _restored, verify_package

Write = Callable[..., Path]

OWN = """
import pandas as pd

import panel
from panel.study import Study


def data(first):
    table = pd.read_csv("open.csv").merge(pd.read_csv("secret.csv"))
    table = table[table.year >= first]
    return panel.PanelFrame.from_pandas(table, unit="region", time="year")


study = Study(
    title="A | paper <b> of `ours`",
    data=data,
    inputs=("open.csv", "secret.csv"),
    restricted=("secret.csv",),
    parameters={"first": 2020},
    seed=5,
)


@study.table("table1", title="Means")
def means(frame):
    return panel.Table.from_pandas(frame.data.groupby(level=0).mean())


@study.figure("figure1", title="Trend", appendix=True)
def trend(frame):
    return panel.trendplot(frame, "x")


@study.text("draws", title="Draws")
def draws(rng):
    return f"Drawn: {rng.integers(1000)}."
"""


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {n.partition("/")[2]: archive.read(n) for n in archive.namelist()}


def rewritten(path: Path, changes: Mapping[str, bytes | None]) -> Path:
    """The package with other contents (None: without them)."""
    held = contents(path) | changes
    other = path.with_name("changed.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in held.items():
            if content is not None:
                archive.writestr(f"p/{name}", content)
    return other


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with an open and a restricted input, run once, in a folder with spaces."""
    folder = tmp_path_factory.mktemp("own") / "论文 one"
    folder.mkdir()
    (folder / "study.py").write_text(OWN, encoding="utf-8")
    (folder / "open.csv").write_text("region,year,x\na,2020,1\na,2021,2\nb,2020,3\nb,2021,5\n")
    (folder / "secret.csv").write_text("region,year,y\na,2020,1\na,2021,2\nb,2020,3\nb,2021,9\n")
    assert run_study(folder, workers=1).ok
    return folder


def test_restricted_data_stay_out_and_are_listed(own: Path, tmp_path: Path) -> None:
    made = package_study(own, tmp_path / "p.zip")
    held = contents(made.path)
    assert made.left_out == ("study/secret.csv",)
    assert "study/secret.csv" not in held
    assert (own / "secret.csv").read_bytes() not in held.values()
    assert held["study/open.csv"] == (own / "open.csv").read_bytes()
    # Nor the numbers behind pictures, nor the report, which holds them.
    assert not {"results/figures/figure1.csv", "results/report.html"} & set(held)
    assert {"results/figures/figure1.pdf", "results/tables/table1.csv"} <= set(held)
    sha256 = hashlib.sha256((own / "secret.csv").read_bytes()).hexdigest()
    assert f"| `study/secret.csv` | `{sha256}` |" in made.readme
    assert "| `study/secret.csv` | TO DO |  | No |" in made.readme


def test_the_readme_has_the_sections_of_the_template_filled_in(own: Path, tmp_path: Path) -> None:
    text = package_study(own, tmp_path / "p.zip").readme
    wanted = [
        *("Overview", "Data Availability and Provenance Statements", "Statement about Rights"),
        *("License for Data", "Summary of Availability", "Details on each Data Source"),
        *("Dataset list", "Computational requirements", "Software Requirements"),
        *("Controlled Randomness", "Memory and Runtime Requirements"),
        *("Description of programs/code", "License for Code", "Instructions to Replicators"),
        *("List of tables and programs", "References"),
    ]
    heads = [line.lstrip("#").strip() for line in text.splitlines() if line.startswith("#")]
    assert [head for head in heads if head in wanted] == wanted
    lines = OWN.splitlines()
    seed = 1 + next(i for i, line in enumerate(lines) if "seed=5" in line)
    assert f"random seed (5) is set at line {seed} of program `study/study.py`" in text
    assert "It is used by: draws." in text
    table = 1 + next(i for i, line in enumerate(lines) if line.startswith('@study.table("table1"'))
    row = f"| table1 | Means | `study/study.py`, `means` | {table} | `results/tables/table1.tex` |"
    assert row in text
    assert text.index("| draws |") < text.index("| figure1 | Trend |")  # the appendix comes last
    assert "- `first` = `2020`" in text
    assert "- [x] <10 minutes" in text
    assert "A \\| paper &lt;b&gt; of \\`ours\\`" in text
    assert "data/raw" not in text  # the study loads no shipped data


def test_the_same_study_makes_the_same_package(own: Path, tmp_path: Path) -> None:
    one, two = (package_study(own, tmp_path / f"{i}.zip").path for i in (1, 2))
    assert file_digest(one) == file_digest(two)


def test_no_state_and_no_stray_file_is_packed(own: Path, tmp_path: Path) -> None:
    (own / ".env").write_text("PASSWORD=1")
    (own / "notes.txt").write_text("x")
    held = contents(package_study(own, tmp_path / "p.zip").path)
    assert not [n for n in held if ".state" in n or ".env" in n or "_data/" in n]
    assert "study/notes.txt" not in held
    assert not [n for n in held if "__pycache__" in n]
    assert str(own).encode() not in b"".join(held.values())  # no path of the machine


def test_a_package_reproduces_its_numbers(folder: Path, tmp_path: Path) -> None:
    made = package_study(folder, tmp_path / "three.zip")
    assert made.left_out == ()
    steps: list[str] = []
    found = verify_package(made.path, fresh=False, told=steps.append)
    assert found.ok, str(found)
    assert found.comparison.files["numbers"].sum() > 20
    assert steps == ["unpacking", "running the study"]
    assert str(found).startswith("three.zip: reproduced in")


def test_numbers_that_were_altered_are_found(folder: Path, tmp_path: Path) -> None:
    made = package_study(folder, tmp_path / "three.zip").path
    name = "results/tables/table2.csv"
    changed = contents(made)[name].replace(b"3.5", b"3.6", 1)
    found = verify_package(rewritten(made, {name: changed}), fresh=False)
    assert not found.ok
    assert found.altered == (name,)
    assert list(found.comparison.df["file"]) == ["tables/table2.csv"]
    assert "NOT reproduced" in str(found)


def test_a_package_without_its_data_says_which(own: Path, tmp_path: Path) -> None:
    made = package_study(own, tmp_path / "p.zip")
    with pytest.raises(StudyError, match=r"without data .* study/secret\.csv"):
        verify_package(made.path, fresh=False)


def test_a_study_that_fails_is_shown(folder: Path, tmp_path: Path) -> None:
    made = package_study(folder, tmp_path / "three.zip").path
    broken = rewritten(made, {"study/study.py": b"raise ValueError('spoilt')\n"})
    with pytest.raises(StudyError, match="spoilt"):
        verify_package(broken, fresh=False)


@pytest.mark.parametrize("place", ["../../evil", "/etc/passwd"])
def test_a_package_cannot_name_files_outside_of_itself(
    place: str, folder: Path, tmp_path: Path
) -> None:
    made = package_study(folder, tmp_path / "three.zip").path
    told = json.loads(contents(made)["package.json"])
    for provided in (True, False):
        told["data"] = {place: {"sha256": "0", "provided": provided}}
        evil = rewritten(made, {"package.json": json.dumps(told).encode()})
        with pytest.raises(StudyError, match=r"outside of itself|may not be passed on"):
            verify_package(evil, fresh=False)


@pytest.mark.parametrize("missing", ["package.json", "study/study.py", "results/manifest.json"])
def test_another_zip_file_is_no_package(missing: str, folder: Path, tmp_path: Path) -> None:
    made = package_study(folder, tmp_path / "three.zip").path
    with pytest.raises(StudyError, match="no replication package"):
        verify_package(rewritten(made, {missing: None}), fresh=False)


def test_only_what_is_up_to_date_is_packed(folder: Path, write_study: Write) -> None:
    with pytest.raises(StudyError, match=r"not|Not everything .* table1, report"):
        package_study(write_study(("DIGITS = 2", "DIGITS = 3")))


def test_inputs_outside_the_folder_cannot_be_packed(write_study: Write) -> None:
    folder = write_study(("seed=7", 'seed=7, inputs=("../beside.csv",)'))
    (folder.parent / "beside.csv").write_text("1")
    run_study(folder, workers=1)
    with pytest.raises(StudyError, match="outside the study's folder"):
        package_study(folder)


def test_a_package_that_cannot_be_written_leaves_the_old_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "p.zip"
    before = package_study(folder, target).path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(StudyError, match="No space left"):
        package_study(folder, target)
    assert target.read_bytes() == before
    assert [p.name for p in tmp_path.glob("p.zip*")] == ["p.zip"]


def test_shipped_data_are_described_from_their_register(write_study: Write, tmp_path: Path) -> None:
    text = (write_study() / "study.py").read_text()
    start, end = text.index("def data():"), text.index("study = Study")
    loaded = text[:start] + "import panel\n\n\n" + text[end:].replace("data=data", 'data="china"')
    for old in ("frame.data[SHOWN]", "frame.data.groupby(level=0).mean()"):
        loaded = loaded.replace(old, 'frame.data[["population"]]')
    folder = write_study(text=loaded)
    assert run_study(folder, workers=1).ok
    made = package_study(folder, tmp_path / "p.zip")
    # CEADs gives no leave to pass its figures on.
    assert made.left_out == ("data/raw/china/ceads_co2.csv",)
    assert "data/raw/china/ceads_co2.csv" not in contents(made.path)
    assert "国家统计局" in made.readme
    assert "ask CEADs before passing the figures on" in made.readme
    assert "own compilation, names" not in made.readme.partition("## References")[2]
    # A machine that has the file puts it in its place, if it is the same.
    extract(made.path, tmp_path / "unpacked")
    (root,) = (tmp_path / "unpacked").iterdir()
    described = json.loads((root / "package.json").read_text(encoding="utf-8"))
    assert _restored(root, described) == made.left_out
    assert (root / made.left_out[0]).is_file()
    described["data"][made.left_out[0]]["sha256"] = "0" * 64
    with pytest.raises(StudyError, match=r"ceads_co2\.csv"):
        _restored(root, described)


def test_the_lock_has_exact_versions_of_all_that_is_needed() -> None:
    lines = locked("import statsmodels.api as sm\nimport panel\nimport json\n")
    named = dict(line.split("==") for line in lines)
    assert {"numpy", "pandas", "pytask", "typer", "statsmodels", "patsy", "loky"} <= set(named)
    assert "regpanel" not in named
    assert lines == tuple(sorted(lines, key=lambda line: line.partition("==")[0]))


def test_a_damaged_state_is_no_obstacle_to_reading(own: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(own, tmp_path / "copy"))
    (copy / "out" / "manifest.json").write_text("{")
    assert read_study(copy).study.seed == 5
    with pytest.raises(StudyError, match="manifest"):
        package_study(copy, tmp_path / "p.zip")
