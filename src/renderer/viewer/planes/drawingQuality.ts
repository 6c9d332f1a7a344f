import type { PlanePane } from './planePane.ts';

/** While something moves a picture may take this long, ms; slower ones get fewer samples. */
const MOVING_PICTURE_MS = 16;
/** A resting picture that takes longer than this (a thick oblique slab) is drawn with fewer samples. */
const SLOW_REST_MS = 250;
const SLOW_REST_SHARE = 0.7;
/** The fewest samples each way, as a share of those at rest. */
const COARSEST = 0.3;

/** Samples each way, as a share, so that a picture is ready in time; in steps, because each change costs a picture. */
export function movingQuality(fullMilliseconds: number): number {
  if (fullMilliseconds <= MOVING_PICTURE_MS) return 1;
  const share = Math.sqrt(MOVING_PICTURE_MS / fullMilliseconds);
  return share > 0.7 ? 0.7 : share > 0.5 ? 0.5 : COARSEST;
}

/** Draws a pane at rest: as finely as the time allows that a person does not notice as a stall. */
export function drawAtRest(pane: {
  readonly draw: PlanePane['draw'];
  readonly picture: Pick<PlanePane['picture'], 'fullMilliseconds'>;
}): void {
  const isSlow = (): boolean => pane.picture.fullMilliseconds() > SLOW_REST_MS;
  if (!isSlow()) {
    pane.draw(1);
    return;
  }
  pane.draw(SLOW_REST_SHARE);
  // Only the picture before was slow (its slab was thick, this one is thin): this one need not stay coarse.
  if (!isSlow()) pane.draw(1);
}
