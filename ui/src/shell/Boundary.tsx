import { Component, type ReactNode } from 'react';
import { Failure } from '../parts/Failure';

interface State {
  error: Error | undefined;
}

/** A page that breaks says so and leaves the shell alive. */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const stale = /dynamically imported module|module script/i.test(error.message);
    return (
      <Failure
        title={stale ? 'This page could not be loaded' : 'This page broke'}
        what={
          stale
            ? 'The server cannot be reached, or it was updated and the files that this tab knows are gone.'
            : 'That is a defect of the page, not of your data. The words below help to mend it.'
        }
        words={error.message}
        action={{ label: 'Reload', run: () => window.location.reload() }}
      />
    );
  }
}
