"""Binary data in a page: raw deflate in base64, which `planMap.bytes` of `bytes.js` unpacks without a network."""

from __future__ import annotations

import base64
import zlib


def deflated(data: bytes) -> bytes:
    """Return bytes in raw deflate (RFC 1951), which every browser's `DecompressionStream` reads; always the same."""
    packer = zlib.compressobj(level=9, wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def bytes_block(name: str, data: bytes) -> str:
    """Return binary data as a block that a page can hold.

    Parameters
    ----------
    name : str
        Id of the block: what `planMap.bytes` is given.
    data : bytes

    Examples
    --------
    >>> print(bytes_block("a", b"people"), end="")
    <script type="application/octet-stream" id="a">K0jNL8hJBQA=</script>
    """
    text = base64.b64encode(deflated(data)).decode("ascii")
    return f'<script type="application/octet-stream" id="{name}">{text}</script>\n'
