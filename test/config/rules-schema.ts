// RULES as a JSON Schema, for editors: made from the validator itself, with the words of the README's table.
// Says what a value is in TOML or JSON; that the Worker also takes every value as text is left out.

import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { rules } from '../../src/config/rules.ts';

type Json = NonNullable<JsonSchema['default']>;
type Schema = v.GenericSchema;
type Lazy = v.LazySchema<Schema>;
type Table = v.ObjectWithRestSchema<v.ObjectEntries, v.NeverSchema<undefined>, undefined>;

const CONFIG: ConversionConfig = {
  // What comes after the reading of text: lists are lists, tables are tables.
  typeMode: 'output',
  ignoreActions: ['raw_transform', 'transform', 'check', 'partial_check'],
  overrideSchema({ valibotSchema, jsonSchema }) {
    if (valibotSchema.type === 'lazy') return eitherOf(valibotSchema as unknown as Lazy);
    if (valibotSchema.type !== 'object_with_rest') return undefined;
    const { entries } = valibotSchema as unknown as Table;
    const required = Object.keys(entries).filter((name) => !v.is(entries[name] as Schema, undefined));
    return { ...jsonSchema, required, additionalProperties: false };
  },
};

/** The schema of `RULES`. `readme` is where its fields are described, a row each. */
export function rulesSchema(readme: string): JsonSchema {
  const { $schema, ...schema } = toJsonSchema(rules, CONFIG);
  describe(schema, '', rowsOf(readme));
  return { $schema, title: 'RULES of Pages Keeper', ...plain(schema) };
}

/** What a field is that looks at the kind of value first: one schema, or one for a table and one for a list. */
function eitherOf(lazy: Lazy): JsonSchema {
  const kinds = [...new Set([{}, []].map((value) => lazy.getter(value)))];
  const schemas = kinds.map((kind) => plain(toJsonSchema(kind, CONFIG)));
  const either = schemas.length === 1 ? schemas[0] : { anyOf: schemas };
  const unset = v.safeParse(lazy, undefined).output;
  // A default that could not be written is none for an editor: `null` is "not set".
  return v.is(lazy, unset) && unset !== undefined && unset !== null
    ? { ...either, default: unset as Json }
    : { ...either };
}

/** Without what the converter adds to a whole document: nothing here refers to anything. */
function plain({ $schema, $defs, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

/** Puts the README's words to every field below `schema`, itself at `path`. */
function describe(schema: JsonSchema, path: string, rows: ReadonlyMap<string, string>): void {
  const parts = [schema.items, ...(schema.anyOf ?? [])].filter((part) => typeof part === 'object');
  for (const part of parts) describe(part as JsonSchema, path, rows);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (typeof field === 'boolean') continue;
    const row = rows.get(path + name);
    if (row !== undefined) field.description = row;
    describe(field, `${path}${name}.`, rows);
  }
}

/** The first two columns of every table whose rows begin with a name. */
function rowsOf(readme: string): Map<string, string> {
  const rows = readme.matchAll(/^\| `([\w.]+)` \| (.*?) \|/gm);
  return new Map([...rows].map(([, name = '', words = '']) => [name, words]));
}
