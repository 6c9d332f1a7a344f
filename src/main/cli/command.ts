import { setMaxListeners } from 'node:events';
import { CancelledError, messageOf, UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { OnProgress } from '#shared/progress.ts';
import { words } from '#shared/words/words.ts';
import { createProgressDisplay } from './progressDisplay.ts';
import { oneLine, severalLines } from './terminalText.ts';

/** What a command's action receives: where to report progress, and the signal that Ctrl+C fires. */
export interface CommandContext {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface CommandOutput {
  /** Printed with --json. */
  readonly json: unknown;
  /** Printed for people. */
  readonly text: string;
  /** Printed on stderr, beside text or JSON. */
  readonly warnings?: readonly Failure[];
  /** The work is done and its result printed, but it counts as failed: exit code 1. */
  readonly isFailed?: boolean;
}

/** Exit codes: 1 the work failed and the message gives the reason, 2 a defect of the program, 130 cancelled. */
const EXIT = { failed: 1, defect: 2, cancelled: 130 } as const;

/**
 * Runs a command's action: progress on stderr, the result on stdout, a failure as one clear sentence (or, with
 * --json, as `{"error": …, "failure": {"code": …, "fields": …}}`) and an exit code other than 0.
 */
export async function runCommand(
  options: { readonly json?: boolean | undefined },
  action: (context: CommandContext) => Promise<CommandOutput>,
): Promise<void> {
  const json = options.json === true;
  const controller = new AbortController();
  // Every thread at work listens; Node takes more than ten listeners for a leak and prints a warning.
  setMaxListeners(0, controller.signal);
  const cancel = (): void => controller.abort();
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);
  const display = createProgressDisplay(process.stderr, { quiet: json });
  try {
    const output = await action({ signal: controller.signal, onProgress: display.update });
    display.stop();
    for (const warning of output.warnings ?? [])
      process.stderr.write(`auricle: ${oneLine(words('en').sentence(warning))}\n`);
    process.stdout.write(
      json ? `${JSON.stringify(output.json, null, 2)}\n` : `${severalLines(output.text)}\n`,
    );
    if (output.isFailed) process.exitCode = EXIT.failed;
  } catch (thrown) {
    display.stop();
    const [code, message] = describeFailure(thrown);
    const reason = thrown instanceof UserError ? { failure: thrown.failure } : {};
    if (json) process.stdout.write(`${JSON.stringify({ error: message, ...reason })}\n`);
    process.stderr.write(`auricle: ${severalLines(message)}\n`);
    process.exitCode = code;
  } finally {
    process.removeListener('SIGINT', cancel);
    process.removeListener('SIGTERM', cancel);
  }
}

function describeFailure(thrown: unknown): [code: number, message: string] {
  if (thrown instanceof UserError) return [EXIT.failed, oneLine(words('en').sentence(thrown.failure))];
  if (thrown instanceof CancelledError) return [EXIT.cancelled, 'Cancelled.'];
  // A defect. The stack may name files, so it is shown on request only.
  const detail = process.env.AURICLE_DEBUG && thrown instanceof Error ? `\n${thrown.stack}` : '';
  return [EXIT.defect, `This is a defect of the program: ${messageOf(thrown)}${detail}`];
}
