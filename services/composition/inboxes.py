"""Records of Kafka, for the parts that consume them; who does not, does without FastStream."""

from services.runtime.bus.client import Connection
from services.runtime.bus.inbox import PARTITION_FETCH, Handler, Inbox
from services.runtime.settings import Settings
from services.runtime.topology import PARTS
from services.store.ownership import Ownership


def inbox_of(
    settings: Settings,
    cluster: Connection,
    name: str,
    handle: Handler,
    *,
    ownership: Ownership | None = None,
    fetch_bytes: int = PARTITION_FETCH,
) -> Inbox:
    """What hands a part the records that it consumes, as the topology says.

    Raises:
        ValueError: the part consumes nothing.
    """
    part = PARTS[name]
    if part.group is None:
        raise ValueError(f"the part {name} consumes nothing")
    return Inbox(
        cluster,
        group=part.group,
        topics=part.consumes,
        handle=handle,
        max_records=settings.command_batch,
        silence_seconds=settings.silence_seconds,
        ownership=ownership,
        fetch_bytes=fetch_bytes,
    )
