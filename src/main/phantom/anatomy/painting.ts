import type { HuModel, Label, Shape } from '../scene.ts';
import type { BodyFrame } from './bodyFrame.ts';
import type { Coronaries } from './coronaries.ts';
import type { Enhancement } from './enhancement.ts';
import type { GreatVessels } from './greatVessels.ts';
import type { LeftHeart } from './leftHeart.ts';
import type { RightHeart } from './rightHeart.ts';
import type { Thorax } from './thorax.ts';

/** The organs of one patient, ready to be painted. */
export interface Parts {
  readonly frame: BodyFrame;
  readonly left: LeftHeart;
  readonly vessels: GreatVessels;
  readonly right: RightHeart;
  readonly coronaries: Coronaries;
  readonly thorax: Thorax;
  readonly hu: Enhancement;
}

/** Paints a shape over what is there; an unnamed shape gets a name. */
export type Paint = (name: string, shape: Shape, label: Label, hu: HuModel) => void;
/** A texture with a seed of its own: amplitude in HU, wavelength in mm. */
export type Texture = (amplitudeHu: number, wavelengthMm: number) => NonNullable<HuModel['texture']>;
