import { z } from 'zod';
import { approvalSchema } from '../approval/approvalSchema';
import { compile, problems, stepTypes, steps } from './testCompile';

const withApproval = {
  stepTypes: {
    ...stepTypes,
    approval: { schema: approvalSchema as z.ZodType },
  },
};

function approvalOf(text: string) {
  const { definition, diagnostics } = compile(text, withApproval);
  expect(diagnostics.filter(one => one.severity === 'error')).toEqual([]);
  return definition?.steps[0].approval;
}

describe('the approval of a step', () => {
  it('has defaults for a manual step that says nothing', () => {
    expect(
      approvalOf(steps('{ name: a, type: simulate, when: manual }')),
    ).toEqual({ quorum: 1, allowRequester: false, reasonRequired: false });
  });

  it('is absent for all other steps', () => {
    expect(approvalOf(steps('{ name: a, type: simulate }'))).toBeUndefined();
  });

  it('is read from "approval", with entity refs in their full form', () => {
    expect(
      approvalOf(
        steps(
          '{ name: a, type: simulate, when: manual, approval: { approvers: [group:Ops, "user:team/jane", "${params.lead}"], quorum: 2, allowRequester: true, reasonRequired: true, expiresAfter: 2h, message: "Go?" } }',
        ).replace(
          'spec:\n',
          'spec:\n  parameters: [{ name: lead, type: string }]\n',
        ),
      ),
    ).toEqual({
      approvers: ['group:default/ops', 'user:team/jane', '${params.lead}'],
      quorum: 2,
      allowRequester: true,
      reasonRequired: true,
      expiresAfterMs: 7_200_000,
      message: 'Go?',
    });
  });

  it('is read from the config of steps of type "approval"', () => {
    expect(
      approvalOf(
        steps('{ name: a, type: approval, config: { approvers: group:ops } }'),
      ),
    ).toEqual({
      approvers: ['group:default/ops'],
      quorum: 1,
      allowRequester: false,
      reasonRequired: false,
    });
  });

  it.each([
    ['an unknown key', '{ aprovers: [] }', 'WORKFLOW_UNKNOWN_KEY', 'aprovers'],
    [
      'what is no entity',
      '{ approvers: [ops] }',
      'WORKFLOW_APPROVAL',
      'approvers/0',
    ],
    ['an empty list', '{ approvers: [] }', 'WORKFLOW_APPROVAL', 'approvers'],
    ['a quorum of nobody', '{ quorum: 0 }', 'WORKFLOW_APPROVAL', 'quorum'],
    [
      'a quorum out of reach',
      '{ approvers: [user:a], quorum: 2 }',
      'WORKFLOW_APPROVAL',
      'quorum',
    ],
    [
      'a time that is none',
      '{ expiresAfter: soon }',
      'WORKFLOW_APPROVAL',
      'expiresAfter',
    ],
  ])('refuses %s at its place', (_, approval, code, key) => {
    const text = steps(
      `{ name: a, type: simulate, when: manual, approval: ${approval} }`,
    );
    const [problem] = problems(text, withApproval);
    expect(problem).toMatch(`${code} /spec/steps/0/approval/${key}`);
    expect(compile(text, withApproval).diagnostics[0]).toMatchObject({
      line: 7,
    });
  });

  it('refuses the same in the config of a step of type "approval", once', () => {
    const text = steps('{ name: a, type: approval, config: { quorum: 0 } }');
    expect(problems(text, withApproval)).toEqual([
      'WORKFLOW_CONFIG /spec/steps/0/config/quorum',
    ]);
    expect(problems(text, { stepTypes: undefined })).toEqual([
      'WORKFLOW_APPROVAL /spec/steps/0/config/quorum',
    ]);
  });

  it('is refused for steps that do not wait for a person', () => {
    expect(
      problems(steps('{ name: a, type: simulate, approval: {} }')),
    ).toEqual(['WORKFLOW_APPROVAL /spec/steps/0/approval']);
    expect(
      problems(
        steps('{ name: a, type: approval, approval: { quorum: 2 } }'),
        withApproval,
      ),
    ).toEqual(['WORKFLOW_APPROVAL /spec/steps/0/approval']);
  });

  it('has its references checked', () => {
    expect(
      problems(
        steps(
          '{ name: a, type: simulate, when: manual, approval: { message: "${steps.none.outputs.x}" } }',
        ),
        withApproval,
      ),
    ).toEqual(['WORKFLOW_REFERENCE /spec/steps/0/approval/message']);
  });
});
