"""plan.toml: what its keys are, and how it is read and refused."""

from planner.config.reading import read_plan
from planner.config.sections import (
    DEFAULT_NEED,
    ChangesConfig,
    ConstraintConfig,
    DemandConfig,
    EstimateConfig,
    GatesConfig,
    LayerConfig,
    MapConfig,
    NeedConfig,
    NetworkConfig,
    ObjectiveConfig,
    PlanConfig,
    ProposalsConfig,
    SolverConfig,
    WalkerConfig,
    WhatIfConfig,
    WorthConfig,
)

__all__ = [
    "DEFAULT_NEED",
    "ChangesConfig",
    "ConstraintConfig",
    "DemandConfig",
    "EstimateConfig",
    "GatesConfig",
    "LayerConfig",
    "MapConfig",
    "NeedConfig",
    "NetworkConfig",
    "ObjectiveConfig",
    "PlanConfig",
    "ProposalsConfig",
    "SolverConfig",
    "WalkerConfig",
    "WhatIfConfig",
    "WorthConfig",
    "read_plan",
]
