import type { GridLps } from '#shared/geometry/gridLps.ts';
import type { SliceStack } from '#shared/geometry/sliceStack.ts';
import type { SimulationMeshReport } from '../remeshing/index.ts';

interface AnyFile {
  readonly name: string;
  readonly sha256: string;
  /** Short: "open wall". */
  readonly product: string;
  /** What it is, in a sentence. */
  readonly description: string;
  readonly frame: 'LPS' | 'RAS';
  readonly unit: 'mm';
}

export interface DescribedMesh extends AnyFile {
  readonly kind: 'mesh';
  /** What a reader must know of the format's own axes; left out where there is nothing. */
  readonly axes?: string;
  readonly vertices: number;
  readonly faces: number;
  /** Of the printable shell only. */
  readonly shell?: {
    readonly askedThicknessMm: number;
    readonly minThicknessMm: number;
    readonly meanThicknessMm: number;
    readonly latticeCellMm: number;
    /** How far the base reaches out of the wall; 0: none. */
    readonly baseWidthMm: number;
    /** Its centre of mass lies over what it stands on, the opening downward. */
    readonly standsAlone: boolean;
    /** How far it can be tilted before it falls over; negative where it does so by itself, null without an opening. */
    readonly tipsAtDegrees: number | null;
    readonly isOpenAtOstium: boolean;
    readonly watertight: boolean;
    readonly selfIntersections: number;
  };
  /** Of a mesh for simulation only: its edges, angles, patches, and what it differs by from the original. */
  readonly simulation?: SimulationMeshReport;
}

/** What of the scan a mask's voxels cover. */
export type MaskExtent = 'whole scan' | 'part of the scan';

export const MASK_EXTENT_WORDS: Readonly<Record<MaskExtent, string>> = {
  'whole scan': 'on the voxels of the whole scan',
  'part of the scan':
    'on the voxels of the part of the scan that was segmented, for the grid of the whole scan was not saved with this work',
};

export interface DescribedMask extends AnyFile {
  readonly kind: 'mask';
  readonly extent: MaskExtent;
  /** Whatever the frame of the file; the lattice that comes nearest where the scan's slices are none. */
  readonly gridLps: GridLps;
  /** Where the scan's slices lie, where they are no lattice. */
  readonly slicesLps?: SliceStack;
}

/** The file that a JSON stands beside. */
export type DescribedFile = DescribedMesh | DescribedMask;
