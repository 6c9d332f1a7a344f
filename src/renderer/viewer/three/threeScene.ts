import 'vtk.js/Sources/Rendering/OpenGL/Camera';
import 'vtk.js/Sources/Rendering/OpenGL/Renderer';
import 'vtk.js/Sources/Rendering/OpenGL/Actor';
import 'vtk.js/Sources/Rendering/OpenGL/PolyDataMapper';
import 'vtk.js/Sources/Rendering/OpenGL/Volume';
import 'vtk.js/Sources/Rendering/OpenGL/VolumeMapper';
import vtkDataArray from 'vtk.js/Sources/Common/Core/DataArray';
import vtkImageData from 'vtk.js/Sources/Common/DataModel/ImageData';
import vtkPiecewiseFunction from 'vtk.js/Sources/Common/DataModel/PiecewiseFunction';
import vtkPolyData from 'vtk.js/Sources/Common/DataModel/PolyData';
import vtkActor from 'vtk.js/Sources/Rendering/Core/Actor';
import vtkColorTransferFunction from 'vtk.js/Sources/Rendering/Core/ColorTransferFunction';
import vtkMapper from 'vtk.js/Sources/Rendering/Core/Mapper';
import vtkRenderer from 'vtk.js/Sources/Rendering/Core/Renderer';
import vtkRenderWindow from 'vtk.js/Sources/Rendering/Core/RenderWindow';
import vtkRenderWindowInteractor from 'vtk.js/Sources/Rendering/Core/RenderWindowInteractor';
import vtkVolume from 'vtk.js/Sources/Rendering/Core/Volume';
import vtkVolumeMapper from 'vtk.js/Sources/Rendering/Core/VolumeMapper';
import vtkOpenGLRenderWindow from 'vtk.js/Sources/Rendering/OpenGL/RenderWindow';
import { addScaled, scale } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { PlaneFrame } from '../planes/planeFrame.ts';
import type { RenderingCopy } from './renderingCopy.ts';
import { shadingNormals } from './shadingNormals.ts';
import { byteOfHu, CARDIAC_CT } from './transferFunction.ts';

export type SurfaceName = 'mesh' | 'reference' | 'rim' | 'ostium';

export interface SurfaceLook {
  readonly rgb: readonly [number, number, number];
  readonly opacity: number;
  /** Shown in one flat colour from both sides. */
  readonly flat: boolean;
}

/** The surfaces and the volume on the GPU; the only part that knows vtk.js. */
export interface ThreeScene {
  readonly canvas: HTMLCanvasElement;
  setSurface(name: SurfaceName, mesh: TriangleMesh | null, look: SurfaceLook): void;
  setVolume(copy: RenderingCopy | null): void;
  /** Draws now; `scale` below 1 draws fewer pixels, which the browser then stretches over the pane. */
  render(frame: PlaneFrame, scale: number): void;
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

function createSurface(renderer: ReturnType<typeof vtkRenderer.newInstance>) {
  const mapper = vtkMapper.newInstance({ scalarVisibility: false });
  const actor = vtkActor.newInstance();
  actor.setMapper(mapper);
  actor.setVisibility(false);
  renderer.addActor(actor);
  let shown: TriangleMesh | null = null;
  let polyData: ReturnType<typeof vtkPolyData.newInstance> | null = null;
  return {
    set(mesh: TriangleMesh | null, look: SurfaceLook): void {
      actor.setVisibility(mesh !== null && look.opacity > 0 && mesh.triangles.length > 0);
      if (mesh && mesh !== shown) {
        polyData?.delete();
        polyData = polyDataOf(mesh);
        mapper.setInputData(polyData);
        shown = mesh;
      }
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

function createRenderedVolume(renderer: ReturnType<typeof vtkRenderer.newInstance>, isSoftware: boolean) {
  const colours = vtkColorTransferFunction.newInstance();
  const opacities = vtkPiecewiseFunction.newInstance();
  for (const { hu, rgb, opacity } of CARDIAC_CT) {
    colours.addRGBPoint(byteOfHu(hu), ...rgb);
    opacities.addPoint(byteOfHu(hu), opacity);
  }
  const mapper = vtkVolumeMapper.newInstance();
  mapper.setAutoAdjustSampleDistances(false);
  mapper.setMaximumSamplesPerRay(2000);
  const actor = vtkVolume.newInstance();
  actor.setMapper(mapper);
  const property = actor.getProperty();
  property.setRGBTransferFunction(0, colours);
  property.setScalarOpacity(0, opacities);
  property.setScalarOpacityUnitDistance(0, 1);
  property.setInterpolationTypeToLinear();
  property.setShade(true);
  property.setAmbient(0.35);
  property.setDiffuse(0.8);
  property.setSpecular(0.15);
  property.setSpecularPower(12);
  let image: ReturnType<typeof vtkImageData.newInstance> | null = null;
  let isShown = false;
  const hide = (): void => {
    if (isShown) renderer.removeVolume(actor);
    isShown = false;
    // The copy is large: it must not wait for the next one.
    image?.delete();
    image = null;
  };
  return {
    set({ grid, data }: RenderingCopy): void {
      hide();
      image = vtkImageData.newInstance();
      image.setDimensions(...grid.sizeIjk);
      image.setSpacing([...grid.spacingMm]);
      image.setOrigin([...grid.originLpsMm]);
      const [a, b, c] = grid.directions;
      image.setDirection([...a, ...b, ...c]);
      image
        .getPointData()
        .setScalars(vtkDataArray.newInstance({ name: 'Scalars', numberOfComponents: 1, values: data }));
      const finestMm = Math.min(...grid.spacingMm);
      mapper.setSampleDistance(finestMm * (isSoftware ? 1 : 0.6));
      mapper.setInputData(image);
      renderer.addVolume(actor);
      isShown = true;
    },
    hide,
    dispose(): void {
      hide();
      actor.delete();
      mapper.delete();
      colours.delete();
      opacities.delete();
    },
  };
}

/** The scene in an element of a browser that has WebGL 2. */
export function createThreeScene(element: HTMLElement, isSoftware: boolean): ThreeScene {
  const renderWindow = vtkRenderWindow.newInstance();
  const renderer = vtkRenderer.newInstance({ background: [0.039, 0.043, 0.055] });
  renderWindow.addRenderer(renderer);
  const view = vtkOpenGLRenderWindow.newInstance();
  renderWindow.addView(view);
  view.setContainer(element);
  // Volume mappers ask an interactor whether it animates; this one is bound to no element and hears nothing.
  const interactor = vtkRenderWindowInteractor.newInstance();
  interactor.setView(view);
  view.initialize();
  const surfaces = {
    mesh: createSurface(renderer),
    reference: createSurface(renderer),
    rim: createSurface(renderer),
    ostium: createSurface(renderer),
  } satisfies Record<SurfaceName, unknown>;
  const volume = createRenderedVolume(renderer, isSoftware);
  const canvas = view.getCanvas();
  if (!canvas) throw new Error('The 3D view has no canvas.');

  return {
    canvas,
    setSurface: (name, mesh, look) => surfaces[name].set(mesh, look),
    setVolume: (copy) => (copy ? volume.set(copy) : volume.hide()),
    render(frame, pixelScale) {
      view.setSize(
        Math.max(1, Math.round(frame.widthPixels * pixelScale)),
        Math.max(1, Math.round(frame.heightPixels * pixelScale)),
      );
      const camera = renderer.getActiveCamera();
      camera.setParallelProjection(true);
      camera.setFocalPoint(...frame.centreLpsMm);
      camera.setPosition(...addScaled(frame.centreLpsMm, frame.normal, -1000));
      camera.setViewUp(...scale(frame.down, -1));
      camera.setParallelScale((frame.heightPixels * frame.mmPerPixel) / 2);
      renderer.resetCameraClippingRange();
      view.traverseAllPasses();
    },
    dispose() {
      const context = canvas.getContext('webgl2');
      for (const surface of Object.values(surfaces)) surface.dispose();
      volume.dispose();
      interactor.delete();
      renderWindow.removeView(view);
      renderer.delete();
      view.delete();
      renderWindow.delete();
      // Without this the browser keeps the context until it collects garbage, and runs out of contexts first.
      context?.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}
