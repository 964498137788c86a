"""`python -m bench.floor PORT PROCESSES`: serve the floor as `anxiu web` serves Anxiu."""

import sys

from anxiu.project.serving import serve

if __name__ == "__main__":  # each further process imports this file again
    serve("bench.floor.asgi:application", "127.0.0.1", int(sys.argv[1]), int(sys.argv[2]))
