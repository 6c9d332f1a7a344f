import { expect, it } from 'vitest';
import { createRpcClient } from './client.ts';
import { method, unchecked } from './contract.ts';
import { createRpcServer } from './server.ts';
import { splitPort } from './splitPort.ts';
import { createMemoryPortPair } from './testing/memoryPort.ts';

const contract = {
  services: { numbers: { double: method(unchecked<number>(), unchecked<number>()) } },
  events: {},
};
const server = (factor: number) =>
  createRpcServer(contract, { numbers: { double: async (value) => factor * value } });

it('lets both ends call each other over one port, and closes with it', async () => {
  const [page, main] = createMemoryPortPair();
  const [atPage, atMain] = [splitPort(page), splitPort(main)];
  server(2).serve(atMain.calls);
  server(-2).serve(atPage.back);
  const toMain = createRpcClient(contract, atPage.calls);
  const toPage = createRpcClient(contract, atMain.back);
  expect(await Promise.all([toMain.services.numbers.double(3), toPage.services.numbers.double(3)])).toEqual([
    6, -6,
  ]);
  const pending = [toMain.services.numbers.double(4), toPage.services.numbers.double(4)];
  page.close();
  const outcomes = await Promise.allSettled(pending);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

it('keeps what arrives on one side before anybody listens there', async () => {
  const [page, main] = createMemoryPortPair();
  const [atPage, atMain] = [splitPort(page), splitPort(main)];
  atMain.back.send('early');
  atMain.calls.send('other');
  const heard: unknown[] = [];
  await new Promise<void>((resolve) => atPage.calls.onMessage(() => resolve()));
  atPage.back.onMessage((message) => heard.push(message));
  expect(heard).toEqual(['early']);
});
