import type { Settings } from '#shared/contract/services/app.ts';
import type { Layout } from '../../viewer/types.ts';

/** All panes, or one of them alone. */
export const LAYOUTS: readonly { readonly layout: Layout; readonly label: string }[] = [
  { layout: 'quad', label: 'All four' },
  { layout: 'axial', label: 'Axial' },
  { layout: 'coronal', label: 'Coronal' },
  { layout: 'sagittal', label: 'Sagittal' },
  { layout: 'three', label: '3D' },
];

export interface WindowPreset {
  readonly key: Settings['firstView']['window'];
  readonly name: string;
  readonly centreHu: number;
  readonly widthHu: number;
}

/** The presets that readers of CT expect on the keys 1 to 5; width and centre in HU. */
export const WINDOW_PRESETS: readonly WindowPreset[] = [
  { key: '1', name: 'Soft tissue', widthHu: 400, centreHu: 40 },
  { key: '2', name: 'Lung', widthHu: 1500, centreHu: -600 },
  { key: '3', name: 'CT angiography', widthHu: 800, centreHu: 250 },
  { key: '4', name: 'Bone', widthHu: 2500, centreHu: 480 },
  { key: '5', name: 'Brain', widthHu: 80, centreHu: 40 },
];
