import { ContextStore } from '../context/ContextStore';
import { requireContext } from '../context/requireContext';
import { defineCommand } from '../framework/command';

export const contextRemoveCommand = defineCommand({
  name: 'context remove',
  summary: 'Forget a portal and its token',
  args: [
    {
      name: 'name',
      required: true,
      description: 'Name of the context',
      complete: 'context',
    },
  ],
  examples: [
    { line: 'innominatus context remove staging', about: 'forget it' },
  ],
  offline: true,
  async run(context, { args }) {
    const store = ContextStore.create(context.io.env);
    requireContext(await store.read(), args.name);
    await store.update(content => ({
      ...content,
      current: content.current === args.name ? undefined : content.current,
      contexts: content.contexts.filter(({ name }) => name !== args.name),
    }));
    context.talk.say(`Removed "${args.name}".`);
  },
});
