"""Stations that somebody wants open, before anything is counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GivenStations:
    """Which stations somebody wants open.

    Parameters
    ----------
    open_sites : tuple of ids, optional
        All that are open; instead of the next two.
    opens, closes : tuple of ids
        What opens beside the stations of today (and those that every plan opens), and what closes of them.
    from_plan : bool
        Whether these two are relative to the best plan under the same rules instead, as links of the map page are.
    name : str, optional
        What its author called it.
    plan_name : str, optional
        The plan it was made on.
    plan_fingerprint : str, optional
        Of the plan file and the inputs of that plan.
    source : str
        How faults name it.
    """

    open_sites: tuple[str, ...] | None = None
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    from_plan: bool = False
    name: str | None = None
    plan_name: str | None = None
    plan_fingerprint: str | None = None
    source: str = "what_if"

    @property
    def wanted(self) -> tuple[str, ...]:
        """The ids that are named as open."""
        return self.opens if self.open_sites is None else self.open_sites
