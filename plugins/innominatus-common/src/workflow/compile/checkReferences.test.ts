import { JsonObject } from '../../json';
import { compileWorkflow } from './compileWorkflow';
import { CompileOptions } from './options';
import { HEAD, problems, steps } from './testCompile';

describe('references', () => {
  const spec = (more: JsonObject) => ({
    apiVersion: 'innominatus.dev/v1',
    kind: 'Workflow',
    metadata: { name: 'test' },
    spec: {
      parameters: { size: { type: 'int' } },
      variables: { region: 'eu' },
      ...more,
    },
  });
  const check = (template: string, options: CompileOptions = {}) =>
    compileWorkflow(
      spec({
        steps: [
          {
            name: 'first',
            type: 'simulate',
            setVariables: { made: '${first.x}' },
          },
          {
            name: 'side',
            type: 'simulate',
            dependsOn: [],
            setVariables: { later: '1' },
          },
          {
            name: 'here',
            type: 'simulate',
            dependsOn: ['first'],
            env: { E: '1' },
            x: template,
          },
        ],
      }),
      options,
    ).diagnostics.map(d => `${d.severity} ${d.message}`);

  it.each([
    '${params.size} ${workflow.region} ${workflow.size} $region $size $E $made ${workflow.made}',
    '${first.anything} ${steps.first.outputs.x} ${metadata.any} ${environment.any} ${run.id} ${app.name}',
    '${resources.anything.x}',
    '$$unknown and 5 $',
  ])('%s can be resolved', template => {
    expect(check(template)).toEqual([]);
  });

  it.each([
    [
      '${parms.size}',
      'error "${parms.size}" cannot be resolved: nothing is named "parms".',
    ],
    [
      '${params.sise}',
      'error "${params.sise}" cannot be resolved: the parameter "sise" is not declared.',
    ],
    [
      '${workflow.nope}',
      'error "${workflow.nope}" cannot be resolved: nothing is named "nope".',
    ],
    ['$nope', 'error "$nope" cannot be resolved: nothing is named "nope".'],
    [
      '${steps.nope.x}',
      'error "${steps.nope.x}" cannot be resolved: there is no step "nope".',
    ],
    [
      '${side.x}',
      'error "${side.x}" in step "here" cannot be resolved: step "side" does not have to end before it.',
    ],
    [
      '${here.x}',
      'error "${here.x}" in step "here" cannot be resolved: step "here" does not have to end before it.',
    ],
    [
      '$later',
      'error "$later" in step "here" cannot be resolved: step "side" sets "later", but does not have to end before it.',
    ],
    [
      '${run.name}',
      'error "${run.name}" cannot be resolved: "run" has no "name".',
    ],
  ])('%s cannot', (template, message) => {
    expect(check(template)).toEqual([message]);
  });

  it('know the resources when they are given', () => {
    expect(
      check('${resources.db.host} ${resources.first.x}', { resources: ['db'] }),
    ).toEqual([]);
    expect(check('${resources.dv.host}', { resources: ['db'] })).toEqual([
      'error "${resources.dv.host}" cannot be resolved: there is no resource "dv".',
    ]);
  });

  it('are only doubted when parameters are not declared', () => {
    const source = {
      ...spec({
        steps: [{ name: 'a', type: 'simulate', x: '$who ${params.any}' }],
      }),
    };
    delete (source.spec as JsonObject).parameters;
    expect(compileWorkflow(source).diagnostics).toMatchObject([
      { severity: 'warning' },
    ]);
    expect(
      compileWorkflow(source, { parameters: ['who', 'any'] }).diagnostics,
    ).toEqual([]);
  });

  it('in conditions are checked too, the status of steps included', () => {
    const ifs = (text: string) =>
      problems(
        steps(
          '{ name: a, type: simulate }',
          `{ name: b, type: simulate, if: "${text}" }`,
        ),
      );
    expect(ifs('a.success and environment.type == x')).toEqual([]);
    expect(ifs('c.success')).toEqual(['WORKFLOW_REFERENCE /spec/steps/1/if']);
    expect(ifs('b.success')).toEqual([
      'WORKFLOW_REFERENCE_ORDER /spec/steps/1/if',
    ]);
    expect(ifs('steps.c.x == 1')).toEqual([
      'WORKFLOW_REFERENCE /spec/steps/1/if',
    ]);
    expect(ifs('a.failed')).toEqual(['WORKFLOW_NEVER_RUNS /spec/steps/1/if']);
  });

  it('in conditions may ask whether a resource exists', () => {
    const text = steps(
      '{ name: a, type: simulate, if: resources.s3-bucket != null }',
    );
    expect(problems(text, { resources: [] })).toEqual([]);
  });

  it('in variables are taken as they are, with a warning', () => {
    expect(
      problems(
        `${HEAD}spec: { variables: { a: "\${b}" }, steps: [{ name: a, type: simulate }] }`,
      ),
    ).toEqual(['WORKFLOW_VARIABLE_TEMPLATE /spec/variables/a']);
  });
});
