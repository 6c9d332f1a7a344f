import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeNpy } from '../arrays/numpy/npy.ts';
import { writeNpz } from '../arrays/numpy/npz.ts';
import { recorded } from '../arrays/testing/recorded.ts';
import {
  listPreparedCases,
  readCaseDescription,
  readDualFieldSamples,
  readPreparedImage,
  readPreparedSamples,
  readSplit,
} from './readPreparedCase.ts';
import { DEFAULT_SHARES, splitCases } from './splitCases.ts';
import { sampleDescription } from './testing/sampleDescription.ts';
import { openCaseWriter, writeSplit } from './writePreparedCase.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-prepared-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const points = Float64Array.of(-1, 0, 0.25, 0.5, 0.75, 1);
const samples = { points, occupancies: Float64Array.of(0.125, 0.5) };

async function writeCase(name: string, checksum = '0'): Promise<void> {
  const writer = await openCaseWriter(folder, name);
  await writer.image(2, 'int16', [Int16Array.of(-1000, 0, 40, 300), Int16Array.of(1, 2, 3, 4)]);
  await writer.samples('in1', samples, 'float64');
  await writer.dualField(
    { points, signed: Float64Array.of(-0.5, 1), unsigned: samples.occupancies },
    'float32',
  );
  await writer.commit(sampleDescription({ name, checksum }));
}

describe('a prepared case', () => {
  it('is read as it was written', async () => {
    await writeCase('case-1');
    const path = join(folder, 'case-1');
    expect(await listPreparedCases(folder)).toEqual(['case-1']);
    expect(await readCaseDescription(path)).toEqual(sampleDescription());
    expect(await readPreparedImage(path, 2)).toEqual({
      resolution: 2,
      valuesHu: Int16Array.of(-1000, 0, 40, 300, 1, 2, 3, 4),
    });
    const [p, occupancies] = [Float32Array.from(points), Float32Array.from(samples.occupancies)];
    expect(await readPreparedSamples(path, 'in1')).toEqual({
      count: 2,
      points: p,
      gridCoords: p,
      occupancies,
    });
    expect(await readDualFieldSamples(path)).toEqual({
      count: 2,
      points: p,
      signed: Float32Array.of(-0.5, 1),
      unsigned: occupancies,
    });
  });

  it('is unseen until it is whole, and replaces an earlier one', async () => {
    await writeCase('case-1', 'old');
    const writer = await openCaseWriter(folder, 'case-1');
    await writer.image(1, 'float32', [Float32Array.of(1)]);
    expect((await readCaseDescription(join(folder, 'case-1')))?.checksum).toBe('old');
    await writer.discard();
    expect(await readdir(folder)).toEqual(['case-1']);
    await writeCase('case-1', 'new');
    expect(await readdir(folder)).toEqual(['case-1']);
    expect((await readCaseDescription(join(folder, 'case-1')))?.checksum).toBe('new');
  });

  it('removes what a killed process left of it, but not what a living one is writing', async () => {
    const own = hostname().replaceAll(/[^A-Za-z0-9]/g, '');
    // Process numbers end below 2^22.
    const dead = `.case-1.prepare-${own}-99999999-abc`;
    const living = `.case-1.prepare-${own}-${process.ppid}-abc`;
    const elsewhere = '.case-1.prepare-elsewhere-99999999-abc';
    const ofOther = `.case-10.prepare-${own}-99999999-abc`;
    for (const name of [dead, living, elsewhere, ofOther]) await mkdir(join(folder, name));
    await writeCase('case-1');
    expect((await readdir(folder)).sort()).toEqual([living, elsewhere, ofOther, 'case-1'].sort());
    expect(await listPreparedCases(folder)).toEqual(['case-1']);
  });

  it('never replaces a case of another program', async () => {
    await mkdir(join(folder, 'case-1'));
    await expect(openCaseWriter(folder, 'case-1')).rejects.toThrow('holds another "case-1"');
    expect(await readdir(folder)).toEqual(['case-1']);
  });

  it('says in one sentence that it cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(openCaseWriter(join(folder, 'file'), 'case-1')).rejects.toThrow(
      '"case-1" could not be written (',
    );
  });
});

describe('reading folders made elsewhere', () => {
  beforeEach(() => mkdir(join(folder, 'case')));
  const write = (name: string, bytes: Uint8Array) => writeFile(join(folder, 'case', name), bytes);
  const read = (category = 'in1') => readPreparedSamples(join(folder, 'case'), category);
  const shaped = (data: Float32Array | Float64Array, shape: number[]) => ({ data, shape });

  it('needs no description, and takes other number types and a second axis of distances', async () => {
    await write('imageinput_2.npy', writeNpy(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2, 2]));
    await write(
      'boundary_0.0_samples.npz',
      await writeNpz({
        points: shaped(points, [2, 3]),
        grid_coords: shaped(points.toReversed(), [2, 3]),
        occupancies: shaped(samples.occupancies, [2, 1]),
      }),
    );
    expect(await readCaseDescription(join(folder, 'case'))).toBeUndefined();
    expect((await readPreparedImage(join(folder, 'case'), 2)).valuesHu).toEqual(
      Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    );
    const found = await read('0.0');
    expect([found.count, found.gridCoords[0], found.occupancies[1]]).toEqual([2, 1, 0.5]);
  });

  it('refuses what is missing, cut or contradictory, each in one sentence', async () => {
    await expect(read()).rejects.toThrow('"case/boundary_in1_samples.npz" is missing.');
    const bytes = await writeNpz({ points: shaped(points, [2, 3]), occupancies: shaped(points, [6]) });
    await write('boundary_in1_samples.npz', bytes.subarray(0, 100));
    await expect(read()).rejects.toThrow('"case/boundary_in1_samples.npz" is not a whole NumPy archive');
    await write('boundary_in1_samples.npz', bytes);
    await expect(read()).rejects.toThrow('holds 2 points but 6 values in "occupancies"');
    await write('boundary_in1_samples.npz', await writeNpz({ points: shaped(points, [3, 2]) }));
    await expect(read()).rejects.toThrow('holds an array of 3 × 2 where N × 3 is needed');
    const infinite = shaped(Float32Array.of(1, Number.NaN), [2]);
    await write(
      'boundary_in1_samples.npz',
      await writeNpz({ points: shaped(points, [2, 3]), occupancies: infinite }),
    );
    await expect(read()).rejects.toThrow('holds values that are not finite numbers');
    await write('imageinput_64.npy', recorded('c_f8.npy'));
    await expect(readPreparedImage(join(folder, 'case'), 64)).rejects.toThrow(
      '"case/imageinput_64.npy" holds an array of 2 × 3 × 4 where 64 × 64 × 64 is needed.',
    );
    await write('imageinput_64.npy', recorded('objects.npy'));
    await expect(readPreparedImage(join(folder, 'case'), 64)).rejects.toThrow('holds Python objects');
    await writeFile(join(folder, 'case', 'case.json'), '{');
    await expect(readCaseDescription(join(folder, 'case'))).rejects.toThrow('"case/case.json" is damaged');
  });
});

describe('the split file', () => {
  it('is read as it was written, and as other programs write names', async () => {
    await writeSplit(folder, { train: ['a', 'b'], val: ['c'], test: [] });
    const file = join(folder, 'split.npz');
    expect(await readSplit(file)).toEqual({ train: ['a', 'b'], val: ['c'], test: [] });
    await writeFile(file, await writeNpz({ train: ['/laa/a', './b/'], val: [], test: [] }));
    expect((await readSplit(file)).train).toEqual(['laa/a', 'b']);
    await writeFile(file, await writeNpz({ train: ['../a'], val: [], test: [] }));
    await expect(readSplit(file)).rejects.toThrow('names the case "../a", which is not within the folder');
    expect((await readFile(file)).length).toBeGreaterThan(0);
    expect(await readdir(folder)).toEqual(['split.npz']);
  });

  const cases = (patients: number, each: number) =>
    Array.from({ length: patients * each }, (_, index) => ({
      name: `case-${String(index).padStart(2, '0')}`,
      patientKey: `patient-${Math.floor(index / each)}`,
    }));

  it('keeps the cases of a patient together, in the shares that were asked for', () => {
    const all = cases(10, 3);
    const split = splitCases(all, DEFAULT_SHARES, 7);
    expect([split.train.length, split.val.length, split.test.length]).toEqual([24, 3, 3]);
    expect([...split.train, ...split.val, ...split.test].sort()).toEqual(all.map(({ name }) => name));
    const patientsOf = (names: readonly string[]) =>
      new Set(all.filter(({ name }) => names.includes(name)).map(({ patientKey }) => patientKey));
    expect(patientsOf(split.val).size + patientsOf(split.test).size + patientsOf(split.train).size).toBe(10);
  });

  it('depends on the seed and on nothing else', () => {
    const all = cases(20, 1);
    expect(splitCases(all.toReversed(), DEFAULT_SHARES, 7)).toEqual(splitCases(all, DEFAULT_SHARES, 7));
    expect(splitCases(all, DEFAULT_SHARES, 8)).not.toEqual(splitCases(all, DEFAULT_SHARES, 7));
  });

  it('leaves no part empty from three patients on, and trains on one alone', () => {
    for (let count = 3; count < 12; count++) {
      const { train, val, test } = splitCases(cases(count, 1), DEFAULT_SHARES, 1);
      expect(Math.min(train.length, val.length, test.length), `${count} patients`).toBeGreaterThan(0);
    }
    expect(splitCases(cases(1, 2), DEFAULT_SHARES, 1)).toMatchObject({ val: [], test: [] });
    expect(splitCases(cases(8, 1), { train: 1, val: 0, test: 0 }, 1).train).toHaveLength(8);
  });
});
