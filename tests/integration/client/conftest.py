"""The running API of ``tests/integration/api``, for both clients."""

from __future__ import annotations

from tests.integration.api.conftest import api, running

__all__ = ["api", "running"]
