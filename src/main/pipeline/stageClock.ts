/** Seconds that each stage of a pipeline took, in the order in which stages first ran. */
export interface StageClock {
  /** Runs the work and adds its time to the stage. */
  time<T>(stage: string, work: () => Promise<T> | T): Promise<T>;
  seconds(): Record<string, number>;
}

/** The seconds of two clocks, stage by stage. */
export function addedSeconds(
  first: Readonly<Record<string, number>>,
  second: Readonly<Record<string, number>>,
): Record<string, number> {
  const added = { ...first };
  for (const [stage, s] of Object.entries(second))
    added[stage] = Math.round(1000 * ((added[stage] ?? 0) + s)) / 1000;
  return added;
}

/** A clock on which no stage has run yet; its seconds are rounded to milliseconds. */
export function createStageClock(): StageClock {
  const totals = new Map<string, number>();
  return {
    async time(stage, work) {
      const began = performance.now();
      try {
        return await work();
      } finally {
        totals.set(stage, (totals.get(stage) ?? 0) + (performance.now() - began) / 1000);
      }
    },
    seconds: () => Object.fromEntries([...totals].map(([stage, s]) => [stage, Math.round(s * 1000) / 1000])),
  };
}
