"""On PYTHONPATH this folder keeps every Python below from any network: an interpreter loads this file first."""

import sys

CLOSED = {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Stop whoever asks for a network, in processes that are started too; nothing can take this hook away."""
    if event in CLOSED:
        sys.stderr.write(f"no network here: {event} {arguments[1:]}\n")
        raise PermissionError(f"no network here: {event}")


sys.addaudithook(refuse)
