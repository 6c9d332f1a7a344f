import { z } from 'zod';
import { SURROUNDINGS } from '../../anatomy/surroundings.ts';
import {
  type FieldNetworkSpec,
  LANDMARKS,
  type RegionNetworkSpec,
  type SurroundingsNetworkSpec,
} from './networkSpec.ts';

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

/** A U-Net's levels, with the same conditions. */
const unet = {
  resolution: z.int().min(1).max(1024),
  clipHu: length,
  channels: z.array(channelCount).min(1).max(10),
  normGroups: z.int().positive(),
};
type Levels = Pick<RegionNetworkSpec, 'resolution' | 'channels' | 'normGroups'>;
const canBePooled = [
  ({ resolution, channels }: Levels): boolean => resolution % 2 ** (channels.length - 1) === 0,
  'the resolution cannot be pooled that often',
] as const;
const hasWholeGroups = [
  ({ normGroups, channels }: Levels): boolean => channels.every((c) => c % normGroups === 0),
  'the channels do not divide into the groups',
] as const;

/** A region network's spec from outside. */
export const regionSpecSchema: z.ZodType<RegionNetworkSpec> = z
  .strictObject({ kind: z.literal('region-unet'), ...unet })
  .refine(...canBePooled)
  .refine(...hasWholeGroups);

/** The spec of a network of the surroundings from outside. */
export const surroundingsSpecSchema: z.ZodType<SurroundingsNetworkSpec> = z
  .strictObject({
    kind: z.literal('surroundings-unet'),
    ...unet,
    edgeMm: length,
    reachMm: length,
    structures: z.array(z.enum(SURROUNDINGS)).min(1),
  })
  .refine(...canBePooled)
  .refine(...hasWholeGroups)
  .refine(({ structures }) => new Set(structures).size === structures.length, 'a structure is named twice');
