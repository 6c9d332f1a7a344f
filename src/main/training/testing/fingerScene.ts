import { LABELS, type PhantomScene } from '../../phantom/scene.ts';
import { emptyScene } from '../../phantom/testing/testScenes.ts';

/** For tests: a bent finger of blood, its size by the seed. Software rendering is slow, so no anatomy. */
export function fingerScene(seed: number): PhantomScene {
  const radius = 7 + (seed % 5);
  return {
    ...emptyScene(),
    seed,
    shapes: [
      {
        name: 'body',
        shape: {
          kind: 'tube',
          pointsLpsMm: [
            [0, 0, -30],
            [0, 0, 10],
            [8, 0, 20],
          ],
          radiiMm: [radius, radius, radius / 2],
        },
      },
    ],
    tissues: [{ name: 'blood', shape: 'body', label: LABELS.leftAtrium, hu: { baseHu: 350 } }],
    appendage: {
      ...emptyScene().appendage,
      landmarksLpsMm: { leftSuperiorVeinRidge: [radius, 0, 0], leftCircumflex: [-radius, 0, 0] },
      centreLineLpsMm: [
        [0, 0, 0],
        [0, 0, 10],
        [8, 0, 20],
      ],
    },
  };
}
