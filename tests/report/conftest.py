"""Plans that the reports are tested on."""

import dataclasses

import pytest

from planner.bilingual import Text
from planner.coverage import measure_coverage
from planner.model import CandidateSites, Demand, Need, Note, ServiceStandard, Walker
from planner.plan import Plan
from tests.town import town_demand, town_nearest, town_plan, town_sites

SCRIPT = "<script>alert('x')</script>"
FORMULA = '=HYPERLINK("http://example.invalid")'


@pytest.fixture
def plan(tmp_path) -> Plan:
    return town_plan(tmp_path / "study")


@pytest.fixture
def audit(plan) -> Plan:
    solution = dataclasses.replace(plan.solution, opened=())
    return dataclasses.replace(plan, command="audit", after=plan.before, solution=solution)


@pytest.fixture
def bare(plan) -> Plan:
    """Return a plan without grids, catchments, gates, communities, or anybody's name."""
    table = plan.demand.table.drop(columns=["name", "compound", "grid", "community"])
    demand = Demand(table, plan.demand.groups)
    nearest = {sites: (town_nearest(sites),) * 2 for sites in (plan.before.open_sites, plan.after.open_sites)}
    before, after = (measure_coverage(demand, plan.needs, nearest[sites], plan.sites, sites) for sites in nearest)
    parts = {"grids": None, "gates": None, "before": before, "after": after, "notes": (), "parameters": ()}
    return dataclasses.replace(plan, demand=demand, catchments=plan.catchments.iloc[:0], **parts)


@pytest.fixture
def hostile(plan) -> Plan:
    """Return a plan whose names try to be scripts and formulas."""
    homes = plan.demand.table.assign(name=[SCRIPT, FORMULA, "+1", "-1", "@SUM(1)"], compound=FORMULA, community=SCRIPT)
    sites = plan.sites.table.assign(name=FORMULA, functions=SCRIPT, acquisition=SCRIPT)
    demand, stations = Demand(homes, plan.demand.groups), CandidateSites(sites)
    grids = dataclasses.replace(plan.grids, table=plan.grids.table.assign(name=SCRIPT))
    coverages = [
        measure_coverage(demand, plan.needs, (town_nearest(part.open_sites),) * 2, stations, part.open_sites, grids)
        for part in (plan.before, plan.after)
    ]
    return dataclasses.replace(
        plan,
        config=plan.config.model_copy(update={"name": SCRIPT, "synthetic": SCRIPT, "attribution": (SCRIPT,)}),
        demand=demand,
        sites=stations,
        grids=grids,
        before=coverages[0],
        after=coverages[1],
        notes=(Note("n", "warning", Text(SCRIPT, SCRIPT), (SCRIPT,)), Note("a", "assumption", Text(FORMULA, FORMULA))),
    )


@pytest.fixture
def cut_off(plan) -> Plan:
    """Return the plan with h5 unable to walk to any station."""
    return _measured(plan, plan.needs, lambda walks: dataclasses.replace(walks, reached=walks.origins != "h5"))


@pytest.fixture
def metres(plan) -> Plan:
    """Return the plan in the standard-distance mode, 900 m, for people who walk 1.2 m/s."""
    need = Need("resident_population", Walker("slow", speed_m_s=1.2), ServiceStandard(max_walk_m=900))
    return _measured(dataclasses.replace(plan, needs=(need,), costs=plan.costs[:1]), (need,), lambda walks: walks)


def _measured(plan, needs, change) -> Plan:
    coverages = [
        measure_coverage(
            town_demand(),
            needs,
            tuple(change(town_nearest(part.open_sites)) for _ in needs),
            town_sites(),
            part.open_sites,
            plan.grids,
        )
        for part in (plan.before, plan.after)
    ]
    return dataclasses.replace(plan, before=coverages[0], after=coverages[1])
