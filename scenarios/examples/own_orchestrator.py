"""An orchestrator of your own, in Python, judged by sagaproof in virtual time.

    sagaproof run --filter '^create-one-fault$' --process 'python3 scenarios/examples/own_orchestrator.py'

It creates a customer at the shop, the help desk and the identity provider, then in its own database. Where a vendor
refuses, it takes back what it did. It keeps no journal, so an answer that is lost, or a crash half-way, leaves half a
customer behind, and sagaproof shows that. How it is spoken to is told in docs/process-protocol.md.
"""

import base64
import json
import sys
from urllib.parse import parse_qs, quote, urlencode, urlsplit

TIME_OUT = 1_000_000_000  # Nanoseconds, as all times here.


class Orchestrator:
    """One life: everything here is gone after a crash, but for what was committed."""

    def __init__(self, start):
        self.login = start["credentials"]
        self.time_out = start["policy"].get("time_out", TIME_OUT)
        self.rows = {row["key"]: json.loads(row["value"]) for row in start["rows"]}
        self.waiting = {}  # What goes on when the call or commit of this number ends.
        self.number = 0

    def on_request(self, exchange, request):
        target = urlsplit(request["target"])
        if request["method"] == "POST" and target.path == "/api/customers":
            return self.go_on(self.create(exchange, json.loads(request["body"])), None)
        if request["method"] == "GET" and target.path.startswith("/api/customers"):
            named = parse_qs(target.query).get("cust_no") or [target.path.rpartition("/")[2]]
            row = self.rows.get("customer/" + named[0])
            return [answer(exchange, 200, row) if row else answer(exchange, 404)]
        return [answer(exchange, 501)]

    def create(self, exchange, customer):
        """The saga. It yields an effect and is sent what became of it; what it yields last is the client's answer."""
        key = "customer/" + customer["cust_no"]
        if key in self.rows:
            return (yield answer(exchange, 409))
        undo = []
        for step in (self.at_commerce, self.at_support, self.at_identity):
            done = yield from step(customer)
            if isinstance(done, list):
                undo = done + undo
                continue
            for call in undo:
                yield call
            return (yield answer(exchange, done))
        verdict = yield {"commit": {"writes": [{"key": key, "value": json.dumps(customer)}]}}
        if verdict != "committed":
            return (yield answer(exchange, 500))
        self.rows[key] = customer
        return (yield answer(exchange, 201, customer))

    # Each step gives the calls that would take it back, or the status that the client is to hear instead.

    def at_commerce(self, customer):
        headers = {"x-shopify-access-token": self.login["commerce_token"]}
        path = "/admin/api/2026-01/customers"
        fields = {"email": customer["email"], "first_name": customer["given_name"], "last_name": customer["family_name"]}
        fields |= {"phone": customer.get("phone"), "tags": "owner:" + customer["cust_no"]}
        heard = yield self.call("commerce", "POST", path + ".json", headers, {"customer": fields})
        made = learnt(heard, "customer", "id")
        if made is None:
            return told(heard)
        return [self.call("commerce", "DELETE", f"{path}/{made}.json", headers)]

    def at_support(self, customer):
        login = f"{self.login['support_email']}/token:{self.login['support_token']}".encode()
        headers = {"authorization": "Basic " + base64.b64encode(login).decode()}
        name = customer["given_name"] + " " + customer["family_name"]
        fields = {"name": name, "email": customer["email"], "external_id": customer["cust_no"]}
        fields |= {"phone": customer.get("phone")}
        heard = yield self.call("support", "POST", "/api/v2/users.json", headers, {"user": fields})
        made = learnt(heard, "user", "id")
        if made is None:
            return told(heard)
        gone = [f"/api/v2/users/{made}.json", f"/api/v2/deleted_users/{made}.json"]
        return [self.call("support", "DELETE", path, headers) for path in gone]

    def at_identity(self, customer):
        client = {"client_id": self.login["identity_client_id"], "client_secret": self.login["identity_client_secret"]}
        form = {"grant_type": "client_credentials", "audience": self.login["identity_audience"]} | client
        heard = yield self.call("identity", "POST", "/oauth/token", {}, urlencode(form))
        token = learnt(heard, "access_token")
        if token is None:
            return told(heard)
        headers = {"authorization": "Bearer " + token}
        fields = {key: customer[key] for key in ("email", "given_name", "family_name")}
        fields |= {"name": customer["given_name"] + " " + customer["family_name"], "user_id": customer["cust_no"]}
        fields |= {"connection": "Username-Password-Authentication", "password": "Not-guessed-1"}
        fields |= {"app_metadata": {"owner": customer["cust_no"]}}
        heard = yield self.call("identity", "POST", "/api/v2/users", headers, fields)
        made = learnt(heard, "user_id")
        if made is None:
            return told(heard)
        return [self.call("identity", "DELETE", "/api/v2/users/" + quote(made), headers)]

    def call(self, to, method, target, headers, body=None):
        kind = "application/x-www-form-urlencoded" if isinstance(body, str) else "application/json"
        request = {"method": method, "target": target, "headers": [["content-type", kind], *headers.items()]}
        if body is not None:
            request["body"] = body if isinstance(body, str) else json.dumps(body)
        return {"call": {"to": to, "request": request, "time_out": self.time_out}}

    def go_on(self, saga, heard):
        """Lets a saga go on: the effect that it wants next."""
        effect = saga.send(heard)
        ((kind, wanted),) = effect.items()
        if kind != "answer":
            self.number += 1
            wanted[kind] = self.number
            self.waiting[self.number] = saga
        return [effect]

    def on_event(self, kind, event):
        if kind == "request":
            return self.on_request(event["exchange"], event["request"])
        if kind == "answer":
            return self.go_on(self.waiting.pop(event["call"]), event)
        if kind == "committed":
            return self.go_on(self.waiting.pop(event["commit"]), event["verdict"])
        return []


def learnt(heard, *path):
    """What stands at this path of a vendor's answer; None where it did not do what it was asked, or cannot be read."""
    try:
        response = heard["response"]
        found = json.loads(response["body"]) if response["status"] < 300 else None
        for key in path:
            found = found[key]
        return found
    except (KeyError, TypeError, ValueError):
        return None


def told(heard):
    """What the client is told of that: a definite no is passed on, of anything else nobody knows."""
    return 422 if 400 <= heard.get("response", {}).get("status", 0) < 500 else 502


def answer(exchange, status, body=None):
    body = body or {"type": "about:blank", "title": "sorry", "status": status}
    headers = [["content-type", "application/json"]]
    return {"answer": {"exchange": exchange, "response": {"status": status, "headers": headers, "body": json.dumps(body)}}}


def prepared(customers):
    """The rows of customers who stand everywhere before the world begins."""
    fields = ("cust_no", "email", "given_name", "family_name", "phone")
    rows = {"customer/" + one["cust_no"]: {name: one[name] for name in fields} for one in customers}
    return {"commit": {"commit": 0, "writes": [{"key": key, "value": json.dumps(row)} for key, row in rows.items()]}}


def main():
    life = None
    for line in sys.stdin:
        ((kind, event),) = json.loads(line)["event"].items()
        reply = {}
        if kind == "start":
            life = Orchestrator(event)
            reply = {"protocol": 1, "reusable": True}
        reply["effects"] = [prepared(event["customers"])] if kind == "prepare" else life.on_event(kind, event)
        print(json.dumps(reply), flush=True)


main()
