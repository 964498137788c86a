"""The two kinds of process an installation is made of: web, and worker."""

import argparse
import asyncio
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from anxiu.project.terminal import words
from anxiu.project.watching.numbers import shared

if TYPE_CHECKING:
    import uvicorn

STREAMS_END_SECONDS = 2  # open live streams would otherwise keep a stopping server for ever
LAST_WORD_SECONDS = 20
# A job that is told of while a worker looks for one is only found the next time it looks: the library forgets the word.
LOOK_SECONDS = 0.2
STARTUP_FAILURE = 3  # as uvicorn itself says it


def web(arguments: list[str]) -> int:
    """Serve pages, API and live streams."""
    parser = argparse.ArgumentParser(prog="anxiu web")
    parser.add_argument("--host", default="127.0.0.1", help=words("address to listen on", "监听地址"))
    parser.add_argument("--port", type=int, default=8000, help=words("port to listen on", "监听端口"))
    parser.add_argument("--processes", type=int, default=1, help=words("number of processes", "进程数"))
    chosen = parser.parse_args(arguments)
    end_with_supervisor()

    with shared():
        serve("anxiu.project.asgi:application", chosen.host, chosen.port, chosen.processes)
    return 0


def serve(application: str, host: str, port: int, processes: int) -> None:
    """Serve an application until told to stop."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        workers=processes,
        http="httptools",
        lifespan="on",
        timeout_graceful_shutdown=STREAMS_END_SECONDS,
        timeout_keep_alive=30,
        access_log=False,  # it would keep addresses and query strings; what must be traced is traced by the actions
        proxy_headers=False,  # read in asgi.py, where the number of our proxies is known
        server_header=False,
        log_level="warning",
        log_config=None,  # ours: its lines go where all others go
    )
    server = uvicorn.Server(config)
    with suppress(KeyboardInterrupt):
        if processes > 1:
            Multiprocess(config, sockets=[listening(config)]).run()
            return
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)


def listening(config: "uvicorn.Config") -> socket.socket:
    """The socket that several processes listen on.

    Its connections send at once. Those that asyncio opens itself do; without it every answer, whose head and body go
    out one after the other, would wait 40 ms for the client to acknowledge the head.
    """
    made: socket.socket = config.bind_socket()
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def worker(arguments: list[str]) -> int:
    """Run jobs, and take part in electing the sequencer. Ends when the database restarts: start it always anew."""
    parser = argparse.ArgumentParser(prog="anxiu worker")
    parser.add_argument("--concurrency", type=int, default=4, help=words("jobs at a time", "并发任务数"))
    chosen = parser.parse_args(arguments)
    end_with_supervisor()

    import django

    django.setup()
    from anxiu.kernel.sequencer import run_forever

    _warm()
    stop = threading.Event()
    sequencer = threading.Thread(target=run_forever, args=[stop], name="sequencer")
    sequencer.start()
    try:
        asyncio.run(_work(chosen.concurrency))
    finally:
        stop.set()
        sequencer.join(LAST_WORD_SECONDS)
    return 0


def _warm() -> None:
    """Load the texts of both languages now, which the first job would load while somebody waits for it."""
    from django.conf import settings
    from django.utils.translation import gettext, override

    for language, _name in settings.LANGUAGES:
        with override(language):
            gettext("Order")


async def _work(concurrency: int) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        async with working.open_async():
            await working.run_worker_async(
                concurrency=concurrency,
                delete_jobs="successful",  # otherwise its tables grow by every event
                fetch_job_polling_interval=LOOK_SECONDS,
                shutdown_graceful_timeout=LAST_WORD_SECONDS / 2,
            )


def end_with_supervisor() -> None:
    """End when the supervisor dies, even by kill -9: then the pipe that only it can write to is closed."""
    lifeline = os.environ.pop("ANXIU_LIFELINE", "")
    if lifeline:
        threading.Thread(target=_wait_for_the_end, args=[int(lifeline)], daemon=True, name="lifeline").start()


def end_with_parent() -> None:
    """One of several web processes: end when the one that started them dies, or it would keep their port for ever."""
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_end_after, args=[parent.join], daemon=True, name="parent").start()


def _wait_for_the_end(descriptor: int) -> None:
    _end_after(lambda: os.read(descriptor, 1))


def _end_after(waiting: Callable[[], object]) -> None:
    waiting()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LAST_WORD_SECONDS)
    os._exit(1)
