/** The code of an error of the operating system, such as `ENOSPC`; undefined for any other error. */
export function systemCodeOf(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  // Node's own codes, as ERR_INVALID_ARG_TYPE, have an underscore, and name a mistake in the program.
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/** Whether a file or folder is not there. */
export const isMissing = (thrown: unknown): boolean => systemCodeOf(thrown) === 'ENOENT';
