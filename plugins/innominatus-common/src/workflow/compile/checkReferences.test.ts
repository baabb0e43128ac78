import { JsonObject } from '../../json';
import { compileWorkflow } from './compileWorkflow';
import { CompileOptions } from './options';
import { compile, HEAD, problems, steps } from './testCompile';

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

  it('begin with a name that exists, whether parameters are declared or not', () => {
    const found = (line: string) =>
      compile(
        steps('{ name: build, type: simulate }', `{ name: b, ${line} }`),
      ).diagnostics.map(
        ({ severity, message, suggestions }) =>
          `${severity} ${message} ${suggestions[0]}`,
      );
    expect(found("type: simulate, x: '${bogus.thing}'")).toEqual([
      'error "${bogus.thing}" cannot be resolved: nothing is named "bogus". Write "${params.bogus.thing}" for a parameter that is passed.',
    ]);
    expect(found("type: simulate, x: '${environmnt.type}'")).toEqual([
      'error "${environmnt.type}" cannot be resolved: nothing is named "environmnt". Did you mean "environment"?',
    ]);
    // What a provider passes to its workflows.
    expect(found("type: simulate, x: '${resource.slug}'")).toEqual([
      expect.stringContaining('warning'),
    ]);
    expect(found('type: simulate, if: bogus.thing')).toEqual([
      expect.stringContaining('error "bogus.thing" cannot be resolved'),
    ]);
  });

  it.each([
    [
      'flagg',
      'error "flagg" cannot be resolved: nothing is named "flagg".',
      'Did you mean "flag"?',
    ],
    [
      'not flagg or true',
      'error "flagg" cannot be resolved: nothing is named "flagg".',
      'Did you mean "flag"?',
    ],
    [
      'build',
      'error "build" cannot be resolved: nothing is named "build".',
      'Write "build.success" to ask how the step ended.',
    ],
    [
      'environmnt.type == production',
      'error "environmnt.type" cannot be resolved: nothing is named "environmnt", and the comparison has no other reference, so it always comes out the same.',
      'Did you mean "environment.type"?',
    ],
    [
      'flag == on',
      'warning The comparison of "flag" and "on" always comes out the same: both are texts.',
      'Write "$flag" for the value of a variable or parameter.',
    ],
  ])('in the condition %s lead nowhere', (text, message, suggestion) => {
    const { diagnostics } = compileWorkflow(
      spec({
        variables: { flag: 'on' },
        steps: [
          { name: 'build', type: 'simulate' },
          { name: 'b', type: 'simulate', if: text },
        ],
      }),
    );
    expect(diagnostics.map(d => `${d.severity} ${d.message}`)).toEqual([
      message,
    ]);
    expect(diagnostics[0].suggestions).toContain(suggestion);
  });

  it.each([
    'flag',
    'size',
    'on and not false or 1.5',
    "$flag == on and 'flagg' contains $flag",
    'environment.type == production',
    'build.success',
    "$size.startsWith('1') or $region startsWith eu.central",
  ])('in the condition %s lead somewhere', text => {
    expect(
      compileWorkflow(
        spec({
          variables: { flag: 'on', region: 'eu' },
          steps: [
            { name: 'build', type: 'simulate' },
            {
              name: 'b',
              type: 'simulate',
              env: { size: '1' },
              if: text,
            },
          ],
        }),
      ).diagnostics,
    ).toEqual([]);
  });

  it('in the concurrency group are checked like those of steps', () => {
    const group = (text: string) =>
      compileWorkflow(
        spec({
          concurrency: { group: text },
          steps: [{ name: 'a', type: 'simulate', setVariables: { late: '1' } }],
        }),
      ).diagnostics.map(d => `${d.pointer} ${d.message}`);
    expect(
      group('${params.size}/${workflow.region}/${environment.name}'),
    ).toEqual([]);
    expect(group('${params.typo}')).toEqual([
      '/spec/concurrency/group "${params.typo}" cannot be resolved: the parameter "typo" is not declared.',
    ]);
    expect(group('${workflow.late}')).toEqual([
      expect.stringContaining('does not have to end before it'),
    ]);
  });

  it('in titles are checked, and may name what is known when the run begins', () => {
    const title = (text: string, more: JsonObject = {}) =>
      compileWorkflow(
        spec({
          steps: [{ name: 'a', type: 'simulate', title: text, ...more }],
        }),
      ).diagnostics.map(d => `${d.severity} ${d.code} ${d.pointer}`);
    const each = { forEach: ['eu'] };
    expect(title('Costs $5 in $HOME')).toEqual([]);
    expect(title('Deploy to ${item} as ${index}', each)).toEqual([]);
    expect(title('Deploy to ${params.typo}', each)).toEqual([
      'error WORKFLOW_REFERENCE /spec/steps/0/title',
    ]);
    expect(title('Deploy to ${item}')).toEqual([
      'error WORKFLOW_FOREACH /spec/steps/0/title',
    ]);
    expect(title('Deploy ${params.size} in run ${run.number}')).toEqual([]);
    expect(title('Deploy ${resources.db.host}')).toEqual([
      'warning WORKFLOW_TITLE_REFERENCE /spec/steps/0/title',
    ]);
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
