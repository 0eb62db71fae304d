"""How figures are written, the same on every output."""

from __future__ import annotations

import math

from planner.bilingual import Text


def percent(share: float) -> str:
    """Return a share in percent, one decimal; never rounded up to all or down to nobody.

    Examples
    --------
    >>> percent(0.99999), percent(0.00001), percent(1.0), percent(0.25), percent(float("nan"))
    ('>99.9%', '<0.1%', '100.0%', '25.0%', '—')
    """
    if math.isnan(share):
        return "—"
    shown = f"{share:.1%}"
    if shown == "100.0%" and share < 1:
        return ">99.9%"
    return "<0.1%" if shown == "0.0%" and share > 0 else shown


def people(count: float) -> str:
    """Return people as a whole number with thousands apart."""
    return "—" if math.isnan(count) else f"{count:,.0f}"


def minutes(walk_min: float) -> str:
    """Return minutes with one decimal."""
    return "—" if math.isnan(walk_min) else f"{walk_min:.1f}"


def money(cost_cny: float) -> Text:
    """Return an amount as Chinese offices write it, and in CNY.

    Examples
    --------
    >>> money(155_000).zh, money(155_000).en
    ('15.5 万元', 'CNY 155,000')
    """
    return Text(f"{ten_thousands(cost_cny)} 万元", f"CNY {cost_cny:,.0f}")


def ten_thousands(cost_cny: float) -> str:
    """Return an amount in 万元 without needless zeros.

    Examples
    --------
    >>> ten_thousands(150_000), ten_thousands(1_234_567), ten_thousands(0)
    ('15', '123.46', '0')
    """
    shown = f"{cost_cny / 10_000:,.2f}"
    return shown.rstrip("0").rstrip(".")
