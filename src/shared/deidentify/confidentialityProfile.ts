import table from './confidentialityProfile.json' with { type: 'json' };

/** What becomes of an attribute. `pseudonym` is the dummy of those that tell patients apart. */
export type Action = 'remove' | 'empty' | 'dummy' | 'pseudonym' | 'uid' | 'keep';

/** Options of PS3.15 table E.1-1; each is named in the files. */
export interface DeidentifyOptions {
  /** Dates and times: left out, kept, or moved by the same number of days for all of a patient's files. */
  readonly dates: 'removed' | 'kept' | 'moved';
  readonly keepUids: boolean;
  /** Sex, age, size, weight, ethnic group, allergies, smoking, pregnancy. */
  readonly keepPatientCharacteristics: boolean;
  /** Serial numbers and names of scanners. */
  readonly keepDevice: boolean;
  readonly keepInstitution: boolean;
  /** Descriptions of study, series and protocol, of which only words of imaging are kept. */
  readonly cleanDescriptors: boolean;
}

export const BASIC_PROFILE: DeidentifyOptions = {
  dates: 'removed',
  keepUids: false,
  keepPatientCharacteristics: false,
  keepDevice: false,
  keepInstitution: false,
  cleanDescriptors: false,
};

const tagOf = (hex: string): number => Number.parseInt(hex, 16);
const tags = (list: readonly string[]): ReadonlySet<number> => new Set(list.map(tagOf));

const ACTIONS: ReadonlyMap<number, Action> = new Map(
  Object.entries(table.actions).flatMap(([action, list]) =>
    list.map((hex) => [tagOf(hex), action as Action] as const),
  ),
);

const OF_OPTION = {
  dates: tags(table.options.dates),
  patient: tags(table.options.patient),
  device: tags(table.options.device),
  institution: tags(table.options.institution),
  descriptors: tags(table.options.descriptors),
};

/** Every attribute of the table, for tests. */
export const PROFILE_TAGS: ReadonlySet<number> = new Set(ACTIONS.keys());

/** Curves (50xx) and the comments and data of overlays (60xx). */
const isInMask = (tag: number): boolean => {
  const group = Math.floor(tag / 0x10000);
  const element = tag % 0x10000;
  if (group >= 0x5000 && group <= 0x50ff) return true;
  return group >= 0x6000 && group <= 0x60ff && (element === 0x3000 || element === 0x4000);
};

export const isDate = (tag: number): boolean => OF_OPTION.dates.has(tag);
export const isDescriptor = (tag: number): boolean => OF_OPTION.descriptors.has(tag);

/**
 * What the profile with its options makes of an attribute; undefined where the table does not have it. Private
 * attributes are not asked for: they go.
 */
export function profileAction(tag: number, options: DeidentifyOptions): Action | undefined {
  const action = ACTIONS.get(tag) ?? (isInMask(tag) ? 'remove' : undefined);
  if (action === undefined) return undefined;
  const isKept =
    (options.dates !== 'removed' && OF_OPTION.dates.has(tag)) ||
    (options.keepUids && action === 'uid') ||
    (options.keepPatientCharacteristics && OF_OPTION.patient.has(tag)) ||
    (options.keepDevice && OF_OPTION.device.has(tag)) ||
    (options.keepInstitution && OF_OPTION.institution.has(tag)) ||
    (options.cleanDescriptors && OF_OPTION.descriptors.has(tag));
  if (!isKept) return action;
  // A device's UID that is kept would be the same in every file of the world.
  return action === 'uid' && !options.keepUids ? 'uid' : 'keep';
}

/** Codes of what was done (PS3.16 CID 7050). */
export function methodCodes(options: DeidentifyOptions): (readonly [code: string, meaning: string])[] {
  return [
    ['113100', 'Basic Application Confidentiality Profile'],
    ...(options.cleanDescriptors ? ([['113105', 'Clean Descriptors Option']] as const) : []),
    ...(options.dates === 'kept'
      ? ([['113106', 'Retain Longitudinal Temporal Information Full Dates Option']] as const)
      : []),
    ...(options.dates === 'moved'
      ? ([['113107', 'Retain Longitudinal Temporal Information Modified Dates Option']] as const)
      : []),
    ...(options.keepPatientCharacteristics
      ? ([['113108', 'Retain Patient Characteristics Option']] as const)
      : []),
    ...(options.keepDevice ? ([['113109', 'Retain Device Identity Option']] as const) : []),
    ...(options.keepUids ? ([['113110', 'Retain UIDs Option']] as const) : []),
    ...(options.keepInstitution ? ([['113112', 'Retain Institution Identity Option']] as const) : []),
  ];
}
