import { annotationsFailures } from './annotationsFailures.ts';
import { cliFailures } from './cliFailures.ts';
import { cohortFailures } from './cohortFailures.ts';
import type { FailureDeclarations, FieldKind } from './declaration.ts';
import { dicomFailures } from './dicomFailures.ts';
import { engineFailures } from './engineFailures.ts';
import { evaluationFailures } from './evaluationFailures.ts';
import { exportFailures } from './exportFailures.ts';
import { filesFailures } from './filesFailures.ts';
import { measureFailures } from './measureFailures.ts';
import { meshingFailures } from './meshingFailures.ts';
import { modelsFailures } from './modelsFailures.ts';
import { networkFailures } from './networkFailures.ts';
import { numpyFailures } from './numpyFailures.ts';
import { objectsFailures } from './objectsFailures.ts';
import { pageFailures } from './pageFailures.ts';
import { phantomFailures } from './phantomFailures.ts';
import { pipelineFailures } from './pipelineFailures.ts';
import { planningFailures } from './planningFailures.ts';
import { predictionFailures } from './predictionFailures.ts';
import { preparationFailures } from './preparationFailures.ts';
import { programFailures } from './programFailures.ts';
import { pytorchFailures } from './pytorchFailures.ts';
import { remeshingFailures } from './remeshingFailures.ts';
import { reportFailures } from './reportFailures.ts';
import { reviewFailures } from './reviewFailures.ts';
import { rpcFailures } from './rpcFailures.ts';
import { seriesFailures } from './seriesFailures.ts';
import { storageFailures } from './storageFailures.ts';
import { storedFailures } from './storedFailures.ts';
import { studiesFailures } from './studiesFailures.ts';
import { trainingFailures } from './trainingFailures.ts';

/** Every failure, refusal and warning of the program, room by room. A code that was released keeps its meaning. */
const declarations = {
  ...dicomFailures,
  ...seriesFailures,
  ...studiesFailures,
  ...networkFailures,
  ...numpyFailures,
  ...cliFailures,
  ...measureFailures,
  ...annotationsFailures,
  ...meshingFailures,
  ...remeshingFailures,
  ...reviewFailures,
  ...evaluationFailures,
  ...exportFailures,
  ...reportFailures,
  ...objectsFailures,
  ...filesFailures,
  ...modelsFailures,
  ...engineFailures,
  ...pipelineFailures,
  ...phantomFailures,
  ...planningFailures,
  ...predictionFailures,
  ...preparationFailures,
  ...cohortFailures,
  ...trainingFailures,
  ...storageFailures,
  ...pageFailures,
  ...programFailures,
  ...pytorchFailures,
  ...rpcFailures,
  ...storedFailures,
} as const satisfies FailureDeclarations;

type FieldValue<K extends FieldKind> = K extends 'text'
  ? string
  : K extends 'number'
    ? number
    : K extends 'numberOrNull'
      ? number | null
      : K extends 'numbers'
        ? readonly number[]
        : K extends 'flag'
          ? boolean
          : K extends 'failure'
            ? Failure
            : K extends 'failures'
              ? readonly Failure[]
              : K extends readonly string[]
                ? K[number]
                : never;

type Declarations = typeof declarations;

/** The fields of each code. */
export type Failures = {
  readonly [C in keyof Declarations]: {
    readonly [F in keyof Declarations[C]]: Declarations[C][F] extends FieldKind
      ? FieldValue<Declarations[C][F]>
      : never;
  };
};

export type FailureCode = keyof Failures;

/**
 * What went wrong or must be known, as plain data: a code such as `dicom.gantry-tilt` and its fields, which may hold
 * another failure as the reason. Words are found for it at the edge (`words`), never compared.
 */
export type Failure<C extends FailureCode = FailureCode> = {
  [K in C]: { readonly code: K; readonly fields: Failures[K] };
}[C];

type FieldsArgument<C extends FailureCode> =
  Record<never, never> extends Failures[C] ? [] : [fields: Failures[C]];

/** `failure('rpc.not-connected')`, `failure('dicom.not-ct', { modality: 'MR' })`. */
export function failure<C extends FailureCode>(code: C, ...[fields]: FieldsArgument<C>): Failure<C> {
  // One member of the union for each code: the compiler does not join the two parameters to one of them.
  return { code, fields: fields ?? {} } as Failure<C>;
}

/** The same list without repetitions. */
export function distinctFailures(failures: readonly Failure[]): Failure[] {
  const byContent = new Map(failures.map((one) => [JSON.stringify(one), one]));
  return [...byContent.values()];
}

/** Whether both say the same. */
export const sameFailure = (a: Failure, b: Failure): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether one of them says the same. */
export const includesFailure = (failures: readonly Failure[], wanted: Failure): boolean =>
  failures.some((one) => sameFailure(one, wanted));

/** The codes, for checks and tests. */
export const failureCodes = Object.keys(declarations) as readonly FailureCode[];

/** How a code's fields are declared. */
export const fieldsOfFailure = (code: FailureCode): Readonly<Record<string, FieldKind>> => declarations[code];

/** Whether none of its fields, nor those of the reasons in it, is a text: no name of a patient or a file can be in it. */
export const isNameless = ({ code, fields }: Failure): boolean =>
  Object.entries(fieldsOfFailure(code)).every(([name, kind]) => {
    if (kind === 'text') return false;
    if (kind !== 'failure' && kind !== 'failures') return true;
    // Declared to be failures, which the compiler does not follow through the code.
    const within = (fields as Record<string, unknown>)[name] as Failure | readonly Failure[];
    return [within].flat().every(isNameless);
  });

/** Reasons within reasons deeper than this are not failures of ours. */
const MOST_LEVELS = 8;

/** Whether data from elsewhere is a failure: a known code, all its fields and no others, each of its kind. */
export const isFailure = (value: unknown): value is Failure => isFailureWithin(value, MOST_LEVELS);

function isFailureWithin(value: unknown, levels: number): boolean {
  if (levels === 0 || !isRecord(value) || Object.keys(value).length !== 2) return false;
  const { code, fields } = value;
  if (typeof code !== 'string' || !Object.hasOwn(declarations, code) || !isRecord(fields)) return false;
  const kinds = Object.entries(fieldsOfFailure(code as FailureCode));
  return (
    kinds.length === Object.keys(fields).length &&
    kinds.every(([name, kind]) => Object.hasOwn(fields, name) && isOfKind(fields[name], kind, levels))
  );
}

function isOfKind(value: unknown, kind: FieldKind, levels: number): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'numberOrNull':
      return value === null || typeof value === 'number';
    case 'numbers':
      return Array.isArray(value) && value.every((one) => typeof one === 'number');
    case 'flag':
      return typeof value === 'boolean';
    case 'failure':
      return isFailureWithin(value, levels - 1);
    case 'failures':
      return Array.isArray(value) && value.every((one) => isFailureWithin(one, levels - 1));
    default:
      return typeof value === 'string' && kind.includes(value);
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
