import type { SegmentationReport } from '#shared/contract/report.ts';
import { trainingInWords } from '#shared/modelTraining.ts';
import { engineInWords } from '../../ui/valuesInWords.ts';
import { words } from '../../words/index.ts';

/** How the surface was made, line by line. */
export interface ProvenanceLine {
  readonly label: string;
  readonly value: string;
  /** The full value where a shortened one is shown. */
  readonly title?: string;
}

/** Enough of a digest to tell models apart by eye. */
const SHORT_DIGEST = 12;

export const totalSeconds = (secondsPerStage: Readonly<Record<string, number>>): number =>
  Object.values(secondsPerStage).reduce((sum, seconds) => sum + seconds, 0);

export function provenanceOf(
  report: SegmentationReport,
  edits: readonly string[],
): readonly ProvenanceLine[] {
  return [
    { label: words().measures.program, value: `${report.program.name} ${report.program.version}` },
    ...report.models.map((model) => ({
      label: words().measures.model,
      value: `${model.id} · ${model.sha256.slice(0, SHORT_DIGEST)} · ${words().recorded(trainingInWords(model))}`,
      title: `SHA-256 ${model.sha256}`,
    })),
    { label: words().measures.engine, value: engineInWords(report.engine) },
    { label: words().measures.time, value: `${words().decimals(totalSeconds(report.secondsPerStage), 1)} s` },
    {
      label: words().measures.manualEdits,
      value: edits.length === 0 ? words().measures.noEdits : edits.map(words().recorded).join('; '),
    },
  ];
}
