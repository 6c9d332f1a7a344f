/** A value of a Python literal: what the header of a `.npy` file is written in. Tuples and lists are arrays alike. */
export type PythonLiteral =
  | string
  | number
  | boolean
  | null
  | readonly PythonLiteral[]
  | ReadonlyMap<PythonLiteral, PythonLiteral>;

const SPACE = /\s*/y;
const NUMBER = /[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)L?/y;
const WORD = /[A-Za-z_]+/y;
/** Literals within literals deeper than this are no header. */
const MOST_LEVELS = 32;

/**
 * Reads one Python literal: dictionary, list, tuple, string, number, True, False, None.
 * `"{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }"` gives a map of three entries.
 * @throws SyntaxError where the text is anything else
 */
export function parsePythonLiteral(text: string): PythonLiteral {
  let at = 0;
  const fail = (): never => {
    throw new SyntaxError(`No Python literal at character ${at}.`);
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const next = (character: string): boolean => {
    match(SPACE);
    if (text[at] !== character) return false;
    at++;
    return true;
  };

  const string = (quote: string): string => {
    let value = '';
    for (;;) {
      const character = text[at++];
      if (character === undefined || character === '\n') return fail();
      if (character === quote) return value;
      // Names of fields hold at most escaped quotes and backslashes.
      value += character === '\\' ? (text[at++] ?? fail()) : character;
    }
  };

  /** Items up to the closing bracket, a comma after each but perhaps the last. */
  const items = <T>(close: string, item: () => T): { values: T[]; hasComma: boolean } => {
    const values: T[] = [];
    let hasComma = false;
    while (!next(close)) {
      values.push(item());
      if (next(',')) hasComma = true;
      else if (next(close)) break;
      else fail();
    }
    return { values, hasComma };
  };

  const value = (levels: number): PythonLiteral => {
    if (levels === 0) return fail();
    const inner = (): PythonLiteral => value(levels - 1);
    if (next('{')) {
      const { values } = items('}', (): [PythonLiteral, PythonLiteral] => {
        const key = inner();
        if (!next(':')) fail();
        return [key, inner()];
      });
      return new Map(values);
    }
    if (next('[')) return items(']', inner).values;
    if (next('(')) {
      const { values, hasComma } = items(')', inner);
      // (3) is a number in brackets, (3,) a tuple.
      return values.length === 1 && !hasComma ? values[0]! : values;
    }
    if (next("'")) return string("'");
    if (next('"')) return string('"');
    const number = match(NUMBER);
    if (number !== undefined) return Number(number.replace('L', ''));
    switch (match(WORD)) {
      case 'True':
        return true;
      case 'False':
        return false;
      case 'None':
        return null;
      default:
        return fail();
    }
  };

  const result = value(MOST_LEVELS);
  match(SPACE);
  return at === text.length ? result : fail();
}
