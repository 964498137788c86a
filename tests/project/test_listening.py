"""What several web processes listen on."""

import socket

import uvicorn

from anxiu.project.serving import listening


def test_connections_to_several_processes_send_at_once() -> None:
    made = listening(uvicorn.Config("anxiu.project.asgi:application", host="127.0.0.1", port=0, workers=2))
    with made, socket.socket() as caller:
        made.listen()
        caller.connect(made.getsockname())
        connection, _ = made.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
