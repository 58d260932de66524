// The log: lines on the console, and in a file where there is a directory for it that can be written.
import { accessSync, constants, createWriteStream } from "node:fs";
import path from "node:path";

const LEVELS = ["debug", "info", "warn", "error"];

/** Returns a function that logs a line at a level. */
export function logger({ LOG_LEVEL, LOG_DIRECTORY, OTEL_SERVICE_NAME }) {
  const file = open(LOG_DIRECTORY, `${OTEL_SERVICE_NAME}.log`);
  return (level, text) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(LOG_LEVEL)) return;
    const line = `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${text}\n`;
    process.stdout.write(line);
    file?.write(line);
  };
}

function open(directory, name) {
  try {
    accessSync(directory, constants.W_OK);
  } catch {
    return undefined; // no such directory, or somebody else's: the console has all of it
  }
  return createWriteStream(path.join(directory, name), { flags: "a" }).on("error", () => {});
}
