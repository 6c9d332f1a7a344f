import { expect, it } from 'vitest';
import { anonymousResultFile } from './anonymousResult.ts';

const mapUid = (uid: string): Promise<string> => Promise.resolve(`mapped-${uid.length}`);
const anonymous = async (name: string, text: string): Promise<string> =>
  new TextDecoder().decode(await anonymousResultFile(name, new TextEncoder().encode(text), { mapUid }));

it('leaves neither readers nor what they typed in measurements, and maps UIDs of every form', async () => {
  const json = await anonymous(
    'measurements.json',
    JSON.stringify({
      source: { seriesInstanceUid: '1.2.840.0123.007.1', frameOfReferenceUid: '1.5' },
      reviewedBy: { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05Z' },
      drawn: [{ number: 2, name: 'Aunt Mary', shape: { kind: 'text' } }],
      program: { version: '1.2.3' },
    }),
  );
  expect(JSON.parse(json)).toEqual({
    source: { seriesInstanceUid: 'mapped-18', frameOfReferenceUid: 'mapped-3' },
    reviewedBy: null,
    drawn: [{ number: 2, name: 'Text 2', shape: { kind: 'text' } }],
    program: { version: '1.2.3' },
  });
  const csv = await anonymous(
    'measurements.csv',
    [
      'key,label,value,unit,definition',
      'drawn1.lengthMm,"Aunt ""M"", length",12,mm,Straight',
      'drawn2.text,Text,"Aunt\nMary",,Text with an arrow',
      'seriesInstanceUid,Source series,1.5,,',
      'reviewer,Reviewer,"Roe, Dr",,',
      'reviewedAt,Reviewed at,2026-01-02T03:04:05Z,,',
      '',
    ].join('\r\n'),
  );
  expect(csv.split('\r\n')).toEqual([
    'key,label,value,unit,definition',
    'drawn1.lengthMm,Drawn 1,12,mm,Straight',
    'seriesInstanceUid,Source series,mapped-3,,',
    'reviewer,Reviewer,,,',
    'reviewedAt,Reviewed at,,,',
    '',
  ]);
});
