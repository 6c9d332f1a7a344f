import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { type Letterhead, logoProblem, logoType, NO_LETTERHEAD } from '#shared/contract/letterhead.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { Button } from '../../ui/Button.tsx';
import { words } from '../../words/index.ts';
import type { SettingsHolder } from './settingsStore.ts';

const base64Of = (bytes: Uint8Array): string => {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
};

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** The logo as documents show it; nothing where there is none. */
function Logo({ logoBase64 }: Pick<Letterhead, 'logoBase64'>) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (logoBase64 === null) return;
    const bytes = bytesOf(logoBase64);
    const made = URL.createObjectURL(new Blob([bytes], { type: logoType(bytes) ?? 'image/png' }));
    setAddress(made);
    return () => {
      URL.revokeObjectURL(made);
      setAddress(undefined);
    };
  }, [logoBase64]);
  return address === undefined ? null : (
    <img
      className="logo-preview"
      src={address}
      alt={words().settings.logo}
      data-testid="settings-logo-picture"
    />
  );
}

/** In whose name reports are made. */
export function LetterheadSettings({ settings }: { readonly settings: SettingsHolder }) {
  const { settings: current } = useStore(settings.store);
  const [problem, setProblem] = useState<Failure | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const letterhead = current?.letterhead ?? NO_LETTERHEAD;
  const change = (parts: Partial<Letterhead>): void => {
    setProblem(null);
    void settings.change({ letterhead: { ...letterhead, ...parts } });
  };
  const choose = async (file: File): Promise<void> => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const why = logoProblem(bytes, file.name);
    if (why) setProblem(why);
    else change({ logoBase64: base64Of(bytes) });
  };
  return (
    <section aria-label={words().settings.reports} data-testid="letterhead-settings">
      <h3>{words().settings.reports}</h3>
      <label className="switch-row">
        {words().settings.hospital}
        <input
          className="text-input"
          key={letterhead.name}
          defaultValue={letterhead.name}
          maxLength={160}
          disabled={!current}
          placeholder={words().settings.hospitalHint}
          onBlur={({ target }) => {
            const name = target.value.trim();
            if (current && name !== letterhead.name) change({ name });
          }}
          data-testid="settings-hospital"
        />
      </label>
      <p className="quiet">{words().settings.letterhead}</p>
      {problem ? (
        <p className="withheld" role="alert" data-testid="settings-logo-problem">
          {words().sentence(problem)}
        </p>
      ) : null}
      <Logo logoBase64={letterhead.logoBase64} />
      <div className="plan-buttons">
        <input
          ref={input}
          type="file"
          accept="image/png,image/jpeg"
          hidden
          data-testid="settings-logo-file"
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            target.value = '';
            if (file) void choose(file);
          }}
        />
        <Button disabled={!current} onClick={() => input.current?.click()}>
          {words().settings.chooseLogo}
        </Button>
        <Button disabled={letterhead.logoBase64 === null} onClick={() => change({ logoBase64: null })}>
          {words().settings.removeLogo}
        </Button>
      </div>
    </section>
  );
}
