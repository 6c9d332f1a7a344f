import { z } from 'zod';
import { method } from '../../rpc/contract.ts';
import { leftAtriumSchema } from '../surroundings.ts';
import { labelMapSchema, ostiumPlaneSchema, triangleMeshSchema } from '../values.ts';
import { measuredAppendageSchema } from './measured.ts';

/** Remaking surfaces after a person's changes, in a small pool of workers. */
export const meshingService = {
  /**
   * Cuts a closed surface at another plane and measures again. Only what lies distal to the plane is kept; a plane that
   * misses the surface or leaves nothing is refused. Beyond the surface's own end, which `wall` and `ostiumPlane` tell, the
   * lumen goes on as the left atrium does, where that is given.
   */
  recut: method(
    z.strictObject({
      closed: triangleMeshSchema,
      wall: triangleMeshSchema.nullable(),
      ostiumPlane: ostiumPlaneSchema.nullable(),
      plane: ostiumPlaneSchema,
      atrium: leftAtriumSchema.nullable(),
      isCut: z.boolean(),
    }),
    measuredAppendageSchema,
  ),
  /**
   * The surface that a segmentation started with, after edits of its labels, cut at the plane where one is given: new
   * only where the labels are no longer those inside of it. An empty map is refused.
   */
  afterEdits: method(
    z.strictObject({
      original: measuredAppendageSchema,
      labels: labelMapSchema,
      plane: ostiumPlaneSchema.nullable(),
      atrium: leftAtriumSchema.nullable(),
      isCut: z.boolean(),
    }),
    measuredAppendageSchema,
  ),
  /** The surfaces of all pieces of a label map, not cut and not measured: of a segmentation that is only looked at. */
  labelSurfaces: method(
    z.strictObject({ labels: labelMapSchema }),
    z.strictObject({ mesh: triangleMeshSchema, piecesLeftOut: z.int().nonnegative() }),
  ),
  /** How far two surfaces are apart, both ways: on average, and within what 95 % of them lie. */
  distances: method(
    z.strictObject({ from: triangleMeshSchema, to: triangleMeshSchema }),
    z.strictObject({ mean: z.number(), percent95: z.number() }),
  ),
};
