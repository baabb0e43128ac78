import { ContextStore } from '../context/ContextStore';
import { normalizeUrl } from '../context/url';
import { defineCommand } from '../framework/command';
import { UsageError } from '../framework/errors';

export const contextAddCommand = defineCommand({
  name: 'context add',
  summary: 'Remember a portal without signing in',
  args: [
    { name: 'name', required: true, description: 'Name of the new context' },
  ],
  examples: [
    {
      line: 'innominatus context add staging --url https://portal.example.com',
      about: 'sign in later with: innominatus login --context staging',
    },
  ],
  offline: true,
  async run(context, { args }) {
    const { io, global, talk } = context;
    if (!global.url) {
      throw new UsageError('Name the address with --url.');
    }
    const store = ContextStore.create(io.env);
    const { contexts } = await store.read();
    if (contexts.some(({ name }) => name === args.name)) {
      throw new UsageError(`The context "${args.name}" is there already.`, {
        next: `Remove it first: innominatus context remove ${args.name}`,
      });
    }
    const url = normalizeUrl(global.url, '--url');
    await store.save({ name: args.name, url }, contexts.length === 0);
    talk.say(`Added "${args.name}" at ${url}.`);
    talk.next(`Sign in: innominatus login --context ${args.name}`);
  },
});
