/** The part of a keyboard event that decides on the command. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** What has the focus: a text field, a control with keys of its own, or anything else. */
export type FocusKind = 'text' | 'control' | 'none';
