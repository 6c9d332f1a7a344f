import { failure } from '../../failures/failure.ts';
import type { planningService } from '../services/planning.ts';
import { none, type ServiceFixtures } from './fixture.ts';
import { deviceTable, file, lumenProfile, measured } from './values.ts';

const { closed, ostiumPlane, rimLpsMm, measurements, warnings } = measured;
const marks = {
  landmarks: { ridge: null, circumflex: null },
  centreLine: [[1, 2, 3] as const],
  outlines: [],
};
const surface = { closed, ostiumPlane, rimLpsMm, measurements, warnings, marks };
const tables = { tables: [deviceTable], origin: 'bundled' as const };

const tablesResult: ServiceFixtures<typeof planningService>['deviceTables']['result'] = {
  good: [tables, { tables: [], origin: 'own' }],
  bad: {
    'a range that runs backwards': {
      ...tables,
      tables: [{ ...deviceTable, sizes: [{ label: '24', sizeMm: 24, rangeMm: [21, 17] }] }],
    },
    'a table that advises': { ...tables, tables: [{ ...deviceTable, use: 'advice' }] },
  },
};

export const planningFixtures: ServiceFixtures<typeof planningService> = {
  profile: {
    params: {
      good: [surface, { ...surface, ostiumPlane: null, rimLpsMm: null }],
      bad: { 'no surface': { ...surface, closed: null } },
    },
    result: {
      good: [
        { profile: lumenProfile, corrected: { measurements, warnings } },
        {
          profile: {
            centreLineLpsMm: [],
            computedLineLpsMm: null,
            points: [],
            withheld: failure('measure.appendage-cut'),
          },
          corrected: null,
        },
      ],
      bad: {
        'a section nowhere': { profile: { ...lumenProfile, points: [{ distanceMm: 1 }] }, corrected: null },
      },
    },
  },
  centreLine: {
    params: {
      good: [{ closed, ostiumPlane, rimLpsMm }],
      bad: { 'no surface': { closed: null, ostiumPlane, rimLpsMm } },
    },
    result: {
      good: [{ pointsLpsMm: lumenProfile.centreLineLpsMm }, { pointsLpsMm: [] }],
      bad: { 'a point in a plane': { pointsLpsMm: [[1, 2]] } },
    },
  },
  deviceTables: { params: none, result: tablesResult },
  replaceDeviceTables: {
    params: {
      good: [{ files: [file] }, { files: [] }],
      bad: { 'a path for a name': { files: [{ ...file, name: '/x.json' }] } },
    },
    result: tablesResult,
  },
};
