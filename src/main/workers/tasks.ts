import { type EngineStatus, engineStatusSchema } from '#shared/contract/services/app.ts';
import { comparisonService } from '#shared/contract/services/comparison.ts';
import { exportingService } from '#shared/contract/services/exporting.ts';
import { meshingService } from '#shared/contract/services/meshing.ts';
import { planningService } from '#shared/contract/services/planning.ts';
import type {
  FoundSurroundings,
  Region,
  SegmentedAppendage,
} from '#shared/contract/services/segmentation.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { viewerTasks } from '#shared/nudf/engine/viewerTasks.ts';
import {
  type Contract,
  findMethod,
  type MethodName,
  method,
  unchecked,
  uncheckedMethod,
} from '#shared/rpc/contract.ts';
import type { Volume } from '#shared/volume/volume.ts';
import type { PhantomScene } from '../phantom/scene.ts';
import type { LookAroundRequest, SegmentCropRequest } from '../pipeline/inferenceSession.ts';
import type { SurfaceToDraw } from '../pipeline/resultDrawing.ts';
import type { Viewer } from '../pipeline/viewerNetworks.ts';
import type { CaseRequest, PrepareOptions } from '../preparation/caseRequest.ts';
import type { PreparedOutcome } from '../preparation/prepareCase.ts';
import type { PreviewTexts } from '../preview/previewImage.ts';
import type { DualFieldCase, DualFieldCaseRequest } from '../training/dualField/dualFieldCases.ts';
import type { TrainingExample } from '../training/exampleSource.ts';
import type { FamilyCaseRequest, TrainingCase } from '../training/family/caseSource.ts';
import type { TrainingRecipe } from '../training/recipe.ts';

/**
 * What threads and processes can be asked for: each task is declared here once, the worker files register what does it, and callers
 * know nothing but these types.
 */

/** The channel on which the inference process serves its tasks; it is opened with the process' options. */
export const INFERENCE_CHANNEL = 'inference';

/** Models and engine, in one long-lived process. */
export const inferenceTasks = {
  services: {
    inference: {
      findRegion: method(
        unchecked<{ readonly coarse: Volume<Int16Array> } & OnViewer>(),
        unchecked<Region>(),
      ),
      segment: method(unchecked<SegmentCropRequest & OnViewer>(), unchecked<SegmentedAppendage>()),
      lookAround: method(unchecked<LookAroundRequest>(), unchecked<FoundSurroundings>()),
    },
  },
  events: {
    /** The engine became ready, failed, or goes on in another way. */
    engine: engineStatusSchema,
    /** The same for what a page's graphics processor computes. */
    viewerEngine: unchecked<{ readonly viewerId: number; readonly engine: EngineStatus }>(),
  },
} satisfies Contract;

/** Picture and mask of one result, in a thread of its own; see `ResultDrawing`. */
export const drawingTasks = {
  services: {
    drawing: {
      /** Draws the panels, which the thread keeps. @returns the mask's file */
      begin: method(unchecked<SurfaceToDraw>(), unchecked<Uint8Array<ArrayBuffer>>(), ({ buffer }) => [
        buffer,
      ]),
      /** Writes the texts on the panels. @returns the picture's file */
      finish: method(unchecked<PreviewTexts>(), unchecked<Uint8Array<ArrayBuffer>>(), ({ buffer }) => [
        buffer,
      ]),
    },
  },
  events: {},
} satisfies Contract;

/** The page whose graphics processor is to compute; the engine's own device where it is left out. */
export interface OnViewer {
  readonly viewer?: Omit<Viewer, 'networks'> & { readonly viewerId: number };
}

/** What the inference thread asks back of the application. */
export const inferenceCallbacks = {
  services: {
    viewer: {
      /** A call of the page's `viewerTasks`. */
      call: method(
        unchecked<{ readonly viewerId: number; readonly name: MethodName; readonly params: unknown }>(),
        unchecked<unknown>(),
        undefined,
        ({ name, params }) => findMethod(viewerTasks, name)?.transferParams?.(params) ?? [],
      ),
    },
  },
  events: {},
} satisfies Contract;

/** Surfaces remade and files made, as the contract between renderer and main describes them. */
export const meshingTasks = {
  services: {
    meshing: {
      recut: uncheckedMethod(meshingService.recut),
      afterEdits: uncheckedMethod(meshingService.afterEdits),
      labelSurfaces: uncheckedMethod(meshingService.labelSurfaces),
      distances: uncheckedMethod(meshingService.distances),
      profile: uncheckedMethod(planningService.profile),
      centreLine: uncheckedMethod(planningService.centreLine),
      compareSurfaces: uncheckedMethod(comparisonService.surfaces),
      readResult: uncheckedMethod(comparisonService.readResult),
      buildExport: uncheckedMethod(exportingService.build),
    },
  },
  events: {},
} satisfies Contract;

/** Slices kStart to kEnd − 1 of a phantom's CT, HU. */
export interface SlabRequest {
  readonly scene: PhantomScene;
  readonly grid: GridLps;
  readonly kStart: number;
  readonly kEnd: number;
}

export const renderingTasks = {
  services: {
    rendering: {
      slab: method(unchecked<SlabRequest>(), unchecked<Int16Array>(), ({ buffer }) => [buffer]),
    },
  },
  events: {},
} satisfies Contract;

export const trainingTasks = {
  services: {
    training: {
      example: method(
        unchecked<{ readonly recipe: TrainingRecipe; readonly index: number }>(),
        unchecked<TrainingExample>(),
      ),
    },
  },
  events: {},
} satisfies Contract;

/** Prepared cases, read for training; what was read is handed over without a copy. */
export const caseReadingTasks = {
  services: {
    caseReading: {
      family: method(unchecked<FamilyCaseRequest>(), unchecked<TrainingCase>(), ({ imageHu, samples }) => [
        imageHu.buffer,
        ...samples.map(({ buffer }) => buffer),
      ]),
      dualField: method(
        unchecked<DualFieldCaseRequest>(),
        unchecked<DualFieldCase>(),
        ({ imageHu, pointsNormalized, distancesMm }) => [
          imageHu.buffer,
          pointsNormalized.buffer,
          distancesMm.buffer,
        ],
      ),
    },
  },
  events: {},
} satisfies Contract;

/** A case to be prepared into a folder. */
export interface PrepareCaseRequest {
  readonly request: CaseRequest;
  readonly folder: string;
  readonly options: PrepareOptions;
}

export const preparationTasks = {
  services: {
    preparation: {
      prepareCase: method(unchecked<PrepareCaseRequest>(), unchecked<PreparedOutcome>()),
    },
  },
  events: {},
} satisfies Contract;

export type MeshingTasks = typeof meshingTasks;
