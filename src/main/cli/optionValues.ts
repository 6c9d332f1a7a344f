import { InvalidArgumentError } from 'commander';
import { LONGEST_NAME } from '#shared/contract/letterhead.ts';
import { MOST_TILT_DEGREES } from '#shared/contract/virtualDevice.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { toProfileStep } from '#shared/planning/profileSection.ts';
import type { AcquisitionSpacing } from '../phantom/anatomy/index.ts';
import { MOST_PHASES } from '../phantom/phantomPhases.ts';

/*
 * What options are given as text, checked and read. Each function throws commander's InvalidArgumentError with the
 * sentence that the user reads after the option's name.
 */

/** A whole number above 0. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0)
    throw new InvalidArgumentError('A whole number above 0 is needed.');
  return value;
}

/** A whole number, 0 included. */
export function nonNegativeInteger(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number, 0 or more, is needed.');
  return Number(text);
}

/** A hospital's name, as long as the application takes one. */
export function parseHospital(text: string): string {
  if (text.length > LONGEST_NAME) {
    throw new InvalidArgumentError(`At most ${LONGEST_NAME} characters fit.`);
  }
  return text;
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('A number above 0 is needed.');
  return value;
}

/** A number, 0 included. */
export function nonNegativeNumber(text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('A number, 0 or more, is needed.');
  }
  return value;
}

/** The mean edge of a mesh for simulation, mm. */
export function parseEdgeMm(text: string): number {
  const value = Number(text);
  if (!(value >= 0.3 && value <= 3)) throw new InvalidArgumentError('A number from 0.3 to 3 is needed.');
  return value;
}

/** The length of an inlet, mm; 0 for none. */
export function parseInletMm(text: string): number {
  const value = Number(text);
  if (text === '' || !(value >= 0 && value <= 100)) {
    throw new InvalidArgumentError('A number from 0 to 100 is needed.');
  }
  return value;
}

/** A surface's coarsest level has 32 cells per axis, and each finer one twice as many. */
const RESOLUTIONS = [32, 64, 128, 256, 512];

/** Cells per axis. */
export function parseResolution(text: string): number {
  const value = Number(text);
  if (!RESOLUTIONS.includes(value)) {
    throw new InvalidArgumentError(`One of ${RESOLUTIONS.join(', ')} is needed.`);
  }
  return value;
}

export const DEVICES_FOLDER = 'folder of device tables that replaces the bundled ones (see docs/planning.md)';
export const LANDING_ZONE =
  'where devices land, mm beyond the ostium along the centre line; by default where each table says';

/** A landing zone's distance, mm, rounded to what a profile has. */
export function parseLandingZone(text: string): number {
  return toProfileStep(positiveNumber(text));
}

/** The tilt of a device against the centre line, degrees: `10,-5`. */
export function parseTilt(text: string): [number, number] {
  const [first = Number.NaN, second = Number.NaN, ...more] = text.split(',').map(Number);
  const isPossible = (value: number): boolean => Math.abs(value) <= MOST_TILT_DEGREES;
  if (more.length > 0 || !isPossible(first) || !isPossible(second)) {
    throw new InvalidArgumentError(
      `Two angles from −${MOST_TILT_DEGREES} to ${MOST_TILT_DEGREES} are needed, for example 10,-5.`,
    );
  }
  return [first, second];
}

/** An angle of a whole turn, degrees. */
export function parseDegrees(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(Math.abs(value) <= 360)) {
    throw new InvalidArgumentError('A number from -360 to 360 is needed.');
  }
  return value;
}

/** A window in HU, as readers write it: `800/250`. */
export function parseWindow(text: string): { readonly widthHu: number; readonly centreHu: number } {
  const [widthHu = Number.NaN, centreHu = Number.NaN, ...more] = text.split('/').map(Number);
  if (more.length > 0 || !(widthHu > 0) || !Number.isFinite(widthHu) || !Number.isFinite(centreHu)) {
    throw new InvalidArgumentError('Width and centre in HU are needed, for example 800/250.');
  }
  return { widthHu, centreHu };
}

/** A point, LPS mm: `45.2,70,431`. */
export function parsePoint(text: string): Vec3 {
  const values = text.split(',').map(Number);
  const [x, y, z] = values;
  if (
    values.length !== 3 ||
    x === undefined ||
    y === undefined ||
    z === undefined ||
    !values.every(Number.isFinite)
  ) {
    throw new InvalidArgumentError('Three numbers are needed, for example 45.2,70,431.');
  }
  return [x, y, z];
}

export const HIGHEST_SEED = 2 ** 32 - 1;

/** A phantom's seed. */
export function parseSeed(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > HIGHEST_SEED) {
    throw new InvalidArgumentError('A whole number from 0 to 4294967295 is needed.');
  }
  return value;
}

/** A number of phantoms. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 10_000) {
    throw new InvalidArgumentError('A whole number from 1 to 10000 is needed.');
  }
  return value;
}

/** Phases of a heart cycle that a phantom is given. */
export function parsePhases(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_PHASES) {
    throw new InvalidArgumentError(`A whole number from 1 to ${MOST_PHASES} is needed.`);
  }
  return value;
}

/** Spacing in the plane and between slices, mm: `0.45,0.6`. */
export function parseSpacing(text: string): AcquisitionSpacing {
  const [inPlaneMm = Number.NaN, sliceMm = Number.NaN, ...more] = text.split(',').map(Number);
  const isUsual = (value: number): boolean => value >= 0.2 && value <= 5;
  if (more.length > 0 || !isUsual(inPlaneMm) || !isUsual(sliceMm)) {
    throw new InvalidArgumentError('Two numbers from 0.2 to 5 mm are needed, for example 0.45,0.6.');
  }
  return { inPlaneMm, sliceMm };
}

/** Columns, rows and slices: `512x512x280`. */
export function parseSize(text: string): Vec3 {
  const values = text.split(/[x×,]/).map(Number);
  const [columns = 0, rows = 0, slices = 0] = values;
  const isUsual = (value: number): boolean => Number.isInteger(value) && value >= 2 && value <= 2048;
  if (values.length !== 3 || !values.every(isUsual)) {
    throw new InvalidArgumentError('Columns, rows and slices are needed, for example 512x512x280.');
  }
  return [columns, rows, slices];
}

/** What `--resample-uneven` does. */
export const RESAMPLE_UNEVEN =
  'resample slices of uneven steps, and across missing ones; otherwise they are refused';
