import { z } from 'zod';
import { type FieldNetworkSpec, LANDMARKS, type RegionNetworkSpec } from './networkSpec.ts';

const channelCount = z.int().min(1).max(4096);
const length = z.number().positive();

/** A field network's spec from outside: every level must have whole voxels and whole groups of channels. */
export const fieldSpecSchema: z.ZodType<FieldNetworkSpec> = z
  .strictObject({
    kind: z.literal('nudf-dual'),
    resolution: z.int().min(1).max(1024),
    edgeMm: length,
    clipHu: length,
    levels: z
      .array(
        z.strictObject({
          pool: z.union([z.literal(1), z.literal(2), z.literal(4)]),
          channels: z.array(channelCount).min(1),
        }),
      )
      .min(1),
    normGroups: z.int().positive(),
    offsetMm: length,
    hidden: z.array(channelCount),
    unitMm: length,
    landmarks: z.array(z.enum(LANDMARKS)).min(1).optional(),
  })
  .refine(
    ({ resolution, levels }) => resolution % levels.reduce((product, { pool }) => product * pool, 1) === 0,
    'the resolution cannot be pooled that often',
  )
  .refine(
    ({ normGroups, levels }) => levels.every(({ channels }) => channels.every((c) => c % normGroups === 0)),
    'the channels do not divide into the groups',
  );

/** A region network's spec from outside, with the same conditions. */
export const regionSpecSchema: z.ZodType<RegionNetworkSpec> = z
  .strictObject({
    kind: z.literal('region-unet'),
    resolution: z.int().min(1).max(1024),
    clipHu: length,
    channels: z.array(channelCount).min(1).max(10),
    normGroups: z.int().positive(),
  })
  .refine(
    ({ resolution, channels }) => resolution % 2 ** (channels.length - 1) === 0,
    'the resolution cannot be pooled that often',
  )
  .refine(
    ({ normGroups, channels }) => channels.every((c) => c % normGroups === 0),
    'the channels do not divide into the groups',
  );
