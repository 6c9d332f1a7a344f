import { createLifecycle } from '#shared/lifecycle/lifecycle.ts';

/**
 * lost: the port closed; woken: an attempt may succeed now that did not before, or a person asks for one; due: the wait
 * is over; admitted, unreachable, refused: how an attempt ended.
 */
export type LinkEvent = 'lost' | 'woken' | 'due' | 'admitted' | 'unreachable' | 'refused';

export const linkLifecycle = createLifecycle<'connected' | 'trying' | 'waiting' | 'refused', LinkEvent>(
  'link to the engine',
  {
    connected: { lost: 'trying', woken: 'connected' },
    // A new port can close before its attempt has ended; a wake is remembered until then.
    trying: {
      admitted: 'connected',
      unreachable: 'waiting',
      refused: 'refused',
      lost: 'trying',
      woken: 'trying',
    },
    waiting: { due: 'trying', woken: 'trying' },
    refused: { woken: 'trying' },
  },
);
