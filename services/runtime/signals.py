"""Stopping in good order when a person or a supervisor asks."""

import asyncio
import signal
import threading

_SIGNS = (signal.SIGINT, signal.SIGTERM)


def stop_at_signals() -> asyncio.Event:
    """An event that the first Ctrl-C or SIGTERM sets; a second one ends the process at once.

    On another thread than the main one, which alone hears signals, nothing sets it.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        return stop

    def asked() -> None:
        stop.set()
        for sign in _SIGNS:
            loop.remove_signal_handler(sign)

    for sign in _SIGNS:
        loop.add_signal_handler(sign, asked)
    return stop
