import type { Command } from 'commander';

/** The commands in the order of the help. Each is loaded where it is used: most of a short command's time is loading. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  segment: async () => (await import('./segment.ts')).registerSegmentCommand,
  phases: async () => (await import('./phases.ts')).registerPhasesCommand,
  plan: async () => (await import('./plan.ts')).registerPlanCommand,
  report: async () => (await import('./report.ts')).registerReportCommand,
  phantom: async () => (await import('./phantom.ts')).registerPhantomCommand,
  evaluate: async () => (await import('./evaluate.ts')).registerEvaluateCommand,
  compare: async () => (await import('./compare.ts')).registerCompareCommand,
  demo: async () => (await import('./demo.ts')).registerDemoCommand,
  prepare: async () => (await import('./prepare.ts')).registerPrepareCommand,
  train: async () => (await import('./train.ts')).registerTrainCommand,
  predict: async () => (await import('./predict.ts')).registerPredictCommand,
  mesh: async () => (await import('./mesh.ts')).registerMeshCommand,
  remesh: async () => (await import('./remesh.ts')).registerRemeshCommand,
  model: async () => (await import('./model.ts')).registerModelCommand,
  cohort: async () => (await import('./cohort.ts')).registerCohortCommand,
  dicom: async () => (await import('./dicom.ts')).registerDicomCommand,
  find: async () => (await import('./find.ts')).registerFindCommand,
  fetch: async () => (await import('./fetch.ts')).registerFetchCommand,
  store: async () => (await import('./store.ts')).registerStoreCommand,
  node: async () => (await import('./node.ts')).registerNodeCommand,
};

/**
 * Adds the command that a command line begins with; all of them where it begins with none, for the help and for what
 * commander says of an unknown one.
 * @param words the command line without the program's name
 */
export async function registerCommands(program: Command, [first = '']: readonly string[]): Promise<void> {
  if (first === '--version' || first === '-V') return;
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  const loads = named ? [named] : Object.values(COMMANDS);
  for (const register of await Promise.all(loads.map((load) => load()))) register(program);
}
