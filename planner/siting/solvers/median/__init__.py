"""The p-median at scale: exchanges find the plan, multipliers bound it and decide most sites, HiGHS proves the rest."""
