"""What the page says beside the figures, in both languages."""

from __future__ import annotations

from planner.bilingual import Text
from planner.model import Solution
from planner.plan import Plan

WORDS: dict[str, Text] = {
    "kicker": Text("社区服务站布点方案", "Siting of community stations"),
    "panel": Text("方案说明与图例", "The plan and its legend"),
    "language": Text("语言", "Language"),
    "synthetic": Text("含合成数据", "Synthetic data"),
    "result": Text("覆盖结果", "Coverage"),
    "before": Text("现状", "Today"),
    "after": Text("方案", "With the plan"),
    "today": Text("现状", "Today"),
    "gain": Text("新增覆盖人数", "more people"),
    "moment": Text("显示现状或方案", "Show today or the plan"),
    "open_panel": Text("展开图例与说明", "Show legend and notes"),
    "close_panel": Text("收起", "Close"),
    "needs": Text("服务需求", "Needs"),
    "legend": Text("步行到最近驿站的时间", "Walk to the nearest station"),
    "outlines": Text(
        "居民楼按步行时间着色，无轮廓处以圆表示。点击图上任意要素查看详情。",
        "Homes are coloured by the walk; circles stand where there is no outline. Click anything for details.",
    ),
    "circles": Text(
        "圆的大小表示人数。点击图上任意要素查看详情。", "Circles grow with people. Click anything for details."
    ),
    "layers": Text("图层", "Layers"),
    "opened": Text("新选驿站", "New stations"),
    "kept": Text("现有驿站", "Existing stations"),
    "notes": Text("假定与提示", "Assumptions and warnings"),
    "parameters": Text("参数及依据", "Parameters and their sources"),
    "sources": Text("数据来源", "Data and sources"),
    "generalised": Text(
        "底图经简化，仅供示意，不用于量算；覆盖结果按路网步行计算，服务范围随所选需求绘制。",
        "The background is simplified and not for measuring. Coverage is counted from walks on the streets; "
        "catchments are drawn for the need shown.",
    ),
    "generalised_estimate": Text(
        "底图经简化，仅供示意，不用于量算；覆盖结果由直线距离乘绕行系数估算，未按路网计算，服务范围为估算圆。",
        "The background is simplified and not for measuring. Coverage is estimated from straight lines times a detour "
        "factor, not measured on the streets; catchments are circles of that estimate.",
    ),
    "internal": Text("内部工作用图，不作为公开出版用图", "Internal working map, not for publication"),
    "noscript": Text("此图需要启用 JavaScript。", "This map needs JavaScript."),
    "assumption": Text("假定", "Assumption"),
    "warning": Text("提示", "Warning"),
    "title": Text("{name} · 社区服务站布点方案", "{name} · Siting of community stations"),
}


def solution_words(plan: Plan) -> Text:
    """Return in words how far the plan can be trusted to be the best."""
    if plan.command == "audit":
        return Text("现状评估：未新增驿站。", "An assessment of today: no station is added.")
    return _PROOFS[_proof_of(plan.solution)].format(gap=f"{plan.solution.gap:.2%}")


def _proof_of(solution: Solution) -> str:
    return "proven" if solution.status == "optimal" else solution.stopped


_PROOFS: dict[str, Text] = {
    "proven": Text(
        "求解结论：已证明最优，在所给约束下没有更好的方案。",
        "Solution: proven best; no plan within the given constraints is better.",
    ),
    "gap": Text(
        "求解结论：可行方案，达到设定精度后停止，与最优的差距不超过 {gap}。",
        "Solution: usable; the search stopped at the accuracy asked for, within {gap} of the best.",
    ),
    "time_limit": Text(
        "求解结论：可行方案，到达时间上限后停止，与最优的差距不超过 {gap}，尚未证明最优。",
        "Solution: usable, not proven best; the search ran out of time, within {gap} of the best.",
    ),
}
