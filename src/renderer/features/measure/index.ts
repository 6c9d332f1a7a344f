export { MeasurePanel } from './MeasurePanel.tsx';
