"""The running part: catalog and directory in, dead letters out, offsets last."""

from collections.abc import Sequence

from contracts import topics
from services.reference_data.catalog import Catalog
from services.reference_data.people import People
from services.runtime.bus.client import Connection
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.record import Record
from services.runtime.bus.taking import Take, Taking

WHAT = "the reference data"


class ReferenceData:
    """Handles batches of records of the catalog's and the directory's topics."""

    def __init__(
        self,
        catalog: Catalog,
        people: People,
        outbox: Outbox,
        connection: Connection,
        patience_seconds: float,
    ) -> None:
        self._takers: dict[str, Take] = {
            connection.topic(topics.CATALOG): catalog.handle,
            connection.topic(topics.DIRECTORY): people.handle,
        }
        self._taking = Taking(outbox, connection, patience_seconds, WHAT)

    async def handle(self, records: Sequence[Record]) -> None:
        """Handle a batch; when it returns, all that it led to is durable and acknowledged.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away; nothing is to be committed.
        """
        await self._taking.take(
            *(
                ([record for record in records if record.topic == topic], take)
                for topic, take in self._takers.items()
            )
        )
