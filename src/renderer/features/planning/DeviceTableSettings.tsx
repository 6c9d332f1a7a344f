import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Failure } from '#shared/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import type { Planning } from './planningStore.ts';

/** Which device tables are used: the bundled ones, or files of the hospital's own. */
export function DeviceTableSettings({ planning }: { readonly planning: Planning }) {
  const { tables, origin, tablesProblem } = useStore(planning.store);
  const [refusal, setRefusal] = useState<Failure | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const replace = async (files: readonly File[]): Promise<void> => {
    const named = await Promise.all(
      files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
    );
    setRefusal(await planning.replaceTables(named));
  };
  const problem = refusal ?? tablesProblem;
  return (
    <section aria-label={words().plan.tables} data-testid="device-table-settings">
      <h3>{words().plan.tables}</h3>
      <p className="quiet">
        {origin === 'own' ? words().plan.yourOwn : words().plan.bundled}
        {tables.map(({ name, source }) => `${name} (${source.version})`).join(', ') || words().common.none}.
      </p>
      {problem ? (
        <p className="withheld" role="alert">
          {words().sentence(problem)}
        </p>
      ) : null}
      <div className="plan-buttons">
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          multiple
          hidden
          data-testid="device-table-files"
          onChange={({ target }) => {
            const files = [...(target.files ?? [])];
            target.value = '';
            if (files.length > 0) void replace(files);
          }}
        />
        <Button onClick={() => input.current?.click()}>{words().plan.useOwn}</Button>
        <Button disabled={origin === 'bundled' && !tablesProblem} onClick={() => void replace([])}>
          {words().plan.useBundled}
        </Button>
      </div>
    </section>
  );
}
