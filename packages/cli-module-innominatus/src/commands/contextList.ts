import { ContextStore } from '../context/ContextStore';
import { defineCommand } from '../framework/command';

export const contextListCommand = defineCommand({
  name: 'context list',
  summary: 'List the portals you know',
  examples: [
    { line: 'innominatus context list', about: 'the current one is marked' },
  ],
  offline: true,
  async run(context) {
    const { current, contexts } = await ContextStore.create(
      context.io.env,
    ).read();
    const items = contexts.map(({ name, url, kind, user }) => ({
      name,
      current: name === current,
      url,
      kind,
      user,
    }));
    await context.out.list(
      { items },
      {
        name: item => item.name,
        columns: [
          { title: 'Current', value: item => (item.current ? '*' : undefined) },
          { title: 'Name', value: item => item.name },
          { title: 'URL', value: item => item.url },
          { title: 'Sign-in', value: item => item.kind },
          { title: 'User', value: item => item.user },
        ],
      },
    );
    if (items.length === 0) {
      context.talk.say('There are no contexts. Make one: innominatus login');
    }
  },
});
