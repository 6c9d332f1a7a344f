import type { FieldKind } from '../declaration.ts';
import { type Failure, type FailureCode, failure, fieldsOfFailure } from '../failure.ts';

const REASON = failure('rpc.not-connected');

const sampleOf = (kind: FieldKind): unknown => {
  switch (kind) {
    case 'text':
      return 'Sample';
    case 'number':
    case 'numberOrNull':
      return 3;
    case 'numbers':
      return [1, 2];
    case 'flag':
      return true;
    case 'failure':
      return REASON;
    case 'failures':
      return [REASON, REASON];
    default:
      return kind[0];
  }
};

/** A failure of a code with some value in each field. */
export function sampleFailure(code: FailureCode): Failure {
  const fields = Object.fromEntries(
    Object.entries(fieldsOfFailure(code)).map(([name, kind]) => [name, sampleOf(kind)]),
  );
  // Made by the code's own declaration, which `isFailure` checks in the tests.
  return { code, fields } as unknown as Failure;
}
