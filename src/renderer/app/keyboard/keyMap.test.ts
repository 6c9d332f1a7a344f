import { describe, expect, it } from 'vitest';
import { USUAL_KEYS } from '../../ui/pageKeys.ts';
import { commandForKey } from './keyMap.ts';
import type { KeyPress } from './keyPress.ts';

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...modifiers,
});

describe('commandForKey', () => {
  it('has the keys that readers of CT expect', () => {
    expect(commandForKey(press('3'), 'none')).toEqual({ kind: 'preset', key: '3' });
    expect(commandForKey(press('i'), 'none')).toEqual({ kind: 'invert' });
    expect(commandForKey(press(' '), 'none')).toEqual({ kind: 'reset' });
    expect(commandForKey(press('Enter'), 'none')).toEqual({ kind: 'segment' });
    expect(commandForKey(press('S', { shiftKey: true }), 'none')).toEqual({ kind: 'segment' });
    expect(commandForKey(press('['), 'none')).toEqual({ kind: 'brushSize', steps: -1 });
    expect(commandForKey(press('6'), 'none')).toEqual({ kind: 'linkCArm' });
    expect(commandForKey(press('?', { shiftKey: true }), 'none')).toEqual({ kind: 'keys' });
    expect(commandForKey(press('ß'), 'none')).toBeNull();
  });

  it('chooses the measuring tools', () => {
    const toolOf = (key: string) => commandForKey(press(key), 'none');
    for (const [key, tool] of [
      ['-', 'ruler'],
      ['y', 'angle'],
      ['Q', 'ellipse'],
      ['g', 'freehand'],
      ['t', 'text'],
    ] as const)
      expect(toolOf(key)).toEqual({ kind: 'tool', tool });
    expect(commandForKey(press('y'), 'text')).toBeNull();
  });

  it('undoes and redoes with Ctrl and with Command', () => {
    expect(commandForKey(press('z', { ctrlKey: true }), 'none')).toEqual({ kind: 'undo' });
    expect(commandForKey(press('Z', { metaKey: true, shiftKey: true }), 'control')).toEqual({ kind: 'redo' });
    expect(commandForKey(press('y', { ctrlKey: true }), 'none')).toEqual({ kind: 'redo' });
  });

  it('leaves keys to the control or the field that has the focus', () => {
    expect(commandForKey(press('Enter'), 'control')).toBeNull();
    expect(commandForKey(press(' '), 'control')).toBeNull();
    expect(commandForKey(press('ArrowUp'), 'control')).toBeNull();
    expect(commandForKey(press('3'), 'control')).toEqual({ kind: 'preset', key: '3' });
    expect(commandForKey(press('3'), 'text')).toBeNull();
    expect(commandForKey(press('z', { ctrlKey: true }), 'text')).toBeNull();
  });

  it('moves the crosshair, paints at it, and moves and tilts the ostial plane', () => {
    expect(commandForKey(press('ArrowLeft', { shiftKey: true }), 'none')).toEqual({
      kind: 'moveCrosshair',
      rightMm: -1,
      downMm: 0,
    });
    expect(commandForKey(press('ArrowLeft', { shiftKey: true }), 'control')).toBeNull();
    expect(commandForKey(press('d'), 'none')).toEqual({ kind: 'dab' });
    expect(commandForKey(press('n'), 'none')).toEqual({ kind: 'moveOstium', distalMm: -0.5 });
    expect(commandForKey(press('K', { shiftKey: true }), 'control')).toEqual({
      kind: 'tiltOstium',
      about: 'superior',
      degrees: 2,
    });
    expect(commandForKey(press('n'), 'text')).toBeNull();
  });

  it('plays and steps through heart phases, but not while a person types', () => {
    const keys = ['/', 'Home', 'End'].map((key) => commandForKey(press(key), 'none'));
    expect(keys).toEqual([
      { kind: 'playPhases' },
      { kind: 'stepPhase', by: -1 },
      { kind: 'stepPhase', by: 1 },
    ]);
    for (const key of ['/', 'Home', 'End']) expect(commandForKey(press(key), 'text')).toBeNull();
    expect(commandForKey(press('End'), 'control')).toBeNull();
  });

  it('follows the keys that a person changed, and leaves the usual one of a changed action without meaning', () => {
    const changed = { m: 'ö', b: 'm' };
    const kindOf = (key: string) => commandForKey(press(key), 'none', changed)?.kind ?? null;
    expect(kindOf('Ö')).toBe('toggleMesh');
    expect(commandForKey(press('m'), 'none', changed)).toEqual({ kind: 'tool', tool: 'brush' });
    expect(kindOf('b')).toBeNull();
    expect(kindOf('i')).toBe('invert');
    // With Ctrl keys stay what they are everywhere.
    expect(commandForKey(press('z', { ctrlKey: true }), 'none', { z: 'b' })).toEqual({ kind: 'undo' });
  });

  it('has a command for every key that can be changed', () => {
    for (const key of USUAL_KEYS) expect(commandForKey(press(key), 'none'), key).not.toBeNull();
  });

  it('cancels from anywhere', () => {
    expect(commandForKey(press('Escape'), 'text')).toEqual({ kind: 'cancel' });
  });

  it('moves and tilts the virtual device, and leaves comma and point to the measuring tools', () => {
    const press = (key: string, shiftKey = false) =>
      commandForKey({ key, shiftKey, ctrlKey: false, metaKey: false, altKey: false }, 'none');
    expect(press('>', true)).toEqual({ kind: 'moveDevice', distalMm: 0.5 });
    expect(press('<')).toEqual({ kind: 'moveDevice', distalMm: -0.5 });
    expect(press('8')).toEqual({ kind: 'tiltDevice', degrees: [2, 0] });
    expect(press('9')).toEqual({ kind: 'tiltDevice', degrees: [0, -2] });
    expect(press(',')).toBeNull();
  });
});
