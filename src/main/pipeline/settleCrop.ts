import { distance, type Vec3 } from '#shared/geometry/vec3.ts';
import type { EncodedCrop, FieldEngine } from '#shared/nudf/engine/fieldEngine.ts';
import { resampleTrilinear } from '#shared/volume/resample.ts';
import { OUTSIDE_HU, type VolumeHu } from '#shared/volume/volume.ts';
import { APPENDAGE_CUBE_EDGE_MM, type CropFrame, cropGrid } from '../surface/cropFrame.ts';
import { evaluateAdaptively } from '../surface/field/adaptiveEvaluation.ts';
import type { FieldFunction, FieldSamples } from '../surface/field/fieldFunction.ts';
import { keepAppendage } from '../surface/field/lumenComponent.ts';
import { rememberLattice } from '../surface/field/rememberLattice.ts';

/** A crop that is centred on what the field network finds in it, encoded. The caller frees `crop`. */
export interface SettledCrop {
  readonly frame: CropFrame;
  readonly crop: EncodedCrop;
  /** The crop's own answers, with the ways to landmarks, which `crop` does not keep. */
  readonly evaluateFully: FieldFunction;
  /** How often the cube was moved. */
  readonly moves: number;
}

/** Cells per axis of the look that decides where to move: 2.2 mm. */
const LOOK_RESOLUTION = 32;
const MOST_MOVES = 9;
/**
 * A distance without a sign has no inside. For the look, what lies this near to the wall counts as inside: a shell thick
 * enough for cells of 2.2 mm.
 */
const UNSIGNED_SHELL_MM = 2;
/** Cells per axis of the corners whose values are kept: those of the look, and of the one for the ostium's plane. */
const REMEMBERED_RESOLUTION = 64;
/**
 * A cube that is off by less stays. Of a look with cells of 2.2 mm the centroid is known to 0.3 mm: with that as the limit
 * cubes moved to and fro, at no gain (docs/accuracy.md, "Where the cube settles").
 */
const SETTLED_MM = 0.6;

/**
 * Crops the cube round a first guess, evaluates the field coarsely, and moves the cube to the centroid of what it
 * found, until it stays there. So the result does not depend on where exactly the region network pointed.
 *
 * Worked example: the first cube is centred 6 mm beside the appendage. Its field, seen by the network from aside,
 * puts the centroid 5.4 mm away: the cube moves there. The second cube's centroid is 0.8 mm away: it moves again. The
 * third's is 0.4 mm away, less than {@link SETTLED_MM}: that cube stays, after two moves and three runs of the
 * encoder. A cube in which nothing is found stays too; the extraction of the surface then finds no appendage.
 * @param resolution voxels per axis of the crop that the network reads
 * @throws CancelledError when the signal fires; what `onCube` throws. No crop is left encoded then.
 */
export async function settleCrop(
  volume: VolumeHu,
  engine: FieldEngine,
  resolution: number,
  firstCentreLpsMm: Vec3,
  {
    signal,
    onCube,
    edgeMm = APPENDAGE_CUBE_EDGE_MM,
  }: {
    readonly signal?: AbortSignal | undefined;
    /** Is called with each cube before it is read. */
    readonly onCube?: ((cube: CropFrame) => void) | undefined;
    readonly edgeMm?: number | undefined;
  } = {},
): Promise<SettledCrop> {
  let frame: CropFrame = { centreLpsMm: firstCentreLpsMm, edgeMm };
  for (let moves = 0; ; moves++) {
    onCube?.(frame);
    const cropHu = resampleTrilinear(volume, cropGrid(frame, resolution), OUTSIDE_HU);
    const encoded = atScale(await engine.encode(cropHu, signal), edgeMm / APPENDAGE_CUBE_EDGE_MM);
    const crop = remembering(encoded);
    const evaluateFully: FieldFunction = (points, pointsSignal) => encoded.evaluate(points, pointsSignal);
    if (moves === MOST_MOVES) return { frame, crop, evaluateFully, moves };
    try {
      const look: FieldFunction = engine.isUnsigned
        ? async (points, pointsSignal) => thickened(await crop.evaluate(points, pointsSignal))
        : (points, pointsSignal) => crop.evaluate(points, pointsSignal);
      const options = { resolution: LOOK_RESOLUTION };
      const { lattice, insideBox } = await evaluateAdaptively(look, frame, options, signal);
      const { kept } = keepAppendage(lattice, undefined, insideBox);
      if (!kept || distance(kept.centroidLpsMm, frame.centreLpsMm) < SETTLED_MM)
        return { frame, crop, evaluateFully, moves };
      frame = { ...frame, centreLpsMm: kept.centroidLpsMm };
    } catch (thrown) {
      crop.free();
      throw thrown;
    }
    crop.free();
  }
}

const thickened = ({ unsignedMm }: FieldSamples): FieldSamples => ({
  unsignedMm,
  signedMm: unsignedMm.map((mm) => mm - UNSIGNED_SHELL_MM),
});

/** A crop that evaluates no corner again that a coarse lattice has asked for. */
const remembering = (crop: EncodedCrop): EncodedCrop => ({
  evaluate: rememberLattice((points, signal) => crop.evaluate(points, signal), REMEMBERED_RESOLUTION),
  free: () => crop.free(),
});

/**
 * Corrects the distances in a cube of another edge than the network was trained on. To the network a cube of 105 mm
 * looks like anatomy of two thirds the size in its usual 70 mm, so its 2 mm are 3 mm here: factor 105/70 = 1.5.
 */
function atScale(crop: EncodedCrop, factor: number): EncodedCrop {
  if (factor === 1) return crop;
  return {
    async evaluate(pointsNormalized, signal) {
      const { signedMm, unsignedMm, toLandmarksMm } = await crop.evaluate(pointsNormalized, signal);
      const scaled = (values: Float32Array): Float32Array => values.map((mm) => mm * factor);
      return {
        signedMm: scaled(signedMm),
        unsignedMm: scaled(unsignedMm),
        ...(toLandmarksMm ? { toLandmarksMm: scaled(toLandmarksMm) } : {}),
      };
    },
    free: () => crop.free(),
  };
}
