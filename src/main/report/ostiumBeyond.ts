import type { Failure } from '#shared/failures/failure.ts';

/** How far a reader moved the ostium beyond the one that was found, and how much of its outline is on no wall. */
export interface OstiumBeyond {
  readonly mm: number;
  readonly openShare: number;
}

/** Read off what is said of the surface; null where the ostium lies within it. */
export function ostiumBeyond(warnings: readonly Failure[]): OstiumBeyond | null {
  for (const warning of warnings) if (warning.code === 'meshing.ostium-in-atrium') return warning.fields;
  return null;
}
