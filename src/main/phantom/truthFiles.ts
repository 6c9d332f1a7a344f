import { centreLine } from '#shared/anatomy/centreLine.ts';
import { type CtSeriesMetadata, syntheticUids } from '#shared/dicom/writeCtSlice.ts';
import { throwIfCancelled } from '#shared/errors.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { shareWithinGrid } from '#shared/mesh/shareWithinGrid.ts';
import { encodeNrrd } from '../interchange/nrrd.ts';
import { encodeStl } from '../interchange/stl.ts';
import { type PhantomTruth, SYNTHETIC_NOTICE } from './phantomTruth.ts';
import { renderLabels } from './renderLabels.ts';
import { LABELS, type PhantomScene } from './scene.ts';
import { compileTape } from './tape.ts';
import { trueUnfilledMl } from './trueFilling.ts';
import { type TrueOstium, trueOstium } from './truthOstium.ts';
import { type TrueSurface, type TrueSurfaceOptions, trueSurface } from './truthSurface.ts';

export interface TruthInput {
  readonly scene: PhantomScene;
  /** The grid of the CT series that the truth belongs to. */
  readonly grid: GridLps;
  readonly metadata: CtSeriesMetadata;
  readonly programVersion: string;
}

export interface TruthFiles {
  readonly files: Map<string, Uint8Array | string>;
  readonly truth: PhantomTruth;
  /** The share of the appendage's surface that the scan shows. */
  readonly shareInScan: number;
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
const roundOrNull = (value: number | undefined): number | null => (value === undefined ? null : round(value));
const roundVec = ([x, y, z]: Vec3): [number, number, number] => [round(x), round(y), round(z)];

/**
 * The files of a phantom's truth, by name: `laa-closed.stl`, the open `laa-wall.stl`, `labels.nrrd` on the series' grid,
 * and `truth.json`. The same input gives the same bytes.
 * @throws UserError where the scene has no appendage; CancelledError.
 */
export async function truthFiles(input: TruthInput, options: TrueSurfaceOptions = {}): Promise<TruthFiles> {
  const { scene, grid } = input;
  const { signal } = options;
  const tape = compileTape(scene);
  const ostium = trueOstium(scene, tape);
  const surface = await trueSurface(scene, options, tape);
  throwIfCancelled(signal);
  const labels = renderLabels(scene, grid);
  throwIfCancelled(signal);
  const truth = describeTruth(input, ostium, surface);
  const text = `synthetic phantom, seed ${scene.seed}`;
  return {
    truth,
    shareInScan: shareWithinGrid(surface.closed, grid),
    files: new Map<string, Uint8Array | string>([
      ['laa-closed.stl', encodeStl(surface.closed, `closed lumen, ${text}`)],
      ['laa-wall.stl', encodeStl(surface.ostium.wall, `open wall, ${text}`)],
      ['labels.nrrd', encodeNrrd({ grid, data: labels }, { fields: labelFields() })],
      ['truth.json', `${JSON.stringify(truth, null, 2)}\n`],
    ]),
  };
}

const labelFields = (): Record<string, string> =>
  Object.fromEntries(Object.entries(LABELS).map(([name, value]) => [`label ${value}`, name]));

function describeTruth(
  { scene, grid, metadata, programVersion }: TruthInput,
  { measures, planeNormal, planePointLpsMm }: TrueOstium,
  { closed, ostium, volumeMl }: TrueSurface,
): PhantomTruth {
  const uids = syntheticUids(metadata, grid);
  const line = centreLine(closed, measures.centreLpsMm, { pointLpsMm: planePointLpsMm, normal: planeNormal });
  return {
    format: 'auricle-phantom-truth',
    formatVersion: 1,
    notice: SYNTHETIC_NOTICE,
    program: { name: 'Auricle', version: programVersion },
    seed: scene.seed,
    coordinates: 'LPS mm',
    source: {
      seriesInstanceUid: uids.series,
      frameOfReferenceUid: uids.frameOfReference,
      sizeIjk: [...grid.sizeIjk],
      spacingMm: roundVec(grid.spacingMm),
      originLpsMm: roundVec(grid.originLpsMm),
    },
    ostium: {
      centreLpsMm: roundVec(measures.centreLpsMm),
      normal: roundVec(planeNormal),
      areaMm2: round(measures.areaMm2),
      perimeterMm: round(measures.perimeterMm),
      maxDiameterMm: round(measures.maxDiameter.lengthMm),
      minDiameterMm: round(measures.minDiameter.lengthMm),
      areaDerivedDiameterMm: round(measures.areaDerivedDiameterMm),
      perimeterDerivedDiameterMm: round(measures.perimeterDerivedDiameterMm),
      eccentricity: round(measures.eccentricity),
    },
    volumeMl: round(volumeMl),
    unfilledMl: round(trueUnfilledMl(scene, closed)),
    depthMm: roundOrNull(line?.depthMm),
    depthToFirstBendMm: roundOrNull(line?.depthToFirstBendMm),
    surfaceAreaMm2: round(ostium.wallAreaMm2),
    morphology: scene.appendage.morphology,
    landmarksLpsMm: Object.fromEntries(
      Object.entries(scene.appendage.landmarksLpsMm).map(([name, point]) => [name, roundVec(point)]),
    ),
    centreLineLpsMm: scene.appendage.centreLineLpsMm.map(roundVec),
    labels: { ...LABELS },
  };
}
