import { APPENDAGE_CUBE_EDGE_MM, type CropFrame } from '#main/surface/cropFrame.ts';
import { type ExtractedAppendage, extractAppendage } from '#main/surface/extraction/extractAppendage.ts';
import { appendageBounds } from '../src/main/phantom/anatomy/index.ts';
import type { PhantomScene } from '../src/main/phantom/scene.ts';
import { createTruthField } from '../src/main/phantom/truthField.ts';

/**
 * The surfaces of a phantom's appendage, by the same extraction as a segmentation's, from the scene's own distances.
 * @param resolution cells per axis of the finest evaluation
 */
export async function phantomTruth(scene: PhantomScene, resolution: number): Promise<ExtractedAppendage> {
  const frame: CropFrame = {
    centreLpsMm: appendageBounds(scene).centreLpsMm,
    edgeMm: APPENDAGE_CUBE_EDGE_MM,
  };
  const field = createTruthField(scene, frame);
  const truth = await extractAppendage(
    async (points) => {
      const both = field.distances(points);
      const n = points.length / 3;
      return {
        signedMm: Float32Array.from({ length: n }, (_, index) => both[2 * index]!),
        unsignedMm: Float32Array.from({ length: n }, (_, index) => both[2 * index + 1]!),
      };
    },
    frame,
    // The truth's cap is plane already.
    { resolution, planarCap: false },
  );
  if (!truth.found) throw new Error('The phantom has no appendage.');
  return truth;
}
