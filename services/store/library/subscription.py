"""The library's subscription, by polling."""

from collections import deque
from collections.abc import Sequence
from threading import Event

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

PAGE = 500
POLL_SECONDS = 0.05


class PollingSubscription(Subscription[ApplicationRecorder]):
    """Yields notifications as they come; ``stop()`` ends it from any thread."""

    def __init__(
        self,
        recorder: ApplicationRecorder,
        gt: int | None = None,
        topics: Sequence[str] = (),
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._waiting: deque[Notification] = deque()
        self._stopped = Event()

    def stop(self) -> None:
        """Stop the subscription."""
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._waiting and not self._stopped.is_set():
            self._waiting.extend(
                self._recorder.select_notifications(
                    start=self._last_notification_id,
                    limit=PAGE,
                    topics=self._topics,
                    inclusive_of_start=False,
                )
            )
            if not self._waiting:
                self._stopped.wait(POLL_SECONDS)
        if self._stopped.is_set():
            raise StopIteration
        notification = self._waiting.popleft()
        self._last_notification_id = notification.id
        return notification
