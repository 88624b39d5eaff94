"""Composite indices: indicators in, one index and its weights out; structure and coupling."""
