"""Eight clients against the server processes, each one flow after the other."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, NamedTuple, TypeVar

from tests.races.servers import Servers

CLIENTS, WARMING = 8, 10

Flow = TypeVar("Flow")


class Run(NamedTuple, Generic[Flow]):
    """All flows of a run: how long it took, and how much time of processors the servers used."""

    flows: Sequence[Flow]
    seconds: float
    used: float


def run(flow: Callable[[str], Flow], servers: Servers, each_client: int) -> Run[Flow]:
    """Let each client go through its flows one after the other, after some that fill the caches of all processes.

    A flow is given a name of its own.
    """
    ready = threading.Barrier(CLIENTS + 1)

    def client(number: int) -> list[Flow]:
        for each in range(WARMING):
            flow(f"warming-{number}-{each}")
        ready.wait()
        ready.wait()
        return [flow(f"client-{number}-{each}") for each in range(each_client)]

    with ThreadPoolExecutor(CLIENTS) as threads:
        running = [threads.submit(client, number) for number in range(CLIENTS)]
        ready.wait()
        used, started = servers.seconds_used(), time.perf_counter()
        ready.wait()
        flows = [each for client_flows in running for each in client_flows.result()]
        return Run(flows, time.perf_counter() - started, servers.seconds_used() - used)
