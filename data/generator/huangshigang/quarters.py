"""The residential compounds of the community: sixty buildings, the old unwalled ones beside the lanes among them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import shapely
from shapely import Polygon

from generator.compound import Compound, CompoundPlan, build
from generator.huangshigang.land import plot_at, plots
from generator.huangshigang.sheet import FRAME, SEED
from generator.huangshigang.streets import public_ways, street_line
from generator.rows import RowStyle

_MAIN = "港城大道"

_OLD = RowStyle(lengths_m=(32.0, 40.0, 46.0), depth_m=11.0, row_gap_m=17.0, side_gap_m=6.0)
_CLOSE = RowStyle(lengths_m=(32.0, 38.0), depth_m=11.0, row_gap_m=16.0, side_gap_m=6.0)
_SHORT = RowStyle(lengths_m=(19.0, 23.0), depth_m=11.0, row_gap_m=17.0, side_gap_m=6.0)
_SLABS = RowStyle(lengths_m=(42.0, 48.0, 56.0), depth_m=12.0, row_gap_m=21.0)
_TOWERS = RowStyle(lengths_m=(24.0, 27.0), depth_m=17.0, row_gap_m=24.0, side_gap_m=12.0)

#: The names 老市委外院, 团结巷, 朝阳路, 纺织一路, 纺织二路, 人民街 are from the article; where they lie is not.
PLANS = (
    CompoundPlan("团结巷片", (70, 120), 8, ("N", "S"), False, _OLD, levels=(5, 6), year_built=1981),
    CompoundPlan("井边巷片", (270, 120), 5, ("N", "S"), False, _SHORT, levels=(5, 6), year_built=1979),
    CompoundPlan("老市委外院小区", (100, 290), 9, ("S", "W1"), True, _CLOSE, 0.6, year_built=1986, frontage=(_MAIN,)),
    CompoundPlan("桂香巷片", (540, 250), 4, ("N", "S"), False, _OLD, levels=(5, 6), year_built=1983),
    CompoundPlan("港务小区", (880, 130), 5, ("W1",), style=_SLABS, year_built=1995),
    CompoundPlan("湖滨小区", (160, 580), 8, ("N", "E0"), style=_SLABS, year_built=1998),
    CompoundPlan("青湖小区", (660, 1130), 4, ("N",), style=_TOWERS, spine_at=0.6, levels=(11,), year_built=2006),
    CompoundPlan("石桥巷片", (1080, 580), 4, ("N", "S"), False, _OLD, levels=(5, 6), year_built=1984),
    CompoundPlan("纺织小区", (1420, 580), 6, ("W1", "S"), style=_OLD, year_built=1988),
    CompoundPlan("纺机小区", (1720, 300), 4, ("E1",), style=_SLABS, year_built=1993, frontage=(_MAIN,)),
    CompoundPlan("闸口小区", (2130, 300), 3, ("E1",), style=_SLABS, year_built=1991, frontage=(_MAIN,)),
)


@lru_cache
def compounds() -> tuple[Compound, ...]:
    """Return every compound as built."""
    ground = plots()
    streets = shapely.union_all([way.line for way in public_ways() if way.walkable])
    return tuple(
        build(
            plan,
            _behind_shops(plot_at(ground, *plan.at), plan),
            FRAME.direction_deg(*plan.at),
            streets,
            np.random.default_rng([SEED, 1, number]),
        )
        for number, plan in enumerate(PLANS)
    )


def _behind_shops(plot: Polygon, plan: CompoundPlan, strip_m: float = 17.0) -> Polygon:
    """Return the ground of a compound, pulled back where shops stand between it and a street."""
    pulled_back = plot
    for name in plan.frontage:
        pulled_back = pulled_back.difference(street_line(name).buffer(19 + strip_m))
    largest = max(shapely.get_parts(pulled_back), key=lambda part: part.area)
    return Polygon(largest.simplify(0.5).exterior)
