import type { SegmentedAppendage } from '#shared/contract/services/segmentation.ts';
import { nominalPhase } from '#shared/phases/testing/cycle.ts';
import { exampleAppendage, exampleReport } from '../../../features/review/testing/exampleCase.ts';
import type { LoadedSeries, SeriesEntry } from '../../../features/studies/types.ts';
import { volume, workspaceInMemory } from './workspaceInMemory.ts';

/** A workspace in memory whose study has these phases of one heart, a series each; the first is opened. */
export async function phasesInMemory(percents: readonly number[] = [40, 90], heart = '1.2') {
  const built = workspaceInMemory();
  const { workspace, reader, services, turn } = built;
  const plain = (await reader.open([], { onProgress: () => {} })).series[0]!;
  const series = percents.map(
    (percent): SeriesEntry => ({
      ...plain,
      id: `${heart}.${percent}`,
      seriesInstanceUid: `${heart}.${percent}`,
      description: `CTA ${percent} %`,
      isPreselected: percent === percents[0],
      phase: { ...nominalPhase(percent), setId: heart },
    }),
  );
  reader.open = () => Promise.resolve({ series, skippedFiles: 0, problems: [] });
  reader.load = (id): Promise<LoadedSeries> => {
    const entry = series.find((one) => one.id === id)!;
    const { seriesInstanceUid, phase } = entry;
    const { setId: _, ...own } = phase!;
    return Promise.resolve({
      entry,
      volume: { ...volume, heart },
      coarse: () => Promise.resolve(volume),
      sourceSeries: { attributes: {}, instances: [] },
      source: { ...exampleReport().source, seriesInstanceUid, heartPhase: own },
      warnings: [],
    });
  };
  const usual = services.segmentation.segment;
  /** The volume tells the phases apart: a tenth of the percent, mL. */
  services.segmentation.segment = async (request, job): Promise<SegmentedAppendage> => {
    const result = await usual(request, job);
    const appendage = exampleAppendage({
      ...result.appendage,
      measurements: {
        ...result.appendage.measurements,
        volumeMl: (request.source.heartPhase?.percent ?? 0) / 10,
      },
    });
    const { heartPhase, seriesInstanceUid } = request.source;
    const source = { ...result.report.source, seriesInstanceUid, heartPhase };
    return { ...result, appendage, report: { ...result.report, source } };
  };
  await workspace.start();
  await workspace.open([]);
  await turn();
  return { ...built, ids: series.map(({ id }) => id) };
}
