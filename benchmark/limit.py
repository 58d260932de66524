#!/usr/bin/env python3
"""How fast can these services be ready at all? The by-hand limit that `./bench start` compares with.

It reads the same file as Docker Compose (STACK.json beside this), creates networks, volumes and all containers at once,
starts each the moment those it depends on are ready, asks each server itself every 10 ms at its container's own address,
and does nothing else: no plan, no check of what is there, no events, no messages. One kept-alive connection to the engine
a thread. Anyone may better it; it must not lose to Compose, or it is no limit.

usage: limit.py STACK up|down [SERVICE...]     (down takes --volumes)

`up` prints one JSON object: seconds from the start of this program until all was ready, and the same for each step.
What Compose does not need to know stands in the file's "x-bench": how each service is asked; in which order those start
that may start at the same time, the one that takes longest first, and how many of them at once, since engine and servers
share the processors. Both were found by trying, on two cores. The variables in the file come from the environment.
Linux and a local engine only.
"""

import http.client
import io
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tarfile
import threading
import time

BEGUN = time.monotonic()
HERE = os.path.dirname(os.path.abspath(__file__))
LABEL = "dev.withstack.bench"
PREFIX = "bench-limit"
PROBE_EVERY = 0.010
GIVE_UP_AFTER = 180


class Engine(threading.local):
    """The engine's API over its socket, one connection a thread."""

    def __init__(self):
        self.connection = http.client.HTTPConnection("engine")
        self.connection.sock = socket.socket(socket.AF_UNIX)
        self.connection.sock.connect(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://"))

    def __call__(self, method, path, body=None, accept=(200, 201, 204, 304)):
        data, kind = (body, "application/x-tar") if isinstance(body, bytes) else (json.dumps(body), "application/json")
        self.connection.request(method, path, None if body is None else data, {} if body is None else {"Content-Type": kind})
        response = self.connection.getresponse()
        content = response.read()
        if response.status not in accept:
            sys.exit(f"{method} {path}: {response.status} {content.decode()}")
        return json.loads(content) if content[:1] in (b"{", b"[") else None


engine = Engine()


# --- asking ------------------------------------------------------------------------------------------------------


def redis(s):
    s.sendall(b"PING\r\n")
    return s.recv(64).startswith(b"+PONG")


def postgres(s, user, database):
    parameters = f"user\0{user}\0database\0{database}\0\0".encode()
    s.sendall(struct.pack("!ii", 8 + len(parameters), 196608) + parameters)
    return s.recv(1) == b"R"  # it asks for the password: not the answer of a server that is still starting


def http_get(s, path, expected=""):
    s.sendall(b"GET %s HTTP/1.0\r\nHost: probe\r\n\r\n" % path.encode())
    answer = b""
    while chunk := s.recv(65536):
        answer += chunk
    return answer.split(b" ", 2)[1:2] == [b"200"] and expected.encode() in answer


PROTOCOLS = {"redis": redis, "postgres": postgres, "http": http_get}


def server_answers(address, protocol, port, *details):
    with socket.create_connection((address, int(port)), timeout=2) as s:
        return PROTOCOLS[protocol](s, *details)


def ended_well(id):
    state = engine("GET", f"/containers/{id}/json")["State"]
    if state["Status"] == "exited" and state["ExitCode"] != 0:
        sys.exit(f"{id} ended with {state['ExitCode']}")
    return state["Status"] == "exited"


def has_said(id, text):
    connection = http.client.HTTPConnection("engine")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(engine.connection.sock.getpeername())
    connection.request("GET", f"/containers/{id}/logs?stdout=1&stderr=1")
    return text.encode() in connection.getresponse().read()


def ends_well(id, command):
    """Whether the command, run in the container, ends with 0."""
    exec = engine("POST", f"/containers/{id}/exec", {"Cmd": command})["Id"]
    engine("POST", f"/exec/{exec}/start", {"Detach": True})
    while (state := engine("GET", f"/exec/{exec}/json"))["Running"]:
        time.sleep(PROBE_EVERY)
    return state["ExitCode"] == 0


def until(name, asked):
    deadline = time.monotonic() + GIVE_UP_AFTER
    while time.monotonic() < deadline:
        begun = time.monotonic()
        try:
            if asked():
                return
        except OSError:
            pass
        time.sleep(max(0.0, PROBE_EVERY - (time.monotonic() - begun)))
    sys.exit(f"{name} was not ready after {GIVE_UP_AFTER} s")


def wait_until_ready(name, probe, id, address):
    kind, *details = probe.split(" ", 3)
    if kind == "started":
        return
    if kind == "completed":
        until(name, lambda: ended_well(id))
    elif kind == "runs":
        until(name, lambda: ends_well(id, " ".join(details).split(" ")))
    elif kind == "says":
        until(name, lambda: has_said(id, " ".join(details)))
    else:
        until(name, lambda: server_answers(address, kind, *details))


# --- containers --------------------------------------------------------------------------------------------------


def nanoseconds(text):
    return int(float(text.removesuffix("s")) * 1_000_000_000)


def health_check(check):
    return {
        "Test": check["test"],
        "Retries": check["retries"],
        "Interval": nanoseconds(check["interval"]),
        "Timeout": nanoseconds(check["timeout"]),
        "StartPeriod": nanoseconds(check["start_period"]),
    }


def networks_of(service):
    return [f"{PREFIX}-{network}" for network in service.get("networks", ["default"])]


def create(name, service, configs):
    ports = [re.fullmatch(r"([\d.]+):(\d+):(\d+)", port).groups() for port in service.get("ports", [])]
    first, *others = networks_of(service)
    aliases = {"Aliases": [name]}
    body = {
        "Image": service["image"],
        "Labels": {LABEL: "limit"},
        "Env": [f"{key}={value}" for key, value in service.get("environment", {}).items()],
        "ExposedPorts": {f"{inside}/tcp": {} for _, _, inside in ports},
        "HostConfig": {
            "NetworkMode": first,
            "RestartPolicy": {"Name": service.get("restart", "no")},
            "PortBindings": {f"{inside}/tcp": [{"HostIp": host, "HostPort": outside}] for host, outside, inside in ports},
            "Mounts": [
                {"Type": "volume", "Source": f"{PREFIX}_{volume}", "Target": target}
                for volume, target in (entry.split(":") for entry in service.get("volumes", []))
            ],
        },
        "NetworkingConfig": {"EndpointsConfig": {first: aliases}},
    }
    if "command" in service:
        body["Cmd"] = service["command"]
    if "user" in service:
        body["User"] = service["user"]
    if "healthcheck" in service:
        body["Healthcheck"] = health_check(service["healthcheck"])
    id = engine("POST", f"/containers/create?name={PREFIX}-{name}", body)["Id"]
    for network in others:
        engine("POST", f"/networks/{network}/connect", {"Container": id, "EndpointConfig": aliases})
    if "configs" in service:
        engine("PUT", f"/containers/{id}/archive?path=/", archive(service["configs"], configs))
    return id


def archive(files, configs):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for file in files:
            content = content_of(configs[file["source"]])
            entry = tarfile.TarInfo(file["target"].lstrip("/"))
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def content_of(config):
    if "content" in config:
        return config["content"].encode()
    with open(os.path.join(HERE, config["file"]), "rb") as file:
        return file.read()


# --- native processes --------------------------------------------------------------------------------------------


def start_process(name, process):
    """A program of its own on this machine; its group is noted for `down`."""
    with open(log_of(name), "w") as log:
        child = subprocess.Popen(
            process["command"], cwd=os.path.join(HERE, "..", process["directory"]), env={**os.environ, **process.get("environment", {})}, stdout=log, stderr=log, start_new_session=True
        )
    with open(PROCESSES, "a") as file:
        file.write(f"{child.pid}\n")
    threading.Thread(target=fail_when_it_ends, args=(name, child), daemon=True).start()


def fail_when_it_ends(name, child):
    code = child.wait()
    with open(log_of(name)) as log:
        sys.stderr.write(f"{name} ended with {code}:\n{log.read()[-2000:]}")
    os._exit(1)


def log_of(name):
    return f"{PROCESSES}.{name}.log"


PROCESSES = os.path.join(os.environ.get("TMPDIR", "/tmp"), "bench-limit.processes")


def end_processes():
    if os.path.exists(PROCESSES):
        with open(PROCESSES) as file:
            for pid in file.read().split():
                try:
                    os.killpg(int(pid), 9)
                except ProcessLookupError:
                    pass
        os.remove(PROCESSES)


# --- up and down -------------------------------------------------------------------------------------------------


def up(definition, names):
    bench = definition["x-bench"]
    services = {name: definition["services"][name] for name in names if name in definition["services"]}
    processes = {name: bench["processes"][name] for name in names if name in bench.get("processes", {})}
    everything = {**services, **processes}
    volumes = [entry.split(":")[0] for service in services.values() for entry in service.get("volumes", [])]
    present = [engine("GET", f"/volumes/{PREFIX}_{volume}", accept=(200, 404)).get("Name") for volume in volumes]
    state = "existing" if any(present) else "fresh"
    for network in {network for service in services.values() for network in networks_of(service)}:
        engine("POST", "/networks/create", {"Name": network, "Labels": {LABEL: "limit"}})

    order = [name for name in bench["longest first"][state] if name in everything]
    ready, begun = ({name: threading.Event() for name in everything} for _ in range(2))
    slots = threading.Semaphore(bench["at once"][state])
    times = {}

    def bring_up(name):
        one = everything[name]
        id = create(name, one, definition.get("configs", {})) if name in services else None
        times[name] = {"created": time.monotonic() - BEGUN}
        for needed in one.get("depends_on", {}):
            if needed in everything:
                ready[needed].wait()
        for earlier in order[: order.index(name)]:
            if not everything[earlier].get("depends_on"):
                begun[earlier].wait()
        with slots:
            begun[name].set()
            engine("POST", f"/containers/{id}/start") if id else start_process(name, one)
        times[name]["started"] = time.monotonic() - BEGUN
        address = "127.0.0.1"
        if id:
            address = engine("GET", f"/containers/{id}/json")["NetworkSettings"]["Networks"][networks_of(one)[0]]["IPAddress"]
        wait_until_ready(name, bench["probes"][name], id, address)
        times[name]["ready"] = time.monotonic() - BEGUN
        ready[name].set()

    threads = [threading.Thread(target=bring_up, args=(name,)) for name in everything]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len([t for t in times.values() if "ready" in t]) != len(everything):
        sys.exit(1)
    print(json.dumps({"seconds": round(max(t["ready"] for t in times.values()), 3), "services": {n: {k: round(v, 3) for k, v in t.items()} for n, t in times.items()}}))


def down(definition, remove_volumes):
    end_processes()
    ours = "filters=" + json.dumps({"label": [f"{LABEL}=limit"]}).replace('"', "%22").replace(" ", "")
    for container in engine("GET", f"/containers/json?all=1&{ours}"):
        engine("DELETE", f"/containers/{container['Id']}?force=1&v=1")
    for network in engine("GET", f"/networks?{ours}"):
        engine("DELETE", f"/networks/{network['Id']}")
    if remove_volumes:
        for name in definition["volumes"]:
            engine("DELETE", f"/volumes/{PREFIX}_{name}", accept=(204, 404))


def read(stack):
    with open(os.path.join(HERE, f"{stack}.json")) as file:
        return json.loads(re.sub(r"\$\{(\w+)\}", lambda variable: os.environ.get(variable[1], ""), file.read()).replace("$$", "$"))


def main():
    match sys.argv[1:]:
        case [stack, "down", *options]:
            down(read(stack), "--volumes" in options)
        case [stack, "up", *names]:
            definition = read(stack)
            up(definition, names or definition["services"])
        case _:
            sys.exit(__doc__)


main()
