"""Every client of Kafka is told the same of security, and no secret of it is shown."""

from __future__ import annotations

import ssl
import subprocess
import sys
from typing import Any

import pytest
from faststream.kafka.security import parse_security

from services.runtime.bus.client import connection
from services.runtime.bus.inbox import as_faststream
from services.runtime.settings import Settings

SECRET = "analytical"  # noqa: S105 - made up


def chosen(security: str, mechanism: str = "SCRAM-SHA-512") -> Settings:
    secret: dict[str, Any] = {"kafka_username": "ada", "kafka_password": SECRET}
    how: dict[str, Any] = {"kafka_security": security, "kafka_mechanism": mechanism}
    return Settings(_env_file=None, **how, **(secret if "SASL" in security else {}))


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("security", ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"])
def test_faststream_makes_of_it_what_aiokafka_is_told(security: str, mechanism: str) -> None:
    found = connection(chosen(security, mechanism), "left:1,right:2")
    options = found.options
    assert options.pop("bootstrap_servers") == ["left:1", "right:2"]
    assert parse_security(as_faststream(found.security)) == options
    assert options.get("security_protocol", "PLAINTEXT") == security
    assert isinstance(options.get("ssl_context"), ssl.SSLContext) == security.endswith("SSL")
    assert options.get("sasl_mechanism") == (mechanism if "SASL" in security else None)
    assert options.get("sasl_plain_password") == (SECRET if "SASL" in security else None)


def test_no_password_is_shown() -> None:
    assert SECRET not in repr(connection(chosen("SASL_SSL"), "left:1"))


def test_who_consumes_nothing_starts_without_faststream() -> None:
    """It is a third of what a process imports, and a command is a process."""
    parts = "scheduler", "publisher", "learning_programs", "operations", "api", "zapier"
    modules = [f"services.composition.{part}" for part in parts]
    look = f"import sys, {', '.join(modules)}; sys.exit('faststream' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
