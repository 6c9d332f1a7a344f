/** The code of an error of the operating system, such as `ENOSPC`; undefined for any other error. */
export const systemCodeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'syscall' in thrown && 'code' in thrown ? String(thrown.code) : undefined;
