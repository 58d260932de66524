"""What the benchmarks have in common: commands, the machine they ran on, and where the numbers go."""

import datetime
import json
import os
import platform
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PAGE = os.path.join(ROOT, "docs", "performance.md")


class Failed(Exception):
    """A command that ended with another code than 0."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def output(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def machine():
    """What a reader must know to compare the numbers with others."""
    with open("/proc/meminfo") as file:
        memory = round(int(file.readline().split()[1]) / 1024 / 1024)
    compose = os.environ.get("COMPOSE", "")
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.split('"')
    return {
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, {memory} GB, Linux {platform.release()}",
        "engine": output("docker", "version", "--format", "{{.Server.Version}}"),
        "compose": output(*compose.split(), "version", "--short") if compose else "",
        "java": java[1] if len(java) > 1 else "?",
        "commit": output("git", "-C", ROOT, "rev-parse", "--short", "HEAD"),
    }


def raw_file(name):
    """Where the single numbers of a run that begins now go, relative to the project."""
    begun = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    return f"benchmark/results/{name.replace(' ', '-')}-{begun}.json"


def keep(raw, run, samples):
    with open(os.path.join(ROOT, raw), "w") as file:
        json.dump({"run": run, "samples": samples}, file, indent=1)
        file.write("\n")


def write_page(name, text):
    """Put the text into docs/performance.md, between the marks of `./bench NAME`."""
    begin, end = f"<!-- ./bench {name}: from here", f"<!-- ./bench {name}: to here -->"
    with open(PAGE) as file:
        page = file.read()
    pattern = re.compile(f"({re.escape(begin)}[^\n]*\n).*?({re.escape(end)})", re.DOTALL)
    if not pattern.search(page):
        sys.exit(f"{PAGE} has lost the marks that the table goes between: {begin} … {end}")
    with open(PAGE, "w") as file:
        file.write(pattern.sub(lambda marks: f"{marks[1]}\n{text}\n\n{marks[2]}", page))


def round3(seconds):
    return round(seconds, 3)


def ratio(a, b):
    return f"{a / b:.2f}" if a and b else "–"


def seconds_text(value, digits=2):
    return f"{value:.{digits}f}" if value is not None else "–"
