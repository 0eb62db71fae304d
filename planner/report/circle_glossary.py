"""The columns of the check-up of the life circle, explained."""

from __future__ import annotations

from planner.report.column import before_and_after, column

CIRCLE_COLUMNS = (
    column("circle", ("圈层", "circle"), "text", ("步行时间或距离的圈层", "the walk within which it is counted")),
    column(
        "circle_function",
        ("功能", "function"),
        "text",
        (
            "驿站功能；各项功能、各圈层分别统计，互不替代；全部功能指一人能到达每一项",
            "function of the stations; each function and circle is counted by itself; all: a person reaches every one",
        ),
    ),
    column(
        "is_required",
        ("需求要求", "needed"),
        "yes_no",
        ("服务需求是否要求该功能", "whether a need asks for this function"),
    ),
    column("circle_level", ("区域层级", "level"), "text", ("网格或社区", "grid or community")),
    *before_and_after(
        "stations_offering",
        ("提供该功能的驿站数", "stations offering it"),
        "count",
        ("提供该功能的开放驿站数", "open stations that offer the function"),
    ),
    *before_and_after(
        "share_reaching",
        ("可达人口比例", "share reaching it"),
        "share",
        (
            "圈层内步行可达提供该功能的开放驿站的人数占比",
            "share of people with an open station that offers it within the circle on foot",
        ),
    ),
)
