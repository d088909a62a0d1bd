"""A structured CloudEvent by plain aiokafka, with nothing of ours; prints the result it got."""

import argparse
import asyncio
import json
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

ENROL = {
    "specversion": "1.0",
    "id": str(uuid4()),
    "source": "/docs/plain-cloudevent",
    "type": "coursemark.commands.enroll_learner.v1",
    "data": {"school": "riverside", "learner": "u-1204", "course": "biology-1"},
}
TYPE = [("content-type", b"application/cloudevents+json")]


async def main(kafka: str) -> None:
    """Stand at the end of the results, send the command, wait for its result."""
    results = AIOKafkaConsumer("coursemark.results.v1", bootstrap_servers=kafka)
    async with results, AIOKafkaProducer(bootstrap_servers=kafka) as producer, asyncio.timeout(60):
        await results.seek_to_end()
        await asyncio.gather(*map(results.position, results.assignment()))
        body, key = json.dumps(ENROL).encode(), b"riverside/u-1204"
        await producer.send_and_wait("coursemark.commands.v1", body, key, headers=TYPE)
        async for record in results:
            if json.loads(record.value)["command_id"] == ENROL["id"]:
                print(record.value.decode())
                return


flags = argparse.ArgumentParser()
flags.add_argument("--kafka", required=True, metavar="HOST:PORT")
asyncio.run(main(flags.parse_args().kafka))
