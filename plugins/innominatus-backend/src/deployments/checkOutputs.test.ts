import {
  readDefinitions,
  readScore,
} from '@innominatus/backstage-plugin-innominatus-common';
import { PLATFORM } from '../__testUtils__/platformFiles';
import { ScorePlaces } from './ScorePlaces';
import { checkOutputs } from './checkOutputs';

function check(spec: string) {
  const { workload } = readScore(spec);
  if (!workload) {
    throw new Error('The spec of the test is broken');
  }
  const [provider] = readDefinitions(PLATFORM).definitions.providers;
  const resources = Object.values(workload.resources).map(({ name, type }) => ({
    planned: { name },
    match: {
      resourceType: provider.resourceTypes.find(each => each.type === type)!,
    },
  }));
  const places = ScorePlaces.create({ text: spec });
  checkOutputs({ workload, resources, places });
  return places.diagnostics.map(({ code, line, message, suggestions }) => ({
    code,
    line,
    message,
    suggestions,
  }));
}

const SPEC = `apiVersion: score.dev/v1b1
metadata: { name: orders }
containers:
  web:
    image: nginx:1.27
    variables:
      HOST: OUTPUT
resources:
  db: { type: postgres }
  link: { type: route, params: { host: x } }
`;

describe('checkOutputs', () => {
  it('accepts outputs that the provider declares', () => {
    expect(check(SPEC.replace('OUTPUT', '${resources.db.host}'))).toEqual([]);
  });

  it('names the outputs that there are when one is asked for that is not', () => {
    expect(check(SPEC.replace('OUTPUT', '${resources.db.hots}'))).toEqual([
      {
        code: 'RESOURCE_OUTPUT_UNKNOWN',
        line: 7,
        message:
          'The placeholder ${resources.db.hots} asks for the output "hots", which resources of the type "postgres" do not have here. They have: host, password.',
        suggestions: ['Write ${resources.db.host}.'],
      },
    ]);
  });

  it('accepts anything from a provider that declares no outputs', () => {
    expect(check(SPEC.replace('OUTPUT', '${resources.link.url}'))).toEqual([]);
  });
});
