"""What each change of the streets would bring by itself, beside each station that could be opened instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

#: With the stations of today, and with those of the plan.
MOMENTS = ("today", "plan")


@dataclass(frozen=True, eq=False)
class Alternatives:
    """Changes of the streets and closed sites, each by itself: how many people more are within the standard.

    Parameters
    ----------
    table : DataFrame, index `id`
        One row a change, then one a site that is closed today, each in order of id. `what` (`change` or `site`),
        `name`, `kind` (of the change, or the status of the site), `cost_cny`, `is_on` (the plan makes the change, or
        opens the site), and for each need k, counted from 1, `people_today_k` and `people_plan_k`: people newly within
        the standard with the stations of today, and with those of the plan. Where people are lost the number is
        negative. For a change that is made, against the streets without it; for a site that the plan opens, missing in
        `people_plan_k`.
    needs : int
        Number of needs.
    reached : mapping of id to tuple of Index
        For each change that the plan does not make, and for each need, the demand points that it would bring within
        the standard beside the stations of the plan.
    """

    table: pd.DataFrame
    needs: int
    reached: Mapping[str, tuple[pd.Index, ...]] = field(default_factory=dict)

    def cost_per_100(self, moment: str, need: int) -> npt.NDArray[np.float64]:
        """Return what it costs to bring 100 people within the standard, CNY; NaN where nobody is.

        Parameters
        ----------
        moment : str
            One of `MOMENTS`.
        need : int
            Counted from 1.
        """
        people = self.table[f"people_{moment}_{need}"].to_numpy(dtype=np.float64)
        cost_cny = self.table["cost_cny"].to_numpy(dtype=np.float64)
        return np.divide(100 * cost_cny, people, out=np.full(len(people), np.nan), where=people > 0)
