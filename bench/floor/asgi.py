"""The floor behind the same router as ours: a WSGI application on the bridge's threads."""

import os
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.floor.settings"

from django.core.wsgi import get_wsgi_application

from anxiu.project.bridge import Bridge

THREADS = 8  # as many as `anxiu web` has by default
bridge = Bridge(get_wsgi_application(), threads=THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Route one connection."""
    if scope["type"] == "http":
        await bridge(scope, receive, send)
        return
    while scope["type"] == "lifespan":
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
