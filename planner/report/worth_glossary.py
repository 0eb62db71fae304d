"""Columns that tell what the answer is worth."""

from __future__ import annotations

from planner.report.column import column

WORTH_COLUMNS = (
    column(
        "verdict",
        ("可否替代", "could another do?"),
        "text",
        ("没有此站时，能否有同样好的方案", "whether there is a plan as good without this station"),
    ),
    column(
        "worth_in_words",
        ("说明", "in words"),
        "text",
        ("此站能否由其他站点替代，差多少", "whether another site would do, and what it would lose"),
    ),
    column(
        "people_lost",
        ("缺此站失去的人数", "people lost without it"),
        "people",
        (
            "只关闭此站、其他不变时不再覆盖的人数",
            "people no longer covered if this station alone is missing and nothing else changes",
        ),
    ),
    column(
        "swap_site",
        ("最佳替换站点编号", "best exchange, id"),
        "text",
        ("符合全部约束、只换这一座时最好的站点", "the best site to exchange it for within every constraint"),
    ),
    column("swap_name", ("最佳替换站点", "best exchange"), "text", ("该站点的名称", "name of that site")),
    column(
        "swap_loss",
        ("替换后目标变差", "worse by exchange"),
        "weight",
        (
            "换为该站点后目标值变差多少，按目标的单位（覆盖目标为按权重合计的人数）",
            "by how much the objective gets worse, in its own unit (people by weight where coverage is the objective)",
        ),
    ),
    column(
        "loss_without",
        ("不用此站至少变差", "worse without it, at best"),
        "weight",
        (
            "不用此站的最好方案比本方案差多少，已证明；空白表示未检验或没有这样的方案",
            "by how much the best plan without this station is worse, proven; empty where not examined or where there "
            "is no such plan",
        ),
    ),
    column(
        "plans_with",
        ("出现于几个方案", "stands in plans"),
        "count",
        (
            "在本方案和差别较大而相近的方案中出现的次数",
            "in how many of this plan and the really different ones nearly as good it stands",
        ),
    ),
    column("step", ("变动", "step"), "text", ("限制放宽或收紧一步", "a limit moved by one step")),
    column("step_end", ("结论", "result"), "text", ("是否已证明", "whether the answer is proven")),
    column(
        "gain",
        ("目标变好", "gain"),
        "weight",
        (
            "目标值变好多少（负数为变差），按目标的单位；前沿表中与上一行相比",
            "by how much the objective is better (below 0: worse), in its own unit; on a frontier, than the row above",
        ),
    ),
    column(
        "people_gained",
        ("新增覆盖人数", "people gained"),
        "people",
        ("与本方案相比多覆盖的人数，负数为减少", "people covered more than in this plan; negative where fewer"),
    ),
    column(
        "budget_10k_cny",
        ("预算", "budget"),
        "ten_thousands",
        ("变动后的预算上限，万元", "what may be spent after the step, in units of 10,000 CNY"),
    ),
    column(
        "plan_cost_10k_cny",
        ("方案投入", "cost of the plan"),
        "ten_thousands",
        ("该方案的一次性投入，万元", "one-off cost of that plan, in units of 10,000 CNY"),
    ),
    column(
        "opened_instead",
        ("另外开放", "opened instead"),
        "text",
        ("本方案没有而该方案开放的站点", "stations that this plan does not have and that one opens"),
    ),
    column(
        "dropped",
        ("不再需要", "not needed"),
        "text",
        ("本方案有而该方案不用的站点", "stations of this plan it does without"),
    ),
    column("opened", ("新增站点", "new stations"), "text", ("该方案新增的站点", "stations newly opened by that plan")),
    column("plan_number", ("方案序号", "plan"), "count", ("按效果排列", "the best first")),
    column(
        "loss",
        ("目标变差", "worse by"),
        "weight",
        ("目标值比本方案差多少，按目标的单位", "by how much the objective is worse than in this plan, in its own unit"),
    ),
    column(
        "people_covered", ("覆盖人数", "people covered"), "people", ("该方案覆盖的人数", "people covered by that plan")
    ),
    column("limit_on", ("限制", "limit on"), "text", ("新站数或投入", "number of new stations, or money")),
    column(
        "limit_stations",
        ("新站上限", "new stations at most"),
        "count",
        ("最多新增几座，不限投入", "so many new stations at most, whatever they cost"),
    ),
    column(
        "limit_10k_cny",
        ("投入上限", "money at most"),
        "ten_thousands",
        ("最多投入多少万元，不限座数", "so much money at most, in units of 10,000 CNY, whatever the number"),
    ),
    column(
        "limit_share",
        ("最低覆盖率下限", "smallest share, floor"),
        "share",
        (
            "覆盖最差的社区、网格或需求至少须达到的覆盖率，本方案的约束都保留",
            "the share that the worst-served community, grid or need must have at least; every constraint is kept",
        ),
    ),
    column(
        "least_share",
        ("最低覆盖率", "smallest share"),
        "share",
        (
            "该方案中覆盖最差者的覆盖率；不减少覆盖总人数就不能再高（已证明）",
            "share of the worst-served in that plan; it cannot be larger unless fewer are covered in all (proven)",
        ),
    ),
    column(
        "worst", ("覆盖最差者", "the worst-served"), "text", ("覆盖率最低的社区、网格或需求", "whose share that is")
    ),
    column(
        "objective",
        ("目标值", "objective"),
        "weight",
        ("该限制下最好的目标值，已证明", "the best within the limit, proven"),
    ),
    column(
        "new_stations", ("新增座数", "new stations"), "count", ("该方案新增几座", "how many stations that plan opens")
    ),
    column(
        "remedy_id",
        ("可使其达标者编号", "what would cover it, id"),
        "text",
        (
            "单独一项即可使其达标、费用最低的候选点或路网变更；空白表示没有",
            "the cheapest candidate or change of the streets that covers it by itself; empty where there is none",
        ),
    ),
    column("remedy_name", ("可使其达标者", "what would cover it"), "text", ("其名称", "its name")),
    column(
        "remedy_cost_10k_cny",
        ("其费用", "its cost"),
        "ten_thousands",
        ("该候选点或变更的费用，万元", "what that costs, in units of 10,000 CNY"),
    ),
    column(
        "remedy_people",
        ("其共新增覆盖", "people it covers"),
        "people",
        ("该候选点或变更共使多少人达标", "how many people in all it would newly cover"),
    ),
)
