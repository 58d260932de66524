#!/usr/bin/env python3
"""Run by `./bench junit`: what a test class with a PostgreSQL and a Redis costs, in each way to give it these.

Each run is a JVM of its own with two like classes, as a build has: the first pays for the JVM's first time, the second does
not. All ways take turns in each round. The database runs the same script of twenty tables in all of them. Medians go into
docs/performance.md between two marks, every single number into benchmark/results/.
"""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from measuring import ROOT, Failed, keep, machine, output, ratio, raw_file, say, write_page

IMAGES = {"postgres": ("postgres:16-alpine", "offline/postgres:16.4"), "redis": ("redis:7-alpine", "offline/redis:7")}
# Testcontainers' watcher is an image that not every machine has; without it and its checks Testcontainers is quicker.
THEIR_ENVIRONMENT = {"TESTCONTAINERS_RYUK_DISABLED": "true", "TESTCONTAINERS_CHECKS_DISABLE": "true", "TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1"}
MADE = {"WITHSTACK_INITIAL_DATA": "made"}
COMPOSE_FILE = """
services:
  orders:
    image: {postgres}
    environment: {{POSTGRES_USER: ada, POSTGRES_PASSWORD: lovelace-1815, POSTGRES_DB: shelf}}
    ports: ["127.0.0.1:{postgres_port}:5432"]
    volumes: ["{schema}:/docker-entrypoint-initdb.d/10-schema.sql:ro"]
    healthcheck: {{test: ["CMD-SHELL", "pg_isready -q -h 127.0.0.1 -U ada -d shelf"], interval: 1s, retries: 60}}
  cache:
    image: {redis}
    ports: ["127.0.0.1:{redis_port}:6379"]
    healthcheck: {{test: ["CMD", "redis-cli", "ping"], interval: 1s, retries: 60}}
"""
# name, test classes, environment
WAYS = [
    ("withstack", ["Ways$Ours", "Ways$OursAgain"], {}),
    ("withstack, database made each time", ["Ways$Ours", "Ways$OursAgain"], MADE),
    ("Testcontainers", ["Ways$Theirs", "Ways$TheirsAgain"], THEIR_ENVIRONMENT),
    ("Testcontainers with Compose", ["Ways$Composed", "Ways$ComposedAgain"], THEIR_ENVIRONMENT),
    ("scope RUN", ["Ways$OfTheRun", "Ways$OfTheRunAgain"], {}),
    ("alone", ["Ways$Alone", "Ways$AloneAgain"], {}),
    ("alone, made each time", ["Ways$Alone", "Ways$AloneAgain"], MADE),
]
# name, kind of class, how many at once
EIGHTS = [("a stack each, in turn", "Own", 1), ("a stack each, in parallel", "Own", 8), ("a part each of one stack, in parallel", "Part", 8)]


def class_path(module):
    with open(os.path.join(ROOT, module, "target", "bench-classpath")) as file:
        return os.pathsep.join([os.path.join(ROOT, module, "target", "test-classes"), os.path.join(ROOT, module, "target", "classes"), file.read().strip()])


def compile_tests():
    say("Compiling …")
    command = ["./mvnw", "-q", "-B", "-ntp", "-Dspotless.check.skip=true", "-pl", "stack-core,stack-junit", "-am", "test-compile", "dependency:build-classpath", "-Dmdep.outputFile=target/bench-classpath", "-Dmdep.includeScope=test"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        raise Failed(f"{' '.join(command)}\n{result.stdout[-3000:]}")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Program:
    def __init__(self, directory):
        present = output("docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}").splitlines()
        self.images = {server: asked if asked in present else offline for server, (asked, offline) in IMAGES.items()}
        self.directory = directory
        self.environment = {name: value for name, value in os.environ.items() if name not in (*MADE, "CI")}
        if directory and os.environ["COMPOSE"]:
            self.find_compose()

    def find_compose(self):
        """Testcontainers calls `docker compose`, which is there only as docker's plugin."""
        plugins = os.path.join(self.directory, "docker", "cli-plugins")
        os.makedirs(plugins)
        words = os.environ["COMPOSE"].split()
        if words != ["docker", "compose"]:
            os.symlink(output("which", words[0]) or words[0], os.path.join(plugins, "docker-compose"))
            self.environment["DOCKER_CONFIG"] = os.path.join(self.directory, "docker")

    def command(self, module, *arguments):
        return ["java", "-cp", class_path(module), *arguments]

    def java(self, module, *arguments, environment={}):
        result = subprocess.run(self.command(module, *arguments), cwd=os.path.join(ROOT, module), env={**self.environment, **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode != 0:
            raise Failed(f"{arguments}\nended with {result.returncode}:\n{result.stdout[-2000:]}\n{result.stderr[-4000:]}")
        return result.stdout

    def compose_file(self, ports):
        schema = os.path.join(self.directory, "schema.sql")
        with open(schema, "w") as file:
            file.writelines(f"CREATE TABLE goods_{i} (id serial PRIMARY KEY, name text NOT NULL UNIQUE);\n" for i in range(20))
        os.chmod(schema, 0o644)
        os.chmod(self.directory, 0o755)
        path = os.path.join(self.directory, "compose.yaml")
        with open(path, "w") as file:
            file.write(COMPOSE_FILE.format(schema=schema, **self.images, **ports))
        return path

    def classes(self, names, environment):
        """Return how long the first class took from the JVM's start to its test, and the second from the end of the first."""
        started, begun, ended = self.run(names, environment)
        times = {"cold": (begun[0] - started) / 1000}
        return {**times, "warm": (begun[1] - ended[0]) / 1000} if len(names) > 1 else times

    def eight(self, kind, at_once):
        """Return how long eight classes took from the JVM's start to the end of the last, with all that was started taken down."""
        started, _, ended = self.run([f"Eights${kind}{number}" for number in range(1, 9)], {}, f"-Dbench.parallel={at_once}")
        return (max(ended) - started) / 1000

    def run(self, names, environment, *more):
        """Return when the JVM was started, when the tests began and when the classes ended."""
        ports = {"postgres_port": free_port(), "redis_port": free_port()}
        properties = [f"-Dbench.{server}={image}" for server, image in self.images.items()]
        properties += [f"-Dbench.postgres.port={ports['postgres_port']}", f"-Dbench.redis.port={ports['redis_port']}", f"-Dbench.compose={self.compose_file(ports)}"]
        started = time.time() * 1000
        text = self.java("stack-junit", *properties, "-Dapi.version=1.41", *more, "dev.withstack.junit.bench.Measure", *names, environment=environment)
        begun, ended = (json.loads(re.search(rf"^{word} (\[.*\])$", text, re.MULTILINE)[1]) for word in ("begun", "ended"))
        return started, begun, ended

    def resets(self, count):
        lines = self.java("stack-core", "dev.withstack.core.engine.ResetTimes", str(count)).splitlines()
        return [(f"{words[0]} {words[1]}", float(words[2]) / 1000) for words in map(str.split, lines) if len(words) == 3 and words[0] in ("reset", "restart")]


def measure(program, rounds):
    samples = []

    def note(round, way, what, seconds):
        samples.append({"round": round, "way": way, "what": what, "seconds": round_to(seconds), "load": os.getloadavg()[0]})
        say(f"  round {round}  {way:36} {what:38} {seconds:8.3f} s")

    # The first start on a machine keeps the initial data that all later ones begin with.
    for way, names, environment in WAYS:
        if way in ("withstack", "alone"):
            note(0, way, "very first", program.classes(names[:1], environment)["cold"])
    for round in range(1, rounds + 1):
        turn = (round - 1) % len(WAYS)
        for way, names, environment in WAYS[turn:] + WAYS[:turn]:
            if way.endswith("Compose") and not os.environ["COMPOSE"]:
                continue
            try:
                for what, seconds in program.classes(names, environment).items():
                    note(round, way, what, seconds)
            except Failed as failure:
                samples.append({"round": round, "way": way, "failed": str(failure)})
                say(f"  round {round}  {way} failed: {failure}")
        for name, kind, at_once in EIGHTS:
            note(round, "eight classes", name, program.eight(kind, at_once))
        for what, seconds in program.resets(10):
            note(round, "reset", what, seconds)
    return samples


def round_to(seconds):
    return round(seconds, 4)


def median(samples, way, what):
    found = [s["seconds"] for s in samples if (s["way"], s.get("what")) == (way, what)]
    return statistics.median(found) if found else None


def text_of(value, digits=2, unit=1):
    return f"{value * unit:.{digits}f}" if value is not None else "–"


def tables(samples, run):
    lines = [
        f"Measured {run['date']} on {run['machine']}; engine {run['engine']}, Compose {run['compose'] or '(none found, so left out)'}, Java {run['java']}; "
        f"images: {run['images']}; load of the machine {run['load']}. Medians of {run['rounds']} rounds. Raw numbers: [`{run['raw']}`](../{run['raw']}). {run['note']}".rstrip(),
        "",
        "| seconds to the first test of a class with PostgreSQL and Redis | first class, from the JVM's start | second class | ÷ Testcontainers, first | ÷ Testcontainers, second |",
        "|---|---|---|---|---|",
    ]
    for way, _, _ in WAYS[:4]:
        cold, warm = median(samples, way, "cold"), median(samples, way, "warm")
        lines.append(f"| {way} | {text_of(cold)} | {text_of(warm)} | {ratio(cold, median(samples, 'Testcontainers', 'cold'))} | {ratio(warm, median(samples, 'Testcontainers', 'warm'))} |")
    kept, made = median(samples, "alone", "warm"), median(samples, "alone, made each time", "warm")
    lines += [
        "",
        f"A fresh PostgreSQL alone, second class: {text_of(kept)} s with kept initial data, {text_of(made)} s when its database is made each time: {ratio(kept, made)} ×. "
        f"The very first start of withstack on a machine, which keeps that data, took {text_of(median(samples, 'withstack', 'very first'))} s where it was not kept yet. "
        f"A second class of the run with `scope = RUN`: {text_of(median(samples, 'scope RUN', 'warm'), 0, 1000)} ms.",
        "",
        "| eight classes of three tests, from the JVM's start to the end of the last | seconds | ÷ in turn |",
        "|---|---|---|",
    ]
    in_turn = median(samples, "eight classes", EIGHTS[0][0])
    for name, _, _ in EIGHTS:
        eight = median(samples, "eight classes", name)
        lines.append(f"| {name} | {text_of(eight)} | {ratio(eight, in_turn)} |")
    lines += [
        "",
        "| milliseconds to put back what a test has written | |",
        "|---|---|",
    ]
    titles = {"postgres": "PostgreSQL: 50 tables with 10 000 rows, three of them changed", "redis": "Redis: 1000 keys", "minio": "S3: 20 objects, one changed", "qdrant": "Qdrant: 100 points, one changed", "all": "all four, at once"}
    for server, title in titles.items():
        lines.append(f"| {title} | {text_of(median(samples, 'reset', 'reset ' + server), 0, 1000)} |")
    restart, reset = median(samples, "reset", "restart all"), median(samples, "reset", "reset all")
    lines.append(f"| to restart the four containers instead | {text_of(restart, 0, 1000)}, {ratio(restart, reset)} × as long |")
    failed = [s for s in samples if "failed" in s]
    if failed:
        lines += ["", "Runs that failed and are not in the medians: " + ", ".join(f"{s['way']} in round {s['round']}" for s in failed) + "."]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="./bench junit", description="Measure what a test class with servers costs.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--note", default="", help="a sentence on the circumstances, for the page")
    options = parser.parse_args()
    compile_tests()
    with tempfile.TemporaryDirectory(prefix="withstack-bench-") as directory:
        program = Program(directory)
        run = {**machine(), "images": ", ".join(program.images.values()), "note": options.note, "rounds": options.rounds}
        samples = measure(program, options.rounds)
    loads = sorted(s["load"] for s in samples if "load" in s)
    run.update(load=f"{loads[0]:.1f} to {loads[-1]:.1f}", raw=raw_file("junit"))
    text = tables(samples, run)
    print(text)
    keep(run["raw"], run, samples)
    write_page("junit", text)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(str(failure))
