"""Stops the tests where another package is imported as ``panel``."""

from __future__ import annotations

import pytest

from regpanel import conflict

if message := conflict():
    pytest.exit(message, returncode=2)
