"""What a result depends on, each as one short text that changes when it does."""

from __future__ import annotations

import ast
import hashlib
import symtable
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import panel

# Packages that compute or write what a study makes.
PACKAGES = (
    *("numpy", "scipy", "pandas", "pint", "statsmodels", "linearmodels", "matplotlib", "seaborn"),
    *("python-docx", "openpyxl", "jinja2", "markdown-it-py"),
)


def digest(*parts: str) -> str:
    """sha256 of texts, told apart by a character that none of them holds."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """sha256 of a file's content; "missing" if it is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"


@cache
def code_digest() -> str:
    """Digest of the code of this package: all but the shipped data and the command line."""
    root = Path(panel.__file__).parent
    names = sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())
    counted = [n for n in names if "__pycache__" not in n and not n.startswith(("_data/", "cli."))]
    return digest(*(f"{name} {file_digest(root / name)}" for name in counted))


def versions() -> dict[str, str]:
    """Version of each package that computes or writes, where it is installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def function_digest(source: str, file: Path, function: Callable[..., Any], study: str) -> str:
    """Digest of a function of ``study.py`` and of all it refers to there.

    Parameters
    ----------
    source, file : text and path of ``study.py``.
    function : one of its functions.
    study : name of the study in it. Decorators that begin with it declare the function and are
        left out, so that a changed title does not remake a table.

    Notes
    -----
    What counts is the statement that defines the function and, transitively, every top-level
    statement that binds or changes a name it mentions: constants, helpers, imports. Comments and
    layout do not count. Names a function takes from elsewhere than ``study.py`` are not followed:
    this package and the packages in use are dependencies of their own.
    """
    top = ast.parse(source).body
    line = _first_line(function, file)
    start = [i for i, s in enumerate(top) if _decorated_from(s) <= line <= (s.end_lineno or 0)]
    by_name: dict[str, list[int]] = {}
    for index, statement in enumerate(top):
        for name in set(_concerned(statement)):
            by_name.setdefault(name, []).append(index)
    taken: set[int] = set()
    waiting = start
    while waiting:
        index = waiting.pop()
        if index in taken:
            continue
        taken.add(index)
        for name in _global_names(_without_declaration(top[index], study)):
            waiting += by_name.get(name, [])
    kept = [_without_declaration(top[i], study) for i in sorted(taken)]
    return digest(*kept, *_bound(function))


def _first_line(function: Callable[..., Any], file: Path) -> int:
    """Line of ``file`` on which the function begins; 0 if it is defined elsewhere."""
    code = getattr(function, "__code__", None)
    return code.co_firstlineno if code and Path(code.co_filename) == file else 0


def _bound(function: Callable[..., Any]) -> Iterator[str]:
    """What tells apart functions made by the same lines: plain values of defaults and closures."""
    yield getattr(function, "__qualname__", type(function).__name__)
    cells = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    for value in (*(getattr(function, "__defaults__", None) or ()), *cells):
        if isinstance(value, (str, int, float, tuple, type(None))):
            yield repr(value)


def _decorated_from(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return min((d.lineno for d in decorators), default=statement.lineno)


def _without_declaration(statement: ast.stmt, study: str) -> str:
    """The statement without the decorators by which it or its parts are declared to the study."""
    tree = ast.parse(ast.unparse(statement)).body[0]
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.decorator_list = [d for d in node.decorator_list if _root(d) != study]
    return ast.unparse(tree)


def _root(node: ast.expr) -> str:
    """The name an expression begins with: "study" of study.table("x")(f)."""
    while isinstance(node, (ast.Call, ast.Attribute, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _concerned(statement: ast.stmt) -> Iterator[str]:
    """Names that a top-level statement binds, or may change (``CONTROLS.append("x")``)."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield (alias.asname or alias.name).split(".")[0]
    elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        yield from _mentioned(targets)
    elif not _is_docstring(statement):
        yield from _mentioned(statement)
        for inner in ast.walk(statement):
            if inner is not statement and isinstance(inner, ast.stmt):
                yield from _concerned(inner)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _global_names(statement: str) -> set[str]:
    """Names a statement takes from the module: not the local ones of its functions."""
    found = set()
    tables = [symtable.symtable(statement, "study.py", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        top = table.get_type() == "module"
        found |= {s.get_name() for s in table.get_symbols() if top or s.is_global()}
    return found


def _mentioned(nodes: ast.AST | Iterable[ast.AST]) -> set[str]:
    several = [nodes] if isinstance(nodes, ast.AST) else nodes
    return {n.id for node in several for n in ast.walk(node) if isinstance(n, ast.Name)}
