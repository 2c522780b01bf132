// `npm run schema`: writes docs/rules.schema.json. schema.test.ts says when that is needed.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rulesSchema } from './rules-schema.ts';

const ROOT = join(import.meta.dirname, '../..');
const schema = rulesSchema(readFileSync(join(ROOT, 'README.md'), 'utf8'));
writeFileSync(join(ROOT, 'docs/rules.schema.json'), `${JSON.stringify(schema, null, 2)}\n`);
