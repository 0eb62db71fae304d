"""Put plans side by side: match their needs, and say what differs and what cannot be compared."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from planner.bilingual import Text, same
from planner.comparing.homes import Moved, drawn, moved, undrawn_reason
from planner.comparing.side import NeedKey, Side, figure, need_words
from planner.errors import Fault, InputError
from planner.loading import read_plan_documents, read_plan_layers

#: Each plan has a letter.
MOST_PLANS = len(string.ascii_uppercase)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Plans side by side, in the order given.

    Parameters
    ----------
    sides : tuple of Side
        Two or more; the first is the one that the others are compared with.
    """

    sides: tuple[Side, ...]

    @cached_property
    def needs(self) -> tuple[NeedKey, ...]:
        """Every need of any plan, those of the first plan first."""
        return tuple(dict.fromkeys(key for side in self.sides for key in side.needs))

    @cached_property
    def shared(self) -> tuple[NeedKey, ...]:
        """The needs that all plans have."""
        return tuple(key for key in self.needs if all(key in side.needs for side in self.sides))

    @property
    def first(self) -> Side:
        """The plan that the others are compared with."""
        return self.sides[0]

    @cached_property
    def drawn(self) -> list[Side]:
        """The plans that can be drawn."""
        return drawn(self.sides)

    def moved(self, side: Side, key: NeedKey) -> Moved | None:
        """Return the people of a need whom a plan gains and loses beside the first one."""
        return moved(self.first, side, key)

    def covered(self, side: Side, key: NeedKey) -> float:
        """Return the people covered; NaN where the plan has no such need."""
        return figure(side.needs[key]["covered"]) if key in side.needs else math.nan

    def site_name(self, site: str) -> str:
        """Return the name of a site in the first plan that knows it, its id where none does."""
        return next((side.site_names[site] for side in self.sides if site in side.site_names), site)

    @property
    def synthetic(self) -> tuple[Text, ...]:
        """What is synthetic in the plans, each sentence once."""
        told = [side.content.get("synthetic") for side in self.sides]
        pairs = [(str(one.get("zh", "")), str(one.get("en", ""))) for one in told if isinstance(one, Mapping)]
        return tuple(Text(*pair) for pair in dict.fromkeys(pairs))

    @property
    def attribution(self) -> tuple[str, ...]:
        """Every source that the plans credit, each once."""
        return tuple(dict.fromkeys(line for side in self.sides for line in side.attribution))

    @cached_property
    def warnings(self) -> tuple[Text, ...]:
        """What stands against comparing these plans, in sentences."""
        return (*self._other_studies(), *self._other_needs(), *self._other_people(), *self._not_plans())

    def _other_studies(self) -> list[Text]:
        if len({side.study for side in self.sides}) == 1:
            return []
        each = _listed([Text(f"{side.letter}“{side.study}”", f"{side.letter} “{side.study}”") for side in self.sides])
        return [Text("各方案属于不同的研究：{each}。", "The plans are of different studies: {each}.").format(each=each)]

    def _other_needs(self) -> list[Text]:
        told = []
        for key in self.needs:
            having = [same(side.letter) for side in self.sides if key in side.needs]
            if len(having) < len(self.sides):
                words = Text(
                    "需求“{need}”只见于 {having}，不作比较（人群、步行者、标准、功能须相同）。",
                    "The need “{need}” is only in {having} and is not compared (group, walker, standard and function "
                    "must be the same).",
                )
                told.append(words.format(need=need_words(key), having=_listed(having)))
        return told

    def _other_people(self) -> list[Text]:
        told = []
        for key in self.shared:
            people = [figure(side.needs[key]["people"]) for side in self.sides]
            if max(people) - min(people) > 0.5:
                each = [same(f"{side.letter} {n:,.0f}") for side, n in zip(self.sides, people, strict=True)]
                words = Text(
                    "需求“{need}”的人数不同（{each}）：覆盖人数之差不全由站点造成，请看覆盖率。",
                    "The people of “{need}” differ ({each}): not all of the difference comes from the stations; look "
                    "at the shares.",
                )
                told.append(words.format(need=need_words(key), each=_listed(each)))
        return told

    def _not_plans(self) -> list[Text]:
        return [
            Text("{label}是{kind}，不是优选方案。", "{label} is a {kind}, not an optimised plan.").format(
                label=same(side.label + " "), kind=side.kind
            )
            for side in self.sides
            if side.solution.get("stopped") == "given"
        ]

    @cached_property
    def headline(self) -> Text:
        """Which plan serves more people for what money, in one sentence."""
        if not self.shared:
            return Text(
                "这些方案没有相同的服务需求，覆盖结果不能直接比较。",
                "These plans have no need in common: what they cover cannot be compared.",
            )
        return self._of_two() if len(self.sides) == 2 else self._of_many()

    def _of_two(self) -> Text:
        first, second = self.sides
        key = self.shared[0]
        more = self.covered(second, key) - self.covered(first, key)
        ahead, behind = (second, first) if more >= 0 else (first, second)
        values = {
            "ahead": ahead.label,
            "behind": behind.label,
            "n": f"{abs(more):,.0f}",
            "need": need_words(key),
            "money": _money_apart(ahead.cost_cny - behind.cost_cny),
            "a": _share(behind, key),
            "b": _share(ahead, key),
        }
        if abs(more) < 0.5:
            values["money"] = _money_apart(second.cost_cny - first.cost_cny)
            return Text(
                "{ahead} 与 {behind} 覆盖的人数相同（{need}：{b}），前者{money}。",
                "{ahead} and {behind} serve equally many people ({need}: {b}); the first {money}.",
            ).format(**values)
        return Text(
            "{ahead} 比 {behind} 多覆盖 {n} 人（{need}：{a} → {b}），{money}。",
            "{ahead} serves {n} more people than {behind} ({need}: {a} → {b}) and {money}.",
        ).format(**values)

    def _of_many(self) -> Text:
        key = self.shared[0]
        most = max(self.sides, key=lambda side: self.covered(side, key))
        known = [side for side in self.sides if math.isfinite(side.cost_cny)]
        words = Text(
            "{n} 个方案中，{most} 覆盖的人最多（{need}：{people} 人，{share}，投入 {cost}）",
            "Of {n} plans {most} serves the most people ({need}: {people}, {share}, for {cost})",
        ).format(
            n=len(self.sides),
            most=most.label,
            need=need_words(key),
            people=f"{self.covered(most, key):,.0f}",
            share=_share(most, key),
            cost=_money(most.cost_cny),
        )
        if not known:
            return Text("{words}。", "{words}.").format(words=words)
        least = min(known, key=lambda side: side.cost_cny)
        return Text(
            "{words}；{least} 投入最少（{cost}，{people} 人，{share}）。",
            "{words}; {least} costs the least ({cost}, {people} people, {share}).",
        ).format(
            words=words,
            least=least.label,
            cost=_money(least.cost_cny),
            people=f"{self.covered(least, key):,.0f}",
            share=_share(least, key),
        )


def compare_plans(paths: Sequence[str | Path]) -> Comparison:
    """Read plans and put them side by side.

    Parameters
    ----------
    paths : sequence of path
        plan.json files, folders that hold one, or what-if files saved by the map; the first is what the others are
        compared with.

    Raises
    ------
    InputError
        If there are fewer than two, or files are no plans; with the faults of all files at once.
    """
    if not 2 <= len(paths) <= MOST_PLANS:
        expected = Text("2 到 {n} 个方案", "2 to {n} plans").format(n=MOST_PLANS)
        raise InputError(
            Text("须给出要比较的方案。", "Give the plans to compare."),
            [Fault("planner compare", same(str(len(paths))), expected)],
        )
    documents = read_plan_documents(paths)
    sides = []
    for letter, document in zip(string.ascii_uppercase, documents, strict=False):
        side = Side(letter, document, read_plan_layers(document))
        sides.append(replace(side, undrawn=undrawn_reason(side)))
    return Comparison(tuple(sides))


def _share(side: Side, key: NeedKey) -> str:
    people, covered = figure(side.needs[key]["people"]), figure(side.needs[key]["covered"])
    return f"{covered / people:.1%}" if people else "—"


def _money(amount: float) -> Text:
    from planner.model.figures import money

    return money(amount) if math.isfinite(amount) else Text("不详", "an unknown amount")


def _money_apart(amount: float) -> Text:
    if not math.isfinite(amount):
        return Text("投入不详，不作比较", "what it costs beside the other is not known")
    if abs(amount) < 0.005:
        return Text("投入相同", "costs the same")
    words = Text("多投入 {m}", "costs {m} more") if amount > 0 else Text("少投入 {m}", "costs {m} less")
    return words.format(m=_money(abs(amount)))


def _listed(words: Sequence[Text]) -> Text:
    return Text("、".join(one.zh for one in words), ", ".join(one.en for one in words))
