"""A chief and its workers in threads of one process, which talk as machines do."""

import contextlib
import socket
import threading

from darts_tf.keras_tuner_private import PatientClient
from darts_tf.trials.chief import serve
from darts_tf.trials.tuner_environment import TunerProcess


def free_place(name="chief"):
    """Returns the place of a chief, whose port is free."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return TunerProcess(name, *free.getsockname())


@contextlib.contextmanager
def chief(oracle):
    """Within, a chief serves; a client of it is returned.

    Leaving it waits for the end of the search, whose error it raises.
    """
    place, errors = free_place(), []

    def serve_to_the_end():
        try:
            serve(oracle, place)
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=serve_to_the_end)
    thread.start()
    client = PatientClient(place.address, patience=60)
    try:
        # It answers as soon as it has its port, which another one could take before.
        client.get_space()
        yield client
    finally:
        thread.join()
        client.close()
    if errors:
        raise errors[0]


def client_of(client):
    """Returns another client of the same chief."""
    return PatientClient(client.address, patience=60)
