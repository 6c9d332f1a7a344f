import { expect, it } from 'vitest';
import { createRandom } from '#shared/random/random.ts';
import { createLocalField } from './localField.ts';
import { shapeProgram } from './program.ts';
import { compileTape } from './tape.ts';
import { randomScene } from './testing/testScenes.ts';

it('never says that values stay away from zero in a ball where one is near it', () => {
  const field = createLocalField(shapeProgram(compileTape(randomScene(4)), ['body']));
  const random = createRandom(7);
  const [nearMm, radiusMm] = [1.3, 4];
  let away = 0;
  for (let ball = 0; ball < 200; ball++) {
    const middle = [random.uniform(-30, 30), random.uniform(-30, 30), random.uniform(-30, 30)] as const;
    const inside: number[] = [];
    while (inside.length < 3 * 60) {
      const offset = [0, 1, 2].map(() => random.uniform(-radiusMm, radiusMm));
      if (Math.hypot(...offset) <= radiusMm) inside.push(...offset.map((mm, axis) => mm + middle[axis]!));
    }
    field.focus(...middle, radiusMm + 2);
    if (field.mayComeNear(nearMm, radiusMm)) continue;
    away++;
    const values = field.values(Float64Array.from(inside)).subarray(0, inside.length / 3);
    expect(Math.min(...values.map(Math.abs))).toBeGreaterThan(nearMm);
  }
  expect(away).toBeGreaterThan(50);
});
