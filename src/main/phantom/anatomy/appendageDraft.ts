import { addScaled, dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import { type AppendageBody, buildAppendageBody } from './appendage.ts';
import { STEP_MM, type Surroundings } from './appendageCentreLine.ts';
import { type AppendageMouth, drawMouth, type MouthPlan } from './appendageMouth.ts';
import type { Morphology } from './appendagePlan.ts';
import type { Atrium } from './atrium.ts';
import type { BodyFrame } from './bodyFrame.ts';
import type { LeftVentricle } from './leftVentricle.ts';
import { nominalPulmonaryTrunk } from './nominalTrunk.ts';
import { cutSection, type OstiumPlane, type Section, shareInAtrium } from './ostium.ts';
import { circumflexPlaces, grooveUnder, planeThrough, ridgeCrest } from './ostiumLandmarks.ts';
import { type BesideVein, buildPulmonaryVeins, type PulmonaryVein } from './pulmonaryVeins.ts';
import { type Field, fieldAt } from './shapeField.ts';
import {
  complement,
  halfSpace,
  intersection,
  offset,
  type ShapeBook,
  smoothIntersection,
  smoothUnion,
  union,
} from './shapes.ts';
import { cutsNeckAcross, liesInNeighbours, type Neighbours, opensTowardsAtrium } from './soundOstium.ts';

/** A left upper vein along the appendage, and the wall between the two. */
export interface BesideVeinPlan extends Omit<BesideVein, 'direction'> {
  readonly wallMm: number;
  /** How near the appendage comes to it, see Surroundings. */
  readonly pressed: number;
}

/** The parts that an appendage is drawn onto. */
export interface AppendageSetting {
  readonly morphology: Morphology;
  readonly frame: BodyFrame;
  readonly atrium: Atrium;
  readonly ventricle: LeftVentricle;
  readonly wallMm: number;
  readonly book: ShapeBook;
  readonly beside: BesideVeinPlan | undefined;
  readonly mouthPlan: MouthPlan | undefined;
  /** Whether the ostium must be one that a reader would find by itself, see soundOstium.ts. */
  readonly soundOstium: boolean;
}

/** An appendage with its veins and its ostium, in which nothing is wrong. */
export interface AppendageDraft {
  readonly mouth: AppendageMouth;
  readonly veins: readonly PulmonaryVein[];
  readonly body: AppendageBody;
  readonly plane: OstiumPlane;
  /** The lumen with its flaring mouth, open towards the atrium; not named. */
  readonly open: Shape;
  /** How softly the veins join the atrium, mm. */
  readonly veinBlendMm: number;
  /** The crest between the mouths of appendage and left upper vein, LPS mm; on the plane. */
  readonly ridge: Vec3;
  /** Where the circumflex artery passes under the mouth, LPS mm; on the plane. */
  readonly circumflex: Vec3;
}

/** Cosine of how far the ostium plane may be from square to the appendage's axis: 30°. */
const LEAST_SQUARE = Math.cos((30 * Math.PI) / 180);
/** From the circumflex artery's middle line to the wall of atrium and appendage, mm: its radius and some fat. */
const CIRCUMFLEX_APART_MM = [1.5, 3.2] as const;
/** The lattice that a section is judged on, and how near something else may come to the plane, mm. */
const SECTION = { spacingMm: 2, marginMm: 1.5 };
/**
 * Sections with an area outside of these limits are rejected, mm²: published are 389 ± 138 to 428 ± 159
 * (docs/clinical.md).
 */
const OSTIUM_MM2 = { least: 90, most: 1100 };
/** At most this share of the rim may have the atrium or a vein within 1.5 mm outside of it. */
const MOST_IN_ATRIUM = 0.34;
/** A draft whose centre line beyond the ostium is shorter than 8 mm is rejected. */
const LEAST_LINE_POINTS = 4;
/** The vein is kept from 0.85 of the mouth's half long diameter: the mouth is narrower towards the vein. */
const TOWARDS_VEIN = 0.85;

/** Where a vein crosses over the appendage, the crest of the ridge is where the two are this far apart, mm. */
const CREST_WALL_MM = 0.8;

/** Where a vein crosses over the appendage, its wall keeps this far from the axis, in radii: at the neck, beyond it. */
const UNCRUSHED = { neckPoints: 4, neck: 0.6, beyond: 0.3 } as const;

/** Draws mouth, veins, body and plane; undefined where the appendage touches itself or no plane cuts it cleanly. */
export function draftAppendage(random: Random, setting: AppendageSetting): AppendageDraft | undefined {
  const { frame, atrium, ventricle, wallMm, book, beside } = setting;
  const ventricleField = book.field(ventricle.epicardium);
  const mouth = drawMouth(
    random.fork('mouth'),
    setting.morphology,
    frame,
    atrium,
    ventricleField,
    setting.mouthPlan,
  );
  const { veins } = buildPulmonaryVeins(random.fork('veins'), frame, atrium, {
    pointLpsMm: mouth.pointLpsMm,
    radiusMm: mouth.radiusMm * TOWARDS_VEIN,
    ...(beside ? { beside: { ...beside, direction: mouth.axis } } : {}),
  });
  const trunks = union(...veins.map((vein) => vein.trunk));
  const atrialField = book.field(smoothUnion(4, atrium.chamber, trunks));
  const upper = veins[0]!;
  const trunkField = book.field(nominalPulmonaryTrunk(frame));
  const around: Surroundings = {
    field: (x, y, z) => Math.min(atrialField(x, y, z), ventricleField(x, y, z), trunkField(x, y, z)),
    ...(beside
      ? { bed: book.field(upper.trunk), pressed: beside.pressed }
      : {
          bed: (x: number, y: number, z: number) => Math.min(ventricleField(x, y, z), trunkField(x, y, z)),
          ...pressedOnBed(random.fork('pressed')),
        }),
    wallMm,
  };
  const body = buildAppendageBody(random.fork('body'), mouth, around);
  if (!body || (beside?.over && isCrushed(body, book.field(upper.trunk)))) return undefined;
  const blendMm = random.fork('blend').uniform(4, 7);
  const veinBlendMm = random.fork('veinBlend').uniform(3, 6);
  // The vein stays round; the softer appendage gives way.
  const besideVein = (lumen: Shape, apartMm = wallMm): Shape =>
    intersection(lumen, complement(offset(upper.trunk, apartMm)));
  const bloodWithWall = (apartMm: number): Field =>
    book.field(
      union(
        smoothUnion(veinBlendMm, atrium.chamber, trunks),
        besideVein(smoothUnion(blendMm, body.shape, atrium.chamber), apartMm),
      ),
    );
  const blood = bloodWithWall(wallMm);
  // A wall that is thinner than its steps, the search for the crest would miss.
  const crestBlood = beside?.over ? bloodWithWall(Math.max(wallMm, CREST_WALL_MM)) : blood;
  const ridge = ridgeCrest(crestBlood, atrium, mouth, upper.ostiumLpsMm);
  if (!ridge) return undefined;
  const places = circumflexPlaces(mouth, ridge, grooveUnder(frame, atrium, mouth, ridge), {
    blood,
    ventricleCavity: book.field(ventricle.cavity),
    apartMm: wallMm + random.fork('circumflex').uniform(...CIRCUMFLEX_APART_MM),
  });
  const openAt = (plane: OstiumPlane): Shape => besideVein(openLumen(body, atrium, plane, wallMm, blendMm));
  const neighbours: Neighbours = {
    ventricleCavity: book.field(ventricle.cavity),
    chamber: atrium.chamberField,
  };
  for (const circumflex of places) {
    const plane = planeThrough(ridge, circumflex, mouth);
    const line = lineBeyond(body, plane);
    if (dot(plane.normal, mouth.axis) < LEAST_SQUARE || line.length < LEAST_LINE_POINTS) continue;
    if (foldsBack(body, plane)) continue;
    if (setting.soundOstium && !cutsNeckAcross(plane, ridge, circumflex, line)) continue;
    const open = openAt(plane);
    const lumen = book.field(open);
    const section = soundSection(plane, lumen, atrialField);
    if (!section) continue;
    const centred = { ...plane, pointLpsMm: section.centreLpsMm };
    if (
      setting.soundOstium &&
      !(
        opensTowardsAtrium(lumen, centred, section.areaMm2) &&
        !liesInNeighbours(lumen, centred, body, neighbours)
      )
    )
      continue;
    return { mouth, veins, body, plane: centred, open, veinBlendMm, ridge, circumflex };
  }
  return undefined;
}

/** Whether a vein runs through an appendage rather than over it. */
const isCrushed = (body: AppendageBody, vein: Field): boolean =>
  body.centreLineLpsMm.some(
    (point, index) =>
      fieldAt(vein, point) <
      body.radiiMm[index]! * (index < UNCRUSHED.neckPoints ? UNCRUSHED.neck : UNCRUSHED.beyond),
  );

/** Share of the appendages that press on ventricle and trunk, and how near, see Surroundings. */
const PRESSED = { share: 0.6, radii: [0.5, 0.78] } as const;

const pressedOnBed = (random: Random): { pressed?: number } =>
  random.chance(PRESSED.share) ? { pressed: random.uniform(...PRESSED.radii) } : {};

/** The section of the lumen by the plane, where it is one clean contour beside little of the atrium. */
function soundSection(plane: OstiumPlane, lumen: Field, atrialField: Field): Section | undefined {
  const section = cutSection(lumen, plane, SECTION.spacingMm, SECTION.marginMm);
  if (!isOneContour(section)) return undefined;
  const share = shareInAtrium(lumen, atrialField, plane, section.centreLpsMm, SECTION.marginMm);
  return share <= MOST_IN_ATRIUM ? section : undefined;
}

const isOneContour = (section: ReturnType<typeof cutSection>): boolean =>
  section.pieces === 1 &&
  section.marginPieces === 1 &&
  section.closed &&
  section.areaMm2 > OSTIUM_MM2.least &&
  section.areaMm2 < OSTIUM_MM2.most;

/**
 * The appendage with a mouth that flares into the atrial wall, open towards the atrium: beyond the plane it is the
 * appendage alone, since the atrium enters the blend only below the plane.
 */
function openLumen(
  body: AppendageBody,
  atrium: Atrium,
  plane: OstiumPlane,
  wallMm: number,
  blendMm: number,
): Shape {
  const below = halfSpace(addScaled(plane.pointLpsMm, plane.normal, -(wallMm + 1.1)), plane.normal);
  return smoothUnion(blendMm, body.shape, smoothIntersection(2, atrium.chamber, below));
}

/** Whether a fold or a lobe comes back through the plane beside the mouth. */
function foldsBack(body: AppendageBody, plane: OstiumPlane): boolean {
  const height = (point: Vec3) => dot(subtract(point, plane.pointLpsMm), plane.normal);
  const far = Math.round((6 + 1.2 * body.radiiMm[0]!) / STEP_MM);
  return (
    body.centreLineLpsMm.some(
      (point, index) => index > far && height(point) < body.radiiMm[index]! * 0.9 + 2,
    ) || body.lobeTipsLpsMm.some((tip) => height(tip) < 3.5)
  );
}

/** The part of the centre line more than 1 mm beyond the plane, from the first such point on. */
export function lineBeyond(body: AppendageBody, plane: OstiumPlane): readonly Vec3[] {
  const from = body.centreLineLpsMm.findIndex(
    (point) => dot(subtract(point, plane.pointLpsMm), plane.normal) > 1,
  );
  return from < 0 ? [] : body.centreLineLpsMm.slice(from);
}
