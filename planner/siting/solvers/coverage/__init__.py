"""The largest coverage, proven: many exchanges, cuts, and a search over what is left."""
