"""Parameters to try for every objective and constraint of the visible lists. A newcomer adds its own here."""

OBJECTIVE_SAMPLES = {
    "max_coverage": [{}],
    "fewest_sites": [{}],
    "total_walk": [{}],
    "longest_walk": [{}],
    "least_cost": [{}],
    "gradual_coverage": [{}, {"shape": "steps", "full_within": 0.2, "nothing_beyond": 2.0}],
    "backup_coverage": [{}, {"stations": 3, "primary_weight": 0.5}],
}

CONSTRAINT_SAMPLES = {
    "station_count": [{"stations": 3}, {"at_least": 4, "at_most": 5}, {"at_most": 2}, {"new_stations": 2}],
    "keep_open": [{}, {"sites": ["s6"]}],  # at_the_same_place: test_actions.py
    "cover_everyone": [{}, {"group": "residents"}, {"except_out_of_reach": True}],
    "budget": [{"max_cost_10k_cny": 45}],
    "capacity": [{"assigned": "nearest"}],  # with_room: test_capacitated.py
}
