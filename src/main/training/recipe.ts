import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import {
  fieldSpecSchema,
  regionSpecSchema,
  surroundingsSpecSchema,
} from '#shared/nudf/network/networkSpecSchema.ts';

/** A model's id, which is also the name of its folder. */
export const modelIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a name has small letters, digits and hyphens only, 64 at the most');

/**
 * A training recipe: everything that decides what a model becomes, as a JSON file of the repository. The same recipe
 * on the same device gives the same weights.
 */
/** AdamW with a linear warm-up and a cosine decay to `finalShare` of the learning rate. */
const optimizer = z.strictObject({
  learningRate: z.number().positive(),
  finalShare: z.number().min(0).max(1),
  warmupSteps: z.int().nonnegative(),
  weightDecay: z.number().nonnegative(),
  /** The global norm to which gradients are clipped. */
  clipNorm: z.number().positive(),
});

/** Random change of the image's brightness, on top of what the phantoms vary: x·(1 + gainSd·n) + biasSd·n, in units of clipHu. */
const intensity = z.strictObject({ gainSd: z.number().nonnegative(), biasSd: z.number().nonnegative() });

const common = {
  id: modelIdSchema,
  seed: z.int(),
  steps: z.int().positive(),
  optimizer,
  intensity,
  /** The model whose weights training begins with, with their checksum; random weights where left out. */
  startFrom: z.strictObject({ id: modelIdSchema, sha256: z.string().length(64) }).optional(),
  /** Which phantoms: the usual ones where left out; see the anatomy's wideVariety.ts. */
  variety: z.enum(['usual', 'wide']).optional(),
  /** Examples kept on the GPU; each step replaces some of them with new phantoms. */
  poolSize: z.int().positive(),
  newPerStep: z.int().positive(),
  batchSize: z.int().positive(),
  checkpointEverySteps: z.int().positive(),
  reportEverySteps: z.int().positive(),
};

export const fieldRecipeSchema = z.strictObject({
  kind: z.literal('nudf'),
  network: fieldSpecSchema,
  ...common,
  pointsPerCrop: z.int().positive(),
  /** The crop's centre is the appendage's plus a Gaussian shift, or for a share of the crops a uniform one. */
  centreShift: z.strictObject({
    sdMm: z.number().nonnegative(),
    uniformShare: z.number().min(0).max(1),
    uniformMm: z.number().nonnegative(),
  }),
  /** Scans are rendered no finer than this, mm: what it saves in time is lost in crops of half a millimetre anyway. */
  finestScanMm: z.strictObject({ inPlane: z.number().positive(), slice: z.number().positive() }),
  /** Share of the crops whose scans have thick slices whatever their seed says (thickSpacing); none where left out. */
  thickShare: z.number().min(0).max(1).optional(),
  /** Share of the crops whose phantoms of wide variety are hard ones, whatever their seed says (drawHardships); none where left out. */
  hardShare: z.number().min(0).max(1).optional(),
  /** Voxels along the edge of the lattice on which the true surface is looked for; default 128. */
  truthScanResolution: z.int().positive().optional(),
  /** Share of the crops whose HU come in steps of `stepHu`, as scans of few bits have them; none where left out. */
  quantised: z.strictObject({ share: z.number().min(0).max(1), stepHu: z.number().positive() }).optional(),
  /** Share of the crops that the edge of the scan cuts. */
  truncatedShare: z.number().min(0).max(1),
  /** Smooth L1 (quadratic below beta) on both fields, targets clamped at one unit; cross-entropy on the sign of −sharpness·signed. */
  loss: z.strictObject({
    beta: z.number().positive(),
    signedWeight: z.number().nonnegative(),
    unsignedWeight: z.number().nonnegative(),
    signWeight: z.number().nonnegative(),
    sharpness: z.number().positive(),
    /** Smooth L1 on the ways to the landmarks, for networks that have them; 0 where left out. */
    landmarkWeight: z.number().nonnegative().optional(),
  }),
});

export const regionRecipeSchema = z.strictObject({
  kind: z.literal('region'),
  network: regionSpecSchema,
  ...common,
  /** Share of the blocks that are a cube round the appendage, the rest being whole scans. */
  zoomShare: z.number().min(0).max(1),
  /** Share of the blocks whose scan does not show the appendage; none where left out. */
  absentShare: z.number().min(0).max(1).optional(),
  /** Share of the other blocks whose scan lies the wrong way round (recognition.ts, TURNS): nothing is to be found there. None where left out. */
  turnedShare: z.number().min(0).max(1).optional(),
  /** Share of the blocks that lie the right way round in which fat takes the appendage's place; none where left out. */
  removedShare: z.number().min(0).max(1).optional(),
  /** Uniform shift of the zoomed cube's centre from the appendage, mm. */
  zoomShiftMm: z.number().nonnegative(),
  loss: z.strictObject({
    crossEntropyWeight: z.number().nonnegative(),
    diceWeight: z.number().nonnegative(),
  }),
});

export const surroundingsRecipeSchema = z.strictObject({
  kind: z.literal('surroundings'),
  network: surroundingsSpecSchema,
  ...common,
  /** Uniform shift of the cube's centre from its usual place beside the appendage, mm. */
  shiftMm: z.number().nonnegative(),
  /** Share of the cubes that the edge of the scan may cut. */
  truncatedShare: z.number().min(0).max(1),
  /** Share of the cubes whose slices are thick: neighbouring voxels across slices are averaged. */
  thickShare: z.number().min(0).max(1),
  /** Smooth L1 (quadratic below beta) on the distances in units of reachMm, targets clamped at one. */
  loss: z.strictObject({
    beta: z.number().positive(),
    /** Voxels at distance d count exp(−(d/nearMm)²), and all a little. */
    nearMm: z.number().positive(),
    farWeight: z.number().positive(),
  }),
});

export const recipeSchema = z.discriminatedUnion('kind', [
  fieldRecipeSchema,
  regionRecipeSchema,
  surroundingsRecipeSchema,
]);

export type FieldRecipe = z.infer<typeof fieldRecipeSchema>;
export type RegionRecipe = z.infer<typeof regionRecipeSchema>;
export type SurroundingsRecipe = z.infer<typeof surroundingsRecipeSchema>;
export type TrainingRecipe = z.infer<typeof recipeSchema>;

/** Reads a recipe. Throws a UserError that names the first thing that is wrong with it. */
export function parseRecipe(text: string): TrainingRecipe {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new UserError(failure('training.recipe-not-json'));
  }
  const parsed = recipeSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UserError(
    failure('training.recipe-wrong', { place: issue?.path.join('.') ?? '', problem: issue?.message ?? '' }),
  );
}
