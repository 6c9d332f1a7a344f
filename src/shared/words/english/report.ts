import type { reportFailures } from '../../failures/reportFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const reportWords: WordsFor<keyof typeof reportFailures> = {
  'report.logo-format': ({ fileName }) => `${fileName} is no PNG or JPEG picture, as a logo must be.`,
  'report.logo-too-large': ({ fileName, megabytes, pixels }) =>
    `${fileName} is too large for a logo: at most ${megabytes} MB and ${pixels} pixels along each side.`,
  'report.logo-damaged': ({ fileName }) => `The logo ${fileName} is damaged.`,
  'report.not-a-registry-case': ({ fileName }) =>
    `${fileName} is no case of a registry that this version can read.`,
  'report.registry-twice': ({ caseId }) => `The case ${caseId} is there twice.`,
  'report.registry-replaced': ({ fileName }) =>
    `${fileName} is where the cases are to be written and is searched for cases: choose another file.`,
  'report.table-and-size': () => 'A device is placed by its table and its size: name both.',
  'report.logo-proportions': ({ fileName, times }) =>
    `${fileName} is too long and narrow for a logo: one side may be at most ${times} times the other.`,
  'report.verdict-of-other-numbers': ({ verdict, reviewer, at, theirs, ours, fileName }) =>
    `Saved work of this scan was ${verdict}${reviewer === '' ? '' : ` by ${reviewer}`} (${at.slice(0, 10)}), but its surface or numbers are not those of this result${theirs === '' ? '' : ` (${theirs} there, ${ours} here)`}: the documents say that the result is not reviewed. For documents of the reviewed work itself name its file, ${fileName} ("auricle report saved" says where it is).`,
  'report.saved-drawings-only': () =>
    'These are drawings on a scan that is not segmented yet: there is no result in them.',
  'report.not-saved-work': ({ fileName }) =>
    `${fileName} is neither a result's folder nor saved work of the application that can be read.`,
  'report.saved-work-stale': () =>
    'This work was saved before its surface had followed the last edit: open it in the application, and it is saved again.',
  'report.saved-work-of-earlier-version': () =>
    'This work was saved by an earlier version, without what documents say of edits and review: open it in the application and save a change.',
  'report.option-of-results': ({ option }) =>
    `${option} is for results of auricle segment: saved work has its own.`,
  'report.no-phases': ({ folder }) => `${folder} holds no finished results of auricle phases.`,
  'report.other-phases': ({ folder }) =>
    `The phases in ${folder} are not those of the series of this result.`,
  'report.registry-empty': () => 'No registry.json was found.',
};
