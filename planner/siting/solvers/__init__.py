"""The exact answer: stages around HiGHS, the only place that knows the solver."""
