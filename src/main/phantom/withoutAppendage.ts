import { LABELS, type PhantomScene } from './scene.ts';

/** Epicardial fat in a contrast scan, HU. */
const FAT_HU = -80;

/** A heart whose appendage was closed or removed: fat lies in its place. */
export const withoutAppendage = (scene: PhantomScene): PhantomScene => ({
  ...scene,
  tissues: scene.tissues.map((tissue) =>
    tissue.label === LABELS.appendage || tissue.label === LABELS.thrombus
      ? { ...tissue, hu: { baseHu: FAT_HU } }
      : tissue,
  ),
});
