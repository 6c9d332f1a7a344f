import { Component, type ReactNode } from 'react';
import { Button } from '../ui/Button.tsx';
import { words } from '../words/index.ts';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
  /** Saves what is not saved yet; the stores outlive the broken screen. */
  readonly onBroken: () => void;
}

interface ErrorBoundaryState {
  readonly message: string | null;
}

/** Where a screen throws, no work is lost: the stores outlive it and save, and the person can show the screen again. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { message: null };

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override componentDidCatch(): void {
    this.props.onBroken();
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <main className="broken" data-testid="broken-screen">
        <h1>{words().broken.title}</h1>
        <p>{words().broken.kept}</p>
        <p className="quiet selectable">{this.state.message}</p>
        <Button variant="primary" onClick={() => this.setState({ message: null })}>
          {words().broken.again}
        </Button>
      </main>
    );
  }
}
