import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { familyHeadsSchema, familySpecSchema } from '#shared/nudf/family/familySpecSchema.ts';
import {
  fieldSpecSchema,
  regionSpecSchema,
  surroundingsSpecSchema,
} from '#shared/nudf/network/networkSpecSchema.ts';
import { modelIdSchema } from '../training/recipe.ts';

const plainFileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);

/** What every manifest says of its weights. */
const stored = {
  id: modelIdSchema,
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** The weights, a file beside the manifest. */
  file: plainFileName,
  /** Its description, Markdown, a file beside the manifest; MODEL_CARD.md where left out. */
  card: plainFileName.optional(),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
};

/** Where imported weights come from. */
const checkpoint = z.strictObject({
  fileName: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  epoch: z.int().nonnegative().optional(),
});

/** By a recipe of ours. */
const recipeTraining = z.strictObject({
  /** Name of the recipe file that made it. */
  recipe: z.string().min(1),
  steps: z.int().nonnegative(),
  seed: z.int(),
  /** Revision of the project whose phantoms and trainer made it; another revision's phantoms may differ. */
  revision: z.string().min(1).optional(),
  /** ISO date. */
  date: z.iso.date().optional(),
  /** Results on phantoms never trained on, by name; units in the name. */
  metrics: z.record(z.string(), z.number()),
});

export type RecipeTraining = z.infer<typeof recipeTraining>;

const trained = {
  ...stored,
  /** `synthetic` for bundled models, into which no patient's data goes; else in the words of whoever imported it. */
  trainedOn: z.string().min(1).max(200),
  training: z.union([
    recipeTraining,
    z.strictObject({
      checkpoint,
      /** ISO date of the import. */
      date: z.iso.date().optional(),
    }),
  ]),
};

/** A network of the NUDF family, imported from a checkpoint of PyTorch or trained here on a hospital's own cases. */
const family = z
  .strictObject({
    kind: z.literal('family'),
    ...stored,
    spec: familySpecSchema,
    /** What its outputs are, in order. */
    heads: familyHeadsSchema,
    /** The order of the image's axes, slowest first; x to the left, y posterior, z superior. */
    axes: z.literal('zyx'),
    /** In the words of whoever imported it. */
    trainedOn: z.string().min(1).max(200),
    checkpoint,
    /** ISO date of the import. */
    date: z.iso.date().optional(),
  })
  .refine(({ spec, heads }) => spec.outputs === heads.length, {
    path: ['heads'],
    message: 'must name as many as the network has outputs',
  });

/** manifest.json of a model: what it is, where it comes from, and the checksum that its weights must have. */
export const modelManifestSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('field'), spec: fieldSpecSchema, ...trained }),
  z.strictObject({ kind: z.literal('region'), spec: regionSpecSchema, ...trained }),
  z.strictObject({ kind: z.literal('surroundings'), spec: surroundingsSpecSchema, ...trained }),
  family,
]);

export type ModelManifest = z.infer<typeof modelManifestSchema>;
export type ModelKind = ModelManifest['kind'];

/** Reads a manifest. Throws a UserError that names the first thing that is wrong with it. */
export function parseModelManifest(text: string, id: string): ModelManifest {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new UserError(failure('models.manifest-not-json', { model: id }));
  }
  const parsed = modelManifestSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue?.path.join('.') || 'manifest';
    throw new UserError(
      failure('models.manifest-wrong', { model: id, place, problem: issue?.message ?? 'unknown' }),
    );
  }
  if (parsed.data.id !== id) {
    throw new UserError(failure('models.manifest-of-other', { model: id, other: parsed.data.id }));
  }
  return parsed.data;
}

/** Whether a text can be the name of a model's folder. */
export const isModelId = (text: string): boolean => modelIdSchema.safeParse(text).success;
