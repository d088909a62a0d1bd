"""What ``coursemark up`` tells a person, or a program."""

from importlib.metadata import version

from rich.text import Text

from services.cli.output import console, write_json
from services.runtime.addresses import Addresses, find_side
from services.runtime.settings import Settings, masked


class Printer:
    """For a person, on stdout."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._console = console()

    def starting(self) -> None:
        """What, and where its data are."""
        data = self._settings.data
        self._print(f"[bold]Coursemark {version('coursemark')}[/], data in {data}\n")

    def ready(self, name: str, seconds: float) -> None:
        """A line for each server and part."""
        self._print(f"  [green]✓[/] {name:<20} ready after {seconds:.1f} s")

    def died(self, name: str, how: str, pause: float) -> None:
        """It comes back by itself; a person wants to know why."""
        self._console.print(Text(f"  ! {name} {how.strip()}", style="yellow"))
        self._print(f"    It is started again in {pause:.1f} s.")

    def stopped(self, name: str) -> None:
        """One less."""
        self._print(f"  [dim]·[/] {name:<20} stopped")

    def serving(self, addresses: Addresses, seconds: float) -> None:
        """Where everything is, and what to try."""
        settings = self._settings
        memory = " (in memory: its topics end with this process)"
        self._print(f"\n[bold green]Ready[/] after {seconds:.1f} s.\n")
        for what, where in (
            ("Kafka", addresses.kafka + (memory if settings.embedded_broker else "")),
            ("PostgreSQL", masked(addresses.database)),
            ("API", find_side(settings, "api")),
            ("Logs of the parts", str(settings.data / "logs")),
            ("E-mails", settings.smtp_host or f"{settings.mails} (no mail server is set)"),
        ):
            self._console.print(Text(f"  {what:<20} {where}"))
        self._print("\nTry, in another terminal:")
        tries = [(f"coursemark {words}{_flags(settings)}", what) for words, what in _TRY]
        width = max(len(line) for line, _ in tries)
        for line, what in tries:
            self._console.print(Text(f"  {line:<{width}}  "), Text(what, style="dim"), sep="")
        self._print("\nCtrl-C stops everything in good order.")

    def stopping(self) -> None:
        """The parts finish their batches first."""
        self._print("\nStopping: the parts finish what they have begun, then the servers stop.")

    def farewell(self, settings: Settings) -> None:
        """What stays and what does not."""
        if settings.embedded_broker:
            self._print(
                "Stopped. The embedded broker's topics are gone, as it keeps them in memory; "
                "everything acknowledged in PostgreSQL stays."
            )
        else:
            self._print("Stopped. Everything acknowledged stays.")

    def _print(self, markup: str) -> None:
        self._console.print(markup)


class JsonPrinter:
    """For a program: a line of JSON for whatever happens; no secrets."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def starting(self) -> None:
        """The data folder is ours."""
        write_json({"happened": "starting"})

    def ready(self, name: str, seconds: float) -> None:
        """A server or part is at work."""
        write_json({"happened": "ready", "name": name, "seconds": round(seconds, 3)})

    def died(self, name: str, how: str, pause: float) -> None:
        """A server or part died."""
        write_json({"happened": "died", "name": name, "how": how, "again_after": pause})

    def stopped(self, name: str) -> None:
        """A server or part has stopped."""
        write_json({"happened": "stopped", "name": name})

    def serving(self, addresses: Addresses, seconds: float) -> None:
        """All are at work."""
        write_json(
            {
                "happened": "serving",
                "kafka": addresses.kafka,
                "database": masked(addresses.database),
                "api": find_side(self._settings, "api"),
                "seconds": round(seconds, 3),
            }
        )

    def stopping(self) -> None:
        """All are to stop."""
        write_json({"happened": "stopping"})

    def farewell(self, settings: Settings) -> None:
        """All have stopped."""
        write_json({"happened": "stopped_all", "topics_kept": not settings.embedded_broker})


_TRY = (
    ("doctor", "whether everything is well"),
    ("send --file docs/how-to/riverside.jsonl", "a school, a course and some commands"),
    ("show riverside u-1204", "a learner's card"),
    ("watch", "events as they happen"),
)


def _flags(settings: Settings) -> str:
    """What another terminal has to say to find the same servers."""
    defaults = type(settings).model_fields
    flags = [
        f" --{name} {value}"
        for name, value in (("kafka", settings.kafka), ("data", settings.data))
        if value != defaults[name].default
    ]
    return "".join(flags)
