"""Scraps: short pieces of path that meet no other, mostly a slip of whoever drew them.

A path drawn a metre short of the street it leads to is a network of its own. A home beside it would be cut off from
the town. So whoever stands nearest to a scrap has two ways onto the paths: the scrap, where what else lies on it is
met, and the nearest place on a longer piece. An island with streets of its own stays an island.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.bilingual import Text
from planner.model import Parameter
from planner.network.walk_network import WalkNetwork

#: Pieces shorter than this are scraps. All pieces of Futian, Haidian and Guixi beside the main one are: the longest, of
#: 558 to 730 m, are lanes that end short of a street or at a shut gate. On longer ones (Porto) blocks of houses begin.
#: Others go on: Valhalla leaves pieces of fewer than 50 edges, OSMnx all but the largest. The piece is the one that
#: people without limitations walk on: what only steps connect is no scrap for a wheelchair, it is out of reach.
SCRAP_M = 800.0

SCRAP_PARAMETER = Parameter(
    "network.scrap_m",
    Text("零星断头路段：互不连通且短于", "scraps of path: separate pieces shorter than"),
    f"{SCRAP_M:g} m",
    Text("按几座城市的路网数据选定", "chosen from the street data of some towns"),
    "to_be_checked",
)


def scrap_edges(network: WalkNetwork) -> npt.NDArray[np.bool_]:
    """Return which edges lie on pieces of network shorter than `SCRAP_M`, shape (edges,)."""
    piece = network.component[network.start]
    length_mm = np.bincount(piece, np.rint(network.length_m * 1000))
    return (length_mm < SCRAP_M * 1000)[piece]
