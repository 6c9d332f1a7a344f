import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '#shared/progress.ts';

export interface ProgressDisplay {
  readonly update: (progress: Progress) => void;
  readonly stop: () => void;
}

/** A bar on a terminal, a line for each new stage elsewhere, nothing when quiet. */
export function createProgressDisplay(
  stream: NodeJS.WriteStream,
  { quiet = false }: { quiet?: boolean } = {},
): ProgressDisplay {
  if (quiet) return { update: () => {}, stop: () => {} };
  return stream.isTTY ? barDisplay(stream) : lineDisplay(stream);
}

function barDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  const bar = new SingleBar(
    { stream, format: '{stage} {bar} {percentage}%', hideCursor: true, clearOnComplete: true },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update({ stage, fraction }) {
      const state = { stage: stage.padEnd(28) };
      if (!started) bar.start(100, 0, state);
      started = true;
      bar.update(Math.round(fraction * 100), state);
    },
    stop() {
      if (started) bar.stop();
      started = false;
    },
  };
}

function lineDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  let last = '';
  return {
    update({ stage }) {
      if (stage !== last) stream.write(`${stage}…\n`);
      last = stage;
    },
    stop: () => {},
  };
}
