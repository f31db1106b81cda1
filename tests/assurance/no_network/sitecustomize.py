"""On PYTHONPATH this folder keeps every Python below from any network: an interpreter loads this file first.

A socket that is a file of this machine, by which processes of it speak to each other, is no way to a network.
"""

import socket
import sys

CLOSED = {"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}


def is_a_file(arguments: tuple[object, ...]) -> bool:
    """Tell whether the socket is one of the file system."""
    local = getattr(socket, "AF_UNIX", None)
    return local is not None and bool(arguments) and getattr(arguments[0], "family", None) == local


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Stop whoever asks for a network, in processes that are started too; nothing can take this hook away."""
    if event in CLOSED and not is_a_file(arguments):
        sys.stderr.write(f"no network here: {event} {arguments[1:]}\n")
        raise PermissionError(f"no network here: {event}")


sys.addaudithook(refuse)
