import { PickleDamagedError, type PickleGlobal } from './pickle.ts';

/** Where a group of stack items begins. */
export const MARK = Symbol('mark');

/** The stack machine that a pickle is a program for: its stack, with marks, and its memo. */
export class PickleMachine {
  readonly stack: unknown[] = [];
  readonly memo = new Map<number, unknown>();

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0 || this.stack.at(-1) === MARK)
      throw new PickleDamagedError('The stack is empty.');
    return this.stack.pop();
  }

  top(): unknown {
    if (this.stack.length === 0 || this.stack.at(-1) === MARK)
      throw new PickleDamagedError('The stack is empty.');
    return this.stack.at(-1);
  }

  /** All items above the last mark, without the mark. */
  popToMark(): unknown[] {
    const at = this.stack.lastIndexOf(MARK);
    if (at < 0) throw new PickleDamagedError('There is no mark.');
    const items = this.stack.splice(at + 1);
    this.stack.pop();
    return items;
  }

  popMany(count: number): unknown[] {
    const items: unknown[] = [];
    for (let index = 0; index < count; index++) items.unshift(this.pop());
    return items;
  }

  array(): unknown[] {
    const value = this.top();
    if (!Array.isArray(value)) throw new PickleDamagedError('Items are added to what is no list.');
    return value;
  }

  setItems(pairs: readonly unknown[]): void {
    const value = this.top();
    if (!(value instanceof Map) || pairs.length % 2 !== 0) {
      throw new PickleDamagedError('Entries are added to what is no dictionary.');
    }
    for (let index = 0; index < pairs.length; index += 2) value.set(pairs[index], pairs[index + 1]);
  }

  memorize(index: number): void {
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    if (!this.memo.has(index)) throw new PickleDamagedError('A value is recalled that was never stored.');
    this.push(this.memo.get(index));
  }
}

/** A dictionary from keys and values by turns. */
export function mapOf(pairs: readonly unknown[]): Map<unknown, unknown> {
  if (pairs.length % 2 !== 0) throw new PickleDamagedError('A dictionary lacks a value.');
  const map = new Map<unknown, unknown>();
  for (let index = 0; index < pairs.length; index += 2) map.set(pairs[index], pairs[index + 1]);
  return map;
}

/** Globals travel on the stack as what the host made of them. */
export function callGlobal(global: unknown, args: unknown): unknown {
  if (typeof global !== 'function' || !Array.isArray(args))
    throw new PickleDamagedError('A call of what is no class.');
  return (global as PickleGlobal)(args);
}

/**
 * Objects may be completed by a state. Only what this reader made knows how: dictionaries take entries, and an object
 * with a method `setState` takes it as it likes.
 */
export function buildObject(machine: PickleMachine): void {
  const state = machine.pop();
  const object = machine.top();
  if (isStateful(object)) object.setState(state);
  // An OrderedDict's own attributes (`_metadata` of a state dictionary) are no entries of it.
  else if (!(object instanceof Map)) throw new PickleDamagedError('A state for what has none.');
}

const isStateful = (value: unknown): value is { setState(state: unknown): void } =>
  typeof value === 'object' && value !== null && 'setState' in value && typeof value.setState === 'function';
