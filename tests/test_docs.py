"""The documentation names what the program knows."""

import re
from pathlib import Path

import pytest

from planner import config

DOCS = Path(__file__).resolve().parents[1] / "docs"

SECTIONS = [
    config.PlanConfig,
    config.LayerConfig,
    config.GatesConfig,
    config.DemandConfig,
    config.EstimateConfig,
    config.NetworkConfig,
    config.WalkerConfig,
    config.NeedConfig,
    config.SolverConfig,
    config.WorthConfig,
    config.WhatIfConfig,
    config.MapConfig,
]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_every_key_of_the_plan_file_is_in_the_reference(section: type) -> None:
    reference = (DOCS / "reference.md").read_text(encoding="utf-8")
    known = {word for code in re.findall(r"`([^`]+)`", reference) for word in re.split(r"[^a-z0-9_]+", code)}
    assert set(section.model_fields) <= known


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [*DOCS.glob("*.md"), DOCS.parent / "README.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
