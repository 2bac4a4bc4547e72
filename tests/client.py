"""A person at a browser, without the browser: JSON-RPC over HTTP to a running server.

Odoo answers a failed call with HTTP 200 and an `error` in the body, so the status alone proves nothing. A call here
ends in exactly one way: it returns the result, or it raises

* `Refusal`: Odoo said no in a sentence meant for the user (UserError, ValidationError, AccessError…);
* `ServerError`: anything else that went wrong inside (a crash, a lock given up, a session lost);
* `HttpError`: an HTTP status other than 200;
* an exception of `requests`: no answer at all.
"""

from dataclasses import dataclass
from itertools import count
from time import perf_counter

import requests

REFUSALS = {
    f"odoo.exceptions.{name}"
    for name in ("UserError", "ValidationError", "AccessError", "AccessDenied", "MissingError", "RedirectWarning")
}


class RpcError(Exception):
    """A call that brought no result."""


class Refusal(RpcError):
    """The server refused, and told the user why.

    :ivar kind: last part of the exception's name, such as ``AccessError``
    """

    def __init__(self, name, message):
        super().__init__(message)
        self.kind = name.rpartition(".")[2]
        self.message = message


class ServerError(RpcError):
    """The server failed.

    :ivar name: the exception's full name
    :ivar debug: the server's traceback
    """

    def __init__(self, name, message, debug=""):
        super().__init__(f"{name}: {message}")
        self.name = name
        self.debug = debug


class HttpError(RpcError):
    """An HTTP status other than 200."""

    def __init__(self, status, body):
        super().__init__(f"HTTP {status}: {body[:200]}")
        self.status = status


@dataclass(frozen=True)
class Answer:
    """How a call ended, for tests that send many and count: `kind` is result, refusal, error, http or nothing."""

    kind: str
    value: object
    seconds: float


def read_body(body):
    """The result of a JSON-RPC body, or the exception it stands for.

    >>> read_body({"result": 12})
    12
    >>> read_body({"error": {"message": "Odoo Server Error", "data": {
    ...     "name": "odoo.exceptions.UserError", "message": "Solde insuffisant"}}})
    Traceback (most recent call last):
    tests.client.Refusal: Solde insuffisant
    >>> read_body({"error": {"message": "Odoo Server Error", "data": {
    ...     "name": "builtins.ZeroDivisionError", "message": "division by zero"}}})
    Traceback (most recent call last):
    tests.client.ServerError: builtins.ZeroDivisionError: division by zero
    """
    error = body.get("error")
    if error is None:
        return body.get("result")
    data = error.get("data") or {}
    name = data.get("name", "")
    message = data.get("message") or error.get("message", "")
    if name in REFUSALS:
        raise Refusal(name, message)
    raise ServerError(name, message, data.get("debug", ""))


class Client:
    """One user's session. Not for sharing between threads: each thread has its own.

        client = Client("http://127.0.0.1:8069", "kondo_demo").authenticate("admin", "admin")
        client.call("res.partner", "member_search", ["traore"])

    :param timeout: seconds to wait for one answer
    """

    def __init__(self, url, database, timeout=60):
        self.url = url.rstrip("/")
        self.database = database
        self.timeout = timeout
        self.user_id = None
        self.session = requests.Session()
        self.session.trust_env = False  # tests speak to this machine, never through a proxy
        self._ids = count(1)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.session.close()

    def post(self, path, params):
        """POST `params` to a JSON-RPC route and return its result."""
        body = {"jsonrpc": "2.0", "method": "call", "id": next(self._ids), "params": params}
        response = self.session.post(self.url + path, json=body, timeout=self.timeout)
        if response.status_code != 200:
            raise HttpError(response.status_code, response.text)
        return read_body(response.json())

    def authenticate(self, login, password):
        """Open the session; refused with AccessDenied when the password is wrong."""
        params = {"db": self.database, "login": login, "password": password}
        self.user_id = self.post("/web/session/authenticate", params)["uid"]
        return self

    def call(self, model, method, args=(), kwargs=None):
        """Call a public method of a model as the web client does."""
        return self.post(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs or {}},
        )

    def ask(self, model, method, args=(), kwargs=None):
        """Like `call`, but tells how it ended, and how long it took, instead of raising."""
        start = perf_counter()
        try:
            kind, value = "result", self.call(model, method, args, kwargs)
        except Refusal as refusal:
            kind, value = "refusal", refusal
        except ServerError as error:
            kind, value = "error", error
        except HttpError as error:
            kind, value = "http", error
        except requests.RequestException as error:
            kind, value = "nothing", error
        return Answer(kind, value, perf_counter() - start)
