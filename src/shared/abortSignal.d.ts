/**
 * The part of the platform's AbortSignal that shared code reads. Node and browsers declare the whole; this room knows
 * neither, and the declarations merge.
 */
interface AbortSignal {
  readonly aborted: boolean;
}
