import { ContextStore } from '../context/ContextStore';
import { requireContext } from '../context/requireContext';
import { defineCommand } from '../framework/command';

export const logoutCommand = defineCommand({
  name: 'logout',
  summary: 'Forget the token of the current context',
  flags: {
    all: { type: 'boolean', description: 'Forget the tokens of all contexts' },
  },
  examples: [
    { line: 'innominatus logout --all', about: 'leave nothing behind' },
  ],
  offline: true,
  async run(context, { flags }) {
    const { io, global, talk } = context;
    const store = ContextStore.create(io.env);
    const file = await store.read();
    const name = global.context ?? file.current;
    if (global.context && !flags.all) {
      requireContext(file, global.context);
    }
    await store.update(content => ({
      ...content,
      contexts: content.contexts.map(saved =>
        flags.all || saved.name === name
          ? { name: saved.name, url: saved.url }
          : saved,
      ),
    }));
    talk.say(
      flags.all || !name
        ? 'Signed out everywhere.'
        : `Signed out of "${name}".`,
    );
    if (io.env.INNOMINATUS_TOKEN) {
      talk.warn('INNOMINATUS_TOKEN is still set in the environment.');
    }
  },
});
