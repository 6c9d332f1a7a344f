export { PhaseCurves } from './PhaseCurves.tsx';
export { PhasePanel } from './PhasePanel.tsx';
export { type PhasesState, resultsBeside } from './phasesState.ts';
export { createPhases, type Phases } from './phasesStore.ts';
