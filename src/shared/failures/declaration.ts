/**
 * How a failure's fields are declared: `text` a string, `number`, `numberOrNull`, `numbers`,
 * `flag` a boolean, `failure` another failure as the
 * reason, `failures` several of them, or one of a few words. Literals, so that types and checks come from one place.
 */
export type FieldKind =
  | 'text'
  | 'number'
  | 'numberOrNull'
  | 'numbers'
  | 'flag'
  | 'failure'
  | 'failures'
  | readonly [string, string, ...string[]];

/** The failures of one room: each code with its fields. */
export type FailureDeclarations = Readonly<Record<string, Readonly<Record<string, FieldKind>>>>;
