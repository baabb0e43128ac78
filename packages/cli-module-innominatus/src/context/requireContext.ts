import { UsageError } from '../framework/errors';
import { ContextFile, SavedContext } from './ContextStore';

/** The context of a name, or an error that says which ones there are. */
export function requireContext(file: ContextFile, name: string): SavedContext {
  const context = file.contexts.find(candidate => candidate.name === name);
  if (!context) {
    const names = file.contexts.map(candidate => `"${candidate.name}"`);
    throw new UsageError(
      `There is no context "${name}".${names.length ? ` Known: ${names.join(', ')}.` : ''}`,
      { next: 'See: innominatus context list' },
    );
  }
  return context;
}
