import { Knex } from 'knex';

/**
 * A connection that can fall silent: no statement is sent and none is
 * answered, as for a process that was stopped in the middle. When it is revived,
 * what was asked meanwhile fails.
 */
export function createKillable(knex: Knex): {
  knex: Knex;
  kill(): void;
  revive(): void;
} {
  let killed = false;
  let waiting: Array<(error: Error) => void> = [];
  const then = (_resolve: unknown, reject: (error: Error) => void) => {
    waiting.push(reject);
  };
  const silence: object = new Proxy(() => {}, {
    get: (_target, property) => (property === 'then' ? then : silence),
    apply: () => silence,
  });
  return {
    kill: () => {
      killed = true;
    },
    revive: () => {
      killed = false;
      for (const reject of waiting) {
        reject(new Error('The connection was lost'));
      }
      waiting = [];
    },
    knex: new Proxy(knex, {
      get: (target, property) =>
        killed && property !== 'client'
          ? silence
          : Reflect.get(target, property, target),
      apply: (target, _self, args) =>
        killed ? silence : Reflect.apply(target, undefined, args),
    }),
  };
}
