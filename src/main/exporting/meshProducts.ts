import type { z } from 'zod';
import type { exportingService, MESH_PRODUCTS } from '#shared/contract/services/exporting.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type TriangleMesh, vertexCount } from '#shared/mesh/triangleMesh.ts';
import type { JobOptions } from '#shared/progress.ts';
import { type SimulationMesh, simulationMesh } from '../remeshing/index.ts';
import { type PrintableShell, printableShell } from './printableShell.ts';

export type ExportRequest = z.output<typeof exportingService.build.params>;
export type ProductId = (typeof MESH_PRODUCTS)[number];

/** A surface to be written, with what a reader of the file must know of it. */
export interface MeshProduct {
  readonly id: ProductId;
  readonly mesh: TriangleMesh;
  /** Short: "open wall". */
  readonly label: string;
  readonly description: string;
  /** Whether it encloses a solid, for printing. */
  readonly isSolid: boolean;
  readonly shell?: PrintableShell;
  /** Of the shell, mm. */
  readonly askedThicknessMm?: number;
  readonly simulation?: SimulationMesh;
  /** For each vertex how likely it is off by more than 1 mm, NaN where there is no wall. */
  readonly offChances?: Float32Array;
}

/** The values of a surface's vertices at those of a part of it, NaN where it has none of the same place. */
function chancesOf(part: TriangleMesh, whole: TriangleMesh, values: Float32Array): Float32Array {
  const key = ({ positionsLpsMm: p }: TriangleMesh, vertex: number): string =>
    `${p[3 * vertex]} ${p[3 * vertex + 1]} ${p[3 * vertex + 2]}`;
  const at = new Map(Array.from(values, (value, vertex) => [key(whole, vertex), value]));
  return Float32Array.from(
    { length: vertexCount(part) },
    (_, vertex) => at.get(key(part, vertex)) ?? Number.NaN,
  );
}

/**
 * Makes one of the surfaces.
 * @throws UserError where it cannot be made, naming it.
 */
export async function meshProduct(
  id: ProductId,
  { appendage, options, offChances }: Pick<ExportRequest, 'appendage' | 'options' | 'offChances'>,
  job: JobOptions,
): Promise<MeshProduct> {
  const { closed, wall, ostiumPlane } = appendage;
  switch (id) {
    case 'wall':
      if (!wall) throw new UserError(failure('export.wall-without-ostium'));
      return {
        id,
        mesh: wall,
        label: 'open wall',
        description: 'The wall of the appendage, open at the ostium; its border is the ostium’s rim.',
        isSolid: false,
        ...(offChances ? { offChances: chancesOf(wall, closed, offChances) } : {}),
      };
    case 'closed':
      return {
        id,
        mesh: closed,
        label: 'closed lumen',
        description: ostiumPlane
          ? 'The lumen of the appendage, closed by the ostium’s cap.'
          : 'The lumen of the appendage, closed; no ostium is given.',
        isSolid: true,
        ...(offChances ? { offChances } : {}),
      };
    case 'shell': {
      if (!ostiumPlane) {
        throw new UserError(failure('export.shell-without-ostium'));
      }
      const thicknessMm = options.shellThicknessMm;
      const baseWidthMm = options.shellBaseMm;
      const shell = await printableShell({ closed, wall, ostiumPlane, thicknessMm, baseWidthMm }, job);
      return {
        id,
        mesh: shell.mesh,
        label: 'printable shell',
        description: `A wall of ${thicknessMm} mm round the lumen, outward from it, open at the ostium, its rim flat in the ostium’s plane${baseWidthMm > 0 ? `, with a base that reaches ${baseWidthMm} mm out of it` : ''}.`,
        isSolid: true,
        shell,
        askedThicknessMm: thicknessMm,
      };
    }
    case 'simulation': {
      const simulation = await simulationMesh({ closed, wall }, options.simulation, job);
      const { edgeMm, inletMm } = options.simulation;
      return {
        id,
        mesh: simulation.mesh,
        label: 'simulation mesh',
        description: `The closed lumen in nearly equilateral triangles with edges of ${edgeMm} mm, divided into patches${inletMm > 0 ? `, with a straight inlet of ${inletMm} mm` : ''}.`,
        isSolid: true,
        simulation,
      };
    }
  }
}
