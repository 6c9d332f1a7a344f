import type { PlaneName } from './types.ts';

/** Calm on a dark ground, and distinct also for people who cannot tell red from green (after Okabe and Ito). */
export const PLANE_COLOURS: Readonly<Record<PlaneName, string>> = {
  axial: '#6cb6f0',
  coronal: '#3fc9a0',
  sagittal: '#d99bc8',
};

export const COLOURS = {
  background: '#0a0b0e',
  text: '#d7dbe2',
  textDim: '#aab2be',
  halo: 'rgba(0, 0, 0, 0.75)',
  contour: '#ffb547',
  reference: '#cfe0f2',
  unfilled: '#a08cff',
  region: '#e9dc6a',
  regionFixed: 'rgba(233, 220, 106, 0.45)',
  ostium: '#ff8a66',
  brush: '#ffffff',
  centreLine: '#8fd3ff',
  section: '#f2f5f8',
  landingZone: '#b6f05a',
  device: '#ff6fdc',
  cArm: '#7cc9e6',
  landmark: '#b98cff',
  found: '#5ee6e6',
  annotation: '#fff07a',
  annotationText: '#fffbd6',
} as const;

/** The same for the 3D view: red, green and blue from 0 to 1. */
export const SURFACE_COLOURS = {
  mesh: [0.96, 0.66, 0.34],
  reference: [0.75, 0.84, 0.94],
  unfilled: [0.55, 0.45, 1],
  rim: [1, 0.42, 0.25],
  ostium: [1, 0.54, 0.4],
  device: [1, 0.44, 0.86],
} as const satisfies Record<string, readonly [number, number, number]>;

/** A colour `#rrggbb` as red, green and blue from 0 to 1. */
export const rgbOf = (colour: string): readonly [number, number, number] => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(
    (at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255,
  );
  return [red, green, blue];
};

export const FONT = '12px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
export const FONT_BOLD = '600 13px system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
