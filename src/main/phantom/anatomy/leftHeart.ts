import type { Vec3 } from '#shared/geometry/vec3.ts';
import type { Random } from '#shared/random/random.ts';
import type { AppendageTruth, Shape } from '../scene.ts';
import type { AppendageBody } from './appendage.ts';
import {
  type AppendageDraft,
  type AppendageSetting,
  type BesideVeinPlan,
  draftAppendage,
  lineBeyond,
} from './appendageDraft.ts';
import type { MouthPlan } from './appendageMouth.ts';
import { MORPHOLOGY_WEIGHTS } from './appendagePlan.ts';
import { type Atrium, buildAtrium } from './atrium.ts';
import type { BodyFrame } from './bodyFrame.ts';
import { buildLeftVentricle, type LeftVentricle } from './leftVentricle.ts';
import type { OstiumPlane } from './ostium.ts';
import type { PulmonaryVein } from './pulmonaryVeins.ts';
import type { Field } from './shapeField.ts';
import { complement, halfSpace, intersection, offset, type ShapeBook, smoothUnion, union } from './shapes.ts';

/** How a heart differs from the usual ones (wideVariety.ts). */
export interface HeartVariation {
  /** See drawBodyFrame. */
  readonly tiltFactor?: number | undefined;
  readonly beside?: BesideVeinPlan | undefined;
  readonly mouth?: MouthPlan | undefined;
  /** See buildAtrium. */
  readonly ringShiftMm?: Vec3 | undefined;
  /** Whether drafts are drawn again until the ostium is sound (soundOstium.ts). */
  readonly soundOstium?: boolean | undefined;
}

export interface LeftHeart {
  readonly atrium: Atrium;
  readonly ventricle: LeftVentricle;
  readonly veins: readonly PulmonaryVein[];
  readonly appendage: AppendageBody;
  readonly plane: OstiumPlane;
  /** Where the circumflex artery passes under the appendage's mouth, LPS mm; on the plane. */
  readonly circumflexLpsMm: Vec3;
  readonly truth: AppendageTruth;
  /** Thickness of the wall between atrium or appendage and neighbours, mm. */
  readonly wallMm: number;
  /** Named shapes: all blood of the atrium with appendage and vein trunks; the appendage's lumen beyond the ostium. */
  readonly blood: Shape;
  readonly lumen: Shape;
  readonly bloodField: Field;
  /** Where atrium and veins give way to the appendage's wall. */
  readonly appendageWall: Shape;
}

/**
 * Drafts that are made until one is sound: the first as they are drawn, then with a usual mouth and no vein over it,
 * then with no vein along it either, the last, where the ostium must be sound, with a high mouth.
 */
const ATTEMPTS = { varied: 60, besideVein: 80, usualMouth: 160, all: 240 } as const;
/** The wall between atrium or appendage and their neighbours, mm: at and, in some, below what CT resolves. */
const WALL = { thinChance: 0.4, thinMm: [0.3, 0.8], usualMm: [0.8, 1.6] } as const;

/** No phantom can be drawn from a seed: no draft of its appendage was sound. Hardly any seed is so. */
export class UndrawableSeedError extends RangeError {
  override readonly name = 'UndrawableSeedError';
}

/**
 * Atrium, ventricle, veins and appendage with their common truth. An appendage whose section at the ostium is not one
 * contour of plausible size, or which touches itself, is drawn again.
 * @throws UndrawableSeedError where all attempts fail
 */
export function buildLeftHeart(
  random: Random,
  frame: BodyFrame,
  book: ShapeBook,
  { beside, mouth, ringShiftMm, soundOstium = false }: HeartVariation = {},
): LeftHeart {
  const atrium = buildAtrium(random.fork('atrium'), frame, book, ringShiftMm);
  const ventricle = buildLeftVentricle(random.fork('ventricle'), frame, atrium, book);
  const wall = random.fork('wall');
  const [leastMm, mostMm] = wall.chance(WALL.thinChance) ? WALL.thinMm : WALL.usualMm;
  const drawnMm = wall.uniform(leastMm, mostMm);
  const wallMm = beside?.wallMm ?? drawnMm;
  // Drawn once: forms that fit less easily must not become rarer.
  const morphology = random.fork('form').weighted(MORPHOLOGY_WEIGHTS);
  const setting: AppendageSetting = {
    morphology,
    frame,
    atrium,
    ventricle,
    wallMm,
    book,
    beside,
    mouthPlan: mouth,
    soundOstium,
  };
  for (let attempt = 0; attempt < ATTEMPTS.all; attempt++) {
    const draft = draftAppendage(random.fork(`appendage ${attempt}`), settingOf(setting, attempt));
    if (draft) return joinAtrium(setting, draft);
  }
  throw new UndrawableSeedError('No plausible appendage could be drawn for this seed.');
}

/** Off a ventricle that reaches up to where mouths usually lie. */
const HIGH_MOUTH: MouthPlan = { upright: true, shoulder: false };

/** The setting that an attempt draws with: less varied, the more have failed. */
function settingOf(setting: AppendageSetting, attempt: number): AppendageSetting {
  if (attempt < ATTEMPTS.varied) return setting;
  const high = attempt >= ATTEMPTS.usualMouth && setting.soundOstium;
  const withUsualMouth = { ...setting, mouthPlan: high ? HIGH_MOUTH : undefined };
  if (attempt >= ATTEMPTS.besideVein) return { ...withUsualMouth, beside: undefined };
  return { ...withUsualMouth, beside: setting.beside && { ...setting.beside, over: 0 } };
}

/** Carves the appendage's wall out of atrium and veins, names the shapes and states the truth. */
function joinAtrium({ atrium, ventricle, wallMm, book }: AppendageSetting, draft: AppendageDraft): LeftHeart {
  const { plane, mouth, body } = draft;
  const open = book.define('appendageOpen', draft.open);
  const beyond = halfSpace(plane.pointLpsMm, [-plane.normal[0], -plane.normal[1], -plane.normal[2]]);
  const lumen = book.define('appendageLumen', intersection(open, beyond));
  const trunks = book.define('pulmonaryVeinTrunks', union(...draft.veins.map((vein) => vein.trunk)));
  const atrial = book.define('atriumWithVeins', smoothUnion(draft.veinBlendMm, atrium.chamber, trunks));
  // Beyond the plane the appendage keeps a wall to atrium and veins: the ridge, and the folds beside the mouth.
  const appendageWall = intersection(offset(open, wallMm), offset(beyond, -0.3));
  const carved = intersection(atrial, complement(appendageWall));
  const blood = book.define('leftAtrialBlood', union(carved, open));
  const centreLineLpsMm = [plane.pointLpsMm, ...lineBeyond(body, plane)];
  return {
    atrium,
    ventricle,
    veins: draft.veins,
    appendage: body,
    plane,
    circumflexLpsMm: draft.circumflex,
    wallMm,
    blood,
    lumen,
    bloodField: book.field(blood),
    appendageWall,
    truth: {
      bodyShape: 'appendageOpen',
      ostiumPointLpsMm: plane.pointLpsMm,
      ostiumNormal: plane.normal,
      centreLineLpsMm,
      morphology: mouth.morphology,
      landmarksLpsMm: {
        leftSuperiorVeinRidge: draft.ridge,
        leftCircumflex: draft.circumflex,
        tip: centreLineLpsMm[centreLineLpsMm.length - 1]!,
      },
    },
  };
}
