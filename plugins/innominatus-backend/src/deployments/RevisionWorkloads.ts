import {
  Workload,
  readScore,
} from '@innominatus/backstage-plugin-innominatus-common';
import { RevisionRecord } from '../applications/types';

/** Bounds what is kept; a revision has at most a megabyte. */
const MOST_KEPT = 50;

/**
 * What the Score specs of revisions say. Revisions never change, and the one
 * that is deployed is read for every plan; so the last ones are kept.
 */
export class RevisionWorkloads {
  readonly #kept = new Map<string, Workload | undefined>();

  static create(): RevisionWorkloads {
    return new RevisionWorkloads();
  }

  private constructor() {}

  read(revision: Pick<RevisionRecord, 'score'>): Workload | undefined {
    const { score } = revision;
    const workload = this.#kept.has(score)
      ? this.#kept.get(score)
      : readScore(score).workload;
    // The one that was asked for longest ago goes first.
    this.#kept.delete(score);
    this.#kept.set(score, workload);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT) {
      this.#kept.delete(oldest);
    }
    return workload;
  }
}
