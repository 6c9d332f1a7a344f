import type { FailureDeclarations } from './declaration.ts';

/** Reports: the hospital's logo, cases of registries. */
export const reportFailures = {
  'report.logo-format': { fileName: 'text' },
  'report.logo-too-large': { fileName: 'text', megabytes: 'number', pixels: 'number' },
  'report.logo-damaged': { fileName: 'text' },
  'report.not-a-registry-case': { fileName: 'text' },
  'report.registry-twice': { caseId: 'text' },
  'report.registry-empty': {},
  'report.registry-replaced': { fileName: 'text' },
  'report.table-and-size': {},
  /** `theirs` and `ours`: volume and ostium of both, empty where earlier versions saved none. */
  'report.verdict-of-other-numbers': {
    verdict: ['accepted', 'rejected'],
    /** Empty where it is not known. */
    reviewer: 'text',
    at: 'text',
    theirs: 'text',
    ours: 'text',
    fileName: 'text',
  },
  'report.logo-proportions': { fileName: 'text', times: 'number' },
  'report.not-saved-work': { fileName: 'text' },
  /** Saved of a scan that was not segmented. */
  'report.saved-drawings-only': {},
  'report.saved-work-stale': {},
  'report.saved-work-of-earlier-version': {},
  'report.option-of-results': { option: 'text' },
  'report.no-phases': { folder: 'text' },
  'report.other-phases': { folder: 'text' },
} as const satisfies FailureDeclarations;
