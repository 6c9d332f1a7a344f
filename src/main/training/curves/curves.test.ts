import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { curvesPage } from './curvesPage.ts';
import { bestEpoch, type EpochReport } from './epochReport.ts';
import { crc32c, openEventFile, scalarRecord } from './tensorBoard.ts';

const RECORDED = '1a00000000000000129bd82d090000000000408f4010032a0d0a0b0a046c6f7373150000003f9fe822a4';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-curves-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const report = (epoch: number, trainLoss: number, validationLoss: number | null): EpochReport => ({
  epoch,
  step: 10 * epoch,
  learningRate: 1e-4,
  trainLoss,
  validationLoss,
  seconds: 2,
  examplesPerSecond: 5,
});

describe('TensorBoard’s event files', () => {
  it('have the checksum of RFC 3720', () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });

  it('hold the bytes that another program makes of the same event', () => {
    // By Python's struct, protobuf's rules and a bitwise CRC: length, checksum, message, checksum.
    expect(Buffer.from(scalarRecord(1000, 3, { loss: 0.5 })).toString('hex')).toBe(RECORDED);
  });

  it('begin with their version and grow by records', async () => {
    const file = await openEventFile(folder, () => 1_700_000_000_123);
    await file.write(10, { 'loss/training': 1.5, 'loss/validation': 2.5 });
    const [name] = await readdir(folder);
    expect(name).toMatch(/^events\.out\.tfevents\.1700000000\./);
    const bytes = await readFile(join(folder, name!));
    const lengths: number[] = [];
    for (let at = 0; at < bytes.length; at += 16 + lengths.at(-1)!)
      lengths.push(Number(bytes.readBigUInt64LE(at)));
    expect(lengths).toHaveLength(2);
    expect(bytes.toString('latin1')).toContain('brain.Event:2');
  });
});

describe('the page of curves', () => {
  it('is complete in itself and escapes what it shows', () => {
    const page = curvesPage('a <b>', [report(1, 20, 25), report(2, 10, 12)], { seed: 1 });
    expect(page).not.toMatch(/<b>|https?:|src=|NaN|undefined/);
    expect(page.match(/<polyline/g)).toHaveLength(3);
    expect(page).toContain('a &lt;b&gt;');
  });

  it('has no curve of validation where there was none, and none at all before the first epoch', () => {
    expect(curvesPage('x', [report(1, 2, null)], {})).not.toContain('validation</span>');
    expect(curvesPage('x', [], {})).toContain('No epoch has ended yet.');
  });

  it('knows the best epoch', () => {
    expect(bestEpoch([report(1, 3, 5), report(2, 2, 4), report(3, 1, 4.5)])?.epoch).toBe(2);
    expect(bestEpoch([])).toBeUndefined();
  });
});
