#!/usr/bin/env python3
"""Run by `./bench reach`: Compose files started by withstack and by Docker Compose, and stacks of many services.

file  a Compose file with a database, a cache, a job and a page, fresh and on existing volumes
many  5, 25, 50 and 100 services that do nothing, and what the launcher needs to hold 200 containers

All variants take turns in each round. Medians go into docs/performance.md, every single number into benchmark/results/.
"""

import argparse
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from measuring import ROOT, Failed, keep, machine, output, ratio, raw_file, round3, say, seconds_text, write_page

PROJECT = "benchreach"
SIZES = (5, 25, 50, 100)
HELD = 100
GIVE_UP_AFTER = 300
IMAGES = {
    "DB_IMAGE": ("postgres:16-alpine", "offline/postgres:16.4"),
    "CACHE_IMAGE": ("redis:7-alpine", "offline/redis:7"),
    "WEB_IMAGE": ("nginx:1.27-alpine", "offline/nginx:latest"),
    "IDLE_IMAGE": ("debian:bookworm", "offline/debian:bookworm"),
}
FILE = """
name: benchreach
services:
  db:
    image: ${DB_IMAGE}
    environment: {POSTGRES_USER: shop, POSTGRES_PASSWORD: of-the-bench}
    volumes: [data:/var/lib/postgresql/data]
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -q -h 127.0.0.1 -U shop"]
      interval: ${INTERVAL:-10s}
      retries: 30
  cache:
    image: ${CACHE_IMAGE}
    healthcheck: {test: [CMD, redis-cli, ping], interval: "${INTERVAL:-10s}", retries: 30}
  seed:
    image: ${DB_IMAGE}
    entrypoint: [psql, -h, db, -U, shop, -v, ON_ERROR_STOP=1, -c, "CREATE TABLE IF NOT EXISTS flowers (name text)"]
    environment: {PGPASSWORD: of-the-bench}
    depends_on: {db: {condition: service_healthy}}
  web:
    image: ${WEB_IMAGE}
    ports: ["127.0.0.1:28088:80"]
    depends_on:
      seed: {condition: service_completed_successfully}
      cache: {condition: service_healthy}
volumes:
  data:
"""


def many(number, replicas=1):
    """A file of services that do nothing and end when they are told to."""
    services = {}
    for i in range(1, number + 1):
        services[f"idle-{i}"] = {
            "image": "${IDLE_IMAGE}",
            "command": ["sleep", "infinity"],
            "init": True,
            **({"deploy": {"replicas": replicas}} if replicas > 1 else {}),
        }
    return json.dumps({"name": PROJECT, "services": services})


class Variant:
    def __init__(self, name, directory, environment):
        self.name, self.directory = name, directory
        inherited = {variable: value for variable, value in os.environ.items() if not variable.endswith("_IMAGE") and variable != "STACK_INSTANCE"}
        self.environment = {**inherited, "WITHSTACK_INITIAL_DATA": "made", **environment}

    def file(self, name):
        return os.path.join(self.directory, name)

    def timed(self, command):
        begun = time.monotonic()
        result = subprocess.run(command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        seconds = time.monotonic() - begun
        if result.returncode != 0:
            raise Failed(f"{' '.join(command)}\nended with {result.returncode}:\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}")
        return seconds


    def take_down(self, command):
        """An engine with much to do may miscount who is on a network, and keep it: nothing that is measured suffers."""
        try:
            self.timed(command)
        except Failed as failure:
            say(f"  {self.name} was not taken down whole: {str(failure).strip().splitlines()[-1]}")


class Withstack(Variant):
    def up(self, name):
        return self.timed(["./stack", "dev", "--file", self.file(name)])

    def down(self, name, volumes=True):
        return self.take_down(["./stack", "down", "--file", self.file(name), "--env", "dev", *(["--volumes", "--yes"] if volumes else [])])

    def hold(self, name):
        """Bring all up, stay, and say what that takes of memory and threads."""
        with tempfile.TemporaryFile("w+") as out:
            begun = time.monotonic()
            launcher = subprocess.Popen(
                ["./stack", "dev", "--file", self.file(name), "--attach"],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
            try:
                most = 0
                while True:
                    most = max(most, threads(launcher.pid))
                    out.seek(0)
                    text = out.read()
                    if re.search(r"^ready in ", text, re.MULTILINE):
                        break
                    if launcher.poll() is not None or time.monotonic() - begun > GIVE_UP_AFTER:
                        raise Failed(f"{name} did not become ready:\n{text[-2000:]}")
                    time.sleep(0.05)
                seconds = time.monotonic() - begun
                highest = megabytes(launcher.pid, "VmHWM")
                time.sleep(15)
                return {
                    "seconds": round3(seconds), "threads starting": most, "threads holding": threads(launcher.pid),
                    "highest": highest, "holding": megabytes(launcher.pid, "VmRSS"), "heap": heap(launcher.pid),
                }
            finally:
                launcher.send_signal(signal.SIGINT)
                launcher.wait(timeout=120)


def status(pid, entry):
    try:
        with open(f"/proc/{pid}/status") as file:
            return int(re.search(rf"{entry}:\s+(\d+)", file.read())[1])
    except (OSError, TypeError):
        return 0


def threads(pid):
    return status(pid, "Threads")


def megabytes(pid, entry):
    return round(status(pid, entry) / 1024)


def heap(pid):
    """What lives on the heap, in MB; none where the JDK's own tool is not there."""
    if not shutil.which("jcmd"):
        return None
    output("jcmd", str(pid), "GC.run")
    used = re.search(r"used (\d+)K", output("jcmd", str(pid), "GC.heap_info"))
    return round(int(used[1]) / 1024) if used else None


class Compose(Variant):
    def compose(self, name, *arguments):
        return [*os.environ["COMPOSE"].split(), "--project-name", f"{PROJECT}-compose", "--file", self.file(name), *arguments]

    def up(self, name):
        """Its `--wait` takes a job that has ended well for a failure, where nothing is named."""
        only = ["web"] if name == "file.yaml" else []
        return self.timed(self.compose(name, "up", "--detach", "--wait", *only))

    def down(self, name, volumes=True):
        return self.take_down(self.compose(name, "down", "--timeout", "1", *(["--volumes"] if volumes else [])))


def refuse_to_destroy():
    found = output("docker", "ps", "--all", "--filter", f"name=^{PROJECT}", "--format", "{{.Names}}").splitlines()
    if found:
        sys.exit(f"There are containers of an earlier run ({', '.join(found[:3])} …). Remove them: docker rm --force NAME …")


def measure(variants, sizes, rounds, after_round):
    samples = []

    def note(round, what, variant, seconds):
        samples.append({"round": round, "what": what, "variant": variant.name, "seconds": round3(seconds), "load": os.getloadavg()[0]})
        say(f"  round {round}  {what:14} {variant.name:12} {seconds:7.2f} s")

    def attempt(variant, name, work):
        try:
            work()
        except Failed as failure:
            samples.append({"variant": variant.name, "failed": str(failure)})
            say(f"  {variant.name} failed: {failure}")
        variant.down(name)

    for round in range(1, rounds + 1):
        turn = (round - 1) % len(variants)
        for variant in variants[turn:] + variants[:turn]:

            def file():
                note(round, "fresh", variant, variant.up("file.yaml"))
                variant.down("file.yaml", volumes=False)
                note(round, "existing", variant, variant.up("file.yaml"))

            attempt(variant, "file.yaml", file)
        # the interval of a health check makes no difference to services that have none
        of_many = [variant for variant in variants if variant.name != "compose-1s"]
        for size in sizes:
            for variant in of_many[turn % len(of_many):] + of_many[: turn % len(of_many)]:
                name = f"many-{size}.yaml"
                attempt(variant, name, lambda: note(round, f"many {size}", variant, variant.up(name)))
        after_round(round, samples)
    return samples


def median(samples, what, variant):
    found = [s["seconds"] for s in samples if (s.get("what"), s["variant"]) == (what, variant)]
    return statistics.median(found) if found else None


def tables(samples, run, sizes):
    lines = [
        f"Measured {run['date']} on {run['machine']}; engine {run['engine']}, Compose {run['compose'] or '(none found, so left out)'}, "
        f"Java {run['java']}; images: {run['images']}; load of the machine {run['load']}. Medians of {run['rounds']} rounds, in seconds. "
        f"Raw numbers: [`{run['raw']}`](../{run['raw']}). {run['note']}".rstrip(),
        "",
        "| a Compose file, time to ready | withstack | Compose, 10 s | Compose, 1 s | ÷ Compose 10 s | ÷ Compose 1 s |",
        "|---|---|---|---|---|---|",
    ]
    for what in ("fresh", "existing"):
        ours, ten, one = (median(samples, what, name) for name in ("withstack", "compose-10s", "compose-1s"))
        lines.append(f"| {what} volumes | {seconds_text(ours)} | {seconds_text(ten)} | {seconds_text(one)} | {ratio(ours, ten)} | {ratio(ours, one)} |")
    lines += ["", "| services that do nothing | withstack | Compose | ÷ Compose | withstack, a service | Compose, a service |", "|---|---|---|---|---|---|"]
    for size in sizes:
        ours, compose = (median(samples, f"many {size}", name) for name in ("withstack", "compose-10s"))
        each = [seconds_text(value / size if value else None, 3) for value in (ours, compose)]
        lines.append(f"| {size} | {seconds_text(ours)} | {seconds_text(compose)} | {ratio(ours, compose)} | {each[0]} | {each[1]} |")
    for size, held in run.get("held", {}).items():
        heap_text = f", {held['heap']} MB of it live on the heap" if held["heap"] else ""
        lines += [
            "",
            f"{size} took {seconds_text(held['seconds'], 1)} s to be ready. The launcher had at most {held['threads starting']} threads and "
            f"{held['highest']} MB meanwhile; to hold them it has {held['threads holding']} threads and {held['holding']} MB{heap_text}.",
        ]
    failed = [s for s in samples if "failed" in s]
    if failed:
        lines += ["", f"Starts that failed and are not in the medians: {len(failed)}."]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="./bench reach", description="Measure Compose files and stacks of many services.")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (3)")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="how many services; the page is written with all only")
    parser.add_argument("--note", default="", help="a sentence on the circumstances, for the page")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    refuse_to_destroy()
    present = output("docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}").splitlines()
    images = {variable: asked if asked in present else offline for variable, (asked, offline) in IMAGES.items()}
    run = {**machine(), "images": ", ".join(images.values()), "note": options.note, "held": {}}
    raw = raw_file("reach")
    with tempfile.TemporaryDirectory(prefix="withstack-bench-") as directory:
        files = {"file.yaml": FILE, f"held-{HELD}.yaml": many(HELD, replicas=2), "held-5.yaml": many(5)}
        files.update({f"many-{size}.yaml": many(size) for size in sizes})
        for name, text in files.items():
            with open(os.path.join(directory, name), "w") as file:
                file.write(text)
        withstack = Withstack("withstack", directory, images)
        variants = [withstack]
        if os.environ["COMPOSE"]:
            variants += [Compose("compose-10s", directory, {**images, "INTERVAL": "10s"}), Compose("compose-1s", directory, {**images, "INTERVAL": "1s"})]

        def after_round(round, samples):
            run["rounds"], run["raw"] = round, raw
            loads = sorted(s["load"] for s in samples if "load" in s)
            run["load"] = f"{loads[0]:.1f} to {loads[-1]:.1f}" if loads else "?"
            if round == options.rounds:
                for name, title in (("held-5.yaml", "5 services"), (f"held-{HELD}.yaml", f"{HELD} services in {2 * HELD} containers")):
                    try:
                        run["held"][title] = withstack.hold(name)
                    except Failed as failure:
                        say(f"  {title}: {failure}")
                    finally:
                        withstack.down(name)
            text = tables(samples, run, sizes)
            if round == options.rounds:
                print(text)
            if set(sizes) == set(SIZES):
                keep(raw, run, samples)
                write_page("reach", text)

        measure(variants, sizes, options.rounds, after_round)


try:
    main()
except Failed as failure:
    sys.exit(str(failure))
