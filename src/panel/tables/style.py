"""Choices that all tables of a paper share."""

from __future__ import annotations

from dataclasses import dataclass

from panel.errors import TableError
from panel.tables.words import words


@dataclass(frozen=True)
class Style:
    """How numbers and words of a table are set.

    Parameters
    ----------
    language : "en", "zh" or "ru".
    digits : decimals; see :func:`panel.tables.cells.decimals` for very small and large numbers.
    stars : levels of significance, in any order; the smallest gets the most stars. None for none.

    Raises
    ------
    TableError : a language that is not spoken, a level outside (0, 1), or negative digits.
    """

    language: str = "en"
    digits: int = 3
    stars: tuple[float, ...] | None = (0.1, 0.05, 0.01)

    def __post_init__(self) -> None:
        words("notes", self.language)
        levels = tuple(sorted(self.stars or (), reverse=True))
        for level in levels:
            if not 0 < level < 1:
                raise TableError(
                    f"{level!r} is not a level of significance.",
                    variable="stars",
                    value=level,
                    remedy="give levels such as (0.1, 0.05, 0.01), or None for no stars.",
                )
        if self.digits < 0:
            raise TableError(
                f"A number cannot have {self.digits} decimals.",
                variable="digits",
                value=self.digits,
                remedy="give 0 or more.",
            )
        object.__setattr__(self, "stars", levels)

    def marks(self, p_value: float) -> str:
        """Stars of a p-value: one for each level it is strictly below; none for NaN."""
        return "*" * sum(p_value < level for level in self.stars or ())

    @property
    def stars_note(self) -> str:
        """The sentence that says what the stars mean; empty if there are none."""
        parts = []
        for i, level in enumerate(self.stars or (), start=1):
            shown = f"{level:g}".replace(".", "," if self.language == "ru" else ".")
            parts.append(words("stars", self.language, mark="*" * i, level=shown))
        separator = {"zh": "，", "ru": "; "}.get(self.language, ", ")
        return separator.join(parts) + ("。" if self.language == "zh" else ".") if parts else ""
