import type { Files } from '#shared/dicom/testing/ctFixtures.ts';
import { noPixelCodecs } from '#shared/dicom/testing/noPixelCodecs.ts';
import { throwIfCancelled } from '#shared/errors.ts';
import { clientServices, type HandlerJob } from '#shared/rpc/contract.ts';
import { createStudyTasks } from '../../../workers/createStudyTasks.ts';
import { studyTasks, type TaskRunner } from '../../../workers/studyTasks.ts';
import type { OpenedFile } from '../types.ts';

/** Runs tasks on this thread, with everything copied as between threads; memory that they share is not. */
export function createInlineRunner(sharesMemory = true): TaskRunner & { readonly names: string[] } {
  const handlers: Readonly<Record<string, unknown>> = { ...createStudyTasks(noPixelCodecs) };
  const names: string[] = [];
  const { study } = clientServices(studyTasks, async ({ method }, params, { signal } = {}) => {
    throwIfCancelled(signal);
    names.push(method);
    // The method's own handler; the copies keep the types.
    const handler = handlers[method] as (params: unknown, job: HandlerJob) => Promise<unknown>;
    const job = { signal: signal ?? new AbortController().signal, onProgress: () => {} };
    return structuredClone(await handler(structuredClone(params), job));
  });
  return { width: 2, sharesMemory, names, tasks: study };
}

/** Files in memory as the page opens them. */
export const opened = (files: Files, folder = 'study'): OpenedFile[] =>
  [...files].map(([name, bytes]) => ({ path: `${folder}/${name}`, blob: new Blob([new Uint8Array(bytes)]) }));
