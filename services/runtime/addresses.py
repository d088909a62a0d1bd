"""Where the servers are: as the settings say, or where ``coursemark up`` started them."""

from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import quote

from services.runtime.settings import Settings


class NotRunningError(Exception):
    """``not_running``: an embedded server is meant and none was ever started here."""

    code = "not_running"


class Addresses(NamedTuple):
    """``kafka``: bootstrap servers; ``database``: a URL that holds its password."""

    kafka: str
    database: str


Side = Literal["api", "zapier"]
"""A part that listens for HTTP."""


def folders(settings: Settings) -> tuple[Path, Path]:
    """The folders of the embedded PostgreSQL and of the broker."""
    return settings.data / "postgres", settings.data / "kafka" / settings.kafka


def find(settings: Settings) -> Addresses:
    """Both addresses.

    Raises:
        NotRunningError: an embedded server has left no address in the data folder.
    """
    return Addresses(find_kafka(settings), find_database(settings))


def find_kafka(settings: Settings) -> str:
    """The bootstrap servers.

    Raises:
        NotRunningError: the embedded broker has left no address in the data folder.
    """
    if settings.kafka not in {"embedded", "apache"}:
        return settings.kafka
    return f"127.0.0.1:{_read(folders(settings)[1] / 'port', settings)}"


def find_database(settings: Settings) -> str:
    """The database's URL.

    Raises:
        NotRunningError: the embedded PostgreSQL has left no address in the data folder.
    """
    if not settings.embedded_database:
        return settings.database.get_secret_value()
    folder = folders(settings)[0]
    port, secret = _read(folder / "port", settings), _read(folder / "password", settings)
    return f"postgresql://coursemark:{quote(secret, safe='')}@127.0.0.1:{port}/coursemark"


def port_file(settings: Settings, side: Side) -> Path:
    """Where ``coursemark up`` keeps the port of a part that listens for HTTP."""
    return settings.data / side / "port"


def find_side(settings: Settings, side: Side) -> str:
    """The address, as this machine reaches it.

    Raises:
        NotRunningError: no port is set, and none was left in the data folder.
    """
    host: str = getattr(settings, f"{side}_host")
    port = getattr(settings, f"{side}_port") or _port(settings, side)
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared


def _port(settings: Settings, side: Side) -> str:
    try:
        return _read(port_file(settings, side), settings)
    except NotRunningError:
        raise NotRunningError(
            f"No part `{side}` listens by {settings.data}; start it with `coursemark up`, "
            f"or set COURSEMARK_{side.upper()}_PORT."
        ) from None


def _read(file: Path, settings: Settings) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise not_running(settings) from None


def not_running(settings: Settings) -> NotRunningError:
    """The error for an embedded server that is not there."""
    return NotRunningError(
        f"Nothing runs in {settings.data}; start it with `coursemark up`, or name servers "
        "with --kafka HOST:PORT and --database URL."
    )
