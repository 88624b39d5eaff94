"""Stops the tests where another package is imported as ``panel``."""

from __future__ import annotations

import sys

from regpanel import conflict

if message := conflict():
    sys.exit(message)
