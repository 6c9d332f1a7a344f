import 'vtk.js/Sources/Rendering/OpenGL/Actor';
import 'vtk.js/Sources/Rendering/OpenGL/PolyDataMapper';
import vtkDataArray from 'vtk.js/Sources/Common/Core/DataArray';
import vtkPolyData from 'vtk.js/Sources/Common/DataModel/PolyData';
import vtkActor from 'vtk.js/Sources/Rendering/Core/Actor';
import vtkMapper from 'vtk.js/Sources/Rendering/Core/Mapper';
import type vtkRenderer from 'vtk.js/Sources/Rendering/Core/Renderer';
import { coloursOf, DIVERGING } from '#shared/colourScale.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { shadingNormals } from './shadingNormals.ts';

export interface SurfaceLook {
  readonly rgb: readonly [number, number, number];
  readonly opacity: number;
  /** Shown in one flat colour from both sides. */
  readonly flat: boolean;
}

/** Signed distances at the vertices, shown in colours from −range to +range. */
export interface SurfaceDifference {
  readonly signedMm: Float32Array;
  readonly rangeMm: number;
}

/** One surface on the GPU. */
export interface VtkSurface {
  /** Shows a mesh; null, no opacity and no triangles hide it. A mesh that is shown already is not sent again. */
  set(mesh: TriangleMesh | null, look: SurfaceLook, difference?: SurfaceDifference | null): void;
  /** Draws it away from its place, mm. */
  moveBy(offsetMm: Vec3): void;
  dispose(): void;
}

function polyDataOf(mesh: TriangleMesh): ReturnType<typeof vtkPolyData.newInstance> {
  const polyData = vtkPolyData.newInstance();
  polyData.getPoints().setData(mesh.positionsLpsMm, 3);
  const cells = new Uint32Array((mesh.triangles.length / 3) * 4);
  for (let from = 0, to = 0; from < mesh.triangles.length; from += 3, to += 4) {
    cells[to] = 3;
    cells.set(mesh.triangles.subarray(from, from + 3), to + 1);
  }
  polyData.getPolys().setData(cells);
  const normals = vtkDataArray.newInstance({
    name: 'Normals',
    numberOfComponents: 3,
    values: shadingNormals(mesh),
  });
  polyData.getPointData().setNormals(normals);
  return polyData;
}

/** A surface of vtk.js in a renderer, empty at first. */
export function createVtkSurface(renderer: vtkRenderer): VtkSurface {
  const mapper = vtkMapper.newInstance({ scalarVisibility: false });
  let colouredBy: SurfaceDifference | null = null;
  const actor = vtkActor.newInstance();
  actor.setMapper(mapper);
  actor.setVisibility(false);
  renderer.addActor(actor);
  let shown: TriangleMesh | null = null;
  let polyData: ReturnType<typeof vtkPolyData.newInstance> | null = null;
  return {
    moveBy: (offsetMm) => actor.setPosition(...offsetMm),
    set(mesh: TriangleMesh | null, look: SurfaceLook, difference = null): void {
      actor.setVisibility(mesh !== null && look.opacity > 0 && mesh.triangles.length > 0);
      if (mesh && mesh !== shown) {
        polyData?.delete();
        polyData = polyDataOf(mesh);
        mapper.setInputData(polyData);
        shown = mesh;
        colouredBy = null;
      }
      if (polyData && difference && difference !== colouredBy) {
        const { signedMm, rangeMm } = difference;
        // Bytes are taken for colours as they are.
        const values = coloursOf(signedMm, DIVERGING, [-rangeMm, rangeMm]);
        polyData
          .getPointData()
          .setScalars(vtkDataArray.newInstance({ name: 'Colours', numberOfComponents: 3, values }));
        polyData.modified();
        colouredBy = difference;
      }
      mapper.setScalarVisibility(difference !== null);
      const property = actor.getProperty();
      property.setColor(...look.rgb);
      property.setOpacity(look.opacity);
      property.setAmbient(look.flat ? 0.7 : 0.18);
      property.setDiffuse(look.flat ? 0.3 : 0.82);
      property.setSpecular(look.flat ? 0 : 0.22);
      property.setSpecularPower(22);
      property.setInterpolationToPhong();
    },
    dispose(): void {
      renderer.removeActor(actor);
      actor.delete();
      mapper.delete();
      polyData?.delete();
    },
  };
}
