#!/usr/bin/env python3
"""Run by `./bench start`: time to ready of Frostbyte, beside Docker Compose and beside the by-hand limit.

All variants take turns in each round, so that what else the machine does falls on all alike. Every time is that of a
whole process, from its start to its end, as a user waits for it. Medians go into docs/performance.md between two marks,
every single number into benchmark/results/.
"""

import argparse
import datetime
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
FILE = os.path.join(HERE, "frostbyte.json")
PAGE = os.path.join(ROOT, "docs", "performance.md")
BEGIN, END = "<!-- ./bench start: from here", "<!-- ./bench start: to here -->"
FOUR = ["redis", "postgres", "minio", "qdrant"]
SIX = FOUR + ["pipeline-api", "admin-dashboard"]
TIERS = {"four": FOUR, "six": SIX}
# Ports of the benchmark's own, beside those of a stack that may be running.
PORTS = {
    "REDIS_PORT": "26379",
    "POSTGRES_PORT": "25433",
    "MINIO_S3_PORT": "29000",
    "MINIO_CONSOLE_PORT": "29001",
    "QDRANT_HTTP_PORT": "26333",
    "QDRANT_GRPC_PORT": "26334",
    "PIPELINE_API_PORT": "28000",
    "ADMIN_DASHBOARD_PORT": "25174",
}
IMAGES = {
    "REDIS_IMAGE": ("redis:7-alpine", "offline/redis:7"),
    "POSTGRES_IMAGE": ("postgres:16-alpine", "offline/postgres:16.4"),
    "MINIO_IMAGE": ("minio/minio:latest", "offline/minio:latest"),
    "QDRANT_IMAGE": ("qdrant/qdrant:latest", "offline/qdrant:latest"),
}


def say(text):
    print(text, file=sys.stderr, flush=True)


def output(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


class Failed(Exception):
    """A command that ended with another code than 0."""


class Variant:
    """One way to bring the services up and down."""

    def __init__(self, name, title, environment):
        self.name, self.title = name, title
        # What the caller's shell may say of images is not to make the variants differ.
        inherited = {name: value for name, value in os.environ.items() if not name.endswith("_IMAGE")}
        self.environment = {**inherited, **PORTS, **environment}

    def timed(self, command):
        begun = time.monotonic()
        result = subprocess.run(command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        seconds = time.monotonic() - begun
        if result.returncode != 0:
            raise Failed(f"{' '.join(command)}\nended with {result.returncode}:\n{result.stdout[-2000:]}\n{result.stderr[-2000:]}")
        return seconds, result.stdout

    def up(self, tier):
        seconds, text = self.timed(self.up_command(tier))
        return seconds, self.details(text)

    def details(self, text):
        return {}


class Withstack(Variant):
    def up_command(self, tier):
        return ["./stack", "dev" if tier == "four" else "start"]

    def down(self, volumes):
        self.timed(["./stack", "down", "--env", "dev", *(["--volumes", "--yes"] if volumes else [])])

    def commands(self):
        return {"up": ["./stack", "dev"], "status": ["./stack", "status", "--env", "dev"], "logs": ["./stack", "logs", "--env", "dev", "--tail", "10"]}


class Limit(Variant):
    def up_command(self, tier):
        return ["python3", "benchmark/limit.py", "up", *TIERS[tier]]

    def down(self, volumes):
        self.timed(["python3", "benchmark/limit.py", "down", *(["--volumes"] if volumes else [])])

    def details(self, text):
        return json.loads(text)

    def commands(self):
        return {}


class Compose(Variant):
    def compose(self, *arguments):
        return [*os.environ["COMPOSE"].split(), "--project-name", "bench-compose", "--file", FILE, *arguments]

    def up_command(self, tier):
        return self.compose("up", "--detach", "--wait", *TIERS[tier])

    def down(self, volumes):
        self.timed(self.compose("down", "--timeout", "1", *(["--volumes"] if volumes else [])))

    def commands(self):
        return {"up": self.up_command("four"), "status": self.compose("ps"), "logs": self.compose("logs", "--tail", "10")}


def refuse_to_destroy():
    """The benchmark removes the volumes of Frostbyte's dev environment again and again: not those of somebody."""
    ours = ["--filter", "label=dev.withstack.stack=frostbyte", "--filter", "label=dev.withstack.environment=dev"]
    found = output("docker", "ps", "--all", *ours, "--format", "{{.Names}}").split() + output("docker", "volume", "ls", *ours, "--format", "{{.Name}}").split()
    if found:
        sys.exit(f"There is a Frostbyte here already ({', '.join(found)}), and the benchmark would remove its data. If it may go: ./stack down --env dev --volumes")


def chosen_images():
    """Those that the launcher takes: as asked for where the engine has them, else the offline ones."""
    present = output("docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}").splitlines()
    return {variable: asked if asked in present else offline for variable, (asked, offline) in IMAGES.items()}


def application_images(withstack):
    """Let the launcher build the two applications, and take the very same images for the others."""
    say("Building the applications' images …")
    withstack.up("six")
    ids = {
        variable: output("docker", "ps", "--filter", f"publish={PORTS[port]}", "--format", "{{.Image}}")
        for variable, port in (("PIPELINE_API_IMAGE", "PIPELINE_API_PORT"), ("ADMIN_DASHBOARD_IMAGE", "ADMIN_DASHBOARD_PORT"))
    }
    withstack.down(volumes=True)
    return ids


def measure(variants, tiers, rounds, after_round):
    samples = []

    def note(round, tier, what, variant, seconds, details=None):
        samples.append({"round": round, "tier": tier, "what": what, "variant": variant.name, "seconds": round3(seconds), "load": os.getloadavg()[0], **({"details": details} if details else {})})
        say(f"  round {round}  {tier:4}  {what:8}  {variant.name:12} {seconds:7.2f} s")

    for round in range(1, rounds + 1):
        for tier in tiers:
            turn = (round - 1) % len(variants)
            for variant in variants[turn:] + variants[:turn]:
                try:
                    note(round, tier, "fresh", variant, *variant.up(tier))
                    variant.down(volumes=False)
                    note(round, tier, "existing", variant, *variant.up(tier))
                    if tier == "four":
                        for what, command in variant.commands().items():
                            for _ in range(2):
                                note(round, tier, what, variant, variant.timed(command)[0])
                except Failed as failure:
                    # On a machine with too much else to do a health check may give up: no number, and the rest goes on.
                    samples.append({"round": round, "tier": tier, "variant": variant.name, "failed": str(failure)})
                    say(f"  round {round}  {tier:4}  {variant.name} failed: {failure}")
                variant.down(volumes=True)
        after_round(round, samples)


def round3(seconds):
    return round(seconds, 3)


def median(samples, tier, what, variant):
    found = [s["seconds"] for s in samples if (s["tier"], s.get("what"), s["variant"]) == (tier, what, variant)]
    return statistics.median(found) if found else None


def ratio(a, b):
    return f"{a / b:.2f}" if a and b else "–"


def seconds_text(value, digits=2):
    return f"{value:.{digits}f}" if value is not None else "–"


def tables(samples, run):
    titles = {"four": "the four servers", "six": "all six services", "fresh": "fresh volumes", "existing": "existing volumes"}
    lines = [
        f"Measured {run['date']} on {run['machine']}; engine {run['engine']}, Compose {run['compose'] or '(none found, so left out)'}, "
        f"Java {run['java']}; images: {run['images']}; load of the machine {run['load']}. Medians of {run['rounds']} rounds, in seconds. "
        f"Raw numbers: [`{run['raw']}`](../{run['raw']}). {run['note']}".rstrip(),
        "",
        "| time to ready | withstack | by-hand limit | Compose, 10 s | Compose, 1 s | ÷ limit | ÷ Compose 10 s | ÷ Compose 1 s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for tier in TIERS:
        for what in ("fresh", "existing"):
            ours, limit, ten, one = (median(samples, tier, what, name) for name in ("withstack", "limit", "compose-10s", "compose-1s"))
            lines.append(
                f"| {titles[tier]}, {titles[what]} | {seconds_text(ours)} | {seconds_text(limit)} | {seconds_text(ten)} | {seconds_text(one)} "
                f"| {ratio(ours, limit)} | {ratio(ours, ten)} | {ratio(ours, one)} |"
            )
    failed = [s for s in samples if "failed" in s]
    if failed:
        counts = {name: sum(s["variant"] == name for s in failed) for name in sorted({s["variant"] for s in failed})}
        lines += ["", "Starts that failed and are not in the medians: " + ", ".join(f"{name} {count}" for name, count in counts.items()) + "."]
    lines += ["", "| whole process, four servers running | withstack | Compose |", "|---|---|---|"]
    for what, title in (("up", "`dev` / `up`, nothing to do"), ("status", "`status` / `ps`"), ("logs", "`logs --tail 10`")):
        both = [s["seconds"] for s in samples if s.get("what") == what and s["variant"].startswith("compose")]
        lines.append(f"| {title} | {seconds_text(median(samples, 'four', what, 'withstack'), 3)} | {seconds_text(statistics.median(both) if both else None, 3)} |")
    return "\n".join(lines)


def write_page(text):
    with open(PAGE) as file:
        page = file.read()
    pattern = re.compile(f"({re.escape(BEGIN)}[^\n]*\n).*?({re.escape(END)})", re.DOTALL)
    if not pattern.search(page):
        sys.exit(f"{PAGE} has lost the marks that the table goes between: {BEGIN} … {END}")
    with open(PAGE, "w") as file:
        file.write(pattern.sub(lambda marks: f"{marks[1]}\n{text}\n\n{marks[2]}", page))


def describe(images):
    with open("/proc/meminfo") as file:
        memory = round(int(file.readline().split()[1]) / 1024 / 1024)
    compose = os.environ["COMPOSE"]
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.split('"')
    return {
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, {memory} GB, Linux {platform.release()}",
        "engine": output("docker", "version", "--format", "{{.Server.Version}}"),
        "compose": output(*compose.split(), "version", "--short") if compose else "",
        "java": java[1] if len(java) > 1 else "?",
        "images": ", ".join(images.values()),
        "commit": output("git", "-C", ROOT, "rev-parse", "--short", "HEAD"),
    }


def main():
    parser = argparse.ArgumentParser(prog="./bench start", description="Measure how long Frostbyte takes to be ready.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--only", default="", help="of withstack,limit,compose-10s,compose-1s those named; the page is not written then")
    parser.add_argument("--note", default="", help="a sentence on the circumstances, for the page")
    parser.add_argument("--tiers", default="four,six", help="four, six or both")
    options = parser.parse_args()
    only = [name for name in options.only.split(",") if name]
    tiers = options.tiers.split(",")

    refuse_to_destroy()
    images = chosen_images()
    withstack = Withstack("withstack", "withstack", {})
    applications = application_images(withstack) if "six" in tiers else {"PIPELINE_API_IMAGE": "none", "ADMIN_DASHBOARD_IMAGE": "none"}
    taken = {**images, **applications}
    variants = [
        withstack,
        Limit("limit", "by-hand limit", {**taken, "INTERVAL": "10s"}),
        Compose("compose-10s", "Compose, 10 s interval", {**taken, "INTERVAL": "10s"}),
        Compose("compose-1s", "Compose, 1 s interval", {**taken, "INTERVAL": "1s"}),
    ]
    if not os.environ["COMPOSE"]:
        say("No Docker Compose 2 was found: its columns stay empty.")
        variants = [variant for variant in variants if not isinstance(variant, Compose)]
    variants = [variant for variant in variants if not only or variant.name in only]

    run = {**describe(images), "note": options.note}
    begun = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    raw = f"benchmark/results/start-{begun}.json"

    def keep(round, samples):
        """After each round, so that a run that is broken off has not been for nothing."""
        run["rounds"], run["raw"] = round, raw
        loads = sorted(s["load"] for s in samples if "load" in s)
        run["load"] = f"{loads[0]:.1f} to {loads[-1]:.1f}" if loads else "?"
        text = tables(samples, run)
        if round == options.rounds:
            print(text)
        if not only and set(tiers) == set(TIERS):
            with open(os.path.join(ROOT, raw), "w") as file:
                json.dump({"run": run, "samples": samples}, file, indent=1)
                file.write("\n")
            write_page(text)

    measure(variants, tiers, options.rounds, keep)


try:
    main()
except Failed as failure:
    sys.exit(str(failure))
