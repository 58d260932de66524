#!/usr/bin/env python3
"""Run by `./bench leaks`: whether anything is left of test stacks after many of them, and after kill -9 at random moments.

200 starts and ends in one JVM, whose threads, files and memory must stay flat; then 50 JVMs that are killed somewhere in
their start. It ends with 0 if no container, network, volume or process is left of them. The result goes into
docs/performance.md between two marks, every single number into benchmark/results/.
"""

import argparse
import random
import subprocess
import sys
import time

from junit import Program, compile_tests
from measuring import Failed, keep, machine, output, raw_file, say, write_page

STACKS = ["cycles", "lonely"]
A_START_TAKES = 4.0


def left():
    """What the engine and the machine have of the stacks, of whoever's."""
    found = []
    for stack in STACKS:
        label = f"label=dev.withstack.stack={stack}"
        found += output("docker", "ps", "--all", "--quiet", "--filter", label).splitlines()
        found += output("docker", "network", "ls", "--quiet", "--filter", label).splitlines()
        found += output("docker", "volume", "ls", "--quiet", "--filter", label).splitlines()
    return found + output("pgrep", "-f", "dev.withstack.core.(LonelyProgram|Cycles|RunWatchdog)").splitlines()


def cycles(program, count):
    """Return what the JVM held after each ten cycles: threads, files, bytes."""
    lines = program.java("stack-core", "dev.withstack.core.Cycles", str(count)).splitlines()
    return [tuple(map(int, line.split()[2:])) for line in lines if line.startswith("cycle ")]


def kills(program, count, generator):
    """Return the moments, in seconds after the start of the JVM."""
    moments = []
    for number in range(count):
        moment = generator.uniform(0, A_START_TAKES)
        process = subprocess.Popen(program.command("stack-core", "dev.withstack.core.LonelyProgram", "is-killed"), env=program.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moment)
        process.kill()
        process.wait()
        moments.append(round(moment, 3))
        say(f"  killed {number + 1} of {count} after {moment:.2f} s")
    return moments


def page(run, options, held, rest):
    lines = [
        f"Measured {run['date']} on {run['machine']}; engine {run['engine']}, Java {run['java']}. Raw numbers: [`{run['raw']}`](../{run['raw']}).",
        "",
        f"{options.cycles} starts and ends of a stack in one JVM, and {options.kills} JVMs ended with kill -9 at random moments of their start (`--seed {options.seed}`): "
        + ("no container, network, volume or process is left." if not rest else f"left are {', '.join(rest)}."),
        "",
        "| after so many starts and ends | threads | open files | heap after a collection, MB |",
        "|---|---|---|---|",
    ]
    shown = [1, *range(5, len(held) + 1, 5)] if len(held) > 5 else range(1, len(held) + 1)
    lines += [f"| {number * 10} | {held[number - 1][0]} | {held[number - 1][1]} | {held[number - 1][2] / 1e6:.1f} |" for number in shown]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(prog="./bench leaks", description="See whether test stacks leave anything behind.")
    parser.add_argument("--cycles", type=int, default=200, help="starts and ends in one JVM (200)")
    parser.add_argument("--kills", type=int, default=50, help="JVMs that are killed at a random moment (50)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the moments, to have the same again")
    options = parser.parse_args()
    compile_tests()
    program = Program(None)
    run = {**machine(), "raw": raw_file("leaks"), "seed": options.seed}
    held = cycles(program, options.cycles)
    for number, (threads, files, heap) in enumerate(held, 1):
        say(f"  {number * 10:4} cycles: {threads} threads, {files} files, {heap / 1e6:.1f} MB")
    grown = held and (held[-1][0] > held[0][0] + 10 or held[-1][1] > held[0][1] + 10 or held[-1][2] > held[0][2] * 2 + 10e6)
    say(f"Killing at random moments, --seed {options.seed}")
    moments = kills(program, options.kills, random.Random(options.seed))
    for _ in range(120):
        if not left():
            break
        time.sleep(1)
    rest = left()
    keep(run["raw"], run, {"held": held, "killed_after": moments, "left": rest})
    write_page("leaks", page(run, options, held, rest))
    print(f"{options.cycles} cycles, {options.kills} kills: " + ("nothing is left" if not rest else f"left are {rest}") + ("; the JVM has grown" if grown else "; the JVM stayed as it was"))
    sys.exit(1 if rest or grown else 0)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(str(failure))
