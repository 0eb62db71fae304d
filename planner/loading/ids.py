"""Ids for rows that bring none: made from a row's own content, so that they do not depend on the order of the rows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.bilingual import Text
from planner.model import Note


def made_ids(names: pd.Series, xy_m: npt.NDArray[np.float64], content: pd.DataFrame) -> pd.Series:
    """Return an id for each row: its name where that is unique, otherwise `name#rank`.

    Rows of one name are ranked by their position (x, then y, to the millimetre), then by their other cells; rows that
    are equal in everything are interchangeable. Rows without a name are ranked together, as `#rank`.

    Parameters
    ----------
    names : Series
        Text, None where a row has no name.
    xy_m : array, shape (rows, 2)
    content : DataFrame
        The rows' cells, to break ties.

    Examples
    --------
    >>> names = pd.Series(["东苑", "西苑", "东苑", None], dtype=object)
    >>> made_ids(names, np.array([[2.0, 0], [0, 0], [1, 0], [5, 5]]), names.to_frame()).tolist()
    ['东苑#2', '西苑', '东苑#1', '#1']
    """
    keys = pd.DataFrame(
        {
            "name": [name or "" for name in names.tolist()],
            "x": np.round(xy_m[:, 0], 3),
            "y": np.round(xy_m[:, 1], 3),
            "content": ["\0".join(map(str, row)) for row in content.itertuples(index=False)],
        }
    ).sort_values(["name", "x", "y", "content"], kind="stable")
    rank = keys.groupby("name").cumcount().sort_index() + 1
    shared = keys["name"].duplicated(keep=False).sort_index().to_numpy()
    ids = [
        f"{name or ''}#{number}" if several or not name else str(name)
        for name, number, several in zip(names.tolist(), rank.tolist(), shared.tolist(), strict=True)
    ]
    return pd.Series(ids, index=names.index, dtype=object)


def made_ids_note(source: str) -> Note:
    """Say that ids were made."""
    return Note(
        "ids.made",
        "assumption",
        Text(
            "{file} 没有编号列，编号由名称生成，重名者按位置加 #1、#2…",
            "{file} has no id column; ids are the names, numbered #1, #2 ... by position where names repeat.",
        ).format(file=source),
    )
