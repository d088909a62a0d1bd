"""The running part: catalog and directory in, dead letters out, offsets last."""

from collections.abc import Awaitable, Callable, Sequence

from contracts import topics
from services.reference_data.catalog import Catalog
from services.reference_data.people import People
from services.runtime.bus.client import Connection
from services.runtime.bus.halving import by_halves
from services.runtime.bus.outbox import Outbox
from services.runtime.bus.record import Record
from services.runtime.bus.undeliverable import DeadRecord, bury
from services.runtime.patience import patiently

WHAT = "the reference data"

Take = Callable[[Sequence[Record]], Awaitable[list[DeadRecord]]]


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
        self._outbox = outbox
        self._connection = connection
        self._patience = patience_seconds

    async def handle(self, records: Sequence[Record]) -> None:
        """Handle a batch; when it returns, all that it led to is durable and acknowledged.

        Raises:
            OutOfPatienceError: PostgreSQL or Kafka stayed away; nothing is to be committed.
        """
        dead: list[DeadRecord] = []
        for topic, take in self._takers.items():
            of_topic = [record for record in records if record.topic == topic]
            refused, broken = await by_halves(of_topic, take, self._patience, WHAT)
            dead += refused + broken
        await patiently(lambda: bury(self._outbox, self._connection, dead), self._patience, WHAT)
