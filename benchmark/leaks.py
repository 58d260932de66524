#!/usr/bin/env python3
"""Run by `./bench leaks`: whether anything is left of test stacks after many of them, and after kill -9 at random moments.

200 starts and ends in one JVM, whose threads, files and memory must stay flat; then 50 JVMs that are killed somewhere in
their start. It ends with 0 if no container, network, volume or process is left of them.
"""

import argparse
import random
import subprocess
import sys
import time

from junit import Program, compile_tests
from measuring import Failed, output, say

STACKS = ["cycles", "lonely"]
A_START_TAKES = 4.0


def left():
    """What the engine and the machine have of the stacks."""
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
    for number in range(count):
        moment = generator.uniform(0, A_START_TAKES)
        process = subprocess.Popen(program.command("stack-core", "dev.withstack.core.LonelyProgram", "is-killed"), env=program.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moment)
        process.kill()
        process.wait()
        say(f"  killed {number + 1} of {count} after {moment:.2f} s")


def main():
    parser = argparse.ArgumentParser(prog="./bench leaks", description="See whether test stacks leave anything behind.")
    parser.add_argument("--cycles", type=int, default=200, help="starts and ends in one JVM (200)")
    parser.add_argument("--kills", type=int, default=50, help="JVMs that are killed at a random moment (50)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the moments, to have the same again")
    options = parser.parse_args()
    compile_tests()
    program = Program(None)
    held = cycles(program, options.cycles)
    for number, (threads, files, heap) in enumerate(held, 1):
        say(f"  {number * 10:4} cycles: {threads} threads, {files} files, {heap / 1e6:.1f} MB")
    grown = held and (held[-1][0] > held[0][0] + 10 or held[-1][1] > held[0][1] + 10 or held[-1][2] > held[0][2] * 2 + 10e6)
    say(f"Killing at random moments, --seed {options.seed}")
    kills(program, options.kills, random.Random(options.seed))
    for _ in range(120):
        if not left():
            break
        time.sleep(1)
    rest = left()
    print(f"{options.cycles} cycles, {options.kills} kills: " + ("nothing is left" if not rest else f"left are {rest}") + ("; the JVM has grown" if grown else "; the JVM stayed as it was"))
    sys.exit(1 if rest or grown else 0)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(str(failure))
