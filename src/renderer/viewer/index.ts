import './viewer.css';

export { createViewer } from './createViewer.ts';
export type * from './types.ts';
export { createWheelCounter } from './wheelCounter.ts';
