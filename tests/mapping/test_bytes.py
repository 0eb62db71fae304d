"""Binary data arrives in the page as it was packed, and asks for nothing."""

import random

import pytest

from planner.mapping.bytes import bytes_block
from planner.mapping.elements import asset
from planner.mapping.page import POLICY
from tests.browser import OpenOffline

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("data", [b"", bytes(range(256)), random.Random(1).randbytes(100_000)], ids=len)
def test_bytes_arrive_under_the_policy_of_the_page(open_offline: OpenOffline, data: bytes) -> None:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><link rel="icon" href="data:,">'
    scripts = f"<script>{asset('core.js').replace('L.Evented.extend', '(() => function () {})')}</script>"
    scripts += f"<script>{asset('bytes.js')}</script>"
    opened = open_offline(f"<!doctype html>{policy}{bytes_block('block', data)}{scripts}")
    assert bytes(opened.page.evaluate("async () => Array.from(await planMap.bytes('block'))")) == data
    assert opened.requests == []
    assert opened.complaints == []
