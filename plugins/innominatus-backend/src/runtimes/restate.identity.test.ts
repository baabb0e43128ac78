import { Knex } from 'knex';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRestateRuntime } from '../__testUtils__/restate/createRestateRuntime';
import { describeWithRestate } from '../__testUtils__/restate/describeWithRestate';
import { LoadBalancer } from '../__testUtils__/restate/LoadBalancer';
import { RestateServer } from '../__testUtils__/restate/RestateServer';
import { createTestDatabases } from '../__testUtils__/testDatabases';
import { createTestEngine } from '../__testUtils__/TestEngine';
import { testWorkflow } from '../__testUtils__/workflows';

jest.setTimeout(60_000);

const databases = createTestDatabases();
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function toBase58(bytes: Buffer): string {
  let value = BigInt(`0x${bytes.toString('hex')}`);
  let text = '';
  while (value > 0n) {
    text = BASE58[Number(value % 58n)] + text;
    value /= 58n;
  }
  return text;
}

function createKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return {
    pem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKey: `publickeyv1_${toBase58(raw)}`,
  };
}

/** A request as anyone could send it. */
async function statusOf(url: string, path: string): Promise<number> {
  const session = connect(url);
  try {
    return await new Promise((resolve, reject) => {
      session.on('error', reject);
      const request = session.request({ ':path': path });
      request.on('response', headers => resolve(Number(headers[':status'])));
      request.on('error', reject);
      request.end();
    });
  } finally {
    session.destroy();
  }
}

describeWithRestate('a Restate server that signs its requests', () => {
  const keys = createKeys();
  let folder: string;
  let server: RestateServer;
  let knex: Knex;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'innominatus-keys-'));
    const file = join(folder, 'private.pem');
    await writeFile(file, keys.pem, { mode: 0o600 });
    server = await RestateServer.start({ privateKey: file });
    knex = await databases.init(databases.each().flat()[0]);
  });

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function withRuntime(
    identityKey: string,
    use: (
      engine: Awaited<ReturnType<typeof createTestEngine>>,
      url: string,
    ) => Promise<void>,
  ): Promise<void> {
    const balancer = await LoadBalancer.start();
    const engine = await createTestEngine({
      knex,
      createRuntime: host =>
        createRestateRuntime({
          server,
          balancer,
          servicePrefix: 'signed',
          identityKeys: [identityKey],
          host,
        }),
    });
    await engine.runtime.start();
    try {
      await use(engine, balancer.url);
    } finally {
      await engine.runtime.stop();
      await balancer.close();
    }
  }

  const definition = testWorkflow([{ name: 'a', type: 'simulate' }]);

  it('is believed, and nobody else is', async () => {
    await withRuntime(keys.publicKey, async (engine, url) => {
      const { id } = await engine.start({ definition });
      expect((await engine.waitForEnd(id)).status).toBe('succeeded');
      expect(await statusOf(url, '/discover')).toBe(401);
      expect(await statusOf(url, '/invoke/signed-step/execute')).toBe(401);
    });
  });

  it('is not believed with another key, and runs say that they wait', async () => {
    await withRuntime(createKeys().publicKey, async engine => {
      const { id } = await engine.start({ definition });
      const run = await engine.runs.get(id);
      expect(run.status).toBe('queued');
      const end = performance.now() + 10_000;
      let message = '';
      while (!/^Waits for the runtime "test"\. Restate /.test(message)) {
        expect(performance.now()).toBeLessThan(end);
        await new Promise(resolve => setTimeout(resolve, 50));
        message = (await engine.runs.get(id)).waiting?.message ?? '';
      }
      await engine.runs.cancel({ id, by: 'user:default/jane' });
      expect((await engine.waitForEnd(id)).status).toBe('cancelled');
    });
  });
});
