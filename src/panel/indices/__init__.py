"""Composite indices: indicators in, one index and its weights out."""

from panel.indices.entropy import EntropyIndex, entropy_index

__all__ = ["EntropyIndex", "entropy_index"]
