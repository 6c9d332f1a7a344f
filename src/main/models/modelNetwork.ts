import { familyWeightShapes } from '#shared/nudf/family/familyWeights.ts';
import {
  assertWeightsMatch,
  elementCount,
  type WeightEntry,
  type WeightMap,
  weightLayout,
} from '#shared/nudf/network/weightLayout.ts';
import { familyDecoderOnnx, familyEncoderOnnx } from '../nudf/family/familyOnnx.ts';
import { exportOnnx } from '../nudf/network/onnx/exportOnnx.ts';
import type { ModelManifest } from './modelManifest.ts';

/** A network of any model. */
export type ModelSpec = ModelManifest['spec'];

const layoutOf = (spec: ModelSpec): readonly Pick<WeightEntry, 'name' | 'shape'>[] =>
  spec.kind === 'shapenet-vox' ? familyWeightShapes(spec) : weightLayout(spec);

/** Refuses, with a UserError, weights whose names or shapes are not those of the network, or that are not finite. */
export const assertModelWeightsFit = (spec: ModelSpec, weights: WeightMap): void =>
  assertWeightsMatch(layoutOf(spec), weights);

/** Running means and variances are counted from the data, not trained. */
const isTrained = ({ name }: { readonly name: string }): boolean => !/\.norm\.(?:mean|variance)$/.test(name);

/** Trained numbers of a network. */
export const modelParameterCount = (spec: ModelSpec): number =>
  layoutOf(spec)
    .filter(isTrained)
    .reduce((sum, { shape }) => sum + elementCount(shape), 0);

/** A network's ONNX graphs by the names of their parts. */
export const modelOnnx = (spec: ModelSpec, weights: WeightMap): ReadonlyMap<string, Uint8Array> =>
  spec.kind === 'shapenet-vox'
    ? new Map([
        ['encoder', familyEncoderOnnx(spec, weights)],
        ['decoder', familyDecoderOnnx(spec, weights)],
      ])
    : exportOnnx(spec, weights);
