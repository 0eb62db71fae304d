"""What several rooms' tests share."""

from tests.browser import browser, open_offline

#: One browser for all tests of a worker: two would need two event loops in one thread.
__all__ = ["browser", "open_offline"]
