import { type PhaseResult, phaseResultSchema } from '../../contract/services/phases.ts';
import { failure } from '../../failures/failure.ts';

interface Wish {
  readonly percent: number;
  readonly volumeMl?: number | null;
  readonly areaMm2?: number | null;
  readonly refused?: boolean;
}

/** A phase by its percentage of the heart cycle. */
export const nominalPhase = (percent: number): PhaseResult['phase'] => ({
  label: `${percent} %`,
  percent,
  place: percent,
  unit: '%',
  attribute: 'Nominal Percentage of Cardiac Phase',
  isByOrder: false,
});

/** A phase with a round ostium. */
export function phase({ percent, volumeMl = 5, areaMm2 = 400, refused = false }: Wish): PhaseResult {
  const diameterMm = 2 * Math.sqrt((areaMm2 ?? 0) / Math.PI);
  const ostium = areaMm2 !== null && {
    centreLpsMm: [0, 0, 0],
    normal: [0, 0, 1],
    areaMm2,
    perimeterMm: Math.PI * diameterMm,
    maxDiameterMm: diameterMm,
    minDiameterMm: diameterMm,
    areaDerivedDiameterMm: diameterMm,
    perimeterDerivedDiameterMm: diameterMm,
    eccentricity: 0,
  };
  const withheld = {
    ...(volumeMl === null ? { volumeMl: failure('measure.appendage-cut') } : {}),
    ...(areaMm2 === null ? { maxDiameterMm: failure('measure.no-ostium') } : {}),
    landingZone10: failure('measure.section-through-ostium'),
  };
  return phaseResultSchema.parse({
    phase: nominalPhase(percent),
    seriesId: `1.2.${percent}`,
    description: 'CTA, "thin"',
    refusal: refused ? failure('pipeline.no-appendage') : null,
    measurements: refused
      ? null
      : {
          ostium: ostium || null,
          landingZones: [],
          volumeMl,
          depthMm: 30,
          depthToFirstBendMm: null,
          surfaceAreaMm2: 1000,
          withheld,
        },
    warnings: [],
  });
}

/** Four phases: at 60 % nothing is found, at 80 % no volume is given. */
export const cycle = [
  phase({ percent: 0, volumeMl: 6, areaMm2: 420 }),
  phase({ percent: 40, volumeMl: 8, areaMm2: 500 }),
  phase({ percent: 60, refused: true }),
  phase({ percent: 80, volumeMl: null, areaMm2: 350 }),
];
