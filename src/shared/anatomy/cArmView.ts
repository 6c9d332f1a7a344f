import { cross, dot, normalize, type Vec3 } from '../geometry/vec3.ts';

/** A C-arm's position. */
export interface CArmView {
  /** Degrees: LAO positive, RAO negative. */
  readonly alphaDegrees: number;
  /** Degrees: cranial positive, caudal negative. */
  readonly betaDegrees: number;
}

/** Beyond this cranial or caudal angle a C-arm collides with table or patient, degrees. */
export const REACHABLE_BETA_DEGREES = 40;
/** Plans look at rotations of up to this to either side, degrees. */
export const PLANNED_ALPHA_DEGREES = 60;

const RADIANS = Math.PI / 180;

/**
 * The cranial angle β, in degrees, at which the beam of a C-arm turned to α is perpendicular to an axis n (LPS):
 * tan β = (n_P·cos α − n_L·sin α)/n_S. For n_S → 0 it tends to ±90°, which no C-arm reaches, unless the numerator
 * vanishes as well: every β is then perpendicular to the axis, and 0 is answered.
 */
export function perpendicularBetaDegrees(axisLps: Vec3, alphaDegrees: number): number {
  const [left, posterior, superior] = axisLps;
  const alpha = alphaDegrees * RADIANS;
  const numerator = posterior * Math.cos(alpha) - left * Math.sin(alpha);
  const size = Math.hypot(left, posterior, superior);
  if (Math.abs(numerator) <= 1e-9 * size) return 0;
  if (superior === 0) return 90 * Math.sign(numerator);
  return Math.atan(numerator / superior) / RADIANS;
}

/** Unit direction of the beam in LPS at a C-arm position; 0/0 looks along the sagittal axis. */
export function beamDirectionLps({ alphaDegrees, betaDegrees }: CArmView): Vec3 {
  const [alpha, beta] = [alphaDegrees * RADIANS, betaDegrees * RADIANS];
  return [-Math.sin(alpha) * Math.cos(beta), Math.cos(alpha) * Math.cos(beta), -Math.sin(beta)];
}

/** How a picture lies that is seen along the beam, from the detector: the patient's left to the right where α and β are 0. */
export interface BeamFrame {
  readonly along: Vec3;
  /** Horizontal in a patient who lies flat: a C-arm does not roll about its beam. */
  readonly right: Vec3;
  readonly down: Vec3;
}

/** The picture's directions at a C-arm position, unit vectors in LPS; `cross(right, down)` is along the beam. */
export function beamFrame(view: CArmView): BeamFrame {
  const along = beamDirectionLps(view);
  const alpha = view.alphaDegrees * RADIANS;
  const right: Vec3 = [Math.cos(alpha), Math.sin(alpha), 0];
  return { along, right, down: cross(along, right) };
}

/**
 * The C-arm position whose beam runs along a direction: the inverse of `beamDirectionLps`, α from −180° to 180°.
 * @param right of the picture; it tells α where the beam runs along the patient, and every α would do
 */
export function viewOfBeam(alongLps: Vec3, right: Vec3): CArmView {
  const [left, posterior, superior] = normalize(alongLps);
  const horizontal = Math.hypot(left, posterior);
  const alpha = horizontal > 1e-6 ? Math.atan2(-left, posterior) : Math.atan2(right[1], right[0]);
  return { alphaDegrees: alpha / RADIANS, betaDegrees: Math.atan2(-superior, horizontal) / RADIANS };
}

/** The view after a turn, kept to where plans look: a C-arm stops there, and only turns back from beyond. */
export function turnedView(
  { alphaDegrees, betaDegrees }: CArmView,
  byAlphaDegrees: number,
  byBetaDegrees: number,
): CArmView {
  const turned = (from: number, by: number, reach: number): number => {
    const most = Math.max(reach, Math.abs(from));
    return Math.min(most, Math.max(-most, from + by));
  };
  return {
    alphaDegrees: turned(alphaDegrees, byAlphaDegrees, PLANNED_ALPHA_DEGREES),
    betaDegrees: turned(betaDegrees, byBetaDegrees, REACHABLE_BETA_DEGREES),
  };
}

/** The views perpendicular to the axis, for α from −60° (RAO) to +60° (LAO) by `stepDegrees`. */
export function perpendicularViews(axisLps: Vec3, stepDegrees = 5): CArmView[] {
  const views: CArmView[] = [];
  for (let alpha = -PLANNED_ALPHA_DEGREES; alpha <= PLANNED_ALPHA_DEGREES; alpha += stepDegrees) {
    views.push({ alphaDegrees: alpha, betaDegrees: perpendicularBetaDegrees(axisLps, alpha) });
  }
  return views;
}

/**
 * The reachable view perpendicular to the axis that is nearest to the working projection of appendage closure, RAO 30°
 * caudal 20°; undefined where none is reachable.
 */
export function workingView(axisLps: Vec3): CArmView | undefined {
  const offset = ({ alphaDegrees, betaDegrees }: CArmView): number =>
    Math.hypot(alphaDegrees + 30, betaDegrees + 20);
  return perpendicularViews(axisLps, 1)
    .filter((view) => Math.abs(view.betaDegrees) <= REACHABLE_BETA_DEGREES)
    .reduce<CArmView | undefined>(
      (best, view) => (best && offset(best) <= offset(view) ? best : view),
      undefined,
    );
}

/** Views that are common in appendage closure: the appendage from the right, straight, cranial and caudal (usual practice). */
const COMMON_VIEWS: readonly CArmView[] = [
  { alphaDegrees: -30, betaDegrees: 20 },
  { alphaDegrees: -30, betaDegrees: 0 },
  { alphaDegrees: -30, betaDegrees: -20 },
  { alphaDegrees: 0, betaDegrees: 0 },
  { alphaDegrees: 30, betaDegrees: 0 },
];

/** The common views, with the angle that each one's beam lacks to being perpendicular to the axis, degrees from 0 to 90. */
export const commonViews = (axisLps: Vec3): (CArmView & { readonly offDegrees: number })[] =>
  COMMON_VIEWS.map((view) => ({ ...view, offDegrees: offPerpendicularDegrees(axisLps, view) }));

/** The angle that a view's beam lacks to being perpendicular to an axis, degrees from 0 to 90: the axis is foreshortened by its cosine. */
export function offPerpendicularDegrees(axisLps: Vec3, view: CArmView): number {
  const along = Math.abs(dot(normalize(axisLps), beamDirectionLps(view)));
  return Math.asin(Math.min(1, along)) / RADIANS;
}

/** A C-arm's rotation as operators say it: `RAO 30°`, `LAO 5°`, `AP`. */
export function rotationInWords(alphaDegrees: number): string {
  const alpha = Math.round(alphaDegrees);
  return alpha === 0 ? 'AP' : `${alpha < 0 ? 'RAO' : 'LAO'} ${Math.abs(alpha)}°`;
}

/** A C-arm's tilt as operators say it: `CRA 20°`, `CAU 5°`, `0°`. */
export function tiltInWords(betaDegrees: number): string {
  const beta = Math.round(betaDegrees);
  return beta === 0 ? '0°' : `${beta < 0 ? 'CAU' : 'CRA'} ${Math.abs(beta)}°`;
}

/** A view as operators say it: `RAO 30° / CAU 20°`, `AP / CRA 20°` without rotation, `AP` straight from the front. */
export function viewInWords({ alphaDegrees, betaDegrees }: CArmView): string {
  const [rotation, tilt] = [rotationInWords(alphaDegrees), tiltInWords(betaDegrees)];
  return rotation === 'AP' && tilt === '0°' ? rotation : `${rotation} / ${tilt}`;
}
