import { writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { plansFile } from '../../shared/plan/plans.ts';

/** The JSON Schema of plans.yml, for editors: made from the schema that the code checks with. */
export const plansJsonSchema = (): string =>
  `${JSON.stringify(
    { title: 'Aurora Drills plans', ...z.toJSONSchema(plansFile, { io: 'input', target: 'draft-7' }) },
    null,
    2,
  )}\n`;

if (import.meta.main) await writeFile('docs/plans.schema.json', plansJsonSchema());
