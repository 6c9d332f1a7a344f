import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../contract/surroundings.ts';
import { measured, report } from '../contract/testing/values.ts';
import type { Vec3 } from '../geometry/vec3.ts';
import { distancesFromOstium, ostiumDistances } from './nearbyDistances.ts';

/** A circle of 10 mm about the origin, square to z. */
const rim = Float32Array.from(
  Array.from({ length: 90 }, (_, n) => {
    const angle = (2 * Math.PI * n) / 90;
    return [10 * Math.cos(angle), 10 * Math.sin(angle), 0];
  }).flat(),
);
const around = (
  halfMm: number,
  places: Readonly<Record<string, Vec3[]>>,
  doubtful: readonly Vec3[] = [],
): Surroundings => ({
  lookedFor: ['circumflex', 'leftSuperiorVein', 'mitralAnnulus'],
  seenLpsMm: { low: [-halfMm, -halfMm, -halfMm], high: [halfMm, halfMm, halfMm] },
  structures: Object.entries(places).map(([name, points]) => ({
    name: name as Surroundings['structures'][number]['name'],
    pointsLpsMm: points.map(([x, y, z]) => [x, y, z]),
    doubtfulLpsMm: doubtful.map(([x, y, z]) => [x, y, z]),
    uncertaintyMm: 1.5,
  })),
});

describe('ostiumDistances', () => {
  it('are to the nearest place of each structure, with what they may be off by', () => {
    const surroundings = around(40, {
      circumflex: [
        [30, 0, 0],
        [13, 0, 4],
        [0, 0, 20],
      ],
      mitralAnnulus: [[0, -22, 5]],
    });
    const [circumflex, vein, annulus] = ostiumDistances(surroundings, rim);
    expect(circumflex).toEqual({ structure: 'circumflex', mm: 5, uncertaintyMm: 1.5, withheld: null });
    expect(annulus).toMatchObject({ structure: 'mitralAnnulus', mm: 13 });
    // Not among what was found: no number, and the reason.
    expect(vein).toMatchObject({ structure: 'leftSuperiorVein', mm: null, uncertaintyMm: null });
    expect(vein!.withheld?.code).toBe('planning.structure-not-found');
  });

  it('are withheld where something nearer could lie outside of what was looked at', () => {
    const places = { circumflex: [[19, 0, 0] as Vec3] };
    expect(ostiumDistances(around(19.5, places), rim)[0]!.mm).toBe(9);
    const [cut] = ostiumDistances(around(18.5, places), rim);
    expect(cut).toMatchObject({ mm: null, withheld: { code: 'planning.structure-beyond-scan' } });
  });

  it('reach to the septum where the network knows it, whatever lies to the left of the box', () => {
    const seen = (high: number, low: number): Surroundings => ({
      seenLpsMm: { low: [-low, -60, -60], high: [high, 60, 60] },
      lookedFor: ['circumflex', 'interatrialSeptum'],
      structures: [
        { name: 'interatrialSeptum', pointsLpsMm: [[-35, 0, 0]], doubtfulLpsMm: [], uncertaintyMm: 2.5 },
      ],
    });
    const distances = ostiumDistances(seen(15, 60), rim);
    expect(distances.map(({ structure }) => structure)).toEqual(['circumflex', 'interatrialSeptum']);
    expect(distances[1]).toMatchObject({ mm: 25, uncertaintyMm: 2.5, withheld: null });
    // To the right, where it lies, the box must reach as far.
    expect(ostiumDistances(seen(60, 30), rim)[1]).toMatchObject({
      mm: null,
      withheld: { code: 'planning.structure-beyond-scan', fields: { structure: 'interatrialSeptum' } },
    });
  });

  it('are withheld where the network hints at the structure nearer by', () => {
    const places = { circumflex: [[19, 0, 0] as Vec3] };
    expect(ostiumDistances(around(40, places, [[-18, 0, 0]]), rim)[0]!.mm).toBe(9);
    const [unclear] = ostiumDistances(around(40, places, [[-15, 0, 0]]), rim);
    expect(unclear).toMatchObject({
      mm: null,
      uncertaintyMm: null,
      withheld: { code: 'planning.structure-unclear', fields: { structure: 'circumflex' } },
    });
  });

  it('are none without a rim, an ostium or a network that looked', () => {
    const surroundings = around(40, { circumflex: [[19, 0, 0]] });
    expect(ostiumDistances(surroundings, null)).toEqual([]);
    expect(distancesFromOstium(measured, report)).toEqual([]);
    const withoutOstium = { ...measured, measurements: { ...measured.measurements, ostium: null } };
    expect(distancesFromOstium(withoutOstium, { surroundings })).toEqual([]);
    expect(distancesFromOstium({ ...measured, rimLpsMm: rim }, { surroundings })).toHaveLength(3);
    // Those of the same rim in other surroundings are others, and a list that is changed is one's own.
    const nearest = (places: Surroundings): number | null =>
      distancesFromOstium({ ...measured, rimLpsMm: rim }, { surroundings: places })[0]!.mm;
    const [near, far] = [13, 30].map((x) => around(40, { circumflex: [[x, 0, 0]] })) as [
      Surroundings,
      Surroundings,
    ];
    expect([near, far, near].map(nearest)).toEqual([3, 20, 3]);
    distancesFromOstium({ ...measured, rimLpsMm: rim }, { surroundings: near }).pop();
    expect(distancesFromOstium({ ...measured, rimLpsMm: rim }, { surroundings: near })).toHaveLength(3);
  });
});
