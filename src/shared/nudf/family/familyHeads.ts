/**
 * What a network of the family gives at a point, output by output:
 * - `unsigned`: the distance to the open wall, of no sign;
 * - `signed`: the distance to a closed surface, negative inside;
 * - `class`: a number above 0 where the nearest tissue is the appendage's and below 0 where it is not.
 * Exactly one of them is a distance.
 */
export type FamilyHead = 'unsigned' | 'signed' | 'class';

export const FAMILY_HEADS = ['unsigned', 'signed', 'class'] as const satisfies readonly FamilyHead[];

const isHead = (text: string): text is FamilyHead => (FAMILY_HEADS as readonly string[]).includes(text);

/** `signed,class` → its heads; undefined where the text is no list of heads with exactly one distance. */
export function parseFamilyHeads(text: string): readonly FamilyHead[] | undefined {
  const heads = text.split(',').map((name) => name.trim());
  return heads.every(isHead) && areFamilyHeads(heads) ? heads : undefined;
}

/** Whether a list has exactly one distance and at most one class. */
export const areFamilyHeads = (heads: readonly FamilyHead[]): boolean =>
  heads.filter((head) => head !== 'class').length === 1 && heads.length <= 2;

/** What networks of so many outputs are known to give: the paper's one, the later public one two. */
export const usualHeads = (outputs: 1 | 2): readonly FamilyHead[] =>
  outputs === 1 ? ['unsigned'] : ['signed', 'class'];
