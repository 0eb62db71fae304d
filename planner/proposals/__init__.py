"""Where a station could stand, where none or too few places are given: proposed by the planner, checked by nobody."""

from planner.proposals.proposing import Proposed, propose, propose_sites, with_proposals

__all__ = ["Proposed", "propose", "propose_sites", "with_proposals"]
