"""The HTTP server: HTTP/1.1 with kept-alive connections, one thread per connection."""

import json
import logging
import socket
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event as Flag
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from odds.simulator.api import Answer, Api
from odds.simulator.faults import Fault, Faults
from odds.simulator.quota import Quota
from odds.simulator.sources import Source

logger = logging.getLogger(__name__)

_FAULTS_PATH = "/_faults"  # outside /v4: the provider has nothing like it
_IDLE_SECONDS = 60  # after which a kept-alive connection is closed
_LARGEST_COMMAND = 10_000  # bytes of a POST to the fault endpoint


class Server:
    """A running or startable simulator; a context manager that starts and stops it.

    Attributes:
        url: Where it listens, without a slash at the end.
        api: The endpoints behind it.
        faults: What spoils its answers.
    """

    def __init__(
        self, host: str, port: int, api: Api, faults: Faults, now: Callable[[], float]
    ) -> None:
        self.api = api
        self.faults = faults
        self.now = now
        self.stopping = Flag()
        self._http = _HttpServer((host, port), self)
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        bound = self._http.server_address
        self.url = f"http://{host}:{int(bound[1])}"

    def start(self) -> None:
        """Answer calls from now on, in another thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port; held calls are dropped."""
        self.stopping.set()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def build_server(
    source: Source,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    quota: int = 500,
    keys: Collection[str] = (),
    faults: Iterable[Fault] = (),
    now: Callable[[], float] = time.time,
) -> Server:
    """A bound server that has not started yet.

    Args:
        source: Where answers come from.
        host: Address to listen on.
        port: Port to listen on, 0 for any free one.
        quota: Credits a month, 0 for no limit.
        keys: API keys accepted; any when there are none.
        faults: Faults on from the start.
        now: The wall clock, Unix seconds.

    Raises:
        OSError: The address is taken.
    """
    return Server(host, port, Api(source, Quota(quota), keys), Faults(faults), now)


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], owner: Server) -> None:
        self.owner = owner
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "odds-simulator"
    sys_version = ""
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave in one packet
    server: _HttpServer

    def handle(self) -> None:
        """Answer one connection's calls; a client that went away is no news."""
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        """A call of the API, or the list of faults."""
        owner, target = self.server.owner, urlsplit(self.path)
        if target.path == _FAULTS_PATH:
            return self._send_json(200, owner.faults.listed())
        parts = target.path.strip("/").split("/")
        sport = parts[2] if len(parts) > 3 and parts[1] == "sports" else None
        fault = owner.faults.take(sport, has_quotes=parts[-1] == "odds")
        name = fault.fault if fault else ""
        if fault and name == "timeout" and owner.stopping.wait(fault.seconds):
            name = "disconnect"
        if name == "disconnect":
            return self._disconnect(target.path)
        answer = owner.api.answer(target.path, dict(parse_qsl(target.query)), owner.now(), fault)
        cost = answer.headers.get("x-requests-last", "-")
        logger.info("GET %s %d, %s credits", target.path, answer.status, cost)
        return self._send(answer, cut=name == "truncated")

    def do_POST(self) -> None:
        """Switch a fault on."""
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isdecimal() else 0
        if size > _LARGEST_COMMAND:
            self.close_connection = True
            return self._send_json(413, {"detail": "too long"})
        command = self.rfile.read(size)
        if urlsplit(self.path).path != _FAULTS_PATH:
            return self._send_json(404, {"detail": "POST only to /_faults"})
        try:
            fault = Fault(**json.loads(command))
        except (TypeError, ValueError) as error:
            return self._send_json(400, {"detail": str(error)})
        self.server.owner.faults.add(fault)
        return self._send_json(201, asdict(fault))

    def do_DELETE(self) -> None:
        """Switch all faults off."""
        if urlsplit(self.path).path != _FAULTS_PATH:
            return self._send_json(404, {"detail": "DELETE only /_faults"})
        self.server.owner.faults.clear()
        return self._send_json(200, [])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing: the request line holds the key."""

    def _disconnect(self, path: str) -> None:
        logger.info("GET %s disconnected", path)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _send_json(self, status: int, body: object) -> None:
        self._send(Answer(status=status, text=json.dumps(body)))

    def _send(self, answer: Answer, *, cut: bool = False) -> None:
        body = answer.text.encode()
        if cut:
            body = body[: len(body) // 2]
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
