import X from 'lucide-react/icons/x';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { words } from '../words/index.ts';

/** What the dialog is for, not the cross that closes it. */
function focusWhatIsMeant(event: Event): void {
  if (!(event.target instanceof HTMLElement)) return;
  event.preventDefault();
  const meant = event.target.querySelector<HTMLElement>('.dialog-foot .primary:not(:disabled)');
  (meant ?? event.target).focus();
}

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
  readonly testId: string;
}

/** A window over the application that holds the focus until it is closed. */
export function Dialog({ title, isOpen, onClose, children, foot, testId }: DialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Radix.Portal>
        <Radix.Overlay className="overlay" />
        <Radix.Content
          className="dialog"
          aria-describedby={undefined}
          data-testid={testId}
          onOpenAutoFocus={focusWhatIsMeant}
          onInteractOutside={(event) => {
            // An alert beside the dialog is dismissed without closing it.
            if (event.target instanceof Element && event.target.closest('.alerts')) event.preventDefault();
          }}
        >
          <div className="dialog-head">
            <Radix.Title asChild>
              <h2>{title}</h2>
            </Radix.Title>
            <Radix.Close asChild>
              {/* No tip here: the dialog's first focus would open it. */}
              <button type="button" className="button icon plain" aria-label={words().common.close}>
                <X size={16} />
              </button>
            </Radix.Close>
          </div>
          <div className="dialog-body">{children}</div>
          {foot === undefined ? null : <div className="dialog-foot">{foot}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
