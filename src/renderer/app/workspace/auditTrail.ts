import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { AuditEvent } from '#shared/contract/services/app.ts';
import { failureOf } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { isDisconnection } from '../../connection/index.ts';
import { isSameCase, type Review } from '../../features/review/index.ts';
import type { ScanStore } from './scanStore.ts';

export interface AuditTrail {
  /** What a person did with the scan on the screen, or with another series where it is named. */
  record(kind: AuditEvent['kind'], detail: string, seriesInstanceUid?: string): void;
  /** The lost connection is back: the kept events are sent, in their order. */
  resume(): void;
}

export interface AuditTrailParts {
  readonly client: Pick<AuricleClient, 'app'>;
  readonly scan: ScanStore;
  readonly review: Pick<Review, 'store'>;
  /** The trail cannot be written; called once. */
  readonly onFailure: (why: Failure) => void;
}

/**
 * Sends what a person did to the main side, which keeps the trail; steps and verdicts of the review are recorded from
 * its store. Work goes on where the trail cannot be written. Events without a connection are kept until it is back.
 */
export function createAuditTrail({ client, scan, review, onFailure }: AuditTrailParts): AuditTrail {
  let held: AuditEvent[] = [];
  let hasFailed = false;

  const send = (event: AuditEvent): void => {
    client.app.audit(event).catch((thrown: unknown) => {
      const reason = failureOf(thrown);
      if (isDisconnection(reason)) {
        held.push(event);
        return;
      }
      if (hasFailed) return;
      hasFailed = true;
      onFailure(failure('page.without-audit-trail', { reason }));
    });
  };
  const record: AuditTrail['record'] = (
    kind,
    detail,
    seriesInstanceUid = scan.getState().scan?.seriesInstanceUid ?? '',
  ) => send({ kind, seriesInstanceUid, detail });

  review.store.subscribe((after, before) => {
    // Another case was started, restored or closed: no step of a person.
    if (!isSameCase(after.current, before.current)) return;
    if (after.current && after.position !== before.position) {
      const isUndo = after.position < before.position;
      record('edit', isUndo ? 'Undo' : (after.steps[after.position - 1] ?? ''));
    }
    if (after.verdict !== before.verdict) record('review', after.verdict);
  });

  return {
    record,
    resume() {
      const events = held;
      held = [];
      for (const event of events) send(event);
    },
  };
}
