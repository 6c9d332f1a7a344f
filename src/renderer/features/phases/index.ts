export { PhaseCurves } from './PhaseCurves.tsx';
export { PhasePanel } from './PhasePanel.tsx';
export { createPhases, type Phases, type PhasesState, resultsBeside } from './phasesStore.ts';
