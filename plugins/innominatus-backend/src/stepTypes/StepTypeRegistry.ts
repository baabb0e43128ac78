import { StepType } from '@innominatus/backstage-plugin-innominatus-node';

/** The step types of this installation by name. */
export class StepTypeRegistry {
  readonly #types = new Map<string, StepType>();
  readonly #isAllowed: (name: string) => boolean;

  static create(
    stepTypes: StepType[] = [],
    options: { isAllowed?: (name: string) => boolean } = {},
  ): StepTypeRegistry {
    const registry = new StepTypeRegistry(options.isAllowed ?? (() => true));
    registry.add(...stepTypes);
    return registry;
  }

  private constructor(isAllowed: (name: string) => boolean) {
    this.#isAllowed = isAllowed;
  }

  /**
   * Leaves out what may not be used. Throws when a name is taken: two modules
   * must not fight over a word.
   */
  add(...stepTypes: StepType[]): void {
    for (const stepType of stepTypes) {
      if (this.#types.has(stepType.name)) {
        throw new Error(
          `Step type "${stepType.name}" is registered twice. Remove one of the modules that bring it.`,
        );
      }
      if (this.#isAllowed(stepType.name)) {
        this.#types.set(stepType.name, stepType);
      }
    }
  }

  get(name: string): StepType | undefined {
    return this.#types.get(name);
  }

  /** Sorted by name. */
  list(): StepType[] {
    return [...this.#types.values()].sort((left, right) =>
      left.name.localeCompare(right.name),
    );
  }
}
