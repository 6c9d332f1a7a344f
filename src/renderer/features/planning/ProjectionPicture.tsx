import { useEffect, useMemo, useRef } from 'react';
import type { CArmView } from '#shared/anatomy/cArmView.ts';
import type { MeasuredAppendage } from '#shared/contract/services/measured.ts';
import { addScaled, type Vec3 } from '#shared/geometry/vec3.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { PROJECTION_REACH_MM } from '#shared/planning/figureFrames.ts';
import {
  attenuationMm,
  fluoroscopyGreys,
  isOutline,
  type PictureFrame,
  projectionFrame,
  projectPoint,
  silhouette,
} from '#shared/planning/simulatedProjection.ts';
import type { ShownDevice, ShownPlan, ViewedVolume } from '../../viewer/types.ts';
import { words } from '../../words/index.ts';
import { drawInSight } from './drawInSight.ts';
import { once } from './once.ts';

interface ProjectionPictureProps {
  readonly view: CArmView;
  readonly volume: ViewedVolume;
  readonly appendage: MeasuredAppendage;
  readonly centreLpsMm: Vec3;
  readonly plan: ShownPlan | null;
  readonly device: Pick<ShownDevice, 'mesh' | 'centreLpsMm' | 'axis' | 'endMm'> | null;
}

const SIDE_PIXELS = 192;
const MM_PER_PIXEL = 0.65;
const WALL = [255, 181, 71] as const;
const DEVICE = [255, 111, 220] as const;
const OSTIUM = '#ff8a66';

/** The CT as fluoroscopy would show it at a C-arm's view, with wall, ostium, centre line and landing zone. */
export function ProjectionPicture(props: ProjectionPictureProps) {
  const { view, volume, appendage, centreLpsMm, plan, device } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { alphaDegrees, betaDegrees } = view;
  // Made when it is first drawn: what is drawn over it changes more often.
  const projected = useMemo(
    () =>
      once((): Projected => {
        const picture = projectionFrame({ alphaDegrees, betaDegrees }, centreLpsMm, {
          sidePixels: SIDE_PIXELS,
          mmPerPixel: MM_PER_PIXEL,
        });
        return { picture, greys: fluoroscopyGreys(attenuationMm(volume, picture, PROJECTION_REACH_MM)) };
      }),
    [alphaDegrees, betaDegrees, volume, centreLpsMm],
  );
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    return drawInSight(context.canvas, () => {
      const { picture } = projected();
      drawPicture(context, projected(), [
        { mesh: appendage.closed, colour: WALL },
        ...(device ? [{ mesh: device.mesh, colour: DEVICE }] : []),
      ]);
      drawLines(context, picture, appendage, plan);
      if (device) drawAxis(context, picture, device);
    });
  }, [projected, appendage, plan, device]);
  return (
    <canvas
      ref={canvas}
      className="projection"
      width={SIDE_PIXELS}
      height={SIDE_PIXELS}
      role="img"
      aria-label={words().plan.projection}
      data-testid="simulated-projection"
    />
  );
}

interface Projected {
  readonly picture: PictureFrame;
  readonly greys: Uint8ClampedArray;
}

function drawPicture(
  context: CanvasRenderingContext2D,
  { picture: frame, greys }: Projected,
  outlined: readonly { readonly mesh: TriangleMesh; readonly colour: readonly [number, number, number] }[],
): void {
  const image = context.createImageData(frame.sidePixels, frame.sidePixels);
  greys.forEach((grey, at) => {
    image.data.fill(grey, 4 * at, 4 * at + 3);
    image.data[4 * at + 3] = 255;
  });
  for (const { mesh, colour } of outlined) {
    const mask = silhouette(mesh, frame);
    mask.forEach((_, at) => {
      if (isOutline(mask, frame.sidePixels, at)) image.data.set(colour, 4 * at);
    });
  }
  context.putImageData(image, 0, 0);
}

/** The device's axis, from its widest circumference to its end. */
function drawAxis(
  context: CanvasRenderingContext2D,
  frame: PictureFrame,
  { centreLpsMm, axis, endMm }: NonNullable<ProjectionPictureProps['device']>,
): void {
  context.beginPath();
  for (const point of [centreLpsMm, addScaled(centreLpsMm, axis, endMm)])
    context.lineTo(...(projectPoint(frame, point) as [number, number]));
  context.lineWidth = 1;
  context.strokeStyle = `rgb(${DEVICE.join(' ')})`;
  context.stroke();
}

function drawLines(
  context: CanvasRenderingContext2D,
  frame: PictureFrame,
  { rimLpsMm }: MeasuredAppendage,
  plan: ShownPlan | null,
): void {
  const stroke = (points: readonly Vec3[], colour: string, isClosed: boolean): void => {
    context.beginPath();
    for (const point of points) context.lineTo(...(projectPoint(frame, point) as [number, number]));
    if (isClosed) context.closePath();
    context.lineWidth = 1.5;
    context.strokeStyle = colour;
    context.stroke();
  };
  const rim: Vec3[] = [];
  for (let at = 0; at + 2 < (rimLpsMm?.length ?? 0); at += 3) {
    rim.push([rimLpsMm![at]!, rimLpsMm![at + 1]!, rimLpsMm![at + 2]!]);
  }
  stroke(rim, OSTIUM, true);
  if (!plan) return;
  stroke(plan.centreLineLpsMm, '#8fd3ff', false);
  if (plan.landingZone) stroke(plan.landingZone.rimLpsMm, '#b6f05a', true);
}
