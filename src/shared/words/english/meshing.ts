import type { meshingFailures } from '../../failures/meshingFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const volumeText = (volumeMl: number): string =>
  volumeMl < 0.01 ? 'less than 0.01 mL' : `${volumeMl.toFixed(volumeMl < 0.1 ? 2 : 1)} mL`;

export const meshingWords: WordsFor<keyof typeof meshingFailures> = {
  'meshing.nothing-to-compare': () => 'One of the meshes is empty; there is nothing to compare.',
  'meshing.uncuttable': () => 'The surface cannot be cut cleanly at this plane: move or tilt it slightly.',
  'meshing.plane-misses-lumen': () => 'The plane does not cross the lumen; move it onto the appendage.',
  'meshing.nothing-beyond-plane': () => 'Nothing of the appendage lies beyond this plane.',
  'meshing.too-little-left': () => 'The plane leaves less than 0.1 mL of the appendage.',
  'meshing.nothing-labelled': () => 'Nothing is segmented: paint the appendage first, or undo.',
  'meshing.labels-too-thin': () =>
    'The segmentation is too thin for a surface: paint more of the appendage, or undo.',
  'meshing.stopped': () =>
    'The surface computation stopped unexpectedly. None of your work is lost; try again.',

  'meshing.no-ostium': () => 'No ostium could be delineated: ostium and depth are withheld.',
  'meshing.volume-unusual': ({ volumeMl }) =>
    `A volume of ${volumeMl.toFixed(1)} mL is unusual for an appendage: check the surface.`,
  'meshing.ostium-unusual': ({ areaMm2 }) =>
    `An ostium of ${areaMm2.toFixed(0)} mm² is unusual: check its plane.`,
  'meshing.pieces-left-out': ({ pieces, volumeMl }) =>
    pieces === 1
      ? `A disconnected fragment (${volumeText(volumeMl)}) was excluded.`
      : `${pieces} disconnected fragments (${volumeText(volumeMl)}) were excluded.`,
  'meshing.drawn-anew': () =>
    'The edits could not be applied locally: the whole surface was recomputed, and all measurements may change slightly.',
  'meshing.drawn-from-voxels': () =>
    'Most of the segmentation was edited: the surface was computed from the voxels alone, and the ostium is only as exact as they are.',
  'meshing.rim-edited': () => 'An edit reaches the ostial rim, which was recut at its plane.',
  'meshing.edit-at-ostium': () =>
    'Edits within the ostial rim have no effect: the surface ends at the ostial plane. Move the plane instead.',
  'meshing.plane-misses-appendage': () => 'The plane does not reach the appendage: no ostium is reported.',
  'meshing.ostium-in-atrium': ({ mm, openShare }) =>
    `The ostium lies ${mm.toFixed(1)} mm beyond the one that was found, towards the atrium, as far as a coarse network sees the atrium's wall${openShare < 0.05 ? '' : `; ${(100 * openShare).toFixed(0)} % of its outline lie on no wall, but on a funnel of 45°`}. Check it in the planes.`,
  'meshing.too-far-into-atrium': ({ mostMm }) =>
    `The ostial plane lies more than ${mostMm.toFixed(0)} mm beyond the ostium that was found. Only so far the atrium is followed.`,
  'meshing.opens-into-atrium': () =>
    'Here the ostial plane cuts the left atrium itself, not a neck: its section is no ostium.',
  'meshing.atrium-not-joined': () =>
    'The left atrium could not be joined to the surface here. Move the plane a little, or tilt it less.',
  'meshing.own-end-taken': () =>
    'The ostial plane lies outside of the segmented lumen; the end of the surface was taken as the ostium.',
  'meshing.continued-to-plane': ({ outsideMm }) =>
    `The plane lies up to ${outsideMm.toFixed(1)} mm outside of the segmented lumen, which was extended straight to it.`,
  'meshing.plane-partly-outside': () =>
    'Part of the plane lies far outside of the segmented lumen; the ostium is where the plane crosses it.',
  'meshing.cut-off-beside': ({ volumeMl }) =>
    `The plane cuts off ${volumeMl.toFixed(1)} mL beside the ostium, which were excluded.`,
};
