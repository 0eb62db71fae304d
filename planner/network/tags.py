"""Which ways of OpenStreetMap people walk on: one small ordered table, shown to users in docs/streets.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from planner.network.inclines import slope_of


class Verdict(Enum):
    """What a rule decides about a way."""

    OUT = "out"
    PUBLIC = "public"
    PRIVATE = "private"


@dataclass(frozen=True)
class Rule:
    """A way whose `key` has one of `values` gets this verdict."""

    key: str
    values: tuple[str, ...]
    verdict: Verdict
    why: str

    def applies_to(self, tags: Mapping[str, str]) -> bool:
        """Whether the rule speaks about a way with these tags."""
        return tags.get(self.key) in self.values


_NOT_THERE = ("construction", "proposed", "planned", "abandoned", "disused", "razed", "demolished", "no")
_NOT_WALKED = (
    "motorway",
    "motorway_link",
    "raceway",
    "bus_guideway",
    "busway",
    "escape",
    "rest_area",
    "services",
    "emergency_bay",
    "via_ferrata",
)
_PERMISSION = ("yes", "designated", "permissive", "official")
_RESTRICTED = ("private", "permit", "customers", "residents", "delivery", "employees", "members", "military")
CARRIAGEWAYS = (
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "road",
    "track",
)
FOOTWAYS = ("footway", "path", "pedestrian", "steps", "corridor", "platform", "elevator", "bridleway", "cycleway")

#: The first rule that applies decides; a way to which no rule applies is left out.
RULES: tuple[Rule, ...] = (
    Rule("highway", _NOT_THERE, Verdict.OUT, "not built, or not there any more"),
    Rule("highway", _NOT_WALKED, Verdict.OUT, "not made for walking, whatever else is said"),
    Rule("route", ("ferry",), Verdict.OUT, "a ferry is no walk"),
    Rule("foot", ("no", "use_sidepath"), Verdict.OUT, "walking is forbidden, or has a path of its own beside"),
    Rule("foot", (*_RESTRICTED, "destination"), Verdict.PRIVATE, "only for those who belong there"),
    Rule("foot", _PERMISSION, Verdict.PUBLIC, "walking is allowed, whatever holds for others"),
    Rule("access", ("no",), Verdict.OUT, "closed to everybody, and nothing says that walkers are excepted"),
    Rule("motorroad", ("yes",), Verdict.OUT, "for motor vehicles only"),
    Rule("highway", ("cycleway",), Verdict.OUT, "for bicycles only: walked where `foot` allows it"),
    Rule("access", _RESTRICTED, Verdict.PRIVATE, "kept: it serves what lies on it, and nobody passes through"),
    Rule("service", ("private",), Verdict.PRIVATE, "an older way of saying `access=private`"),
    Rule("highway", CARRIAGEWAYS, Verdict.PUBLIC, "walked along its edge where no pavement is drawn"),
    Rule("highway", FOOTWAYS[:-1], Verdict.PUBLIC, "made for walking; areas are walked along their outline"),
)


def judge(tags: Mapping[str, str]) -> Verdict:
    """Decide whether a way is walked.

    Examples
    --------
    >>> judge({"highway": "footway"}), judge({"highway": "service", "access": "private"})
    (<Verdict.PUBLIC: 'public'>, <Verdict.PRIVATE: 'private'>)
    >>> judge({"highway": "motorway", "foot": "yes"}), judge({"building": "yes"})
    (<Verdict.OUT: 'out'>, <Verdict.OUT: 'out'>)
    """
    return next((rule.verdict for rule in RULES if rule.applies_to(tags)), Verdict.OUT)


class Crossing(Enum):
    """How a street is crossed."""

    NONE = 0
    PLAIN = 1
    SIGNALLED = 2


_SIGNALS = ("traffic_signals", "signals", "pelican", "puffin", "toucan")
_CROSSING_KEYS = ("footway", "path", "cycleway", "highway")


def crossing_of_way(tags: Mapping[str, str]) -> Crossing:
    """Return how a way crosses a street: `footway=crossing` and the like.

    Examples
    --------
    >>> crossing_of_way({"highway": "footway", "footway": "crossing", "crossing": "traffic_signals"}).name
    'SIGNALLED'
    """
    if not any(tags.get(key) == "crossing" for key in _CROSSING_KEYS):
        return Crossing.NONE
    return _signalled_or_plain(tags)


def crossing_of_node(tags: Mapping[str, str]) -> Crossing:
    """Return what happens where a path meets a street at this node.

    Examples
    --------
    >>> crossing_of_node({"highway": "crossing"}).name, crossing_of_node({"highway": "traffic_signals"}).name
    ('PLAIN', 'SIGNALLED')
    """
    if tags.get("highway") == "traffic_signals" and tags.get("crossing") != "no":
        return Crossing.SIGNALLED
    if tags.get("highway") == "crossing" or "crossing" in tags:
        return _signalled_or_plain(tags)
    return Crossing.NONE


def _signalled_or_plain(tags: Mapping[str, str]) -> Crossing:
    if tags.get("crossing") == "no":
        return Crossing.NONE
    if tags.get("crossing") in _SIGNALS or tags.get("crossing:signals", "no") != "no":
        return Crossing.SIGNALLED
    return Crossing.PLAIN


def stairs_of_way(tags: Mapping[str, str]) -> int:
    """Return +1 for steps that lead up in the direction of the way, -1 down, 2 where nothing says, 0 for no steps.

    Examples
    --------
    >>> [stairs_of_way({"highway": "steps", "incline": incline}) for incline in ("up", "-20%", "yes")]
    [1, -1, 2]
    """
    if tags.get("highway") != "steps":
        return 0
    incline = tags.get("incline", "")
    if incline == "up" or incline == "down":
        return 1 if incline == "up" else -1
    slope = slope_of(incline)
    return 2 if not slope else 1 if slope > 0 else -1


def incline_of_way(tags: Mapping[str, str]) -> float | None:
    """Return the slope in the direction of the way, a share of its length; None where no number says.

    Steps have their own speed and lifts none, so that neither has a slope.

    Examples
    --------
    >>> [incline_of_way({"highway": kind, "incline": "8%"}) for kind in ("footway", "steps", "elevator")]
    [0.08, None, None]
    """
    return None if tags.get("highway") in ("steps", "elevator") else slope_of(tags.get("incline", ""))


def off_ground(tags: Mapping[str, str]) -> bool:
    """Whether a way does not lie on the ground: a bridge, a tunnel; a passage through a building does.

    Examples
    --------
    >>> [off_ground(tags) for tags in ({"bridge": "yes"}, {"tunnel": "building_passage"}, {"bridge": "no"})]
    [True, False, False]
    """
    return tags.get("bridge", "no") != "no" or tags.get("tunnel", "no") not in ("no", "building_passage")


#: What `WayClass.wheels` says.
NO_WHEELCHAIRS, NO_RAMP, PRAM_RAMP, WHEELCHAIR_RAMP = -1, 0, 1, 2
_RAMP = ("yes", "designated", "separate")


def wheels_of_way(tags: Mapping[str, str]) -> int:
    """Return what tags say to those on wheels: steps with a ramp for prams or for wheelchairs too, ways without room.

    Examples
    --------
    >>> wheels_of_way({"highway": "steps", "ramp:wheelchair": "yes"}), wheels_of_way({"highway": "footway"})
    (2, 0)
    >>> wheels_of_way({"highway": "steps", "ramp:stroller": "yes"}), wheels_of_way({"wheelchair": "no"})
    (1, -1)
    """
    if tags.get("highway") != "steps":
        return NO_WHEELCHAIRS if tags.get("wheelchair") == "no" else NO_RAMP
    if tags.get("ramp:wheelchair") in _RAMP or tags.get("wheelchair") in _RAMP:
        return WHEELCHAIR_RAMP
    return PRAM_RAMP if tags.get("ramp:stroller") in _RAMP or tags.get("stroller") in _RAMP else NO_RAMP


def is_barrier(tags: Mapping[str, str]) -> bool:
    """Whether a node can hold walkers up: gates, bollards, turnstiles; a kerb cannot."""
    return tags.get("barrier", "no") not in ("no", "kerb")


#: Barriers that people on foot walk through or past.
_GAPS = ("entrance", "bollard", "block", "cycle_barrier", "cattle_grid", "toll_booth")


def is_closed(tags: Mapping[str, str]) -> bool:
    """Whether nobody passes a node: a barrier that is locked or closed to everybody, with no word for walkers.

    What is closed to strangers only (`access=private`) stays open: nothing tells who belongs behind it. So do gaps and
    posts, whose `access=no` is meant for vehicles.

    Examples
    --------
    >>> is_closed({"barrier": "gate", "access": "no"}), is_closed({"barrier": "gate", "access": "private"})
    (True, False)
    """
    if (
        not is_barrier(tags)
        or tags["barrier"] in _GAPS
        or tags.get("foot") in (*_PERMISSION, *_RESTRICTED, "destination")
    ):
        return False
    return tags.get("foot") == "no" or tags.get("access") == "no" or tags.get("locked") == "yes"


class WayClass(NamedTuple):
    """Everything the network wants to know about a way."""

    kind: str
    private: bool
    stairs: int
    crossing: int
    incline: float | None = None
    off_ground: bool = False
    wheels: int = NO_RAMP

    @property
    def leads_down(self) -> bool:
        """Whether it is said to lead down in its direction."""
        return self.stairs == -1 or (self.incline or 0.0) < 0

    @property
    def leads_up(self) -> bool:
        """Whether it is said to lead up in its direction."""
        return self.stairs == 1 or (self.incline or 0.0) > 0

    @property
    def turned(self) -> WayClass:
        """What the way is from its other end."""
        stairs = -self.stairs if abs(self.stairs) == 1 else self.stairs
        return self._replace(stairs=stairs, incline=-self.incline if self.incline else self.incline)

    @property
    def upward(self) -> WayClass:
        """What the way is from its lower end, where that is known."""
        return self.turned if self.leads_down else self


#: The tags of a way that decide anything.
WAY_KEYS = frozenset(
    {"highway", "foot", "access", "service", "motorroad", "route", "footway", "path", "cycleway", "crossing"}
    | {"crossing:signals", "incline", "bridge", "tunnel", "wheelchair", "ramp:wheelchair", "ramp:stroller", "stroller"}
)
#: The tags of a node that decide anything.
NODE_KEYS = frozenset({"highway", "barrier", "crossing", "crossing:signals", "access", "foot", "locked"})


def classify(tags: Mapping[str, str]) -> WayClass | None:
    """Return what a way is to a walker; None where nobody walks."""
    verdict = judge(tags)
    if verdict is Verdict.OUT or "highway" not in tags:
        return None
    return WayClass(
        tags["highway"],
        verdict is Verdict.PRIVATE,
        stairs_of_way(tags),
        crossing_of_way(tags).value,
        incline_of_way(tags),
        off_ground(tags),
        wheels_of_way(tags),
    )


def is_listed(highway: str) -> bool:
    """Whether the table of rules knows this kind of way."""
    return any(highway in rule.values for rule in RULES if rule.key == "highway")


class TagReader:
    """Classifies ways by their tags and remembers each combination it has seen."""

    def __init__(self, classify: Callable[[Mapping[str, str]], WayClass | None] = classify) -> None:
        self._classify = classify
        self._seen: dict[frozenset[tuple[str, str]], int] = {}
        self._place: dict[WayClass, int] = {}
        self.classes: list[WayClass] = []

    def __call__(self, tags: Iterable[tuple[str, str]]) -> int:
        """Return the position in `classes`, or -1 where nobody walks."""
        deciding = frozenset(tags)
        place = self._seen.get(deciding)
        if place is None:
            found = self._classify(dict(deciding))
            place = -1 if found is None else self._place_of(found)
            self._seen[deciding] = place
        return place

    def _place_of(self, found: WayClass) -> int:
        if found not in self._place:
            self._place[found] = len(self.classes)
            self.classes.append(found)
        return self._place[found]
