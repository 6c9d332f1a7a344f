import type { cohortFailures } from '../../failures/cohortFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { systemReason } from './systemReason.ts';

export const cohortWords: WordsFor<keyof typeof cohortFailures> = {
  'cohort.not-one': ({ folder }) =>
    `The folder ${folder} holds no whole cohort; make one with "auricle cohort submit".`,
  'cohort.another': ({ folder, task }) =>
    `The folder ${folder} holds a cohort of the task ${task} with other options; choose another folder.`,
  'cohort.not-read': ({ folder }) => `The results in the cohort's folder ${folder} cannot be read.`,
  'cohort.not-written': ({ folder, systemCode }) =>
    `The cohort's folder ${folder} cannot be written to (${systemReason(systemCode)}).`,
  'cohort.disk-full': ({ folder }) =>
    `The disk of the cohort's folder ${folder} is full. Make room and run "auricle cohort work" again, which goes on with the cases without a result; those that were set aside are tried again after "auricle cohort retry".`,
  'cohort.at-work': ({ folder }) =>
    `Another process works on the cohort ${folder}, or was ended less than 15 s ago; with Redis several can.`,
  'cohort.no-cases': ({ name }) => `${name} holds no cases.`,
  'cohort.not-a-table': ({ name }) => `${name} cannot be read as a table of cases (.csv, .json).`,
  'cohort.row-incomplete': ({ name, row, columns }) => `Row ${row} of ${name} needs ${columns}.`,
  'cohort.row-name': ({ name, row }) => `Row ${row} of ${name} has no name that a folder can have.`,
  'cohort.name-twice': ({ name }) => `Two different cases are named ${name}.`,
  'cohort.command': ({ name, complaint }) =>
    `The case ${name} cannot be begun: ${complaint.replace(/[.]?$/, '.')}`,
  'cohort.not-set-aside': ({ name }) => `No case named ${name} was set aside.`,
  'cohort.redis-address': ({ address }) =>
    `"${address}" is not the address of a Redis server, such as redis://host:6379.`,
  'cohort.redis-silent': ({ address }) => `The Redis server at ${address} does not answer.`,
};
