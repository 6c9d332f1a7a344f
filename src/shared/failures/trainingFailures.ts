import type { FailureDeclarations } from './declaration.ts';

/** Training: recipes and checkpoints. */
export const trainingFailures = {
  'training.checkpoint-unreadable': {},
  'training.checkpoint-damaged': {},
  'training.checkpoint-of-other-recipe': {},
  'training.no-checkpoint': {},
  'training.recipe-not-json': {},
  'training.recipe-wrong': { place: 'text', problem: 'text' },
  'training.checkpoint-of-other-network': { fileName: 'text', found: 'text', wanted: 'text' },
  'training.checkpoint-not-resumable': { fileName: 'text' },
  'training.experiment-exists': { name: 'text' },
  'training.experiment-missing': { name: 'text' },
  'training.settings-damaged': { name: 'text' },
  'training.settings-differ': { setting: 'text', before: 'text', now: 'text' },
  'training.disk-full': { name: 'text' },
  'training.not-written': { name: 'text', systemCode: 'text' },
  'training.no-cases': { folder: 'text' },
  'training.points-empty': { name: 'text' },
  'training.shares-differ': { categories: 'number', shares: 'number' },
  'training.shares-sum': { sum: 'number' },
  'training.resolution-of-network': { network: 'text', resolution: 'number' },
  'training.init-of-other-network': { name: 'text', found: 'text', wanted: 'text' },
  'training.init-signed': { name: 'text' },
  'training.crop-aligned': {},
  'training.not-finite': { epoch: 'number' },
  'training.device-failed': { reason: 'failure' },
} as const satisfies FailureDeclarations;
