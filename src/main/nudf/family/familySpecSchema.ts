import { z } from 'zod';
import { FAMILY_NAMES, type FamilySpec, isFamilyName } from './familySpec.ts';

const length = z.number().positive();
const count = z.int().min(1).max(4096);

/** A network of the family from outside; every level must have whole voxels. */
export const familySpecSchema: z.ZodType<FamilySpec> = z
  .strictObject({
    kind: z.literal('shapenet-vox'),
    name: z.string().refine(isFamilyName, `not one of ${FAMILY_NAMES.join(', ')}`),
    resolution: z.int().min(1).max(1024),
    edgeMm: length,
    levels: z
      .array(
        z.strictObject({
          pool: z.union([z.literal(1), z.literal(2), z.literal(4)]),
          channels: z.array(count).min(1),
        }),
      )
      .min(1),
    offsetNormalized: length,
    hidden: z.array(count),
    outputs: z.union([z.literal(1), z.literal(2)]),
    unitMm: length,
    alignCorners: z.boolean(),
  })
  .refine(
    ({ resolution, levels }) => resolution % levels.reduce((product, { pool }) => product * pool, 1) === 0,
    'the resolution cannot be pooled that often',
  );
