import { ContextStore } from '../context/ContextStore';
import { requireContext } from '../context/requireContext';
import { defineCommand } from '../framework/command';

export const contextUseCommand = defineCommand({
  name: 'context use',
  summary: 'Make a context the current one',
  args: [
    {
      name: 'name',
      required: true,
      description: 'Name of the context',
      complete: 'context',
    },
  ],
  examples: [{ line: 'innominatus context use staging', about: 'from now on' }],
  offline: true,
  async run(context, { args }) {
    const store = ContextStore.create(context.io.env);
    const { url } = requireContext(await store.read(), args.name);
    await store.update(content => ({ ...content, current: args.name }));
    context.talk.say(`Using "${args.name}" at ${url}.`);
  },
});
