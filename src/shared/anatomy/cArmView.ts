import { dot, normalize, type Vec3 } from '../geometry/vec3.ts';

/** A C-arm's position. */
export interface CArmView {
  /** Degrees: LAO positive, RAO negative. */
  readonly alphaDegrees: number;
  /** Degrees: cranial positive, caudal negative. */
  readonly betaDegrees: number;
}

/** Beyond this cranial or caudal angle a C-arm collides with table or patient, degrees. */
export const REACHABLE_BETA_DEGREES = 40;

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

/** The views perpendicular to the axis, for α from −60° (RAO) to +60° (LAO) by `stepDegrees`. */
export function perpendicularViews(axisLps: Vec3, stepDegrees = 5): CArmView[] {
  const views: CArmView[] = [];
  for (let alpha = -60; alpha <= 60; alpha += stepDegrees) {
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

/** A view as operators say it: `RAO 30° / CAU 20°`, `AP / CRA 20°` without rotation, `AP` straight from the front. */
export function viewInWords({ alphaDegrees, betaDegrees }: CArmView): string {
  const [alpha, beta] = [Math.round(alphaDegrees), Math.round(betaDegrees)];
  const rotation = alpha === 0 ? 'AP' : `${alpha < 0 ? 'RAO' : 'LAO'} ${Math.abs(alpha)}°`;
  if (beta === 0) return alpha === 0 ? rotation : `${rotation} / 0°`;
  return `${rotation} / ${beta < 0 ? 'CAU' : 'CRA'} ${Math.abs(beta)}°`;
}
