import { describe, expect, it } from 'vitest';
import type { Port } from '#shared/rpc/port.ts';
import { createMemoryPortPair } from '#shared/rpc/testing/memoryPort.ts';
import { joinPorts, type PortChannels, portChannels } from './portChannels.ts';

const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function bothEnds(): { ports: [Port, Port]; near: PortChannels; far: PortChannels } {
  const ports = createMemoryPortPair();
  return { ports, near: portChannels(ports[0]), far: portChannels(ports[1]) };
}

/** Everything that happens at a port, in words. */
function recorded(port: Port): string[] {
  const happened: string[] = [];
  port.onMessage((message) => happened.push(String(message)));
  port.onClose((reason) => happened.push(`(${reason})`));
  return happened;
}

describe('channels over one port', () => {
  it('keep their messages apart, both ways, whoever opened them', async () => {
    const { near, far } = bothEnds();
    const atFar: string[] = [];
    far.onOpen('echo', (port, data) => port.onMessage((message) => port.send(`${data} ${message}`)));
    near.onOpen('notes', (port) => port.onMessage((message) => atFar.push(String(message))));
    const [first, second] = [near.open('echo', 'first'), near.open('echo', 'second')];
    const [atFirst, atSecond] = [recorded(first), recorded(second)];
    const notes = far.open('notes');
    first.send('a');
    second.send('b');
    notes.send('c');
    await turns();
    expect([atFirst, atSecond, atFar]).toEqual([['first a'], ['second b'], ['c']]);
  });

  it('are kept that were opened before the other end was ready for any', async () => {
    const [nearPort, farPort] = createMemoryPortPair();
    const atNear = recorded(portChannels(nearPort).open('echo', 'early'));
    await turns();
    portChannels(farPort).onOpen('echo', (port, data) => port.send(data));
    await turns();
    expect(atNear).toEqual(['early']);
  });

  it('close one by one, from either end, and the others go on', async () => {
    const { near, far } = bothEnds();
    const ends: Port[] = [];
    far.onOpen('work', (port) => ends.push(port));
    const [first, second, third] = [near.open('work'), near.open('work'), near.open('work')];
    const [atFirst, atThird] = [recorded(first), recorded(third)];
    await turns();
    const atSecondsEnd = recorded(ends[1]!);
    ends[0]!.close();
    second.close();
    ends[2]!.send('still here');
    await turns();
    expect([atFirst, atSecondsEnd, atThird]).toEqual([
      ['(closed by the other end)'],
      ['(closed by the other end)'],
      ['still here'],
    ]);
    first.send('into the void');
    await turns();
  });

  it('all close with the port', async () => {
    const { ports, near, far } = bothEnds();
    let atFar: string[] = [];
    far.onOpen('work', (port) => {
      atFar = recorded(port);
    });
    const atNear = recorded(near.open('work'));
    await turns();
    ports[0].close();
    await turns();
    expect([atNear, atFar]).toEqual([['(closed here)'], ['(closed by the other end)']]);
    expect(recorded(near.open('work'))).toEqual(['(closed here)']);
  });

  it('that nobody waits for is closed', async () => {
    const { near } = bothEnds();
    const happened = recorded(near.open('nobody'));
    await turns();
    expect(happened).toEqual(['(closed by the other end)']);
  });

  it('reach a port of a third party through a joined one', async () => {
    const { near, far } = bothEnds();
    const [page, pageInMain] = createMemoryPortPair();
    far.onOpen('page', (port) => port.onMessage((message) => port.send(`engine has ${message}`)));
    joinPorts(pageInMain, near.open('page'));
    const atPage = recorded(page);
    page.send('a word');
    await turns();
    expect(atPage).toEqual(['engine has a word']);
    near.open('page').close();
    page.close();
    await turns();
    expect(atPage).toEqual(['engine has a word', '(closed here)']);
  });
});
