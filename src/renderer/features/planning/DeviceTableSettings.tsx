import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Failure } from '#shared/failures/failure.ts';
import { words } from '#shared/words/words.ts';
import { Button } from '../../ui/Button.tsx';
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
    <section aria-label="Device tables" data-testid="device-table-settings">
      <h3>Device tables</h3>
      <p className="quiet">
        {origin === 'own' ? 'Your own: ' : 'Bundled, research display only: '}
        {tables.map(({ name, source }) => `${name} (${source.version})`).join(', ') || 'none'}.
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
        <Button onClick={() => input.current?.click()}>Use your own tables…</Button>
        <Button disabled={origin === 'bundled' && !tablesProblem} onClick={() => void replace([])}>
          Use the bundled tables
        </Button>
      </div>
    </section>
  );
}
