import type { Settings } from '#shared/contract/services/app.ts';
import type { Layout } from '../../viewer/types.ts';

/** All panes, or one of them alone. */
export const LAYOUTS: readonly Layout[] = ['quad', 'axial', 'coronal', 'sagittal', 'three'];

export interface WindowPreset {
  readonly key: Settings['firstView']['window'];
  readonly name: 'softTissue' | 'lung' | 'angiography' | 'bone' | 'brain';
  readonly centreHu: number;
  readonly widthHu: number;
}

/** The presets that readers of CT expect on the keys 1 to 5; width and centre in HU. */
export const WINDOW_PRESETS: readonly WindowPreset[] = [
  { key: '1', name: 'softTissue', widthHu: 400, centreHu: 40 },
  { key: '2', name: 'lung', widthHu: 1500, centreHu: -600 },
  { key: '3', name: 'angiography', widthHu: 800, centreHu: 250 },
  { key: '4', name: 'bone', widthHu: 2500, centreHu: 480 },
  { key: '5', name: 'brain', widthHu: 80, centreHu: 40 },
];
