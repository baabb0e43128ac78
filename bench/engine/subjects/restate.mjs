import * as restate from '@restatedev/restate-sdk';
import * as clients from '@restatedev/restate-sdk-clients';
import { createServer } from 'node:http2';
import { STEPS, expectCount, runSubject } from '../lib/subject.mjs';

const service = restate.service({
  name: 'bench',
  handlers: {
    run: async ctx => {
      for (let i = 0; i < STEPS; i += 1) {
        await ctx.run(`s${i}`, async () => ({}));
      }
    },
  },
});

/** Restate: a handler with ten durable steps, called by the server over HTTP/2. */
runSubject(async ({ server }) => {
  const handler = restate.createEndpointHandler({
    services: [service],
    logger: () => {},
  });
  const endpoint = createServer(handler);
  await new Promise(resolve => endpoint.listen(0, '127.0.0.1', resolve));
  const admin = async (path, body) => {
    const response = await fetch(`${server.adminUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`Restate refused ${path}: ${await response.text()}`);
    }
    return response.json();
  };
  await admin('/deployments', {
    uri: `http://127.0.0.1:${endpoint.address().port}`,
  });
  const ingress = clients.connect({ url: server.url });
  const client = ingress.serviceClient(service);
  return {
    one: () => client.run(),
    verify: async total => {
      const query = sql => admin('/query', { query: sql });
      const invocations = await query(
        "select count(*) as found from sys_invocation where status = 'completed' and completion_result = 'success'",
      );
      expectCount({
        what: 'invocations that succeeded',
        found: invocations.rows[0].found,
        expected: total,
      });
      const steps = await query(
        "select count(*) as found from sys_journal where entry_type = 'Command: Run'",
      );
      expectCount({
        what: 'recorded steps',
        found: steps.rows[0].found,
        expected: total * STEPS,
      });
    },
    close: async () => endpoint.close(),
  };
});
