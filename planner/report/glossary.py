"""Every column of the outputs, each once: the workbook, the GeoPackage and the brief take their words from here."""

from __future__ import annotations

from planner.report.circle_glossary import CIRCLE_COLUMNS
from planner.report.column import Column, before_and_after, column
from planner.report.worth_glossary import WORTH_COLUMNS

_COLUMNS = (
    column("demand_id", ("需求点编号", "demand id"), "text", ("需求点的编号", "id of the demand point")),
    column("site_id", ("站点编号", "site id"), "text", ("站点的编号", "id of the site")),
    column(
        "area_id", ("区域编号", "area id"), "text", ("网格、社区或小区的编号", "id of the grid, community or compound")
    ),
    column("edge_id", ("路段编号", "edge id"), "count", ("路段在路网中的序号", "position of the edge in the network")),
    column(
        "mark",
        ("图上编号", "mark"),
        "count",
        ("简报图上的编号，新增在前", "number on the brief's map, new stations first"),
    ),
    column("name", ("名称", "name"), "text", ("输入数据中的名称", "name in the input")),
    column("compound", ("小区", "compound"), "text", ("所在小区", "compound it lies in")),
    column("grid", ("网格", "grid"), "text", ("所在网格", "management grid it lies in")),
    column("community", ("社区", "community"), "text", ("所在社区", "community it lies in")),
    column("status", ("现状类别", "status"), "text", ("输入数据中的站点类别", "status of the site in the input")),
    column(
        "proposed",
        ("建议点", "proposal"),
        "yes_no",
        (
            "由程序提出的位置，未经任何人核实，须现场踏勘",
            "a place that the planner proposes and nobody has checked: it needs a visit",
        ),
    ),
    column("decision", ("方案结论", "decision"), "text", ("本方案如何处理该站点", "what the plan does with the site")),
    column("open_before", ("现状开放", "open before"), "yes_no", ("现状是否开放", "open today")),
    column("open_after", ("方案开放", "open after"), "yes_no", ("实施方案后是否开放", "open with the plan")),
    column(
        "cost_cny",
        ("一次性投入", "one-off cost"),
        "money",
        ("输入数据给出的一次性投入", "one-off cost given in the input, in CNY"),
    ),
    column(
        "cost_10k_cny",
        ("一次性投入", "one-off cost"),
        "ten_thousands",
        ("输入数据给出的一次性投入，万元", "one-off cost given in the input, in units of 10,000 CNY"),
    ),
    column(
        "floor_area_m2", ("建筑面积", "floor area"), "area", ("建筑面积，不是占地面积", "floor area, not site area")
    ),
    column("site_area_m2", ("占地面积", "site area"), "area", ("占地面积，不是建筑面积", "site area, not floor area")),
    column("functions", ("功能", "functions"), "text", ("驿站提供的功能", "functions the station offers")),
    column("phase", ("阶段", "phase"), "text", ("开放或被替代的阶段", "phase in which it opens, or is replaced")),
    column("years", ("年数", "years"), "weight", ("该阶段末状态持续的年数", "years that its state lasts")),
    column("phase_opened", ("本期开放", "opens"), "text", ("本期开放的驿站", "stations that open in this phase")),
    column("phase_closed", ("本期替代", "replaced"), "text", ("本期被替代的驿站", "stations that are replaced in it")),
    column("stations_open", ("开放驿站数", "stations open"), "count", ("本期末开放的驿站数", "stations open after it")),
    column("phase_objective", ("本期目标值", "objective"), "weight", ("本期末的目标值", "objective after it")),
    column(
        "price_of_nesting",
        ("分期代价", "price of nesting"),
        "weight",
        (
            "若只为本期打算、此前资金全部可用，目标值还能好多少",
            "how much better the objective could be if the phase alone counted, with all the money until then",
        ),
    ),
    column(
        "price_is_proven",
        ("代价已证明", "price proven"),
        "yes_no",
        ("是为准确值，否为上限", "yes: exact; no: at most so much"),
    ),
    column(
        "action",
        ("行动", "action"),
        "text",
        (
            "方案对该站点采取的行动：新建启用、扩建、合并、迁建、共享场所或关停",
            "what the plan does: open, expand, merge, move, share or close",
        ),
    ),
    column(
        "replaces", ("替代站点", "replaces"), "text", ("该行动所替代的现有驿站", "stations of today that it replaces")
    ),
    column(
        "capacity_before",
        ("原容量", "capacity before"),
        "count",
        ("所替代驿站的容量合计", "capacity of what it replaces"),
    ),
    column("capacity_after", ("现容量", "capacity after"), "count", ("行动后的容量", "capacity afterwards")),
    column(
        "floor_area_m2_before",
        ("原建筑面积", "floor area before"),
        "area",
        ("所替代驿站的建筑面积合计", "floor area of what it replaces"),
    ),
    column(
        "floor_area_m2_after", ("现建筑面积", "floor area after"), "area", ("行动后的建筑面积", "floor area afterwards")
    ),
    column(
        "functions_before",
        ("原功能", "functions before"),
        "text",
        ("所替代驿站的功能", "functions of what it replaces"),
    ),
    column("functions_after", ("现功能", "functions after"), "text", ("行动后的功能", "functions afterwards")),
    column("acquisition", ("取得方式", "how obtained"), "text", ("场地如何取得", "how the space is obtained")),
    column(
        "people_nearest",
        ("就近服务人数", "people served"),
        "people",
        (
            "在服务标准内、且以该站为最近驿站的人数（实施后）",
            "people within the standard whose nearest station this is (with the plan)",
        ),
    ),
    column(
        "capacity",
        ("容量", "capacity"),
        "people",
        ("驿站可服务的人数", "people the station has room for"),
    ),
    *before_and_after(
        "people_assigned",
        ("到站人数", "people who go there"),
        "people",
        (
            "分配到该站并占用容量的人数；未开放时空白",
            "people who are given to this station and take room in it; empty where it is not open",
        ),
    ),
    *before_and_after(
        "share_used",
        ("容量使用率", "room used"),
        "share",
        ("到站人数 ÷ 容量；超过 100% 即超员", "people who go there ÷ capacity; above 100% it is overfull"),
    ),
    *before_and_after(
        "is_in_reach",
        ("步行达标", "in reach"),
        "yes_no",
        (
            "标准内是否有开放的驿站，不论有无位置",
            "whether an open station lies within the standard, with a place in it or not",
        ),
    ),
    *before_and_after(
        "in_reach",
        ("可达人数", "in reach"),
        "people",
        (
            "标准内有开放驿站的人数，不论有无位置",
            "people with an open station within the standard, with a place in it or not",
        ),
    ),
    *before_and_after(
        "no_room",
        ("无位置人数", "without a place"),
        "people",
        ("标准内有驿站但驿站已满的人数", "people within the standard of open stations that have no place for them"),
    ),
    column(
        "alternative_id",
        ("编号", "id"),
        "text",
        ("路网变更或候选站点的编号", "id of the change of the streets, or of the candidate site"),
    ),
    column(
        "alternative",
        ("做法", "what"),
        "text",
        ("路网变更的类型；站点为其现状类别", "kind of the change; for a site its status"),
    ),
    column(
        "is_on",
        ("已计入方案", "in the plan"),
        "yes_no",
        ("方案已采用该路网变更或已选该站点", "the plan makes the change, or opens the site"),
    ),
    column(
        "people_today",
        ("新增覆盖人数（对现状）", "people gained, today"),
        "people",
        (
            "在现有驿站之外单独实施该项，新增在服务标准内的人数；负数为减少",
            "people newly within the standard if this alone is added to the stations of today; negative where lost",
        ),
    ),
    column(
        "people_plan",
        ("新增覆盖人数（对方案）", "people gained, plan"),
        "people",
        (
            "在方案驿站之外单独实施该项，新增在服务标准内的人数；负数为减少",
            "people newly within the standard if this alone is added to the stations of the plan; negative where lost",
        ),
    ),
    column(
        "cost_per_100_today",
        ("每百人投入（对现状）", "cost per 100, today"),
        "ten_thousands",
        ("每新增覆盖一百人的投入，万元（现状）", "cost of 100 people newly covered, in 10,000 CNY (today)"),
    ),
    column(
        "cost_per_100_plan",
        ("每百人投入（对方案）", "cost per 100, plan"),
        "ten_thousands",
        ("每新增覆盖一百人的投入，万元（方案）", "cost of 100 people newly covered, in 10,000 CNY (plan)"),
    ),
    column("need", ("需求序号", "need"), "count", ("服务需求在方案中的序号", "number of the need in the plan")),
    column(
        "need_label",
        ("服务需求", "who and how near"),
        "text",
        ("人群、服务标准与功能", "group, service standard and function"),
    ),
    column("group", ("人群", "group"), "text", ("计数的人群", "group of people counted")),
    column("walker", ("步行者", "walker"), "text", ("按谁的步行速度计算", "whose walking speed is used")),
    column(
        "standard",
        ("服务标准", "standard"),
        "text",
        ("本方案选定的最大步行时间或距离", "longest walk accepted in this plan"),
    ),
    column("function", ("功能", "function"), "text", ("需要的驿站功能", "function of the station needed")),
    column("weight", ("权重", "weight"), "weight", ("该需求在目标中的权重", "weight of the need in the objective")),
    column(
        "demand_points", ("需求点数", "demand points"), "count", ("区域内需求点的个数", "demand points in the area")
    ),
    column("people", ("人数", "people"), "people", ("该人群的人数", "people of the group")),
    column(
        "uncovered_after",
        ("方案未覆盖人数", "not covered after"),
        "people",
        (
            "实施方案后仍不在服务标准内的人数，含步行无法到达者",
            "people still beyond the standard with the plan, unreachable ones included",
        ),
    ),
    column(
        "station_name",
        ("最近驿站", "nearest station"),
        "text",
        ("实施方案后最近驿站的名称", "name of the nearest station with the plan"),
    ),
    *WORTH_COLUMNS,
    *CIRCLE_COLUMNS,
    column(
        "over_min",
        ("超出标准", "beyond the standard"),
        "minutes",
        (
            "步行时间超出服务标准的部分；空白表示步行无法到达",
            "walk beyond the standard; empty where no station can be reached",
        ),
    ),
    column(
        "over_m",
        ("超出标准距离", "beyond the standard, metres"),
        "metres",
        (
            "步行距离超出服务标准的部分；空白表示步行无法到达",
            "metres beyond the standard; empty where no station can be reached",
        ),
    ),
    column(
        "walk_class_after",
        ("方案步行分级", "class after"),
        "text",
        ("步行时间所属分级", "class of the walk, as on the map"),
    ),
    column("before", ("现状开放", "open today"), "yes_no", ("该驿站现状是否开放", "whether the station is open today")),
    column("start", ("起点", "start"), "count", ("起点在路网中的序号", "position of the start node")),
    column("end", ("终点", "end"), "count", ("终点在路网中的序号", "position of the end node")),
    column(
        "length_m",
        ("长度", "length"),
        "metres",
        ("椭球面上的长度；路线含路外与小区内步行", "length on the ellipsoid; routes with what they walk off the paths"),
    ),
    column("kind", ("道路类别", "kind"), "text", ("OpenStreetMap 的 highway 取值", "value of OpenStreetMap's highway")),
    column(
        "stairs",
        ("台阶", "steps"),
        "count",
        ("1 上行，-1 下行，2 方向未知，0 无台阶", "1 up from start to end, -1 down, 2 unknown direction, 0 none"),
    ),
    column(
        "private_area",
        ("内部道路编号", "private area"),
        "count",
        (
            "0 为公共道路，其余为互通的内部道路片区",
            "0 public; otherwise the number of a connected piece of private ways",
        ),
    ),
    column("walk_min", ("步行时间", "walk"), "minutes", ("整条路线的步行时间", "walk along the whole route")),
    column("path_min", ("道路步行", "on streets"), "minutes", ("在道路上步行的时间", "walking on streets and paths")),
    column("stairs_min", ("台阶步行", "on steps"), "minutes", ("在台阶上步行的时间", "walking on steps")),
    column("waiting_min", ("过街等候", "waiting"), "minutes", ("过街等候的时间", "waiting at crossings")),
    column(
        "off_path_min",
        ("路外步行", "off the paths"),
        "minutes",
        ("两端与道路之间直线步行的时间", "walking straight between either end and the paths"),
    ),
    column(
        "inside_min",
        ("小区内步行", "inside compounds"),
        "minutes",
        (
            "小区内部步行时间，按直线距离乘绕行系数估算",
            "walking inside compounds without known paths: straight lines times the detour factor",
        ),
    ),
    column(
        "building_min",
        ("楼内时间", "inside the building"),
        "minutes",
        (
            "从家门到楼门（含等电梯）的时间，按需求数据，计入步行时间",
            "from the flat to the door of the building, lift included, as the demand gives it; part of the walk",
        ),
    ),
    column("synthetic", ("合成数据", "synthetic"), "yes_no", ("本研究含虚构数据", "the study holds synthetic data")),
    *before_and_after(
        "covered", ("覆盖人数", "covered"), "people", ("在服务标准内的人数", "people within the standard")
    ),
    *before_and_after("share_covered", ("覆盖率", "coverage"), "share", ("覆盖人数 ÷ 人数", "covered people ÷ people")),
    *before_and_after(
        "unreachable",
        ("步行无法到达", "unreachable"),
        "people",
        ("步行无法到达任何合适驿站的人数", "people who can walk to no suitable station"),
    ),
    *before_and_after(
        "mean_walk_min",
        ("平均步行时间", "mean walk"),
        "minutes",
        ("可到达者到最近驿站的平均步行时间", "mean walk to the nearest station of those who can reach one"),
    ),
    *before_and_after(
        "median_walk_min",
        ("中位步行时间", "median walk"),
        "minutes",
        ("可到达者中半数人步行不超过的时间", "half of those who can reach a station walk no longer"),
    ),
    *before_and_after(
        "p95_walk_min",
        (" 95% 步行时间", "95% walk"),
        "minutes",
        ("可到达者中 95% 的人步行不超过的时间", "95% of those who can reach a station walk no longer"),
    ),
    *before_and_after(
        "longest_walk_min",
        ("最长步行时间", "longest walk"),
        "minutes",
        ("可到达者中最长的步行时间", "longest walk of those who can reach a station"),
    ),
    *before_and_after(
        "nearest",
        ("最近", "nearest"),
        "yes_no",
        ("路线通向该需求点最近的驿站", "the route leads to the nearest station of its demand point"),
    ),
    *before_and_after("station", ("最近驿站", "nearest"), "text", ("最近驿站的编号", "id of the nearest station")),
    *before_and_after(
        "walk_min",
        ("步行时间", "walk"),
        "minutes",
        ("到最近驿站的步行时间；空白表示步行无法到达", "walk to the nearest station; empty where none can be reached"),
    ),
    *before_and_after(
        "walk_m",
        ("步行距离", "walked metres"),
        "metres",
        (
            "到最近驿站的步行路径长度；空白表示步行无法到达",
            "length of the walk to the nearest station; empty where none can be reached",
        ),
    ),
    *before_and_after(
        "is_covered",
        ("达标", "met"),
        "yes_no",
        ("最近驿站是否在服务标准内", "whether the nearest station lies within the standard"),
    ),
    *before_and_after(
        "served",
        ("服务", "served"),
        "yes_no",
        ("是否至少一半人口被覆盖", "whether at least half of the people are covered"),
    ),
    *before_and_after(
        "stations", ("驿站数", "stations"), "count", ("位于网格内的开放驿站数", "open stations inside the grid")
    ),
    column("gate_id", ("出入口编号", "gate id"), "text", ("出入口编号", "id of the gate")),
    column(
        "gate_state",
        ("出入口状态", "state of the gate"),
        "text",
        (
            "计算时刻的状态：对外开放、仅供本小区居民、关闭或假定",
            "at the moment measured: open, residents, closed or assumed",
        ),
    ),
    column(
        "gate_reason",
        ("状态依据", "reason"),
        "text",
        ("该状态的依据", "why the gate is in that state"),
    ),
    column("hours", ("开放时间", "opening hours"), "text", ("输入数据中的开放时间", "hours as stated in the input")),
    column("walled", ("有围墙", "walled"), "yes_no", ("边界是否为围墙", "whether the boundary is a wall")),
    column("gates", ("出入口数", "gates"), "count", ("出入口数（含假定）", "gates, those that are assumed included")),
    column(
        "gates_assumed",
        ("假定出入口数", "gates assumed"),
        "count",
        ("没有资料而假定的出入口数", "gates that are assumed, for none is known"),
    ),
)

COLUMNS: dict[str, Column] = {each.name: each for each in _COLUMNS}
