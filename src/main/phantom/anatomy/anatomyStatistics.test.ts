import { describe, expect, it } from 'vitest';
import { distance, dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom } from '#shared/random/random.ts';
import type { PhantomScene } from '../scene.ts';
import { emptyScene } from '../testing/testScenes.ts';
import { drawBodyFrame } from './bodyFrame.ts';
import { buildScene } from './index.ts';
import { buildLeftHeart } from './leftHeart.ts';
import { createShapeBook } from './shapes.ts';
import { type LumenMeasures, measureLumen } from './testing/measureLumen.ts';

const SEEDS = 200;

/** Heights of ridge and circumflex over the ostium's plane, the distance between them, and the plane's tilt. */
interface Landmarks {
  readonly ridgeMm: number;
  readonly circumflexMm: number;
  readonly apartMm: number;
}

const measured: {
  readonly seed: number;
  readonly morphology: string;
  readonly lumen: LumenMeasures;
  readonly landmarks: Landmarks;
}[] = [];
for (let seed = 1; seed <= SEEDS; seed++) {
  const scene = leftHeartOf(seed);
  measured.push({
    seed,
    morphology: scene.appendage.morphology,
    lumen: measureLumen(scene, 1.4),
    landmarks: landmarksOf(scene),
  });
}

/** The left heart of `buildScene` alone, which takes half of its time; all else is drawn round it. */
function leftHeartOf(seed: number): PhantomScene {
  const random = createRandom(seed);
  const book = createShapeBook();
  const { truth } = buildLeftHeart(random.fork('left heart'), drawBodyFrame(random.fork('frame')), book);
  return { ...emptyScene(), seed, shapes: book.shapes, appendage: truth };
}

function landmarksOf({ appendage }: PhantomScene): Landmarks {
  const { ostiumPointLpsMm, ostiumNormal, landmarksLpsMm } = appendage;
  const [ridge, circumflex] = [landmarksLpsMm.leftSuperiorVeinRidge!, landmarksLpsMm.leftCircumflex!];
  const height = (point: Vec3) => dot(subtract(point, ostiumPointLpsMm), ostiumNormal);
  return {
    ridgeMm: height(ridge),
    circumflexMm: height(circumflex),
    apartMm: distance(ridge, circumflex),
  };
}

const statistics = (pick: (lumen: LumenMeasures) => number) => {
  const values = measured.map(({ lumen }) => pick(lumen)).sort((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, sd: Math.sqrt(variance), least: values[0]!, most: values[values.length - 1]! };
};

describe(`the appendages of ${SEEDS} seeds, measured on a lattice`, () => {
  it('are those of whole phantoms', () => {
    for (const seed of [1, 100, SEEDS]) {
      const [heart, scene] = [leftHeartOf(seed), buildScene(seed, { detail: 'crop' })];
      expect(scene.appendage).toEqual(heart.appendage);
      const body = ({ shapes, appendage }: PhantomScene) =>
        shapes.find(({ name }) => name === appendage.bodyShape);
      expect(body(scene)).toEqual(body(heart));
    }
  });

  it('have ostia of the published area and diameters', () => {
    // 389 ± 138 to 428 ± 159 mm²; long axis 22.7 ± 4.1 (women) and 24.8 ± 3.8 mm (men).
    const area = statistics(({ ostium }) => ostium.areaMm2);
    expect(area.mean).toBeGreaterThan(370);
    expect(area.mean).toBeLessThan(445);
    expect(area.sd).toBeGreaterThan(105);
    expect(area.sd).toBeLessThan(180);
    const long = statistics(({ ostium }) => ostium.longDiameterMm);
    expect(long.mean).toBeGreaterThan(22.7);
    expect(long.mean).toBeLessThan(26);
    expect(long.sd).toBeGreaterThan(3.3);
    expect(long.sd).toBeLessThan(5.2);
    const short = statistics(({ ostium }) => ostium.shortDiameterMm);
    expect(short.mean / long.mean).toBeGreaterThan(0.7);
    expect(short.mean / long.mean).toBeLessThan(0.9);
  });

  it('have the published volumes and depths, small and large ones among them', () => {
    // 7.4 ± 3.0 to 8.5 ± 4.8 mL; about 27 ± 7 mm.
    const volume = statistics(({ volumeMl }) => volumeMl);
    expect(volume.mean).toBeGreaterThan(7);
    expect(volume.mean).toBeLessThan(9);
    expect(volume.sd).toBeGreaterThan(2.8);
    expect(volume.sd).toBeLessThan(5.2);
    expect(volume.least).toBeLessThan(2.6);
    expect(volume.most).toBeGreaterThan(17);
    const depth = statistics(({ depthMm }) => depthMm);
    expect(depth.mean).toBeGreaterThan(25);
    expect(depth.mean).toBeLessThan(31);
    expect(depth.sd).toBeGreaterThan(5.5);
    expect(depth.sd).toBeLessThan(9.5);
  });

  it('have their ostium plane through the ridge and the circumflex artery, some 25 mm apart', () => {
    for (const { landmarks } of measured) {
      expect(Math.abs(landmarks.ridgeMm)).toBeLessThan(1e-6);
      expect(Math.abs(landmarks.circumflexMm)).toBeLessThan(1e-6);
    }
    const apart = measured.map(({ landmarks }) => landmarks.apartMm);
    const mean = apart.reduce((sum, value) => sum + value, 0) / SEEDS;
    expect(mean).toBeGreaterThan(22);
    expect(mean).toBeLessThan(28);
  });

  it('have the published shares of forms', () => {
    const share = (form: string) => measured.filter(({ morphology }) => morphology === form).length / SEEDS;
    // Three standard errors of a share at n = 200 are at most 0.106.
    expect(Math.abs(share('windsock') - 0.47)).toBeLessThan(0.106);
    expect(Math.abs(share('chickenWing') - 0.18)).toBeLessThan(0.082);
    expect(Math.abs(share('cauliflower') - 0.29)).toBeLessThan(0.097);
    expect(Math.abs(share('cactus') - 0.06)).toBeLessThan(0.051);
  });

  it('are one piece each with one contour on the ostium plane, and nearly always without a hole', () => {
    const torn = measured.filter(({ lumen }) => lumen.pieces !== 1).map(({ seed }) => seed);
    expect(torn).toEqual([]);
    const doubled = measured.filter(({ lumen }) => lumen.ostium.pieces !== 1 || !lumen.ostium.closed);
    expect(doubled.map(({ seed }) => seed)).toEqual([]);
    const holed = measured.filter(({ lumen }) => lumen.eulerCharacteristic !== 1);
    expect(holed.length / SEEDS).toBeLessThan(0.08);
  });
});
