"""What several rooms' tests share."""

import os

from hypothesis import settings

from tests.browser import browser, open_offline

#: One browser for all tests of a worker: two would need two event loops in one thread.
__all__ = ["browser", "open_offline"]

#: Where nobody can follow up a chance find, every run tries the same examples. Elsewhere each run tries new ones.
settings.register_profile("same_examples", derandomize=True, deadline=None, database=None)
if os.environ.get("CI"):
    settings.load_profile("same_examples")
