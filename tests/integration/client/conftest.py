"""Both clients before the running API, with schools of the test's own."""

from __future__ import annotations

from tests.integration.api.conftest import api, running

__all__ = ["api", "running"]
