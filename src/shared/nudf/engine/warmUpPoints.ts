/**
 * Numbers of points for which a graphics processor has programs of their own: the decoder's layers are multiplied in other
 * tiles, and more of the levels before they are sampled.
 */
export const WARM_UP_POINTS: readonly number[] = [1, 2048, 5000, 10_000, 14_000];
