import type { meshingFailures } from '../../failures/meshingFailures.ts';
import type { WordsFor } from '../catalogue.ts';

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
};
