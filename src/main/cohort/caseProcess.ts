import { spawn } from 'node:child_process';
import { z } from 'zod';

/** How a case's process ended. */
export type CaseOutcome =
  | { readonly kind: 'done'; readonly printed: string }
  /** The command refused the case, in one sentence: it would do so again. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** A crash or a defect, in one sentence: it may have been the machine. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** There was no room for its result, which is not the case's fault. */
  | { readonly kind: 'disk-full' }
  | { readonly kind: 'cancelled' };

/** What a command prints of a failure; `prepare` lists the cases that it refused, here the one that there was. */
const complaintSchema = z.union([
  z.object({
    error: z.string(),
    failure: z.object({ code: z.string(), fields: z.record(z.string(), z.unknown()) }).optional(),
  }),
  z
    .object({ refused: z.array(z.object({ sentence: z.string() })).length(1) })
    .transform(({ refused }) => ({ error: refused[0]!.sentence, failure: undefined })),
]);
type Complaint = z.output<typeof complaintSchema>;

/** No room on the disk, or none left of the user's quota. */
const isDiskFull = ({ failure }: Complaint): boolean =>
  failure !== undefined &&
  (failure.code.endsWith('.disk-full') ||
    failure.fields.systemCode === 'ENOSPC' ||
    failure.fields.systemCode === 'EDQUOT');

/** How long a process that was asked to end may take, ms. */
const END_WITHIN_MS = 10_000;

/**
 * Runs the program's own command for one case in a process of its own, so that native code that crashes takes no other
 * case with it, and a worker stays free to renew its lease. The process ends when its worker does: it sees the channel
 * close.
 * @param program what Node runs: the built command line
 */
export function runCase(
  program: string,
  args: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<CaseOutcome> {
  if (signal.aborted) return Promise.resolve({ kind: 'cancelled' });
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      windowsHide: true,
    });
    let printed = '';
    let complaint = '';
    let killTimer: NodeJS.Timeout | undefined;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint = `${complaint}${text}`.slice(-4000);
    });
    const cancel = (): void => {
      child.kill('SIGTERM');
      killTimer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
    };
    signal.addEventListener('abort', cancel, { once: true });
    const finish = (outcome: CaseOutcome): void => {
      clearTimeout(killTimer);
      signal.removeEventListener('abort', cancel);
      resolve(outcome);
    };
    child.on('error', ({ message }) =>
      finish({ kind: 'broken', reason: `Its process did not start: ${message}.` }),
    );
    child.on('close', (code, killedBy) => {
      if (signal.aborted) finish({ kind: 'cancelled' });
      else finish(outcomeOf({ code, killedBy, printed, complaint }));
    });
  });
}

interface Ended {
  readonly code: number | null;
  readonly killedBy: string | null;
  readonly printed: string;
  readonly complaint: string;
}

function outcomeOf({ code, killedBy, printed, complaint }: Ended): CaseOutcome {
  if (code === 0) return { kind: 'done', printed };
  if (code === null) return { kind: 'broken', reason: `Its process was ended by ${killedBy}.` };
  const said = complaintIn(printed);
  if (code === 1 && said)
    return isDiskFull(said) ? { kind: 'disk-full' } : { kind: 'refused', reason: said.error };
  const last = complaint.trim().split('\n').at(-1) ?? '';
  return { kind: 'broken', reason: said?.error ?? (last || `Its process ended with code ${code}.`) };
}

/** The failure that the command printed as JSON. */
function complaintIn(printed: string): Complaint | undefined {
  try {
    return complaintSchema.parse(JSON.parse(printed));
  } catch {
    return undefined;
  }
}
