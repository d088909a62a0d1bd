"""Mark activities complete for a learner, and print the result that Coursemark gives.

Needs `coursemark-contracts` and `aiokafka`; see send-a-command.md. The exit code is 0 for
accepted, 1 for rejected, 2 for a command that is none, 3 for no answer.
"""

import argparse
import asyncio
import sys
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError
from coursemark_contracts import commands, envelope, problems, registry, results, topics
from pydantic import ValidationError

SECONDS = 60
"""How long to wait for the result; a consumer that is starting may need some."""


def read_flags() -> argparse.Namespace:
    """What to ask for; the defaults are made up."""
    flags = argparse.ArgumentParser(description="Mark activities complete for one learner.")
    flags.add_argument("--kafka", required=True, metavar="HOST:PORT")
    flags.add_argument("--id", default=str(uuid4()), help="the same again repeats nothing")
    flags.add_argument("--school", default="riverside")
    flags.add_argument("--learner", default="u-1204")
    flags.add_argument("--course", default="biology-1")
    flags.add_argument("--actor", default="u-7", help="the administrator who asks for it")
    flags.add_argument("--activity", action="append", help="several times; none: whole course")
    flags.add_argument("--email", action="store_true", help="send the completion e-mail")
    return flags.parse_args()


def make_command(flags: argparse.Namespace) -> commands.MarkComplete:
    """The command, checked here by the rules that Coursemark checks it by."""
    return commands.MarkComplete(
        school=flags.school,
        learner=flags.learner,
        course=flags.course,
        actor=flags.actor,
        activities=tuple(flags.activity) if flags.activity else commands.WHOLE_COURSE,
        send_completion_email=flags.email,  # there is no default: a producer has to say it
    )


async def send(kafka: str, command_id: str, command: commands.Command) -> results.Result:
    """Send a command and wait for its result."""
    key = topics.learner_key(command.school, command.learner).encode()
    event = envelope.Envelope(
        id=command_id,
        type=registry.name_of(command),
        source="/docs/send-a-command",
        data=command.to_json(),
    )
    consumer = AIOKafkaConsumer(topics.RESULTS, bootstrap_servers=kafka)
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    try:
        await consumer.start()
        await producer.start()
        await stand_at_the_end(consumer)  # before the command goes out, or its result is missed
        await producer.send_and_wait(
            topics.COMMANDS, event.data, key, headers=envelope.write(event)
        )
        async with asyncio.timeout(SECONDS):
            return await result_of(command_id, key, consumer)
    finally:
        await producer.stop()
        await consumer.stop()


async def stand_at_the_end(consumer: AIOKafkaConsumer) -> None:
    """From here on the consumer gets whatever is written later, in every partition."""
    await consumer.seek_to_end()
    for partition in consumer.assignment():
        await consumer.position(partition)  # waits until the broker has said where the end is


async def result_of(command_id: str, key: bytes, consumer: AIOKafkaConsumer) -> results.Result:
    """The result of that command; other results pass by."""
    async for record in consumer:
        if record.key != key:  # a result has the key of its command
            continue
        read = envelope.read(record.value, record.headers)
        result = registry.RESULTS[read.type].model_validate_json(read.data)
        if result.command_id == command_id:
            return result
    raise RuntimeError("the consumer was stopped")


def main() -> int:
    """Send what the flags say; returns the exit code."""
    flags = read_flags()
    try:
        command = make_command(flags)
        result = asyncio.run(send(flags.kafka, flags.id, command))
    except ValidationError as error:
        print(problems.sentence(error), file=sys.stderr)
        return 2
    except KafkaError as error:
        what = type(error).__name__
        print(f"{what}: see that Coursemark runs on the Kafka at {flags.kafka}.", file=sys.stderr)
        return 3
    except TimeoutError:
        again = f"send it again with --id {flags.id}"
        print(f"No result within {SECONDS} s; {again}, which repeats nothing.", file=sys.stderr)
        return 3
    print(result.to_json().decode())
    return 0 if isinstance(result, results.CommandAccepted) else 1


if __name__ == "__main__":
    sys.exit(main())
