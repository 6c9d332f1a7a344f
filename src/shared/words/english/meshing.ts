import type { meshingFailures } from '../../failures/meshingFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const volumeText = (volumeMl: number): string =>
  volumeMl < 0.01 ? 'less than 0.01 mL' : `${volumeMl.toFixed(volumeMl < 0.1 ? 2 : 1)} mL`;

export const meshingWords: WordsFor<keyof typeof meshingFailures> = {
  'meshing.nothing-to-compare': () => 'One of the meshes is empty; there is nothing to compare.',
  'meshing.uncuttable': () => 'The surface cannot be cut cleanly at this plane; move or tilt it a little.',
  'meshing.plane-misses-lumen': () => 'The plane does not cross the lumen; move it onto the appendage.',
  'meshing.nothing-beyond-plane': () => 'Nothing of the appendage lies beyond this plane.',
  'meshing.too-little-left': () => 'The plane leaves less than 0.1 mL of the appendage.',
  'meshing.nothing-labelled': () => 'Nothing is labelled; paint the appendage first or undo.',
  'meshing.labels-too-thin': () =>
    'What is labelled is too thin for a surface; paint more of the appendage or undo.',
  'meshing.stopped': () =>
    'The work on the surface stopped unexpectedly; nothing of your work is lost. Try again.',

  'meshing.no-ostium': () =>
    'No ostium could be distinguished from the wall: ostium and depth are not given.',
  'meshing.volume-unusual': ({ volumeMl }) =>
    `A volume of ${volumeMl.toFixed(1)} mL is unusual for an appendage; check the surface.`,
  'meshing.ostium-unusual': ({ areaMm2 }) =>
    `An ostium of ${areaMm2.toFixed(0)} mm² is unusual; check its plane.`,
  'meshing.pieces-left-out': ({ pieces, volumeMl }) =>
    pieces === 1
      ? `A separate piece of ${volumeText(volumeMl)} in all was left out.`
      : `${pieces} separate pieces of ${volumeText(volumeMl)} in all were left out.`,
  'meshing.drawn-anew': () =>
    'The edits could not be applied to a part of the surface alone: all of it was made anew, and every number may differ a little.',
  'meshing.drawn-from-voxels': () =>
    'Most of the labels were changed: the surface was made from the voxels alone, and the ostium is as exact as they are.',
  'meshing.rim-edited': () => 'An edit reaches the rim of the ostium, which was cut anew at its plane.',
  'meshing.edit-at-ostium': () =>
    'What was edited within the rim of the ostium has no effect: the surface ends flat there. Move the plane instead.',
  'meshing.plane-misses-appendage': () => 'The plane does not reach the appendage: no ostium is given.',
  'meshing.own-end-taken': () =>
    'Nothing is segmented at the ostium’s plane, which lies outside of the lumen; the end of the surface was taken for the ostium.',
  'meshing.continued-to-plane': ({ outsideMm }) =>
    `The plane lies up to ${outsideMm.toFixed(1)} mm outside of the segmented lumen, which was continued straight to it.`,
  'meshing.plane-partly-outside': () =>
    'Part of the plane lies far outside of the segmented lumen; the ostium is where the plane crosses it.',
  'meshing.cut-off-beside': ({ volumeMl }) =>
    `The plane cuts off ${volumeMl.toFixed(1)} mL beside the ostium, which were left out.`,
};
