"""Outputs are whole or absent."""

import os
from pathlib import Path

import pytest

from planner.bilingual import same
from planner.errors import InputError, SolverError
from planner.report import write_files


def writing(text: str):
    return lambda file: file.write_text(text, encoding="utf-8")


def failing(file: Path) -> None:
    file.write_text("half", encoding="utf-8")
    raise SolverError(same("stop"))


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def test_files_are_written_in_the_order_given(tmp_path):
    written = write_files(tmp_path / "maps" / "town", {"b.txt": writing("b"), "a.txt": writing("a")})
    assert [file.name for file in written] == ["b.txt", "a.txt"]
    assert contents(tmp_path / "maps" / "town") == {"a.txt": "a", "b.txt": "b"}


def test_a_failing_writer_leaves_the_previous_outputs(tmp_path):
    write_files(tmp_path, {"a.txt": writing("old a"), "b.txt": writing("old b")})
    with pytest.raises(SolverError):
        write_files(tmp_path, {"a.txt": writing("new a"), "b.txt": failing, "c.txt": writing("new c")})
    assert contents(tmp_path) == {"a.txt": "old a", "b.txt": "old b"}


def test_a_failing_first_run_leaves_nothing(tmp_path):
    with pytest.raises(SolverError):
        write_files(tmp_path / "maps" / "town", {"a.txt": writing("a"), "b.txt": failing})
    assert list(tmp_path.iterdir()) == []


def test_files_of_others_stay(tmp_path):
    (tmp_path / "own.txt").write_text("own", encoding="utf-8")
    write_files(tmp_path, {"a.txt": writing("a")})
    assert contents(tmp_path) == {"a.txt": "a", "own.txt": "own"}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_failing_move_is_undone(tmp_path, monkeypatch, place):
    write_files(tmp_path, {"a.txt": writing("old a"), "c.txt": writing("old c")})
    moves, replace = [], os.replace

    def stumbling(source, target):
        if Path(source).parent.name == "new":
            moves.append(source)
            if len(moves) == place + 1:
                raise PermissionError(13, "locked")
        replace(source, target)

    monkeypatch.setattr(os, "replace", stumbling)
    with pytest.raises(InputError, match="open in another program"):
        write_files(tmp_path, {"a.txt": writing("a"), "b.txt": writing("b"), "c.txt": writing("c")})
    assert contents(tmp_path) == {"a.txt": "old a", "c.txt": "old c"}


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "maps").write_text("", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        write_files(tmp_path / "maps", {"a.txt": writing("a")})
    assert "无法写入" in refused.value.in_language("zh")
    assert refused.value.exit_code == 2


def test_a_folder_in_the_place_of_a_file_is_refused_and_kept(tmp_path):
    (tmp_path / "b.txt").mkdir()
    (tmp_path / "b.txt" / "own.txt").write_text("own", encoding="utf-8")
    with pytest.raises(InputError):
        write_files(tmp_path, {"a.txt": writing("a"), "b.txt": writing("b")})
    assert [file.name for file in tmp_path.iterdir()] == ["b.txt"]
    assert contents(tmp_path / "b.txt") == {"own.txt": "own"}


def test_what_is_outdated_goes_with_the_new_files_and_stays_with_the_old_ones(tmp_path):
    write_files(tmp_path, {"a.txt": writing("old a"), "print.txt": writing("of a")})
    with pytest.raises(SolverError):
        write_files(tmp_path, {"a.txt": failing}, outdated=("print.txt",))
    assert contents(tmp_path) == {"a.txt": "old a", "print.txt": "of a"}
    write_files(tmp_path, {"a.txt": writing("new a")}, outdated=("print.txt", "never.txt"))
    assert contents(tmp_path) == {"a.txt": "new a"}
