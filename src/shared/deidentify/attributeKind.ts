import table from './attributeKinds.json' with { type: 'json' };

/** What the dictionary says of an attribute's values. Numbers include dates, times and tags. */
export type AttributeKind = 'sequence' | 'uid' | 'name' | 'number' | 'bytes';

const KINDS: ReadonlyMap<number, AttributeKind> = new Map(
  Object.entries(table.kinds).flatMap(([kind, groups]) =>
    Object.entries(groups).flatMap(([group, elements]) =>
      elements
        .split(' ')
        .map((element) => [Number.parseInt(group + element, 16), kind as AttributeKind] as const),
    ),
  ),
);

/**
 * What the dictionary says; undefined for texts, and for what it does not know. A file's own labels do not tell: Implicit
 * VR has none, and some writers label sequences as bytes.
 */
export function attributeKind(tag: number): AttributeKind | undefined {
  const group = Math.floor(tag / 0x10000);
  const isOverlay = group >= 0x6000 && group <= 0x60ff;
  return KINDS.get(isOverlay ? 0x60000000 + (tag % 0x10000) : tag);
}
