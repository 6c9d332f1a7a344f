import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand';
import { words } from '../../words/index.ts';
import type { Servers } from './serversStore.ts';

/** Which server, its address, and its password where it is not known. */
export function ServerChoice({ servers }: { readonly servers: Servers }) {
  const { servers: configured, chosenId } = useStore(servers.store);
  const [secret, setSecret] = useState('');
  const chosen = configured.find(({ id }) => id === chosenId);
  const unlock = (event: FormEvent): void => {
    event.preventDefault();
    void servers.unlock(secret);
    setSecret('');
  };
  return (
    <>
      <label className="switch-row">
        {words().common.server}
        <select
          className="select"
          value={chosenId ?? ''}
          onChange={({ target }) => servers.choose(target.value)}
          data-testid="server-choice"
        >
          {configured.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p className="quiet selectable" data-testid="server-address">
        {chosen?.address}
      </p>
      {chosen?.needsSecret ? (
        <form className="server-unlock" onSubmit={unlock}>
          <label>
            {words().servers.keptUntilEnd(chosen.authentication === 'basic' ? chosen.user : null)}
            <input
              type="password"
              className="text-input"
              value={secret}
              autoComplete="off"
              onChange={({ target }) => setSecret(target.value)}
              data-testid="server-secret"
            />
          </label>
          <button type="submit" className="button" data-testid="server-unlock">
            {words().servers.logIn}
          </button>
        </form>
      ) : null}
    </>
  );
}
