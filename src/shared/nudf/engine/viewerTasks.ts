import { z } from 'zod';
import { type Client, type Contract, method } from '#shared/rpc/contract.ts';
import { regionSpecSchema } from '../network/networkSpecSchema.ts';
import type { WeightMap } from '../network/weightLayout.ts';
import { distanceSpecSchema } from './distanceSpec.ts';

/**
 * What the application asks of a page's worker: both networks on the graphics processor of the machine that shows the
 * page. Main calls, the page answers. Numbers name what was opened.
 */

const floats = z.custom<Float32Array>((value) => value instanceof Float32Array, 'a Float32Array');
const handle = z.int().nonnegative();
const none = z.strictObject({});

/** Weights as they travel: verified by main, which read them. */
const weightsSchema = z.array(
  z.strictObject({ name: z.string(), shape: z.array(z.int().nonnegative()), data: floats }),
);

const samplesSchema = z.strictObject({
  signedMm: floats,
  unsignedMm: floats,
  toLandmarksMm: floats.optional(),
});

/** What a page's browser offers for computing. */
const adapterSchema = z.strictObject({
  /** In words, as the browser has them. */
  name: z.string().max(200),
  /** The processor itself: slower than ONNX Runtime. */
  isSoftware: z.boolean(),
});

/** What the page has its worker do. */
export const networkTasks = {
  services: {
    networks: {
      /** Frees everything that is open, what an engine left behind that has stopped included. */
      reset: method(none, none),
      openField: method(z.strictObject({ spec: distanceSpecSchema, weights: weightsSchema }), handle),
      openRegion: method(z.strictObject({ spec: regionSpecSchema, weights: weightsSchema }), handle),
      /** Runs the encoder on resolution³ HU values, x fastest. @returns the crop's number */
      encode: method(z.strictObject({ network: handle, cropHu: floats }), handle, undefined, ({ cropHu }) => [
        cropHu.buffer,
      ]),
      /** Both fields at points, in mm; see EncodedCrop. */
      evaluate: method(
        z.strictObject({ crop: handle, pointsNormalized: floats }),
        samplesSchema,
        ({ signedMm, unsignedMm, toLandmarksMm }) => [
          signedMm.buffer,
          unsignedMm.buffer,
          ...(toLandmarksMm ? [toLandmarksMm.buffer] : []),
        ],
        ({ pointsNormalized }) => [pointsNormalized.buffer],
      ),
      /** Appendage probability per voxel of resolution³ HU values, x fastest. */
      detect: method(
        z.strictObject({ network: handle, blockHu: floats }),
        floats,
        ({ buffer }) => [buffer],
        ({ blockHu }) => [blockHu.buffer],
      ),
      freeCrop: method(z.strictObject({ crop: handle }), none),
    },
  },
  events: {},
} satisfies Contract;

/** What the application asks of a page. */
export const viewerTasks = {
  services: {
    graphics: {
      /** What WebGPU offers there; null where that is nothing. Asked only where it may be used. */
      adapter: method(none, adapterSchema.nullable()),
    },
    ...networkTasks.services,
  },
  events: {},
} satisfies Contract;

export type ViewerAdapter = z.output<typeof adapterSchema>;
export type NetworkTasks = typeof networkTasks;
export type ViewerNetworks = Client<NetworkTasks>['networks'];

type SentWeights = z.output<typeof weightsSchema>;

export const sentWeights = (weights: WeightMap): SentWeights =>
  [...weights].map(([name, { shape, data }]) => ({ name, shape: [...shape], data }));

export const receivedWeights = (sent: SentWeights): WeightMap =>
  new Map(sent.map(({ name, shape, data }) => [name, { shape, data }]));
