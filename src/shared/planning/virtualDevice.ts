import { lumenSection } from '../anatomy/landingZone.ts';
import type { PlaneLps } from '../anatomy/plane.ts';
import type { MeasuredSection } from '../anatomy/sectionOutline.ts';
import type { DeviceFit, DeviceTable } from '../contract/planning.ts';
import type { NearbyName, Surroundings } from '../contract/surroundings.ts';
import type { DevicePose, VirtualDevice } from '../contract/virtualDevice.ts';
import { UserError } from '../errors.ts';
import { type Failure, failure } from '../failures/failure.ts';
import type { GridLps } from '../geometry/gridLps.ts';
import { dot, subtract, type Vec3 } from '../geometry/vec3.ts';
import { vertexLpsMm } from '../mesh/measures.ts';
import { shareWithinGrid } from '../mesh/shareWithinGrid.ts';
import type { TriangleMesh } from '../mesh/triangleMesh.ts';
import { type BodyPlace, bodyMesh, type DeviceBody, deviceBody, distanceToBody } from './deviceBody.ts';
import { compression, fitDevice, type SizedAppendage } from './deviceFit.ts';
import { lineDepthMm, placeOf } from './deviceFrame.ts';
import { lumenAround, WALL_DIRECTIONS } from './lumenAround.ts';
import { type MeasuredFrom, type NearbyDistance, nearbyDistance } from './nearbyDistances.ts';
import { outsideLumen } from './outsideLumen.ts';

/** Places near the ostium as far as a reader or a network set them, LPS mm; null where nobody did. */
export interface KnownPlaces {
  /** The reader's, which come before all others. */
  readonly circumflex: Vec3 | null;
  readonly ridge: Vec3 | null;
  /** What a network found round the appendage. */
  readonly surroundings: Surroundings | null;
  /**
   * The ostium's landmarks as the model of the surface found them: one point each, in the rim, and how far it is off is
   * not known. They count where neither a reader nor the surroundings say anything.
   */
  readonly byModel: { readonly circumflex: Vec3; readonly ridge: Vec3 } | null;
}

interface FoundLandmarks {
  readonly circumflex: { readonly pointLpsMm: Vec3 };
  readonly ridge: { readonly pointLpsMm: Vec3 };
}

/** What a result says of the places near its ostium, with the reader's landmarks. */
export const knownPlaces = (
  { circumflex, ridge }: Pick<KnownPlaces, 'circumflex' | 'ridge'>,
  result: { readonly landmarks: FoundLandmarks | null; readonly surroundings: Surroundings | null },
): KnownPlaces => ({
  circumflex,
  ridge,
  surroundings: result.surroundings,
  byModel: result.landmarks && {
    circumflex: result.landmarks.circumflex.pointLpsMm,
    ridge: result.landmarks.ridge.pointLpsMm,
  },
});

/** The appendage that a device is placed in. */
export interface DeviceSite {
  /** The closed lumen, LPS mm. */
  readonly closed: TriangleMesh;
  /** The plane that it ends at, its normal distal. */
  readonly ostium: PlaneLps;
  readonly appendage: SizedAppendage;
  readonly places: KnownPlaces;
  /** Of the scan; null where it is not known. */
  readonly scanGrid: GridLps | null;
  /** The reader's; null: the table's own. */
  readonly landingZoneMm: number | null;
}

/** A device of a table where a pose puts it. */
export interface PlacedDevice {
  readonly table: DeviceTable;
  readonly size: DeviceTable['sizes'][number];
  readonly body: DeviceBody;
  readonly place: BodyPlace;
  readonly mesh: TriangleMesh;
}

/** @throws UserError where table, size or shape is not there, there is no centre line, or it is shorter than the pose's depth */
export function placeDevice(
  tables: readonly DeviceTable[],
  pose: DevicePose,
  { ostium, appendage: { profile } }: Pick<DeviceSite, 'ostium' | 'appendage'>,
): PlacedDevice {
  const known = (names: readonly string[]): string => names.join(', ');
  const table = tables.find(({ name }) => name === pose.table);
  if (!table) {
    const names = known(tables.map(({ name }) => name));
    throw new UserError(failure('planning.no-such-table', { name: pose.table, known: names }));
  }
  const { name, shape, sizes } = table;
  const size = sizes.find(({ label }) => label === pose.size);
  if (!size) {
    const labels = known(sizes.map(({ label }) => label));
    throw new UserError(failure('planning.no-such-size', { name, size: pose.size, known: labels }));
  }
  if (!shape) throw new UserError(failure('planning.device-without-shape', { name }));
  if (profile.withheld) throw new UserError(profile.withheld);
  const lineMm = lineDepthMm(profile);
  if (pose.depthMm > lineMm)
    throw new UserError(failure('planning.device-beyond-tip', { depthMm: pose.depthMm, lineMm }));
  const body = deviceBody(shape, size.sizeMm);
  const place = placeOf(profile, ostium.normal, pose);
  return { table, size, body, place, mesh: bodyMesh(body, place) };
}

/**
 * What a device comes to where it was placed. It is measured as a stiff body in the lumen as it is: neither gives way.
 *
 * Example: a cup of 24 mm in a tube of 20 mm, its axis leaning by 30° from the tube's. The section perpendicular to the
 * axis is an ellipse of 23.1 × 20 mm: 4 % compression along its maximum and 17 % along its minimum diameter, and the cup
 * reaches 2 mm beyond the wall.
 */
export function measureDevice(placed: PlacedDevice, pose: DevicePose, site: DeviceSite): VirtualDevice {
  const { table, size, body, place, mesh } = placed;
  const { closed, ostium, appendage, places, scanGrid, landingZoneMm } = site;
  const fit = fitDevice(table, appendage, landingZoneMm);
  const why = whyNotFitting(fit, size);
  const section = sectionOf(place, site);
  const [maximumMm, minimumMm] =
    'code' in section
      ? [null, null]
      : [section.measures.maxDiameter.lengthMm, section.measures.minDiameter.lengthMm];
  const wall = wallOf(body, place, closed, ostium);
  const depths = depthsOf(body, place, ostium, wall.leavesAtMm);
  const openingMm = (site.appendage.measurements.ostium?.maxDiameterMm ?? 0) / 2;
  const outside = outsideLumen(body, place, { closed, ostium, openingMm });
  const isInLumen = outside <= MOST_OUTSIDE;
  const offLumen = failure('planning.device-mostly-outside', { percent: Math.round(100 * outside) });
  const inLumen = (value: number | null): number | null => (isInLumen ? roundedOrNull(value) : null);
  const lobe = body.outline.filter(([along]) => along >= body.lobeFromMm);
  const toPlace = (pointLpsMm: Vec3 | null): number | null =>
    pointLpsMm && rounded(distanceToBody(body, place, pointLpsMm));
  const nearby = nearbyOf(placed, places);
  const byModel = modelsPlaces(places);
  const warnings = [
    ...(why ? [failure('planning.device-does-not-fit', { reason: why })] : []),
    ...(isInLumen ? [] : [offLumen]),
    ...(wall.isCentreInside ? [] : [failure('planning.device-off-lumen')]),
    ...compressionWarnings(table, size, section),
    ...(depths.usedMm !== null && depths.thereIsMm !== null && depths.usedMm > depths.thereIsMm
      ? [
          failure('planning.device-longer-than-lumen', {
            usedMm: depths.usedMm,
            thereIsMm: depths.thereIsMm,
          }),
        ]
      : []),
    ...(scanGrid && shareWithinGrid(mesh, scanGrid) < 1 ? [failure('planning.device-outside-scan')] : []),
  ];
  return {
    ...pose,
    sizeMm: size.sizeMm,
    shapeKind: body.kind,
    shapeSource: table.shape?.source ?? '',
    centreLpsMm: roundedPoint(place.centreLpsMm, 1e3),
    axis: roundedPoint(place.axis, 1e6),
    fits: why === undefined,
    lumenDiametersMm: { maximum: roundedOrNull(maximumMm), minimum: roundedOrNull(minimumMm) },
    compressionPercent: {
      maximum: maximumMm && rounded(compression(size.sizeMm, maximumMm)),
      minimum: minimumMm && rounded(compression(size.sizeMm, minimumMm)),
    },
    protrusionMm: inLumen(protrusionOf(body.outline, place, ostium)),
    lobeProtrusionMm: body.kind === 'cup' ? null : inLumen(protrusionOf(lobe, place, ostium)),
    overlapMm: roundedOrNull(wall.overlapMm),
    gapMm: inLumen(wall.gapMm),
    contactPercent: inLumen(wall.contactPercent),
    depthUsedMm: roundedOrNull(depths.usedMm),
    depthThereIsMm: roundedOrNull(depths.thereIsMm),
    distancesMm: {
      circumflex: toPlace(places.circumflex ?? byModel.circumflex) ?? nearby.circumflex.mm,
      ridge: toPlace(places.ridge ?? byModel.ridge),
      upperLeftVein: nearby.upperLeftVein.mm,
      mitralAnnulus: nearby.mitralAnnulus.mm,
      ...(nearby.interatrialSeptum ? { interatrialSeptum: nearby.interatrialSeptum.mm } : {}),
    },
    distanceUncertaintiesMm: uncertaintiesOf(nearby, places),
    distancesByModel: LANDMARKS.filter((name) => byModel[name]),
    withheld: {
      ...('code' in section ? { compressionPercent: section } : {}),
      ...(isInLumen ? {} : { inLumen: offLumen }),
      ...reasonsOf(nearby, places),
    },
    warnings,
  };
}

interface Nearby {
  readonly circumflex: NearbyDistance;
  readonly upperLeftVein: NearbyDistance;
  readonly mitralAnnulus: NearbyDistance;
  /** Where a network looked for it. */
  readonly interatrialSeptum?: NearbyDistance;
}

/** Where more of a device than this lies outside of the lumen, its place against wall and ostium says nothing. */
const MOST_OUTSIDE = 0.5;

const LANDMARKS = ['circumflex', 'ridge'] as const;

/**
 * The model's landmarks that count. A circumflex that was looked for around the appendage has many places there, and a
 * reason where nothing can be said: one point of the rim is no better.
 */
function modelsPlaces({ circumflex, ridge, surroundings, byModel }: KnownPlaces) {
  const isLookedFor = surroundings?.lookedFor.includes('circumflex') ?? false;
  return {
    circumflex: circumflex || isLookedFor ? null : (byModel?.circumflex ?? null),
    ridge: ridge ? null : (byModel?.ridge ?? null),
  };
}

/** The distances from a body to what a network found. */
function nearbyOf({ body, place, mesh }: PlacedDevice, { surroundings }: KnownPlaces): Nearby {
  const from: MeasuredFrom = {
    pointsLpsMm: Array.from({ length: mesh.positionsLpsMm.length / 3 }, (_, n) => vertexLpsMm(mesh, n)),
    distanceTo: (point) => distanceToBody(body, place, point),
  };
  const to = (structure: NearbyName): NearbyDistance => nearbyDistance(surroundings, structure, from);
  return {
    circumflex: to('circumflex'),
    upperLeftVein: to('leftSuperiorVein'),
    mitralAnnulus: to('mitralAnnulus'),
    ...(surroundings?.lookedFor.includes('interatrialSeptum')
      ? { interatrialSeptum: to('interatrialSeptum') }
      : {}),
  };
}

/** The names of the distances that a network's places give: a circumflex that a reader set is his. */
const namesOf = (nearby: Nearby, { circumflex }: KnownPlaces): (keyof Nearby)[] =>
  (Object.keys(nearby) as (keyof Nearby)[]).filter((name) => name !== 'circumflex' || !circumflex);

const uncertaintiesOf = (nearby: Nearby, places: KnownPlaces): Record<string, number> =>
  Object.fromEntries(
    namesOf(nearby, places).flatMap((name) => {
      const uncertaintyMm = nearby[name]?.uncertaintyMm ?? null;
      return uncertaintyMm === null ? [] : [[name, uncertaintyMm]];
    }),
  );

/** Without a network there is nothing to say beyond that the place is not known. */
const reasonsOf = (nearby: Nearby, places: KnownPlaces): Record<string, Failure> =>
  Object.fromEntries(
    (places.surroundings ? namesOf(nearby, places) : []).flatMap((name) => {
      const withheld = nearby[name]?.withheld;
      return withheld ? [[name, withheld]] : [];
    }),
  );

/** Why a table's size does not fit an appendage; undefined where it does. */
export function whyNotFitting(
  { candidates, excluded, withheld, measuredMm }: DeviceFit,
  { label, rangeMm: [leastMm, mostMm] }: Pick<DeviceTable['sizes'][number], 'label' | 'rangeMm'>,
): Failure | undefined {
  if (candidates.some((candidate) => candidate.label === label)) return undefined;
  const reason = excluded.find((other) => other.label === label)?.reason;
  if (reason) return reason;
  if (measuredMm === null) return withheld ?? failure('measure.not-measurable');
  return failure('planning.size-outside-range', { measuredMm, leastMm, mostMm });
}

/** A section that takes in more than the lumen at the ostium is not a device's bed; by diameters from the area. */
const WIDER_THAN_OSTIUM = 1.25;

/** The lumen's section at the widest circumference, or why there is none. */
function sectionOf(place: BodyPlace, { closed, ostium, appendage }: DeviceSite): MeasuredSection | Failure {
  const section = lumenSection(closed, { pointLpsMm: place.centreLpsMm, normal: place.axis }, ostium);
  if (!section) return failure('measure.section-through-ostium');
  const sectionMm = section.measures.areaDerivedDiameterMm;
  const ostiumMm = appendage.measurements.ostium?.areaDerivedDiameterMm ?? Infinity;
  return sectionMm > WIDER_THAN_OSTIUM * ostiumMm
    ? failure('measure.section-wider-than-ostium', { sectionMm, ostiumMm })
    : section;
}

function compressionWarnings(
  { sizedBy }: DeviceTable,
  { sizeMm, compressionPercent }: DeviceTable['sizes'][number],
  section: MeasuredSection | Failure,
): Failure[] {
  if ('code' in section) return [failure('planning.device-section-missing', { reason: section })];
  const { maxDiameter, minDiameter, areaDerivedDiameterMm, perimeterDerivedDiameterMm } = section.measures;
  const widest = compression(sizeMm, maxDiameter.lengthMm);
  const percent = compression(
    sizeMm,
    {
      maximum: maxDiameter.lengthMm,
      minimum: minDiameter.lengthMm,
      'area-derived': areaDerivedDiameterMm,
      'perimeter-derived': perimeterDerivedDiameterMm,
    }[sizedBy.diameter],
  );
  const [leastPercent, mostPercent] = compressionPercent ?? [0, 100];
  const { diameter } = sizedBy;
  return [
    ...(compressionPercent && (percent < leastPercent || percent > mostPercent)
      ? [failure('planning.device-compression-in-place', { diameter, percent, leastPercent, mostPercent })]
      : []),
    ...(widest < 0 ? [failure('planning.device-narrower-than-lumen', { percent: -widest })] : []),
  ];
}

/** How far circles about the axis reach past the ostium's plane into the atrium, mm: the largest of them. */
function protrusionOf(outline: DeviceBody['outline'], place: BodyPlace, ostium: PlaneLps): number {
  const cosine = dot(place.axis, ostium.normal);
  const sine = Math.sqrt(Math.max(0, 1 - cosine * cosine));
  const centreMm = dot(subtract(place.centreLpsMm, ostium.pointLpsMm), ostium.normal);
  return Math.max(...outline.map(([along, radius]) => radius * sine - along * cosine - centreMm));
}

/** Where the axis runs along the ostium's plane rather than through it, there is no depth along it. */
const LEAST_COSINE = 0.2;

function depthsOf(
  { outline }: DeviceBody,
  { centreLpsMm, axis }: BodyPlace,
  ostium: PlaneLps,
  leavesAtMm: number | null,
): { readonly usedMm: number | null; readonly thereIsMm: number | null } {
  const cosine = dot(axis, ostium.normal);
  if (cosine < LEAST_COSINE) return { usedMm: null, thereIsMm: null };
  const fromOstiumMm = dot(subtract(centreLpsMm, ostium.pointLpsMm), ostium.normal) / cosine;
  const endMm = Math.max(...outline.map(([along]) => along));
  return {
    usedMm: fromOstiumMm + endMm,
    thereIsMm: leavesAtMm === null ? null : fromOstiumMm + leavesAtMm,
  };
}

interface Wall {
  readonly isCentreInside: boolean;
  readonly leavesAtMm: number | null;
  readonly overlapMm: number | null;
  readonly gapMm: number | null;
  readonly contactPercent: number | null;
}

/** How the body lies against the lumen's wall. */
function wallOf(body: DeviceBody, place: BodyPlace, closed: TriangleMesh, ostium: PlaneLps): Wall {
  const around = lumenAround(closed, place, ostium);
  const widest = around.wallMm(0);
  if (!widest) {
    return { isCentreInside: false, leavesAtMm: null, overlapMm: null, gapMm: null, contactPercent: null };
  }
  let overlapMm = 0;
  for (const [along, radius] of body.outline) {
    if (radius === 0) continue;
    for (const wallMm of (along === 0 ? widest : around.wallMm(along)) ?? []) {
      if (radius - wallMm > overlapMm) overlapMm = radius - wallMm;
    }
  }
  // Towards the ostium's opening (NaN) there is no wall: neither contact nor a gap that has a size.
  const gapMm = widest.reduce((most, wallMm) => Math.max(most, (wallMm || 0) - body.radiusMm), 0);
  const touching = widest.filter((wallMm) => wallMm <= body.radiusMm).length;
  return {
    isCentreInside: true,
    leavesAtMm: around.leavesAtMm,
    overlapMm,
    gapMm,
    contactPercent: (100 * touching) / WALL_DIRECTIONS,
  };
}

const roundTo = (value: number, parts: number): number => Math.round(value * parts) / parts + 0;
const rounded = (value: number): number => roundTo(value, 10);
const roundedOrNull = (value: number | null): number | null => (value === null ? null : rounded(value));
const roundedPoint = ([x, y, z]: Vec3, parts: number): [number, number, number] => [
  roundTo(x, parts),
  roundTo(y, parts),
  roundTo(z, parts),
];
