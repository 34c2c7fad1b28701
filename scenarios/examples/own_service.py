"""An orchestrator of your own over HTTP, in Python, tried by sagaproof against vendors that misbehave.

    sagaproof test --filter '^create-one-fault$' --seeds 16 -- python3 scenarios/examples/own_service.py

It speaks as much of the facade as a create needs. It creates a customer at the shop, the help desk and the identity
provider, then in its own file; where a vendor refuses, it takes back what it did. It keeps no journal, and what it hears
of a vendor that does not answer it takes for a no: sagaproof shows what comes of that.
"""

import base64
import json
import os
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from urllib.parse import parse_qs, quote, urlsplit

ENV = {name.removeprefix("SAGAPROOF_"): value for name, value in os.environ.items()}
ROWS = os.path.join(ENV.get("DIR", "."), "customers.json")
TIME_OUT = 2  # Seconds, for an answer of a vendor.
LOCK = Lock()


def call(vendor, method, path, headers, body=None):
    """Asks a vendor: the answer's JSON, or an exception."""
    request = urllib.request.Request(ENV[vendor + "_URL"] + path, method=method, headers=headers)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("content-type", "application/json")
    with urllib.request.urlopen(request, timeout=TIME_OUT) as answer:
        return json.loads(answer.read() or b"null")


def at_commerce(customer):
    headers = {"x-shopify-access-token": ENV["COMMERCE_TOKEN"]}
    path = "/admin/api/2026-01/customers"
    wanted = {"email": customer["email"], "first_name": customer["given_name"], "last_name": customer["family_name"]}
    wanted |= {"phone": customer.get("phone"), "tags": "owner:" + customer["cust_no"]}
    made = call("COMMERCE", "POST", path + ".json", headers, {"customer": wanted})["customer"]
    return lambda: call("COMMERCE", "DELETE", f"{path}/{made['id']}.json", headers)


def at_support(customer):
    login = f"{ENV['SUPPORT_EMAIL']}/token:{ENV['SUPPORT_TOKEN']}"
    headers = {"authorization": "Basic " + base64.b64encode(login.encode()).decode()}
    name = customer["given_name"] + " " + customer["family_name"]
    wanted = {"name": name, "email": customer["email"], "phone": customer.get("phone"), "external_id": customer["cust_no"]}
    made = call("SUPPORT", "POST", "/api/v2/users.json", headers, {"user": wanted})["user"]

    def undo():
        call("SUPPORT", "DELETE", f"/api/v2/users/{made['id']}.json", headers)
        call("SUPPORT", "DELETE", f"/api/v2/deleted_users/{made['id']}.json", headers)

    return undo


def at_identity(customer):
    grant = {"grant_type": "client_credentials", "audience": ENV["IDENTITY_AUDIENCE"]}
    grant |= {"client_id": ENV["IDENTITY_CLIENT_ID"], "client_secret": ENV["IDENTITY_CLIENT_SECRET"]}
    headers = {"authorization": "Bearer " + call("IDENTITY", "POST", "/oauth/token", {}, grant)["access_token"]}
    wanted = {"connection": "Username-Password-Authentication", "user_id": customer["cust_no"]}
    wanted |= {"email": customer["email"], "password": "Not-guessed-1", "email_verified": False}
    wanted |= {"given_name": customer["given_name"], "family_name": customer["family_name"]}
    wanted |= {"name": customer["given_name"] + " " + customer["family_name"]}
    wanted |= {"app_metadata": {"owner": customer["cust_no"], "phone": customer.get("phone")}}
    made = call("IDENTITY", "POST", "/api/v2/users", headers, wanted)
    return lambda: call("IDENTITY", "DELETE", "/api/v2/users/" + quote(made["user_id"], safe=""), headers)


def create(customer):
    """The saga: the status that the client hears."""
    if customer["cust_no"] in rows():
        return 409
    undo = []
    try:
        for step in (at_commerce, at_support, at_identity):
            undo.insert(0, step(customer))
    except (OSError, ValueError, KeyError):
        try:
            for take_back in undo:
                take_back()
        except (OSError, ValueError):
            return 500
        return 503
    with LOCK:
        keep(rows() | {customer["cust_no"]: customer})
    return 201


def rows():
    try:
        with open(ROWS, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def keep(customers):
    with open(ROWS + ".new", "w", encoding="utf-8") as file:
        json.dump(customers, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(ROWS + ".new", ROWS)


class Facade(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        customer = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        status = create(customer) if self.path == "/api/customers" else 501
        outcome = {503: "not-applied", 409: "refused"}.get(status, "unknown")
        self.answer(status, customer if status == 201 else {"status": status, "outcome": outcome})

    def do_GET(self):
        target = urlsplit(self.path)
        named = parse_qs(target.query).get("cust_no") or [target.path.rpartition("/")[2]]
        row = rows().get(named[0])
        self.answer(200 if row else 404, row)

    def answer(self, status, body):
        body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Facade).serve_forever()
