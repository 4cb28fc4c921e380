"""The generated Flask and FastAPI services keep one HTTP contract.

Each service runs as its own process on SQLite. The same conversation is held with both frameworks:
every answer has to have the expected status, and both answers have to be the same, word for word.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="gunicorn needs a POSIX system"),
]

FRAMEWORKS = ("fastapi", "flask")
SERVERS = {
    "fastapi": ["uvicorn", "--host", "127.0.0.1", "--no-access-log", "--port", "{port}"],
    "flask": ["gunicorn", "--workers", "1", "--bind", "127.0.0.1:{port}"],
}
PACKAGE = "shop"
PASSWORD = "correct horse battery"
MAX_BODY_BYTES = 4096
START_SECONDS = 30
STOP_SECONDS = 20

TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
TOKEN = re.compile(r"^[\w-]+\.[\w-]+\.[\w-]+$")


@dataclass(frozen=True)
class Options:
    """The answers on which the HTTP contract depends."""

    sample: str
    auth: str
    database: str = "sqlite"

    def __str__(self) -> str:
        return f"{self.sample}-{self.auth}-{self.database}"


EVERY = [
    Options("items", "jwt"),
    Options("items", "none"),
    Options("none", "jwt"),
    Options("none", "none"),
    Options("none", "none", "none"),
]
WITH_ACCOUNTS = Options("items", "jwt")
OPEN = Options("items", "none")


@dataclass
class Answer:
    """A response, with what differs by nature already checked and replaced."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content) if self.content else None

    def comparable(self) -> dict[str, Any]:
        """Returns all that a client could rely on."""
        media_type = self.headers.get("content-type", "").partition(";")[0]
        allowed = set(re.findall(r"\w+", self.headers.get("allow", "")))
        body: Any = self.body if media_type.endswith("json") else None
        if media_type == "application/problem+json":
            assert body["request_id"] == self.headers["x-request-id"]
            assert body["status"] == self.status
            body = {**body, "request_id": "…"}
            body["errors"] = sorted(body.get("errors", []), key=str)
        return {
            "status": self.status,
            "media type": media_type,
            "location": self.headers.get("location"),
            "www-authenticate": self.headers.get("www-authenticate"),
            "allow": allowed,
            "body": masked(body),
        }


def masked(value: Any) -> Any:
    """Replaces times and tokens, which no two services have in common."""
    if isinstance(value, dict):
        return {name: masked(nested) for name, nested in value.items()}
    if isinstance(value, list):
        return [masked(nested) for nested in value]
    if isinstance(value, str) and (TIME.match(value) or TOKEN.match(value)):
        return "…"
    return value


@dataclass
class Service:
    """A running service."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        method: str,
        path: str,
        *,
        as_user: str = "",
        headers: dict[str, str] | None = None,
        **content: Any,
    ) -> Answer:
        """Sends one request; `content` is one of json, form, raw or chunks."""
        sent = dict(headers or {})
        body: Any = content.get("raw") or content.get("chunks")
        if "json" in content:
            body = json.dumps(self._with_tokens(content["json"])).encode()
            sent.setdefault("Content-Type", "application/json")
        if "form" in content:
            body = urlencode(content["form"]).encode()
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        if as_user:
            sent["Authorization"] = f"Bearer {self.tokens.get(as_user, as_user)}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, sent, encode_chunked="chunks" in content)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def _with_tokens(self, value: Any) -> Any:
        """Replaces `@ada refresh` by the refresh token that ada was given."""
        if isinstance(value, dict):
            return {
                name: self.tokens[text[1:]] if str(text).startswith("@") else text
                for name, text in value.items()
            }
        return value

    def log_lines(self) -> list[dict[str, Any]]:
        """Returns all that the service has logged; every line has to be a JSON object."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def wait_for_end(self) -> None:
        """Waits until the process, which has been told to end, does so."""
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


Start = Callable[..., Service]


@pytest.fixture(scope="module")
def project(
    tmp_path_factory: pytest.TempPathFactory, render_service: Callable[..., Path]
) -> Callable[[str, Options], Path]:
    """Returns a function that renders a service once."""
    rendered: dict[tuple[str, Options], Path] = {}

    def render(framework: str, options: Options) -> Path:
        if (framework, options) not in rendered:
            destination = tmp_path_factory.mktemp("service") / "project"
            rendered[framework, options] = render_service(
                destination,
                framework=framework,
                sample=options.sample,
                auth=options.auth,
                database=options.database,
                project_name="Shop",
                package_name=PACKAGE,
            )
        return rendered[framework, options]

    return render


@pytest.fixture(scope="module")
def launch(
    project: Callable[[str, Options], Path],
    service_python: Path,
    clean_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Start]:
    """Returns a function that starts a service of its own, with an empty database."""
    started: list[Service] = []

    def run(framework: str, options: Options, **settings: str) -> Service:
        root = project(framework, options)
        data = tmp_path_factory.mktemp("data")
        environment = {
            **clean_environment,
            "PYTHONPATH": str(root / "src"),
            "DATABASE_URL": f"sqlite:///{data}/app.db",
            "JWT_SECRET_KEY": "a secret that only this test knows",
            "MAX_BODY_BYTES": str(MAX_BODY_BYTES),
            **settings,
        }
        if options.database != "none" and "DATABASE_URL" not in settings:
            upgrade = [str(service_python), "-m", "alembic", "upgrade", "head"]
            subprocess.run(upgrade, cwd=root, env=environment, check=True, capture_output=True)
        port = free_port()
        server = [part.format(port=port) for part in SERVERS[framework]]
        with (data / "log").open("wb") as log:
            process = subprocess.Popen(
                [str(service_python), "-m", *server, f"{PACKAGE}.main:app"],
                cwd=root,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        service = Service(port, process, data / "log")
        started.append(service)
        wait_until_healthy(service)
        return service

    yield run
    for service in started:
        service.process.terminate()
    for service in started:
        service.wait_for_end()


def wait_until_healthy(service: Service) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and service.process.poll() is None:
        try:
            if service.ask("GET", "/health").status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(0.1)
    pytest.fail(f"The service does not start:\n{service.log.read_text()}")


@pytest.fixture(scope="module")
def running(launch: Start) -> Callable[[str, Options], Service]:
    """Returns a function that gives the service of these options, which tests share."""
    services: dict[tuple[str, Options], Service] = {}

    def find(framework: str, options: Options) -> Service:
        if (framework, options) not in services:
            services[framework, options] = launch(framework, options)
        return services[framework, options]

    return find


Running = Callable[[str, Options], Service]
for_each_framework = pytest.mark.parametrize("framework", FRAMEWORKS)
for_all_options = pytest.mark.parametrize("options", EVERY, ids=str)


@dataclass(frozen=True)
class Step:
    """A request and the status it is answered with."""

    status: int
    method: str
    path: str
    asked: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path[:80]} {str(self.asked)[:200]}"


def step(status: int, method: str, path: str, **asked: Any) -> Step:
    return Step(status, method, path, asked)


def hold(conversation: list[Step], services: list[Service]) -> list[str]:
    """Says the same to all services, and returns what is wrong with what they answer."""
    complaints = []
    for said in conversation:
        answers = [service.ask(said.method, said.path, **said.asked) for service in services]
        for service, answer in zip(services, answers, strict=True):
            if said.path == TOKEN_URL and answer.status == 200 and "form" in said.asked:
                user = said.asked["form"]["username"]
                service.tokens[user] = answer.body["access_token"]
                service.tokens[f"{user} refresh"] = answer.body["refresh_token"]
        first, second = (answer.comparable() for answer in answers)
        if first["status"] != said.status:
            complaints.append(f"{said}: expected {said.status}, got {first}")
        complaints += [
            f"{said}: {name} differs:\n  {first[name]}\n  {second[name]}"
            for name in first
            if first[name] != second[name]
        ]
    return complaints


PROBE = [
    step(200, "GET", "/health"),
    step(200, "GET", "/ready"),
    step(200, "HEAD", "/health"),
    step(200, "HEAD", "/ready"),
    step(404, "GET", "/"),
    step(404, "GET", "/nothing?page=1"),
    step(404, "GET", "/health/"),
    step(404, "GET", "/api//v1"),
    step(404, "POST", "/api/v1/nothing", json={}),
    step(405, "DELETE", "/health"),
    step(405, "OPTIONS", "/health"),
    step(405, "POST", "/ready", json={}),
    step(413, "POST", "/nothing", raw=b"x" * (MAX_BODY_BYTES + 1)),
    step(404, "POST", "/nothing", raw=b"x" * MAX_BODY_BYTES),
]

ADA = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}
BOB = {"username": "bob", "email": "Bob@Example.org", "password": PASSWORD}


def sign_in(username: str, password: str = PASSWORD, **more: str) -> dict[str, str]:
    return {"username": username, "password": password, **more}


REGISTER, TOKEN_URL = "/api/v1/auth/register", "/api/v1/auth/token"
REFRESH, ME = "/api/v1/auth/refresh", "/api/v1/auth/me"

MULTIPART = {"Content-Type": "multipart/form-data; boundary=cut"}
MULTIPART_BODY = "".join(
    f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    for name, value in sign_in("ada").items()
).encode()

SIGN_UP = [
    step(201, "POST", REGISTER, json=ADA),
    step(409, "POST", REGISTER, json=ADA),
    step(409, "POST", REGISTER, json={**BOB, "email": "ADA@example.org"}),
    step(201, "POST", REGISTER, json=BOB),
    step(422, "POST", REGISTER, json={**ADA, "password": "short"}),
    step(422, "POST", REGISTER, json={**ADA, "password": "x" * 129}),
    step(422, "POST", REGISTER, json={"username": "a", "email": "nobody", "admin": True}),
    step(405, "GET", REGISTER),
    step(200, "POST", TOKEN_URL, form=sign_in("ada")),
    step(200, "POST", TOKEN_URL, form=sign_in("bob", grant_type="password", scope="")),
    step(200, "POST", TOKEN_URL, form=sign_in("BOB@example.org")),
    step(200, "POST", TOKEN_URL, headers=MULTIPART, raw=MULTIPART_BODY + b"--cut--\r\n"),
    step(401, "POST", TOKEN_URL, form=sign_in("ada", "wrong password")),
    step(401, "POST", TOKEN_URL, form=sign_in("nobody", "wrong password")),
    step(401, "POST", TOKEN_URL, form=sign_in("ada\0")),
    step(422, "POST", TOKEN_URL, form={"username": "ada"}),
    step(422, "POST", TOKEN_URL, form=sign_in("ada", grant_type="magic")),
    step(415, "POST", TOKEN_URL, json=sign_in("ada")),
    step(415, "POST", TOKEN_URL, raw=b"username=ada"),
    step(415, "POST", TOKEN_URL),
    step(422, "POST", TOKEN_URL, form={}),
    step(413, "POST", TOKEN_URL, form=sign_in("ada", "x" * MAX_BODY_BYTES)),
    step(200, "GET", ME, as_user="ada"),
    step(401, "GET", ME),
    step(401, "GET", ME, as_user="nonsense"),
    step(401, "GET", ME, as_user="ada refresh"),
    step(401, "GET", ME, headers={"Authorization": "Bearer"}),
    step(401, "GET", ME, headers={"Authorization": "Basic YWRhOmFkYQ=="}),
    step(200, "POST", REFRESH, json={"refresh_token": "@ada refresh"}),
    step(401, "POST", REFRESH, json={"refresh_token": "@ada"}),
    step(401, "POST", REFRESH, json={"refresh_token": "nonsense"}),
    step(401, "POST", REFRESH, json={"refresh_token": "ü.ü.ü"}),
    step(422, "POST", REFRESH, json={"refresh_token": None}),
    step(422, "POST", REFRESH, json={}),
]

USERS, ITEMS = "/api/v1/users", "/api/v1/items"

OTHERS = [
    step(401, "GET", USERS),
    step(200, "GET", USERS, as_user="ada"),
    step(200, "GET", f"{USERS}?page=2&size=1", as_user="ada"),
    step(200, "GET", f"{USERS}/2", as_user="ada"),
    step(404, "GET", f"{USERS}/99", as_user="ada"),
    step(405, "POST", USERS, as_user="ada", json=ADA),
    step(401, "PUT", f"{USERS}/1", json={}),
    step(422, "PUT", f"{USERS}/2", as_user="ada", json={}),
    step(403, "PATCH", f"{USERS}/2", as_user="ada", json={"username": "eve"}),
    step(403, "PATCH", f"{USERS}/99", as_user="ada", json={"username": "eve"}),
    step(403, "DELETE", f"{USERS}/2", as_user="ada"),
    step(409, "PATCH", f"{USERS}/1", as_user="ada", json={"username": "bob"}),
    step(200, "PATCH", f"{USERS}/1", as_user="ada", json={"email": "ada@example.com"}),
    step(200, "PATCH", f"{USERS}/1", as_user="ada", json={}),
    step(422, "PATCH", f"{USERS}/1", as_user="ada", json={"email": None}),
    step(200, "PUT", f"{USERS}/1", as_user="ada", json={"username": "ada", "email": "a@b.org"}),
]

OWN_ITEMS = [
    step(401, "GET", ITEMS),
    step(401, "POST", ITEMS, json={}),
    step(200, "GET", ITEMS, as_user="ada"),
    step(201, "POST", ITEMS, as_user="ada", json={"title": "Lamp", "description": "Bright"}),
    step(201, "POST", ITEMS, as_user="bob", json={"title": "Sofa"}),
    step(422, "POST", ITEMS, as_user="ada", json={"title": "Lamp", "owner_id": 2}),
    step(200, "GET", ITEMS, as_user="ada"),
    step(200, "GET", f"{ITEMS}/1", as_user="ada"),
    *[
        step(404, method, f"{ITEMS}/2", as_user="ada", **asked)
        for method, asked in {
            "GET": {},
            "PUT": {"json": {"title": "Mine"}},
            "PATCH": {"json": {"title": "Mine"}},
            "DELETE": {},
        }.items()
    ],
    step(200, "PATCH", f"{ITEMS}/1", as_user="ada", json={"title": "Torch"}),
    step(200, "PATCH", f"{ITEMS}/1", as_user="ada", json={"description": None}),
    step(200, "PUT", f"{ITEMS}/1", as_user="ada", json={"title": "Chair"}),
    step(422, "PUT", f"{ITEMS}/1", as_user="ada", json={"description": "Soft"}),
    step(204, "DELETE", f"{ITEMS}/1", as_user="ada"),
    step(404, "GET", f"{ITEMS}/1", as_user="ada"),
    step(204, "DELETE", f"{USERS}/2", as_user="bob"),
    step(401, "GET", ITEMS, as_user="bob"),
]

EVE = {"username": "eve", "email": "eve@example.org"}

OPEN_USERS = [
    step(201, "POST", USERS, json=EVE),
    step(409, "POST", USERS, json=EVE),
    step(201, "POST", USERS, json={"username": "mallory", "email": "m@example.org"}),
    step(422, "POST", USERS, json={**EVE, "password": PASSWORD}),
    step(422, "POST", USERS, json={"username": "e e", "email": "e@e"}),
    step(200, "GET", USERS),
    step(200, "GET", f"{USERS}/1"),
    step(404, "GET", f"{USERS}/99"),
    step(200, "PUT", f"{USERS}/2", json={"username": "Mallory", "email": "M@Example.org"}),
    step(409, "PATCH", f"{USERS}/2", json={"username": "eve"}),
    step(404, "PATCH", f"{USERS}/99", json={"username": "trent"}),
    step(404, "DELETE", f"{USERS}/99"),
]

NO_OWNERS: list[Any] = ["2", 2.0, 2.5, True, None, [], 0, -1, 2**31, 10**30]
OPEN_ITEMS = [
    step(201, "POST", ITEMS, json={"title": "Lamp", "owner_id": 2}),
    step(422, "POST", ITEMS, json={"title": "Lamp", "owner_id": 99}),
    step(422, "POST", ITEMS, json={"title": "Lamp"}),
    *[step(422, "POST", ITEMS, json={"title": "Lamp", "owner_id": owner}) for owner in NO_OWNERS],
    step(200, "PUT", f"{ITEMS}/1", json={"title": "Sofa", "owner_id": 1}),
    step(422, "PUT", f"{ITEMS}/1", json={"title": "Sofa"}),
    step(422, "PATCH", f"{ITEMS}/1", json={"owner_id": 99}),
    step(422, "PATCH", f"{ITEMS}/1", json={"owner_id": None}),
    step(200, "PATCH", f"{ITEMS}/1", json={"owner_id": 2}),
    step(200, "GET", ITEMS),
    step(204, "DELETE", f"{USERS}/2"),
    step(404, "GET", f"{ITEMS}/1"),
]

BY_NUMBER = [
    step(404, method, f"{ITEMS}/{number}", as_user="ada", **asked)
    for number in (
        *("0", "99", str(2**31), "9" * 18, "9" * 19, "9" * 4000),
        *("-1", "+1", "1.0", "lamp", "%D9%A1", "1%20", "1%2F1", "1/"),
    )
    for method, asked in {"GET": {}, "PATCH": {"json": {"title": "Lamp"}}, "DELETE": {}}.items()
]

PAGES = [
    *[step(201, "POST", ITEMS, as_user="ada", json={"title": title}) for title in "ABC"],
    *[
        step(status, "GET", f"{ITEMS}?{query}", as_user="ada")
        for status, query in [
            (200, "page=1&size=2"),
            (200, "page=2&size=2"),
            (200, "page=3&size=2"),
            (200, "size=100&colour=red"),
            (422, "page=0"),
            (422, "page=-1"),
            (422, "page=1000001"),
            (422, "page=99999999999999999999"),
            (422, "page="),
            (422, "size=0"),
            (422, "size=101"),
            (422, "size=many&page=1.5"),
        ]
    ],
    step(405, "DELETE", ITEMS, as_user="ada"),
    step(405, "POST", f"{ITEMS}/1", as_user="ada", json={}),
]

JSON_TYPE = {"Content-Type": "application/json"}

BODIES = [
    *[
        step(status, "POST", REGISTER, headers={"Content-Type": media_type}, raw=body)
        for status, media_type, body in [
            (400, "application/json", b"{"),
            (400, "application/json", b"nonsense"),
            (400, "application/json", b"\xff\xfe\xfd"),
            (400, "application/json", b"[" * 4000),
            (422, "application/json", b"[]"),
            (422, "application/json", b"null"),
            (422, "application/json", b'"text"'),
            (422, "application/json", b"7"),
            (422, "application/json", b"NaN"),
            (422, "application/json; charset=utf-8", b"{}"),
            (422, "application/vnd.shop+json", b"{}"),
            (415, "text/plain", b"{}"),
            (415, "application/x-www-form-urlencoded", b"username=ada"),
            (415, "application/jsonx", b"{}"),
            (415, "image/svg+json", b"{}"),
        ]
    ],
    step(415, "POST", REGISTER, raw=b"{}"),
    step(422, "POST", REGISTER),
    step(422, "POST", REGISTER, headers=JSON_TYPE),
    step(415, "POST", REGISTER, headers={"Content-Type": "text/plain"}),
    step(413, "POST", REGISTER, headers=JSON_TYPE, raw=b" " * (MAX_BODY_BYTES + 1)),
    step(413, "POST", REGISTER, headers=JSON_TYPE, chunks=[b" " * 1024] * 5),
    step(400, "POST", REGISTER, headers=JSON_TYPE, chunks=[b" " * 1024] * 4),
    step(422, "POST", REGISTER, headers=JSON_TYPE, chunks=[b"{", b" " * 1024, b"}"]),
    *[
        step(422, "POST", REGISTER, json={**ADA, name: value})
        for name, value in [
            ("username", 7),
            ("username", None),
            ("username", ["ada"]),
            ("username", "ab"),
            ("username", "a" * 51),
            ("username", "ada@home"),
            ("username", "ada\0"),
            ("username", "ada\ud800"),
            ("username", " ada "),
            ("email", "ada@"),
            ("email", "Ada <ada@example.org>"),
            ("email", "ada@example.org\n"),
            ("email", f"{'a' * 250}@example.org"),
            ("password", "12345678\0"),
        ]
    ],
]


def answer_alike(running: Running, options: Options, *conversations: list[Step]) -> None:
    services = [running(framework, options) for framework in FRAMEWORKS]
    complaints = hold([said for part in conversations for said in part], services)
    assert not complaints, "\n".join(complaints)


@for_all_options
def test_both_frameworks_answer_what_any_service_is_asked(
    running: Running, options: Options
) -> None:
    answer_alike(running, options, PROBE)


def test_both_frameworks_keep_accounts_alike(launch: Start) -> None:
    answer_alike(launch, Options("none", "jwt"), SIGN_UP)


def test_both_frameworks_keep_items_of_accounts_alike(launch: Start) -> None:
    answer_alike(launch, WITH_ACCOUNTS, SIGN_UP, OTHERS, OWN_ITEMS)


def test_both_frameworks_keep_open_items_alike(launch: Start) -> None:
    answer_alike(launch, OPEN, OPEN_USERS, OPEN_ITEMS)


def test_both_frameworks_page_and_find_by_number_alike(launch: Start) -> None:
    answer_alike(launch, WITH_ACCOUNTS, SIGN_UP, PAGES, BY_NUMBER)


def test_both_frameworks_refuse_bodies_alike(launch: Start) -> None:
    answer_alike(launch, WITH_ACCOUNTS, BODIES)


@for_all_options
def test_both_frameworks_describe_the_same_api(running: Running, options: Options) -> None:
    described = [described_routes(running(framework, options)) for framework in FRAMEWORKS]

    assert described[0] == described[1]
    paths = {path for _, path in described[0]}
    assert {"/health", "/ready"} <= paths
    assert (USERS in paths) is (ITEMS in paths) is (options.sample == "items")
    assert (TOKEN_URL in paths) is (options.auth == "jwt")


def described_routes(service: Service) -> dict[tuple[str, str], dict[str, Any]]:
    """Returns what the OpenAPI document says of each route that clients rely on."""
    document = service.ask("GET", "/openapi.json").body
    assert document["openapi"].startswith("3.1")
    routes = {}
    for path, operations in document["paths"].items():
        shared = operations.get("parameters", [])
        for method, operation in operations.items():
            if method == "parameters":
                continue
            parameters = shared + operation.get("parameters", [])
            routes[method, path] = {
                # FastAPI adds 422 to every route with a number in its path, which never answers it.
                "answers": {
                    status: sorted(answer.get("content", {}))
                    for status, answer in operation["responses"].items()
                    if status != "422" or operation.get("requestBody")
                },
                "bodies": sorted(operation.get("requestBody", {}).get("content", {})),
                "parameters": sorted((said["in"], said["name"]) for said in parameters),
                "security": operation.get("security", []),
            }
    return routes


@for_each_framework
@for_all_options
def test_there_is_a_page_to_try_the_api(running: Running, framework: str, options: Options) -> None:
    answer = running(framework, options).ask("GET", "/docs")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert b"/openapi.json" in answer.content


@for_each_framework
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Order_7.retry-2", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("two words", False),
        ("<script>", False),
        (None, False),
    ],
)
@pytest.mark.parametrize("path", ["/health", "/nothing"])
def test_a_harmless_request_id_comes_back_and_any_other_is_replaced(
    running: Running, framework: str, sent: str | None, kept: bool, path: str
) -> None:
    service = running(framework, WITH_ACCOUNTS)

    answer = service.ask("GET", path, headers={"X-Request-ID": sent} if sent else {})

    returned = answer.headers["x-request-id"]
    assert (returned == sent) is kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,128}", returned)


@for_each_framework
def test_each_request_leaves_one_json_line(running: Running, framework: str) -> None:
    service = running(framework, WITH_ACCOUNTS)

    service.ask("GET", "/nothing?token=hidden", headers={"X-Request-ID": "one-line"})
    service.ask("GET", "/health", headers={"X-Request-ID": "no-line"})
    service.ask("GET", "/ready", headers={"X-Request-ID": "last-line"})

    lines = {line.get("request_id"): line for line in eventually_logged(service, "last-line")}
    found = {name: lines["one-line"][name] for name in ("method", "path", "status", "level")}
    assert found == {"method": "GET", "path": "/nothing", "status": 404, "level": "INFO"}
    assert lines["one-line"]["duration_ms"] >= 0
    assert "no-line" not in lines
    assert "hidden" not in service.log.read_text()


def eventually_logged(service: Service, request_id: str) -> list[dict[str, Any]]:
    """Returns the log once the line of this request is there; it follows the answer."""
    deadline = time.monotonic() + 5
    while request_id not in service.log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    return service.log_lines()


@for_each_framework
def test_without_its_database_a_service_lives_but_is_not_ready(
    launch: Start, framework: str
) -> None:
    service = launch(framework, WITH_ACCOUNTS, DATABASE_URL="sqlite:////nowhere/app.db")

    assert service.ask("GET", "/health").status == 200
    answer = service.ask("GET", "/ready").comparable()
    assert (answer["status"], answer["media type"]) == (503, "application/problem+json")
    assert "nowhere" not in str(answer)
    assert service.ask("GET", ME, as_user="nonsense").status == 401
    crash = service.ask("POST", REGISTER, json=ADA)
    assert crash.comparable()["status"] == 500
    assert b"nowhere" not in crash.content


@for_each_framework
def test_a_request_in_flight_is_answered_before_the_service_ends(
    launch: Start, framework: str
) -> None:
    service = launch(framework, WITH_ACCOUNTS)
    body = json.dumps(ADA).encode()

    with socket.create_connection(("127.0.0.1", service.port), timeout=STOP_SECONDS) as connection:
        head = f"POST {REGISTER} HTTP/1.1\r\nHost: shop\r\nContent-Length: {len(body)}\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body[:9])
        time.sleep(0.5)
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        connection.sendall(body[9:])
        answer = connection.recv(65536)

    assert answer.startswith(b"HTTP/1.1 201")
    assert service.process.wait(STOP_SECONDS) in {0, -signal.SIGTERM}
    assert "Traceback" not in service.log.read_text()


@for_each_framework
def test_a_service_without_its_settings_says_which_ones(launch: Start, framework: str) -> None:
    with pytest.raises(pytest.fail.Exception) as failure:
        launch(framework, WITH_ACCOUNTS, JWT_SECRET_KEY="short", LOG_LEVEL="loud")

    said = str(failure.value)
    assert "JWT_SECRET_KEY" in said
    assert "LOG_LEVEL" in said
    assert "Traceback" not in said
