#!/usr/bin/env python3
"""Run by `./bench start`: time to ready of the stacks, beside Docker Compose and beside the by-hand limit.

All variants take turns in each round, so that what else the machine does falls on all alike. Every time is that of a
whole process, from its start to its end, as a user waits for it. Medians go into docs/performance.md between two marks,
every single number into benchmark/results/. What is particular to a stack stands in STACK.json, under "x-bench".
"""

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from measuring import HERE, ROOT, Failed, keep, machine, output, ratio, raw_file, round3, say, seconds_text, write_page

STACKS = ["frostbyte", "bi-agent", "chatbot", "ordinaut", "integrador"]
GIVE_UP_AFTER = 300


class Stack:
    """A stack as the benchmark knows it: what STACK.json says, and the images it is measured with."""

    def __init__(self, name):
        self.name = name
        self.file = os.path.join(HERE, f"{name}.json")
        with open(self.file) as file:
            self.bench = json.load(file)["x-bench"]
        self.tiers = self.bench["tiers"]
        self.label = f"label=dev.withstack.stack={self.bench.get('name on engine', name)}"

    def chosen_images(self):
        """Those that the launcher takes: as asked for where the engine has them, else the offline ones."""
        present = output("docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}").splitlines()
        return {variable: asked if asked in present else offline for variable, (asked, offline) in self.bench["images"].items()}

    def built_images(self, withstack):
        """Let the launcher build and install what the applications need, and take the very same images for the others."""
        say(f"{self.name}: building the applications …")
        withstack.up("all")
        ids = {variable: self.containers("dev", "{{.Image}}", service)[0] for variable, service in self.bench["built"].items()}
        withstack.down(volumes=True)
        return ids

    def containers(self, environment, format, service=""):
        return self.listed(["ps", "--all"], environment, format, [f"--filter=label=dev.withstack.service={service}"] if service else [])

    def listed(self, command, environment, format, filters=()):
        """What the engine lists of the stack, but for its other instances and runs."""
        ours = [f"--filter={self.label}", f"--filter=label=dev.withstack.environment={environment}", *filters]
        lines = output("docker", *command, *ours, "--format", format + '|{{.Label "dev.withstack.run"}}').splitlines()
        return [line[:-1] for line in lines if line.endswith("|")]

    def refuse_to_destroy(self):
        """The benchmark removes the volumes of the stack's dev environment again and again: not those of somebody."""
        found = []
        for environment in ("dev", "base"):
            found += self.containers(environment, "{{.Names}}") + self.listed(["volume", "ls"], environment, "{{.Name}}")
        if found:
            sys.exit(
                f"There is a stack '{self.name}' here already ({', '.join(found)}), and the benchmark would remove its data."
                f" If it may go: ./stack down {self.name} --env dev --volumes"
            )


class Variant:
    """One way to bring the services up and down."""

    def __init__(self, stack, name, environment):
        self.stack, self.name = stack, name
        # What the caller's shell may say of images is not to make the variants differ.
        inherited = {variable: value for variable, value in os.environ.items() if not variable.endswith("_IMAGE") and variable != "STACK_INSTANCE"}
        # The others make their databases each time, and so does withstack here; ./bench junit measures what it keeps.
        self.environment = {**inherited, "WITHSTACK_INITIAL_DATA": "made", **stack.bench["ports"], **environment}

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

    def can(self, tier):
        return True

    def details(self, text):
        return {}

    def commands(self):
        return {}


class Withstack(Variant):
    """The launcher. Where a stack's processes keep it in the foreground it is ready when it says so, and is told to end."""

    running = None

    def stack_command(self, command, *arguments):
        return ["./stack", *command, "--stack", self.stack.name, *self.stack.bench.get("options", []), *arguments]

    def up_command(self, tier):
        return self.stack_command(self.stack.tiers[tier]["command"])

    def up(self, tier):
        return self.up_and_stay(self.up_command(tier)) if self.stays(tier) else super().up(tier)

    def stays(self, tier):
        return self.stack.tiers[tier].get("stays", False)

    def up_and_stay(self, command):
        """Wait for the line that says that all is ready, and leave the launcher running."""
        begun = time.monotonic()
        out = tempfile.TemporaryFile("w+")
        self.running = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, preexec_fn=hear_ctrl_c
        )
        while time.monotonic() - begun < GIVE_UP_AFTER:
            ended = self.running.poll() is not None
            out.seek(0)
            text = out.read()
            if re.search(r"^ready in ", text, re.MULTILINE):
                return time.monotonic() - begun, {}
            if ended:
                break
            time.sleep(0.01)
        self.end_running()
        raise Failed(f"{' '.join(command)}\ndid not say that it is ready:\n{text[-2000:]}")

    def end_running(self):
        if self.running:
            self.running.send_signal(signal.SIGINT)
            self.running.wait(timeout=120)
            self.running = None

    def down(self, volumes):
        self.end_running()
        self.timed(self.stack_command(["down", "--env", "dev"], *self.stack.bench.get("down options", []), *(["--volumes", "--yes"] if volumes else [])))

    def commands(self):
        return {
            "up": self.up_command("servers"),
            "status": self.stack_command(["status", "--env", "dev"]),
            "logs": self.stack_command(["logs", "--env", "dev", "--tail", "10"]),
            "jvm": ["java", "-version"],
        }

    def memory(self):
        """The launcher's memory, in MB: the most that it had while it started all, and what it has while it holds them."""
        self.up_and_stay(self.stack_command(self.stack.tiers["all"]["command"], *([] if self.stays("all") else ["--attach"])))
        try:
            highest = self.megabytes("VmHWM")
            time.sleep(30)
            return {"starting": highest, "holding": self.megabytes("VmRSS")}
        finally:
            self.down(volumes=True)

    def megabytes(self, entry):
        with open(f"/proc/{self.running.pid}/status") as file:
            return round(int(re.search(rf"{entry}:\s+(\d+)", file.read())[1]) / 1024)


class Limit(Variant):
    def up_command(self, tier):
        return ["python3", "benchmark/limit.py", self.stack.name, "up", *self.stack.tiers[tier]["services"]]

    def down(self, volumes):
        self.timed(["python3", "benchmark/limit.py", self.stack.name, "down", *(["--volumes"] if volumes else [])])

    def details(self, text):
        return json.loads(text)


class Compose(Variant):
    def compose(self, *arguments):
        return [*os.environ["COMPOSE"].split(), "--project-name", "bench-compose", "--file", self.stack.file, *arguments]

    def up_command(self, tier):
        """Its `--wait` takes a one-shot that nothing else waits for, and that has ended well, for a failure."""
        one_shots = self.stack.tiers[tier].get("not for Compose", [])
        return self.compose("up", "--detach", "--wait", *(name for name in self.stack.tiers[tier]["services"] if name not in one_shots))

    def can(self, tier):
        return not any(name in self.stack.bench.get("processes", {}) for name in self.stack.tiers[tier]["services"])

    def down(self, volumes):
        self.timed(self.compose("down", "--timeout", "1", *(["--volumes"] if volumes else [])))

    def commands(self):
        return {"up": self.up_command("servers"), "status": self.compose("ps"), "logs": self.compose("logs", "--tail", "10")}


def measure(stack, variants, tiers, rounds, after_round):
    samples = []

    def note(round, tier, what, variant, seconds, details=None):
        samples.append({"round": round, "tier": tier, "what": what, "variant": variant.name, "seconds": round3(seconds), "load": os.getloadavg()[0], **({"details": details} if details else {})})
        say(f"  {stack.name}  round {round}  {tier:7}  {what:8}  {variant.name:12} {seconds:7.2f} s")

    for round in range(1, rounds + 1):
        for tier in tiers:
            turn = (round - 1) % len(variants)
            for variant in variants[turn:] + variants[:turn]:
                if not variant.can(tier):
                    continue
                try:
                    note(round, tier, "fresh", variant, *variant.up(tier))
                    variant.down(volumes=False)
                    note(round, tier, "existing", variant, *variant.up(tier))
                    if tier == "servers":
                        for what, command in variant.commands().items():
                            for _ in range(2):
                                note(round, tier, what, variant, variant.timed(command)[0])
                except Failed as failure:
                    # On a machine with too much else to do a health check may give up: no number, and the rest goes on.
                    samples.append({"round": round, "tier": tier, "variant": variant.name, "failed": str(failure)})
                    say(f"  {stack.name}  round {round}  {tier:7}  {variant.name} failed: {failure}")
                variant.down(volumes=True)
        after_round(round, samples)


def hear_ctrl_c():
    """A shell hands down an ignored Ctrl-C to what it runs in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def median(samples, tier, what, variant):
    found = [s["seconds"] for s in samples if (s["tier"], s.get("what"), s["variant"]) == (tier, what, variant)]
    return statistics.median(found) if found else None


def tables(stack, samples, run):
    lines = [
        f"Measured {run['date']} on {run['machine']}; engine {run['engine']}, Compose {run['compose'] or '(none found, so left out)'}, "
        f"Java {run['java']}; images: {run['images']}; load of the machine {run['load']}. Medians of {run['rounds']} rounds, in seconds. "
        f"Raw numbers: [`{run['raw']}`](../{run['raw']}). {run['note']}".rstrip(),
        "",
        "| time to ready | withstack | by-hand limit | Compose, 10 s | Compose, 1 s | ÷ limit | ÷ Compose 10 s | ÷ Compose 1 s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for tier, of in stack.tiers.items():
        for what in ("fresh", "existing"):
            ours, limit, ten, one = (median(samples, tier, what, name) for name in ("withstack", "limit", "compose-10s", "compose-1s"))
            lines.append(
                f"| {of['title']}, {what} volumes | {seconds_text(ours)} | {seconds_text(limit)} | {seconds_text(ten)} | {seconds_text(one)} "
                f"| {ratio(ours, limit)} | {ratio(ours, ten)} | {ratio(ours, one)} |"
            )
    if document := stack.bench.get("document"):
        lines += ["", document]
    failed = [s for s in samples if "failed" in s]
    if failed:
        counts = {name: sum(s["variant"] == name for s in failed) for name in sorted({s["variant"] for s in failed})}
        lines += ["", "Starts that failed and are not in the medians: " + ", ".join(f"{name} {count}" for name, count in counts.items()) + "."]
    lines += ["", "| whole process, servers running | withstack | Compose |", "|---|---|---|"]
    for what, title in (("up", "the same command again / `up`, nothing to do"), ("status", "`status` / `ps`"), ("logs", "`logs --tail 10`")):
        both = [s["seconds"] for s in samples if s.get("what") == what and s["variant"].startswith("compose")]
        lines.append(f"| {title} | {seconds_text(median(samples, 'servers', what, 'withstack'), 3)} | {seconds_text(statistics.median(both) if both else None, 3)} |")
    lines.append(f"| for comparison: `java -version`, a JVM that does nothing | {seconds_text(median(samples, 'servers', 'jvm', 'withstack'), 3)} | |")
    if memory := run.get("memory"):
        count = len(stack.tiers["all"]["services"])
        lines += ["", f"Memory of the launcher: at most {memory['starting']} MB while it starts all {count} services, {memory['holding']} MB while it holds them."]
    return "\n".join(lines)


def bench(stack, options):
    only = [name for name in options.only.split(",") if name]
    tiers = options.tiers.split(",") if options.tiers else list(stack.tiers)
    stack.refuse_to_destroy()
    images = stack.chosen_images()
    withstack = Withstack(stack, "withstack", images)
    taken = {**images, **(stack.built_images(withstack) if "all" in tiers else dict.fromkeys(stack.bench["built"], "none"))}
    variants = [
        withstack,
        Limit(stack, "limit", {**taken, "INTERVAL": "10s"}),
        Compose(stack, "compose-10s", {**taken, "INTERVAL": "10s"}),
        Compose(stack, "compose-1s", {**taken, "INTERVAL": "1s"}),
    ]
    if not os.environ["COMPOSE"]:
        say("No Docker Compose 2 was found: its columns stay empty.")
        variants = [variant for variant in variants if not isinstance(variant, Compose)]
    variants = [variant for variant in variants if not only or variant.name in only]

    run = {**machine(), "images": ", ".join(images.values()), "note": options.note}
    raw = raw_file(f"start {stack.name}")

    def after_round(round, samples):
        """After each round, so that a run that is broken off has not been for nothing."""
        run["rounds"], run["raw"] = round, raw
        loads = sorted(s["load"] for s in samples if "load" in s)
        run["load"] = f"{loads[0]:.1f} to {loads[-1]:.1f}" if loads else "?"
        if round == options.rounds and not only and "all" in tiers:
            try:
                run["memory"] = withstack.memory()
            except Failed as failure:
                say(f"  {stack.name}  the launcher's memory was not measured: {failure}")
        text = tables(stack, samples, run)
        if round == options.rounds:
            print(text)
        if not only and set(tiers) == set(stack.tiers):
            keep(raw, run, samples)
            write_page(f"start {stack.name}", text)

    measure(stack, variants, tiers, options.rounds, after_round)


def main():
    parser = argparse.ArgumentParser(prog="./bench start", description="Measure how long the stacks take to be ready.")
    parser.add_argument("stacks", nargs="*", metavar="STACK", help=f"of {', '.join(STACKS)} those that are measured (all)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--only", default="", help="of withstack,limit,compose-10s,compose-1s those named; the page is not written then")
    parser.add_argument("--note", default="", help="a sentence on the circumstances, for the page")
    parser.add_argument("--tiers", default="", help="servers, all or both (both)")
    options = parser.parse_args()
    for name in options.stacks:
        if name not in STACKS:
            parser.error(f"there is no stack '{name}'; there are {', '.join(STACKS)}")
    for name in options.stacks or STACKS:
        bench(Stack(name), options)


try:
    main()
except Failed as failure:
    sys.exit(str(failure))
