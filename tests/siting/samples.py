"""Parameters to try for every objective and constraint of the visible lists. A newcomer adds its own here.

The first of each must need nothing that a problem of random numbers lacks, as areas and names are.
"""

OBJECTIVE_SAMPLES = {
    "max_coverage": [{}],
    "fewest_sites": [{}],
    "total_walk": [{}],
    "longest_walk": [{}],
    "least_cost": [{}],
    "gradual_coverage": [{}, {"shape": "steps", "full_within": 0.2, "nothing_beyond": 2.0}],
    "backup_coverage": [{}, {"stations": 3, "primary_weight": 0.5}],
    "fairest": [{}, {"of": "grid"}, {"of": "community"}],
    "in_order": [
        {"steps": ["max_coverage", "least_cost"]},
        {"steps": ["least_cost", {"name": "fairest", "of": "grid"}]},
        {"steps": ["longest_walk", "fewest_sites", "backup_coverage"]},
        {"steps": ["fewest_sites", "total_walk"]},
    ],
}

CONSTRAINT_SAMPLES = {
    "station_count": [
        {"stations": 3},
        {"at_least": 4, "at_most": 5},
        {"at_most": 2},
        {"new_stations": 2},
        {"new_at_least": 1, "new_at_most": 2},
    ],
    "keep_open": [{}, {"sites": ["s6"]}],  # at_the_same_place: test_actions.py
    "keep_closed": [{"sites": ["s5"]}, {"sites": ["s3", "s6"]}],
    "cover_everyone": [{}, {"group": "residents"}, {"except_out_of_reach": True}],
    "coverage_target": [
        {"share": 0.5},
        {"share": 0.75, "of": "grid", "group": "residents"},
        {"share": 0.9, "of": "community", "except_out_of_reach": True},
    ],
    "budget": [{"max_cost_10k_cny": 45}],
    "capacity": [{"assigned": "nearest"}],  # with_room: test_capacitated.py
    "spacing": [{"min_m": 500}, {"min_m": 700}],
    "per_area": [{"at_least": 1}, {"of": "community", "at_most": 2}, {"at_least": 1, "at_most": 1, "areas": ["g1"]}],
    "either_or": [{"sites": ["s3", "s5"]}, {"sites": ["s10", "s2", "s6"], "exactly_one": True}],
    "together": [{"sites": ["s3", "s10"]}, {"sites": ["s2", "s5", "s4"]}],
    "at_most_changes": [{"changes": 2, "opened": ["s10"], "closed": ["s2"]}, {"changes": 1, "opened": []}],
    "suitability": [{"column": "score", "at_least": 3}],
}
