import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { AuricleClient } from '#shared/contract/auricle.ts';
import { NO_MARKS } from '#shared/contract/readerMarks.ts';
import { type ExportOptions, SHELL_PICTURE } from '#shared/contract/services/exporting.ts';
import { report as reportWithEveryNumber } from '#shared/contract/testing/values.ts';
import type { NamedFile } from '#shared/contract/values.ts';
import { ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { cubeGridLps } from '#shared/geometry/gridLps.ts';
import { cycle } from '#shared/phases/testing/cycle.ts';
import { createAlerts } from '../../jobs/alertStore.ts';
import { createJobs } from '../../jobs/jobStore.ts';
import { exampleAppendage, exampleReport, exampleReviewCase } from '../review/testing/exampleCase.ts';
import { USUAL_OPTIONS } from './exportOptions.ts';
import { createExporting, type ExportedCase } from './exportStore.ts';

const NO_FILES = { products: [], meshFormats: [], maskFormats: [], documents: [], dicomObjects: [] };
const THICK = failure('series.slices-thick', { thicknessMm: 3 });
const ORIGINAL = failure('meshing.no-ostium');
const EDITED = failure('meshing.plane-partly-outside');

type BuildParams = Parameters<AuricleClient['exporting']['build']>[0];

function exampleCase(): ExportedCase {
  const grid = cubeGridLps([5, 5, 5], 20, 20);
  const original = exampleAppendage({ warnings: [ORIGINAL] });
  const reviewCase = exampleReviewCase(
    { crop: { grid, data: new Int16Array(8000) }, labels: { grid, data: new Uint8Array(8000) } },
    {
      scanGrid: { ...grid, sizeIjk: [20, 20, 40] },
      original,
      report: exampleReport({ warnings: [THICK, ORIGINAL] }),
    },
  );
  return {
    reviewCase,
    appendage: original,
    marks: NO_MARKS,
    annotations: [],
    phases: [],
    edits: ['Brush'],
    verdict: 'accepted',
    reviewedBy: BY,
    reviewedSteps: ['region'],
  };
}

/** Who accepted it. */
const BY = { reviewer: 'Dr Roe', at: '2026-01-02T03:04:05.678Z' };

function build({ canSaveFiles = false, files = 2, scan = [] as readonly Blob[], name = '' } = {}) {
  const requests: BuildParams[] = [];
  const saved: (readonly NamedFile[])[] = [];
  const downloads: NamedFile[] = [];
  const kept: ExportOptions[] = [];
  const waiting: (() => void)[] = [];
  const alerts = createAlerts();
  const made = Array.from({ length: files }, (_, at) => ({
    name: name || `${at}.stl`,
    bytes: Uint8Array.of(at),
  }));
  const client: Pick<AuricleClient, 'exporting'> = {
    exporting: {
      build: (request) => {
        requests.push(request);
        return Promise.resolve({ files: made });
      },
      save: (request) => {
        saved.push(request.files);
        return Promise.resolve({ kind: 'saved', count: request.files.length, folderName: 'planning' });
      },
    },
  };
  const exporting = createExporting(
    {
      client,
      canSaveFiles: () => canSaveFiles,
      scanFiles: () => Promise.resolve(scan),
      plan: () => Promise.resolve(null),
      deviceMesh: () => null,
      scanVolume: () => null,
      letterhead: () => ({ name: 'Heart Centre', logoBase64: null }),
      pictures: () => Promise.resolve([{ caption: 'Axial plane', png: Uint8Array.of(137) }]),
      download: (file) => downloads.push(file),
      packZip: async (entries) => zipSync({ ...entries }),
      keepOptions: (options) => void kept.push(options),
      timer: { set: (action) => waiting.push(action) - 1, clear: (at) => void delete waiting[Number(at)] },
    },
    createJobs(alerts),
    alerts,
  );
  return {
    exporting,
    requests,
    saved,
    downloads,
    alerts,
    client,
    kept,
    pass: () => waiting.forEach((action) => void action()),
  };
}

describe('exporting', () => {
  it('downloads several files as one ZIP, and one file as itself', async () => {
    const many = build();
    expect(await many.exporting.run(exampleCase())).toBe(true);
    expect(many.downloads.map(({ name }) => name)).toEqual(['auricle-export.zip']);
    const one = build({ files: 1 });
    await one.exporting.run(exampleCase());
    expect(one.downloads.map(({ name }) => name)).toEqual(['0.stl']);
  });

  it('saves by the host’s chooser where there is one', async () => {
    const { exporting, saved, downloads, alerts } = build({ canSaveFiles: true });
    expect(await exporting.run(exampleCase())).toBe(true);
    expect(saved).toHaveLength(1);
    expect(downloads).toEqual([]);
    expect(alerts.store.getState().alerts).toMatchObject([{ message: '2 files saved in planning.' }]);
  });

  it('sends the network’s own mask and report for its own surface', async () => {
    const { exporting, requests } = build();
    const exported = exampleCase();
    await exporting.run(exported);
    expect(requests[0]).toMatchObject({ edits: ['Brush'], review: 'accepted', reviewedSteps: ['region'] });
    expect(requests[0]!.labels).toBe(exported.reviewCase.labels);
    expect(requests[0]!.scanGrid).toBe(exported.reviewCase.scanGrid);
    expect(requests[0]!.report).toBe(exported.reviewCase.report);
    expect(requests[0]!.warningsBeforeEditing).toEqual([]);
    expect(requests[0]!.pictures).toHaveLength(1);
    expect(requests[0]!.letterhead).toEqual({ name: 'Heart Centre', logoBase64: null });
    // Of the figures that the numbers allow; registry files have none.
    const { ostium, landingZones } = reportWithEveryNumber;
    const measurements = { ...exported.appendage.measurements, ostium, landingZones };
    await exporting.run({ ...exported, appendage: { ...exported.appendage, measurements } });
    expect(requests[1]!.scanPictures?.map(({ id }) => id)).toEqual([
      'ostium',
      'landingZone10',
      'landingZone12',
      'projection',
    ]);
    exporting.change({ documents: ['registry-csv'] });
    await exporting.run(exported);
    expect(requests[2]!.scanPictures).toEqual([]);
  });

  it('leaves the patient out where it is anonymised, with the scan’s slices only where they are open', async () => {
    const { exporting, requests, downloads } = build();
    exporting.change({ isAnonymous: true });
    const named = failure('stored.sentence', { sentence: 'DOE^JANE.dcm cannot be read.' });
    const phases = [{ ...cycle[2]!, description: 'DOE', refusal: named, warnings: [named] }];
    expect(await exporting.run({ ...exampleCase(), phases })).toBe(true);
    expect(JSON.stringify(requests[0]!.phases)).not.toContain('DOE');
    expect(requests[0]!.phases).toHaveLength(1);
    expect(requests[0]).toMatchObject({ patient: { name: '', id: '', studyDate: '' } });
    const { seriesInstanceUid } = exampleReport().source;
    expect(requests[0]!.report.source.seriesInstanceUid).not.toBe(seriesInstanceUid);
    exporting.change({ withScan: true });
    expect(await exporting.run(exampleCase())).toBe(false);
    expect(exporting.store.getState().failure).toEqual(failure('export.scan-not-open'));
    expect(downloads).toHaveLength(1);

    const slice = ctSlice(rampVolume(smallGrid()), 0);
    const open = build({ scan: [new Blob([new Uint8Array(slice)])] });
    // The scan alone: nothing is built for it.
    open.exporting.change({ ...NO_FILES, isAnonymous: true, withScan: true });
    expect(await open.exporting.run(exampleCase())).toBe(true);
    expect(open.requests).toEqual([]);
    expect(open.downloads.map(({ name }) => name)).toEqual(['scan-000001.dcm']);
  });

  it('sends mask, numbers and warnings of the surface as edited', async () => {
    const { exporting, requests } = build();
    const { measurements, closed } = exampleAppendage();
    const appendage = exampleAppendage({
      closed: { ...closed },
      warnings: [EDITED],
      measurements: { ...measurements, volumeMl: 3 },
    });
    await exporting.run({ ...exampleCase(), appendage });
    expect(requests[0]).toMatchObject({
      report: { volumeMl: 3, warnings: [THICK, EDITED] },
      warningsBeforeEditing: [ORIGINAL],
    });
    // A corner tetrahedron of 10 mm edges holds 1000/6 mm³, in voxels of 1 mm.
    const inside = requests[0]!.labels.data.reduce((sum, label) => sum + label, 0);
    expect(inside).toBeGreaterThan(130);
    expect(inside).toBeLessThan(220);
  });

  it('takes no pictures where no document is wanted', async () => {
    const { exporting, requests } = build();
    exporting.change({ documents: [] });
    await exporting.run(exampleCase());
    expect(requests[0]!.pictures).toEqual([]);
  });

  it('shows the picture of the printable shell until another is chosen', async () => {
    const { exporting, requests, downloads } = build({ files: 1, name: SHELL_PICTURE });
    exporting.change({ shellBaseMm: 5, products: ['closed', 'shell'], documents: ['pdf'] });
    await exporting.previewShell(exampleCase());
    expect(requests.at(-1)!.options).toMatchObject({ products: ['shell'], documents: [], shellBaseMm: 5 });
    expect(exporting.store.getState().shellPicture).toEqual(Uint8Array.of(0));
    expect(downloads).toEqual([]);
    exporting.change({ documents: [] });
    expect(exporting.store.getState().shellPicture).not.toBeNull();
    exporting.change({ shellThicknessMm: 2 });
    expect(exporting.store.getState().shellPicture).toBeNull();
    // The work is closed before the picture is there.
    const running = exporting.previewShell(exampleCase());
    exporting.clearFailure();
    await running;
    expect(exporting.store.getState().shellPicture).toBeNull();
  });

  it('keeps the choices for the next time', () => {
    const { exporting, kept, pass } = build();
    exporting.change({ shellThicknessMm: 2 });
    exporting.change({ frame: 'RAS' });
    expect(kept).toEqual([]);
    pass();
    expect(kept).toEqual([{ ...USUAL_OPTIONS, shellThicknessMm: 2, frame: 'RAS' }]);
  });

  it('keeps them at once where they are used, and begins with those that were kept', async () => {
    const { exporting, kept } = build();
    exporting.restore({ ...USUAL_OPTIONS, frame: 'RAS' });
    expect(exporting.store.getState().options.frame).toBe('RAS');
    exporting.change({ documents: [] });
    await exporting.run(exampleCase());
    expect(kept).toMatchObject([{ frame: 'RAS', documents: [] }]);
    // What a person has chosen meanwhile stays.
    exporting.restore(USUAL_OPTIONS);
    expect(exporting.store.getState().options.frame).toBe('RAS');
  });

  it('says why it failed where the choices are', async () => {
    const { exporting, client } = build();
    const service: { build: AuricleClient['exporting']['build'] } = client.exporting;
    service.build = () => Promise.reject(new UserError(failure('export.shell-empty')));
    expect(await exporting.run(exampleCase())).toBe(false);
    expect(exporting.store.getState().failure).toEqual(failure('export.shell-empty'));
  });

  it('does not say so where the choices are of another patient by then', async () => {
    const { exporting, client, alerts } = build();
    const service: { build: AuricleClient['exporting']['build'] } = client.exporting;
    service.build = () => Promise.reject(new UserError(failure('export.shell-empty')));
    const running = exporting.run(exampleCase());
    exporting.clearFailure();
    expect(await running).toBe(false);
    expect(exporting.store.getState().failure).toBeNull();
    expect(alerts.store.getState().alerts).toHaveLength(1);
  });
});
