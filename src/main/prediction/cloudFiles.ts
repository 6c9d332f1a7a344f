import { words } from '#shared/words/words.ts';
import { encodePly } from '../interchange/ply.ts';
import { encodeCloudText } from '../interchange/pointCloud.ts';
import type { FieldModel } from '../models/modelRegistry.ts';
import type { PredictedCloud } from './predictCloud.ts';

export const CLOUD_FILE_NAMES = [
  'dense_point_cloud.txt',
  'dense_point_cloud_lps.txt',
  'dense_point_cloud_lps.ply',
  'cloud.json',
] as const;

const NO_FACES = new Uint32Array(0);

/** A cloud's files by name: normalised coordinates as text, LPS mm as text and PLY, how it was made. */
export function cloudFiles(
  cloud: PredictedCloud,
  { manifest }: FieldModel,
  { seed, programVersion }: { readonly seed: number; readonly programVersion: string },
): ReadonlyMap<string, Uint8Array | string> {
  const { pointsNormalized, pointsLpsMm, frame } = cloud;
  const description = {
    format: 'auricle-point-cloud',
    formatVersion: 1,
    program: { name: 'Auricle', version: programVersion },
    name: cloud.name,
    points: pointsLpsMm.length / 3,
    cube: { centreLpsMm: cloud.isPlaceKnown ? frame.centreLpsMm : null, edgeMm: frame.edgeMm },
    coordinates: {
      normalized: `x left, y posterior, z superior; one unit is ${frame.edgeMm / 2} mm`,
      mm: cloud.isPlaceKnown ? 'LPS mm' : 'mm from the middle of the cube, whose place the case does not say',
    },
    model: { id: manifest.id, kind: manifest.kind, sha256: manifest.sha256, trainedOn: manifest.trainedOn },
    seed,
    evaluatedPoints: cloud.evaluatedPoints,
    seconds: cloud.seconds,
    warnings: cloud.warnings.map(words('en').sentence),
  };
  return new Map<string, Uint8Array | string>([
    ['dense_point_cloud.txt', encodeCloudText(pointsNormalized)],
    ['dense_point_cloud_lps.txt', encodeCloudText(pointsLpsMm, 4)],
    [
      'dense_point_cloud_lps.ply',
      encodePly({ positionsLpsMm: pointsLpsMm, triangles: NO_FACES }, 'dense point cloud, research use only'),
    ],
    ['cloud.json', `${JSON.stringify(description, null, 2)}\n`],
  ]);
}
