import { JsonValue } from '../json';
import { parseOutputFile } from './outputs';
import { readTerraformOutputs } from './terraformOutputs';

// As Terraform 1.11 writes it.
const WRITTEN = `{
  "endpoint": { "sensitive": false, "type": "string", "value": "db.example" },
  "password": { "sensitive": true, "type": "string", "value": "hunter2" },
  "ports": {
    "sensitive": false,
    "type": ["tuple", ["number", "number"]],
    "value": [5432, 5433]
  }
}`;

describe('outputs of Terraform', () => {
  it('keep their types, and those that are sensitive are named', () => {
    expect(readTerraformOutputs(parseOutputFile(WRITTEN))).toEqual({
      outputs: {
        endpoint: 'db.example',
        password: 'hunter2',
        ports: [5432, 5433],
      },
      sensitive: ['password'],
    });
  });

  it.each<Record<string, JsonValue>>([
    {},
    { url: 'https://x' },
    { db: { sensitive: true, type: 'string' } },
    { db: { sensitive: 'yes', type: 'string', value: 'x' } },
    { db: { sensitive: true, type: 'string', value: 'x', more: 1 } },
    {
      db: { sensitive: true, type: 'string', value: 'x' },
      url: 'https://x',
    },
    { list: [1], none: null },
  ])('are told apart from others: %j', filed => {
    expect(readTerraformOutputs(filed)).toEqual({
      outputs: filed,
      sensitive: [],
    });
  });
});
