import { add, addScaled, cross, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom } from '#shared/random/random.ts';
import { type Axes, LABELS, type PhantomScene, type Shape, type Tissue } from '../scene.ts';

/** Small scenes for tests. */
export const IDENTITY_AXES: Axes = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** A scene of nothing: air, an ideal scanner. */
export const emptyScene = (): PhantomScene => ({
  version: 1,
  seed: 1,
  shapes: [],
  backgroundHu: -1000,
  tissues: [],
  acquisition: {
    psfInPlaneSdMm: 0,
    sliceThicknessMm: 0,
    noiseSdHu: 0,
    noiseCorrelationInPlaneMm: 0,
    noiseCorrelationThroughPlaneMm: 0,
    noiseSeed: 7,
    streaks: [],
  },
  appendage: {
    bodyShape: 'body',
    ostiumPointLpsMm: [0, 0, 0],
    ostiumNormal: [0, 0, 1],
    centreLineLpsMm: [],
    morphology: 'windsock',
    landmarksLpsMm: {},
  },
});

/** A scene of every kind of shape, at random but repeatable, within about 40 mm of the origin. */
export function randomScene(seed: number): PhantomScene {
  const random = createRandom(seed);
  const point = (reach: number): Vec3 => [
    random.uniform(-reach, reach),
    random.uniform(-reach, reach),
    random.uniform(-reach, reach),
  ];
  const axes = (): Axes => {
    const a = random.direction();
    const b = perpendicular(a);
    return [a, b, cross(a, b)];
  };
  const ellipsoid = (size: number): Shape => ({
    kind: 'ellipsoid',
    centreLpsMm: point(25),
    radiiMm: [
      random.uniform(0.5, 1.5) * size,
      random.uniform(0.5, 1.5) * size,
      random.uniform(0.5, 1.5) * size,
    ],
    axes: axes(),
  });
  const tube = (points: number, oval: boolean): Shape => {
    const start = point(25);
    const direction = random.direction();
    const pointsLpsMm = Array.from({ length: points }, (_, n) =>
      add(addScaled(start, direction, 5 * n), point(3)),
    );
    const radiiMm = pointsLpsMm.map(() => random.uniform(1, 5));
    const squash = { axis: perpendicular(direction), factor: random.uniform(0.5, 1.4) };
    return { kind: 'tube', pointsLpsMm, radiiMm, ...(oval ? { squash } : {}) };
  };
  const named = (name: string): Shape => ({ kind: 'named', name });
  const shapes: Record<string, Shape> = {
    trunk: {
      kind: 'smoothUnion',
      of: [ellipsoid(14), tube(9, false), tube(5, true)],
      blendMm: random.uniform(1, 5),
    },
    body: {
      kind: 'rough',
      of: { kind: 'smoothUnion', of: [tube(6, true), tube(3, false), ellipsoid(6)], blendMm: 2 },
      amplitudeMm: 0.4,
      wavelengthMm: 5,
      seed: random.uint32(),
    },
    atrium: { kind: 'smoothUnion', of: [named('trunk'), named('body')], blendMm: 3 },
    wall: { kind: 'offset', of: named('atrium'), growMm: 1.5 },
    bone: {
      kind: 'smoothIntersection',
      of: [
        { kind: 'box', centreLpsMm: point(20), halfSizesMm: [9, 7, 12], axes: axes(), roundingMm: 2 },
        { kind: 'complement', of: { kind: 'offset', of: named('atrium'), growMm: 2 } },
        { kind: 'halfSpace', pointLpsMm: point(10), outwardNormal: random.direction() },
      ],
      blendMm: 1.5,
    },
    vessels: {
      kind: 'intersection',
      of: [
        { kind: 'union', of: [tube(12, false), tube(4, true), tube(3, false)] },
        { kind: 'complement', of: named('wall') },
      ],
    },
    fat: { kind: 'offset', of: { kind: 'union', of: [named('wall'), named('bone')] }, growMm: 6 },
    chest: { kind: 'rough', of: ellipsoid(45), amplitudeMm: 2, wavelengthMm: 20, seed: random.uint32() },
  };
  const texture = { amplitudeHu: 15, wavelengthMm: 9, seed: random.uint32() };
  const ramp = { fromLpsMm: point(9), direction: random.direction(), startMm: -5, endMm: 12, deltaHu: -120 };
  const tissues: Tissue[] = [
    { name: 'chest', shape: 'chest', label: LABELS.lung, hu: { baseHu: -820, texture } },
    { name: 'fat', shape: 'fat', label: LABELS.fat, hu: { baseHu: -100 } },
    { name: 'bone', shape: 'bone', label: LABELS.bone, hu: { baseHu: 700, texture } },
    { name: 'vessels', shape: 'vessels', label: LABELS.pulmonaryVein, hu: { baseHu: 250 } },
    { name: 'wall', shape: 'wall', label: LABELS.softTissue, hu: { baseHu: 60 } },
    { name: 'atrium', shape: 'atrium', label: LABELS.leftAtrium, hu: { baseHu: 380, ramp } },
  ];
  const [a, b] = [point(4), point(4)];
  return {
    ...emptyScene(),
    seed,
    shapes: Object.entries(shapes).map(([name, shape]) => ({ name, shape })),
    tissues,
    acquisition: {
      psfInPlaneSdMm: 0.5,
      sliceThicknessMm: 1.2,
      noiseSdHu: 20,
      noiseCorrelationInPlaneMm: 0.6,
      noiseCorrelationThroughPlaneMm: 0.5,
      noiseSeed: random.uint32(),
      streaks: [
        {
          centreLpsMm: point(20),
          amplitudeHu: 90,
          spokes: 7,
          reachMm: 12,
          halfHeightMm: 8,
          seed: random.uint32(),
        },
      ],
      steps: { slabMm: 11, zOffsetMm: random.uniform(0, 11), shiftsLpsMm: [[0, 0, 0], a, b] },
      fieldOfView: { centreLpsMm: point(5), radiusMm: 38, paddingHu: -1024 },
    },
    appendage: { ...emptyScene().appendage, ostiumPointLpsMm: [0, 0, 0], ostiumNormal: random.direction() },
  };
}
