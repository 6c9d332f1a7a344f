import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Application, buildStandIn, launch, type StandIn } from './standIn/launch.ts';

/**
 * The stand-in's own utility processes and message ports:
 * https://www.electronjs.org/docs/latest/api/utility-process, https://www.electronjs.org/docs/latest/api/message-port-main
 */
let standIn: StandIn;
let home = '';
beforeAll(async () => {
  standIn = await buildStandIn();
  home = mkdtempSync(join(tmpdir(), 'auricle-utility-'));
  writeFileSync(join(home, 'child.mjs'), CHILD);
});
afterAll(() => {
  standIn.remove();
  rmSync(home, { recursive: true, force: true });
});

/** Answers through the port that it was sent, and ends as it is told. */
const CHILD = `process.parentPort.on('message', ({ data, ports: [port] }) => {
  if (data === 'leave') process.exit(3);
  if (data === 'crash') process.abort();
  if (!port) return process.parentPort.postMessage({ got: data, args: process.argv.slice(2) });
  port.on('message', ({ data, ports: [answer] }) => {
    (answer ?? port).postMessage(new Uint8Array(data));
    if (answer) answer.start();
  });
  port.start();
});`;

/** Runs main process code on the stand-in; what it logs comes out. */
function run(code: string): Application {
  const entry = join(home, `main-${count++}.mjs`);
  writeFileSync(
    entry,
    `import { app, MessageChannelMain, utilityProcess } from 'electron';
     const child = ${JSON.stringify(join(home, 'child.mjs'))};
     const once = (emitter, event) => new Promise((done) => emitter.once(event, done));
     ${code}`,
  );
  return launch(standIn, { entry, home });
}
let count = 0;

const ready = (code: string): string => `app.whenReady().then(async () => { ${code}; app.exit(0); });`;

it('are forked only when the application is ready, with known options and without an input', async () => {
  const application = run(
    `try { utilityProcess.fork(child); } catch (error) { console.log(error.message); }
     ${ready(`
      for (const options of [{ stdin: 'pipe' }, { stdio: ['pipe', 'pipe', 'pipe'] }])
        try { utilityProcess.fork(child, [], options); } catch (error) { console.log(error.message); }`)}`,
  );
  expect(await application.exited).toBe(0);
  expect(application.output.trim().split('\n')).toEqual([
    'utilityProcess.fork can only be used after the app is ready',
    'utilityProcess.fork has no option stdin',
    'stdin of a utility process can only be ignored',
  ]);
});

it('answer messages, which wait until the child listens', async () => {
  const application = run(
    ready(`const utility = utilityProcess.fork(child, ['one']);
      utility.postMessage({ bytes: new Float32Array([1, 2]) });
      console.log(utility.pid);
      const { got, args } = await once(utility, 'message');
      console.log(got.bytes instanceof Float32Array, got.bytes[1], args.join(), typeof utility.pid)`),
  );
  expect(await application.exited).toBe(0);
  expect(application.output).toBe('undefined\ntrue 2 one number\n');
});

it('take ports, also ports that come through ports, and close them at their end', async () => {
  const application = run(
    ready(`const utility = utilityProcess.fork(child);
      const { port1, port2 } = new MessageChannelMain();
      const inner = new MessageChannelMain();
      port1.postMessage([1]);
      utility.postMessage(null, [port2]);
      port1.start();
      const first = await once(port1, 'message');
      inner.port1.start();
      port1.postMessage([2, 3], [inner.port2]);
      const second = await once(inner.port1, 'message');
      console.log(first.data.join(), second.data.join());
      try { utility.postMessage(null, [port2]); } catch (error) { console.log(error.message); }
      const closed = once(port1, 'close');
      utility.kill();
      await closed;
      console.log('closed')`),
  );
  expect(await application.exited).toBe(0);
  expect(application.output.trim().split('\n')).toEqual([
    '1 2,3',
    'A port can be transferred only once',
    'closed',
  ]);
});

it('end with a code or a signal, of which the application is notified', async () => {
  const application = run(
    ready(`app.on('child-process-gone', (_event, { reason, exitCode, name }) => console.log(reason, exitCode, name));
      for (const order of ['leave', 'crash', 'kill']) {
        const utility = utilityProcess.fork(child, [], { serviceName: 'inference', stdio: 'ignore' });
        const exited = once(utility, 'exit');
        await once(utility, 'spawn');
        if (order === 'kill') utility.kill();
        else utility.postMessage(order);
        console.log(await exited, utility.pid);
      }`),
  );
  expect(await application.exited).toBe(0);
  expect(application.output.trim().split('\n')).toEqual([
    'abnormal-exit 3 inference',
    '3 undefined',
    'crashed 6 inference',
    '6 undefined',
    'killed 15 inference',
    '15 undefined',
  ]);
});

it('end where the application was killed while they began', async () => {
  const stays = join(home, 'stays.mjs');
  writeFileSync(stays, 'setInterval(() => {}, 1000);');
  const child = fork(join(standIn.folder, 'utilityStart.js'), [stays], {
    execArgv: ['--import', join(standIn.folder, 'register.mjs')],
    serialization: 'advanced',
    env: {
      ...process.env,
      ELECTRON_DECLARATIONS: createRequire(import.meta.url).resolve('electron/electron.d.ts'),
    },
  });
  child.disconnect();
  expect(await new Promise((done) => void child.once('exit', done))).toBe(0);
});
