import { confidenceInWords } from '#shared/confidenceInWords.ts';
import { givenFilling } from '#shared/contract/report.ts';
import type { Fact, ReportInput } from './reportInput.ts';

/** How sure the result is, as far as anything says so: the networks' confidence, spreads, checks that failed. */
export function uncertaintyFacts({ report, measurements, mesh, plan, edits }: ReportInput): Fact[] {
  const { confidence, region, ostiumLandmarks, source } = report;
  const filling = givenFilling(report, measurements);
  const unverified = (plan?.devices ?? []).filter(({ source }) => !source.isVerified);
  return [
    [
      'Appendage',
      confidence === null
        ? 'the model states no confidence'
        : `${confidenceInWords(confidence)} that this is the appendage`,
    ],
    [
      'Region',
      region.confidence === null
        ? // A phase is segmented from where the one before it was found.
          `placed manually${source.heartPhase ? ', or where another phase was found' : ''}`
        : `found with confidence ${confidenceInWords(region.confidence)}`,
    ],
    ...(ostiumLandmarks && measurements.ostium
      ? [
          [
            'Ostium plane, as first segmented',
            `± ${ostiumLandmarks.planeSdMm.toFixed(1)} mm, ± ${ostiumLandmarks.planeSdDegrees.toFixed(0)}° (standard deviations)`,
          ] satisfies Fact,
        ]
      : []),
    ...(filling
      ? [
          [
            'Unfilled part',
            `± ${Math.max(0.1, filling.uncertaintyMl).toFixed(1)} mL by noise alone`,
          ] satisfies Fact,
        ]
      : []),
    ...(mesh.selfIntersections > 0 || (mesh.genus ?? 0) > 0
      ? [
          [
            'Surface',
            `${mesh.genus ?? 0} topological handles, ${mesh.selfIntersections} self-intersections`,
          ] satisfies Fact,
        ]
      : []),
    ['Manual edits', edits.length === 0 ? 'none' : String(edits.length)],
    ...(unverified.length > 0
      ? [
          [
            'Device tables',
            `${unverified.map(({ name }) => name).join(', ')}: not compared with the manufacturer’s instructions for use`,
          ] satisfies Fact,
        ]
      : []),
  ];
}
