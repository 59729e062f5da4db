import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { plansJsonSchema } from '../../../local/documents/plans-schema.ts';

test('docs/plans.schema.json: the schema that the code checks with', async () => {
  const file = await readFile(new URL('../../../docs/plans.schema.json', import.meta.url), 'utf8');
  expect(file, 'docs/plans.schema.json is out of date: run `npm run schema`').toBe(plansJsonSchema());
});
