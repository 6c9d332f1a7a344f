import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/**
 * The processor time of all processes that this one started and theirs, ms, as far as they still run; 0 where there is
 * no /proc.
 *
 * @param besides a process that does not count, nor what it started
 */
export function processorMs(besides: number): number {
  const processes = new Map<number, { readonly parent: number; readonly ms: number }>();
  for (const name of namesOf('/proc')) {
    const fields = fieldsOf(name);
    if (fields) processes.set(Number(name), fields);
  }
  const isOurs = (id: number): boolean => {
    for (let at = id; at !== besides; ) {
      const parent = processes.get(at)?.parent;
      if (parent === undefined) return false;
      if (parent === process.pid) return true;
      at = parent;
    }
    return false;
  };
  return [...processes].reduce((sum, [id, { ms }]) => (isOurs(id) ? sum + ms : sum), 0);
}

function namesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** A process that ends meanwhile has none. */
function fieldsOf(name: string): { parent: number; ms: number } | undefined {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'utf8');
    // Its name, in brackets, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ms: TICK_MS * (Number(fields[11]) + Number(fields[12])) };
  } catch {
    return undefined;
  }
}
