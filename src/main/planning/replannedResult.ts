import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { polylineLength } from '#shared/anatomy/centreLine.ts';
import { fitPlane } from '#shared/anatomy/plane.ts';
import type { LumenProfile } from '#shared/contract/planning.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import type { Measurements } from '#shared/contract/services/measured.ts';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { distance, dot, scale, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import { appendageAxis, planeThroughLandmarks } from '#shared/planning/landmarkPlane.ts';
import { decodeStl } from '../interchange/stl.ts';
import { findBoundaryLoops } from '../mesh/topology.ts';
import { recutAppendage } from '../meshing/index.ts';
import { type ProfiledSurface, profileAlong } from './lumenProfile.ts';
import { type PlannedResult, readPlannedResult } from './plannedResult.ts';
import { readLandmarks, readPoints } from './readerFiles.ts';

/** Files of what a reader set on a result. */
export interface ReaderFiles {
  /** A corrected centre line. */
  readonly centreLine?: string;
  /** The ostium's landmarks: its plane goes through them. */
  readonly landmarks?: string;
}

/** The profile by a reader's files, and the ostium that it begins at. */
export interface ReplannedResult {
  readonly profile: LumenProfile;
  readonly ostium: Measurements['ostium'];
}

/**
 * A result's profile by a reader's centre line and landmarks. Without either, and where the line is the computed one, it
 * is the profile that stands in the result.
 * @throws UserError where a file cannot be used, or nothing can be cut at the landmarks' plane
 */
export async function replannedResult(
  folder: string,
  { centreLine: lineFile, landmarks: landmarksFile }: ReaderFiles,
): Promise<ReplannedResult> {
  const result = await readPlannedResult(folder);
  const { profile, measurements } = result;
  const { ostium } = measurements;
  if ((lineFile === undefined && landmarksFile === undefined) || profile.withheld || !ostium) {
    return { profile, ostium };
  }
  const centreLine = lineFile === undefined ? null : await readPoints(lineFile);
  const marks = { ...NO_MARKS, centreLine };
  const surface = await surfaceOf(folder, result, ostium.normal);
  if (centreLine) assertFromOstium(centreLine, { pointLpsMm: ostium.centreLpsMm, normal: ostium.normal });
  if (landmarksFile === undefined) {
    const known = {
      pointsLpsMm: profile.centreLineLpsMm,
      tipLpsMm: profile.centreLineLpsMm.at(-1)!,
      depthMm: polylineLength(profile.centreLineLpsMm),
      depthToFirstBendMm: undefined,
      bendSpreadMm: undefined,
      tipSpurMm: 0,
    };
    const along = profileAlong(surface, marks, undefined, known).profile;
    const isCorrected = along.withheld !== null || along.computedLineLpsMm !== null;
    return { profile: isCorrected ? along : profile, ostium };
  }
  const points = await readLandmarks(landmarksFile);
  const axis = appendageAxis(points, profile.centreLineLpsMm, ostium.centreLpsMm);
  const plane = planeThroughLandmarks(points, axis);
  if (!plane) throw new UserError(failure('planning.landmarks-no-plane'));
  const recut = recutAppendage(surface.closed, plane, false);
  return { profile: profileAlong(recut, marks).profile, ostium: recut.measurements.ostium };
}

/** @throws UserError for a line that lies in front of the ostium, as in another frame, or runs towards it */
function assertFromOstium(lineLpsMm: readonly Vec3[], { pointLpsMm, normal }: OstiumPlane): void {
  if (!lineLpsMm.some((point) => dot(subtract(point, pointLpsMm), normal) > 0)) {
    throw new UserError(failure('planning.line-before-ostium'));
  }
  const [first, last] = [lineLpsMm[0]!, lineLpsMm.at(-1)!];
  if (distance(first, pointLpsMm) > distance(last, pointLpsMm)) {
    throw new UserError(failure('planning.line-reversed'));
  }
}

/** The surfaces of a result, its ostium's plane as exact as the rim is. */
async function surfaceOf(
  resultFolder: string,
  { measurements }: PlannedResult,
  normal: Vec3,
): Promise<ProfiledSurface> {
  const folder = basename(resolve(resultFolder));
  const read = async (fileName: string) => {
    try {
      return decodeStl(await readFile(join(resultFolder, fileName)));
    } catch {
      throw new UserError(failure('objects.not-a-result', { folder, fileName }));
    }
  };
  const [closed, wall] = [await read('laa-closed.stl'), await read('laa-wall.stl')];
  const [loop = []] = findBoundaryLoops(wall);
  const rimLpsMm = Float32Array.from([...loop].flatMap((vertex) => vertexLpsMm(wall, vertex)));
  return { closed, ostiumPlane: planeOf(rimLpsMm, normal), rimLpsMm, measurements };
}

function planeOf(rimLpsMm: Float32Array, distal: Vec3): OstiumPlane {
  const { pointLpsMm, normal } = fitPlane(rimLpsMm);
  return { pointLpsMm, normal: dot(normal, distal) < 0 ? scale(normal, -1) : normal };
}
