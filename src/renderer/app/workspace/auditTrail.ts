import type { AuricleClient } from '#shared/contract/auricle.ts';
import type { AuditEvent } from '#shared/contract/services/app.ts';
import { messageOf } from '#shared/errors.ts';
import { CONNECTION_LOST, NOT_CONNECTED } from '#shared/rpc/failures.ts';

export interface AuditTrail {
  record(event: AuditEvent): void;
  /** The lost connection is back: what was held is recorded, in its order. */
  resume(): void;
}

/**
 * Tells the main side what a person did. The trail is of use to others, so that it cannot be written must stop nobody;
 * `onFailure` gets one sentence, once. What happens without a connection is held.
 */
export function createAuditTrail(
  client: Pick<AuricleClient, 'app'>,
  onFailure: (message: string) => void,
): AuditTrail {
  let held: AuditEvent[] = [];
  let isTold = false;

  const record = (event: AuditEvent): void => {
    client.app.audit(event).catch((thrown: unknown) => {
      const message = messageOf(thrown);
      if (message === CONNECTION_LOST || message === NOT_CONNECTED) {
        held.push(event);
        return;
      }
      if (isTold) return;
      isTold = true;
      onFailure(`${message} Your work goes on without it.`);
    });
  };

  return {
    record,
    resume() {
      const events = held;
      held = [];
      for (const event of events) record(event);
    },
  };
}
