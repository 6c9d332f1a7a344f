import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Contract } from '../rpc/contract.ts';
import { decodeMessage, encodeMessage } from '../rpc/messageCodec.ts';
import { auricleContract } from './auricle.ts';
import type { MethodFixtures, SchemaFixtures } from './testing/fixture.ts';
import { contractFixtures } from './testing/index.ts';

const checkSchema = (name: string, schema: z.ZodType, fixtures: SchemaFixtures<unknown>): void => {
  it.each(fixtures.good.map((value, at) => ({ at, value })))(`${name} takes good value $at`, ({ value }) => {
    expect(schema.parse(value)).toEqual(value);
    // What crossed a channel is as good as what was sent.
    expect(schema.parse(structuredClone(value))).toEqual(value);
    expect(schema.parse(decodeMessage(encodeMessage(value)))).toEqual(value);
  });
  it.each(Object.entries(fixtures.bad))(`${name} refuses %s`, (_what, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
};

describe("the application's contract", () => {
  // Chosen by name, a method and its fixtures belong together; the compiler held each pair together where it was made.
  const services: Contract['services'] = auricleContract.services;
  const fixtures = contractFixtures as unknown as Record<string, Record<string, MethodFixtures<never>>>;
  for (const [service, methods] of Object.entries(services)) {
    for (const [method, schemas] of Object.entries(methods)) {
      const known = fixtures[service]?.[method];
      if (!known) throw new Error(`${service}.${method} has no fixtures.`);
      checkSchema(`what is asked of ${service}.${method}`, schemas.params, known.params);
      checkSchema(`what ${service}.${method} answers`, schemas.result, known.result);
    }
  }
});
