import type { remeshingFailures } from '../../failures/remeshingFailures.ts';
import type { WordsFor } from '../catalogue.ts';

const handlesText = (handles: number): string =>
  handles === 1 ? 'a topological handle' : `${handles} topological handles`;

export const remeshingWords: WordsFor<keyof typeof remeshingFailures> = {
  'remeshing.not-a-surface': () =>
    'The surface cannot be remeshed: it has gaps, edges with more than two faces, or faces that look the wrong way.',
  'remeshing.openings': ({ openings }) =>
    `The surface cannot be remeshed: it has ${openings} openings, and only one, the ostium, is allowed.`,
  'remeshing.pieces': ({ pieces }) => `The surface cannot be remeshed: it consists of ${pieces} pieces.`,
  'remeshing.handles': ({ handles }) =>
    `The surface cannot be remeshed: it has ${handlesText(handles)}. Erase the bridge, or fill the hole, and try again.`,
  'remeshing.crosses-itself': ({ crossings }) =>
    `The surface cannot be remeshed: it passes through itself in ${crossings} ${crossings === 1 ? 'place' : 'places'}. Smooth it there, and try again.`,
  'remeshing.too-small': ({ edgeMm }) =>
    `The surface or its ostium is too small for edges of ${edgeMm} mm: choose shorter ones.`,
  'remeshing.too-large': ({ edgeMm }) =>
    `The surface is too large for edges of ${edgeMm} mm: choose longer ones.`,
  'remeshing.folds-lost': ({ edgeMm }) =>
    `Edges of ${edgeMm} mm are too long for the folds of this surface: it would pass through itself. Choose shorter ones.`,
  'remeshing.angles-too-small': ({ edgeMm, leastDegrees }) =>
    `With edges of ${edgeMm} mm some angles would be below ${leastDegrees}° on this surface: choose another edge length.`,
  'remeshing.volume-not-kept': ({ edgeMm, changePercent }) =>
    `Edges of ${edgeMm} mm would change the volume by ${changePercent.toFixed(1)} %: choose shorter ones.`,
  'remeshing.inlet-without-ostium': () => 'An inlet cannot be added: this surface has no ostium to extend.',
  'remeshing.inlet-too-short': ({ lengthMm, leastMm }) =>
    `An inlet of ${lengthMm} mm is too short for this ostium and edge length: at least ${leastMm} mm are needed.`,
  'remeshing.outline-crosses': () =>
    'An inlet cannot be added: the outline of the ostium crosses itself, seen along its normal. Move or tilt the ostial plane.',
  'remeshing.inlet-meets-wall': ({ inletMm }) =>
    `An inlet of ${inletMm} mm would run into the wall of the appendage: choose a shorter one, or move the ostial plane.`,
};
