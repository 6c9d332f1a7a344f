import { afterEach, describe, expect, it } from 'vitest';
import { createLifecycle, onUnknownTransition } from './lifecycle.ts';
import { arrowsOf } from './testing/arrows.ts';

const door = createLifecycle<'open' | 'closed' | 'locked', 'push' | 'pull' | 'turnKey'>('door', {
  open: { push: 'closed', pull: 'open' },
  closed: { pull: 'open', turnKey: 'locked' },
  locked: { turnKey: 'closed' },
});

describe('lifecycle', () => {
  const fail = (message: string): never => {
    throw new Error(message);
  };
  afterEach(() => onUnknownTransition(fail));

  it('follows its table', () => {
    expect(door.next('open', 'push')).toBe('closed');
    expect(door.next('open', 'pull')).toBe('open');
    expect(arrowsOf(door)).toEqual([
      ['open', 'push', 'closed'],
      ['open', 'pull', 'open'],
      ['closed', 'pull', 'open'],
      ['closed', 'turnKey', 'locked'],
      ['locked', 'turnKey', 'closed'],
    ]);
  });

  it('reports a transition that the table lacks and stays where it is; tests fail on one', () => {
    expect(() => door.next('locked', 'pull')).toThrow(
      'The door has no transition for "pull" in the state "locked".',
    );
    const reports: string[] = [];
    onUnknownTransition((message) => void reports.push(message));
    expect(door.next('locked', 'pull')).toBe('locked');
    expect(reports).toHaveLength(1);
  });
});
