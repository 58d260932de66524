#!/usr/bin/env python3
"""Run by `./bench operate`: what keeping, moving and repairing a stack costs.

data    backup and restore of a database and of an object store, beside `pg_dump`/`psql` and a plain copy of the objects by
        hand, and the launcher's memory with the whole and with a sixteenth of the data
load    requests lost by a steady load through the entry while a stack is scaled, updated, deployed and rolled back, and how soon
        the earlier version answers again
repair  seconds from a service's death to its health, under `supervise` and under the engine's own restart policy

Medians go into docs/performance.md, every single number into benchmark/results/. All runs in an instance of its own of the
stacks, which is removed at the end.
"""

import argparse
import datetime
import hashlib
import hmac
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from measuring import HERE, ROOT, Failed, keep, machine, output, ratio, raw_file, round3, say, seconds_text, write_page

INSTANCE = "benchoperate"
PARTS = ("data", "load", "repair")


class Instance:
    """A stack of its own to work on, on ports of its own."""

    def __init__(self, name):
        with open(os.path.join(HERE, f"{name}.json")) as file:
            bench = json.load(file)["x-bench"]
        self.name = name
        inherited = {variable: value for variable, value in os.environ.items() if not variable.endswith("_IMAGE")}
        self.variables = {**inherited, **bench["ports"], "STACK_INSTANCE": INSTANCE}

    def arguments(self, command, *more):
        environment = [] if command == "start" else ["--env", "dev"]
        return ["./stack", command, "--stack", self.name, *environment, *more]

    def run(self, command, *more):
        """Return seconds and the most memory, in MB, of the launcher's process."""
        begun = time.monotonic()
        with tempfile.TemporaryFile("w+") as out:
            child = subprocess.Popen(
                self.arguments(command, *more), cwd=ROOT, env=self.variables, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )
            _, status, usage = os.wait4(child.pid, 0)
            seconds = time.monotonic() - begun
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                out.seek(0)
                raise Failed(f"{' '.join(child.args)} ended with {child.returncode}:\n{out.read()[-2000:]}")
        return seconds, round(usage.ru_maxrss / 1024)

    def container(self, service):
        filters = [f"--filter=label=dev.withstack.{key}={value}" for key, value in (("service", service), ("run", INSTANCE))]
        found = output("docker", "ps", *filters, "--format", "{{.ID}}").splitlines()
        if len(found) != 1:
            raise Failed(f"{self.name} has {len(found)} containers of {service}")
        return found[0]

    def address(self, service):
        return json.loads(output("docker", "inspect", self.container(service)))[0]["NetworkSettings"]["Networks"].popitem()[1]["IPAddress"]

    def remove(self):
        self.run("down", "--volumes", "--yes")


def by_hand(*command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL):
    result = subprocess.run(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE)
    if result.returncode != 0:
        raise Failed(f"{' '.join(command)} ended with {result.returncode}:\n{result.stderr.decode()[-2000:]}")


# --- data --------------------------------------------------------------------------------------------------------


class Database:
    """Rows of a kilobyte that no compression shrinks to nothing, in Frostbyte's PostgreSQL."""

    service = "postgres"
    title = "PostgreSQL"

    def __init__(self, stack):
        self.stack = stack

    def psql(self, statement, database="frostbyte", **streams):
        """A statement that fails is an error; a line of a dump is not: one of a newer pg_dump sets what the server does not know."""
        by_hand("docker", "exec", "-i", self.stack.container("postgres"), "psql", "-qX", "-U", "frostbyte", database, *statement, **streams)

    def fill(self, mebibytes):
        self.psql(["-c", "DROP TABLE IF EXISTS load"])
        self.psql(["-c", f"CREATE TABLE load AS SELECT n AS id, repeat(md5(random()::text), 31) AS payload FROM generate_series(1, {mebibytes * 1024}) n"])
        self.psql(["-c", "ALTER TABLE load ADD PRIMARY KEY (id)"])

    def save_by_hand(self, directory):
        with open(os.path.join(directory, "dump.sql"), "wb") as file:
            by_hand("docker", "exec", self.stack.container("postgres"), "pg_dump", "-U", "frostbyte", "frostbyte", stdout=file)

    def bring_back_by_hand(self, directory):
        self.psql(["-c", "CREATE DATABASE again"], "template1")
        with open(os.path.join(directory, "dump.sql"), "rb") as file:
            self.psql([], "again", stdin=file)
        self.psql(["-c", "DROP DATABASE frostbyte WITH (FORCE)"], "template1")
        self.psql(["-c", "ALTER DATABASE again RENAME TO frostbyte"], "template1")


class Objects:
    """Objects of 16 MiB in Frostbyte's MinIO."""

    service = "minio"
    title = "objects"
    SIZE = 16

    def __init__(self, stack):
        self.stack = stack

    def fill(self, mebibytes):
        s3 = S3(self.stack.address("minio"), "frostbyte", "frostbyte")
        for name in s3.names("bench-objects"):
            s3.call("DELETE", f"/bench-objects/{name}")
        s3.call("PUT", "/bench-objects", accept=(200, 409))
        for number in range(max(1, mebibytes // self.SIZE)):
            s3.call("PUT", f"/bench-objects/{number:04}", os.urandom(self.SIZE * 1024 * 1024))

    def save_by_hand(self, directory):
        s3 = S3(self.stack.address("minio"), "frostbyte", "frostbyte")
        for name in s3.names("bench-objects"):
            with open(os.path.join(directory, name), "wb") as file:
                s3.call("GET", f"/bench-objects/{name}", into=file)

    def bring_back_by_hand(self, directory):
        s3 = S3(self.stack.address("minio"), "frostbyte", "frostbyte")
        for name in sorted(os.listdir(directory)):
            with open(os.path.join(directory, name), "rb") as file:
                s3.call("PUT", f"/bench-objects/{name}", file)


class S3:
    """One kept-alive connection to an S3 server, signed by version 4 of AWS' signatures."""

    def __init__(self, host, key, secret):
        self.host, self.key, self.secret = f"{host}:9000", key, secret
        self.connection = http.client.HTTPConnection(self.host)

    def call(self, method, path, body=None, query="", into=None, accept=(200, 204)):
        size = {"Content-Length": str(os.fstat(body.fileno()).st_size)} if hasattr(body, "fileno") else {}
        self.connection.request(method, path + (f"?{query}" if query else ""), body, {**self.signed(method, path, query), **size})
        response = self.connection.getresponse()
        if into and response.status == 200:
            shutil.copyfileobj(response, into, 1024 * 1024)
            return b""
        content = response.read()
        if response.status not in accept:
            raise Failed(f"{method} {path}: {response.status} {content[:500]}")
        return content

    def names(self, bucket):
        try:
            return re.findall(r"<Key>(.*?)</Key>", self.call("GET", f"/{bucket}", query="list-type=2").decode())
        except Failed:
            return []

    def signed(self, method, path, query):
        now = datetime.datetime.now(datetime.timezone.utc)
        moment, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
        headers = {"host": self.host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "x-amz-date": moment}
        names = ";".join(headers)
        request = "\n".join([method, path, query, *(f"{name}:{value}" for name, value in headers.items()), "", names, "UNSIGNED-PAYLOAD"])
        scope = f"{day}/us-east-1/s3/aws4_request"
        key = f"AWS4{self.secret}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), hashlib.sha256)
        text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(request.encode()).hexdigest()])
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return {**headers, "Authorization": f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, Signature={signature}"}


def measure_data(rounds, mebibytes, samples):
    stack = Instance("frostbyte")
    stack.run("start", Database.service, Objects.service)
    try:
        for kind in (Database(stack), Objects(stack)):
            say(f"{kind.title}: filling with {mebibytes // 16} and {mebibytes} MiB …")
            kind.fill(mebibytes // 16)
            samples.append({"of": kind.title, "what": "memory of a sixteenth", "megabytes": saved_and_back(stack, kind, samples, 0)})
            kind.fill(mebibytes)
            for round in range(1, rounds + 1):
                megabytes = saved_and_back(stack, kind, samples, round)
                samples.append({"of": kind.title, "what": "memory", "megabytes": megabytes})
    finally:
        stack.remove()


def saved_and_back(stack, kind, samples, round):
    """Save and bring back in both ways; round 0 is not counted. Return the most memory of backup and restore."""
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryDirectory() as backups:
        saved, memory_of_backup = stack.run("backup", kind.service, "--to", backups)
        took = {("backup", "withstack"): saved, ("backup", "by hand"): timed(kind.save_by_hand, directory)}
        took["restore", "by hand"] = timed(kind.bring_back_by_hand, directory)
        took["restore", "withstack"], memory_of_restore = stack.run("restore", "latest", kind.service, "--from", backups, "--yes")
    for (what, way), seconds in took.items():
        if round:
            samples.append({"round": round, "of": kind.title, "what": what, "way": way, "seconds": round3(seconds), "load": os.getloadavg()[0]})
        say(f"  round {round}  {kind.title:10}  {what:7}  {way:9} {seconds:7.2f} s")
    return {"backup": memory_of_backup, "restore": memory_of_restore}


def timed(task, *arguments):
    begun = time.monotonic()
    task(*arguments)
    return time.monotonic() - begun


# --- load --------------------------------------------------------------------------------------------------------

MOVES = (
    ("scale", ["api=3"]),
    ("scale", ["api=2"]),
    ("update", ["--set", "LOG_LEVEL=info"]),
    ("deploy", ["--set", "LOG_LEVEL=warning"]),
    ("rollback", []),
)


def measure_load(samples):
    """Ordinaut's API, two replicas behind their entry, asked all the time."""
    stack = Instance("ordinaut")
    stack.run("start")
    try:
        stack.run("scale", "api=2")
        serving, earlier = set(), set()
        for command, words in MOVES:
            with Load("127.0.0.1", int(stack.variables["API_PORT"]), "/health") as load:
                begun = time.monotonic()
                seconds, _ = stack.run(command, *words)
            found = {"of": "load", "what": " ".join([command, *words]), "seconds": round3(seconds), **load.found(), "load": os.getloadavg()[0]}
            samples.append(found)
            say(f"  {found['what']:30}  {seconds:6.2f} s  {found['requests']} requests, {found['lost']} lost, slowest {found['slowest']} s")
            before, serving = serving, load.serving_at_the_end()
            if command != "scale" and before & serving:
                raise Failed(f"{found['what']} did not replace what answers")
            if command == "deploy":
                earlier = before
            elif command == "rollback":
                back = load.first_answer_of(earlier) - begun
                samples.append({"of": "way back", "seconds": round3(back), "load": os.getloadavg()[0]})
                say(f"  the earlier version answers again after {back:.2f} s")
    finally:
        stack.remove()


class Load:
    """Clients that keep their connection and repeat nothing, together a few hundred requests a second."""

    CLIENTS = 8
    PAUSE = 0.03

    def __init__(self, host, port, path):
        self.host, self.port, self.path = host, port, path
        self.took, self.lost, self.served, self.over = [], [], [], threading.Event()

    def __enter__(self):
        self.threads = [threading.Thread(target=self.ask) for _ in range(self.CLIENTS)]
        for thread in self.threads:
            thread.start()
        time.sleep(1)
        return self

    def __exit__(self, *failure):
        time.sleep(1)
        self.over.set()
        for thread in self.threads:
            thread.join()

    def ask(self):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        while not self.over.wait(self.PAUSE):
            begun = time.monotonic()
            try:
                connection.request("GET", self.path)
                response = connection.getresponse()
                response.read()
                self.served.append((time.monotonic(), response.getheader("X-Served-By")))
                if response.status != 200:
                    self.lost.append(response.status)
            except (OSError, http.client.HTTPException) as failure:
                self.lost.append(repr(failure))
                connection.close()
            self.took.append(time.monotonic() - begun)

    def serving_at_the_end(self):
        end = max(moment for moment, _ in self.served)
        return {name for moment, name in self.served if moment > end - 0.5}

    def first_answer_of(self, names):
        moments = [moment for moment, name in self.served if name in names]
        if not moments:
            raise Failed("the earlier version did not answer")
        return min(moments)

    def found(self):
        return {"requests": len(self.took), "lost": len(self.lost), "why": self.lost[:5], "slowest": round3(max(self.took))}


# --- repair ------------------------------------------------------------------------------------------------------


def measure_repair(rounds, samples):
    stack = Instance("frostbyte")
    stack.run("start", "redis")
    try:
        with supervised(stack):
            for round in range(1, rounds + 1):
                for what, hit in (("killed", signal.SIGKILL), ("frozen", signal.SIGSTOP)):
                    seconds = until_healthy_again(stack, hit)
                    samples.append({"round": round, "of": "repair", "what": what, "seconds": round3(seconds), "load": os.getloadavg()[0]})
                    say(f"  round {round}  redis {what:7}  {seconds:7.2f} s")
    finally:
        stack.remove()


class supervised:
    """`./stack supervise` in the background."""

    def __init__(self, stack):
        self.stack = stack

    def __enter__(self):
        self.child = subprocess.Popen(
            self.stack.arguments("supervise"), cwd=ROOT, env=self.stack.variables, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __exit__(self, *failure):
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(timeout=60)


def until_healthy_again(stack, hit):
    """Seconds from the signal to the server's process until another process of it answers."""
    before = json.loads(output("docker", "inspect", stack.container("redis")))[0]["State"]
    begun = time.monotonic()
    os.kill(before["Pid"], hit)
    while time.monotonic() - begun < 300:
        try:
            now = json.loads(output("docker", "inspect", stack.container("redis")))[0]
            if now["State"]["Running"] and now["State"]["StartedAt"] != before["StartedAt"] and answers(stack.address("redis")):
                return time.monotonic() - begun
        except (Failed, KeyError, OSError):
            pass
        time.sleep(0.05)
    raise Failed("redis was not healthy again after 300 s")


def answers(address):
    with socket.create_connection((address, 6379), timeout=1) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")


# --- tables ------------------------------------------------------------------------------------------------------


def median(samples, **wanted):
    found = [s["seconds"] for s in samples if "seconds" in s and all(s.get(key) == value for key, value in wanted.items())]
    return statistics.median(found) if found else None


def table_of_data(samples, mebibytes):
    lines = [f"| {mebibytes} MiB | withstack | by hand | ratio | launcher's memory, and with a sixteenth of the data |", "|---|---|---|---|---|"]
    for of in ("PostgreSQL", "objects"):
        for what in ("backup", "restore"):
            ours, theirs = (median(samples, of=of, what=what, way=way) for way in ("withstack", "by hand"))
            whole, part = (max((s["megabytes"][what] for s in samples if s["of"] == of and s["what"] == memory), default=0) for memory in ("memory", "memory of a sixteenth"))
            lines.append(f"| {of}, {what} | {seconds_text(ours)} | {seconds_text(theirs)} | {ratio(ours, theirs)} | {whole} MB, {part} MB |")
    return lines


def table_of_load(samples):
    lines = ["| under a steady load of clients that keep their connection and repeat nothing | took | requests | lost | slowest |", "|---|---|---|---|---|"]
    for found in (s for s in samples if s["of"] == "load"):
        lines.append(f"| `{found['what']}` | {seconds_text(found['seconds'])} | {found['requests']} | {found['lost']} | {found['slowest']} |")
    return lines + ["", f"From the `rollback` command to the first answer of the earlier version: {seconds_text(median(samples, of='way back'))} s."]


def table_of_repair(samples):
    killed, frozen = (median(samples, of="repair", what=what) for what in ("killed", "frozen"))
    return [
        "| Redis, until it answers again | withstack `supervise` | the engine's restart policy alone |",
        "|---|---|---|",
        f"| its process is killed | {seconds_text(killed, 1)} s, by the policy | the same |",
        f"| its process is frozen | {seconds_text(frozen, 1)} s, most of it until the health check has failed often enough | never |",
    ]


def main():
    parser = argparse.ArgumentParser(prog="./bench operate", description="Measure what keeping, moving and repairing a stack costs.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} those that are measured (all); the page is written only then")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (3)")
    parser.add_argument("--mib", type=int, default=1024, help="how much data there is (1024)")
    options = parser.parse_args()
    for part in options.parts:
        if part not in PARTS:
            parser.error(f"there is no part '{part}'; there are {', '.join(PARTS)}")
    parts, samples = options.parts or PARTS, []
    if "data" in parts:
        measure_data(options.rounds, options.mib, samples)
    if "load" in parts:
        measure_load(samples)
    if "repair" in parts:
        measure_repair(options.rounds, samples)
    report(options, parts, samples)


def report(options, parts, samples):
    run = {**machine(), "rounds": options.rounds, "mebibytes": options.mib}
    raw = raw_file("operate")
    loads = sorted(s["load"] for s in samples if "load" in s)
    text = [
        f"Measured {run['date']} on {run['machine']}; engine {run['engine']}, Java {run['java']}; load of the machine {loads[0]:.1f} to {loads[-1]:.1f}."
        f" Medians of {options.rounds} rounds, in seconds. Raw numbers: [`{raw}`](../{raw}).",
    ]
    if "data" in parts:
        text += ["", *table_of_data(samples, options.mib)]
    if "load" in parts:
        text += ["", *table_of_load(samples)]
    if "repair" in parts:
        text += ["", *table_of_repair(samples)]
    print("\n".join(text))
    if set(parts) == set(PARTS):
        keep(raw, run, samples)
        write_page("operate", "\n".join(text))


try:
    main()
except Failed as failure:
    sys.exit(str(failure))
