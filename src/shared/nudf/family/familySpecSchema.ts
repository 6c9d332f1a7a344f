import { z } from 'zod';
import { areFamilyHeads, FAMILY_HEADS } from './familyHeads.ts';
import { FAMILY_NAMES, type FamilySpec, isFamilyName } from './familySpec.ts';

const length = z.number().positive();
const count = z.int().min(1).max(4096);

const parts = {
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
};

const canBePooled = ({ resolution, levels }: Pick<FamilySpec, 'resolution' | 'levels'>): boolean =>
  resolution % levels.reduce((product, { pool }) => product * pool, 1) === 0;
const CANNOT_BE_POOLED = 'the resolution cannot be pooled that often';

/** What a network's outputs are, in order. */
export const familyHeadsSchema = z
  .array(z.enum(FAMILY_HEADS))
  .refine(areFamilyHeads, 'needs exactly one distance');

/** A network of the family from outside; every level must have whole voxels. */
export const familySpecSchema: z.ZodType<FamilySpec> = z
  .strictObject(parts)
  .refine(canBePooled, CANNOT_BE_POOLED);

/** The same with the names of its outputs. */
export const headedFamilySchema = z
  .strictObject({ ...parts, heads: familyHeadsSchema })
  .refine(canBePooled, CANNOT_BE_POOLED)
  .refine(({ outputs, heads }) => outputs === heads.length, 'must name as many heads as there are outputs');
