import { addScaled, dot, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { Shape } from '../scene.ts';
import { type AppendageBody, buildAppendageBody } from './appendage.ts';
import { STEP_MM, type Surroundings } from './appendageCentreLine.ts';
import { type AppendageMouth, drawMouth } from './appendageMouth.ts';
import type { Morphology } from './appendagePlan.ts';
import type { Atrium } from './atrium.ts';
import type { BodyFrame } from './bodyFrame.ts';
import type { LeftVentricle } from './leftVentricle.ts';
import { nominalPulmonaryTrunk } from './nominalTrunk.ts';
import { cutSection, type OstiumPlane, ostiumPlane, type Section, shareInAtrium } from './ostium.ts';
import { circumflexTarget, ridgePoint } from './ostiumLandmarks.ts';
import { type BesideVein, buildPulmonaryVeins, type PulmonaryVein } from './pulmonaryVeins.ts';
import type { Field } from './shapeField.ts';
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
}

/** An appendage with its veins and its ostium, in which nothing is wrong. */
export interface AppendageDraft {
  readonly mouth: AppendageMouth;
  readonly veins: readonly PulmonaryVein[];
  readonly body: AppendageBody;
  readonly plane: OstiumPlane;
  /** The lumen with its flaring mouth, open towards the atrium; not named. */
  readonly open: Shape;
  /** The crest between the mouths of appendage and left upper vein, LPS mm. */
  readonly ridge: Vec3;
}

/** The ostium plane moves outward by 1 mm at a time, at most this many times, until its section is acceptable. */
const PLANE_MOVES = 9;
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

/** Draws mouth, veins, body and plane; undefined where the appendage touches itself or no plane cuts it cleanly. */
export function draftAppendage(random: Random, setting: AppendageSetting): AppendageDraft | undefined {
  const { frame, atrium, ventricle, wallMm, book, beside } = setting;
  const ventricleField = book.field(ventricle.epicardium);
  const mouth = drawMouth(random.fork('mouth'), setting.morphology, frame, atrium, ventricleField);
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
      : { bed: (x: number, y: number, z: number) => Math.min(ventricleField(x, y, z), trunkField(x, y, z)) }),
    wallMm,
  };
  const body = buildAppendageBody(random.fork('body'), mouth, around);
  if (!body) return undefined;
  const ridge = ridgePoint(
    atrialField,
    atrium,
    mouth.pointLpsMm,
    upper.ostiumLpsMm,
    mouth.radiusMm,
    upper.radiusMm,
  );
  const groove = circumflexTarget(atrium, mouth.pointLpsMm);
  const first = ostiumPlane(mouth.pointLpsMm, mouth.axis, ridge, groove);
  const blendMm = random.fork('blend').uniform(4, 7);
  const openAt = (plane: OstiumPlane): Shape => {
    const whole = openLumen(body, atrium, plane, wallMm, blendMm);
    // The vein stays round; the softer appendage gives way.
    return beside ? intersection(whole, complement(offset(upper.trunk, wallMm))) : whole;
  };
  const found = settlePlane(first, mouth.axis, atrialField, openAt, book);
  if (!found || lineBeyond(body, found.plane).length < LEAST_LINE_POINTS || foldsBack(body, found.plane)) {
    return undefined;
  }
  const plane = { ...found.plane, pointLpsMm: found.section.centreLpsMm };
  return { mouth, veins, body, plane, open: found.open, ridge };
}

/**
 * The first plane, from `first` outward along the axis, whose section is one clean contour beside little of the
 * atrium.
 */
function settlePlane(
  first: OstiumPlane,
  axis: Vec3,
  atrialField: Field,
  openAt: (plane: OstiumPlane) => Shape,
  book: ShapeBook,
): { plane: OstiumPlane; open: Shape; section: Section } | undefined {
  let plane = first;
  for (let move = 0; move < PLANE_MOVES; move++) {
    const open = openAt(plane);
    const lumen = book.field(open);
    const section = cutSection(lumen, plane, SECTION.spacingMm, SECTION.marginMm);
    if (
      isOneContour(section) &&
      shareInAtrium(lumen, atrialField, plane, section.centreLpsMm, SECTION.marginMm) <= MOST_IN_ATRIUM
    ) {
      return { plane, open, section };
    }
    plane = { ...plane, pointLpsMm: addScaled(plane.pointLpsMm, axis, 1) };
  }
  return undefined;
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
