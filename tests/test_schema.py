"""Headers are known by many words, and contracts name every fault."""

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from planner.loading.columns import match_columns
from planner.schema import LABELS, TABLES, demand_contract, normalise, sites_contract, split_unit


@pytest.mark.parametrize("table", TABLES)
def test_no_word_means_two_columns_of_one_table(table):
    words = [
        normalise(word)
        for column in TABLES[table]
        for word in {normalise(word) for word in (*column.synonyms, *column.fallbacks)}
    ]
    assert sorted(words) == sorted(set(words))


def test_every_column_has_a_label_in_both_languages():
    assert all(label.zh and label.en for label in LABELS.values())


@pytest.mark.parametrize("table", TABLES)
def test_our_own_names_are_understood(table):
    for column in TABLES[table]:
        assert match_columns("t", [column.name], table).by_name[column.name].header == column.name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("60岁以上人口(人)", "elderly_population"),
        ("60 岁及以上", "elderly_population"),
        ("六十岁以上", "elderly_population"),
        ("Resident Population", "resident_population"),
        ("总户数/户", "households"),
        ("常住人口\n(人)", "resident_population"),
        ("0~14岁人口", "children_population"),
    ],
)
def test_headers_are_known_whatever_stands_around_the_words(header, name):
    assert name in match_columns("t", [header], "demand").by_name


def test_full_width_letters_are_letters():
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "Lng")
    assert match_columns("t", [wide], "demand").by_name["x"].header == wide


@pytest.mark.parametrize(
    ("header", "kind", "unit"),
    [
        ("造价(万元)", "cost_cny", "万元"),
        ("造价 万元", "cost_cny", "万元"),
        ("cost_10k_cny", "cost_cny", "10kcny"),
        ("面积(㎡)", "area_m2", "m2"),
    ],
)
def test_units_are_found_in_brackets_or_at_the_end(header, kind, unit):
    assert split_unit(header, kind)[1] == unit


def test_two_columns_for_one_name_are_refused_naming_both():
    matches = match_columns("homes.csv", ["户数", "总户数"], "demand")
    assert "households" not in matches.by_name
    (fault,) = matches.faults
    assert "户数" in fault.found.zh
    assert "总户数" in fault.found.zh


def test_the_plan_settles_which_column_is_meant():
    matches = match_columns("homes.csv", ["户数", "总户数"], "demand", {"households": "总户数"})
    assert not matches.faults
    assert matches.header("households") == "总户数"


def test_a_planned_column_that_is_not_there_is_a_fault_with_the_nearest():
    (fault,) = match_columns("homes.csv", ["总户数", "经度"], "demand", {"households": "总户"}).faults
    assert "总户数" in fault.expected.zh


def test_a_vaguer_word_counts_only_without_a_better_one():
    assert match_columns("t", ["序号", "编号"], "demand").header("id") == "编号"
    assert match_columns("t", ["序号"], "demand").header("id") == "序号"
    assert match_columns("t", ["面积", "建筑面积"], "sites").header("floor_area_m2") == "建筑面积"


def test_one_left_over_column_of_ids_is_the_id():
    assert match_columns("t", ["neighbourhood_id", "lon", "lat"], "demand").header("id") == "neighbourhood_id"
    assert "id" not in match_columns("t", ["a_id", "b_id"], "demand").by_name


def test_below_a_merged_header_the_words_join():
    matches = match_columns("t", ["人口/常住", "人口/流动", "坐标/经度", "坐标/纬度", "户数/合计"], "demand")
    assert {"resident_population", "floating_population", "x", "y", "households"} <= set(matches.by_name)


def test_floor_usable_and_site_area_are_three_columns():
    matches = match_columns("t", ["建筑面积", "使用面积", "占地面积"], "sites")
    assert [matches.header(name) for name in ("floor_area_m2", "usable_area_m2", "site_area_m2")] == [
        "建筑面积",
        "使用面积",
        "占地面积",
    ]


def test_a_contract_reports_every_row_at_once():
    table = pd.DataFrame(
        {"id": ["a", "a", "b"], "x": [1.0, None, 3.0], "y": [1.0, 2.0, 3.0], "households": [1.0, -1.0, None]},
        index=[5, 6, 7],
    )
    with pytest.raises(SchemaErrors) as refused:
        demand_contract(["households"]).validate(table, lazy=True)
    cases = {(case.column, case.index) for case in refused.value.failure_cases.itertuples()}
    assert cases == {("id", 5), ("id", 6), ("x", 6), ("households", 6), ("households", 7)}


def test_the_sites_contract_knows_the_statuses():
    table = pd.DataFrame({"id": ["a"], "x": [1.0], "y": [1.0], "cost_cny": [0.0], "status": ["maybe"]})
    with pytest.raises(SchemaErrors):
        sites_contract(("existing", "candidate")).validate(table, lazy=True)


def test_brackets_that_speak_of_some_of_the_people_are_not_dropped():
    matches = match_columns("t", ["常住人口(人)", "人口(60岁以上)", "户数(流动)"], "demand")
    assert matches.header("resident_population") == "常住人口(人)"
    assert "households" not in matches.by_name


def test_a_misspelt_name_in_the_plan_is_a_fault_with_the_one_meant():
    (fault,) = match_columns("t", ["户数"], "demand", {"housholds": "户数"}).faults
    assert fault.expected.en == "households"
