import { addScaled, cross, dot, length, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { PageWords } from '../words/index.ts';
import { drawText } from './canvasText.ts';
import { COLOURS } from './colours.ts';
import { heightAbovePlane, lpsToPixel, type PlaneFrame } from './planeFrame.ts';
import type { ShownPlan, ShownSection } from './types.ts';

type Context = CanvasRenderingContext2D;

/** The centre line is drawn in a plane as far as it is this near to it, mm. */
const NEAR_LINE_MM = 3;
/** A section within this of a plane lies in it. */
const IN_PLANE_MM = 0.3;
const PARALLEL = 0.9995;

/** Centre line, section and landing zone in a plane: outlines where they lie in it, else the lines in which they cut it. */
export function drawPlanInPlane(context: Context, frame: PlaneFrame, plan: ShownPlan): void {
  drawNearLine(context, frame, plan.centreLineLpsMm);
  for (const { section, colour, dash } of sectionsOf(plan))
    drawSection(context, frame, section, colour, dash);
  if (plan.edited && isInPlane(frame, plan.edited)) {
    strokePath(context, frame, closed(plan.edited.outlineLpsMm), { colour: COLOURS.section, width: 1.5 });
  }
}

/** The diameters of the sections that lie in a plane, in words; over all else that is drawn there, or a digit is misread. */
export function drawDiameters(
  context: Context,
  frame: PlaneFrame,
  plan: ShownPlan,
  { decimals, panes }: PageWords,
): void {
  for (const { section, colour } of sectionsOf(plan)) {
    if (!isInPlane(frame, section)) continue;
    for (const { fromLpsMm, toLpsMm, lengthMm } of section.diameters) {
      const [x, y] = lpsToPixel(frame, toLpsMm);
      const isLeft = x < lpsToPixel(frame, fromLpsMm)[0];
      const corrected = section.isCorrected ? panes.corrected : '';
      drawText(context, `${decimals(lengthMm, 1)} mm${corrected}`, x + (isLeft ? -5 : 5), y - 5, {
        colour,
        // Outwards, so that it does not lie on the outline and the points within.
        align: isLeft ? 'right' : 'left',
      });
    }
  }
}

interface DrawnSection {
  readonly section: ShownSection;
  readonly colour: string;
  readonly dash: readonly number[];
}

const sectionsOf = ({ landingZone, ostium, section }: ShownPlan): readonly DrawnSection[] => [
  ...(landingZone ? [{ section: landingZone, colour: COLOURS.landingZone, dash: [6, 4] }] : []),
  ...(ostium ? [{ section: ostium, colour: COLOURS.ostium, dash: [] }] : []),
  ...(section ? [{ section, colour: COLOURS.section, dash: [] }] : []),
];

/** The same in 3D, over the surface: it is seen through it. */
export function drawPlanInThree(context: Context, frame: PlaneFrame, plan: ShownPlan): void {
  strokePath(context, frame, plan.centreLineLpsMm, { colour: COLOURS.centreLine, width: 2 });
  if (plan.landingZone) {
    strokePath(context, frame, closed(plan.landingZone.rimLpsMm), {
      colour: COLOURS.landingZone,
      width: 2,
      dash: [6, 4],
    });
  }
  if (plan.ostium) {
    strokePath(context, frame, closed(plan.ostium.rimLpsMm), { colour: COLOURS.ostium, width: 2 });
  }
  if (plan.section) {
    strokePath(context, frame, closed(plan.section.rimLpsMm), { colour: COLOURS.section, width: 2 });
  }
}

const closed = (rim: readonly Vec3[]): readonly Vec3[] => (rim[0] ? [...rim, rim[0]] : []);

interface LineStyle {
  readonly colour: string;
  readonly width: number;
  readonly dash?: readonly number[];
}

function strokePath(
  context: Context,
  frame: PlaneFrame,
  points: readonly Vec3[],
  { colour, width, dash = [] }: LineStyle,
): void {
  if (points.length < 2) return;
  context.beginPath();
  for (const point of points) context.lineTo(...(lpsToPixel(frame, point) as [number, number]));
  context.lineJoin = 'round';
  context.lineWidth = width + 2;
  context.strokeStyle = COLOURS.halo;
  context.stroke();
  context.setLineDash([...dash]);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
  context.setLineDash([]);
}

function drawNearLine(context: Context, frame: PlaneFrame, points: readonly Vec3[]): void {
  let run: Vec3[] = [];
  const style = { colour: COLOURS.centreLine, width: 1.5, dash: [2, 3] };
  for (const point of points) {
    if (Math.abs(heightAbovePlane(frame, point)) <= NEAR_LINE_MM) run.push(point);
    else {
      strokePath(context, frame, run, style);
      run = [];
    }
  }
  strokePath(context, frame, run, style);
}

function drawSection(
  context: Context,
  frame: PlaneFrame,
  section: ShownSection,
  colour: string,
  dash: readonly number[],
): void {
  if (isInPlane(frame, section)) {
    strokePath(context, frame, closed(section.rimLpsMm), { colour, width: 2, dash });
    for (const { fromLpsMm, toLpsMm } of section.diameters)
      strokePath(context, frame, [fromLpsMm, toLpsMm], { colour, width: 1 });
    return;
  }
  const chord = sectionChord(frame, section);
  if (chord) strokePath(context, frame, chord, { colour, width: 2, dash });
}

export function isInPlane(frame: PlaneFrame, { plane }: Pick<ShownSection, 'plane'>): boolean {
  const isParallel = Math.abs(dot(frame.normal, plane.normal)) > PARALLEL;
  return isParallel && Math.abs(heightAbovePlane(frame, plane.pointLpsMm)) < IN_PLANE_MM;
}

/** The outermost two points in which a section's outline meets a plane, LPS mm; null where it does not. */
export function sectionChord(
  frame: PlaneFrame,
  { plane, rimLpsMm }: Pick<ShownSection, 'plane' | 'rimLpsMm'>,
): readonly [Vec3, Vec3] | null {
  const across = cross(frame.normal, plane.normal);
  if (length(across) < 1e-3) return null;
  const direction = normalize(across);
  let first: { readonly at: number; readonly point: Vec3 } | undefined;
  let last = first;
  rimLpsMm.forEach((from, index) => {
    const to = rimLpsMm[(index + 1) % rimLpsMm.length]!;
    const [a, b] = [heightAbovePlane(frame, from), heightAbovePlane(frame, to)];
    if (a > 0 === b > 0) return;
    const point = addScaled(from, subtract(to, from), a / (a - b));
    const at = dot(point, direction);
    if (!first || at < first.at) first = { at, point };
    if (!last || at > last.at) last = { at, point };
  });
  return first && last ? [first.point, last.point] : null;
}
