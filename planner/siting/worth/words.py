"""What a plan is worth in sentences that an official understands."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from planner.bilingual import Text, same
from planner.siting.worth.different import Different
from planner.siting.worth.next_steps import Step
from planner.siting.worth.points import Frontier
from planner.siting.worth.stations import StationWorth
from planner.siting.worth.worth import Worth

Names = Callable[[Any], str]

#: So many sites are named in a sentence; the rest are counted.
_NAMED = 6


def verdict_label(station: StationWorth) -> Text:
    """Return in a word or two whether another site would do."""
    return _VERDICTS[station.verdict]


_VERDICTS = {
    "asked_for": Text("必须开放", "always open"),
    "redundant": Text("可不设", "redundant"),
    "swappable": Text("可替换", "swappable"),
    "replaceable": Text("可替代", "replaceable"),
    "irreplaceable": Text("不可替代", "irreplaceable"),
    "unproven": Text("未检验", "not examined"),
}


def station_in_words(worth: Worth, station: StationWorth, names: Names) -> Text:
    """Return whether another site would do as well as a station, and what it would lose, in one sentence."""
    return _SENTENCES[station.verdict](worth, station, names)


def _asked_for(worth: Worth, station: StationWorth, names: Names) -> Text:  # noqa: ARG001
    return Text("按其状态或约束，任何方案都开放此站", "open in every plan, by its status or a constraint")


def _redundant(worth: Worth, station: StationWorth, names: Names) -> Text:  # noqa: ARG001
    return Text("可不设：没有它也无人失去覆盖", "redundant: nobody loses coverage without it")


def _swappable(worth: Worth, station: StationWorth, names: Names) -> Text:
    assert station.swap is not None
    return Text("可换为{site}，{by}效果不减", "{site} would do as well{by}").format(
        site=names(station.swap.site), by=worth.judged_by
    )


def _replaceable(worth: Worth, station: StationWorth, names: Names) -> Text:
    known = Text("{by}有不用它而同样好的方案", "another plan without it is as good{by}").format(by=worth.judged_by)
    return _with_swap(known, worth, station, names)


def _irreplaceable(worth: Worth, station: StationWorth, names: Names) -> Text:
    assert station.loss is not None
    if math.isinf(station.loss):
        return Text(
            "不可替代：没有它就没有满足约束的方案（已证明）",
            "irreplaceable: no plan without it meets the constraints (proven)",
        )
    swap = same("")
    if station.swap is not None:
        swap = Text("；最好换为{site}", "; best exchange: {site}").format(site=names(station.swap.site))
        if worth.in_words(station.swap.loss) != worth.in_words(station.loss):
            loss = Text("，差 {amount}", ", worse by {amount}").format(amount=worth.in_words(station.swap.loss))
            swap = Text(swap.zh + loss.zh, swap.en + loss.en)
    return Text(
        "不可替代：不用它至少差 {amount}（已证明{swap}）",
        "irreplaceable: without it worse by {amount} or more (proven{swap})",
    ).format(amount=worth.in_words(station.loss), swap=swap)


def exchange_in_words(worth: Worth, station: StationWorth, names: Names) -> Text:
    """Return the best exchange of a station that was not examined further, a dash where there is none."""
    if station.swap is None:
        return same("—")
    return Text(
        "只换这一座时最好换为{site}，差 {amount}", "best exchange of it alone: {site}, worse by {amount}"
    ).format(site=names(station.swap.site), amount=worth.in_words(station.swap.loss))


def _unproven(worth: Worth, station: StationWorth, names: Names) -> Text:
    known = Text("是否不可替代未检验", "whether it is irreplaceable was not examined")
    return _with_swap(known, worth, station, names)


_SENTENCES: dict[str, Callable[[Worth, StationWorth, Names], Text]] = {
    "asked_for": _asked_for,
    "redundant": _redundant,
    "swappable": _swappable,
    "replaceable": _replaceable,
    "irreplaceable": _irreplaceable,
    "unproven": _unproven,
}


def _with_swap(known: Text, worth: Worth, station: StationWorth, names: Names) -> Text:
    if station.swap is None:
        return known
    return Text(
        "{known}；只换这一座时最好换为{site}，差 {amount}",
        "{known}; the best exchange of it alone is {site}, worse by {amount}",
    ).format(known=known, site=names(station.swap.site), amount=worth.in_words(station.swap.loss))


def different_in_words(worth: Worth, names: Names) -> Text | None:
    """Return how many really different plans are nearly as good, and which sites stand in all of them."""
    different = worth.different
    if different is None:
        return None
    share = f"{different.share:.3g}" if different.share < 0.001 else f"{different.share * 100:g}%"
    values = {"n": len(different.plans), "share": share, "others": different.others}
    if not different.plans:
        return _NONE_DIFFERENT[different.end].format(by=worth.judged_by, **values)
    least = "" if different.end == "no_more" else "至少"
    found = Text(
        "另有{least} {n} 个差别较大的方案（至少有 {others} 座与本方案及彼此不同），{by}效果与最优相差不超过 {share}",
        "{n} really different {plans} within {share} of the best{by} (each does without at least {others} "
        "stations of this plan and of each other)",
    ).format(least=least, by=worth.judged_by, plans=_plans(different), **values)
    regret = worth.no_regret
    if regret:
        return Text(
            "{found}；这样的方案都含{sites}（已证明）。", "{found}; every such plan has {sites} (proven)."
        ).format(found=found, sites=listed([names(site) for site in regret]))
    if different.in_all:
        return Text("{found}；它们都含{sites}。", "{found}; all of these have {sites}.").format(
            found=found, sites=listed([names(site) for site in different.in_all])
        )
    return Text("{found}；没有一座在所有方案中都出现。", "{found}; no station stands in all of them.").format(
        found=found
    )


def _plans(different: Different) -> str:
    """Return the noun and the verb in English; where there may be more, that is said."""
    if different.end != "no_more":
        return "plans or more are"
    return "plan is" if len(different.plans) == 1 else "plans are"


_NONE_DIFFERENT = {
    "no_more": Text(
        "已证明：凡有 {others} 座以上不同的方案，{by}效果都要比最优差 {share} 以上。",
        "Proven: every plan that does without {others} or more of these stations is more than {share} worse{by}.",
    ),
    "enough": Text("未寻找差别较大的方案。", "No really different plans were looked for."),
    "not_examined": Text(
        "是否有差别较大而同样好的方案，时限内未检验。",
        "Whether really different plans are as good was not examined in the time given.",
    ),
}


#: Whose shares a frontier compares.
WHOSE = {
    "need": Text("需求", "need"),
    "grid": Text("网格", "grid"),
    "community": Text("社区", "community"),
}


def share_down(share: float) -> str:
    """Return a share in percent, to a tenth and never more than it is."""
    return f"{math.floor(round(share * 1000, 6)) / 10:g}%"


def fairness_in_words(drawn: Frontier) -> Text | None:
    """Return what raising the worst-served costs in people covered; None where nothing was found out."""
    if not drawn.points or drawn.of is None:
        return None
    first, last = drawn.points[0], drawn.points[-1]
    values = {
        "whose": WHOSE[drawn.of],
        "first": share_down(first.least_share),
        "last": share_down(last.least_share),
        "n": drawn.objective.in_words(first.objective - last.objective),
    }
    if len(drawn.points) == 1:
        if drawn.end != "saturated":
            return None
        if not last.least_share:
            return Text(
                "在同样条件下，没有方案能使每个{whose}都有人被覆盖（已证明）。",
                "With the same means no plan covers somebody in every {whose} (proven).",
            ).format(**values)
        return Text(
            "覆盖人数最多的方案，也使覆盖最差的{whose}覆盖率最高：{last}（已证明）。",
            "The plan that covers most people also serves the worst-served {whose} best: {last} (proven).",
        ).format(**values)
    if drawn.end != "saturated":
        return Text(
            "覆盖最差的{whose}，覆盖率可由 {first} 提高到至少 {last}，合计覆盖相应减少 {n}。",
            "The worst-served {whose} can be raised from {first} to {last} at least, for {n} fewer covered in all.",
        ).format(**values)
    return Text(
        "覆盖最差的{whose}，覆盖率最高可由 {first} 提高到 {last}，合计覆盖相应减少 {n}（已证明）。",
        "The worst-served {whose} can be raised from {first} to {last} and no further, for {n} fewer covered in all "
        "(proven).",
    ).format(**values)


def listed(names: Sequence[str]) -> Text:
    """Return names in a row, the rest counted."""
    shown = names[:_NAMED]
    rest = same("")
    if len(names) > _NAMED:
        rest = Text(" 等 {all} 座", " and {more} more").format(all=len(names), more=len(names) - _NAMED)
    return Text("、".join(shown) + rest.zh, ", ".join(shown) + rest.en)


def step_in_words(worth: Worth, step: Step, money: Callable[[float], Text]) -> Text:
    """Return what a step allows, with its amount where it is about money."""
    label = step.label
    if step.kind in ("more_money", "more_of_both", "less_money"):
        amount = money(worth.step_cny)
        return _MONEY_STEPS[step.kind].format(amount=amount)
    return label


_MONEY_STEPS = {
    "more_money": Text("预算增加 {amount}", "{amount} more"),
    "more_of_both": Text("预算增加 {amount}并多建一座", "{amount} more and one more station"),
    "less_money": Text("预算减少 {amount}", "{amount} less"),
}
