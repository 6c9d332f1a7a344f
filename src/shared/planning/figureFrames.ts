import { type CArmView, workingView } from '../anatomy/cArmView.ts';
import { polylineLength } from '../anatomy/centreLine.ts';
import { LANDING_DISTANCES_MM } from '../anatomy/landingZone.ts';
import type { DevicePlan } from '../contract/planning.ts';
import type { Measurements } from '../contract/services/measured.ts';
import { addScaled, cross, dot, normalize, scale, type Vec3 } from '../geometry/vec3.ts';
import { resampleTrilinear } from '../volume/resample.ts';
import { sectionAt } from './profileSection.ts';
import { reformatFrame } from './reformatPixels.ts';
import {
  attenuationMm,
  fluoroscopyGreys,
  type PictureFrame,
  type ProjectedVolume,
  projectionFrame,
} from './simulatedProjection.ts';
import { huAtPlaces, type ReformatFrame, straightenedPlaces } from './straightenedReformat.ts';

/** What a report draws of a result, each in a plane of its own. */
export type FigureFrame =
  | { readonly kind: 'ostium'; readonly id: string; readonly frame: PictureFrame }
  | {
      readonly kind: 'landing zone';
      readonly id: string;
      readonly distanceMm: number;
      readonly frame: PictureFrame;
    }
  | { readonly kind: 'device'; readonly id: string; readonly frame: PictureFrame }
  | {
      readonly kind: 'projection';
      readonly id: string;
      readonly view: CArmView;
      readonly frame: PictureFrame;
    };

const SIDE_PIXELS = 200;
/** Of a projection. */
const PROJECTION_MM = 90;
/** How much wider than what it shows a section's picture is. */
const AROUND = 1.6;
const LEAST_MM = 40;
const SUPERIOR: Vec3 = [0, 0, 1];
const ANTERIOR: Vec3 = [0, -1, 0];

/**
 * The frames of a report's figures, in their order. Sections are seen along the appendage, from the atrium, with the
 * head's direction upward; the device from its side, the atrium on the left.
 */
export function figureFrames(measurements: Measurements, plan: DevicePlan | null): FigureFrame[] {
  const { ostium } = measurements;
  if (!ostium) return [];
  const frames: FigureFrame[] = [
    {
      kind: 'ostium',
      id: 'ostium',
      frame: sectionFrame(ostium.centreLpsMm, ostium.normal, ostium.maxDiameterMm),
    },
  ];
  for (const distanceMm of landingDistances(plan)) {
    const section = landingSection(measurements, plan, distanceMm);
    if (!section) continue;
    const { centreLpsMm, normal, maxDiameterMm } = section;
    const frame = sectionFrame(centreLpsMm, normal, Math.max(maxDiameterMm, ostium.maxDiameterMm));
    frames.push({ kind: 'landing zone', id: `landingZone${distanceMm}`, distanceMm, frame });
  }
  const device = plan?.virtualDevice;
  if (device) {
    const across = upward(device.axis);
    const widthMm = Math.max(LEAST_MM, AROUND * 1.2 * device.sizeMm);
    // The axis runs to the right, the head's direction upward.
    const frame = frameOf(device.centreLpsMm, device.axis, scale(across, -1), widthMm);
    frames.push({ kind: 'device', id: 'device', frame });
  }
  const view = workingView(ostium.normal);
  if (view) {
    const frame = projectionFrame(view, ostium.centreLpsMm, {
      sidePixels: SIDE_PIXELS,
      mmPerPixel: PROJECTION_MM / SIDE_PIXELS,
    });
    frames.push({ kind: 'projection', id: 'projection', view, frame });
  }
  return frames;
}

/** The reader's landing zone; else those of the tables, and of nothing the usual ones. */
export function landingDistances(plan: DevicePlan | null): readonly number[] {
  if (plan?.landingZoneMm) return [plan.landingZoneMm];
  const named = [...new Set((plan?.devices ?? []).map(({ landingZoneMm }) => landingZoneMm))];
  return (named.length > 0 ? named : [...LANDING_DISTANCES_MM]).toSorted((a, b) => a - b).slice(0, 2);
}

/** A section's sizes; null where they are withheld. */
export interface ShownSizes {
  readonly maxDiameterMm: number;
  readonly minDiameterMm: number;
  readonly areaMm2: number | null;
  readonly perimeterMm: number | null;
  readonly areaDerivedDiameterMm: number | null;
  readonly perimeterDerivedDiameterMm: number | null;
}

export interface LandingSection extends ShownSizes {
  readonly centreLpsMm: Vec3;
  /** On the centre line, where the section was cut. */
  readonly pointLpsMm: Vec3;
  readonly normal: Vec3;
}

/** A landing zone with its sizes, of the measurements or of the profile; undefined where it is not measured. */
export function landingSection(
  { landingZones }: Measurements,
  plan: DevicePlan | null,
  distanceMm: number,
): LandingSection | undefined {
  const point = plan ? sectionAt(plan.profile, distanceMm) : undefined;
  const zone = landingZones.find((known) => known.distanceMm === distanceMm);
  if (zone) return { ...zone, pointLpsMm: point?.pointLpsMm ?? zone.centreLpsMm };
  if (!point?.centreLpsMm || point.maxDiameterMm === null || point.minDiameterMm === null) return undefined;
  const { centreLpsMm, maxDiameterMm, minDiameterMm } = point;
  return { ...point, centreLpsMm, maxDiameterMm, minDiameterMm };
}

function sectionFrame(centreLpsMm: Vec3, normal: Vec3, sizeMm: number): PictureFrame {
  const along = normalize(normal);
  const down = scale(upward(along), -1);
  return frameOf(centreLpsMm, cross(down, along), down, Math.max(LEAST_MM, AROUND * sizeMm));
}

const frameOf = (centreLpsMm: Vec3, right: Vec3, down: Vec3, widthMm: number): PictureFrame => ({
  centreLpsMm,
  along: cross(right, down),
  right,
  down,
  sidePixels: SIDE_PIXELS,
  mmPerPixel: widthMm / SIDE_PIXELS,
});

/** The direction across an axis that is nearest to the head's; to the front's where the axis runs to the head. */
function upward(axis: Vec3): Vec3 {
  const towards = Math.abs(dot(axis, SUPERIOR)) < 0.9 ? SUPERIOR : ANTERIOR;
  return normalize(addScaled(towards, axis, -dot(towards, axis)));
}

/** The window of a contrast CT: centre 250 HU, width 800 HU. */
const LOW_HU = -150;
const WIDTH_HU = 800;

/** Grey levels, 0 to 255, of a volume in a section's plane, trilinear; outside of the volume 0. */
function sectionGreys(volume: ProjectedVolume, frame: PictureFrame): Uint8Array<ArrayBuffer> {
  const { sidePixels, mmPerPixel, centreLpsMm, right, down, along } = frame;
  const toCorner = -((sidePixels - 1) / 2) * mmPerPixel;
  const values = resampleTrilinear(
    volume,
    {
      sizeIjk: [sidePixels, sidePixels, 1],
      originLpsMm: addScaled(addScaled(centreLpsMm, right, toCorner), down, toCorner),
      spacingMm: [mmPerPixel, mmPerPixel, mmPerPixel],
      directions: [right, down, along],
    },
    LOW_HU,
  );
  return greysOf(values);
}

const greysOf = (values: ArrayLike<number>): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(values, (hu) => Math.round(255 * Math.min(1, Math.max(0, (hu - LOW_HU) / WIDTH_HU))));

/** Of the beam, before and behind the appendage, mm. */
export const PROJECTION_REACH_MM = 110;

/** The straightened reformat of a report: two that are turned by a right angle. */
export interface StraightenedFrame {
  readonly id: string;
  readonly frame: ReformatFrame;
}

const STRAIGHTENED_COLUMNS = 420;

/** Of the whole centre line; none where there is no profile. */
export function straightenedFrames(plan: DevicePlan | null): StraightenedFrame[] {
  if (!plan || plan.profile.withheld || plan.profile.centreLineLpsMm.length < 2) return [];
  const depthMm = polylineLength(plan.profile.centreLineLpsMm);
  return [0, 90].map((turnDegrees) => ({
    id: `straightened${turnDegrees}`,
    frame: reformatFrame(depthMm, STRAIGHTENED_COLUMNS, turnDegrees),
  }));
}

/** The scan straightened along a plan's centre line, in each of the frames. */
export const straightenedScans = (plan: DevicePlan | null, around: ProjectedVolume): ScanPicture[] =>
  straightenedFrames(plan).map(({ id, frame }) => {
    const places = straightenedPlaces(plan?.profile.centreLineLpsMm ?? [], frame);
    return { id, greys: greysOf(huAtPlaces(around, places, LOW_HU)) };
  });

/** What a scan shows in a figure's frame. */
export interface ScanPicture {
  /** The figure's. */
  readonly id: string;
  /** Grey levels, row by row from the top. */
  readonly greys: Uint8Array<ArrayBuffer>;
}

/**
 * The scan in each of the figures' frames.
 * @param around voxels around the appendage @param wide as much of the scan as there is, for the projection; may be coarser
 */
export const scanPictures = (
  frames: readonly FigureFrame[],
  { around, wide }: { readonly around: ProjectedVolume; readonly wide: ProjectedVolume },
): ScanPicture[] =>
  frames.map(({ id, kind, frame }) => ({
    id,
    greys:
      kind === 'projection'
        ? Uint8Array.from(fluoroscopyGreys(attenuationMm(wide, frame, PROJECTION_REACH_MM)))
        : sectionGreys(around, frame),
  }));
