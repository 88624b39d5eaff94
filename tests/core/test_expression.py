"""The grammar of expressions: what is written is read back, and nothing is ever executed."""

from __future__ import annotations

import builtins
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panel.core.evaluation import evaluate
from panel.core.expression import (
    Binary,
    Call,
    Name,
    Number,
    Text,
    Unary,
    names_in,
    parse_expression,
)
from panel.errors import FormulaError, UnknownVariableError

# ---- reading what was written -----------------------------------------------------------

NAMES = st.sampled_from(
    ["x", "gdp", "log", "人口", "доля", "a.b", "_z", "增加值(亿元)", "two words"]
)
leaves = (
    st.builds(Name, NAMES)
    | st.builds(Number, st.sampled_from(["0", "1", "2.5", ".5", "1e-3", "12"]))
    | st.builds(Text, st.sampled_from(["East", "it's", "", "东部"]))
)
OPS = ["+", "-", "*", "/", "%", "^", ":", "<", "<=", ">", ">=", "==", "!=", "&", "|"]
nodes = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Binary, st.sampled_from(OPS), inner, inner)
        | st.builds(Unary, st.sampled_from(["-", "!"]), inner)
        | st.builds(
            Call,
            st.sampled_from(["log", "L", "g", "i", "c", "list"]),
            st.lists(inner, min_size=1, max_size=3).map(tuple),
            st.lists(
                st.tuples(st.sampled_from(["ref", "k", "10", "two words", "东部"]), inner),
                max_size=1,
            ).map(tuple),
        )
    ),
    max_leaves=12,
)


@given(nodes)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_every_tree_is_read_back_as_it_was_written(node):
    assert parse_expression(str(node)) == node


@given(st.text(max_size=40))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_text_is_an_expression_or_an_error_of_ours(text):
    try:
        node = parse_expression(text)
    except FormulaError:
        return
    assert parse_expression(str(node)) == node


numeric = st.recursive(
    st.builds(Name, st.sampled_from(["x", "z"]))
    | st.builds(Number, st.sampled_from(["2", "3", "0.5"])),
    lambda inner: (
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "^"]), inner, inner)
        | st.builds(Unary, st.just("-"), inner)
    ),
    max_leaves=8,
)
VALUES = {"x": np.array([1.0, 2.0, 0.5]), "z": np.array([3.0, -1.0, 0.25])}


def by_python(node):
    """Python's own value of a fully bracketed spelling, with R's sign: -x^2 is -(x^2)."""
    if isinstance(node, Name):
        return VALUES[node.name]
    if isinstance(node, Number):
        return np.float64(node.text)
    if isinstance(node, Unary):
        return -by_python(node.operand)
    left, right = by_python(node.left), by_python(node.right)
    with np.errstate(all="ignore"):
        return {
            "+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right,
            "/": lambda: left / right, "^": lambda: left**right,
        }[node.op]()  # fmt: skip


@given(numeric)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_what_is_read_back_has_the_same_value(node):
    actual = evaluate(parse_expression(str(node)), VALUES.__getitem__)
    np.testing.assert_array_equal(actual, by_python(node))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-1^2", -1), ("2^3^2", 512), ("2**3", 8), ("10 - 3 - 2", 5), ("8 / 4 / 2", 1),
        ("2 + 3 * 4", 14), ("(2 + 3) * 4", 20), ("7 % 4", 3), ("-2 * 3", -6), ("2 * -3", -6),
        ("1 < 2 & 2 < 3", True), ("1 > 2 | 3 > 2", True), ("!(1 > 2)", True), ("!1 > 2", True),
        ("1 == 1 & 2 != 3", True), ("+3", 3), ("log(1)", 0), ("abs(-2)", 2), ("I(5)", 5),
        ("sqrt(16) + exp(0)", 5), ("asinh(0)", 0), ("asinh(-3/4)", -np.log(2)),
        ("1e3", 1000), (".5 * 4", 2), ("'a' == \"a\"", True),
    ],
)  # fmt: skip
def test_operators_bind_as_in_r(text, expected):
    assert evaluate(parse_expression(text), {}.__getitem__) == expected


def test_names():
    assert names_in(parse_expression("log(`增加值(亿元)` / pop) + i(zone, ref='East')")) == {
        "增加值(亿元)", "pop", "zone",
    }  # fmt: skip


# ---- what cannot be read ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x +", "ends"), ("", "ends"), ("x x", "cannot stand here"), ("(x", "Expected ')'"),
        ("x @ y", "no meaning"), ("log(x", "Expected ','"), ("2x", "cannot stand here"),
        ("x,y", "cannot stand here"), ("`x", "no meaning"), ("'x", "no meaning"),
    ],
)  # fmt: skip
def test_the_place_of_a_mistake_is_shown(text, message):
    with pytest.raises(FormulaError, match=re.escape(message)) as caught:
        parse_expression(text)
    lines = str(caught.value).splitlines()
    assert lines[1].strip() == text
    assert lines[2].strip() == "^"


@pytest.mark.parametrize(
    "text", ["(" * 5000 + "x" + ")" * 5000, "-" * 5000 + "x", "x^" * 5000 + "x"]
)
def test_hundreds_of_levels_are_an_error_of_ours(text):
    with pytest.raises(FormulaError, match="too deeply"):
        parse_expression(text)


def test_an_unknown_function_is_named_with_suggestions():
    with pytest.raises(FormulaError, match="'lg' may not be called") as caught:
        evaluate(parse_expression("lg(x)"), VALUES.__getitem__)
    assert "did you mean 'log'" in caught.value.remedy


@pytest.mark.parametrize("text", ["log(x, z)", "log(x, base=2)", "abs()", "log()"])
def test_wrong_arguments_are_errors_of_ours(text):
    with pytest.raises(FormulaError, match="wrong arguments"):
        evaluate(parse_expression(text), VALUES.__getitem__)


@pytest.mark.parametrize("text", ['"a" * 3', '"%999d" % x', 'x + "a"', '-1 ^ "b"'])
def test_text_is_no_number(text):
    with pytest.raises(FormulaError, match="calculates with text"):
        evaluate(parse_expression(text), VALUES.__getitem__)


@pytest.mark.parametrize("text", ["1 / 0", "10 ^ 400", "0 / 0", "(-1) ^ 0.5", "5 % 0", "log(0)"])
def test_impossible_arithmetic_gives_no_finite_number_and_no_error(text):
    assert not np.isfinite(evaluate(parse_expression(text), VALUES.__getitem__))


def test_an_interaction_is_no_number():
    with pytest.raises(FormulaError, match="interaction"):
        evaluate(parse_expression("x:z"), VALUES.__getitem__)


# ---- nothing is executed ----------------------------------------------------------------

CODE = [
    "__import__('os').system('touch marker')", "__import__('os')", "exec('1')", "eval('1')",
    "open('marker', 'w')", "compile('1', '', 'eval')", "lambda: open('marker', 'w')",
    "(lambda x: x)(1)", "[open('marker') for a in x]", "{open('marker')}", "f'{open(\"marker\")}'",
    "x.__class__", "x.__class__.__mro__", "().__class__", "getattr(x, 'real')", "print(x)",
    "x if z else open('marker')", "x; import os", "x := open('marker')", "globals()", "x[0]",
    "`x`.values", "os.system('touch marker')", "breakpoint()", "import os", "x\nimport os",
    "__builtins__", "input()", "x or open('marker')", "not x", "yield x", "await x", "*x", "**x",
    "@x", "\\x41", "#x", "log.__globals__", "log(x).__class__", "vars()", "type('a', (), {})",
]  # fmt: skip


def never(*_args, **_kwargs):
    raise AssertionError("code in an expression was executed")


def lookup(name):
    if name not in VALUES:
        raise UnknownVariableError(name, variable=name)
    return VALUES[name]


@pytest.mark.parametrize("text", CODE)
def test_code_is_refused_and_never_run(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    caught: Exception | None = None
    with monkeypatch.context() as patched:
        for name in ("exec", "eval", "compile", "open", "print", "input", "breakpoint"):
            patched.setattr(builtins, name, never)
        try:
            evaluate(parse_expression(text), lookup)
        except Exception as error:  # whatever it is, it is judged below
            caught = error
    assert isinstance(caught, (FormulaError, UnknownVariableError)), caught
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "sign"), [("x － z", "-"), ("x – z", "-"), ("x ＋ z", "+"), ("log（x）", "(")]
)  # fmt: skip
def test_signs_of_other_keyboards_are_recognised(text, sign):
    with pytest.raises(FormulaError, match="has no meaning") as caught:
        parse_expression(text)
    assert caught.value.remedy == f"write the plain {sign!r}."
