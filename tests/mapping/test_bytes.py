"""Binary data travels in a page whole, and an old browser is told so."""

import zlib

import numpy as np
import pytest

from planner.mapping.bytes import bytes_block, deflated
from planner.mapping.elements import asset
from planner.page_policy import POLICY_PLACE, with_policy
from tests.browser import OpenOffline


def test_packed_bytes_are_raw_deflate() -> None:
    data = bytes(range(256)) * 40
    assert zlib.decompress(deflated(data), wbits=-zlib.MAX_WBITS) == data


def page_with(data: bytes) -> str:
    scripts = f"<script>var planMap = {{}};</script><script>{asset('bytes.js')}</script>"
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY_PLACE}">'
    return with_policy(f"<!doctype html><meta charset=utf-8>{policy}{scripts}<body>{bytes_block('a', data)}")


@pytest.mark.browser
def test_a_browser_reads_back_the_same_bytes_or_says_why_not(open_offline: OpenOffline) -> None:
    data = np.random.default_rng(1).integers(0, 256, 100_000, dtype=np.uint8).tobytes()
    opened = open_offline(page_with(data))
    read = "planMap.bytes('a').then(found => Array.from(found))"
    assert bytes(opened.page.evaluate(read)) == data
    told = opened.page.evaluate(
        "(window.DecompressionStream = undefined, planMap.bytes('a').catch(error => error.words))"
    )
    assert "浏览器" in told[0]
    assert "browser" in told[1]
    assert opened.complaints == []
