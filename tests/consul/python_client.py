"""The fake, as python3-consul sees it: a client that nobody here wrote.

Run by python_client.test.mjs with a host and two ports: of a fake without a token, and of one with
the token "t". Prints what went well; a failure is an exception and status 1.

python3-consul 0.7.1 is of the time before Consul 1.0. Some of what changes something it asks for
with GET, which Consul, and the fake, refuse by now; there its HTTP client is used directly.
"""

import sys
import threading

import consul
from consul.base import CB


def services(client):
    check = consul.Check.ttl("10s")
    assert client.agent.service.register("web", service_id="web-1", port=80, tags=["a"], check=check)
    assert healthy(client) == []
    assert not client.agent.check.ttl_pass("service:web-1"), "GET is refused"
    assert put(client, "/v1/agent/check/pass/service:web-1")
    assert healthy(client) == ["web-1"]
    assert put(client, "/v1/agent/check/fail/service:web-1")
    assert healthy(client) == []
    _, names = client.catalog.services()
    assert names["web"] == ["a"], names
    _, nodes = client.catalog.service("web")
    assert nodes[0]["ServicePort"] == 80, nodes
    assert client.agent.service.maintenance("web-1", "true", "why")
    assert "_service_maintenance:web-1" in client.agent.checks()
    assert put(client, "/v1/agent/service/deregister/web-1")
    assert client.agent.services() == {}


def blocking(client):
    index, entries = client.health.service("late")
    assert entries == []
    timer = threading.Timer(0.2, lambda: client.agent.service.register("late"))
    timer.start()
    later, entries = client.health.service("late", index=index, wait="30s")
    timer.join()
    assert int(later) > int(index), (later, index)
    assert [entry["Service"]["ID"] for entry in entries] == ["late"], entries


def keys(client):
    assert client.kv.put("a/b", "value", flags=7)
    index, entry = client.kv.get("a/b")
    assert entry["Value"] == b"value" and entry["Flags"] == 7, entry
    assert client.kv.get("a", keys=True)[1] == ["a/b"]
    assert client.kv.put("a/b", "other", cas=0) is False
    assert client.kv.put("a/b", "other", cas=entry["ModifyIndex"])
    assert client.kv.delete("a", recurse=True)
    assert client.kv.get("a/b")[1] is None


def sessions(client):
    one = client.session.create(name="one", ttl=10, lock_delay=0)
    other = client.session.create(name="other", ttl=10, behavior="delete")
    assert client.kv.put("lock", "1", acquire=one)
    assert not client.kv.put("lock", "2", acquire=other)
    assert client.session.renew(one)["Name"] == "one"
    assert client.session.info(one)[1]["Behavior"] == "release"
    assert client.session.destroy(one)
    assert client.kv.put("lock", "2", acquire=other)
    assert client.session.destroy(other)
    assert client.kv.get("lock")[1] is None


def status(client):
    assert client.agent.self()["Config"]["Version"].endswith("-fake")
    assert ":" in client.status.leader()


def tokens(host, port):
    assert consul.Consul(host=host, port=port, token="t").catalog.services()[1] == {"consul": []}
    try:
        consul.Consul(host=host, port=port).catalog.services()
    except consul.ACLPermissionDenied:
        return
    raise AssertionError("a client without a token was let in")


def put(client, path):
    return client.http.put(CB.bool(), path)


def healthy(client):
    _, entries = client.health.service("web", passing=True)
    return [entry["Service"]["ID"] for entry in entries]


def main():
    host, port, guarded_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    client = consul.Consul(host=host, port=port)
    for test in (services, blocking, keys, sessions, status):
        test(client)
        print(test.__name__)
    tokens(host, guarded_port)
    print("tokens")


main()
