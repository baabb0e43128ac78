import { readStream } from './stream';

/** Whatever clock the test has. */
const reallyWait = setTimeout;

function response(text: string) {
  return new Response(text, {
    headers: { 'content-type': 'text/event-stream' },
  });
}

/** Answers the given responses in turn and remembers the headers it was asked with. */
function backend(...answers: Array<() => Response>) {
  const asked: Array<string | undefined> = [];
  return {
    asked,
    client: {
      baseUrl: async () => 'http://backend/api/innominatus',
      fetch: async (_: unknown, init?: RequestInit) => {
        asked.push(
          new Headers(init?.headers).get('last-event-id') ?? undefined,
        );
        const answer = answers.shift();
        if (!answer) {
          throw new TypeError('fetch failed');
        }
        return answer();
      },
    },
  };
}

/** Reads to the end, and lets the time of every pause pass at once. */
async function collect(stream: AsyncGenerator<{ data: unknown }>) {
  const items: unknown[] = [];
  let reading = true;
  const passing = (async () => {
    while (reading) {
      jest.advanceTimersToNextTimer();
      await new Promise(resolve => reallyWait(resolve, 0));
    }
  })();
  try {
    for await (const { data } of stream) {
      items.push(data);
    }
  } finally {
    reading = false;
    await passing;
  }
  return items;
}

describe('readStream', () => {
  beforeEach(() => {
    // Not one that follows the real clock: on a machine with much to do it is
    // late, and the pauses take longer than a test may.
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('gives the events in order and ends with the event "end"', async () => {
    const { client } = backend(() =>
      response(
        'id: 1\ndata: "a"\n\n: heartbeat\n\nid: 2\ndata: "b"\n\nevent: end\ndata: {}\n\n',
      ),
    );
    expect(await collect(readStream(client, { path: '/x' }))).toEqual([
      'a',
      'b',
    ]);
  });

  it('goes on after the last id when the connection breaks, and when the backend is away', async () => {
    const { client, asked } = backend(
      () => response('id: 1\ndata: "a"\n\n'),
      () => new Response('starting', { status: 503 }),
      () => response('id: 2\ndata: "b"\n\nevent: end\ndata: {}\n\n'),
    );
    expect(await collect(readStream(client, { path: '/x' }))).toEqual([
      'a',
      'b',
    ]);
    expect(asked).toEqual([undefined, '1', '1']);
  });

  it('throws what will not change by asking again', async () => {
    const { client, asked } = backend(
      () =>
        new Response('{"code":"NOT_FOUND","detail":"gone"}', { status: 404 }),
    );
    await expect(
      collect(readStream(client, { path: '/x' })),
    ).rejects.toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(asked).toHaveLength(1);
  });

  it('ends quietly when the reader gives up while it waits', async () => {
    const { client } = backend();
    const giveUp = new AbortController();
    const reading = collect(
      readStream(client, { path: '/x', signal: giveUp.signal }),
    );
    giveUp.abort();
    expect(await reading).toEqual([]);
  });
});
