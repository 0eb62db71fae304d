import pytest

from planner.errors import InputError, TableError
from planner.loading import load_changes, study_crs
from tests.loading.plans import plan, write_csv

HEADER = ("编号", "名称", "变更类型", "造价(万元)", "取消台阶", "出入口编号", "WKT")
LANE = "LINESTRING (603000 3343000, 603100 3343000)"


def load(folder, *rows, header=HEADER, on=(), crs="EPSG:4547"):
    write_csv(folder, [header, *rows], name="changes.csv")
    config = plan(folder, changes={"path": "changes.csv", "crs": crs, "on": on})
    return load_changes(config, study_crs(config))


def test_a_plan_without_changes_has_none(tmp_path):
    config = plan(tmp_path)
    assert load_changes(config, study_crs(config)) is None


def test_a_file_in_the_words_of_practice_is_read(tmp_path):
    quoted = f'"{LANE}"'
    changes = load(
        tmp_path,
        ("c1", "后街", "打通", "12.5", "", "", quoted),
        ("c2", "坡道", "改造", "3", "是", "", quoted),
        ("c3", "南门", "开放出入口", "", "", "g7", ""),
    )
    table = changes.table
    assert table["kind"].to_dict() == {"c1": "add", "c2": "improve", "c3": "open_gate"}
    assert table["cost_cny"].tolist() == [125_000, 30_000, 0]
    assert table["removes_steps"].tolist() == [False, True, False]
    assert table["joins"].all()
    assert table["highway"].unique().tolist() == ["footway"]
    assert table.loc["c3", "gate"] == "g7"
    assert table["row"].tolist() == [2, 3, 4]
    assert [note.code for note in changes.notes] == ["changes.no_cost"]


def test_every_fault_of_the_file_is_told_at_once(tmp_path):
    quoted = f'"{LANE}"'
    with pytest.raises(TableError) as refusal:
        load(
            tmp_path,
            ("c1", "甲", "拓宽", "1", "", "", quoted),
            ("c2", "乙", "新增", "很多", "", "", quoted),
            ("c3", "丙", "新增", "1", "", "", '"POINT (603000 3343000)"'),
            ("c4", "丁", "改善", "1", "也许", "", quoted),
            ("c5", "戊", "关门", "1", "", "", ""),
            ("c5", "己", "封闭", "1", "", "", ""),
        )
    told = {(fault.row, fault.column) for fault in refusal.value.faults}
    assert told >= {
        (2, "变更类型"),
        (3, "造价(万元)"),
        (4, "WKT"),
        (5, "取消台阶"),
        (6, "出入口编号"),
        (6, "编号"),
        (7, "WKT"),
    }


def test_a_change_that_is_not_there_cannot_be_switched_on(tmp_path):
    with pytest.raises(InputError) as refusal:
        load(tmp_path, ("c1", "甲", "新增", "1", "", "", f'"{LANE}"'), on=["c1", "c9"])
    assert [fault.found.zh for fault in refusal.value.faults] == ["c9"]


def test_the_order_of_the_rows_changes_nothing(tmp_path):
    rows = [(name, name, "新增", "1", "", "", f'"{LANE}"') for name in ("c1", "c2", "c3")]
    one, other = load(tmp_path, *rows).table, load(tmp_path, *rows[::-1]).table
    assert one.drop(columns="row").equals(other.drop(columns="row").loc[one.index])


def test_changes_of_gates_need_no_lines_and_the_others_are_asked_for_theirs(tmp_path):
    header = ("编号", "变更类型", "出入口编号")
    assert len(load(tmp_path, ("c1", "关门", "k1"), ("c2", "开门", "k2"), header=header, crs=None).table) == 2
    with pytest.raises(TableError) as refusal:
        load(tmp_path, ("c1", "关门", "k1"), ("c2", "新增", ""), header=header, crs=None)
    assert [(fault.row, fault.found.en) for fault in refusal.value.faults] == [(3, "missing")]


def test_a_cell_at_fault_is_not_followed_by_a_cost_that_is_missing(tmp_path):
    with pytest.raises(TableError) as refusal:
        load(tmp_path, ("c1", "甲", "飞", "", "", "", f'"{LANE}"'))
    assert [fault.column for fault in refusal.value.faults] == ["变更类型"]


def test_steps_are_steps_by_their_kind_of_path_too(tmp_path):
    header = ("编号", "变更类型", "道路类型", "WKT")
    assert load(tmp_path, ("c1", "新增", "steps", f'"{LANE}"'), header=header).table["stairs"].tolist() == [True]
