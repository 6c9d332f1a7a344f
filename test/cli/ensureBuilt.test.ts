import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, it } from 'vitest';

const SCRIPT = resolve(import.meta.dirname, '../../bin/ensureBuilt.js');

/** A checkout whose build notes that it ran, and takes long enough for a second one to meet it. */
let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'auricle-checkout-'));
  for (const folder of ['bin', 'src/main', 'node_modules', 'dist'])
    mkdirSync(join(checkout, folder), { recursive: true });
  cpSync(SCRIPT, join(checkout, 'bin/ensureBuilt.js'));
  writeFileSync(join(checkout, 'src/main/a.ts'), '');
  const step =
    "const fs = require('node:fs'); fs.appendFileSync('builds', 'x'); setTimeout(() => fs.writeFileSync('dist/built', ''), 300)";
  writeFileSync(join(checkout, 'build.cjs'), step);
  writeFileSync(join(checkout, 'package.json'), '{"type":"module","scripts":{"build":"node build.cjs"}}');
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

async function ensureBuilt(...options: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(checkout, 'bin/ensureBuilt.js'), ...options], {
    stdio: 'ignore',
  });
  const [code] = await once(child, 'exit');
  return code;
}
const builds = (): number =>
  existsSync(join(checkout, 'builds')) ? readFileSync(join(checkout, 'builds'), 'utf8').length : 0;

it('builds once, however many programs start at the same time', async () => {
  expect(await Promise.all([ensureBuilt(), ensureBuilt('--fresh'), ensureBuilt()])).toEqual([0, 0, 0]);
  expect(builds()).toBe(1);
});

it('builds again for a newer source only where that is asked for', async () => {
  await ensureBuilt();
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(checkout, 'src/main/a.ts'), later, later);
  await ensureBuilt();
  expect(builds()).toBe(1);
  await ensureBuilt('--fresh');
  expect(builds()).toBe(2);
});

it('says so where the build fails, and leaves no lock behind', async () => {
  writeFileSync(join(checkout, 'package.json'), '{"type":"module","scripts":{"build":"exit 3"}}');
  expect(await ensureBuilt()).toBe(1);
  expect(existsSync(join(checkout, 'node_modules/.auricle-building'))).toBe(false);
});

it('leaves an installed package, which has no sources, alone', async () => {
  rmSync(join(checkout, 'src'), { recursive: true });
  expect(await ensureBuilt('--fresh')).toBe(0);
  expect(builds()).toBe(0);
});
