import { readDefinitions } from './readDefinitions';
import { expandResourceSteps } from './expandResourceSteps';

const PATH = `apiVersion: innominatus.dev/v1
kind: GoldenPath
metadata:
  name: deploy-app
spec:
  steps:
    - name: check
      type: wait
    - name: provision
      type: resource-provisioning
    - name: render
      type: render-manifests
    - name: apply
      type: simulate
    - name: prune
      type: resource-provisioning
      config:
        operation: delete
`;

function expand(resources: Parameters<typeof expandResourceSteps>[1]) {
  const { definitions } = readDefinitions(PATH);
  const { steps } = expandResourceSteps(
    definitions.goldenPaths[0].workflow,
    resources,
  );
  return steps.map(step => ({
    name: step.name,
    dependsOn: step.dependsOn,
    stage: step.stage,
  }));
}

describe('expandResourceSteps', () => {
  it('shows every resource as a step in the order of its dependencies', () => {
    expect(
      expand({
        provision: [
          { name: 'db', dependsOn: [] },
          { name: 'dns', dependsOn: [] },
          { name: 'route', dependsOn: ['dns'] },
        ],
        remove: [
          { name: 'old', dependsOn: [] },
          { name: 'older', dependsOn: ['old'] },
        ],
      }),
    ).toEqual([
      { name: 'check', dependsOn: [], stage: 0 },
      { name: 'provision-db', dependsOn: ['check'], stage: 1 },
      { name: 'provision-dns', dependsOn: ['check'], stage: 1 },
      { name: 'provision-route', dependsOn: ['provision-dns'], stage: 2 },
      {
        name: 'render',
        dependsOn: ['provision-db', 'provision-dns', 'provision-route'],
        stage: 3,
      },
      { name: 'apply', dependsOn: ['render'], stage: 4 },
      { name: 'remove-old', dependsOn: ['apply'], stage: 5 },
      { name: 'remove-older', dependsOn: ['remove-old'], stage: 6 },
    ]);
  });

  it('keeps a step that has nothing to do', () => {
    expect(
      expand({ provision: [], remove: [] }).map(step => step.name),
    ).toEqual(['check', 'provision', 'render', 'apply', 'prune']);
  });

  it('finds another name when a step of the golden path has it already', () => {
    const { definitions } = readDefinitions(
      PATH.replace('name: check', 'name: provision-db'),
    );
    const { steps } = expandResourceSteps(definitions.goldenPaths[0].workflow, {
      provision: [{ name: 'db', dependsOn: [] }],
      remove: [],
    });
    expect(steps.slice(0, 2).map(step => step.name)).toEqual([
      'provision-db',
      'provision-db-2',
    ]);
    expect(steps[1].config).toEqual({ resource: 'db' });
  });

  it('refuses two steps that would provision the same resources', () => {
    const { definitions } = readDefinitions(
      PATH.replace('type: wait', 'type: resource-provisioning'),
    );
    expect(() =>
      expandResourceSteps(definitions.goldenPaths[0].workflow, {
        provision: [],
        remove: [],
      }),
    ).toThrow("The steps 'check' and 'provision'");
  });
});
