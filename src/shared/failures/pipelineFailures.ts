import type { FailureDeclarations } from './declaration.ts';

/** From a scan to a surface. */
export const pipelineFailures = {
  'pipeline.no-region': {},
  'pipeline.outside-box': {},
  'pipeline.results-not-written': {
    /** The operating system's code, empty where there is none. */
    systemCode: 'text',
    folder: 'text',
  },
  'pipeline.no-appendage': {},
  'pipeline.no-contrast': { bloodHu: 'number' },
  'pipeline.stopped': {},
} as const satisfies FailureDeclarations;
