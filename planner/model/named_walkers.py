"""The walkers that exist already, with the sources of their numbers, and what they are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.bilingual import Text, same

_DELAYS: dict[str, Any] = {
    "stairs_up_factor": 0.35,
    "stairs_down_factor": 0.5,
    "signal_wait_s": 30.0,
    "crossing_wait_s": 5.0,
    "slope": "tobler",
}

#: The walkers that exist already. Speeds are suggested defaults below the published means, each editable in the plan.
WALKERS: Mapping[str, Mapping[str, Any]] = {
    "adult": {
        "speed_m_s": 1.2,
        "source": Text(
            "建议默认值；公开研究：60 岁及以下第 15 百分位 1.15 m/s",
            "suggested default; a published study: 15th percentile up to 60 years 1.15 m/s",
        ),
        "status": "to_be_checked",
        **_DELAYS,
    },
    "elderly": {
        "speed_m_s": 0.9,
        "source": Text(
            "建议默认值；公开研究：65 岁以上第 15 百分位 0.92 m/s",
            "suggested default; a published study: 15th percentile over 65 years 0.92 m/s",
        ),
        "status": "to_be_checked",
        **_DELAYS,
    },
    "child_with_adult": {
        "speed_m_s": 0.9,
        "source": Text(
            "建议默认值；公开研究：由成人带领的儿童与 65 岁以上相近",
            "suggested default; a published study: children led by an adult walk like people over 65",
        ),
        "status": "to_be_checked",
        **_DELAYS,
    },
    "pram": {
        "speed_m_s": 0.9,
        "takes_stairs": False,
        "source": Text(
            "建议默认值；速度同由成人带领的儿童，推婴儿车不走台阶",
            "suggested default; the speed of a child with an adult, who does not take a pram over steps",
        ),
        "status": "to_be_checked",
        **_DELAYS,
    },
    "wheelchair": {
        "speed_m_s": 0.7,
        "takes_stairs": False,
        "in_wheelchair": True,
        "source": Text("建议默认值，未核实", "suggested default, not verified"),
        "status": "to_be_checked",
        **_DELAYS,
    },
}

WALKER_LABELS: Mapping[str, Text] = {
    "adult": Text("成年人", "adult"),
    "elderly": Text("老年人", "elderly"),
    "child_with_adult": Text("由成人带领的儿童", "child with an adult"),
    "pram": Text("推婴儿车的成人", "adult with a pram"),
    "wheelchair": Text("轮椅使用者", "wheelchair user"),
}


def walker_label(name: str) -> Text:
    """Return what a walker is called in both languages; a walker of the user's own keeps its name."""
    return WALKER_LABELS.get(name, same(name))
