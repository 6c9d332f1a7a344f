import { describe, expect, it } from 'vitest';
import { SURROUNDINGS } from '#shared/anatomy/surroundings.ts';
import { buildScene } from './anatomy/index.ts';
import { evaluateNamed } from './evaluateShape.ts';
import type { PhantomScene } from './scene.ts';
import { ABSENT_MM, surroundingDistance } from './surroundingDistances.ts';
import { compileTape } from './tape.ts';
import { emptyScene } from './testing/testScenes.ts';

/** A tube of 5 mm along z with a flat mouth at z = 0. */
const tube: PhantomScene = {
  ...emptyScene(),
  shapes: [
    {
      name: 'side',
      shape: {
        kind: 'tube',
        pointsLpsMm: [
          [0, 0, -40],
          [0, 0, 40],
        ],
        radiiMm: [5, 5],
      },
    },
    { name: 'mouth', shape: { kind: 'halfSpace', pointLpsMm: [0, 0, 0], outwardNormal: [0, 0, -1] } },
  ],
  surroundings: { leftSuperiorVein: ['side', 'mouth'] },
};

describe('surroundingDistance', () => {
  it('is exact for a tube cut at its mouth: beside it, before it, round its edge and within', () => {
    const points = Float64Array.from([8, 0, 20, 0, 0, -4, 8, 0, -4, 0, 3, 30, 0, 0, 1].flat());
    const [beside, before, edge, within, mouth] = surroundingDistance(tube, 'leftSuperiorVein', points);
    expect(beside).toBeCloseTo(3, 4);
    expect(before).toBeCloseTo(4, 4);
    expect(edge).toBeCloseTo(5, 4);
    expect(within).toBeCloseTo(-2, 4);
    expect(mouth).toBeCloseTo(-1, 4);
  });

  it('says of what a scene does not have that it is far', () => {
    expect(surroundingDistance(tube, 'circumflex', new Float64Array(3))[0]).toBe(ABSENT_MM);
  });

  it('knows where the landmarks of a phantom lie to its surroundings', () => {
    const scene = buildScene(3, { surroundings: true });
    const { landmarksLpsMm, ostiumPointLpsMm, ostiumNormal } = scene.appendage;
    const at = (structure: (typeof SURROUNDINGS)[number], point: readonly number[]): number =>
      surroundingDistance(scene, structure, Float64Array.from(point))[0]!;
    // The circumflex landmark lies on the artery's middle line, 0.8 to 2.8 mm from its surface.
    const depth = at('circumflex', landmarksLpsMm.leftCircumflex!);
    expect(depth).toBeLessThan(-0.5);
    expect(depth).toBeGreaterThan(-3);
    // The ridge lies between appendage and vein: outside of both, near the blood.
    expect(Math.abs(at('leftAtrium', landmarksLpsMm.leftSuperiorVeinRidge!))).toBeLessThan(1.5);
    expect(at('leftSuperiorVein', landmarksLpsMm.leftSuperiorVeinRidge!)).toBeGreaterThan(0);
    expect(at('leftSuperiorVein', landmarksLpsMm.leftSuperiorVeinRidge!)).toBeLessThan(12);
    // The ostium lies in the blood of atrium and appendage.
    expect(at('leftAtrium', ostiumPointLpsMm)).toBeLessThan(-1);
    const behind = ostiumPointLpsMm.map((value, axis) => value - 6 * ostiumNormal[axis]!);
    expect(at('leftAtrium', behind)).toBeLessThan(0);
    // Nothing lies within a line, and the mitral valve is near the circumflex.
    expect(at('mitralAnnulus', landmarksLpsMm.leftCircumflex!)).toBeGreaterThan(0);
    expect(at('mitralAnnulus', landmarksLpsMm.leftCircumflex!)).toBeLessThan(30);
  });

  it('knows the septum of a wide variety: thin in the fossa, between both atria, far from the ostium', () => {
    const scene = buildScene(6001, { variety: 'wide', surroundings: true });
    const tape = compileTape(scene);
    const { ostiumPointLpsMm } = scene.appendage;
    // From the middle of the left atrium, which lies behind the ostium, to the right.
    const lattice = Array.from({ length: 30 ** 3 }, (_, n) => [
      ostiumPointLpsMm[0] - 70 + 2 * (n % 30),
      ostiumPointLpsMm[1] - 30 + 2 * (Math.floor(n / 30) % 30),
      ostiumPointLpsMm[2] - 50 + 2 * Math.floor(n / 900),
    ]).flat();
    const points = Float64Array.from(lattice);
    const [septum, left, right] = [
      surroundingDistance(scene, 'interatrialSeptum', points),
      evaluateNamed(tape, 'leftAtrialBlood', points),
      evaluateNamed(tape, 'rightAtrium', points),
    ];
    const within = [...septum.keys()].filter((n) => septum[n]! < 0);
    expect(within.length).toBeGreaterThan(150);
    for (const n of within) {
      expect(left[n]).toBeGreaterThan(-0.1);
      expect(right[n]).toBeGreaterThan(-0.1);
    }
    // In the fossa the two are 1 to 2.8 mm apart; round it 4 to 9.
    const apart = within.map((n) => left[n]! + right[n]!);
    expect(Math.min(...apart)).toBeGreaterThan(0.9);
    expect(Math.min(...apart)).toBeLessThan(3);
    expect(Math.max(...apart)).toBeGreaterThan(4);
    const ostiumMm = within.map((n) =>
      Math.hypot(...ostiumPointLpsMm.map((value, axis) => value - points[3 * n + axis]!)),
    );
    expect(Math.min(...ostiumMm)).toBeGreaterThan(20);
  });

  it('leaves tissues and labels of a scene as they are', () => {
    const { surroundings, shapes, ...named } = buildScene(4, { detail: 'crop', surroundings: true });
    const plain = buildScene(4, { detail: 'crop' });
    // The atria of the usual phantoms keep apart.
    const names = SURROUNDINGS.filter((name) => name !== 'interatrialSeptum');
    expect(Object.keys(surroundings!).sort()).toEqual(names.sort());
    expect(named.tissues).toEqual(plain.tissues);
    const ofPlain = plain.shapes.map(({ name }) => name);
    expect(shapes.filter(({ name }) => ofPlain.includes(name))).toEqual(plain.shapes);
  });
});
