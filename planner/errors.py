"""Every refusal.

PlannerError                 no traceback reaches a user for any of these
├── InputError       exit 2  the inputs, the plan file or the command line are at fault
│   ├── PlanFileError        a key of plan.toml is unknown, missing or unusable
│   ├── TableError           rows or columns of a table break its contract
│   ├── CrsError             a coordinate system is missing, unknown or contradicted by the coordinates
│   ├── NetworkError         the streets cannot be read, or hold nothing to walk on
│   └── FetchError           a download failed or found nothing
├── InfeasibleError  exit 1  the inputs are fine, and no plan meets the constraints
└── SolverError      exit 3  the solver failed or stopped without any plan
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from planner.bilingual import Language, Text


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input: where it stands, what was found, what was expected.

    `row` counts as a spreadsheet does: the header is row 1. For a layer without a header it is the feature's number.
    """

    file: str
    found: Text
    expected: Text
    row: int | None = None
    column: str | None = None

    def in_language(self, language: Language) -> str:
        """Return the fault as one line: `file, row, column: found; expected`."""
        chinese = language == "zh"
        place = [self.file]
        if self.row is not None:
            place.append(f"第 {self.row} 行" if chinese else f"row {self.row}")
        if self.column is not None:
            word = Text("键", "key") if self._in_a_plan else Text("列", "column")
            place.append(f"{word.zh}「{self.column}」" if chinese else f"{word.en} “{self.column}”")
        found, expected = self.found.in_language(language), self.expected.in_language(language)
        if chinese:
            return f"{'，'.join(place)}：{found}；应为：{expected}"
        return f"{', '.join(place)}: {found}; expected: {expected}"

    @property
    def _in_a_plan(self) -> bool:
        """Whether it is about a key of a plan, not a column of a table."""
        return self.file.endswith(".toml") or self.file == "--set"


class PlannerError(Exception):
    """Base of every refusal: one sentence, and the faults behind it."""

    exit_code = 2

    def __init__(self, message: Text, faults: Iterable[Fault] = ()) -> None:
        self.message = message
        self.faults = tuple(faults)
        super().__init__(self.in_language("en"))

    def in_language(self, language: Language) -> str:
        """Return the message and one line for each fault."""
        lines = [self.message.in_language(language)]
        lines += ["  " + fault.in_language(language) for fault in self.faults]
        return "\n".join(lines)


class InputError(PlannerError):
    """The inputs, the plan file or the command line are at fault."""


class PlanFileError(InputError):
    """A key of plan.toml is unknown, missing or unusable."""


class TableError(InputError):
    """Rows or columns of a table break its contract."""


class CrsError(InputError):
    """A coordinate system is missing, unknown or contradicted by the coordinates."""


class NetworkError(InputError):
    """The streets cannot be read, or hold nothing to walk on."""


class FetchError(InputError):
    """A download failed or found nothing."""


class InfeasibleError(PlannerError):
    """The inputs are fine, and no plan meets the constraints."""

    exit_code = 1


class SolverError(PlannerError):
    """The solver failed or stopped without any plan."""

    exit_code = 3
