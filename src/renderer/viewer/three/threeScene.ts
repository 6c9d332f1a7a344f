import 'vtk.js/Sources/Rendering/OpenGL/Camera';
import 'vtk.js/Sources/Rendering/OpenGL/Renderer';
import vtkRenderer from 'vtk.js/Sources/Rendering/Core/Renderer';
import vtkRenderWindow from 'vtk.js/Sources/Rendering/Core/RenderWindow';
import vtkRenderWindowInteractor from 'vtk.js/Sources/Rendering/Core/RenderWindowInteractor';
import vtkOpenGLRenderWindow from 'vtk.js/Sources/Rendering/OpenGL/RenderWindow';
import { addScaled, scale } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { PlaneFrame } from '../planeFrame.ts';
import type { RenderingCopy } from './renderingCopy.ts';
import { asideMm } from './sideBySide.ts';
import { createVtkSurface, type SurfaceDifference, type SurfaceLook, type VtkSurface } from './vtkSurface.ts';
import { createVtkVolume } from './vtkVolume.ts';

export type SurfaceName = 'mesh' | 'reference' | 'unfilled' | 'rim' | 'ostium' | 'device';

/** The surfaces and the volume on the GPU, seen by a parallel camera. */
export interface ThreeScene {
  readonly canvas: HTMLCanvasElement;
  setSurface(
    name: SurfaceName,
    mesh: TriangleMesh | null,
    look: SurfaceLook,
    difference?: SurfaceDifference | null,
  ): void;
  /** The surfaces of other segmentations, in place of those before. */
  setBeside(
    surfaces: readonly {
      readonly mesh: TriangleMesh;
      readonly look: SurfaceLook;
      /** Drawn to the right of its place, by its own width, however the scene is turned. */
      readonly isRight: boolean;
    }[],
  ): void;
  setVolume(copy: RenderingCopy | null): void;
  /** Draws now; `scale` below 1 draws fewer pixels, which the browser then stretches over the pane. */
  render(frame: PlaneFrame, scale: number): void;
  dispose(): void;
}

const HIDDEN: SurfaceLook = { rgb: [0, 0, 0], opacity: 0, flat: false };

/** The scene in an element of a browser that has WebGL 2. */
export function createThreeScene(element: HTMLElement, isSoftware: boolean): ThreeScene {
  const renderWindow = vtkRenderWindow.newInstance();
  const renderer = vtkRenderer.newInstance({ background: [0.039, 0.043, 0.055] });
  renderWindow.addRenderer(renderer);
  const view = vtkOpenGLRenderWindow.newInstance();
  renderWindow.addView(view);
  view.setContainer(element);
  // Volume mappers ask an interactor whether it animates; this one is bound to no element and receives no events.
  const interactor = vtkRenderWindowInteractor.newInstance();
  interactor.setView(view);
  view.initialize();
  const surfaces = {
    mesh: createVtkSurface(renderer),
    reference: createVtkSurface(renderer),
    unfilled: createVtkSurface(renderer),
    rim: createVtkSurface(renderer),
    ostium: createVtkSurface(renderer),
    device: createVtkSurface(renderer),
  } satisfies Record<SurfaceName, unknown>;
  /** As many as there were at once; those that are not needed are hidden. */
  const beside: VtkSurface[] = [];
  /** Those of them that are drawn to the right of their place. */
  const toTheRight: (TriangleMesh | null)[] = [];
  const volume = createVtkVolume(renderer, isSoftware);
  const canvas = view.getCanvas();
  if (!canvas) throw new Error('The 3D view has no canvas.');

  return {
    canvas,
    setSurface: (name, mesh, look, difference) => surfaces[name].set(mesh, look, difference),
    setBeside(shown) {
      while (beside.length < shown.length) beside.push(createVtkSurface(renderer));
      beside.forEach((surface, at) => {
        const one = shown[at];
        surface.set(one?.mesh ?? null, one?.look ?? HIDDEN);
        toTheRight[at] = one?.isRight ? one.mesh : null;
      });
    },
    setVolume: (copy) => (copy ? volume.set(copy) : volume.hide()),
    render(frame, pixelScale) {
      view.setSize(
        Math.max(1, Math.round(frame.widthPixels * pixelScale)),
        Math.max(1, Math.round(frame.heightPixels * pixelScale)),
      );
      // Seen in parallel, what lies to the right in space is the same picture further right: one camera for both.
      beside.forEach((surface, at) => {
        const mesh = toTheRight[at];
        surface.moveBy(scale(frame.right, mesh ? asideMm(mesh, frame.right) : 0));
      });
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
      for (const surface of [...Object.values(surfaces), ...beside]) surface.dispose();
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
