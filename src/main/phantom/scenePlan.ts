import type { SurroundingName } from '#shared/anatomy/surroundings.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { perAxis, scale, type Vec3 } from '#shared/geometry/vec3.ts';
import type { CropFrame } from '../surface/cropFrame.ts';
import { widestShiftMm } from './ctArtefacts.ts';
import { type AxisKernel, type CtKernels, ctKernels, fineRange } from './ctKernels.ts';
import { type Program, paintProgram, shapeProgram } from './program.ts';
import { type RegionPrograms, regionPrograms } from './regionPrograms.ts';
import { BLOCK_SUBSTEPS, blockEdgeMm } from './renderBlock.ts';
import { acquisitionGrid, type CropAcquisition } from './renderCrop.ts';
import type { VoxelBox } from './renderCt.ts';
import type { PhantomScene } from './scene.ts';
import { surroundingShapes } from './surroundingDistances.ts';
import { compileTape, type Tape } from './tape.ts';

/**
 * What a device needs to know about a scene, computed on the processor. It takes as long as rendering itself and is
 * plain data, so that threads can compute it ahead of time.
 */
export interface ScenePlan {
  readonly paint: Program;
  /** The appendage's open-ended lumen alone; in a plan for the surroundings, theirs. */
  readonly body: Program;
  readonly regions: RegionPrograms;
}

/** The samples, from and how many along i, j, k, that a box of voxels needs. */
export interface SampleBox {
  readonly from: Vec3;
  readonly size: Vec3;
}

export function sampleBox(kernels: readonly AxisKernel[], box: VoxelBox): SampleBox {
  const ranges = kernels.map((kernel, axis) => fineRange(kernel, box.from[axis]!, box.to[axis]!));
  return {
    from: perAxis((axis) => ranges[axis]![0]),
    size: perAxis((axis) => ranges[axis]![1] - ranges[axis]![0]),
  };
}

export const substepsOf = (kernels: CtKernels): Vec3 => perAxis((axis) => kernels.image[axis].substeps);

const programsOf = (tape: Tape): Pick<ScenePlan, 'paint' | 'body'> => ({
  paint: paintProgram(tape),
  body: shapeProgram(tape, [tape.scene.appendage.bodyShape]),
});

/** For the CT chain on a box of a scan's grid. */
export function planCt(scene: PhantomScene, grid: GridLps, box: VoxelBox): ScenePlan {
  const programs = programsOf(compileTape(scene));
  const kernels = ctKernels(scene.acquisition, grid.spacingMm);
  const fine = sampleBox(kernels.image, box);
  const regions = regionPrograms(
    programs.paint,
    grid,
    substepsOf(kernels),
    fine.from,
    fine.size,
    kernels.edgeMm,
    widestShiftMm(scene.acquisition),
  );
  return { ...programs, regions };
}

/** For a training crop. */
export function planCrop(scene: PhantomScene, frame: CropFrame, acquisition: CropAcquisition): ScenePlan {
  const grid = acquisitionGrid(frame, acquisition);
  return planCt(scene, grid, { from: [0, 0, 0], to: grid.sizeIjk });
}

/** Regions of coarse blocks are wider: there are fewer samples to gain from. */
const BLOCK_REGION_MM = 40;

/** For a coarse block. */
export function planBlock(scene: PhantomScene, grid: GridLps): ScenePlan {
  const programs = programsOf(compileTape(scene));
  const fineSize = scale(grid.sizeIjk, BLOCK_SUBSTEPS);
  const substeps: Vec3 = [BLOCK_SUBSTEPS, BLOCK_SUBSTEPS, BLOCK_SUBSTEPS];
  const edgeMm = blockEdgeMm(grid);
  return {
    ...programs,
    regions: regionPrograms(programs.paint, grid, substeps, [0, 0, 0], fineSize, edgeMm, 0, BLOCK_REGION_MM),
  };
}

/** For a coarse block with the distances to the surroundings. */
export function planSurroundings(
  scene: PhantomScene,
  grid: GridLps,
  structures: readonly SurroundingName[],
): ScenePlan {
  return {
    ...planBlock(scene, grid),
    body: shapeProgram(compileTape(scene), surroundingShapes(scene, structures).flat()),
  };
}

/** The scene without the parts that its plan replaces: quick to send between threads. */
export const withoutShapes = (scene: PhantomScene): PhantomScene => ({ ...scene, shapes: [], tissues: [] });
