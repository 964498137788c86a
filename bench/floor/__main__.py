"""`python -m bench.floor PORT`: serve the floor as `anxiu web` serves Anxiu."""

import sys

import uvicorn

uvicorn.run(
    "bench.floor.asgi:application", host="127.0.0.1", port=int(sys.argv[1]), http="httptools", lifespan="on",
    timeout_keep_alive=30, access_log=False, proxy_headers=False, server_header=False, log_level="warning",
)  # fmt: skip
