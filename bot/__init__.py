"""Backstop stands behind customer-service reps."""

from typing import Final

VERSION: Final = "0.1.0"
