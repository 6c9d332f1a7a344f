import { createHash } from 'node:crypto';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countLabel, labelVolumeMl } from '#main/exporting/testing/labelVolume.ts';
import { decodeNrrd } from '#main/interchange/nrrd.ts';
import { decodeStl } from '#main/interchange/stl.ts';
import { findBoundaryLoops, meshTopology } from '#main/mesh/topology.ts';
import { phantomTruthSchema } from '#main/phantom/phantomTruth.ts';
import { LABELS } from '#main/phantom/scene.ts';
import { loadSeries, requireBestSeries } from '#main/studies/loadSeries.ts';
import { scanDicomFolder } from '#main/studies/scanDicomFolder.ts';
import { lpsToIjk } from '#shared/geometry/gridLps.ts';
import { distance } from '#shared/geometry/vec3.ts';
import { signedVolumeMm3 } from '#shared/mesh/measures.ts';
import {
  type BuiltProgram,
  builtProgram,
  type CommandLines,
  type Finished,
  filesBelow,
  startCommandLines,
  temporaryFolder,
} from './builtProgram.ts';

/** The neighbourhood of the appendage: rendering the whole heart takes twice as long. */
const SCAN = [
  ...['--size', '48x44x13', '--centre', 'appendage'],
  ...['--spacing', '1.3,2.3', '--resolution', '64'],
];

/** The small scan cuts the tip of one of the two. */
const CUT =
  'auricle: The scan of seed 16 leaves out 7 % of the appendage; --centre appendage puts it in the middle.';

let program: BuiltProgram;
let commands: CommandLines;
let folder = '';
let single = '';
let several = '';
/** What the program said as it made `single` in the place of another phantom. */
let replaced: Finished;

beforeAll(async () => {
  program = await builtProgram();
  commands = startCommandLines(program.file);
  folder = await temporaryFolder();
  [single, several] = [join(folder, 'single'), join(folder, 'several')];
  const make = async (...args: string[]): Promise<Finished> => {
    const finished = await commands.run('phantom', ...args, ...SCAN);
    expect(finished.complaints).toEqual([CUT]);
    expect(finished.code).toBe(0);
    return finished;
  };
  await make('--seed', '15', '--count', '2', '--out', several);
  await cp(join(several, 'seed-0015'), single, { recursive: true });
  replaced = await make('--seed', '16', '--out', single, '--json');
});

afterAll(async () => {
  commands.stop();
  await program.remove();
  await rm(folder, { recursive: true, force: true });
});

async function hashes(below: string): Promise<Record<string, string>> {
  const entries = (await filesBelow(below)).map(async (name) => {
    const bytes = await readFile(join(below, name));
    return [name, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const truthOf = async (below: string) =>
  phantomTruthSchema.parse(JSON.parse(await readFile(join(below, 'truth', 'truth.json'), 'utf8')));
const meshOf = async (name: string) => decodeStl(await readFile(join(single, 'truth', name)));

describe('auricle phantom', () => {
  it('writes the same bytes for the same seed, alone or as one of several', async () => {
    const alone = await hashes(single);
    expect(Object.keys(alone)).toHaveLength(13 + 4);
    expect(await hashes(join(several, 'seed-0016'))).toEqual(alone);
    const other = await hashes(join(several, 'seed-0015'));
    expect(Object.keys(other)).toEqual(Object.keys(alone));
    for (const name of Object.keys(alone)) expect(other[name]).not.toBe(alone[name]);
  });

  it('leaves nothing but the phantoms', async () => {
    const top = (await filesBelow(folder)).map((name) => name.split('/')[0]);
    expect([...new Set(top)]).toEqual(['several', 'single']);
  });

  it('writes a series that is read back as asked for', async () => {
    const { chosen } = requireBestSeries(await scanDicomFolder(join(single, 'dicom')));
    const { grid, data } = await loadSeries(chosen);
    const truth = await truthOf(single);
    expect(grid.sizeIjk).toEqual([48, 44, 13]);
    expect(chosen.seriesInstanceUid).toBe(truth.source.seriesInstanceUid);
    for (const axis of [0, 1, 2] as const) {
      expect(grid.spacingMm[axis]).toBeCloseTo([1.3, 1.3, 2.3][axis]!, 6);
      expect(grid.originLpsMm[axis]).toBeCloseTo(truth.source.originLpsMm[axis], 3);
    }
    // The ostium's centre lies in contrast-filled blood.
    const [i, j, k] = lpsToIjk(grid, truth.ostium.centreLpsMm).map(Math.round) as [number, number, number];
    expect(data[i + 48 * (j + 44 * k)]).toBeGreaterThan(100);
  });

  it('gives a truth whose parts agree', async () => {
    const truth = await truthOf(single);
    const [closed, wall] = [await meshOf('laa-closed.stl'), await meshOf('laa-wall.stl')];
    expect(meshTopology(closed).watertight).toBe(true);
    expect(signedVolumeMm3(closed) / 1000).toBeCloseTo(truth.volumeMl, 2);
    expect(findBoundaryLoops(wall)).toHaveLength(1);
    const labels = decodeNrrd(await readFile(join(single, 'truth', 'labels.nrrd')));
    const { data } = labels;
    if (!(data instanceof Uint8Array)) throw new TypeError('Labels are bytes.');
    const volume = { grid: labels.grid, data };
    // Voxels of 3.9 mm³, and under-filled parts are labelled otherwise: a tenth either way.
    expect(Math.abs(labelVolumeMl(volume, LABELS.appendage) / truth.volumeMl - 1)).toBeLessThan(0.1);
    expect(countLabel(volume, LABELS.leftVentricle)).toBeGreaterThan(500);
    const { ostium } = truth;
    expect(ostium.areaDerivedDiameterMm).toBeCloseTo(2 * Math.sqrt(ostium.areaMm2 / Math.PI), 3);
    expect(ostium.maxDiameterMm).toBeGreaterThanOrEqual(ostium.minDiameterMm);
    expect(distance(ostium.centreLpsMm, truth.landmarksLpsMm.tip!)).toBeGreaterThan(10);
  });

  it('replaces an earlier phantom, and prints the truth as JSON', async () => {
    expect(replaced.stderr).toBe(`${CUT}\n`);
    const truth = phantomTruthSchema.parse(JSON.parse(replaced.stdout));
    expect(truth.seed).toBe(16);
    expect(await truthOf(single)).toEqual(truth);
    expect((await truthOf(join(several, 'seed-0015'))).seed).toBe(15);
  });

  it.each([
    ['--seed', '-1'],
    ['--seed', '1.5'],
    ['--seed', '4294967296'],
    ['--seed', '1', '--spacing', '0.4'],
    ['--seed', '1', '--size', '512x512'],
    ['--seed', '1', '--count', '0'],
    ['--seed', '1', '--resolution', '100'],
  ])('refuses %s %s %s %s', async (...args) => {
    const out = join(folder, 'refused');
    const given = args.filter((value) => value !== undefined);
    const { code, complaints } = await commands.run('phantom', ...given, '--out', out);
    expect(code).toBe(1);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toMatch(/^auricle: option .* is invalid\. .*\.$/);
    expect(await filesBelow(out)).toEqual([]);
  });
});
