import { readdir, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ctSlice } from '#shared/dicom/testing/ctFixtures.ts';
import { CancelledError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { listSeries } from '../listSeries.ts';
import {
  BOUNDARY,
  type Intercept,
  identityOfFile,
  MULTIPART,
  multipartBody,
} from '../testing/fakeDicomWeb.ts';
import {
  answering,
  failureFrom,
  seriesUid,
  setUpFakeServers,
  slices,
  sortedSlices,
  studyUid,
  volume,
  WHOLE_SERIES,
} from '../testing/fakeServers.ts';

const { archiveOf, fakeServer, fetchAll, fetchedFiles, folder, toClose } = setUpFakeServers();

describe('finding', () => {
  it('lists each of two patients who share a Study UID, and counts the studies whose UID is none', async () => {
    const answer = (uid: string, patientId: string) => ({
      '00100020': { vr: 'LO', Value: [patientId] },
      '0020000D': { vr: 'UI', Value: [uid] },
    });
    const found = [answer('1.2.3', 'A'), answer('study-7', 'B'), answer('1.2.3', 'C')];
    const fake = await fakeServer({
      intercept: answering(/\/studies\?/, (response) => {
        response.writeHead(200, { 'content-type': 'application/dicom+json' });
        response.end(JSON.stringify(found));
      }),
    });
    const page = await archiveOf(fake.url).studies({}, { limit: 20, offset: 0 });
    expect(page).toMatchObject({
      studies: [
        { studyUid: '1.2.3', patientId: 'A' },
        { studyUid: '1.2.3', patientId: 'C' },
      ],
      withoutUid: 1,
    });
  });

  it('counts series and images whose UID is none, and says so where a study or series is fetched', async () => {
    const uidOf = (tag: string, uid: string | undefined) =>
      uid === undefined ? {} : { [tag]: { vr: 'UI', Value: [uid] } };
    const answer = (response: ServerResponse, found: readonly object[]): void => {
      response.writeHead(200, { 'content-type': 'application/dicom+json' });
      response.end(JSON.stringify(found));
    };
    const images = slices.map((file) => uidOf('00080018', identityOfFile(file).sopInstanceUid));
    const fake = await fakeServer({
      intercept: ({ path }, response) => {
        if (/\/series\?/.test(path))
          answer(
            response,
            [seriesUid, 'series-9', undefined].map((uid) => uidOf('0020000E', uid)),
          );
        else if (/\/instances\?.*offset=0$/.test(path))
          answer(response, [...images, uidOf('00080018', 'image-4')]);
        else if (/\/instances\?/.test(path)) answer(response, []);
        else return false;
        return true;
      },
    });
    const archive = archiveOf(fake.url);
    expect(await archive.series({ studyUid })).toMatchObject({ series: [{ seriesUid }], withoutUid: 2 });
    const fetched = await fetchAll(archive);
    expect(fetched.warnings).toEqual([failure('network.series-without-uid', { series: 2 })]);
    expect(fetched.series[0]?.warnings).toMatchObject([
      { code: 'network.images-without-uid', fields: { images: 1 } },
    ]);
    expect(await fetchedFiles()).toEqual(sortedSlices);
  });

  it('warns where other patients share the UID of a study', async () => {
    const patient = (patientId: string, uid = studyUid) => ({
      '00100020': { vr: 'LO', Value: [patientId] },
      '0020000D': { vr: 'UI', Value: [uid] },
    });
    let found = [patient('A'), patient('B'), patient('A'), patient('C', '1.2.3')];
    const fake = await fakeServer({
      intercept: ({ path }, response) => {
        if (!/\/studies\?/.test(path)) return false;
        expect(path).toContain(`StudyInstanceUID=${studyUid}`);
        response.writeHead(200, { 'content-type': 'application/dicom+json' });
        response.end(JSON.stringify(found));
        return true;
      },
    });
    const archive = archiveOf(fake.url);
    const { series, warnings } = await listSeries(archive, { studyUid });
    expect(series).toHaveLength(1);
    expect(warnings).toEqual([failure('network.study-uid-shared', { patients: 2 })]);
    found = [patient('A')];
    expect((await listSeries(archive, { studyUid })).warnings).toEqual([]);
    // A server that cannot be asked for a study by its UID still lists the series.
    fake.intercept = answering(/\/studies\?/, (response) => response.writeHead(400).end());
    const refused = await listSeries(archive, { studyUid });
    expect(refused.series).toMatchObject([{ seriesUid }]);
    expect(refused.warnings).toMatchObject([
      { code: 'network.patients-unchecked', fields: { reason: { code: 'network.status' } } },
    ]);
    // One that does not know the UID as a key may list any studies.
    fake.intercept = answering(/\/studies\?/, (response) => {
      response.writeHead(200, { 'content-type': 'application/dicom+json' });
      response.end(JSON.stringify([patient('A', '1.2.3')]));
    });
    expect((await listSeries(archive, { studyUid })).warnings).toMatchObject([
      { fields: { reason: { code: 'network.study-not-listed' } } },
    ]);
  });

  it('leaves out the series of other patients who share the UID of a study, as far as the server says', async () => {
    const text = (vr: string, value: string) => ({ vr, Value: [value] });
    const of = (patientId: string, issuer: string) => ({
      '00100020': text('LO', patientId),
      '00100021': text('LO', issuer),
    });
    const series = (uid: string) => ({ '0020000E': text('UI', uid) });
    const answers = {
      studies: [of('A', 'N'), of('A', 'S'), of('B', 'N')].map((one) => ({
        ...one,
        '0020000D': text('UI', studyUid),
      })),
      all: [
        { ...series('1.1'), ...of('A', 'N') },
        { ...series('1.2'), ...of('A', 'S') },
        { ...series('1.3'), ...of('B', 'N') },
      ] as object[],
      matching: [] as object[],
    };
    const asked: string[] = [];
    const fake = await fakeServer({
      intercept: ({ path }, response) => {
        asked.push(path);
        const found = /\/series\?/.test(path)
          ? path.includes('PatientID=')
            ? answers.matching
            : answers.all
          : answers.studies;
        response.writeHead(200, { 'content-type': 'application/dicom+json' });
        response.end(JSON.stringify(found));
        return true;
      },
    });
    const list = async (patientId: string, issuerOfPatientId: string) => {
      const patient = { patientId, issuerOfPatientId, patientName: '' };
      const { series: listed, warnings } = await listSeries(archiveOf(fake.url), { studyUid, patient });
      return [...listed.map((one) => one.seriesUid), ...warnings.map(({ code }) => code)];
    };
    expect(await list('A', 'S')).toEqual(['1.2', 'network.other-patients-left-out']);
    // Two have this number.
    expect(await list('A', '')).toEqual(['1.1', '1.2', 'network.study-uid-shared']);
    expect(await list('C', '')).toEqual([]);
    // The answers do not say whose the series are: the server is asked for the number.
    answers.all = ['1.1', '1.2', '1.3'].map(series);
    answers.matching = [series('1.3')];
    expect(await list('B', 'N')).toEqual(['1.3', 'network.other-patients-left-out']);
    expect(asked.at(-1)).toMatch(/\/series\?PatientID=B&/);
    answers.matching = [series('1.1'), series('1.2')];
    expect(await list('A', 'S')).toEqual(['1.1', '1.2', 'network.study-uid-shared']);
    answers.matching = answers.all;
    expect(await list('B', 'N')).toEqual(['1.1', '1.2', '1.3', 'network.study-uid-shared']);
  });

  it('lists studies and series with the filters as parameters', async () => {
    const fake = await fakeServer();
    const archive = archiveOf(fake.url);
    const filters = { patientName: 'Doe', date: '20260101-20261231', modality: 'CT', accessionNumber: '7' };
    const { studies, hasMore } = await archive.studies(filters, { limit: 20, offset: 0 });
    expect(hasMore).toBe(false);
    expect(studies).toEqual([
      {
        studyUid,
        patientName: 'Doe^Jane',
        patientId: '4711',
        issuerOfPatientId: '',
        date: '20260131',
        description: 'Heart',
        accessionNumber: '',
        modalities: ['CT'],
        seriesCount: 1,
        imageCount: 8,
      },
    ]);
    const sent = new URL(`http://x${fake.requests[0]?.path}`).searchParams;
    expect(Object.fromEntries(sent)).toMatchObject({
      PatientName: 'Doe*',
      StudyDate: '20260101-20261231',
      ModalitiesInStudy: 'CT',
      AccessionNumber: '7',
      limit: '20',
      offset: '0',
    });
    expect((await archive.series({ studyUid })).series).toMatchObject([
      { seriesUid, modality: 'CT', imageCount: 8 },
    ]);
    expect(await failureFrom(archive.studies({ date: '2026' }, { limit: 1, offset: 0 }))).toMatchObject({
      code: 'network.date-invalid',
    });
  });

  it('refuses pages that are no DICOM JSON, and JSON that is no list of data sets', async () => {
    const fake = await fakeServer();
    const archive = archiveOf(fake.url);
    const answerWith = (contentType: string, content: string): void => {
      fake.intercept = (_, response) => {
        response.writeHead(200, { 'content-type': contentType }).end(content);
        return true;
      };
    };
    answerWith('text/html', '<html>Log in</html>');
    expect(await failureFrom(archive.check())).toMatchObject({
      code: 'network.answer-type',
      fields: { contentType: 'text/html' },
    });
    for (const content of ['[{"00100010":', '"text"', '[1]']) {
      answerWith('application/dicom+json', content);
      expect(await failureFrom(archive.check())).toMatchObject({ code: 'network.answer-damaged' });
    }
    fake.intercept = (_, response) => {
      response.writeHead(200, { 'x-large': 'x'.repeat(100_000) }).end();
      return true;
    };
    expect(await failureFrom(archive.check())).toMatchObject({ code: 'network.answer-damaged' });
  });
});

describe('fetching', () => {
  it('gives the files as they are stored, and asks for nothing twice', async () => {
    const fake = await fakeServer();
    const archive = archiveOf(fake.url);
    const { series, failed } = await fetchAll(archive);
    expect(failed).toEqual([]);
    expect(series).toMatchObject([{ seriesUid, received: 8, isCountKnown: true, warnings: [] }]);
    expect(await fetchedFiles()).toEqual(sortedSlices);
    const before = fake.requests.length;
    expect((await fetchAll(archive)).series).toMatchObject([{ received: 0 }]);
    expect(
      fake.requests.slice(before).filter(({ path }) => !/\/(studies|series|instances)(\?|$)/.test(path)),
    ).toEqual([]);
  });

  it('goes on image by image where the answer is cut, its connection breaks or the series is refused', async () => {
    const body = multipartBody(slices);
    const hostile: readonly ((response: ServerResponse) => void)[] = [
      (response) => response.writeHead(200, { 'content-type': MULTIPART }).end(body.subarray(0, 5000)),
      (response) => {
        response.writeHead(200, { 'content-type': MULTIPART, 'content-length': body.length });
        response.write(body.subarray(0, 5000), () => response.destroy());
      },
      (response) => response.writeHead(403).end(),
      (response) => response.writeHead(500).end('<html>Out of memory</html>'),
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
      (response) => response.writeHead(200, { 'content-type': MULTIPART }).end(`--${BOUNDARY}--`),
      (response) =>
        response
          .writeHead(200, { 'content-type': MULTIPART })
          .end(multipartBody(slices.slice(0, 3), 'application/pdf')),
    ];
    for (const answer of hostile) {
      const fake = await fakeServer({ intercept: answering(WHOLE_SERIES, answer) });
      expect((await fetchAll(archiveOf(fake.url))).failed).toEqual([]);
      expect(await fetchedFiles()).toEqual(sortedSlices);
      await rm(join(folder(), seriesUid), { recursive: true });
    }
  });

  it('never takes a part of a series for the whole, and goes on where it ended', async () => {
    const lost = identityOfFile(slices[7]!).sopInstanceUid;
    const fake = await fakeServer({
      intercept: (request, response) => {
        const isSeries = WHOLE_SERIES.test(request.path);
        if (!isSeries && !request.path.endsWith(lost)) return false;
        response.writeHead(isSeries ? 200 : 404, { 'content-type': MULTIPART });
        response.end(isSeries ? multipartBody(slices.slice(0, 7)) : '');
        return true;
      },
    });
    const archive = archiveOf(fake.url);
    expect((await fetchAll(archive)).failed).toMatchObject([
      { seriesUid, failure: { code: 'network.series-incomplete', fields: { arrived: 7, expected: 8 } } },
    ]);
    expect(await readdir(folder())).toEqual([`${seriesUid}.incomplete`]);
    fake.intercept = undefined;
    const before = fake.requests.length;
    expect((await fetchAll(archive)).series).toMatchObject([{ received: 1 }]);
    const asked = fake.requests.slice(before).map(({ path }) => path);
    expect(asked.filter((path) => path.endsWith(lost))).toHaveLength(1);
    expect(asked.some((path) => WHOLE_SERIES.test(path))).toBe(false);
    expect(await fetchedFiles()).toEqual(sortedSlices);
  });

  it('keeps what arrived when the server dies in the middle', async () => {
    const body = multipartBody(slices);
    const fake = await fakeServer();
    fake.intercept = (request, response) => {
      if (!WHOLE_SERIES.test(request.path)) return false;
      response.writeHead(200, { 'content-type': MULTIPART });
      response.write(body.subarray(0, body.length / 2), () => void fake.close());
      return true;
    };
    expect((await fetchAll(archiveOf(fake.url))).failed).toMatchObject([
      { failure: { code: 'network.series-incomplete', fields: { expected: 8 } } },
    ]);
    toClose.splice(toClose.indexOf(fake), 1);
    const kept = await readdir(join(folder(), `${seriesUid}.incomplete`));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every((name) => name.endsWith('.part'))).toBe(true);
    const second = await fakeServer();
    expect((await fetchAll(archiveOf(second.url))).series).toMatchObject([{ received: 8 - kept.length }]);
    expect(await fetchedFiles()).toEqual(sortedSlices);
  });

  it('leaves copies and images of other studies out, and refuses two images of one identifier', async () => {
    const foreign = ctSlice(volume, 3, { '0020,000d': '1.2.3', '0008,0018': '1.2.4' });
    const answer = (files: readonly Uint8Array[]): Intercept =>
      answering(WHOLE_SERIES, (response) =>
        response.writeHead(200, { 'content-type': MULTIPART }).end(multipartBody(files)),
      );
    const fake = await fakeServer({ intercept: answer([...slices, foreign, slices[2]!]) });
    expect((await fetchAll(archiveOf(fake.url))).series).toMatchObject([
      { received: 8, warnings: [{ code: 'network.instance-foreign' }] },
    ]);
    expect(await fetchedFiles()).toEqual(sortedSlices);
    await rm(join(folder(), seriesUid), { recursive: true });
    const twice = ctSlice(volume, 5, { '0008,0018': identityOfFile(slices[2]!).sopInstanceUid });
    fake.intercept = answer([...slices, twice]);
    expect((await fetchAll(archiveOf(fake.url))).failed).toMatchObject([
      { failure: { code: 'network.instance-contradicts' } },
    ]);
    expect(await readdir(folder())).toEqual([`${seriesUid}.incomplete`]);
  });

  it('takes a single file that is no multipart, and other Accept headers where servers insist', async () => {
    const fake = await fakeServer({
      intercept: (request, response, { files }) => {
        if (WHOLE_SERIES.test(request.path)) response.writeHead(400).end();
        else if (/\/instances\/[\d.]+$/.test(request.path)) {
          const isFine = !request.headers.accept?.includes('transfer-syntax');
          response.writeHead(isFine ? 200 : 406, { 'content-type': 'application/dicom' });
          response.end(isFine ? files.get(request.path.split('/').at(-1) ?? '') : '');
        } else return false;
        return true;
      },
    });
    expect((await fetchAll(archiveOf(fake.url))).failed).toEqual([]);
    expect(await fetchedFiles()).toEqual(sortedSlices);
  });

  it('stops when cancelled and keeps what arrived', async () => {
    const body = multipartBody(slices);
    const stop = new AbortController();
    const fake = await fakeServer({
      intercept: answering(WHOLE_SERIES, (response) => {
        response.writeHead(200, { 'content-type': MULTIPART });
        response.write(body.subarray(0, body.length / 2));
      }),
    });
    const work = archiveOf(fake.url).fetchSeries({ studyUid, seriesUid, imageCount: 8 }, folder(), {
      signal: stop.signal,
      onProgress: ({ fraction }) => fraction > 0 && stop.abort(),
    });
    await expect(work).rejects.toThrow(CancelledError);
    expect(await readdir(folder())).toEqual([`${seriesUid}.incomplete`]);
  });
});
