import { PickleDamagedError, type PickleHost, PickleOpcodeError, type PickleValue } from './pickle.ts';
import { PickleMachine } from './pickleMachine.ts';
import { character, OPCODES } from './pickleOpcodes.ts';
import { PickleReader } from './pickleReader.ts';

/**
 * Reads one pickle and runs nothing: it knows plain data and asks its host about everything else.
 * Source: CPython's Lib/pickletools.py, which describes every opcode; protocols 0 to 5.
 * @param at where it begins in `bytes`
 * @returns the value, and where the pickle ends
 * @throws PickleDamagedError, PickleOpcodeError, and whatever the host throws
 */
export function unpickle(bytes: Uint8Array, host: PickleHost, at = 0): { value: PickleValue; end: number } {
  const reader = new PickleReader(bytes, at);
  const machine = new PickleMachine();
  for (;;) {
    const opcode = reader.uint8();
    if (opcode === character('.')) break;
    const step = OPCODES.get(opcode);
    if (step === undefined) {
      throw new PickleOpcodeError(
        opcode > 0x20 && opcode < 0x7f ? String.fromCharCode(opcode) : `0x${opcode.toString(16)}`,
      );
    }
    step(machine, reader, host);
  }
  const value = machine.pop();
  if (machine.stack.length > 0) throw new PickleDamagedError('Something is left on the stack.');
  return { value, end: reader.at };
}
