#!/usr/bin/env python3
"""How fast can these containers be ready at all? The by-hand limit that `./bench start` compares with.

It reads the same file as Docker Compose (frostbyte.json), creates network, volumes and all containers at once, starts
each the moment those it depends on are ready, asks each server itself every 10 ms at its container's own address, and
does nothing else: no plan, no check of what is there, no events, no messages. One kept-alive connection to the engine
a thread. Anyone may better it; it must not lose to Compose, or it is no limit.

usage: limit.py up|down [SERVICE...]     (down takes --volumes)

`up` prints one JSON object: seconds from the start of this program until all was ready, and the same for each step.
The variables in frostbyte.json come from the environment. Linux and a local engine only.
"""

import http.client
import json
import os
import re
import socket
import struct
import sys
import threading
import time

BEGUN = time.monotonic()
HERE = os.path.dirname(os.path.abspath(__file__))
LABEL = {"dev.withstack.bench": "limit"}
PREFIX = "bench-limit"
PROBE_EVERY = 0.010
GIVE_UP_AFTER = 120
# Where several may start at the same time, the one that takes longest goes first, and few start at once: the engine and
# the servers share the processors. Tried by hand on two cores: on fresh volumes, where PostgreSQL makes its database,
# one at a time is best, on existing ones two.
FRESH = (["postgres", "minio", "pipeline-api", "admin-dashboard", "qdrant", "redis"], 1)
EXISTING = (["minio", "postgres", "pipeline-api", "admin-dashboard", "qdrant", "redis"], 2)

# What asks each server, by the port that it asks.
PROBES = {
    "redis": (6379, lambda s: redis(s)),
    "postgres": (5432, lambda s: postgres(s)),
    "minio": (9000, lambda s: http_get(s, "/minio/health/live")),
    "qdrant": (6333, lambda s: http_get(s, "/readyz")),
    "pipeline-api": (8000, lambda s: http_get(s, "/health", b'"healthy"')),
    "admin-dashboard": (5174, lambda s: http_get(s, "/admin/")),
}


class Engine(threading.local):
    """The engine's API over its socket, one connection a thread."""

    def __init__(self):
        self.connection = http.client.HTTPConnection("engine")
        self.connection.sock = socket.socket(socket.AF_UNIX)
        self.connection.sock.connect(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://"))

    def __call__(self, method, path, body=None, accept=(200, 201, 204, 304)):
        data = None if body is None else json.dumps(body)
        self.connection.request(method, path, data, {"Content-Type": "application/json"} if data else {})
        response = self.connection.getresponse()
        content = response.read()
        if response.status not in accept:
            sys.exit(f"{method} {path}: {response.status} {content.decode()}")
        return json.loads(content) if content[:1] in (b"{", b"[") else None


def redis(s):
    s.sendall(b"PING\r\n")
    return s.recv(64).startswith(b"+PONG")


def postgres(s):
    parameters = b"user\0frostbyte\0database\0frostbyte\0\0"
    s.sendall(struct.pack("!ii", 8 + len(parameters), 196608) + parameters)
    return s.recv(1) == b"R"  # it asks for the password: not the answer of a server that is still starting


def http_get(s, path, expected=b""):
    s.sendall(b"GET %s HTTP/1.0\r\nHost: probe\r\n\r\n" % path.encode())
    answer = b""
    while chunk := s.recv(65536):
        answer += chunk
    return answer.split(b" ", 2)[1:2] == [b"200"] and expected in answer


def wait_until_ready(name, address):
    port, probe = PROBES[name]
    deadline = time.monotonic() + GIVE_UP_AFTER
    while time.monotonic() < deadline:
        asked = time.monotonic()
        try:
            with socket.create_connection((address, port), timeout=2) as s:
                if probe(s):
                    return
        except OSError:
            pass
        time.sleep(max(0.0, PROBE_EVERY - (time.monotonic() - asked)))
    sys.exit(f"{name} was not ready after {GIVE_UP_AFTER} s")


def nanoseconds(text):
    return int(float(text.removesuffix("s")) * 1_000_000_000)


def create(engine, name, service, network):
    ports = [re.fullmatch(r"([\d.]+):(\d+):(\d+)", port).groups() for port in service.get("ports", [])]
    check = service["healthcheck"]
    body = {
        "Image": service["image"],
        "Labels": LABEL,
        "Env": [f"{key}={value}" for key, value in service.get("environment", {}).items()],
        "ExposedPorts": {f"{inside}/tcp": {} for _, _, inside in ports},
        "Healthcheck": {
            "Test": check["test"],
            "Retries": check["retries"],
            "Interval": nanoseconds(check["interval"]),
            "Timeout": nanoseconds(check["timeout"]),
            "StartPeriod": nanoseconds(check["start_period"]),
        },
        "HostConfig": {
            "NetworkMode": network,
            "RestartPolicy": {"Name": service["restart"]},
            "PortBindings": {f"{inside}/tcp": [{"HostIp": host, "HostPort": outside}] for host, outside, inside in ports},
            "Mounts": [
                {"Type": "volume", "Source": f"{PREFIX}_{volume}", "Target": target}
                for volume, target in (entry.split(":") for entry in service.get("volumes", []))
            ],
        },
        "NetworkingConfig": {"EndpointsConfig": {network: {"Aliases": [name]}}},
    }
    if "command" in service:
        body["Cmd"] = service["command"]
    return engine("POST", f"/containers/create?name={PREFIX}-{name}", body)["Id"]


def up(services):
    engine = Engine()
    network = f"{PREFIX}-net"
    engine("POST", "/networks/create", {"Name": network, "Labels": LABEL})
    ready = {name: threading.Event() for name in services}
    times = {}
    is_fresh = engine("GET", f"/volumes/{PREFIX}_postgres_data", accept=(200, 404)).get("Name") is None
    longest_first, at_once = FRESH if is_fresh else EXISTING
    order = [name for name in longest_first if name in services]
    begun = {name: threading.Event() for name in services}
    slots = threading.Semaphore(at_once)

    def bring_up(name):
        service = services[name]
        id = create(engine, name, service, network)
        times[name] = {"created": time.monotonic() - BEGUN}
        for needed in service.get("depends_on", {}):
            ready[needed].wait()
        for earlier in order[: order.index(name)]:
            if not services[earlier].get("depends_on"):
                begun[earlier].wait()
        with slots:
            begun[name].set()
            engine("POST", f"/containers/{id}/start")
        times[name]["started"] = time.monotonic() - BEGUN
        address = engine("GET", f"/containers/{id}/json")["NetworkSettings"]["Networks"][network]["IPAddress"]
        wait_until_ready(name, address)
        times[name]["ready"] = time.monotonic() - BEGUN
        ready[name].set()

    threads = [threading.Thread(target=bring_up, args=(name,)) for name in services]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len([t for t in times.values() if "ready" in t]) != len(services):
        sys.exit(1)
    print(json.dumps({"seconds": round(max(t["ready"] for t in times.values()), 3), "services": {n: {k: round(v, 3) for k, v in t.items()} for n, t in times.items()}}))


def down(volumes):
    engine = Engine()
    ours = "filters=" + json.dumps({"label": ["dev.withstack.bench=limit"]}).replace('"', "%22").replace(" ", "")
    for container in engine("GET", f"/containers/json?all=1&{ours}"):
        engine("DELETE", f"/containers/{container['Id']}?force=1")
    for network in engine("GET", f"/networks?{ours}"):
        engine("DELETE", f"/networks/{network['Id']}")
    if volumes:
        for name in json.loads(definition_text())["volumes"]:
            engine("DELETE", f"/volumes/{PREFIX}_{name}", accept=(204, 404))


def definition_text():
    with open(os.path.join(HERE, "frostbyte.json")) as file:
        return re.sub(r"\$\{(\w+)\}", lambda variable: os.environ.get(variable[1], ""), file.read())


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["down"]:
        down("--volumes" in arguments)
    elif arguments[:1] == ["up"]:
        definition = json.loads(definition_text())["services"]
        up({name: definition[name] for name in arguments[1:] or definition})
    else:
        sys.exit(__doc__)


main()
