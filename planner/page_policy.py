"""What a page allows itself: its own scripts as they stand, and nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
import re

#: Stands in a page where its policy comes; the page is asked for nothing else before it is filled in.
POLICY_PLACE = "{{content security policy}}"

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def with_policy(page: str, images: tuple[str, ...] = ()) -> str:
    """Return a page with its content security policy in the place of `POLICY_PLACE`.

    Scripts run only if they stand in the page as it was written: each is named by the SHA-256 of its text. Nothing is
    asked for anywhere, no form is sent, and nothing is embedded. Styles may stand in the page and on its elements.

    Parameters
    ----------
    page : str
        Its own scripts are bare `<script>` elements; blocks of data carry a type and are never run.
    images : tuple of str
        Hosts that pictures may come from, as the policy names them; none unless the plan asks for them.

    Examples
    --------
    >>> page = with_policy(f'<meta http-equiv="Content-Security-Policy" content="{POLICY_PLACE}"><script>1</script>')
    >>> "script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='" in page
    True
    """
    hashes = dict.fromkeys(_hash_of(script) for script in _SCRIPT.findall(page))
    scripts = " ".join(f"'{one}'" for one in hashes) or "'none'"
    rules = (
        "default-src 'none'",
        f"script-src {scripts}",
        "style-src 'unsafe-inline'",
        " ".join(("img-src data:", *images)),
        "connect-src 'none'",
        "object-src 'none'",
        "form-action 'none'",
        "base-uri 'none'",
    )
    return page.replace(POLICY_PLACE, "; ".join(rules), 1)


def _hash_of(script: str) -> str:
    """Return the fingerprint of a script as browsers see it: with one kind of line ends."""
    seen = script.replace("\r\n", "\n").replace("\r", "\n")
    return "sha256-" + base64.b64encode(hashlib.sha256(seen.encode("utf-8")).digest()).decode("ascii")
