import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LumenProfile } from '#shared/contract/planning.ts';
import { report } from '#shared/contract/testing/values.ts';
import { dot, type Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { encodeStl } from '../interchange/stl.ts';
import { submesh } from '../mesh/submesh.ts';
import { recutAppendage } from '../meshing/index.ts';
import { tubeMesh } from '../meshing/shapes.ts';
import { lumenProfile } from './lumenProfile.ts';
import { replannedResult } from './replannedResult.ts';

/** A straight tube, 20 mm wide at the ostium and 12 mm at its end, 20 mm long; its result as `auricle segment` writes it. */
const line = Array.from({ length: 11 }, (_, at): Vec3 => [0, 0, 2 * at]);
const closed = tubeMesh(
  line,
  line.map((): Vec3 => [0, 0, 1]),
  (at) => 10 - 4 * at,
);
const appendage = recutAppendage(closed, { pointLpsMm: [0, 0, 0.5], normal: [0, 0, 1] }, false);
/** As a file has it: without −0. */
const profile: LumenProfile = JSON.parse(JSON.stringify(lumenProfile(appendage)));
let folder: string;

const file = async (name: string, content: unknown): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-replanned-'));
  const planning = { profile, landingZoneMm: null, devices: [] };
  await file('report.json', { ...report, ...appendage.measurements, planning });
  await writeFile(join(folder, 'laa-closed.stl'), encodeStl(appendage.closed, 'closed'));
  const isCap = (face: number): boolean =>
    [0, 1, 2].every((corner) => {
      const vertex = appendage.closed.triangles[3 * face + corner]!;
      return Math.abs(vertexLpsMm(appendage.closed, vertex)[2] - 0.5) < 1e-3;
    });
  const wall = submesh(appendage.closed, (face) => !isCap(face)).mesh;
  await writeFile(join(folder, 'laa-wall.stl'), encodeStl(wall, 'wall'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a result planned anew by a reader’s files', () => {
  it('does not change in any number where the line is the computed one, as JSON or as CSV', async () => {
    const json = await file('line.json', { centreLineLpsMm: profile.centreLineLpsMm });
    const csv = await file(
      'line.csv',
      `distanceMm,superior,left,posterior\r\n${profile.centreLineLpsMm.map(([l, p, s], at) => `${at},${s},${l},${p}`).join('\r\n')}\r\n`,
    );
    for (const centreLine of [json, csv])
      expect((await replannedResult(folder, { centreLine })).profile).toEqual(profile);
    expect((await replannedResult(folder, {})).profile).toEqual(profile);
  });

  it('follows a corrected line', async () => {
    const centreLine = await file('bent.csv', '3,0,8\n0,0,19\n');
    const { profile: along } = await replannedResult(folder, { centreLine });
    expect(along.computedLineLpsMm).toHaveLength(profile.centreLineLpsMm.length);
    expect(Math.max(...along.centreLineLpsMm.map(([left]) => left))).toBeGreaterThan(2.5);
    expect(along.points.some(({ maxDiameterMm }) => maxDiameterMm !== null)).toBe(true);
  });

  it('ends at the plane through the landmarks, which it measures', async () => {
    const landmarks = await file('landmarks.json', { ridge: [-12, 0, 3], circumflex: [12, 0, 6] });
    const { ostium, profile: along } = await replannedResult(folder, { landmarks });
    const [x, , z] = ostium!.normal;
    expect(z).toBeGreaterThan(0.98);
    expect(dot([24, 0, 3], [x, 0, z])).toBeCloseTo(0, 1);
    expect(along.withheld).toBeNull();
    expect(along.centreLineLpsMm[0]?.[2]).toBeGreaterThan(4);
  });

  it('is refused for a line of another frame, and for one from the tip to the ostium', async () => {
    const elsewhere = await file('elsewhere.csv', '0,0,-8\n0,0,-19\n');
    await expect(replannedResult(folder, { centreLine: elsewhere })).rejects.toThrow('beyond the ostium');
    const centreLine = await file('reversed.json', [...profile.centreLineLpsMm].reverse());
    await expect(replannedResult(folder, { centreLine })).rejects.toThrow('from the ostium to the tip');
  });

  it('names a surface of the result that is damaged', async () => {
    const own = await mkdtemp(join(tmpdir(), 'auricle-damaged-'));
    await cp(folder, own, { recursive: true });
    await writeFile(join(own, 'laa-wall.stl'), 'solid');
    const centreLine = await file('same.json', profile.centreLineLpsMm);
    await expect(replannedResult(own, { centreLine })).rejects.toThrow(
      '"laa-wall.stl" is missing or damaged',
    );
    await rm(own, { recursive: true });
  });

  it('is refused for files that hold no points or no landmarks', async () => {
    const centreLine = await file('words.csv', 'left,posterior,superior\n1,2\n');
    await expect(replannedResult(folder, { centreLine })).rejects.toThrow('words.csv holds no points');
    for (const [name, text] of [
      ['empty.csv', ''],
      ['heading.csv', 'left,posterior,superior\n'],
      ['huge.json', '[[1e308,1e308,1e308],[0,0,19]]'],
    ] as const) {
      const empty = await file(name, text);
      await expect(replannedResult(folder, { centreLine: empty })).rejects.toThrow(`${name} holds no points`);
    }
    const landmarks = await file('one.json', { ridge: [1, 2, 3] });
    await expect(replannedResult(folder, { landmarks })).rejects.toThrow('one.json holds no landmarks');
  });
});
