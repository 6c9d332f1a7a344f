import { viewInWords } from '#shared/anatomy/cArmView.ts';
import { lumenSection } from '#shared/anatomy/landingZone.ts';
import type { PlaneLps } from '#shared/anatomy/plane.ts';
import { type MeasuredSection, measureSection } from '#shared/anatomy/sectionOutline.ts';
import type { VirtualDevice } from '#shared/contract/virtualDevice.ts';
import { fixedDecimals } from '#shared/fixedDecimals.ts';
import { addScaled, dot, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { sliceMesh } from '#shared/mesh/sliceMesh.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import { deviceRows, deviceValueInWords, poseInWords } from '#shared/planning/deviceInWords.ts';
import {
  type FigureFrame,
  figureFrames,
  landingSection,
  type ShownSizes,
} from '#shared/planning/figureFrames.ts';
import { isOutline, type PictureFrame, silhouette } from '#shared/planning/simulatedProjection.ts';
import { type FigurePaper, figurePaper } from './figurePaper.ts';
import type { ReportInput } from './reportInput.ts';
import { circle, line } from './svgParts.ts';

/** A figure of a report as SVG with its caption. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly svg: string;
  readonly caption: string;
}

/**
 * The ostium, the landing zones, the placed device and the C-arm's view, drawn from the surface; on the scan where
 * pictures of it came along. The labels are the measurements' own numbers; a diameter's line is drawn only where the
 * outline at hand gives the same.
 */
export function reportFigures(input: ReportInput): Figure[] {
  if (!input.surface) return [];
  return figureFrames(input.measurements, input.plan).flatMap((figure) => drawnFigure(input, figure) ?? []);
}

function drawnFigure(input: ReportInput, figure: FigureFrame): Figure | null {
  const { id, frame } = figure;
  const greys = input.scanPictures.find((picture) => picture.id === id)?.greys ?? null;
  const isWhole = greys?.length === frame.sidePixels ** 2;
  const scan = isWhole ? { pixels: greys, channels: 1 as const, isDark: true } : null;
  switch (figure.kind) {
    case 'ostium':
      return ostiumFigure(input, id, figurePaper(frame, scan));
    case 'landing zone':
      return landingFigure(input, id, figure.distanceMm, figurePaper(frame, scan));
    case 'device': {
      const device = input.plan?.virtualDevice;
      return device ? deviceFigure(input, device, frame, figurePaper(frame, scan)) : null;
    }
    case 'projection':
      return projectionFigure(input, viewInWords(figure.view), frame, isWhole ? greys : null);
  }
}

const points = (coordinates: Float32Array | null): Vec3[] =>
  Array.from({ length: (coordinates?.length ?? 0) / 3 }, (_, index) => {
    const [x = 0, y = 0, z = 0] = coordinates?.subarray(3 * index, 3 * index + 3) ?? [];
    return [x, y, z];
  });

const mm = (value: number | null): string => (value === null ? 'withheld' : `${fixedDecimals(value, 1)} mm`);

const sizesInWords = (sizes: ShownSizes): string =>
  [
    `Maximum ${mm(sizes.maxDiameterMm)}, minimum ${mm(sizes.minDiameterMm)}`,
    `area ${sizes.areaMm2 === null ? 'withheld' : `${fixedDecimals(sizes.areaMm2, 0)} mm²`} (derived ${mm(sizes.areaDerivedDiameterMm)})`,
    `perimeter ${mm(sizes.perimeterMm)} (derived ${mm(sizes.perimeterDerivedDiameterMm)})`,
  ].join('; ');

/** Between a line that is drawn and the number beside it, mm. */
const AGREEMENT_MM = 0.1;

function sectionBody(paper: FigurePaper, section: MeasuredSection | undefined, sizes: ShownSizes): string[] {
  if (!section) return [];
  const { maxDiameter, minDiameter } = section.measures;
  const { lumen, maximum, minimum } = paper.colours;
  const diameter = (drawn: typeof maxDiameter, known: number, name: string, colour: string): string =>
    Math.abs(drawn.lengthMm - known) > AGREEMENT_MM
      ? ''
      : paper.diameter(drawn.fromLpsMm, drawn.toLpsMm, `${name} ${mm(known)}`, colour);
  return [
    paper.loop(section.rimLpsMm, lumen),
    diameter(minDiameter, sizes.minDiameterMm, 'min', minimum),
    diameter(maxDiameter, sizes.maxDiameterMm, 'max', maximum),
  ];
}

/** The outline that a reader drew of a section and that its numbers are of; undefined where they are the surface's. */
const outlineOf = (plan: ReportInput['plan'], at: 'ostium' | number) =>
  plan?.profile.correctedOutlines?.find((outline) => outline.at === at && outline.isUsed);

const whose = (outline: object | undefined): string => (outline ? ' Outline corrected by the reader.' : '');

function ostiumFigure(
  { measurements, plan, surface }: ReportInput,
  id: string,
  paper: FigurePaper,
): Figure | null {
  const { ostium } = measurements;
  const outline = outlineOf(plan, 'ostium');
  const rim = outline?.outlineLpsMm ?? points(surface?.rimLpsMm ?? null);
  if (!ostium || rim.length < 3) return null;
  const ostiumPlane = { pointLpsMm: ostium.centreLpsMm, normal: ostium.normal };
  const body = sectionBody(paper, measuredOrNothing(rim, outline?.plane ?? ostiumPlane), ostium);
  return {
    id,
    title: 'Ostium',
    svg: paper.drawn(body, 10),
    caption: `Ostium, seen from the atrium. ${sizesInWords(ostium)}.${whose(outline)}`,
  };
}

/** A rim without area is drawn as nothing. */
function measuredOrNothing(rim: readonly Vec3[], plane: PlaneLps): MeasuredSection | undefined {
  try {
    return measureSection(rim, plane);
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined;
    throw thrown;
  }
}

function landingFigure(
  { measurements, plan, surface }: ReportInput,
  id: string,
  distanceMm: number,
  paper: FigurePaper,
): Figure | null {
  const zone = landingSection(measurements, plan, distanceMm);
  if (!zone || !surface?.ostiumPlane) return null;
  const outline = outlineOf(plan, distanceMm);
  const section = outline
    ? measuredOrNothing(outline.outlineLpsMm, outline.plane)
    : lumenSection(surface.closed, zone, surface.ostiumPlane);
  return {
    id,
    title: `Landing zone at ${distanceMm} mm`,
    svg: paper.drawn(sectionBody(paper, section, zone), 10),
    caption: `Landing zone, ${distanceMm} mm beyond the ostium, seen from the atrium. ${sizesInWords(zone)}.${whose(outline)}`,
  };
}

/** In the order of a caption, whose end the one-page summary cuts: what may be injured comes early. */
const MARGINS = [
  'compressionMaximum',
  'compressionMinimum',
  'protrusionMm',
  'circumflexMm',
  'overlapMm',
  'gapMm',
  'depthUsedMm',
];

/** A device's margins in words: those of its numbers that say how it lies. */
export const deviceMargins = (device: VirtualDevice): readonly (readonly [string, string])[] => {
  const rows = deviceRows(device);
  return MARGINS.flatMap((margin) => rows.filter(({ key, value }) => key === margin && value !== null)).map(
    (row) => [row.label, deviceValueInWords(row)],
  );
};

function deviceFigure(
  { surface, deviceMesh, measurements }: ReportInput,
  device: VirtualDevice,
  frame: PictureFrame,
  paper: FigurePaper,
): Figure {
  const { colours } = paper;
  const outlines = (mesh: TriangleMesh, colour: string): string[] =>
    sliceMesh(mesh, frame.centreLpsMm, frame.along).map(({ pointsLpsMm, closed }) =>
      paper.loop(pointsLpsMm, colour, closed),
    );
  const half = device.sizeMm / 2;
  const [top, bottom] = [-half, half].map((along) => addScaled(device.centreLpsMm, frame.down, along));
  const body = [
    ...(surface ? outlines(surface.closed, colours.lumen) : []),
    ...(deviceMesh ? outlines(deviceMesh, colours.device) : []),
    ...(measurements.ostium ? [ostiumTrace(measurements.ostium, frame, paper)] : []),
    ...(top && bottom ? [paper.diameter(bottom, top, device.size, colours.device)] : []),
  ];
  const margins = deviceMargins(device).map(([label, value]) => `${label.toLowerCase()} ${value}`);
  return {
    id: 'device',
    title: 'Virtual device',
    svg: paper.drawn(body, 10),
    caption: `${poseInWords(device)}${device.fits ? '' : '; does not fit by its table'}. Schematic, uncompressed: ${margins.join('; ')}.`,
  };
}

/** Where the ostium's plane cuts a figure's. */
function ostiumTrace(
  { centreLpsMm, normal }: { readonly centreLpsMm: Vec3; readonly normal: Vec3 },
  frame: PictureFrame,
  paper: FigurePaper,
): string {
  const [x, y] = [dot(normal, frame.right), dot(normal, frame.down)];
  const squared = x * x + y * y;
  // Nearly the same plane: its trace lies anywhere.
  if (squared < 0.05) return '';
  const height = dot(subtract(centreLpsMm, frame.centreLpsMm), normal);
  const foot = addScaled(
    addScaled(frame.centreLpsMm, frame.right, (height * x) / squared),
    frame.down,
    (height * y) / squared,
  );
  const size = Math.sqrt(squared);
  const along = addScaled(scale(frame.right, -y / size), frame.down, x / size);
  const [from, to] = [-16, 16].map((reach) => paper.place(addScaled(foot, along, reach)));
  if (!from || !to) return '';
  const upper = from[1] < to[1] ? from : to;
  const dashed = `stroke="${paper.colours.mark}" stroke-width="1" stroke-dasharray="4 3"`;
  return (
    line(from, to, dashed) + paper.label([upper[0], upper[1] - 4], 'middle', 'ostium', paper.colours.mark)
  );
}

const WALL = [255, 181, 71] as const;
const DEVICE = [255, 111, 220] as const;

function projectionFigure(
  { surface, deviceMesh, plan }: ReportInput,
  view: string,
  frame: PictureFrame,
  greys: Uint8Array | null,
): Figure | null {
  if (!surface) return null;
  const side = frame.sidePixels;
  const pixels = new Uint8Array(3 * side * side).fill(255);
  greys?.forEach((grey, at) => {
    pixels.fill(grey, 3 * at, 3 * at + 3);
  });
  const outline = (mesh: TriangleMesh, colour: readonly number[]): void => {
    const mask = silhouette(mesh, frame);
    mask.forEach((_, at) => {
      if (isOutline(mask, side, at)) pixels.set(colour, 3 * at);
    });
  };
  outline(surface.closed, WALL);
  if (deviceMesh) outline(deviceMesh, DEVICE);
  const paper = figurePaper(frame, { pixels, channels: 3, isDark: greys !== null });
  const rim = points(surface.rimLpsMm);
  const body = [
    rim.length > 0 ? paper.loop(rim, '#ff8a66') : '',
    plan && plan.profile.centreLineLpsMm.length > 1
      ? paper.loop(plan.profile.centreLineLpsMm, '#8fd3ff', false)
      : '',
    deviceMesh && plan?.virtualDevice
      ? circle(paper.place(plan.virtualDevice.centreLpsMm), 2, '#ff6fdc')
      : '',
    paper.label([8, 26], 'start', view, paper.colours.mark),
  ];
  const source = greys ? 'simulated from the CT' : 'outlines only';
  return {
    id: 'projection',
    title: 'C-arm view',
    svg: paper.drawn(body, 20),
    caption: `C-arm at ${view}, perpendicular to the ostium’s axis; ${source}, parallel beams. Wall orange, ostium red, centre line blue${deviceMesh ? ', device pink' : ''}.`,
  };
}
