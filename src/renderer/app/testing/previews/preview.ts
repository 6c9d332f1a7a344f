import type { ReactNode } from 'react';

/** One component in one state, drawn in a frame of a fixed size in CSS pixels. */
export interface Preview {
  /** In the page's address after `#`, and the name of the reference picture: `region-found`. */
  readonly name: string;
  readonly widthPixels: number;
  readonly heightPixels: number;
  render(): ReactNode;
}

/** Names as long as people and scanners make them. */
export const LONG_NAME =
  'Abdul-Rahman ibn Abdullah al-Mutawakkil von Hohenstaufen-Wittelsbach^Maria Magdalena Theresia';
export const LONG_DESCRIPTION =
  'CTA Herz gated 0.6 mm Bv40 3 BestDiast 78 % nach Ablation, Kontrollaufnahme vor LAA-Verschluss (2. Versuch)';

/** For handlers of previews, where nothing happens. */
export const ignore = (): void => {};
