type WithoutUndefined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * A copy of `values` without the properties that are undefined: for options that must be absent rather than undefined
 * (`exactOptionalPropertyTypes`). `{ ...withoutUndefined({ threads }) }` has `threads` only where a number was given.
 */
export const withoutUndefined = <T extends object>(values: T): WithoutUndefined<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as unknown as WithoutUndefined<T>; // fromEntries forgets the keys' names
