/** Type of the runtime that needs no module. */
export const EMBEDDED = 'embedded';

/** Modules that bring a runtime, by its type. */
export const RUNTIME_MODULES: Readonly<Record<string, string>> = {
  restate: '@innominatus/backstage-plugin-innominatus-backend-module-restate',
};

/** What is known of the runtimes of runs. */
export interface RunRuntimes {
  /** Type of the runtime that new runs get. */
  readonly current: string;
  /** One sentence, when runs of that type cannot be worked on now. */
  whyUnavailable(type: string): string | undefined;
}

export const EMBEDDED_ONLY: RunRuntimes = {
  current: EMBEDDED,
  whyUnavailable: type =>
    type === EMBEDDED ? undefined : whyNotInstalled(type),
};

export function whyNotInstalled(type: string): string {
  const module = Object.hasOwn(RUNTIME_MODULES, type)
    ? `Install the backend module "${RUNTIME_MODULES[type]}"`
    : 'Install the backend module that brings it';
  return `Waits for the runtime "${type}", which is not installed. ${module}, or cancel the run and start it again.`;
}
