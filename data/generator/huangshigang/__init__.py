"""Huangshigang: a dense old quarter between a river and a lake, and a quarter of an hour on foot (synthetic layout)."""
