import process from 'node:process';
import { isLinkMessage, LinkedPorts } from './messagePorts.ts';

/**
 * The test's end of the stand-in: what a person, the system or the page does comes in as actions, what the application
 * did goes out as reports.
 */
export type Action = (params: never) => unknown;

interface Call {
  readonly kind: 'action';
  readonly id: number;
  readonly name: string;
  readonly params: unknown;
}

const actions = new Map<string, Action>();

/** Ports that pages hand to the test, which then is the page's script. */
export const testPorts = new LinkedPorts({ send: (message) => void process.send?.(message) }, 'a');

export const onAction = (name: string, action: Action): void => void actions.set(name, action);

/** Something that a test may want to see, in the order in which it happened. */
export function report(name: string, details: object): void {
  process.send?.({ kind: 'report', name, details });
}

export function listenToTest(): void {
  process.on('message', (message) => {
    if (isLinkMessage(message)) return testPorts.handle(message);
    const { id, name, params } = message as Call; // sent by `launch.ts` only
    void (async () => {
      try {
        const action = actions.get(name);
        if (!action) throw new Error(`The stand-in knows no action ${name}`);
        process.send?.({ kind: 'answer', id, value: await action(params as never) });
      } catch (thrown) {
        process.send?.({ kind: 'answer', id, error: String(thrown) });
      }
    })();
  });
  // A test that ended leaves no application behind.
  process.on('disconnect', () => process.exit(0));
}
