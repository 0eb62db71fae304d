"""Where the sheet lies, and what everything on it keeps clear of."""

from __future__ import annotations

from generator.frame import BentFrame

SEED = 20200527

#: The river runs along v = 0, the lake begins near v = 700; the community reaches from u = 20 to u = 2260.
FRAME = BentFrame(epsg=4547, lon=115.0800, lat=30.2105, anchor_u_m=1120, anchor_v_m=380, bearing_deg=-29, radius_m=3600)

#: Streets of the neighbouring communities are drawn as far as this.
WEST_U, EAST_U = -930.0, 2860.0
MAIN_ROAD_V = 390.0
#: From the middle of the main road to the walkers' pavements.
PAVEMENT_M = 14.0

GENERATOR = "synthetic study generator (no surveyed geometry)"
SYNTHETIC_ZH = (
    "街巷、水岸、楼栋、围墙、出入口、网格界线和站点位置均为合成，并非实测；户数、人口总数与楼栋数取自公开报道"
)
SYNTHETIC_EN = (
    "Streets, shores, buildings, walls, gates, grid boundaries and sites are synthetic, not surveyed; "
    "the totals of households, people and buildings are those of a published article"
)
