"""Binary data in a page: packed small, carried as text, unpacked by the browser itself (see bytes.js)."""

from __future__ import annotations

import base64
import zlib


def bytes_block(name: str, data: bytes) -> str:
    r"""Return bytes as a block that a page can hold: base64 of zlib's format, the same text for the same bytes.

    Examples
    --------
    >>> print(bytes_block("walks", b"aaaaaaaa"), end="")
    <script type="application/octet-stream" id="walks">eNpLTIQAAA2sAwk=</script>
    """
    text = base64.b64encode(zlib.compress(data, 9)).decode("ascii")
    return f'<script type="application/octet-stream" id="{name}">{text}</script>\n'
