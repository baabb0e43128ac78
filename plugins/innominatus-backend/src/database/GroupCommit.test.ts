import { GroupCommit, GroupCommitOptions } from './GroupCommit';

interface Item {
  key: string;
  value: number;
}

/** Groups stay on their way until the test lets one arrive. */
function createGroups(options: Partial<GroupCommitOptions<Item, number>> = {}) {
  const groups: Array<{ items: Item[]; arrive: () => void }> = [];
  const commits = GroupCommit.create<Item, number>({
    write: items =>
      new Promise(resolve => {
        groups.push({
          items,
          arrive: () => resolve(items.map(item => item.value)),
        });
      }),
    keyOf: item => item.key,
    largestGroup: 100,
    inFlight: 1,
    ...options,
  });
  const add = (key: string, value: number = 0) => commits.add({ key, value });
  return { groups, commits, add };
}

const tick = () => new Promise(resolve => setImmediate(resolve));

describe('group commit', () => {
  it('writes what comes in one tick together, and answers each item', async () => {
    const { groups, add } = createGroups();
    const results = [add('a', 1), add('b', 2), add('c', 3)];
    await tick();
    expect(groups).toHaveLength(1);
    groups[0].arrive();
    expect(await Promise.all(results)).toEqual([1, 2, 3]);
  });

  it('gathers what comes while a group is on its way', async () => {
    const { groups, add } = createGroups();
    add('a');
    await tick();
    add('b');
    await tick();
    add('c');
    await tick();
    expect(groups).toHaveLength(1);
    groups[0].arrive();
    await tick();
    await tick();
    expect(groups[1].items.map(item => item.key)).toEqual(['b', 'c']);
  });

  it('never puts two items of a key into groups that are on their way', async () => {
    const { groups, add } = createGroups({ inFlight: 2 });
    const first = add('a', 1);
    add('a', 2);
    add('b', 3);
    await tick();
    await tick();
    expect(groups.map(group => group.items.map(item => item.value))).toEqual([
      [1, 3],
    ]);
    groups[0].arrive();
    expect(await first).toBe(1);
    await tick();
    await tick();
    expect(groups[1].items.map(item => item.value)).toEqual([2]);
  });

  it('shares many items among the groups that may be on their way', async () => {
    const { groups, add } = createGroups({ inFlight: 2 });
    for (let i = 0; i < 50; i += 1) {
      add(`key-${i}`);
    }
    await tick();
    await tick();
    expect(groups.map(group => group.items.length)).toEqual([25, 25]);
  });

  it('holds no more than the largest group', async () => {
    const { groups, add } = createGroups({ largestGroup: 10 });
    for (let i = 0; i < 25; i += 1) {
      add(`key-${i}`);
    }
    for (let i = 0; i < 3; i += 1) {
      await tick();
      await tick();
      groups[i].arrive();
    }
    expect(groups.map(group => group.items.length)).toEqual([10, 10, 5]);
  });

  it('rejects the item that has an error as its result, and no other', async () => {
    const { commits } = createGroups({
      write: async items =>
        items.map(item => (item.key === 'bad' ? new Error('Stale') : 1)),
    });
    const results = await Promise.allSettled(
      ['good', 'bad'].map(key => commits.add({ key, value: 0 })),
    );
    expect(results.map(result => result.status)).toEqual([
      'fulfilled',
      'rejected',
    ]);
  });

  it('writes item by item when the group is refused, so that one cannot stop the rest', async () => {
    const written: string[][] = [];
    const { commits } = createGroups({
      write: async items => {
        if (items.some(item => item.key === 'bad')) {
          throw new Error('Refused');
        }
        written.push(items.map(item => item.key));
        return items.map(() => 1);
      },
    });
    const results = await Promise.allSettled(
      ['a', 'bad', 'b'].map(key => commits.add({ key, value: 0 })),
    );
    expect(results.map(result => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(written).toEqual([['a'], ['b']]);
  });
});
