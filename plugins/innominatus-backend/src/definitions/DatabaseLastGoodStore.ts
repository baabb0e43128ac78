import { Knex } from 'knex';
import { createHash } from 'node:crypto';
import { fromJson, nowMs } from '../database';
import { LastGoodFile, LastGoodStore } from './LastGoodStore';

const TABLE = 'last_good_definitions';

/**
 * {@link LastGoodStore} in the plugin's database. A location is one row that is
 * replaced as a whole, so what several backends write at once is never mixed:
 * each of them writes what it has in use, and the last one stays.
 */
export class DatabaseLastGoodStore implements LastGoodStore {
  readonly #knex: Knex;

  static create(knex: Knex): DatabaseLastGoodStore {
    return new DatabaseLastGoodStore(knex);
  }

  private constructor(knex: Knex) {
    this.#knex = knex;
  }

  async load(location: string): Promise<LastGoodFile[]> {
    const row = await this.#knex(TABLE)
      .where({ id: digest(location) })
      .first('files');
    return row ? fromJson<LastGoodFile[]>(row.files) : [];
  }

  async save(location: string, files: LastGoodFile[]): Promise<void> {
    // Without the times: a file that is read again did not change.
    const hash = digest(
      JSON.stringify(
        files.map(({ name, text, definitions }) => [name, text, definitions]),
      ),
    );
    await this.#knex(TABLE)
      .insert({
        id: digest(location),
        location,
        hash,
        files: JSON.stringify(files),
        updated_at: nowMs(this.#knex),
      })
      .onConflict('id')
      .merge(['hash', 'files', 'updated_at'])
      .where(`${TABLE}.hash`, '<>', hash);
  }

  async remove(location: string): Promise<void> {
    await this.#knex(TABLE)
      .where({ id: digest(location) })
      .delete();
  }

  async retain(locations: readonly string[]): Promise<void> {
    await this.#knex(TABLE).whereNotIn('id', locations.map(digest)).delete();
  }
}

/** An index over targets themselves would limit how long they may be. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
