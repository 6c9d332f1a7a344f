import { addScaled, dot, normalize, subtract, type Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { AppendageTruth, Shape } from '../scene.ts';
import { type AppendageBody, buildAppendageBody } from './appendage.ts';
import { type AppendageMouth, STEP_MM } from './appendageCentreLine.ts';
import { MORPHOLOGY_WEIGHTS, type Morphology } from './appendagePlan.ts';
import { type Atrium, buildAtrium } from './atrium.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { rotateAbout, scatter, squareTo } from './curves.ts';
import { buildLeftVentricle, type LeftVentricle } from './leftVentricle.ts';
import { nominalPulmonaryTrunk } from './nominalTrunk.ts';
import { cutSection, type OstiumPlane, ostiumPlane, shareInAtrium } from './ostium.ts';
import { type BesideVein, buildPulmonaryVeins, type PulmonaryVein } from './pulmonaryVeins.ts';
import { type Field, fieldAt, gradientAt, surfacePoint } from './shapeField.ts';
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

export interface LeftHeart {
  readonly atrium: Atrium;
  readonly ventricle: LeftVentricle;
  readonly veins: readonly PulmonaryVein[];
  readonly appendage: AppendageBody;
  readonly plane: OstiumPlane;
  readonly truth: AppendageTruth;
  /** Thickness of the wall between atrium or appendage and neighbours, mm. */
  readonly wallMm: number;
  /** Named shapes: all blood of the atrium with appendage and vein trunks; the appendage's lumen beyond the ostium. */
  readonly blood: Shape;
  readonly lumen: Shape;
  readonly bloodField: Field;
}

/** A left upper vein along the appendage, and the wall between the two. */
export interface BesideVeinPlan extends Omit<BesideVein, 'direction'> {
  readonly wallMm: number;
  /** How near the appendage comes to it, see Surroundings. */
  readonly pressed: number;
}

const ATTEMPTS = 40;
/** An appendage whose line beyond the ostium is shorter (8 mm) is not one. */
const LEAST_LINE_POINTS = 4;

/**
 * Atrium, ventricle, veins and appendage with their common truth. An appendage whose section at the ostium is not one
 * contour of plausible size, or which touches itself, is drawn again; `RangeError` if forty in a row fail.
 */
export function buildLeftHeart(
  random: Random,
  frame: BodyFrame,
  book: ShapeBook,
  beside?: BesideVeinPlan,
): LeftHeart {
  const atrium = buildAtrium(random.fork('atrium'), frame, book);
  const ventricle = buildLeftVentricle(random.fork('ventricle'), frame, atrium, book);
  const wall = random.fork('wall');
  const drawnMm = wall.chance(0.15) ? wall.uniform(0.3, 0.8) : wall.uniform(0.8, 2);
  const wallMm = beside?.wallMm ?? drawnMm;
  // Drawn once: forms that fit less easily must not become rarer.
  const morphology = random.fork('form').weighted(MORPHOLOGY_WEIGHTS);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const draft = draftAppendage(
      random.fork(`appendage ${attempt}`),
      morphology,
      frame,
      atrium,
      ventricle,
      wallMm,
      book,
      beside,
    );
    if (draft) return finish(random, atrium, ventricle, wallMm, draft, book);
  }
  throw new RangeError('No plausible appendage could be drawn for this seed.');
}

interface Draft {
  readonly mouth: AppendageMouth;
  readonly veins: readonly PulmonaryVein[];
  readonly body: AppendageBody;
  readonly plane: OstiumPlane;
  readonly open: Shape;
  readonly ridge: Vec3;
}

function draftAppendage(
  random: Random,
  morphology: Morphology,
  frame: BodyFrame,
  atrium: Atrium,
  ventricle: LeftVentricle,
  wallMm: number,
  book: ShapeBook,
  beside: BesideVeinPlan | undefined,
): Draft | undefined {
  const ventricleField = book.field(ventricle.epicardium);
  const mouth = drawMouth(random.fork('mouth'), morphology, frame, atrium, ventricleField);
  const { veins } = buildPulmonaryVeins(random.fork('veins'), frame, atrium, {
    pointLpsMm: mouth.pointLpsMm,
    radiusMm: mouth.radiusMm * 0.85,
    ...(beside ? { beside: { ...beside, direction: mouth.axis } } : {}),
  });
  const trunks = union(...veins.map((vein) => vein.trunk));
  const atrial = smoothUnion(4, atrium.chamber, trunks);
  const atrialField = book.field(atrial);
  const trunkField = book.field(nominalPulmonaryTrunk(frame));
  const body = buildAppendageBody(random.fork('body'), mouth, {
    field: (x, y, z) => Math.min(atrialField(x, y, z), ventricleField(x, y, z), trunkField(x, y, z)),
    ...(beside
      ? { bed: book.field(veins[0]!.trunk), pressed: beside.pressed }
      : { bed: (x: number, y: number, z: number) => Math.min(ventricleField(x, y, z), trunkField(x, y, z)) }),
    wallMm,
  });
  if (!body) return undefined;
  const upper = veins[0]!;
  const ridge = ridgePoint(
    atrialField,
    atrium,
    mouth.pointLpsMm,
    upper.ostiumLpsMm,
    mouth.radiusMm,
    upper.radiusMm,
  );
  const groove = circumflexTarget(atrium, mouth.pointLpsMm);
  let plane = ostiumPlane(mouth.pointLpsMm, mouth.axis, ridge, groove);
  for (let move = 0; move < 9; move++) {
    const whole = openLumen(body, atrium, plane, wallMm, random.fork('blend').uniform(4, 7));
    // The vein keeps its round; the softer appendage gives way.
    const open = beside ? intersection(whole, complement(offset(upper.trunk, wallMm))) : whole;
    const lumen = book.field(open);
    const section = cutSection(lumen, plane, 2, 1.5);
    if (
      section.pieces === 1 &&
      section.marginPieces === 1 &&
      section.closed &&
      section.areaMm2 > 90 &&
      section.areaMm2 < 1100
    ) {
      const share = shareInAtrium(lumen, atrialField, plane, section.centreLpsMm, 1.5);
      if (share <= 0.34) {
        if (lineBeyond(body, plane).length < LEAST_LINE_POINTS || foldsBack(body, plane)) return undefined;
        return { mouth, veins, body, plane: { ...plane, pointLpsMm: section.centreLpsMm }, open, ridge };
      }
    }
    plane = { ...plane, pointLpsMm: addScaled(plane.pointLpsMm, mouth.axis, 1) };
  }
  return undefined;
}

/** Site, axis and size of the mouth: on the left front of the atrium, below and before the left upper vein. */
function drawMouth(
  random: Random,
  morphology: Morphology,
  frame: BodyFrame,
  atrium: Atrium,
  ventricle: Field,
): AppendageMouth {
  const n = random.normal;
  // A few far out of the usual sizes, so that the networks have seen them.
  const unusual = random.chance(0.05)
    ? random.uniform(0.62, 0.85)
    : random.chance(0.03)
      ? random.uniform(1.15, 1.3)
      : 1;
  const longMm = Math.max(12, n(22.9, 3.6)) * (0.7 + 0.3 * frame.atriumScale) * unusual;
  const squashFactor = Math.min(1, Math.max(0.52, n(0.8, 0.11)));
  let nominal: Vec3 = [n(0.78, 0.1, 2), n(-0.5, 0.14, 2.2), n(0.3, 0.18, 2.2)];
  const site = () =>
    surfacePoint(atrium.chamberField, atrium.centreLpsMm, frame.heartDirection(normalize(nominal)));
  let pointLpsMm = site();
  // Above the groove: a mouth that would lie on the ventricle moves up.
  for (let step = 0; step < 7 && fieldAt(ventricle, pointLpsMm) < longMm * 0.4 + 2; step++) {
    nominal = [nominal[0], nominal[1] + 0.02, nominal[2] + 0.09];
    pointLpsMm = site();
  }
  const outward = gradientAt(atrium.chamberField, pointLpsMm, 3);
  const forward = frame.heartDirection(normalize([n(0.42, 0.2), n(-0.75, 0.2), n(0.32, 0.25)]));
  const axis = scatter(
    random,
    normalize(addScaled(outward, forward, random.uniform(0.3, 1.1))),
    random.chance(0.12) ? 0.35 : 0.12,
  );
  const upright = squareTo(frame.heartDirection([0.4, 0.5, 0.2]), axis);
  return {
    morphology,
    pointLpsMm,
    axis,
    radiusMm: longMm / 2,
    squash: {
      axis: rotateAbout(upright, axis, n(0, 0.6)),
      factor: squashFactor,
    },
  };
}

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

/** What of the centre line lies more than 1 mm beyond the plane, from the first such point on. */
function lineBeyond(body: AppendageBody, plane: OstiumPlane): readonly Vec3[] {
  const from = body.centreLineLpsMm.findIndex(
    (point) => dot(subtract(point, plane.pointLpsMm), plane.normal) > 1,
  );
  return from < 0 ? [] : body.centreLineLpsMm.slice(from);
}

/** The crest between the two mouths: the atrial wall half-way, seen from the middle of the atrium. */
function ridgePoint(
  atrial: Field,
  atrium: Atrium,
  mouth: Vec3,
  vein: Vec3,
  mouthRadiusMm: number,
  veinRadiusMm: number,
): Vec3 {
  const share = (mouthRadiusMm * 0.85 + 1.5) / (mouthRadiusMm * 0.85 + veinRadiusMm + 3);
  const between: Vec3 = [
    mouth[0] + (vein[0] - mouth[0]) * share,
    mouth[1] + (vein[1] - mouth[1]) * share,
    mouth[2] + (vein[2] - mouth[2]) * share,
  ];
  const c = atrium.centreLpsMm;
  const out = normalize([between[0] - c[0], between[1] - c[1], between[2] - c[2]]);
  return surfacePoint(atrial, c, out);
}

/** The point of the mitral ring's rim, where the circumflex runs, that lies under the mouth. */
export function circumflexTarget(atrium: Atrium, mouth: Vec3): Vec3 {
  const { centreLpsMm: m, axis, radiusMm } = atrium.mitral;
  const toMouth = squareTo([mouth[0] - m[0], mouth[1] - m[1], mouth[2] - m[2]], axis);
  return addScaled(m, toMouth, radiusMm + 3);
}

function finish(
  random: Random,
  atrium: Atrium,
  ventricle: LeftVentricle,
  wallMm: number,
  draft: Draft,
  book: ShapeBook,
): LeftHeart {
  const { plane, mouth, body } = draft;
  const open = book.define('appendageOpen', draft.open);
  const beyond = halfSpace(plane.pointLpsMm, [-plane.normal[0], -plane.normal[1], -plane.normal[2]]);
  const lumen = book.define('appendageLumen', intersection(open, beyond));
  const trunks = book.define('pulmonaryVeinTrunks', union(...draft.veins.map((vein) => vein.trunk)));
  const veinBlend = random.fork('veinBlend').uniform(3, 6);
  const atrial = book.define('atriumWithVeins', smoothUnion(veinBlend, atrium.chamber, trunks));
  // Beyond the plane the appendage keeps a wall to atrium and veins: the ridge, and the folds beside the mouth.
  const carved = intersection(atrial, complement(intersection(offset(open, wallMm), offset(beyond, -0.3))));
  const blood = book.define('leftAtrialBlood', union(carved, open));
  const centreLineLpsMm = [plane.pointLpsMm, ...lineBeyond(body, plane)];
  return {
    atrium,
    ventricle,
    veins: draft.veins,
    appendage: body,
    plane,
    wallMm,
    blood,
    lumen,
    bloodField: book.field(blood),
    truth: {
      bodyShape: 'appendageOpen',
      ostiumPointLpsMm: plane.pointLpsMm,
      ostiumNormal: plane.normal,
      centreLineLpsMm,
      morphology: mouth.morphology,
      landmarksLpsMm: {
        leftSuperiorVeinRidge: draft.ridge,
        leftCircumflex: circumflexTarget(atrium, mouth.pointLpsMm),
        tip: centreLineLpsMm[centreLineLpsMm.length - 1]!,
      },
    },
  };
}
