"""A note names some of the rows it concerns, and never fills the screen with them."""

from planner.bilingual import Text
from planner.model import Note


def test_without_examples_the_sentence_stands_alone() -> None:
    assert Note("a", "warning", Text("稀疏。", "Sparse.")).in_full == Text("稀疏。", "Sparse.")


def test_the_first_five_examples_are_named_and_long_ones_cut() -> None:
    note = Note("a", "warning", Text("过远。", "Too far."), ("x" * 99, *"bcdef"))
    assert note.in_full == Text(
        "过远。（" + "x" * 39 + "…、b、c、d、e、…）", "Too far. (" + "x" * 39 + "…, b, c, d, e, …)"
    )
