import 'vtk.js/Sources/Rendering/OpenGL/Volume';
import 'vtk.js/Sources/Rendering/OpenGL/VolumeMapper';
import vtkDataArray from 'vtk.js/Sources/Common/Core/DataArray';
import vtkImageData from 'vtk.js/Sources/Common/DataModel/ImageData';
import vtkPiecewiseFunction from 'vtk.js/Sources/Common/DataModel/PiecewiseFunction';
import vtkColorTransferFunction from 'vtk.js/Sources/Rendering/Core/ColorTransferFunction';
import type vtkRenderer from 'vtk.js/Sources/Rendering/Core/Renderer';
import vtkVolume from 'vtk.js/Sources/Rendering/Core/Volume';
import vtkVolumeMapper from 'vtk.js/Sources/Rendering/Core/VolumeMapper';
import type { RenderingCopy } from './renderingCopy.ts';
import { byteOfHu, CARDIAC_CT } from './transferFunction.ts';

/** The volume on the GPU. */
export interface VtkVolume {
  set(copy: RenderingCopy): void;
  /** Also frees the copy. */
  hide(): void;
  dispose(): void;
}

/** Volume rendering of vtk.js in a renderer, hidden at first. */
export function createVtkVolume(renderer: vtkRenderer, isSoftware: boolean): VtkVolume {
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
