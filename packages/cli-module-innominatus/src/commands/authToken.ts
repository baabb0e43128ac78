import { defineCommand } from '../framework/command';

export const authTokenCommand = defineCommand({
  name: 'auth token',
  summary: 'Print the token, for other programs',
  description:
    'The only command that shows it. Whoever has the token is you: do not print it in a log.',
  examples: [
    {
      line: 'curl -H "Authorization: Bearer $(innominatus auth token)" http://localhost:7007/api/innominatus/v1/runs',
      about: 'call the API by hand',
    },
  ],
  async run(context) {
    const { credentials } = await context.session();
    context.out.line(await credentials.token());
  },
});
