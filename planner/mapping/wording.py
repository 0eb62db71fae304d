"""What the page says beside the figures, in both languages."""

from __future__ import annotations

from planner.bilingual import Text

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
    "of_plan": Text("方案本身的数字", "figures of the plan itself"),
    "swipe": Text("左右对比现状与方案", "Today and the plan side by side"),
    "moment": Text("显示现状或方案", "Show today or the plan"),
    "open_panel": Text("展开图例与说明", "Show legend and notes"),
    "close_panel": Text("收起", "Close"),
    "needs": Text("服务需求", "Needs"),
    "tables": Text("表格", "Tables"),
    "copy_table": Text("复制", "Copy"),
    "save_csv": Text("下载 CSV", "Save as CSV"),
    "search": Text("查找", "Find"),
    "search_how": Text("名称、编号或拼音首字母", "Name, id or pinyin initials"),
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
    "circle": Text("生活圈体检", "The life circle, checked"),
    "circle_hint": Text(
        "圈层内步行可达的人数占比；各项功能、各圈层分别统计，互不替代。",
        "Share of people with a station within each circle on foot. Each function and circle is counted by itself.",
    ),
    "circle_any_only": Text(
        "站点未写明功能，服务需求也未指定功能，只按任一驿站体检。",
        "Neither the sites nor the needs name functions: only the walk to any station is checked.",
    ),
    "internal": Text("内部工作用图，不作为公开出版用图", "Internal working map, not for publication"),
    "noscript": Text("此图需要启用 JavaScript。", "This map needs JavaScript."),
    "assumption": Text("假定", "Assumption"),
    "warning": Text("提示", "Warning"),
    "title": Text("{name} · 社区服务站布点方案", "{name} · Siting of community stations"),
}
