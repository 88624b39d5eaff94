"""Arithmetic in text: parsed by our own grammar, never executed.

An expression consists of names, numbers, quoted text, operators and calls; nothing else can be
written, so a formula or a codebook cannot run code. Operators bind as in R::

    ^  **          power
    -x             sign
    :              range or interaction
    * / %          product
    + -            sum
    < <= > >= == !=
    !  &  |        logic (``|`` only where it is not the separator of a formula's parts)

After a fixed effect, ``[x]`` and ``[[x]]`` give its groups slopes of their own. Some functions have
several names, of which one is kept: fixest's ``l f d`` and ``lag lead`` are ``L F D``, its ``.()``
is ``list()``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import east_asian_width, normalize

from panel.errors import FormulaError

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<name>[^\W\d](?:[\w]|\.(?=\w))*|\.(?=\())
      | `(?P<quoted>[^`]+)`
      | "(?P<double>[^"]*)" | '(?P<single>[^']*)'
      | (?P<op>\*\*|%in%|<=|>=|==|!=|[-+*/%^:<>!&|(),=\[\]~;])""",
    re.VERBOSE,
)
# Signs that word processors put for a minus.
_DASHES = {ord(dash): "-" for dash in "\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"}
# Left and right binding power of every infix operator.
_POWER = {
    "|": (2, 3), "&": (4, 5),
    "==": (8, 9), "!=": (8, 9), "<": (8, 9), "<=": (8, 9), ">": (8, 9), ">=": (8, 9),
    "+": (10, 11), "-": (10, 11),
    "*": (12, 13), "/": (12, 13), "%": (12, 13),
    ":": (14, 15),
    "^": (19, 18),
}  # fmt: skip
_NOT, _SIGN, _SLOPES = 6, 16, 17
OTHER_NAMES = {"l": "L", "f": "F", "d": "D", "lag": "L", "lead": "F", ".": "list"}
_INSTEAD = {
    "and": "write &: year > 2012 & coast == 1.",
    "or": "write |: year < 2008 | year > 2012.",
    "in": 'write zone == "East" | zone == "West".',
    "=": "write == to compare.",
}
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_PLAIN_NAME = re.compile(r"[^\W\d](?:[\w]|\.(?=\w))*")


@dataclass(frozen=True)
class Token:
    """One word of the text; ``at`` is its place, ``kind`` name, number, text, op or end."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True)
class Number:
    """A number as written."""

    text: str
    at: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Text:
    """Quoted text, for categories: ``zone == "East"``."""

    value: str

    def __str__(self) -> str:
        return f"'{self.value}'" if '"' in self.value else f'"{self.value}"'


@dataclass(frozen=True)
class Name:
    """A variable."""

    name: str
    at: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        return self.name if _PLAIN_NAME.fullmatch(self.name) else f"`{self.name}`"


@dataclass(frozen=True)
class Call:
    """A function of arguments; ``options`` are written ``name=value``, odd names in quotes."""

    function: str
    arguments: tuple[Node, ...]
    options: tuple[tuple[str, Node], ...] = ()
    at: int = 0

    def __str__(self) -> str:
        named = [f"{k if _PLAIN_NAME.fullmatch(k) else Text(k)}={v}" for k, v in self.options]
        parts = [*map(str, self.arguments), *named]
        return f"{self.function}({', '.join(parts)})"

    def __eq__(self, other: object) -> bool:  # the place in the text does not matter
        return isinstance(other, Call) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


@dataclass(frozen=True)
class Unary:
    """``-x`` or ``!x``."""

    op: str
    operand: Node

    def __str__(self) -> str:
        bound = _SIGN if self.op == "-" else _NOT
        return f"{self.op}{wrapped(self.operand, bound)}"


@dataclass(frozen=True)
class Binary:
    """Two operands and what stands between them."""

    op: str
    left: Node
    right: Node

    def __str__(self) -> str:
        left, right = _POWER[self.op]
        tight = self.op in (":", "^")
        space = "" if tight else " "
        return f"{wrapped(self.left, left)}{space}{self.op}{space}{wrapped(self.right, right)}"


@dataclass(frozen=True)
class Slopes:
    """Groups with slopes of their own on some variables: ``province[x]``, and ``province[[x]]``
    where the groups have no constant."""

    group: Node
    variables: tuple[Node, ...]
    alone: bool = True

    def __str__(self) -> str:
        left, right = ("[[", "]]") if self.alone else ("[", "]")
        return f"{wrapped(self.group, _SLOPES)}{left}{', '.join(map(str, self.variables))}{right}"


Node = Number | Text | Name | Call | Unary | Binary | Slopes


def wrapped(node: Node, power: int) -> str:
    """The node as text, in parentheses if it binds more weakly than ``power``."""
    if isinstance(node, Binary):
        weak = min(_POWER[node.op]) < power
    elif isinstance(node, Unary):
        weak = (_SIGN if node.op == "-" else _NOT) < power
    else:
        weak = False
    return f"({node})" if weak else str(node)


def error_at(text: str, at: int, message: str, remedy: str) -> FormulaError:
    """A FormulaError that shows the text with a caret under the place."""
    return FormulaError(message + pointed(text, at), variable=text, value=text[at:], remedy=remedy)


def pointed(text: str, at: int) -> str:
    """Two further lines of a message: the text, and a caret under a place of it."""
    before = "".join("\u3000" if east_asian_width(c) in "WF" else " " for c in text[:at])
    return f"\n    {text}\n    {before}^"


def misplaced(parser: Parser, remedy: str) -> FormulaError:
    """The error for a word where none should follow; Python's and R's words have their own sign."""
    word = parser.word
    remedy = _INSTEAD.get(word.text.strip("%"), remedy)
    return error_at(parser.text, word.at, f"{word.text!r} cannot stand here.", remedy)


def place(node: Node) -> int:
    """Where in the text the node begins."""
    if isinstance(node, (Name, Number, Call)):
        return node.at
    return place(parts(node)[0]) if parts(node) else 0


def tokens(text: str) -> tuple[Token, ...]:
    """Words of the text, with an end token.

    Raises
    ------
    FormulaError : a character that the grammar does not have.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            plain = normalize("NFKC", text[at]).translate(_DASHES)
            remedy = (
                f"write the plain {plain!r}."
                if plain != text[at] and _TOKEN.match(plain)
                else "use names, numbers, quoted text, operators and functions; "
                "write an unusual column name in backticks."
            )
            message = f"Character {text[at]!r} has no meaning in a formula."
            raise error_at(text, at, message, remedy)
        kind, value = str(match.lastgroup), match.group(str(match.lastgroup))
        if kind in ("double", "single"):
            found.append(Token("text", value, at))
        elif kind == "quoted":
            found.append(Token("quoted", value, at))
        elif kind != "space":
            found.append(Token(kind, "^" if value == "**" else value, at))
        at = match.end()
    return (*found, Token("end", "", len(text)))


class Parser:
    """Precedence climbing over the tokens of one text (V. Pratt, 1973)."""

    def __init__(self, text: str, *, logic: bool) -> None:
        self.text = text
        self.words = tokens(text)
        self.position = 0
        self.depth = 0
        self.logic = logic

    @property
    def word(self) -> Token:
        """The word that comes next."""
        return self.words[self.position]

    def take(self, text: str | None = None) -> Token:
        """Read one word; if ``text`` is given, it must be that one."""
        word = self.word
        if text is not None and (word.kind != "op" or word.text != text):
            shown = "the end" if word.kind == "end" else repr(word.text)
            raise error_at(
                self.text, word.at, f"Expected {text!r}, found {shown}.", "mend the formula here."
            )
        self.position += 1
        return word

    def at_op(self, *texts: str) -> bool:
        """Whether the next word is one of those operators."""
        return self.word.kind == "op" and self.word.text in texts

    def expression(self, power: int = 0) -> Node:
        """Read an expression of at least that binding power."""
        left = self._prefix()
        while self.word.kind == "op" and (self.word.text in _POWER or self.at_op("[")):
            op = self.word.text
            if op == "[":
                if power > _SLOPES:
                    break
                left = self._slopes(left)
                continue
            if op == "|" and not (self.logic or self.depth):
                break  # in a formula a bare | separates the parts
            if _POWER[op][0] < power:
                break
            self.take()
            left = Binary(op, left, self.expression(_POWER[op][1]))
        return left

    def _prefix(self) -> Node:
        word = self.take()
        if word.kind == "number":
            return Number(word.text, word.at)
        if word.kind == "text":
            return Text(word.text)
        if word.kind == "quoted":
            return Name(word.text, word.at)
        if word.kind == "name":
            return self._call(word) if self.at_op("(") else Name(word.text, word.at)
        if word.kind == "op" and word.text == "(":
            self.depth += 1
            inner = self.expression()
            self.depth -= 1
            self.take(")")
            return inner
        if word.kind == "op" and word.text in "-+":
            operand = self.expression(_SIGN)
            return Unary("-", operand) if word.text == "-" else operand
        if word.kind == "op" and word.text == "!":
            return Unary("!", self.expression(_NOT))
        shown = "the formula ends" if word.kind == "end" else f"{word.text!r} stands"
        raise error_at(
            self.text, word.at, f"Here {shown} where a variable, number or function should.",
            "complete the formula here.",
        )  # fmt: skip

    def _slopes(self, group: Node) -> Slopes:
        self.take("[")
        if alone := self.at_op("["):
            self.take()
        self.depth += 1
        variables = [self.expression()]
        while self.at_op(","):
            self.take()
            variables.append(self.expression())
        self.depth -= 1
        for _ in range(1 + alone):
            self.take("]")
        return Slopes(group, tuple(variables), alone)

    def _call(self, name: Token) -> Call:
        self.take("(")
        self.depth += 1
        arguments: list[Node] = []
        options: list[tuple[str, Node]] = []
        while not self.at_op(")"):
            named = self.word.kind in ("name", "quoted", "text")
            following = self.words[self.position + 1]
            if named and following.kind == "op" and following.text == "=":
                key = self.take().text
                self.take("=")
                options.append((key, self.expression()))
            else:
                arguments.append(self.expression())
            if not self.at_op(")"):
                self.take(",")
        self.take(")")
        self.depth -= 1
        function = OTHER_NAMES.get(name.text, name.text)
        return Call(function, tuple(arguments), tuple(options), name.at)


def too_deep(text: str) -> FormulaError:
    """The error for a text whose parts stand inside one another hundreds of times."""
    return FormulaError(
        f"The formula is nested too deeply: {text[:60]}...",
        variable=text[:60],
        remedy="compute parts of it with pandas and put them into the frame.",
    )


@lru_cache(maxsize=1024)
def parse_expression(text: str) -> Node:
    """Syntax tree of one expression.

    Raises
    ------
    FormulaError : the text is outside the grammar; the message points at the place.
    """
    parser = Parser(text, logic=True)
    try:
        node = parser.expression()
    except RecursionError as error:
        raise too_deep(text) from error
    if parser.word.kind != "end":
        raise misplaced(parser, "write one expression, for instance log(gdp / population).")
    return node


def names_in(node: Node) -> frozenset[str]:
    """Names of all variables the expression uses."""
    return frozenset(n.name for n in walk(node) if isinstance(n, Name))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for child in parts(node):
        yield from walk(child)


def parts(node: Node) -> tuple[Node, ...]:
    """What stands directly below the node."""
    if isinstance(node, Call):
        return (*node.arguments, *(v for _, v in node.options))
    if isinstance(node, Binary):
        return (node.left, node.right)
    if isinstance(node, Slopes):
        return (node.group, *node.variables)
    return (node.operand,) if isinstance(node, Unary) else ()
