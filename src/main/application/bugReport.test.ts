import { expect, it } from 'vitest';
import { bugReport } from './bugReport.ts';

it('says where and what kind, without texts, folders or names', () => {
  const error = new TypeError('cannot read /data/Doe^Jane/scan.dcm');
  error.stack = [
    'TypeError: cannot read /data/Doe^Jane/scan.dcm',
    '    at readScan (file:///opt/auricle/dist/main/server.js:10:5)',
    '    at /home/jane/auricle/dist/main/server.js:11:5',
    '    at async run (C:\\Users\\jane\\auricle\\server.js:12:5)',
    '    at node:internal/process:1:1',
  ].join('\n');
  expect(bugReport(error, 'segmentation.segment')).toBe(
    [
      'Unexpected in segmentation.segment: TypeError',
      '    at readScan (server.js:10:5)',
      '    at server.js:11:5',
      '    at async run (server.js:12:5)',
      '    at process:1:1',
    ].join('\n'),
  );
});
