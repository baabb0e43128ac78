import { StepDefinition, StepState } from '../types';
import { DefinitionIndex } from './definitionIndex';

/** How many more items of each `forEach` may start now. */
export class ItemSlots {
  readonly #index: DefinitionIndex;
  /** By the name of the step that says `forEach`. */
  readonly #taken = new Map<string, number>();

  static create(index: DefinitionIndex, atWork: StepState[]): ItemSlots {
    const slots = new ItemSlots(index);
    for (const { name } of atWork) {
      slots.#count(index.byName.get(name)?.item?.parent);
    }
    return slots;
  }

  private constructor(index: DefinitionIndex) {
    this.#index = index;
  }

  /** Answers `false` when as many items as allowed are in progress. */
  take({ item }: StepDefinition): boolean {
    const most =
      item && this.#index.byName.get(item.parent)?.forEach?.maxParallel;
    if (item && most !== undefined) {
      if ((this.#taken.get(item.parent) ?? 0) >= most) {
        return false;
      }
      this.#count(item.parent);
    }
    return true;
  }

  #count(parent: string | undefined): void {
    if (parent !== undefined) {
      this.#taken.set(parent, (this.#taken.get(parent) ?? 0) + 1);
    }
  }
}
