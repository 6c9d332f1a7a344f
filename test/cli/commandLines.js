// Runs command lines of the built program one after the other in this process: `node commandLines.js dist/main/cli.js`.
// A line of JSON on stdin, the arguments, is answered by a line on stdout: exit code and what was written.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const file = process.argv[2];
const { href } = pathToFileURL(file);

/** Thrown where the program ends itself. */
class Ended {
  constructor(code) {
    this.code = code;
  }
}
process.exit = (code) => {
  throw new Ended(code ?? process.exitCode ?? 0);
};

let written = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr']) {
  process[name].write = (text, ...more) => {
    written[name] += text;
    const whenWritten = more.at(-1);
    if (typeof whenWritten === 'function') process.nextTick(whenWritten);
    return true;
  };
}

/** As if the program were started: its entry runs anew, what it imports is loaded already. @returns the exit code */
async function run(args, time) {
  process.argv = [process.execPath, file, ...args];
  process.exitCode = undefined;
  try {
    await import(`${href}?time=${time}`);
    return process.exitCode ?? 0;
  } catch (thrown) {
    if (thrown instanceof Ended) return thrown.code;
    throw thrown;
  } finally {
    process.exitCode = undefined;
  }
}

let times = 0;
for await (const line of createInterface({ input: process.stdin })) {
  written = { stdout: '', stderr: '' };
  const code = await run(JSON.parse(line), times++);
  writeSync(1, `${JSON.stringify({ code, ...written })}\n`);
}
