"""The planner: who cannot reach a community service station on foot, and where the next ones should go."""
