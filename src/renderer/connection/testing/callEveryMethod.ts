import { contractFixtures } from '#shared/contract/testing/index.ts';
import { connectAuricle } from '../index.ts';

/**
 * The script of a page that calls every method of the contract with its first good fixture and leaves what came of it
 * for the test, as text.
 */
async function report(): Promise<unknown> {
  const bugs: string[] = [];
  const connection = await connectAuricle(
    ({ message }) => void bugs.push(message),
    () => {},
  );
  connection.onClose((reason) => show('closed', reason));
  const answers: Record<string, string> = {};
  // By name, a method and its fixtures belong together.
  const services = connection.services as unknown as Record<
    string,
    Record<string, (params: unknown) => Promise<unknown>>
  >;
  for (const [service, methods] of Object.entries(contractFixtures)) {
    for (const [method, fixtures] of Object.entries(methods)) {
      const [params] = fixtures.params.good;
      const [expected] = fixtures.result.good;
      const answer = await services[service]?.[method]?.(params).catch(String);
      answers[`${service}.${method}`] =
        describe(answer) === describe(expected) ? 'as expected' : describe(answer);
    }
  }
  return { answers, bugs };
}

/** Text that tells typed arrays from lists, and not in which order an object's members were written. */
const describe = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) => {
    if (ArrayBuffer.isView(member)) {
      const bytes = new Uint8Array(member.buffer, member.byteOffset, member.byteLength);
      return [Object.prototype.toString.call(member), ...bytes];
    }
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)));
  });

function show(id: string, value: unknown): void {
  const element = document.createElement('output');
  element.id = id;
  element.textContent = JSON.stringify(value);
  document.body.append(element);
}

report().then(
  (value) => show('outcome', value),
  (error: unknown) => show('outcome', String(error)),
);
