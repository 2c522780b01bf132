// The shape of an answer: which keys it has and of what kind its values are, and not one of the values. Names that are not the
// API's own (of variables, bindings, files) are replaced too: only the keys listed here are shown. Pure.

/** What was seen in one place: any of these, together. Plain data. */
export interface Shape {
  /** Kinds of plain values, sorted. */
  readonly kinds: readonly string[];
  /** Of objects: each key, and whether it was always there. `null`: none was seen. */
  readonly keys: Readonly<Record<string, { readonly shape: Shape; readonly always: boolean }>> | null;
  /** Of lists: what is in them, all together. `null`: none was seen; `NOTHING`: all were empty. */
  readonly items: Shape | null;
}

const NOTHING: Shape = { kinds: [], keys: null, items: null };

/** Stands for every key that is not the API's own. */
const ANOTHER = '(a name)';

/** The API's own keys, as published; in what is listed under MAPS every key is the user's. */
const KEYS = new Set(
  `
  result success errors messages result_info page per_page count total_count total_pages
  code message error error_chain documentation_url source pointer
  id short_id project_id project_name environment url created_on modified_on latest_stage stages name status started_on ended_on
  deployment_trigger type metadata branch commit_hash commit_message commit_dirty
  build_config build_command destination_dir build_caching root_dir web_analytics_tag web_analytics_token
  config owner owner_id repo_name repo_id production_branch pr_comments_enabled deployments_enabled
  production_deployments_enabled preview_deployment_setting preview_branch_includes preview_branch_excludes path_includes
  path_excludes env_vars value compatibility_date compatibility_flags build_image_major_version usage_model aliases is_skipped
  skip_reason uses_functions files subdomain domains deployment_configs preview production fail_open
  always_use_latest_compatibility_date wrangler_config_hash latest_deployment canonical_deployment production_script_name
  preview_script_name framework framework_version limits cpu_ms placement mode
  kv_namespaces d1_databases r2_buckets durable_object_namespaces services queue_producers analytics_engine_datasets ai_bindings
  vectorize_bindings hyperdrive_bindings browsers mtls_certificates
  expires_on not_before policies effect resources permission_groups meta condition last_used_on issued_on
  `
    .trim()
    .split(/\s+/),
);

const MAPS = new Set(
  'env_vars files resources meta kv_namespaces d1_databases r2_buckets durable_object_namespaces services queue_producers analytics_engine_datasets ai_bindings vectorize_bindings hyperdrive_bindings browsers mtls_certificates'.split(
    ' ',
  ),
);

const KINDS: readonly (readonly [string, RegExp])[] = [
  ['empty text', /^$/],
  ['uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i],
  ['hash', /^([0-9a-f]{32}|[0-9a-f]{40})$/i],
  ['date', /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/],
  ['https address', /^https:\/\//],
];

/** The shape of what a body says; `undefined` is a body that is no JSON. `keys`: whose the keys of this object are. */
export function shapeOf(value: unknown, keys: 'own' | 'user' = 'own'): Shape {
  if (value === undefined) return leaf('no JSON');
  if (value === null) return leaf('null');
  if (typeof value === 'string') return leaf(KINDS.find(([, kind]) => kind.test(value))?.[0] ?? 'text');
  if (typeof value !== 'object') return leaf(typeof value);
  if (Array.isArray(value)) {
    return { ...NOTHING, items: value.map((item) => shapeOf(item)).reduce(mergeShapes, NOTHING) };
  }
  const shape = new Map<string, Shape>();
  for (const [key, inner] of Object.entries(value)) {
    const name = keys === 'own' && KEYS.has(key) ? key : ANOTHER;
    const next = shapeOf(inner, name !== ANOTHER && MAPS.has(name) ? 'user' : 'own');
    shape.set(name, mergeShapes(shape.get(name) ?? NOTHING, next));
  }
  const seen = [...shape].map(([name, inner]) => [name, { shape: inner, always: true }] as const);
  return { ...NOTHING, keys: Object.fromEntries(seen) };
}

const leaf = (kind: string): Shape => ({ ...NOTHING, kinds: [kind] });

/** Both together. */
export function mergeShapes(a: Shape, b: Shape): Shape {
  return {
    kinds: [...new Set([...a.kinds, ...b.kinds])].sort(),
    keys: a.keys === null || b.keys === null ? (a.keys ?? b.keys) : mergeKeys(a.keys, b.keys),
    items: a.items === null || b.items === null ? (a.items ?? b.items) : mergeShapes(a.items, b.items),
  };
}

type Keys = NonNullable<Shape['keys']>;

function mergeKeys(a: Keys, b: Keys): Keys {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const merged = names.map((name) => {
    const [one, other] = [a[name], b[name]];
    const shape = mergeShapes(one?.shape ?? NOTHING, other?.shape ?? NOTHING);
    return [name, { shape, always: one?.always === true && other?.always === true }] as const;
  });
  return Object.fromEntries(merged);
}

/**
 * As JSON to be read: `"null | text"` for plain values, `key?` for a key that was not always there, one item for a list. Where plain
 * values and others were seen in one place, the plain ones are behind `(or)`.
 */
export function shown({ kinds, keys, items }: Shape): unknown {
  const plain = kinds.join(' | ');
  const or = kinds.length === 0 ? [] : [['(or)', plain] as const];
  if (keys !== null) {
    const fields = Object.entries(keys).map(
      ([name, { shape, always }]) => [always ? name : `${name}?`, shown(shape)] as const,
    );
    const lists = items === null ? [] : [['(or a list of)', shown(items)] as const];
    return Object.fromEntries([...or, ...lists, ...fields]);
  }
  if (items === null) return plain;
  const inside = isNothing(items) ? [] : [shown(items)];
  return [...or.map(([name, kind]) => `${name} ${kind}`), ...inside];
}

const isNothing = ({ kinds, keys, items }: Shape) => kinds.length === 0 && keys === null && items === null;
