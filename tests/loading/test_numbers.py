"""Numbers as people write them."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.loading.numbers import parse_number, parse_numbers
from planner.loading.text import clean_text


@pytest.mark.parametrize(
    ("cell", "value", "qualifier"),
    [
        ("300多户", 300, "approx_lower"),
        ("3000余", 3000, "approx_lower"),
        ("300+", 300, "approx_lower"),
        ("300以上", 300, "approx_lower"),
        ("至少300户", 300, "approx_lower"),
        ("约120", 120, "approx"),
        ("120左右", 120, "approx"),
        ("近1000人", 1000, "approx"),
        ("1.2万人", 12000, None),
        ("1万余人", 10000, "approx_lower"),
        ("10余万", 100_000, "approx_lower"),
        ("300户", 300, None),
        ("1,200", 1200, None),
        (" 12 ", 12, None),
        ("1e3", 1000, None),
        (7, 7, None),
        (7.5, 7.5, None),
    ],
)
def test_counts_are_read_with_how_exact_they_are(cell, value, qualifier):
    assert parse_number(cell, "count") == (value, qualifier)


def test_full_width_digits_and_signs_are_digits_and_signs():
    wide = str.maketrans(
        {str(digit): chr(0xFF10 + digit) for digit in range(10)} | {",": chr(0xFF0C), ".": chr(0xFF0E)}
    )
    assert parse_number("1,234.5".translate(wide)) == (1234.5, None)
    assert clean_text("3A".translate(wide | {ord("A"): chr(0xFF21)})) == "3A"


@pytest.mark.parametrize(
    "cell", ["abc", "300-500", "3号楼", "12,34", "1.2.3", "三百", True, "12美元", "300㎡", "多", "+"]
)
def test_what_is_no_count_is_not_guessed(cell):
    assert parse_number(cell, "count") is None


@pytest.mark.parametrize(
    ("cell", "cny"), [("12", 120_000), ("12万元", 120_000), ("120000元", 120_000), ("12万", 120_000)]
)
def test_a_unit_in_the_cell_replaces_that_of_the_header(cell, cny):
    assert parse_number(cell, "cost_cny", 1e4) == (cny, None)


def test_blank_cells_are_missing_and_words_unreadable():
    numbers = parse_numbers(pd.Series(["", "-", None, "无", "x", 3], dtype=object))
    assert pd.isna(numbers.values[:4]).all()
    assert numbers.unreadable.tolist() == [False] * 4 + [True, False]


@given(st.floats(0, 1e12, allow_nan=False))
def test_whatever_python_writes_is_read_back(number):
    assert parse_number(repr(number)) == (number, None)
