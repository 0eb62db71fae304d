"""What a result rests on: assumptions, warnings and named parameters, kept beside the data they speak about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from planner.bilingual import Text, same

Status = Literal["verified", "to_be_checked", "chosen"]

STATUS_LABELS: dict[Status, Text] = {
    "verified": Text("已见于公开页面", "seen in a published page"),
    "to_be_checked": Text("待核", "to be checked"),
    "chosen": Text("本方案选定", "chosen for this plan"),
}


_MOST_EXAMPLES, _EXAMPLE_WIDTH = 5, 40


def shortened(name: str) -> str:
    """Return a name as a sentence can hold it."""
    return name if len(name) <= _EXAMPLE_WIDTH else name[: _EXAMPLE_WIDTH - 1] + "…"


@dataclass(frozen=True)
class Note:
    """One sentence that is printed wherever the result is shown.

    `code` is stable and language-free, for tests and scripts; `examples` names some of the rows concerned.
    """

    code: str
    level: Literal["assumption", "warning"]
    text: Text
    examples: tuple[str, ...] = ()

    @property
    def in_full(self) -> Text:
        """The sentence with the first of its examples, as a terminal shows it.

        Examples
        --------
        >>> Note("far", "warning", Text("2 处过远。", "Two are too far."), ("h1", "h5")).in_full.en
        'Two are too far. (h1, h5)'
        """
        if not self.examples:
            return self.text
        shown = self.examples[:_MOST_EXAMPLES]
        names = [shortened(name) for name in shown]
        names += ["…"] * (len(self.examples) > _MOST_EXAMPLES)
        return Text(f"{self.text.zh}（{'、'.join(names)}）", f"{self.text.en} ({', '.join(names)})")


@dataclass(frozen=True)
class Parameter:
    """A threshold or speed with its unit, source and status, as the brief prints it.

    `verified` means "a published page says so" (the official text was not seen), `to_be_checked` that nobody has
    verified it, `chosen` that the plan file sets it. A number that is `to_be_checked` is never a requirement.
    """

    code: str
    label: Text
    value: str
    source: Text
    status: Status
    words: Text | None = None
    """The value as people read it, where it is a code."""

    @property
    def shown(self) -> Text:
        """The value as it is printed."""
        return same(self.value) if self.words is None else self.words
