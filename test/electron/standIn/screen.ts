import { onlyWhenReady } from './rules.ts';

const DISPLAY = { workArea: { x: 0, y: 0, width: 1920, height: 1080 } };

/** https://www.electronjs.org/docs/latest/api/screen: "cannot be used until the app module's ready event is emitted" */
export const screen = {
  getAllDisplays: () => {
    onlyWhenReady('screen');
    return [DISPLAY];
  },
  getPrimaryDisplay: () => {
    onlyWhenReady('screen');
    return DISPLAY;
  },
};
